"""A graph with a layout as inline SVG: each state has the colour of its outcome and links to its details.

Colours and fonts are in ``page.css``. Arrowheads and marks are in `DEFINITIONS`, which a page contains once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pytest_sfn_sync.asl.graph.machine_graph import Arrow
from pytest_sfn_sync.diagrams.counts import Counts
from pytest_sfn_sync.diagrams.html_text import counted, escaped
from pytest_sfn_sync.diagrams.labels import LINE_HEIGHT
from pytest_sfn_sync.diagrams.layout import HEAD, TITLE, PlacedArrow, PlacedLevel, PlacedNode

_CORNER: Final = 7
_LEAST_SCALE: Final = 0.65
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_RETRY_SIGN: Final = "\N{CLOCKWISE OPEN CIRCLE ARROW}"

DEFINITIONS: Final = (
    '<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>'
    + "".join(
        f'<marker id="head-{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="head {kind}" d="M0,0.5 L10,5 L0,9.5 z"/></marker>'
        for kind in ("taken", "handled", "untaken")
    )
    + '<path id="mark-succeeded" d="M-3.5,0.2 L-1,2.8 L3.7,-2.6"/>'
    '<path id="mark-caught" d="M0,-3.8 L0,0.9 M0,3.6 L0,3.7"/>'
    '<path id="mark-failed" d="M-2.9,-2.9 L2.9,2.9 M2.9,-2.9 L-2.9,2.9"/>'
    '<path id="mark-cut-off" d="M-3.2,0 L3.2,0"/>'
    '<path id="mark-waits" d="M-1.6,-3 L-1.6,3 M1.6,-3 L1.6,3"/>'
    "</defs></svg>"
)


def css_class(outcome: str) -> str:
    """Return the class that ``page.css`` has for an outcome."""
    return outcome.replace(" ", "-")


def draw(placed: PlacedLevel, ran: Counts, *, title: str, anchor: Callable[[str], str]) -> str:
    """Return a graph as SVG, with the parts that ran marked; ``anchor`` returns the id of a state's details."""
    return "".join(_Drawing(ran, anchor).picture(placed, title))


class _Drawing:
    def __init__(self, ran: Counts, anchor: Callable[[str], str]) -> None:
        self.ran = ran
        self.outcomes = ran.outcome_by_state
        self.anchor = anchor

    def picture(self, placed: PlacedLevel, title: str) -> Iterator[str]:
        width, height = _number(placed.width), _number(placed.height)
        # A wide graph is made smaller, as long as its words can be read. If it is still too wide, it is scrolled.
        least = _number(placed.width * _LEAST_SCALE)
        yield f'<svg class="graph" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        yield f'style="min-width:{least}px" role="img">'
        yield f"<title>{escaped(title)}</title>"
        yield from self.level(placed)
        yield "</svg>"

    def level(self, placed: PlacedLevel) -> Iterator[str]:
        yield f'<g transform="translate({_number(placed.x)},{_number(placed.y)})">'
        # Arrows that were taken are drawn above the others.
        for arrow in sorted(placed.arrows, key=lambda arrow: self.ran.counts[arrow.arrow.location] > 0):
            yield self.arrow(arrow)
        for x, y, name in placed.dots:
            yield f'<g class="dot {name}"><circle cx="{_number(x)}" cy="{_number(y)}" r="9"/>'
            yield f"<title>{name}</title></g>"
        for node in placed.nodes:
            yield from self.node(node)
        for arrow in placed.arrows:
            yield from self.label(arrow)
        yield "</g>"

    def arrow(self, placed: PlacedArrow) -> str:
        kind = self.kind(placed)
        return f'<path class="arrow {kind}" d="{_line(placed.points)}" marker-end="url(#head-{kind})"/>'

    def kind(self, placed: PlacedArrow) -> str:
        if not self.ran.counts[placed.arrow.location]:
            return "untaken"
        return "handled" if placed.arrow.kind == "catch" else "taken"

    def label(self, placed: PlacedArrow) -> Iterator[str]:
        times = self.ran.counts[placed.arrow.location]
        if not placed.label and times <= 1:
            return
        lines = list(placed.label)
        if times > 1:
            lines[-1:] = [f"{lines[-1] if lines else ''} {_TIMES}{times}".strip()]
        x, y = placed.label_at
        top = y - (len(lines) - 1) * LINE_HEIGHT / 2 + 4
        yield f'<g class="label {self.kind(placed)}">'
        yield f"<title>{escaped(placed.arrow.label)}{f', {times} times' if times > 1 else ''}</title>"
        for number, line in enumerate(lines):
            yield f'<text x="{_number(x)}" y="{_number(top + number * LINE_HEIGHT)}">{escaped(line)}</text>'
        yield "</g>"

    def node(self, placed: PlacedNode) -> Iterator[str]:
        location = placed.node.location
        outcome = self.outcomes.get(location, "not reached")
        box = "box" if placed.levels else "leaf"
        yield f'<g class="state {css_class(outcome)} {box}" '
        yield f'transform="translate({_number(placed.x)},{_number(placed.y)})">'
        yield f'<a href="#{self.anchor(location)}"><title>{escaped(self.title(placed, outcome))}</title>'
        yield _shape(placed)
        middle, top = _number(placed.width / 2), 18
        yield f'<text class="name" x="{middle}" y="{top}">{escaped(placed.name)}</text>'
        times = self.ran.counts[location]
        what = f"{placed.node.type}{f', {times} times' if times > 1 else ''}"
        yield f'<text class="type" x="{middle}" y="{top + LINE_HEIGHT}">{what}</text>'
        for number, (arrow, text) in enumerate(placed.retriers):
            yield self.retrier(placed, arrow, text, HEAD + number * LINE_HEIGHT + 7)
        if outcome != "not reached":
            mark = css_class(outcome)
            yield f'<g class="mark" transform="translate({_number(placed.width - 3)},3)"><circle r="7.5"/>'
            yield f'<use href="#mark-{mark}"/></g>'
        yield "</a>"
        for level in placed.levels:
            if placed.node.type == "Parallel":
                yield f'<g class="branch"><rect x="{_number(level.x)}" y="{_number(level.y - TITLE)}" rx="5" '
                yield f'width="{_number(level.width)}" height="{_number(level.height + TITLE)}"/>'
                yield f'<text x="{_number(level.x + 9)}" y="{_number(level.y - TITLE + 16)}">'
                yield f"{escaped(level.level.title)}</text></g>"
            yield from self.level(level)
        yield "</g>"

    def retrier(self, placed: PlacedNode, arrow: Arrow, text: str, top: float) -> str:
        times = self.ran.counts[arrow.location]
        shown = f"{text} {_TIMES}{times}" if times else text
        kind = "handled" if times else "untaken"
        return (
            f'<g class="retrier {kind}"><title>{escaped(arrow.label)}, {counted(times, "time")}</title>'
            f'<text x="{_number(placed.width / 2)}" y="{_number(top)}">{_RETRY_SIGN} {escaped(shown)}</text></g>'
        )

    def title(self, placed: PlacedNode, outcome: str) -> str:
        counts = self.ran.outcomes.get(placed.node.location)
        if counts is None:
            return f"{placed.node.name} ({placed.node.type}): not reached"
        if counts.total() == 1:
            return f"{placed.node.name} ({placed.node.type}): {outcome}"
        by_outcome = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        return f"{placed.node.name} ({placed.node.type}), {counts.total()} times: {by_outcome}"


def _shape(placed: PlacedNode) -> str:
    width, height = _number(placed.width), _number(placed.height)
    if placed.levels:
        stacked = ""
        if placed.node.type == "Map":
            # A second sheet behind the box: a Map runs the same states for each item.
            stacked = f'<rect class="sheet" x="5" y="5" width="{width}" height="{height}" rx="8"/>'
        line = f'<path class="rule" d="M0,{_number(placed.head)} H{width}"/>'
        return f'{stacked}<rect class="shape" width="{width}" height="{height}" rx="8"/>{line}'
    if placed.node.type == "Choice":
        side = 12
        points = (
            f"{side},0 {_number(placed.width - side)},0 {width},{_number(placed.height / 2)} "
            f"{_number(placed.width - side)},{height} {side},{height} 0,{_number(placed.height / 2)}"
        )
        return f'<polygon class="shape" points="{points}"/>'
    radius = 22 if placed.node.type in ("Succeed", "Fail", "Wait") else 6
    return f'<rect class="shape" width="{width}" height="{height}" rx="{radius}"/>'


def _line(points: tuple[tuple[float, float], ...]) -> str:
    """Return a line with round corners as the ``d`` of a path."""
    parts = [f"M{_point(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        parts.append(f"L{_point(_towards(corner, before))} Q{_point(corner)} {_point(_towards(corner, after))}")
    return " ".join([*parts, f"L{_point(points[-1])}"])


def _towards(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Return the point between ``start`` and ``end`` where a round corner begins or ends."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = max((across**2 + down**2) ** 0.5, 0.001)
    step = min(_CORNER, length / 2) / length
    return start[0] + across * step, start[1] + down * step


def _point(point: tuple[float, float]) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
