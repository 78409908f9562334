"""The functions that AWS adds to JSONata, and the standard functions for which the engine's results differ from AWS's.

Each has a row in a table: the signature that the engine checks, and the function. Arguments are Python values. None is
an undefined argument; if the signature accepts null, it is null too. A result of None is undefined. Behaviour and texts
as measured, except where an assumption is marked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.expression_faults import MEMORY_EXCEEDED, EngineFault, InternalFault
from pytest_sfn_sync.asl.jsonata.parse_function import parse_lenient

Number = int | float

_STANDARD_NAMES: Final = (
    "abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl"
    " decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase"
    " formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now"
    " number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt"
    " string substring substringAfter substringBefore sum toMillis trim type uppercase zip"
)
STANDARD_FUNCTIONS: Final = frozenset(_STANDARD_NAMES.split())
"""The names of JSONata 2.0.6's own functions; a workflow variable of the same name hides one."""

_HASH_ALGORITHMS: Final = {
    "SHA-1": "sha1",
    "SHA-384": "sha384",
    "SHA-256": "sha256",
    "SHA-512": "sha512",
    "MD5": "md5",
}
_LONGEST_RANGE: Final = 360_145
_BAD_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFunction:
    """A Python function that the engine calls: its JSONata ``signature`` and its implementation."""

    signature: str
    call: Callable[..., Any]


def _partition(items: JSON = None, size: Number | None = None) -> list[JSON] | None:
    if items is None:
        return None
    if type(items) is not list:
        raise EngineFault("T0412", 'Argument 1 of function "partition" must be an array of undefined')
    if size is None:
        return [items] if items else None
    if size < 0:
        raise EngineFault("D3137", "Second argument must be zero or greater")
    step = int(size)
    if step == 0 or not items:
        return None
    return [items[start : start + step] for start in range(0, len(items), step)]


def _range(first: Number | None = None, last: Number | None = None, step: Number | None = None) -> JSON:
    if first is None or last is None or step is None or int(step) == 0:
        return None
    start, stop, stride = int(first), int(last), int(step)
    count = (stop - start) // stride + 1
    if count > _LONGEST_RANGE:
        raise EngineFault(None, MEMORY_EXCEEDED)
    if count < 2:
        return start if count == 1 else None
    return [start + index * stride for index in range(count)]


def _hash(text: str | None = None, algorithm: str | None = None) -> str | None:
    if text is None or algorithm is None:
        return None
    name = _HASH_ALGORITHMS.get(algorithm)
    if name is None:
        known = ", ".join(_HASH_ALGORITHMS)
        raise EngineFault("D3137", f"Hash algorithm '{algorithm}' must be one of {known}")
    return hashlib.new(name, text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _decode_url(function: str) -> Callable[..., str | None]:
    def decode(text: str | None = None) -> str | None:
        if text is None:
            return None
        if _BAD_PERCENT.search(text):
            raise EngineFault("D3140", f'Malformed URL passed to ${function}(): "{text}"')
        return unquote_plus(text, errors="replace")

    return decode


def _base64_decode(text: str | None = None) -> str | None:
    if text is None:
        return None
    if not _BASE64.fullmatch(text):
        raise InternalFault
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise InternalFault from None
    # Assumption: UTF-8 in both directions, as in the Java port of JSONata. The reference implementation has Latin-1.
    return decoded.decode("utf-8", "replace")


def _base64_encode(text: str | None = None) -> str | None:
    return None if text is None else base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


REPLACED: Final = {
    "partition": HostFunction(signature="<x?n?:a>", call=_partition),
    "range": HostFunction(signature="<n?n?n?:x>", call=_range),
    "hash": HostFunction(signature="<ss?:s>", call=_hash),
    "decodeUrlComponent": HostFunction(signature="<s-:s>", call=_decode_url("decodeUrlComponent")),
    # Assumption: as $decodeUrlComponent, which was measured.
    "decodeUrl": HostFunction(signature="<s-:s>", call=_decode_url("decodeUrl")),
    "base64decode": HostFunction(signature="<s-:s>", call=_base64_decode),
    "base64encode": HostFunction(signature="<s-:s>", call=_base64_encode),
}
"""The functions that replace the engine's functions of the same name."""

DEFINITIONS: Final = {
    "parse": "function($text)<s?:x>{{${0}parse($text).v}}",
    "random": "function($seed)<n?:n>{{${0}random($seed)}}",
    "uuid": "function()<:s>{{${0}uuid()}}",
    "eval": "${0}nothing",
    "distinct": (
        'function($array)<x:x>{{$type($array) = "array" and $count($array) > 100'
        " ? (${0}r := ${0}distinct($array); $count(${0}r) > 1 ? ${0}r : ${0}engine_distinct($array))"
        " : ${0}engine_distinct($array)}}"
    ),
    "keys": (
        'function($object)<x-:a<s>>{{$type($object) = "object" ? $each($object, function($v, $k) {{$k}})'
        ' : $count($object) > 100 and $not("array" in $object.$type($))'
        ' ? $keys($merge($object[$type($) = "object"]))'
        " : ${0}engine_keys($object)}}"
    ),
}
"""Functions that are defined by JSONata text in the program of each expression.

They are functions that may return null, which a host function can't, and functions that use the execution's own source
of randomness. ``$eval`` does not exist in AWS. The engine's ``$distinct`` compares each item with all before it, so
long arrays have their own. If one item is left, the engine decides whether to unwrap it. The engine's ``$keys``
compares each key with all before it, so it is defined here too. ``{0}`` stands for the prefix of this package's own
names.
"""


def parse_function(text: str | None = None) -> JSON:
    """Return the result of ``$parse`` as the member ``v`` of an object; return None for undefined."""
    if text is None:
        return None
    try:
        return {"v": parse_lenient(text)}
    except ValueError:
        raise EngineFault("D3137", "Invalid JSON") from None


def distinct(items: list[JSON]) -> list[JSON] | None:
    """Return the items without those that equal an earlier one; return None if the engine has to compare them."""
    found: dict[object, JSON] = {}
    try:
        for item in items:
            found.setdefault(_identity(item), item)
    except (TypeError, ValueError, RecursionError):
        # A function, or a value nested very deep.
        return None
    return list(found.values())


def _identity(value: JSON) -> object:
    """Return a key that two values share if JSONata finds them equal: of one type, objects in any order of keys."""
    kind = type(value)
    if kind is str:
        return value
    if kind is int or kind is float:
        return (float, float(value))
    return (kind, json.dumps(value, sort_keys=True))


def timezone(argument: dict[str, JSON]) -> JSON:
    """Return a timezone in the form that the engine accepts. Measured: besides offsets AWS accepts ``utc``."""
    zone = argument.get("v")
    # Assumption: also in capitals.
    return "+0000" if zone in ("utc", "UTC") else zone
