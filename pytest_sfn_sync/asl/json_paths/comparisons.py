"""Jayway 2.0.0's comparisons in filters, one row for each operator.

The value on the left is the found one, and the value on the right is the expected one. All literals are texts. If the
found value is a number or a boolean, a text on the right is read as a number or a boolean. Other values of different
types cannot be compared, so no operator matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.java.java_patterns import JavaPattern
from pytest_sfn_sync.asl.java.java_text import java_text
from pytest_sfn_sync.asl.json_paths.path_faults import EvaluationFault
from pytest_sfn_sync.asl.json_text import java_float_text

Compare = Callable[[JSON, JSON], bool]


MATCHES: Final = "=~"
"""The operator of regular expressions, which counts its steps."""


def _is_number(value: JSON) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _decimal(number: JSON) -> Decimal:
    """Return a number as the exact decimal of its text: ``0.1`` and not its binary neighbour."""
    return Decimal(java_float_text(number)) if isinstance(number, float) else Decimal(number)


_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?")


def _read_decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise EvaluationFault("java.lang.NumberFormatException")
    return Decimal(text)


def _order(expected: JSON, found: JSON) -> int | None:
    """Compare two values as Java's ``compareTo`` does; return None if they cannot be compared."""
    if expected is found:
        return 0
    has_expected, has_found = not _is_nullish(expected), not _is_nullish(found)
    if not (has_expected and has_found):
        return has_expected - has_found
    if isinstance(expected, str) and isinstance(found, str):
        return _sign(_code_units(expected.replace("\\'", "'")), _code_units(found))
    if _is_number(found) and (isinstance(expected, str) or _is_number(expected)):
        return _sign(_read_decimal(expected) if isinstance(expected, str) else _decimal(expected), _decimal(found))
    if isinstance(found, bool) and isinstance(expected, (str, bool)):
        return (expected.lower() == "true" if isinstance(expected, str) else expected) - found
    return None


def _is_nullish(value: JSON) -> bool:
    return value is None or value == "null"


def _code_units(text: str) -> bytes:
    """Return the UTF-16 bytes of a text, which compare as Java's strings do."""
    return text.encode("utf-16-be", "surrogatepass")


def _sign(left: bytes | Decimal, right: bytes | Decimal) -> int:
    return (left > right) - (left < right)  # type: ignore[operator]  # both are of one type


def _ordered(accepts: Callable[[int], bool], *, takes_null: bool = False) -> Compare:
    def compare(found: JSON, expected: JSON) -> bool:
        if not takes_null and (found is None) != (expected is None):
            return False
        order = _order(expected, found)
        return order is not None and accepts(order)

    return compare


def matches(found: JSON, pattern: JSON, count: Callable[[int], None]) -> bool:
    """Report whether a value matches a pattern (``=~``); ``count`` is called with the steps that were taken."""
    if not isinstance(pattern, JavaPattern):
        raise EvaluationFault("java.lang.ClassCastException")
    return found is not None and pattern.matches(java_text(found), count)


COMPARISONS: Final[dict[str, Compare]] = {
    "==": _ordered(lambda order: order == 0, takes_null=True),
    "!=": _ordered(lambda order: order != 0, takes_null=True),
    "<": _ordered(lambda order: order > 0),
    "<=": _ordered(lambda order: order >= 0),
    ">": _ordered(lambda order: order < 0),
    ">=": _ordered(lambda order: order <= 0),
}
