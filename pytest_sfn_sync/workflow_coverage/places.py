"""Where the elements of a definition are in their file: the line that stands for each, and the lines that it takes up.

The line that stands for an element is the first that says something of it: the key of a state; for a rule, retrier or
catcher the line that it begins in, or, where that has nothing but its brace, the next one. Elements that begin in the
same line share it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pytest_sfn_sync.asl.graph.elements import Element
from pytest_sfn_sync.sources import LineMap, Span


class Place(NamedTuple):
    """The ``line`` that stands for an element, and the ``first`` and ``last`` of the lines that it takes up."""

    line: int
    first: int
    last: int


def places_of(elements: Iterable[Element], line_map: LineMap) -> dict[str, Place]:
    """Find the elements in their file, by location."""
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
