"""Infinity and NaN: AWS calculates with them and writes them as the strings ``"Infinity"`` and ``"NaN"``.

The engine does not calculate with them: it raises an error or makes null of them. So an expression that meets one is
evaluated again, with the arithmetic of this module. Here three extreme finite numbers, the stand-ins, represent the
three values. Comparisons with an infinite value are then correct. At the end the stand-ins in the result are replaced.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import EngineFault

_INFINITY: Final = sys.float_info.max
_NAN: Final = 1.797693134862315e308
_WRITTEN: Final = {_INFINITY: "Infinity", -_INFINITY: "-Infinity", _NAN: "NaN"}
_MEANT: Final = {_INFINITY: math.inf, -_INFINITY: -math.inf, _NAN: math.nan}

NAN_TEXT: Final = repr(_NAN)
"""The stand-in of NaN as a number of JSONata."""

Number = int | float


def is_finite(value: Number) -> bool:
    """Report whether a number is not one of the stand-ins."""
    return value not in _WRITTEN


def _ieee(operation: Callable[[float, float], float]) -> Callable[[Number | None, Number | None], Number | None]:
    def calculate(left: Number | None, right: Number | None = None) -> Number | None:
        if left is None or right is None:
            return None
        result = operation(_MEANT.get(left, float(left)), _MEANT.get(right, float(right)))
        if math.isnan(result):
            return _NAN
        return math.copysign(_INFINITY, result) if math.isinf(result) else result

    return calculate


def _divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    # A divisor of negative zero counts as zero, because AWS has no negative zero.
    return math.copysign(math.inf, left)


def _remainder(left: float, right: float) -> float:
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


OPERATIONS: Final = {
    "+": _ieee(operator.add),
    "-": _ieee(operator.sub),
    "*": _ieee(operator.mul),
    "/": _ieee(_divide),
    "%": _ieee(_remainder),
}
"""The arithmetic operators on IEEE 754 doubles; None is undefined, as operand and as result."""


def total(numbers: list[Number] | None) -> Number | None:
    """Return the sum of numbers, from the first to the last; None is undefined."""
    if numbers is None:
        return None
    # Assumption: as with the operators, AWS's sum may be infinite. Measured for the operators only.
    result: Number = 0
    for number in numbers:
        result = OPERATIONS["+"](result, number) or 0
    return result


def keep_nan(operand: dict[str, JSON]) -> JSON:
    """Return the member ``v``; null, the engine's value for NaN, becomes the stand-in."""
    if "v" not in operand:
        return None
    return _NAN if operand["v"] is None else operand["v"]


def refuse_nan(operand: dict[str, JSON]) -> JSON:
    """Return the member ``v``; raise JSONata's own fault for null, the engine's value for NaN."""
    if "v" in operand and operand["v"] is None:
        raise not_a_number()
    return operand.get("v")


def require_finite(operand: dict[str, JSON]) -> JSON:
    """Return the operand; raise JSONata's own fault if its member ``v`` is a stand-in, whose digits mean nothing."""
    value = operand.get("v")
    if isinstance(value, (int, float)) and not is_finite(value):
        # Assumption: AWS's own value was not measured. A failure is safer than the digits of a stand-in.
        raise EngineFault("D1001", f"Number out of range: {_WRITTEN[value]}")
    return operand


def not_a_number() -> EngineFault:
    """Return the fault for a number that is NaN where AWS's value was not measured."""
    return EngineFault("D1001", "Number out of range: NaN")


def written(value: JSON) -> JSON:
    """Return a result with the strings that AWS writes in place of the stand-ins; containers are changed in place."""
    root = [value]
    pending: list[JSON] = [root]
    while pending:
        container = pending.pop()
        for key, item in container.items() if type(container) is dict else enumerate(container):
            kind = type(item)
            if kind is float or kind is int:
                container[key] = _WRITTEN.get(item, item)
            elif kind is dict or kind is list:
                pending.append(item)
    return root[0]
