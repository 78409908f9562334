"""Values of the engine's results as AWS has them: numbers with AWS's digits, and NaN found."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.non_finite import not_a_number
from pytest_sfn_sync.asl.work_budget import CHARACTERS_PER_STEP, WorkBudget

_EXACT: Final = 2**53
_LONG: Final = 2**63
_SMALL: Final = 1_000
"""The most values of a result, or characters of a text, that are not counted."""
_STEPS_OF_A_COPY: Final = 20
"""The steps for each value of a large result, which takes memory as long as the execution is kept."""


def settled(answer: JSON, text: str, work: WorkBudget) -> tuple[str | None, JSON]:
    """Return the type and the value of a program's answer; raise `EngineFault` for NaN.

    A large value is counted as work of the expression ``text``, because it was copied out of the engine.
    """
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
        size = _settle_numbers(value)
        if size > _SMALL:
            work.spend(size * _STEPS_OF_A_COPY, text)
    elif kind == "string" and len(value) > _SMALL:
        work.spend(len(value) // CHARACTERS_PER_STEP, text)
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


def _settle_numbers(value: JSON) -> int:
    """Replace the numbers within a result by AWS's, in place, as the result is the engine's own copy.

    Return the number of values within the result.
    """
    pending = [value]
    size = 0
    while pending:
        container = pending.pop()
        size += len(container)
        for key, item in container.items() if type(container) is dict else enumerate(container):
            kind = type(item)
            if kind is int:
                if not -_EXACT <= item <= _EXACT:
                    container[key] = _settled_number(item)
            elif kind is dict or kind is list:
                pending.append(item)
    return size
