"""JSON literals in filters, ``[1, 'a', b]`` or ``{a: 1}``, read as leniently as Jayway's parser (json-smart) does.

Strings take either quote or none, and a comma too many is overlooked. Never used for documents.
"""

from __future__ import annotations

import re

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.java_text import unescape

_BLANK = re.compile(r"[\s]*")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_INTEGER = re.compile(r"-?\d+")
_FLOAT = re.compile(r"-?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?")
_CONSTANTS: dict[str, JSON] = {"true": True, "false": False, "null": None, "NaN": float("nan")}


def parse_lenient_json(text: str) -> JSON:
    """Parse a literal that stands in brackets or braces; raises ValueError where even leniency does not help."""
    value, position = _value(text, _after_blank(text, 0), ",]}")
    if _after_blank(text, position) != len(text):
        raise ValueError(f"Unexpected character at position {position}")
    return value


def _after_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    assert match is not None
    return match.end()


def _value(text: str, position: int, stops: str) -> tuple[JSON, int]:
    first = text[position : position + 1]
    if first == "[":
        return _array(text, position + 1)
    if first == "{":
        return _object(text, position + 1)
    if first in ("'", '"'):
        return _string(text, position)
    end = _end_of_word(text, position, stops)
    return _word_value(text[position:end].strip()), end


def _string(text: str, position: int) -> tuple[str, int]:
    match = _QUOTED.match(text, position)
    if match is None:
        raise ValueError(f"Unexpected end of the string at position {position}")
    return unescape(match.group(1) or match.group(2) or ""), match.end()


def _end_of_word(text: str, position: int, stops: str) -> int:
    while position < len(text) and text[position] not in stops:
        position += 1
    return position


def _word_value(word: str) -> JSON:
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    if _INTEGER.fullmatch(word) and len(word) < 4000:
        return int(word)
    return float(word) if _FLOAT.fullmatch(word) else word


def _array(text: str, position: int) -> tuple[list[JSON], int]:
    elements: list[JSON] = []
    while True:
        position = _after_blank(text, position)
        character = text[position : position + 1]
        if character == "]":
            return elements, position + 1
        if character == ",":
            position += 1
            continue
        element, position = _value(text, position, ",]")
        elements.append(element)
        position = _after_element(text, position, "]")


def _object(text: str, position: int) -> tuple[dict[str, JSON], int]:
    members: dict[str, JSON] = {}
    while True:
        position = _after_blank(text, position)
        character = text[position : position + 1]
        if character == "}":
            return members, position + 1
        if character == ",":
            position += 1
            continue
        name, position = _name(text, position)
        position = _after_blank(text, position)
        if text[position : position + 1] != ":":
            raise ValueError(f"Unexpected character at position {position}")
        members[name], position = _value(text, _after_blank(text, position + 1), ",}")
        position = _after_element(text, position, "}")


def _name(text: str, position: int) -> tuple[str, int]:
    if text[position : position + 1] in ("'", '"'):
        return _string(text, position)
    end = _end_of_word(text, position, ":,}")
    return text[position:end].strip(), end


def _after_element(text: str, position: int, closing: str) -> int:
    position = _after_blank(text, position)
    if text[position : position + 1] not in (",", closing) or position >= len(text):
        raise ValueError(f"Unexpected character at position {position}")
    return position
