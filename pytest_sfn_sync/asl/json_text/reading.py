"""JSON text to values: by the C decoder first, by the slow reader only if that fails.

The limits are those of Jackson's ``StreamReadConstraints``: documents nest at most 1,000 deep, and numbers have at most
1,000 characters. Numbers that a double can't hold are refused, and not read as infinity.
"""

from __future__ import annotations

import json
import re
from math import isinf
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text.jackson import MAX_DEPTH, MAX_NUMBER_LENGTH, JSONTextError, nesting_fault, read

__all__ = ["JSONTextError", "parse_json"]


class _RefusedError(ValueError):
    """The text holds a part that the C decoder accepts and Jackson does not."""


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value) or len(text) > MAX_NUMBER_LENGTH:
        raise _RefusedError(text)
    return value


def _refuse_constant(name: str) -> JSON:
    raise _RefusedError(name)


_DIGITS: Final = frozenset("0123456789")
_TOO_MANY_DIGITS: Final = re.compile(f"[0-9]{{{MAX_NUMBER_LENGTH + 1}}}")
_decode: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite).decode


def parse_json(text: str) -> JSON:
    """Read JSON text as Jackson does.

    Raise `JSONTextError` with Jackson's message, line and column. A repeated key keeps its first place and its last
    value. Assumption: trailing tokens are a fault, because AWS sets Jackson's FAIL_ON_TRAILING_TOKENS.
    """
    try:
        value = _decode(text)
    except (ValueError, RecursionError):
        return read(text)
    if len(text) > MAX_NUMBER_LENGTH and _may_hold_a_long_number(text):
        value = read(text)
    brackets = text.count("[") + text.count("{")
    if brackets > MAX_DEPTH and _nests_too_deep(value, brackets):
        raise nesting_fault(text)
    return value


def _may_hold_a_long_number(text: str) -> bool:
    """Report whether a text has more digits in a row than a number may have.

    Such a row covers one of the characters that are looked at, so that most of a text need not be.
    """
    for at in range(MAX_NUMBER_LENGTH, len(text), MAX_NUMBER_LENGTH + 1):
        if text[at] in _DIGITS and _TOO_MANY_DIGITS.search(text, at - MAX_NUMBER_LENGTH, at + MAX_NUMBER_LENGTH + 1):
            return True
    return False


def _nests_too_deep(value: JSON, brackets: int) -> bool:
    """Report whether containers nest deeper than they may; the text of the value has so many opening brackets.

    Each level takes a bracket of its own. A wide document has none left for deeper levels, and need not be walked.
    """
    level: list[JSON] = [[value]]
    for depth in range(MAX_DEPTH + 1):
        if depth + brackets <= MAX_DEPTH:
            return False
        level = [
            item
            for container in level
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        ]
        if not level:
            return False
        brackets -= len(level)
    return True
