"""The layout of a graph: positions and sizes of its parts in pixels, arrows as lists of points.

graphlay, an optional dependency, lays out each set of states separately. No arrow leaves its set, so sets are boxes
within boxes. `drawing` decides how the parts look.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

from pytest_sfn_sync.asl.graph.machine_graph import Arrow, Level, Node
from pytest_sfn_sync.diagrams.labels import (
    CHARACTER,
    LINE_HEIGHT,
    SMALL,
    Box,
    boxes_along,
    cut,
    is_far,
    label_box,
    label_lines,
    label_measures,
    places_along,
    text_width,
)
from pytest_sfn_sync.errors import SfnSyncUsageError

HEAD: Final = 40
"""The height of a state's name and type."""
TITLE: Final = 22
"""The height of the title above the states of a branch."""

_NAME_LENGTH: Final = 34
_PADDING: Final = 14
_SLANTED: Final = 16
"""The width that the slanted sides of a Choice need."""
_DOT: Final = 18
_SPACING: Final = {"node_gap": 34.0, "edge_label_margin": 10.0}
_LAYER_GAP: Final = 38.0
_MORE_FOR_A_LABEL: Final = 24.0
_LABELS_WITH_ROOM: Final = 2
_MOST_LAYER_GAP: Final = 140.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedNode:
    """A state's box and the position of its upper left corner.

    ``levels`` are the sets of states within it, and ``head`` is the height above them. ``retriers`` are lines of
    text in the box: drawn as arrows from a state to itself, they hid other arrows.
    """

    node: Node
    name: str
    retriers: tuple[tuple[Arrow, str], ...]
    head: float
    x: float
    y: float
    width: float
    height: float
    levels: tuple[PlacedLevel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedArrow:
    """An arrow as a list of points; ``label`` has the lines of its label, and ``label_at`` is the label's middle."""

    arrow: Arrow
    points: tuple[tuple[float, float], ...]
    label: tuple[str, ...] = ()
    label_at: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLevel:
    """A set of states; positions in it are relative to its own upper left corner, which is at ``x`` and ``y``.

    ``dots`` has the middles of the machine's start and end, as ``(x, y, text)``.
    """

    level: Level
    width: float
    height: float
    nodes: tuple[PlacedNode, ...]
    arrows: tuple[PlacedArrow, ...]
    dots: tuple[tuple[float, float, str], ...] = ()
    x: float = 0
    y: float = 0


def lay_out(graph: Level) -> PlacedLevel:
    """Return the layout of a machine's graph; raise SfnSyncUsageError if graphlay is not installed."""
    return _Layout(graphlay()).level(graph, is_outermost=True)


def graphlay() -> Any:
    """Import graphlay; if it is not installed, raise SfnSyncUsageError with the command that installs it."""
    try:
        import graphlay
    except ImportError:
        raise SfnSyncUsageError(
            "The graph on a page of HTML is laid out by graphlay, which is not installed; install it with: "
            'pip install "pytest-sfn-sync[html]".'
        ) from None
    return graphlay


class _Layout:
    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def level(self, level: Level, *, is_outermost: bool) -> PlacedLevel:
        sized = [self._sized(node, level) for node in level.nodes]
        drawn = [arrow for arrow in level.arrows if arrow.kind != "retry"]
        arrows = [arrow for arrow in drawn if is_outermost or (arrow.source and arrow.target)]
        dots = _dots(arrows)
        labels = [label_lines(arrow.label) for arrow in arrows]
        # Names of states may contain characters that graphlay refuses, such as half a surrogate pair.
        ids = {node.location: f"s{number}" for number, node in enumerate(level.nodes)}
        request = self.engine.Graph()
        for node in sized:
            request.node(ids[node.node.location], width=node.width, height=node.height)
        for dot in dots:
            request.node(dot, width=_DOT, height=_DOT, shape="ellipse")
        for arrow, label in zip(arrows, labels, strict=True):
            source = "start" if arrow.source is None else ids[arrow.source]
            target = "end" if arrow.target is None else ids[arrow.target]
            request.edge(source, target, **_label_size(label))
        options = {"spacing": {**_SPACING, "layer_gap": _layer_gap(arrows)}}
        placed = self.engine.layout(request, preset="process_map", options=options)
        return _placed(level, sized, dots, list(zip(arrows, labels, strict=True)), placed)

    def _sized(self, node: Node, level: Level) -> PlacedNode:
        """Return a state with its size, and with the positions of the states within it."""
        name = cut(node.name, _NAME_LENGTH)
        retriers = tuple(
            (arrow, cut(arrow.label, _NAME_LENGTH))
            for arrow in level.arrows
            if arrow.kind == "retry" and arrow.source == node.location
        )
        head = HEAD + LINE_HEIGHT * len(retriers)
        # There is room for "Parallel, 99 times" below the name, and for a mark and a count beside a retrier.
        texts = [text_width(name), 12 * CHARACTER, *(text_width(text) * SMALL + 40 for _, text in retriers)]
        width = max(texts) + 2 * _PADDING + (_SLANTED if node.type == "Choice" else 0)
        if not node.levels:
            return PlacedNode(
                node=node, name=name, retriers=retriers, head=head, x=0, y=0, width=width, height=head + 4
            )
        levels, x, height = [], float(_PADDING), 0.0
        for nested in node.levels:
            inner = self.level(nested, is_outermost=False)
            title = TITLE if node.type == "Parallel" else 0
            levels.append(replace(inner, x=x, y=head + title))
            x += inner.width + _PADDING
            height = max(height, title + inner.height)
        spare = max(width - x, 0) / 2
        return PlacedNode(
            node=node,
            name=name,
            retriers=retriers,
            head=head,
            x=0,
            y=0,
            width=max(width, x),
            height=head + height + _PADDING,
            levels=tuple(replace(inner, x=inner.x + spare) for inner in levels),
        )


def _layer_gap(arrows: list[Arrow]) -> float:
    """Return the gap between layers; it is larger if many arrows with labels leave one state."""
    labels = Counter(arrow.source for arrow in arrows if arrow.label)
    return min(
        _LAYER_GAP + _MORE_FOR_A_LABEL * max(0, max(labels.values(), default=0) - _LABELS_WITH_ROOM), _MOST_LAYER_GAP
    )


def _dots(arrows: list[Arrow]) -> list[str]:
    dots = ["start"] if any(arrow.source is None for arrow in arrows) else []
    return [*dots, "end"] if any(arrow.target is None for arrow in arrows) else dots


def _placed(
    level: Level, sized: list[PlacedNode], dots: list[str], arrows: list[tuple[Arrow, tuple[str, ...]]], placed: Any
) -> PlacedLevel:
    nodes = [
        replace(node, x=at["center"]["x"] - node.width / 2, y=at["center"]["y"] - node.height / 2)
        for node, at in zip(sized, placed.nodes, strict=False)
    ]
    drawn = []
    for (arrow, label), edge in zip(arrows, placed.edges, strict=True):
        points = tuple((point["x"], point["y"]) for point in edge["points"])
        anchor = edge["label_anchor"]
        at = (anchor["x"], anchor["y"]) if anchor else next(places_along(points, (0, 0)))
        drawn.append(PlacedArrow(arrow=arrow, points=points, label=label, label_at=at))
    _bring_labels_near(drawn, [Box(node.x, node.y, node.x + node.width, node.y + node.height) for node in nodes])
    middles = [placed.nodes[len(sized) + number]["center"] for number in range(len(dots))]
    return _from_its_corner(
        PlacedLevel(
            level=level,
            width=0,
            height=0,
            nodes=tuple(nodes),
            arrows=tuple(drawn),
            dots=tuple((at["x"], at["y"], dot) for dot, at in zip(dots, middles, strict=True)),
        )
    )


def _from_its_corner(level: PlacedLevel) -> PlacedLevel:
    """Make all positions relative to the upper left corner of everything, including labels outside of all nodes."""
    corners = [(node.x, node.y) for node in level.nodes]
    corners += [(node.x + node.width, node.y + node.height) for node in level.nodes]
    corners += [(x + side, y + side) for x, y, _ in level.dots for side in (-_DOT / 2, _DOT / 2)]
    for arrow in level.arrows:
        corners += arrow.points
        across, down = (size / 2 for size in label_measures(arrow.label))
        corners += [(arrow.label_at[0] + side * across, arrow.label_at[1] + side * down) for side in (-1, 1)]
    left, top = (min(along) - _PADDING for along in zip(*corners, strict=True))
    right, bottom = (max(along) + _PADDING for along in zip(*corners, strict=True))
    return replace(
        level,
        width=right - left,
        height=bottom - top,
        nodes=tuple(replace(node, x=node.x - left, y=node.y - top) for node in level.nodes),
        arrows=tuple(
            replace(
                arrow,
                points=tuple((x - left, y - top) for x, y in arrow.points),
                label_at=(arrow.label_at[0] - left, arrow.label_at[1] - top),
            )
            for arrow in level.arrows
        ),
        dots=tuple((x - left, y - top, name) for x, y, name in level.dots),
    )


def _bring_labels_near(arrows: list[PlacedArrow], nodes: list[Box]) -> None:
    """Move labels that are far from their arrows next to them: to a free place, or at least off states and labels."""
    for index, arrow in enumerate(arrows):
        if not arrow.label or not is_far(label_box(arrow.label_at, arrow.label), arrow.points):
            continue
        others = [other for other in arrows if other is not arrow]
        taken = [*nodes, *(label_box(other.label_at, other.label) for other in others)]
        crossed = [box for other in others for box in boxes_along(other.points)]
        boxes = [label_box(place, arrow.label) for place in places_along(arrow.points, label_measures(arrow.label))]
        free = [box for box in boxes if not any(box.meets(other) for other in taken)]
        best = next((box for box in free if not any(box.meets(other) for other in crossed)), next(iter(free), None))
        if best is not None:
            arrows[index] = replace(arrow, label_at=best.middle)


def _label_size(lines: tuple[str, ...]) -> dict[str, Any]:
    if not lines:
        return {}
    width, height = label_measures(lines)
    return {"label_size": {"width": width, "height": height}}
