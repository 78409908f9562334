"""JSON values as Java prints them, ``{a=[1, null], b=x}``, for the messages of Jayway that quote a document.

AWS's other messages quote JSON text; that is in `json_text`.
"""

from __future__ import annotations

import re

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import java_float_text

JAVA_BLANKS = "".join(map(chr, range(33)))
"""The characters that Java's ``trim`` removes from both ends of a text."""


def java_text(value: JSON) -> str:
    """Return a JSON value as Java's ``toString`` prints it; no recursion, so the nesting may have any depth."""
    parts: list[str] = []
    pending: list[tuple[bool, JSON]] = [(False, value)]
    while pending:
        is_text, item = pending.pop()
        if is_text:
            parts.append(item)
        elif isinstance(item, dict):
            members = [part for name, member in item.items() for part in ((True, f"{name}="), (False, member))]
            pending.extend(_enclosed("{", members, "}", 2))
        elif isinstance(item, list):
            pending.extend(_enclosed("[", [(False, element) for element in item], "]", 1))
        else:
            parts.append(_scalar_text(item))
    return "".join(parts)


def _enclosed(opening: str, parts: list[tuple[bool, JSON]], closing: str, parts_each: int) -> list[tuple[bool, JSON]]:
    """Return the parts of a list or an object in reverse order, as they are popped from a stack."""
    laid_out: list[tuple[bool, JSON]] = [(True, opening)]
    for position, part in enumerate(parts):
        if position and position % parts_each == 0:
            laid_out.append((True, ", "))
        laid_out.append(part)
    laid_out.append((True, closing))
    laid_out.reverse()
    return laid_out


def _scalar_text(value: JSON) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return java_float_text(value) if isinstance(value, float) else str(value)


_INTEGER = re.compile(r"-?\d+")
_INTEGER_LIMIT = 1 << 31


def java_integer(text: str) -> int:
    """Read a Java ``int``; raise ValueError with Java's text for any other text."""
    number = int(text) if _INTEGER.fullmatch(text) and len(text) < 64 else _INTEGER_LIMIT
    if not -_INTEGER_LIMIT <= number < _INTEGER_LIMIT:
        raise ValueError(f'java.lang.NumberFormatException: For input string: "{text}"')
    return number


def out_of_range(position: int) -> ValueError:
    """Return the error for a text that ends before the character that Java looks for."""
    return ValueError(f"java.lang.StringIndexOutOfBoundsException: String index out of range: {position}")
