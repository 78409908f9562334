"""Terraform's functions on numbers."""

from __future__ import annotations

import math
import string
from decimal import Decimal
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.document_size import MOST_DIGITS
from pytest_sfn_sync.terraform.values import (
    ValueKindError,
    kind_of,
    list_of,
    number_of,
    one_number,
    text_of,
    whole_of,
)

_LONGEST_RANGE: Final = 1024
_DIGITS: Final = string.digits + string.ascii_lowercase + string.ascii_uppercase


def add(*numbers: Any) -> int | float:
    """Return the sum of numbers, as exact as their decimal digits: 0.1 + 0.2 is 0.3."""
    return one_number(sum(map(exact, numbers), Decimal()))


def exact(number: Any) -> Decimal:
    """Return a number with the digits that it is written with."""
    return Decimal(text_of(number_of(number)))


def largest(*numbers: Any) -> int | float:
    """Return the largest number."""
    return max(_some(numbers, "max"))


def log(number: Any, base: Any) -> int | float:
    """Return the logarithm of a number."""
    value, of = number_of(number), number_of(base)
    if value <= 0 or of <= 0 or of == 1:
        raise ValueKindError(f"log has no result for {text_of(value)} and the base {text_of(of)}")
    return one_number(math.log(value) / math.log(of))


def parseint(string: Any, base: Any) -> int:
    """Return the whole number that a string has in a base from 2 to 62."""
    if not isinstance(string, str):
        raise ValueKindError(f"parseint needs a string, not {kind_of(string)}")
    radix = whole_of(base)
    if not 2 <= radix <= 62:
        raise ValueKindError(f"the base of parseint is from 2 to 62, not {radix}")
    written = string[1:] if string[:1] in ("+", "-") else string
    digits = [_DIGITS.find(digit if radix > 36 else digit.lower()) for digit in written]
    if not digits or len(digits) > MOST_DIGITS or not all(0 <= digit < radix for digit in digits):
        raise ValueKindError(f"{shown_value(string, 60)} is no whole number in the base {radix}")
    value = 0
    for digit in digits:
        value = value * radix + digit
    return int(one_number(-value if string[:1] == "-" else value))


def power(number: Any, exponent: Any) -> int | float:
    """Return a power of a number."""
    return one_number(math.pow(number_of(number), number_of(exponent)))  # Recorded: Terraform counts in doubles, too.


def range_(*limits: Any) -> list[int | float]:
    """Return the numbers from a start up to, but without, a limit; without a step they may go down."""
    if not 1 <= len(limits) <= 3:
        raise ValueKindError(f"range takes 1 to 3 numbers, not {len(limits)}")
    numbers = [exact(limit) for limit in limits]
    start, end = (numbers[0], numbers[1]) if len(numbers) > 1 else (Decimal(), numbers[0])
    step = numbers[2] if len(numbers) > 2 else Decimal(1 if start <= end else -1)
    if (step > 0 and end < start) or (step < 0 and end > start):
        raise ValueKindError(f"range can't come from {start} to {end} in steps of {step}")
    # Documented: the limit is Terraform's own.
    if (end != start) if step == 0 else (end - start) / step > _LONGEST_RANGE:
        raise ValueKindError(f"range makes more than {_LONGEST_RANGE} items")
    found = []
    while (start < end) if step > 0 else (start > end):
        found.append(one_number(start))
        start += step
    return found


def signum(number: Any) -> int:
    """Return -1, 0 or 1."""
    value = whole_of(number)
    return (value > 0) - (value < 0)


def smallest(*numbers: Any) -> int | float:
    """Return the smallest number."""
    return min(_some(numbers, "min"))


def sum_(numbers: Any) -> int | float:
    """Return the sum of a list of numbers."""
    return add(*_some(tuple(list_of(numbers)), "sum"))


def _some(numbers: tuple[Any, ...], name: str) -> list[int | float]:
    if not numbers:
        raise ValueKindError(f"{name} needs a number")
    return [number_of(number) for number in numbers]
