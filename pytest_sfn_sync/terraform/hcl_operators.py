"""The operators of Terraform's language, and its access to attributes and items."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.terraform.guessed_values import GuessedList, GuessedMap
from pytest_sfn_sync.terraform.number_functions import exact
from pytest_sfn_sync.terraform.values import (
    SetValue,
    ValueKindError,
    bool_of,
    kind_of,
    number_of,
    one_number,
    same,
    text_of,
    whole_of,
)


def attribute_of(value: Any, name: str) -> Any:
    """Return an attribute of an object, a resource or a module; raise ValueKindError if it has none."""
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        if isinstance(value, GuessedMap):
            return value.part(name)
        raise ValueKindError(f"the object has no {name!r}. Nearest: {nearest(name, value)}")
    if hasattr(value, "attribute"):
        return value.attribute(name)
    hint = "; write an index after it, such as [0], or [*] for all" if isinstance(value, list) else ""
    raise ValueKindError(f"{kind_of(value)} has no attribute {name!r}{hint}")


def item_of(value: Any, key: Any) -> Any:
    """Return an item of a list, or a member of a map."""
    if isinstance(value, SetValue):
        raise ValueKindError("a set has no index, because its members have no order; write tolist(...) around it")
    if isinstance(value, list):
        index = whole_of(key)
        if 0 <= index < len(value):
            return value[index]
        if isinstance(value, GuessedList) and index >= 0:
            return value.part(str(index))
        raise ValueKindError(f"the list has no item {index}; it has {len(value)}")
    return attribute_of(value, text_of(key))


def equal(left: Any, right: Any, *, is_one_written: bool) -> bool:
    """Return whether two values are equal, of which one or none is written out, as ``[...]`` or ``{...}``.

    Raise ValueKindError if that depends on the type of the other.
    """
    is_equal = same(left, right)
    if is_equal and is_one_written and isinstance(left, list | Mapping):
        # Recorded: a list is never equal to a tuple, nor a map to an object, whatever is in them. The values here have
        # no such types.
        kind, function, written, type_ = _WRITTEN[isinstance(left, list)]
        raise ValueKindError(
            f"it compares a {kind} with {written}. In Terraform {written} is {type_}, which is never equal to a {kind} "
            f"such as that of {function}(...) or of a variable. Write {function}({written}), or compare length(...)"
        )
    return is_equal


_WRITTEN: Final = {True: ("list", "tolist", "[...]", "a tuple"), False: ("map", "tomap", "{...}", "an object")}

# Recorded: Terraform counts with 512 bits, which are 154 decimal digits.
_CONTEXT: Final = Context(prec=155)


Later = Callable[[], Any]


def _on_numbers(function: Callable[[Any, Any], Any]) -> Callable[[Later, Later], Any]:
    return lambda left, right: function(number_of(left()), number_of(right()))


def _exactly(function: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Later, Later], Any]:
    def made(left: Later, right: Later) -> int | float:
        return one_number(function(exact(left()), exact(right())))

    return made


def _unless_zero(function: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal]:
    def made(left: Decimal, right: Decimal) -> Decimal:
        if not right:
            # Recorded: Terraform has Infinity here, which jsonencode refuses.
            raise ValueKindError("it divides by zero")
        return function(left, right)

    return made


OPERATORS: Final[Mapping[str, Callable[[Later, Later], Any]]] = {
    "||": lambda left, right: bool_of(left()) or bool_of(right()),
    "&&": lambda left, right: bool_of(left()) and bool_of(right()),
    "<": _on_numbers(operator.lt),
    ">": _on_numbers(operator.gt),
    "<=": _on_numbers(operator.le),
    ">=": _on_numbers(operator.ge),
    "+": _exactly(_CONTEXT.add),
    "-": _exactly(_CONTEXT.subtract),
    "*": _exactly(_CONTEXT.multiply),
    "/": _exactly(_unless_zero(_CONTEXT.divide)),
    "%": _exactly(_unless_zero(_CONTEXT.remainder)),
}
"""Each takes functions that evaluate its sides; && and || evaluate the right side only if it counts."""
