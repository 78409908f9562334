"""The 39 operators of JSONPath choice rules, as tables.

Recorded for every type and operator: a value whose type is not the operator's does not match, without an error.
`rules` compiles these rows to tests.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.timestamps import is_rfc3339, parse_nanoseconds

OPERATOR_FIELDS: Final = (
    "StringEquals",
    "IsBoolean",
    "StringLessThan",
    "IsNumeric",
    "BooleanEquals",
    "StringLessThanEqualsPath",
    "NumericLessThan",
    "NumericGreaterThan",
    "NumericLessThanPath",
    "StringMatches",
    "TimestampLessThanEqualsPath",
    "NumericEquals",
    "TimestampGreaterThan",
    "StringGreaterThanEqualsPath",
    "TimestampGreaterThanEqualsPath",
    "TimestampLessThanEquals",
    "NumericLessThanEqualsPath",
    "TimestampEquals",
    "BooleanEqualsPath",
    "IsTimestamp",
    "StringLessThanEquals",
    "NumericLessThanEquals",
    "StringLessThanPath",
    "TimestampGreaterThanPath",
    "StringGreaterThan",
    "StringGreaterThanPath",
    "IsString",
    "StringEqualsPath",
    "TimestampEqualsPath",
    "TimestampLessThan",
    "StringGreaterThanEquals",
    "NumericGreaterThanPath",
    "NumericGreaterThanEquals",
    "NumericEqualsPath",
    "TimestampLessThanPath",
    "IsNull",
    "IsPresent",
    "TimestampGreaterThanEquals",
    "NumericGreaterThanEqualsPath",
)
"""The operators in the order in which AWS's diagnostics list them (measured)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The way in which the operators of one type, such as the String ones, read values.

    ``read`` returns a value that can be compared, or None for a value of another type. ``literal_fault`` returns AWS's
    message for a literal operand of a wrong type, or None.
    """

    read: Callable[[JSON], Any]
    literal_fault: Callable[[JSON], str | None]
    read_operand: Callable[[JSON], Any] | None = None
    """Reads the operand of the ``...Path`` operators; None if it is read like the variable."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row of the table: the comparison of a variable with an operand of the same family."""

    family: Family
    compare: Callable[[Any, Any], bool]


def _must_be(kind: str, read: Callable[[JSON], Any]) -> Callable[[JSON], str | None]:
    # Assumption: worded like the measured "Expected value of type Integer".
    return lambda value: f"Expected value of type {kind}" if read(value) is None else None


def _read_string(value: JSON) -> str | None:
    return value if type(value) is str else None


def _read_number(value: JSON) -> float | None:
    return value if type(value) is int or type(value) is float else None


_JAVA_NUMBER: Final = re.compile(
    r"([+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?=[fFdD]?$)|NaN$|Infinity$))[fFdD]?", re.ASCII
)
_TRIMMED_BY_JAVA: Final = "".join(map(chr, range(0x21)))


def read_as_double(value: JSON) -> float:
    """Return any value as a number, as Jackson's ``asDouble()`` does.

    Measured: the operand of ``Numeric...Path`` is read in this way; arrays and objects are 0. Inferred from Jackson:
    false and null are 0, and true is 1. A text that Java reads as a number is that number; any other text is 0.
    """
    kind = type(value)
    if kind is int or kind is float:
        number: float = value
        return number
    if kind is str:
        read = _JAVA_NUMBER.fullmatch(value.strip(_TRIMMED_BY_JAVA))
        return 0 if read is None else float(read.group(1))
    return 1 if value is True else 0


def _read_boolean(value: JSON) -> bool | None:
    return value if type(value) is bool else None


def _timestamp_fault(value: JSON) -> str | None:
    if type(value) is not str:
        return "Expected value of type String"
    return None if is_rfc3339(value) else "String does not match RFC3339 timestamp"


STRING: Final = Family(read=_read_string, literal_fault=_must_be("String", _read_string))
NUMERIC: Final = Family(read=_read_number, literal_fault=_must_be("Number", _read_number), read_operand=read_as_double)
BOOLEAN: Final = Family(read=_read_boolean, literal_fault=_must_be("Boolean", _read_boolean))
TIMESTAMP: Final = Family(read=parse_nanoseconds, literal_fault=_timestamp_fault)

_RELATIONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}


def _code_units_compared(relation: Callable[[Any, Any], bool], first: str, second: str) -> bool:
    # Java orders strings by UTF-16 code units. The order of code points differs only beyond the basic plane.
    if first.isascii() or second.isascii():
        return relation(first, second)
    return relation(first.encode("utf-16-be", "surrogatepass"), second.encode("utf-16-be", "surrogatepass"))


COMPARISONS: Final[dict[str, Comparison]] = {
    **{f"String{name}": Comparison(STRING, partial(_code_units_compared, by)) for name, by in _RELATIONS.items()},
    **{f"Numeric{name}": Comparison(NUMERIC, by) for name, by in _RELATIONS.items()},
    **{f"Timestamp{name}": Comparison(TIMESTAMP, by) for name, by in _RELATIONS.items()},
    "StringEquals": Comparison(STRING, operator.eq),  # no order, no code units
    "BooleanEquals": Comparison(BOOLEAN, operator.is_),
}
"""The operators that have a literal operand; each has a ``...Path`` operator with a path as its operand."""

TYPE_TESTS: Final[dict[str, Callable[[JSON], bool]]] = {
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: type(value) is int or type(value) is float,
    "IsString": lambda value: type(value) is str,
    "IsBoolean": lambda value: type(value) is bool,
    "IsTimestamp": lambda value: parse_nanoseconds(value) is not None,
}
"""The tests of the variable's type; the operand is the expected answer, true or false."""


def pattern_pieces(pattern: str) -> list[str] | None:
    r"""Return the texts between the ``*`` wildcards of a StringMatches pattern, with ``\*`` and ``\\`` resolved.

    Return None if the pattern has any other backslash.
    """
    pieces = [""]
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            pieces.append("")
            continue
        if character == "\\":
            character = next(characters, "")
            if character not in ("*", "\\"):
                return None
        pieces[-1] += character
    return pieces


def pattern_matches(text: str, first: str, rest: list[str]) -> bool:
    """Report whether a text begins with ``first`` and has the other pieces after it, in order, the last at its end."""
    last = rest[-1]
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for piece in rest[:-1]:
        position = text.find(piece, position, end)
        if position < 0:
            return False
        position += len(piece)
    return True
