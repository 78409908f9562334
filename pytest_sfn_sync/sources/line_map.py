"""Where each part of a document stands in the text that it was read from: by location, as lines and columns.

Locations are written as AWS writes them in diagnostics: ``/States/Charge/Retry[0]/MaxAttempts``; ``""`` is the whole
document. Lines and columns are counted from 1; an end is the place after the last character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from pytest_sfn_sync.asl.location import ROOT, Location


class Span(NamedTuple):
    """The place of one part: of its key, where it has one (else of its value), of its value, and where it ends."""

    line: int
    column: int
    value_line: int
    value_column: int
    end_line: int
    end_column: int


class LineMap:
    """The places of all parts of one document in its text; ``file`` is None for a text that is no file."""

    __slots__ = ("file", "lines", "spans")

    def __init__(self, spans: Mapping[str, Span], *, text: str, file: str | None) -> None:
        self.spans = spans
        self.file = file
        self.lines = text.split("\n")

    def span(self, location: str | None) -> Span | None:
        """Find a part, or the nearest one around it that the text has; None where there is none at all."""
        while location is not None:
            span = self.spans.get(location.removesuffix("/"))
            if span is not None:
                return span
            location = parent_of(location)
        return None

    def within(self, location: str) -> LineMap:
        """Return the map of one part as if it were the whole document: of a definition inside a template."""
        length = len(location)
        spans = {
            place[length:]: span
            for place, span in self.spans.items()
            if place.startswith(location) and place[length : length + 1] in ("", "/", "[")
        }
        part = LineMap(spans, text="", file=self.file)
        part.lines = self.lines
        return part

    def renamed(self, document: Any, name_of: Callable[[str, str], str]) -> LineMap:
        """Return the map by other names of the document's keys.

        ``name_of`` is given a key and the location of its object by the new names.
        """
        spans: dict[str, Span] = {}

        def add(part: Any, written: Location, renamed: Location) -> None:
            span = self.spans.get(written)
            if span is not None:
                spans[renamed] = span
            if isinstance(part, Mapping):
                for key, member in part.items():
                    add(member, written / str(key), renamed / name_of(key, renamed))
            elif isinstance(part, list):
                for index, item in enumerate(part):
                    add(item, written / index, renamed / index)

        add(document, ROOT, ROOT)
        map_ = LineMap(spans, text="", file=self.file)
        map_.lines = self.lines
        return map_


def parent_of(location: str) -> str | None:
    """Return the location of the object or array that holds a part; None for the whole document."""
    return Location(location).parent


class LineIndex:
    """Finds line and column, from 1, of a position in a text, from 0."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def place(self, position: int) -> tuple[int, int]:
        """Return line and column of a position."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1
