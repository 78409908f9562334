"""The types of variables, and the conversion of values to them.

Recorded: Terraform 1.11 converts the members of a list, a set, a map, a tuple and an object, drops the attributes that
an object's type does not have, and keeps null everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pytest_sfn_sync.sources.embedded_text import one_place
from pytest_sfn_sync.terraform.evaluation import Evaluator
from pytest_sfn_sync.terraform.expression_texts import parsed_expression
from pytest_sfn_sync.terraform.guessed_values import GuessedMap, GuessedText
from pytest_sfn_sync.terraform.hcl_source import Code, SourceExpression, Tree, is_tree, parts
from pytest_sfn_sync.terraform.unification import placed_as, unified
from pytest_sfn_sync.terraform.values import ValueKindError, bool_of, list_of, map_of, number_of, set_of, text_of

_PRIMITIVES: Final[Mapping[str, Callable[[Any], Any]]] = {"string": text_of, "number": number_of, "bool": bool_of}
_WORDS: Final = "string, number, bool, any, list(...), set(...), map(...), tuple([...]), object({...})"


def type_name(expression: SourceExpression | None) -> str:
    """Return the source code of a variable's type; "" if it has none."""
    if expression is None:
        return ""
    return expression.code.of(expression.tree) if is_tree(expression.tree) else str(expression.tree)


def converted(value: Any, expression: SourceExpression | None, evaluator: Evaluator) -> Any:
    """Return a value in its variable's type; raise ValueKindError if it can't be converted."""
    if expression is None or isinstance(value, GuessedText | GuessedMap):
        return value
    if is_tree(expression.tree):
        return _Conversion(expression.code, evaluator).to(expression.tree, value, "")
    text, type_ = parsed_expression(str(expression.tree))  # In a file of JSON, a type is a text.
    return _Conversion(Code(text, expression.code.file, one_place(1, 1)), evaluator).to(type_, value, "")


class _Conversion:
    """Conversions to the types of one piece of code; ``path`` is the place in the value, for messages."""

    def __init__(self, code: Code, evaluator: Evaluator) -> None:
        self._code = code
        self._evaluator = evaluator
        self._rows: dict[str, Callable[[Tree, Any, str], Any]] = {
            "list": self._list,
            "set": lambda tree, value, path: set_of(self._list(tree, value, path)),
            "map": self._map,
            "tuple": self._tuple,
            "object": self._object,
        }

    def to(self, type_: Tree, value: Any, path: str) -> Any:
        """Return a value in the type of a node."""
        type_ = _inner(type_)
        if type_.data == "function_call":
            name, argument = self._called(type_)
            return None if value is None else self._rows[name](argument, value, path)
        word = self._code.of(type_)
        if word in ("list", "map"):  # Recorded: these are short for list(any) and map(any).
            return None if value is None else self._rows[word](None, value, path)
        if word != "any" and word not in _PRIMITIVES:
            raise self._no_type(word)
        return value if value is None or word == "any" else _at(path, _PRIMITIVES[word], value)

    def _called(self, tree: Tree) -> tuple[str, Tree]:
        name_tree, *rest = parts(tree)
        arguments = parts(rest[0]) if rest else []
        name = self._code.of(name_tree)
        if name not in self._rows or len(arguments) != 1:
            raise self._no_type(self._code.of(tree))
        return name, arguments[0]

    def _no_type(self, written: str) -> ValueKindError:
        return ValueKindError(f"{written} is no type. The types are {_WORDS}")

    def _list(self, of: Tree | None, value: Any, path: str) -> list[Any]:
        items = _at(path, list_of, value)
        if self._is_any(of):
            return _at(path, unified, list(items))  # type: ignore[no-any-return]
        return [self.to(of, item, f"{path}[{index}]") for index, item in enumerate(items)]

    def _map(self, of: Tree | None, value: Any, path: str) -> dict[str, Any]:
        members = _at(path, map_of, value)
        if self._is_any(of):
            return placed_as(value, dict(zip(members, _at(path, unified, list(members.values())), strict=True)))
        return placed_as(value, {key: self.to(of, member, f"{path}.{key}") for key, member in members.items()})

    def _tuple(self, of: Tree, value: Any, path: str) -> list[Any]:
        types, items = parts(_inner(of)), _at(path, list_of, value)
        if len(types) != len(items):
            raise ValueKindError(_with_path(path, f"a tuple of {len(types)} is needed, not a list of {len(items)}"))
        return [
            self.to(type_, item, f"{path}[{index}]")
            for index, (type_, item) in enumerate(zip(types, items, strict=True))
        ]

    def _object(self, of: Tree, value: Any, path: str) -> dict[str, Any]:
        members = _at(path, map_of, value)
        found: dict[str, Any] = {}
        for element in parts(_inner(of)):
            key_tree, type_ = parts(element)
            key, type_ = self._code.of(key_tree).strip('"'), _inner(type_)
            optional = self._optional(type_)
            if optional:
                member = members.get(key)
                if member is None and len(optional) > 1:
                    member = self._evaluator.constant(SourceExpression(optional[1], self._code))
                found[key] = self.to(optional[0], member, f"{path}.{key}")
            elif key in members:
                found[key] = self.to(type_, members[key], f"{path}.{key}")
            else:
                raise ValueKindError(_with_path(path, f"the object has no {key!r}, which its type needs"))
        return placed_as(value, found)

    def _optional(self, type_: Tree) -> list[Tree]:
        """Return the arguments of ``optional(type, default)``; none for another type."""
        if type_.data != "function_call" or self._code.of(parts(type_)[0]) != "optional":
            return []
        return parts(parts(type_)[1])

    def _is_any(self, type_: Tree | None) -> bool:
        return type_ is None or self._code.of(type_) == "any"


def _inner(tree: Tree) -> Tree:
    while tree.data == "expr_term" and len(parts(tree)) == 1:
        tree = parts(tree)[0]
    return tree


def _at(path: str, conversion: Callable[[Any], Any], value: Any) -> Any:
    try:
        return conversion(value)
    except ValueKindError as error:
        raise ValueKindError(_with_path(path, str(error))) from None


def _with_path(path: str, why: str) -> str:
    return f"at {path}: {why}" if path else why
