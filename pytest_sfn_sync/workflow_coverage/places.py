"""The places of a definition's elements in their file: the line of each element, and its first and last line.

The line of an element is the one that coverage reports for it: the first line with some of its content. For a state it
is the line of its key. For a rule, retrier or catcher it is the line in which it begins or, if that line has only its
brace, the next one. Elements that begin in the same line share it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pytest_sfn_sync.asl.graph.elements import Element
from pytest_sfn_sync.sources import LineMap, Span


class Place(NamedTuple):
    """The ``line`` that is reported for an element, and the ``first`` and ``last`` of its lines."""

    line: int
    first: int
    last: int


def places_of(elements: Iterable[Element], line_map: LineMap) -> dict[str, Place]:
    """Return the places of elements in their file, by location."""
    places: dict[str, Place] = {}
    for element in elements:
        span = line_map.span(element.location)
        if span is not None:
            places[element.location] = Place(_line(span, line_map.lines), span.line, span.end_line)
    return places


def _line(span: Span, lines: list[str]) -> int:
    if lines[span.line - 1][span.column - 1 :].strip() != "{":
        return span.line
    following = range(span.line + 1, span.end_line + 1)
    first = next((line for line in following if lines[line - 1].strip()), span.line)
    return span.line if lines[first - 1].lstrip().startswith("}") else first
