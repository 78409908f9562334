"""The places of a document's parts in its text, as lines and columns by location.

Locations are written as in AWS's diagnostics: ``/States/Charge/Retry[0]/MaxAttempts``. The whole document is ``""``.
Lines and columns are counted from 1. An end is the place after the last character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.location import ROOT, Location


class Span(NamedTuple):
    """The place of one part: of its key (or of its value, if it has no key), of its value, and of its end."""

    line: int
    column: int
    value_line: int
    value_column: int
    end_line: int
    end_column: int


LONGEST_LOCATION: Final = 1_000
"""The most characters of a location that has a place of its own: a document may have thousands of parts below a key of
thousands of characters. The place of any other part is that of the nearest part around it."""


class LineMap:
    """The places of the parts of one document in its text; ``file`` is None for a text without a file."""

    __slots__ = ("file", "lines", "spans")

    def __init__(self, spans: Mapping[str, Span], *, text: str, file: str | None) -> None:
        self.spans = spans
        self.file = file
        self.lines = text.split("\n")

    def span(self, location: str | None) -> Span | None:
        """Return the place of a part, or of the nearest part around it that the text has; None if it has neither."""
        if location is not None and len(location) > LONGEST_LOCATION:
            location = parent_of(location[: LONGEST_LOCATION + 1])
        while location is not None:
            span = self.spans.get(location.removesuffix("/"))
            if span is not None:
                return span
            location = parent_of(location)
        return None

    def within(self, location: str) -> LineMap:
        """Return the map of one part as if it were the whole document, such as a definition inside a template."""
        root = self.span(location) if len(location) > LONGEST_LOCATION else None
        part = LineMap(_SpansWithin(self.spans, location, root), text="", file=self.file)
        part.lines = self.lines
        return part

    def renamed(self, document: Any, name_of: Callable[[str, str], str]) -> LineMap:
        """Return the map with other names for the document's keys.

        ``name_of`` is called with a key and the location of its object, which has the new names.
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


class _SpansWithin(Mapping[str, Span]):
    """The spans of one part of a document by their locations in the part; nothing is copied.

    ``root`` is the span of the part itself, if its location is too long to be among those of the document.
    """

    __slots__ = ("_around", "_part", "_root")

    def __init__(self, around: Mapping[str, Span], part: str, root: Span | None) -> None:
        self._around = around
        self._part = part
        self._root = root

    def __getitem__(self, location: str) -> Span:
        if not location and self._root is not None:
            return self._root
        if location[:1] not in ("", "/", "["):
            raise KeyError(location)
        return self._around[self._part + location]

    def __iter__(self) -> Iterator[str]:
        if self._root is not None:
            yield ""
        length = len(self._part)
        for place in self._around:
            if place.startswith(self._part) and place[length : length + 1] in ("", "/", "["):
                yield place[length:]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def parent_of(location: str) -> str | None:
    """Return the location of the object or array that contains a part; None for the whole document."""
    return Location(location).parent


class LineIndex:
    """The index of a text's lines. Lines and columns are counted from 1, positions from 0."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and the column of a position."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1
