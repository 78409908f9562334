"""The evaluation of Terraform's expressions.

A value that a machine does not need is not evaluated. Both sides of a conditional are, as its type depends on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.sources.embedded_text import EmbeddedText, one_place
from pytest_sfn_sync.sources.line_map import LineMap, Span
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.terraform.evaluation_scope import (
    MOST_CHARACTERS,
    MOST_STEPS,
    Budget,
    EvaluationScope,
    ModuleNames,
    NoNames,
)
from pytest_sfn_sync.terraform.expression_texts import BEFORE_EXPRESSION, parsed_expression, shown_code
from pytest_sfn_sync.terraform.file_functions import FILE_FUNCTIONS, of_files, read_code
from pytest_sfn_sync.terraform.functions import FUNCTIONS, result_of, without_function
from pytest_sfn_sync.terraform.hcl_operators import OPERATORS, attribute_of, equal, item_of
from pytest_sfn_sync.terraform.hcl_source import (
    Code,
    SourceExpression,
    TerraformError,
    Tree,
    is_tree,
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
from pytest_sfn_sync.terraform.unification import side_of_conditional
from pytest_sfn_sync.terraform.values import (
    PlacedObject,
    PlacedText,
    ValueKindError,
    bool_of,
    list_of,
    number_of,
    pairs_of,
    text_of,
    text_of_file,
)

_CONSTRUCTORS: Final = frozenset({"tuple", "object", "for_tuple_expr", "for_object_expr"})
_ALL_FUNCTIONS: Final = (*FUNCTIONS, *FILE_FUNCTIONS, "templatefile", "templatestring", "try", "can")
_REFERENCES: Final = frozenset({"identifier", "get_attr_expr_term", "index_expr_term"})


class Evaluator:
    """Evaluates expressions; all of a configuration share its budget."""

    def __init__(self) -> None:
        self.budget = Budget()
        self._rows: dict[str, Callable[[Tree, EvaluationScope], Any]] = {
            "expr_term": self._inner,
            "conditional": self._conditional,
            "binary_op": self._binary,
            "unary_op": self._unary,
            "int_lit": lambda tree, scope: number_of("".join(tokens(tree))),
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

    def constant(self, expression: SourceExpression) -> Any:
        """Return the value of an expression without names and calls, such as the default of a variable.

        Recorded: Terraform 1.11 takes the texts of a file of JSON here as they are; ``${`` is nothing special in them.
        """
        return self.value(expression, NoNames(), {}) if is_tree(expression.tree) else expression.tree

    def evaluate(self, tree: Tree, scope: EvaluationScope) -> Any:
        """Return the value of an expression; raise TerraformError, with its place, if it can't be evaluated."""
        self._count(1, tree, scope)
        try:
            return self._rows[tree.data](tree, scope)
        except ValueKindError as error:
            raise TerraformError(f"{shown_code(scope.code.of(tree))}: {error}.", scope.code.where(tree)) from None

    def _count(self, steps: int, tree: Tree, scope: EvaluationScope) -> None:
        self.budget.steps -= steps
        if self.budget.steps < 0:
            raise TerraformError(f"evaluating takes more than {MOST_STEPS:,} steps.", scope.code.where(tree))

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
        condition, *sides = parts(tree)
        chosen, other = sides if bool_of(self.evaluate(condition, scope)) else reversed(sides)
        value = self.evaluate(chosen, scope)
        try:
            unchosen = self.evaluate(other, scope)
        except TerraformError:
            # Recorded: a fault of the side that is not chosen is none, and its type is not known then.
            if self.budget.is_spent:
                raise
            return value
        self.budget.weigh(value, unchosen)
        return side_of_conditional(value, unchosen)

    def _binary(self, tree: Tree, scope: EvaluationScope) -> Any:
        left, term = parts(tree)
        sign, right = parts(term)
        name = scope.code.of(sign)
        if name in ("==", "!="):
            return self._equality(name, left, right, scope)
        return OPERATORS[name](lambda: self.evaluate(left, scope), lambda: self.evaluate(right, scope))

    def _equality(self, sign: str, left: Tree, right: Tree, scope: EvaluationScope) -> bool:
        is_written = [_unwrapped(side).data in _CONSTRUCTORS for side in (left, right)]
        sides = self.evaluate(left, scope), self.evaluate(right, scope)
        self.budget.weigh(*sides, is_heavy=True)
        return equal(*sides, is_one_written=len({*is_written}) == 2) is (sign == "==")

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
        for element in parts(tree):
            key_tree, value_tree = parts(element)
            found[self._key(key_tree, scope)] = self.evaluate(value_tree, scope)
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
        tree = _unwrapped(tree)
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
            raise ValueKindError(
                f"the call of templatefile has no value for {name!r}. Nearest: {nearest(name, scope.own)}"
            )
        return scope.names.value_of(name, scope.code.where(tree))

    def _call(self, tree: Tree, scope: EvaluationScope) -> Any:
        name_tree, *rest = parts(tree)
        name = scope.code.of(name_tree)
        if isinstance(scope.names, NoNames):
            raise ValueKindError(f"the function {name!r} can't be called here: Terraform takes only plain values")
        arguments = parts(rest[0]) if rest else []
        if name == "can" and len(arguments) != 1:
            raise ValueKindError(f"can takes one expression, not {len(arguments)}")
        if name in ("try", "can"):
            return self._attempt(name, arguments, scope)
        values = [self.evaluate(argument, scope) for argument in arguments]
        if rest and "..." in tokens(rest[0]):
            values[-1:] = list_of(values[-1])
        if name == "templatefile":
            return self._template_file(values, scope)
        if name == "templatestring":
            return self._template_string(values, arguments, scope)
        if name in FILE_FUNCTIONS:
            return of_files(name, values, scope.names.root_folder)
        if name not in FUNCTIONS:
            raise without_function(name, _ALL_FUNCTIONS)
        made = result_of(name, values, self.budget)
        self._spend(made if isinstance(made, str | list | Mapping) else "", scope)
        return made

    def _attempt(self, name: str, arguments: list[Tree], scope: EvaluationScope) -> Any:
        why = "it has no arguments"
        for argument in arguments:
            try:
                value = self.evaluate(argument, scope)
            except TerraformError as error:
                if self.budget.is_spent:
                    raise
                why = error.why
                continue
            return True if name == "can" else value
        if name == "can":
            return False
        raise ValueKindError(f"no argument of try can be evaluated; of the last: {why.rstrip('.')}")

    def _template_file(self, values: list[Any], scope: EvaluationScope) -> Any:
        if scope.is_template:
            raise ValueKindError("templatefile can't be called in the file of another templatefile")
        if len(values) != 2 or not isinstance(values[1], Mapping):
            raise ValueKindError("templatefile takes a path and an object with the values of the template")
        code = read_code(values[0], scope.names.root_folder)
        return self._render(parse_whole(code), EvaluationScope(scope.names, code, values[1], is_template=True))

    def _template_string(self, values: list[Any], arguments: list[Tree], scope: EvaluationScope) -> Any:
        """Return a text of the configuration as a template. Recorded: Terraform 1.11 takes references alone."""
        if len(values) != 2 or not isinstance(values[1], Mapping) or _unwrapped(arguments[0]).data not in _REFERENCES:
            raise ValueKindError(
                "templatestring takes a reference to a text, and an object with the values of the template"
            )
        return self.rendered(values[0], values[1], scope.names, SourceExpression(arguments[0], scope.code))

    def rendered(
        self, template: Any, values: Mapping[str, Any], names: ModuleNames, expression: SourceExpression
    ) -> Any:
        """Return what a text becomes as a template; ``expression`` is what has the text as its value."""
        code, tree = expression.code, expression.tree
        embedded = getattr(template, "embedded", None)
        file = getattr(template, "file", None)
        begin = code.place(tree.meta.start_pos) if is_tree(tree) else (1, 1)
        place = one_place(*begin) if embedded is None else embedded.place
        inner = Code(text_of(template), Path(file or code.file), place)
        return self._render(parse_whole(inner), EvaluationScope(names, inner, values, is_template=True))

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
        self._count(len(items), tree, scope)
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
                if part.text:  # A mark may have removed all of it.
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
        if self.budget.is_spent:
            raise TerraformError(
                f"its templates become longer than {MOST_CHARACTERS:,} characters.", shown_path(str(scope.code.file))
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
            raise TerraformError(f"{shown_code(part.source)}: {error}.", where) from None

    def _interpolated(self, part: Interpolation, scope: EvaluationScope) -> Any:
        place = scope.code.place
        try:
            text, expression = parsed_expression(part.source)
        except ValueKindError as error:
            raise TerraformError(f"{error}.", f"{shown_path(str(scope.code.file))}:{place(part.start)[0]}") from None
        code = Code(text, scope.code.file, lambda at: place(part.origin(at - len(BEFORE_EXPRESSION))))
        return self.evaluate(expression, replace(scope, code=code))


def _unwrapped(tree: Tree) -> Tree:
    while tree.data == "expr_term" and len(parts(tree)) == 1:
        tree = parts(tree)[0]
    return tree


def _place_in(origins: Any, code: Code) -> Callable[[int], tuple[int, int]]:
    return lambda at: code.place(origins[at] if at < len(origins) else origins[-1] + 1)
