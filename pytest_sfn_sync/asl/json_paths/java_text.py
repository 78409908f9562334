"""How Java prints JSON values, for the messages of Jayway that quote a document: ``{a=[1, null], b=x}``.

Not for JSON text: that is what AWS prints elsewhere.
"""

from __future__ import annotations

import re

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import java_float_text

_INTEGER_CLASSES = ((1 << 31, "java.lang.Integer"), (1 << 63, "java.lang.Long"))
_CLASSES = {
    type(None): "null",
    bool: "java.lang.Boolean",
    float: "java.lang.Double",
    str: "java.lang.String",
    list: "java.util.ArrayList",
    dict: "java.util.LinkedHashMap",
}


def java_class(value: JSON) -> str:
    """Give the name of the class that Jackson parses a JSON value into."""
    if type(value) is int:
        return next((name for limit, name in _INTEGER_CLASSES if -limit <= value < limit), "java.math.BigInteger")
    return _CLASSES.get(type(value), type(value).__name__)


def java_text(value: JSON) -> str:
    """Print a JSON value as Java's ``toString`` does; without recursion, so that any depth of nesting will do."""
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
    """Lay out the parts of a list or an object in reverse, as they are popped from a stack."""
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


_ESCAPE = re.compile(r"\\(u.{0,4}|.)?", re.DOTALL)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescape(text: str) -> str:
    r"""Resolve the backslash escapes of a quoted name or string: ``\n``, ``\u0041``, and ``\x`` for any other x.

    Raises ValueError where ``\u`` is followed by four characters that are no hexadecimal number; fewer than four at
    the end of the text are dropped, as Jayway drops them.
    """
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescaped, text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _unescaped(match: re.Match[str]) -> str:
    escaped: str | None = match.group(1)
    if escaped is None:
        return "\\"
    if escaped.startswith("u"):
        return _code_unit(escaped[1:])
    return _CONTROLS.get(escaped, escaped)


def _code_unit(digits: str) -> str:
    if len(digits) < 4:
        return ""
    if not re.fullmatch("[0-9a-fA-F]{4}", digits):
        raise ValueError(f"com.jayway.jsonpath.JsonPathException: Unable to parse unicode value: {digits}")
    return chr(int(digits, 16))
