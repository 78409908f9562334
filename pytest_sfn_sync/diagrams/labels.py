"""The labels of arrows: their lines, sizes and positions.

graphlay puts each label in a free place, but sometimes far from its arrow. A reader could not see which arrow it
belongs to, so such a label is moved next to its arrow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

LINE_HEIGHT: Final = 15
CHARACTER: Final = 7.8
"""The width of a character in a state's name."""
SMALL: Final = 0.86
"""The width of small text, such as labels, in proportion to that of names."""

_LINE: Final = 28
_LINES: Final = 2
_BREAKS: Final = re.compile(r"(?<=[ .])")
_FAR: Final = 14
_GAP: Final = 6

Point: TypeAlias = "tuple[float, float]"


class Box(NamedTuple):
    """A box, as the positions of its sides."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> Point:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def meets(self, other: Box) -> bool:
        """Return whether the two boxes overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def label_lines(label: str) -> tuple[str, ...]:
    """Return the lines of a label, broken at blanks and dots, and cut if they are too long."""
    lines = [""]
    for piece in _BREAKS.split(label):
        if lines[-1] and len(lines[-1] + piece.rstrip()) > _LINE:
            lines.append("")
        lines[-1] += piece
    if len(lines) > _LINES:
        lines[_LINES - 1 :] = ["".join(lines[_LINES - 1 :])]
    return tuple(cut(line.rstrip(), _LINE) for line in lines if line)


def cut(text: str, length: int) -> str:
    """Return a text, cut if it is too long to be drawn."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def text_width(text: str) -> float:
    """Return an estimate of a name's width; it is generous, because browsers differ."""
    return CHARACTER * sum(1.8 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def label_measures(lines: tuple[str, ...]) -> Point:
    """Return the width and height of a label, with room for a count after its last line."""
    if not lines:
        return 0, 0
    return max(map(text_width, lines)) * SMALL + 26, len(lines) * LINE_HEIGHT


def label_box(at: Point, lines: tuple[str, ...]) -> Box:
    """Return the box of a label, from the position of its middle."""
    width, height = label_measures(lines)
    return Box(at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2)


def is_far(box: Box, points: tuple[Point, ...]) -> bool:
    """Return whether a label is so far from its line that a reader would not connect the two."""
    around = Box(box.left - _FAR, box.top - _FAR, box.right + _FAR, box.bottom + _FAR)
    return not any(around.meets(box) for box in boxes_along(points))


def places_along(points: tuple[Point, ...], measures: Point) -> Iterator[Point]:
    """Yield positions for the middle of a label: on the line, then beside it, from the middle of its longest piece."""
    pieces = sorted(
        pairwise(points), key=lambda piece: -abs(piece[0][0] - piece[1][0]) - abs(piece[0][1] - piece[1][1])
    )
    for beside in (0, measures[0] / 2 + _GAP, -measures[0] / 2 - _GAP):
        for (x1, y1), (x2, y2) in pieces:
            for part in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9):
                yield x1 + (x2 - x1) * part + beside, y1 + (y2 - y1) * part


def boxes_along(points: tuple[Point, ...]) -> Iterator[Box]:
    """Yield a thin box for each straight piece of a line."""
    for (x1, y1), (x2, y2) in pairwise(points):
        yield Box(min(x1, x2), min(y1, y2), max(x1, x2) + 0.1, max(y1, y2) + 0.1)
