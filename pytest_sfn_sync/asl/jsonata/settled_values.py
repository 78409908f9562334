"""Values of the engine's results as AWS has them: numbers with AWS's digits, and NaN found."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.non_finite import not_a_number

_EXACT: Final = 2**53
_LONG: Final = 2**63


def settled(answer: JSON) -> tuple[str | None, JSON]:
    """Return the type and the value of a program's answer; raise `EngineFault` for NaN."""
    kind = answer.get("t")
    if kind is None or kind == "function" or answer.get("f"):
        return (kind and "function"), None
    value = answer["v"]
    if kind == "number":
        value = _settled_number(value)
    elif value is None and kind == "object":
        # The engine's NaN has the value null and the type of an object.
        raise not_a_number()
    elif kind == "array" or kind == "object":
        _settle_numbers(value)
    return kind, value


def holds_null(value: JSON) -> bool:
    """Report whether a container holds null at any depth: what the engine makes of NaN."""
    pending = [value]
    while pending:
        container = pending.pop()
        for item in container.values() if type(container) is dict else container:
            if item is None:
                return True
            if type(item) is dict or type(item) is list:
                pending.append(item)
    return False


def _settled_number(value: int | float) -> int | float:
    # The engine returns whole numbers past 2^53 as the exact digits of the double. Java and JavaScript print the
    # shortest digits. Measured: 10000000000000000000000001, a double that is too large for a long, is printed 1.0E25.
    if type(value) is not int or -_EXACT <= value <= _EXACT:
        return value
    double = float(value)
    return double if abs(double) >= _LONG else int(Decimal(repr(double)))


def _settle_numbers(value: JSON) -> None:
    """Replace the numbers within a result by AWS's, in place; the result is the engine's own copy."""
    pending = [value]
    while pending:
        container = pending.pop()
        for key, item in container.items() if type(container) is dict else enumerate(container):
            kind = type(item)
            if kind is int:
                if not -_EXACT <= item <= _EXACT:
                    container[key] = _settled_number(item)
            elif kind is dict or kind is list:
                pending.append(item)
