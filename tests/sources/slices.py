"""What the file has at a span, for tests that look at the text instead of counting columns."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_sfn_sync.sources import LineMap, Span


def between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Cut a text out of lines; places are counted from 1, the end is behind the last character."""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] - 1 : end[1] - 1]
    inner = lines[start[0] : end[0] - 1]
    return "\n".join([lines[start[0] - 1][start[1] - 1 :], *inner, lines[end[0] - 1][: end[1] - 1]])


def value_at(line_map: LineMap, span: Span) -> str:
    """Return the text of a value."""
    return between(line_map.lines, span[2:4], span[4:6])


def key_at(line_map: LineMap, span: Span) -> str:
    """Return what stands from a key to its value: the key with its quotes, and what separates it."""
    return between(line_map.lines, span[0:2], span[2:4])


def values(line_map: LineMap) -> dict[str, str]:
    """Return the text of every part by its location."""
    return {location: value_at(line_map, span) for location, span in line_map.spans.items()}
