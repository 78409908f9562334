"""JSON values to compact text, as Jackson writes it.

Only in floats does Python's text differ from Java's (``1e+22`` and ``1.0E22``). The C encoder can't be configured for
that, so its text is corrected afterwards. A fast check first looks for a float that may need it.
"""

from __future__ import annotations

import json
import json.encoder
import marshal
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from math import isfinite, isnan
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON

_quote: Final[Callable[[str], str]] = json.encoder.encode_basestring


def _refuse(value: object) -> Any:
    raise TypeError(f"not a JSON value: {value!r}")


def _encoder(comma: str, colon: str, *, ensure_ascii: bool = False) -> Callable[[JSON], str]:
    encoder = json.JSONEncoder(
        ensure_ascii=ensure_ascii, separators=(comma, colon), allow_nan=False, check_circular=False
    )
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return encoder.encode
    # JSONEncoder.encode makes a new C encoder each time, which takes longer than encoding a small document.
    quote = json.encoder.encode_basestring_ascii if ensure_ascii else _quote
    chunks: Callable[[JSON, int], Iterable[str]] = make(None, _refuse, quote, None, colon, comma, False, False, False)
    return lambda value: "".join(chunks(value, 0))


_encode: Final = _encoder(",", ":")
_encode_spaced: Final = _encoder(", ", ": ")
_encode_in_ascii: Final = _encoder(",", ":", ensure_ascii=True)

# The pattern begins with a literal dot, because the search for a literal is fast. The look behind comes after it.
_LARGE_FLOAT: Final = re.compile(r"\.(?<=[0-9]{8}\.)[0-9]")
_EXPONENT: Final = re.compile(r"e[+-](?<=[0-9]e[+-])[0-9]")
_STRING_OR_FLOAT: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?', re.ASCII | re.DOTALL)


def compact(value: JSON) -> str:
    """Return a JSON value as text without spaces, keys in their order, and non-ASCII characters not escaped."""
    if type(value) is str:
        return _quote(value)
    try:
        text = _encode(value)
    except RecursionError:
        return "".join(_deep_chunks(value))
    if _may_hold_a_float_of_another_text(text):
        return _STRING_OR_FLOAT.sub(_java_number, text)
    return text


def _may_hold_a_float_of_another_text(text: str) -> bool:
    if ("e-" in text or "e+" in text) and _EXPONENT.search(text):
        return True
    return "." in text and ("0.000" in text or _LARGE_FLOAT.search(text) is not None)


def python_text(value: JSON) -> str:
    """Return a JSON value as ``json.dumps`` and Lambda's Python runtime do: with a space after ``,`` and ``:``."""
    try:
        return _encode_spaced(value)
    except RecursionError:
        return "".join(_deep_chunks(value, ", ", ": "))


def body_of(members: dict[str, Any]) -> bytes:
    """Return the body of a response with these members, as the service sends them: in ASCII, without spaces."""
    return _encode_in_ascii(members).encode("ascii")


def fit_for_utf8(text: str) -> str:
    """Return a text with a ``?`` in place of each lone surrogate, as Java writes it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def utf8_size(value: JSON) -> int:
    """Return the number of bytes of the compact text in UTF-8."""
    text = compact(value)
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def utf8_bound(value: JSON) -> int:
    """Return an upper bound of `utf8_size`, in a third of its time for a small document."""
    # Python's own format has a byte for null and the booleans, and the length of every text. Without references
    # (version 0) it has every part as often as JSON. Six bytes of JSON for each of its bytes are always enough.
    try:
        return 6 * len(marshal.dumps(value, 0))
    except ValueError:  # It has no form for deep documents.
        return utf8_size(value)


def java_float_text(value: float) -> str:
    """Return a float as Java's ``Double.toString`` does: plain from 1.0E-3 up to 1.0E7, else with an exponent."""
    if not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    magnitude = abs(value)
    if magnitude == 0 or 1e-3 <= magnitude < 1e7:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    power = len(digits) - 1 + int(exponent)
    return f"{'-' if sign else ''}{significant[0]}.{significant[1:] or '0'}E{power}"


def _java_number(match: re.Match[str]) -> str:
    token = match.group()
    if token[0] == '"' or ("." not in token and "e" not in token):
        return token
    return java_float_text(float(token))


def _deep_chunks(root: JSON, comma: str = ",", colon: str = ":") -> list[str]:
    # Documents may nest 1,000 deep. The C encoder can't write them if little of Python's stack is left.
    chunks: list[str] = []
    pending: list[JSON | _Verbatim] = [root]
    while pending:
        value = pending.pop()
        if isinstance(value, _Verbatim):
            chunks.append(value)
        elif type(value) is dict:
            parts: list[JSON] = [_Verbatim("{")]
            for index, (key, item) in enumerate(value.items()):
                parts += (_Verbatim(f"{comma if index else ''}{_quote(key)}{colon}"), item)
            pending.extend(reversed([*parts, _Verbatim("}")]))
        elif type(value) is list:
            parts = [_Verbatim("[")]
            for index, item in enumerate(value):
                parts += (_Verbatim(comma), item) if index else (item,)
            pending.extend(reversed([*parts, _Verbatim("]")]))
        else:
            chunks.append(compact(value))
    return chunks


class _Verbatim(str):
    """Text that is already JSON, as opposed to a string of the document."""

    __slots__ = ()
