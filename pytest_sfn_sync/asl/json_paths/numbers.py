"""Numbers as Jayway compares them: exactly, as Java's BigDecimal, whatever they were written like.

Values of documents stay Python ints and floats; this module only turns them, and texts, into decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import java_float_text

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?")
_JAVA_INTEGER_BITS = 32


def parse_decimal(text: str) -> Decimal:
    """Read a number as BigDecimal does: no blanks, no names; raises ValueError for anything else."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"java.lang.NumberFormatException: {text}")
    return Decimal(text)


def decimal_of(number: JSON) -> Decimal:
    """Give the exact decimal of an int or float as it is written, ``0.1`` and not its binary neighbour."""
    if isinstance(number, Decimal):
        return number
    return Decimal(java_float_text(number)) if isinstance(number, float) else Decimal(number)


def int_value(number: Decimal) -> int:
    """Cut a decimal to a Java int, which keeps the low 32 bits of its whole part."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent >= _JAVA_INTEGER_BITS or number.adjusted() < 0:
        return 0
    low = int(number) & ((1 << _JAVA_INTEGER_BITS) - 1)
    return low - (1 << _JAVA_INTEGER_BITS) if low >> (_JAVA_INTEGER_BITS - 1) else low
