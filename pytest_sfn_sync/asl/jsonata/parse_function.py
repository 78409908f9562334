"""JSON text as AWS's ``$parse`` reads it.

Strings may have single quotes. A repeated key, and a number beyond the range of a double, are faults.
"""

from __future__ import annotations

import json
import re
from math import isinf
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON

_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|\'([^\'\\]*(?:\\.[^\'\\]*)*)\'', re.DOTALL)
_LARGEST: Final = 10**308


def parse_lenient(text: str) -> JSON:
    """Read a JSON value; raise ValueError where AWS reports ``Invalid JSON``."""
    if "'" in text:
        text = _STRING.sub(_double_quoted, text)
    try:
        return _decode(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _double_quoted(match: re.Match[str]) -> str:
    content = match.group(1)
    return match.group() if content is None else '"' + content.replace('"', '\\"') + '"'


def _without_repetition(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError("out of the range of a double")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if abs(value) > _LARGEST:
        raise ValueError("out of the range of a double")
    return value


def _refuse(name: str) -> JSON:
    raise ValueError(f"{name} is no JSON")


_decode: Final = json.JSONDecoder(
    object_pairs_hook=_without_repetition, parse_float=_finite, parse_int=_whole, parse_constant=_refuse
).decode
