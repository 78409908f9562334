"""Numbers and JSON values as AWS's JSONata writes them into text, in ``$string`` and in the operator ``&``.

Measured: whole numbers in digits below 1e21; others cut (towards minus infinity) to 15 significant digits, with an
exponent from 1e-7 down and where the digits end before the point; of the characters in a string, only ``" \\ \b \f \n
\r \t`` are escaped; prettified with two spaces.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import MEMORY_EXCEEDED, EngineFault
from pytest_sfn_sync.asl.jsonata.non_finite import is_finite

MAX_VALUE_BYTES: Final = 6_990_256
"""The largest value that an expression may build. Measured: a character counts as one byte, a number as eight."""

_CUT: Final = Context(prec=15, rounding=ROUND_FLOOR)
_EXACT: Final = 2**53
_ESCAPES: Final = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
)


def concatenated(operands: dict[str, JSON]) -> str:
    """Return the joined operands of ``&``; undefined operands are missing from the object."""
    return _bounded("".join([value if type(value) is str else value_text(value) for value in operands.values()]))


def string_function(arguments: dict[str, JSON]) -> str | None:
    """Return the result of ``$string(v, prettify)``; return None (undefined) if ``v`` is undefined."""
    prettify = arguments.get("prettify", False)
    if type(prettify) is not bool:
        raise EngineFault("T0410", 'Argument 2 of function "string" does not match function signature')
    if "v" not in arguments:
        return None
    value = arguments["v"]
    return value if type(value) is str else _bounded(value_text(value, "\n" if prettify else ""))


def value_text(value: JSON, line: str = "") -> str:
    """Return the text of a value; ``line`` is the line break and indentation of a prettified text, else empty."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    inner = f"{line}  " if line else ""
    if isinstance(value, list):
        return _enclosed("[", [value_text(item, inner) for item in value], "]", line, inner)
    colon = ": " if line else ":"
    members = [f'"{key.translate(_ESCAPES)}"{colon}{value_text(item, inner)}' for key, item in value.items()]
    return _enclosed("{", members, "}", line, inner)


def _enclosed(opening: str, parts: list[str], closing: str, line: str, inner: str) -> str:
    return f"{opening}{inner}{f',{inner}'.join(parts)}{line}{closing}" if parts else opening + closing


def number_text(value: int | float) -> str:
    """Return the text of a number; raise JSONata's own fault for one that is not finite."""
    if not is_finite(value):
        raise EngineFault("D3001", "Attempting to invoke string function on Infinity or NaN")
    if type(value) is int and -_EXACT <= value <= _EXACT:
        return str(value)
    shortest = Decimal(repr(float(value)))
    if abs(value) >= 1e21 or value != int(value):
        return str(_CUT.create_decimal(shortest).normalize(_CUT)).replace("E", "e")
    return f"{shortest:f}".partition(".")[0]


def _bounded(text: str) -> str:
    if len(text) > MAX_VALUE_BYTES:
        raise EngineFault(None, MEMORY_EXCEEDED)
    return text
