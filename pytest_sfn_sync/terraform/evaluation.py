"""The evaluation of Terraform's expressions; a value that a machine does not need is never evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.sources.embedded_text import EmbeddedText, one_place
from pytest_sfn_sync.sources.line_map import LineIndex, LineMap, Span
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.functions import FUNCTIONS
from pytest_sfn_sync.terraform.hcl_operators import OPERATORS, attribute_of, item_of
from pytest_sfn_sync.terraform.hcl_source import (
    Code,
    SourceExpression,
    TerraformError,
    Tree,
    UnparsedError,
    is_tree,
    parsed,
    parts,
    tokens,
)
from pytest_sfn_sync.terraform.text_templates import (
    IfDirective,
    Interpolation,
    Part,
    PlainText,
    parse_heredoc,
    parse_quoted,
    parse_whole,
)
from pytest_sfn_sync.terraform.values import (
    PlacedObject,
    PlacedText,
    ValueKindError,
    bool_of,
    number_of,
    pairs_of,
    text_of,
    text_of_file,
)

_MOST_STEPS: Final = 2_000_000
_MOST_CHARACTERS: Final = 10_000_000
_BEFORE: Final = "_ = (\n"
_FILE_FUNCTIONS: Final = ("file", "templatefile", "fileexists", "abspath", "pathexpand", "filebase64", "filesha256")


class ModuleNames(Protocol):
    """The names that a module has: variables, locals, resources and the like."""

    root_folder: Path

    def value_of(self, name: str, where: str) -> Any:
        """Return what ``var``, ``local``, ``aws_lambda_function`` and the like stand for."""


@dataclass(frozen=True, slots=True)
class EvaluationScope:
    """The place of an expression: its code, the names of its module, and those of loops and templates around it."""

    names: ModuleNames
    code: Code
    own: Mapping[str, Any] = field(default_factory=dict)
    is_template: bool = False


@dataclass(slots=True)
class Budget:
    """The work that one configuration may take."""

    steps: int = _MOST_STEPS
    characters: int = _MOST_CHARACTERS


class Evaluator:
    """Evaluates expressions; all of a configuration share its budget."""

    def __init__(self) -> None:
        self.budget = Budget()
        self._rows: dict[str, Callable[[Tree, EvaluationScope], Any]] = {
            "expr_term": self._inner,
            "conditional": self._conditional,
            "binary_op": self._binary,
            "unary_op": self._unary,
            "int_lit": lambda tree, scope: int("".join(tokens(tree))),
            "float_lit": lambda tree, scope: number_of("".join(tokens(tree))),
            "literal_value": lambda tree, scope: {"true": True, "false": False, "null": None}[scope.code.of(tree)],
            "string": self._string,
            "template_string": self._string,
            "heredoc_template": self._heredoc,
            "heredoc_template_trim": self._heredoc,
            "tuple": lambda tree, scope: [self.evaluate(item, scope) for item in parts(tree)],
            "object": self._object,
            "identifier": self._name,
            "keyword": self._name,
            "function_call": self._call,
            "get_attr_expr_term": self._step,
            "index_expr_term": self._step,
            "attr_splat_expr_term": self._splat,
            "full_splat_expr_term": self._splat,
            "for_tuple_expr": self._for_list,
            "for_object_expr": self._for_object,
        }

    def value(self, expression: SourceExpression, names: ModuleNames, own: Mapping[str, Any]) -> Any:
        """Return the value of an attribute of a block."""
        scope = EvaluationScope(names, expression.code, own)
        return (
            self.evaluate(expression.tree, scope) if is_tree(expression.tree) else self._plain(expression.tree, scope)
        )

    def evaluate(self, tree: Tree, scope: EvaluationScope) -> Any:
        """Return the value of an expression; raise TerraformError, with its place, if it can't be evaluated."""
        self.budget.steps -= 1
        if self.budget.steps < 0:
            raise TerraformError(f"evaluating takes more than {_MOST_STEPS:,} steps.", scope.code.where(tree))
        try:
            return self._rows[tree.data](tree, scope)
        except ValueKindError as error:
            raise TerraformError(f"{_shown(scope.code.of(tree))}: {error}.", scope.code.where(tree)) from None

    def _plain(self, value: Any, scope: EvaluationScope) -> Any:
        """Return a value of a file of JSON, whose texts are templates."""
        if isinstance(value, str):
            code = replace(scope.code, text=value, place=one_place(1, 1))
            return self._render(parse_whole(code), replace(scope, code=code))
        if isinstance(value, list):
            return [self._plain(item, scope) for item in value]
        if isinstance(value, dict):
            return {key: self._plain(member, scope) for key, member in value.items()}
        return value

    def _inner(self, tree: Tree, scope: EvaluationScope) -> Any:
        return self.evaluate(parts(tree)[0], scope)

    def _conditional(self, tree: Tree, scope: EvaluationScope) -> Any:
        condition, then, otherwise = parts(tree)
        return self.evaluate(then if bool_of(self.evaluate(condition, scope)) else otherwise, scope)

    def _binary(self, tree: Tree, scope: EvaluationScope) -> Any:
        left, term = parts(tree)
        sign, right = parts(term)
        return OPERATORS[scope.code.of(sign)](lambda: self.evaluate(left, scope), lambda: self.evaluate(right, scope))

    def _unary(self, tree: Tree, scope: EvaluationScope) -> Any:
        value = self.evaluate(parts(tree)[0], scope)
        return not bool_of(value) if "!" in tokens(tree) else -number_of(value)

    def _string(self, tree: Tree, scope: EvaluationScope) -> Any:
        text, start, end = scope.code.text, tree.meta.start_pos, tree.meta.end_pos
        start = text.index('"', start)
        end = text.rindex('"', start, end)
        return self._render(parse_quoted(scope.code, start + 1, end), scope)

    def _heredoc(self, tree: Tree, scope: EvaluationScope) -> Any:
        return self._render(parse_heredoc(scope.code, tree.meta.start_pos, tree.meta.end_pos), scope)

    def _object(self, tree: Tree, scope: EvaluationScope) -> Any:
        found = PlacedObject()
        members = []
        for element in parts(tree):
            key_tree, value_tree = parts(element)
            key = self._key(key_tree, scope)
            members.append((key, key_tree, value_tree))
            found[key] = self.evaluate(value_tree, scope)
        found.line_map = lambda: LineMap(
            dict(self._spans(tree, scope, "", None)), text=text_of_file(str(scope.code.file)), file=str(scope.code.file)
        )
        return found

    def _key(self, tree: Tree, scope: EvaluationScope) -> str:
        written = scope.code.of(tree)
        if written.replace("-", "_").isidentifier():
            return written
        return text_of(self.evaluate(parts(tree)[0], scope))

    def _spans(
        self, tree: Tree, scope: EvaluationScope, location: str, key: tuple[int, int] | None
    ) -> Iterator[tuple[str, Span]]:
        while tree.data == "expr_term" and len(parts(tree)) == 1:
            tree = parts(tree)[0]
        begin, end = scope.code.place(tree.meta.start_pos), scope.code.place(tree.meta.end_pos)
        if tree.data == "object":
            for element in parts(tree):
                key_tree, value_tree = parts(element)
                place = scope.code.place(key_tree.meta.start_pos)
                yield from self._spans(value_tree, scope, f"{location}/{self._key(key_tree, scope)}", place)
        elif tree.data == "tuple":
            for index, item in enumerate(parts(tree)):
                yield from self._spans(item, scope, f"{location}[{index}]", None)
        yield location, Span(*(key or begin), *begin, *end)

    def _name(self, tree: Tree, scope: EvaluationScope) -> Any:
        name = scope.code.of(tree)
        if name in scope.own:
            return scope.own[name]
        if scope.is_template:
            near = nearest(name, scope.own)
            raise ValueKindError(f"the call of templatefile has no value for {name!r}. Nearest: {near}")
        return scope.names.value_of(name, scope.code.where(tree))

    def _call(self, tree: Tree, scope: EvaluationScope) -> Any:
        name_tree, *rest = parts(tree)
        name = scope.code.of(name_tree)
        arguments = parts(rest[0]) if rest and rest[0].data == "arguments" else []
        if name in ("try", "can"):
            return self._attempt(name, arguments, scope)
        values = [self.evaluate(argument, scope) for argument in arguments]
        if rest and rest[0].data == "arguments" and "..." in tokens(rest[0]):
            values[-1:] = list(values[-1])
        if name in _FILE_FUNCTIONS:
            return self._of_file(name, values, scope)
        function = FUNCTIONS.get(name)
        if function is None:
            near = nearest(name, [*FUNCTIONS, *_FILE_FUNCTIONS, "try", "can"])
            raise ValueKindError(f"the function {name!r} is not supported. Nearest: {near}")
        try:
            made = function(*values)
        except (TypeError, ValueError, LookupError, ArithmeticError, re.error) as error:
            raise ValueKindError(f"{name} can't be called like this: {error}") from None
        self._spend(made if isinstance(made, str | list | Mapping) else "", scope)
        return made

    def _attempt(self, name: str, arguments: list[Tree], scope: EvaluationScope) -> Any:
        why = "it has no arguments"
        for argument in arguments:
            try:
                value = self.evaluate(argument, scope)
            except TerraformError as error:
                if self.budget.steps < 0 or self.budget.characters < 0:
                    raise
                why = error.why
                continue
            return True if name == "can" else value
        if name == "can":
            return False
        raise ValueKindError(f"no argument of try can be evaluated; of the last: {why.rstrip('.')}")

    def _of_file(self, name: str, values: list[Any], scope: EvaluationScope) -> Any:
        if scope.is_template and name == "templatefile":
            raise ValueKindError("templatefile can't be called in the file of another templatefile")
        written = text_of(values[0])
        path = Path(written)
        if name in ("abspath", "pathexpand"):
            return str(path.expanduser() if name == "pathexpand" else path.absolute())
        # Assumption: Terraform is run in the root module's folder, so that a plain path begins there.
        path = path if path.is_absolute() else scope.names.root_folder / path
        if name == "fileexists":
            return path.is_file()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
            raise ValueKindError(f"{shown_path(str(path))} can't be read: {reason}") from None
        if name in ("filebase64", "filesha256"):
            return FUNCTIONS["base64encode" if name == "filebase64" else "sha256"](text)
        code = Code(text, path, LineIndex(text).place)
        if name == "file":
            embedded = EmbeddedText()
            embedded.add(text, code.place)
            return PlacedText(text, embedded=embedded, file=str(path))
        if len(values) != 2 or not isinstance(values[1], Mapping):
            raise ValueKindError("templatefile takes a path and an object with the values of the template")
        return self._render(parse_whole(code), EvaluationScope(scope.names, code, values[1], is_template=True))

    def _step(self, tree: Tree, scope: EvaluationScope) -> Any:
        base, step = parts(tree)
        return self._stepped(self.evaluate(base, scope), step, scope)

    def _stepped(self, value: Any, step: Tree, scope: EvaluationScope) -> Any:
        if step.data == "get_attr":
            return attribute_of(value, scope.code.of(parts(step)[0]))
        if step.data == "short_index":
            return item_of(value, int(tokens(step)[-1]))
        return item_of(value, self.evaluate(parts(step)[0], scope))

    def _splat(self, tree: Tree, scope: EvaluationScope) -> Any:
        base, splat = parts(tree)
        value = self.evaluate(base, scope)
        items = value if isinstance(value, list) else [] if value is None else [value]
        found = []
        for item in items:
            for step in parts(splat):
                item = self._stepped(item, step, scope)
            found.append(item)
        return found

    def _rounds(self, tree: Tree, scope: EvaluationScope) -> Iterator[tuple[list[Tree], EvaluationScope]]:
        """Yield, for each round whose condition is true, the result expressions and their scope."""
        intro, *rest = parts(tree)
        *names, over = parts(intro)
        words = [scope.code.of(name) for name in names]
        condition = next((part for part in rest if part.data == "for_cond"), None)
        results = [part for part in rest if part.data != "for_cond"]
        for key, value in pairs_of(self.evaluate(over, scope)):
            inner = replace(scope, own={**scope.own, **dict(zip(words, (key, value)[-len(words) :], strict=True))})
            if condition is None or bool_of(self.evaluate(parts(condition)[0], inner)):
                yield results, inner

    def _for_list(self, tree: Tree, scope: EvaluationScope) -> Any:
        return [self.evaluate(results[0], inner) for results, inner in self._rounds(tree, scope)]

    def _for_object(self, tree: Tree, scope: EvaluationScope) -> Any:
        found: dict[str, Any] = {}
        groups = "..." in tokens(tree)
        for (key_tree, value_tree), inner in self._rounds(tree, scope):
            key, value = text_of(self.evaluate(key_tree, inner)), self.evaluate(value_tree, inner)
            if groups:
                found.setdefault(key, []).append(value)
            elif key in found:
                raise ValueKindError(f"two rounds of for have the key {key!r}; write ... after the value to group them")
            else:
                found[key] = value
        return found

    def _render(self, template: list[Part], scope: EvaluationScope) -> Any:
        if len(template) == 1 and isinstance(template[0], Interpolation):
            return self._interpolated(template[0], scope)
        embedded = EmbeddedText()
        self._add(template, scope, embedded)
        return PlacedText(embedded.text, embedded=embedded, file=str(scope.code.file))

    def _add(self, template: list[Part], scope: EvaluationScope, embedded: EmbeddedText) -> None:
        for part in template:
            if isinstance(part, PlainText):
                self._spend(part.text, scope)
                embedded.add(part.text, _place_in(part.origins, scope.code))
            elif isinstance(part, Interpolation):
                text = self._text(part, scope)
                self._spend(text, scope)
                embedded.add(str(text), one_place(*scope.code.place(part.start)))
            elif isinstance(part, IfDirective):
                chosen = part.then if self._converted(part.condition, scope, bool_of) else part.otherwise
                self._add(chosen, scope, embedded)
            else:
                for key, value in self._converted(part.over, scope, pairs_of):
                    own = dict(zip(part.names, (key, value)[-len(part.names) :], strict=True))
                    self._add(part.body, replace(scope, own={**scope.own, **own}), embedded)

    def _spend(self, text: Sized, scope: EvaluationScope) -> None:
        self.budget.characters -= len(text)
        self.budget.steps -= 1
        if self.budget.characters < 0 or self.budget.steps < 0:
            raise TerraformError(
                f"its templates become longer than {_MOST_CHARACTERS:,} characters.", shown_path(str(scope.code.file))
            )

    def _text(self, part: Interpolation, scope: EvaluationScope) -> str:
        return str(self._converted(part, scope, text_of))

    def _converted(self, part: Interpolation, scope: EvaluationScope, conversion: Callable[[Any], Any]) -> Any:
        value = self._interpolated(part, scope)
        try:
            return conversion(value)
        except ValueKindError as error:
            line = scope.code.place(part.start)[0]
            where = f"{shown_path(str(scope.code.file))}:{line}"
            raise TerraformError(f"{_shown(part.source)}: {error}.", where) from None

    def _interpolated(self, part: Interpolation, scope: EvaluationScope) -> Any:
        text = f"{_BEFORE}{part.source}\n)\n"
        place = scope.code.place
        code = Code(text, scope.code.file, lambda at: place(part.origin(at - len(_BEFORE))))
        try:
            tree = parsed(text)
        except UnparsedError:
            where = f"{shown_path(str(code.file))}:{place(part.start)[0]}"
            raise TerraformError(f"{_shown(part.source)} is not an expression of Terraform.", where) from None
        expression = parts(parts(parts(tree)[0])[0])[1]
        return self.evaluate(expression, replace(scope, code=code))


def _place_in(origins: Any, code: Code) -> Callable[[int], tuple[int, int]]:
    return lambda at: code.place(origins[at] if at < len(origins) else origins[-1] + 1)


def _shown(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= 80 else f"{line[:77]}..."
