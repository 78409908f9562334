"""The places in a file of the characters of a text that the file has as a string, or as several pieces.

A definition that is a string in a template is read in two steps: the template contains the string, and the string
contains the definition. This module finds the string's characters in the file, through block scalars, quotes and
escapes. It does not read the definition.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from pytest_sfn_sync.sources.json_source import Place
from pytest_sfn_sync.sources.line_map import Span

_TAG_OR_ANCHOR: Final = re.compile(r"[!&]\S*")
_SINGLE_CHARACTER_ESCAPES: Final = {
    **{"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", "\t": "\t"},
    **{" ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"},
}
_HEXADECIMAL_ESCAPES: Final = {"x": 2, "u": 4, "U": 8}


class EmbeddedText:
    """A text of several pieces; each piece knows the places of its characters in the file."""

    __slots__ = ("_length", "_pieces", "_places", "_starts")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._places: list[Place] = []

    def add(self, text: str, place: Place) -> None:
        """Append a piece; ``place`` returns the line and column of each position in it, and of its end."""
        self._starts.append(self._length)
        self._places.append(place)
        self._pieces.append(text)
        self._length += len(text)

    @property
    def text(self) -> str:
        """The text of all pieces."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def add_between(self, text: str) -> None:
        """Append a text that the file does not have; its place is the end of the piece before it."""
        self.add(text, one_place(*(self.place(self._length) if self._starts else (1, 1))))

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and column in the file of a position in the whole text; the end has a place too."""
        piece = bisect_right(self._starts, position) - 1
        return self._places[piece](position - self._starts[piece]) if piece >= 0 else (1, 1)

    def place_at(self, line: int, column: int = 1) -> tuple[int, int]:
        """Return the line and column in the file of a line and column of the text; a place after the end is the end."""
        before = sum(len(one) + 1 for one in self.text.split("\n")[: line - 1])
        return self.place(min(before + column - 1, self._length))


def one_place(line: int, column: int) -> Place:
    """Return the `Place` of a piece that has another form in the file: all its characters have the same place."""
    return lambda position: (line, column)


def place_in_scalar(value: str, span: Span, lines: Sequence[str]) -> Place:
    """Return a function from positions in a JSON or YAML string, of any style, to lines and columns in the file.

    ``span`` is the string's place, including quotes and a tag. ``lines`` are the lines of the file. If the file does
    not have the string's characters at that place, because it has an alias, their place is the string's beginning.
    """
    places: list[tuple[int, int]] | None = None

    def place(position: int) -> tuple[int, int]:
        nonlocal places
        if places is None:
            places = _Scalar(span, lines).places_of(value) or [(span.value_line, span.value_column)] * (len(value) + 1)
        return places[position]

    return place


class _Scalar:
    """The characters of a string as they are written in a file, with the place of each."""

    def __init__(self, span: Span, lines: Sequence[str]) -> None:
        self._raw: list[str] = []
        self._places: list[tuple[int, int]] = []
        for character, line, column in _characters(span, lines):
            self._raw.append(character)
            self._places.append((line, column))
        self._text = "".join(self._raw)
        self._places.append((span.end_line, span.end_column))
        self._at = 0

    def places_of(self, value: str) -> list[tuple[int, int]] | None:
        """Return the place of each character of the value, and of its end; None if the file has other characters."""
        style = self._enter()
        found = []
        for character in value:
            at = self._find(character, style)
            if at is None:
                return None
            found.append(self._places[at])
        return [*found, self._places[self._at]]

    def _enter(self) -> str:
        """Move to the first character of the content; return the style's indicator, which is "" for a plain scalar."""
        self._skip_space()
        while match := _TAG_OR_ANCHOR.match(self._text, self._at):
            self._at = match.end()
            self._skip_space()
        style = self._text[self._at : self._at + 1]
        if style in ("|", ">"):
            end_of_header = self._text.find("\n", self._at)
            self._at = len(self._text) if end_of_header < 0 else end_of_header + 1
            return style
        if style in ("'", '"'):
            self._at += 1
            return style
        return ""

    def _find(self, character: str, style: str) -> int | None:
        """Move past a character of the value, and return its position.

        Folding and indentation change only white space. So white space is found at the current position, and any other
        character must be the next one.
        """
        if character.isspace():
            at, escaped = self._at, self._escaped(style)
            if escaped is not None and escaped[0] == character:
                self._at = escaped[1]
            elif self._text[at : at + 1].isspace():
                self._at += 1
            return at
        while True:
            self._skip_space()
            at, escaped = self._at, self._escaped(style)
            if escaped is None:
                break
            self._at = escaped[1]
            if not escaped[0] or escaped[0].isspace():
                continue
            return at if escaped[0] == character else None
        if self._text[at : at + 1] != character:
            return None
        self._at += 2 if character == style == "'" else 1
        return at

    def _escaped(self, style: str) -> tuple[str, int] | None:
        """Return the text of an escape in a double-quoted string, and the position of its end."""
        if style != '"' or self._text[self._at : self._at + 1] != "\\":
            return None
        letter = self._text[self._at + 1 : self._at + 2]
        after = self._at + 2
        if letter not in _HEXADECIMAL_ESCAPES:
            return _SINGLE_CHARACTER_ESCAPES.get(letter, ""), after  # An escaped end of line has no text.
        code, after = self._code(after, _HEXADECIMAL_ESCAPES[letter])
        if 0xD800 <= code < 0xDC00 and self._text.startswith("\\u", after):
            # JSON writes a character outside of the Basic Multilingual Plane as two escapes.
            low, after = self._code(after + 2, 4)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        return chr(code), after

    def _code(self, start: int, digits: int) -> tuple[int, int]:
        return int(self._text[start : start + digits], 16), start + digits

    def _skip_space(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1


def _characters(span: Span, lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    for line in range(span.value_line, span.end_line + 1):
        text = lines[line - 1]
        first = span.value_column if line == span.value_line else 1
        last = span.end_column - 1 if line == span.end_line else len(text)
        yield from ((text[column - 1], line, column) for column in range(first, last + 1))
        if line < span.end_line:
            yield "\n", line, len(text) + 1
