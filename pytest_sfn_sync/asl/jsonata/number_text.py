"""Numbers and JSON values as AWS's JSONata writes them into text, in ``$string`` and in the operator ``&``.

Measured: whole numbers in digits below 1e21; others cut (towards minus infinity) to 15 significant digits, with an
exponent from 1e-7 down and where the digits end before the point; of the characters in a string, only ``" \\ \b \f \n
\r \t`` are escaped; prettified with two spaces.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal
from typing import Final

from pytest_sfn_sync.asl.expressions import CONTAINERS, JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import MEMORY_EXCEEDED, EngineFault
from pytest_sfn_sync.asl.jsonata.non_finite import is_finite

MAX_VALUE_BYTES: Final = 6_990_256
"""The largest value that an expression may build. Measured: a character counts as one byte, a number as eight."""

_CUT: Final = Context(prec=15, rounding=ROUND_FLOOR)
_EXACT: Final = 2**53
_CLOSED: Final = object()
"""Stands for the end of an array or object in the stack of what is to be written."""
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
    """Return the text of a value; ``line`` is the line break of a prettified text, else empty."""
    pieces: list[str] = []
    # A stack, because a document may be nested deeper than Python's functions.
    pending: list[tuple[JSON, str, str]] = [(value, line, "")]
    while pending:
        item, indentation, before = pending.pop()
        pieces.append(before)
        if item is _CLOSED:
            continue
        if not isinstance(item, (list, dict)) or not item:
            pieces.append(_plain_text(item))
            continue
        if isinstance(item, list) and CONTAINERS.isdisjoint(map(type, item)):
            # Most long arrays are of numbers or texts.
            inner = f"{indentation}  " if indentation else ""
            pieces += ("[", inner, f",{inner}".join(map(_plain_text, item)), indentation, "]")
            continue
        pending += reversed(_members(item, indentation))
    return "".join(pieces)


def _members(container: list[JSON] | dict[str, JSON], line: str) -> list[tuple[JSON, str, str]]:
    """Return the members of a container with their indentation and the text before each, and its closing bracket."""
    inner = f"{line}  " if line else ""
    if isinstance(container, list):
        opening, closing = "[", "]"
        members = [(item, inner, f",{inner}") for item in container]
    else:
        opening, closing = "{", "}"
        colon = ": " if line else ":"
        members = [(item, inner, f'{"," + inner}"{key.translate(_ESCAPES)}"{colon}') for key, item in container.items()]
    first, _, before = members[0]
    members[0] = (first, inner, opening + before[1:])
    return [*members, (_CLOSED, "", line + closing)]


def _plain_text(value: JSON) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    return "[]" if isinstance(value, list) else "{}"


def number_text(value: int | float) -> str:
    """Return the text of a number; raise JSONata's own fault for one that is not finite."""
    if type(value) is int and -_EXACT <= value <= _EXACT:
        return str(value)
    if not is_finite(value):
        raise EngineFault("D3001", "Attempting to invoke string function on Infinity or NaN")
    shortest = Decimal(repr(float(value)))
    if abs(value) >= 1e21 or value != int(value):
        return str(_CUT.create_decimal(shortest).normalize(_CUT)).replace("E", "e")
    return f"{shortest:f}".partition(".")[0]


def _bounded(text: str) -> str:
    if len(text) > MAX_VALUE_BYTES:
        raise EngineFault(None, MEMORY_EXCEEDED)
    return text
