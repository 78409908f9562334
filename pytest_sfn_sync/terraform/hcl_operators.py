"""The operators of Terraform's language, and its access to attributes and items."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.terraform.values import (
    SetValue,
    ValueKindError,
    bool_of,
    kind_of,
    number_of,
    same,
    text_of,
    whole_of,
)


def attribute_of(value: Any, name: str) -> Any:
    """Return an attribute of an object, a resource or a module; raise ValueKindError if it has none."""
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        raise ValueKindError(f"the object has no {name!r}. Nearest: {', '.join(nearest_first(name, value)[:3])}")
    if hasattr(value, "attribute"):
        return value.attribute(name)
    raise ValueKindError(f"{kind_of(value)} has no attribute {name!r}")


def item_of(value: Any, key: Any) -> Any:
    """Return an item of a list, or a member of a map."""
    if isinstance(value, list) and not isinstance(value, SetValue):
        index = whole_of(key)
        if 0 <= index < len(value):
            return value[index]
        raise ValueKindError(f"the list has no item {index}; it has {len(value)}")
    return attribute_of(value, text_of(key))


def _divided(left: Any, right: Any) -> int | float:
    if not number_of(right):
        raise ValueKindError("it divides by zero")
    quotient = number_of(left) / number_of(right)
    return int(quotient) if quotient == int(quotient) else quotient


def _remainder(left: Any, right: Any) -> int | float:
    if not number_of(right):
        raise ValueKindError("it divides by zero")
    remainder = abs(number_of(left)) % abs(number_of(right))
    return -remainder if number_of(left) < 0 else remainder


Later = Callable[[], Any]


def _on_numbers(function: Callable[[Any, Any], Any]) -> Callable[[Later, Later], Any]:
    return lambda left, right: function(number_of(left()), number_of(right()))


OPERATORS: Final[Mapping[str, Callable[[Later, Later], Any]]] = {
    "||": lambda left, right: bool_of(left()) or bool_of(right()),
    "&&": lambda left, right: bool_of(left()) and bool_of(right()),
    "==": lambda left, right: same(left(), right()),
    "!=": lambda left, right: not same(left(), right()),
    "<": _on_numbers(operator.lt),
    ">": _on_numbers(operator.gt),
    "<=": _on_numbers(operator.le),
    ">=": _on_numbers(operator.ge),
    "+": _on_numbers(operator.add),
    "-": _on_numbers(operator.sub),
    "*": _on_numbers(operator.mul),
    "/": _on_numbers(_divided),
    "%": _on_numbers(_remainder),
}
"""Each takes functions that evaluate its sides; && and || evaluate the right side only if it counts."""
