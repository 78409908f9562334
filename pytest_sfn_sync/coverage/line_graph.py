"""The machines of a file in the terms of coverage.py: statements are lines, branches are pairs of lines.

Elements on the same line are one statement. A way from a line to the same line is no branch. Coverage.py's pages show
at most two branches of a line. So a state has one branch for its success, and one for all its retriers and catchers,
which are statements of their own. If several elements share a line and it has more than two branches, all but the first
are one branch, which counts as taken when each of them was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.graph.elements import CATCHER, RETRIER, Element
from pytest_sfn_sync.executions.ran import Ran
from pytest_sfn_sync.workflow_coverage.places import Place
from pytest_sfn_sync.workflow_coverage.ways import Way, times_reached, ways_of

Arc: TypeAlias = tuple[int, int]
Elements: TypeAlias = Sequence[Element]
Places: TypeAlias = Mapping[str, Place]

OUTSIDE: Final = -1
"""Stands for no line: an arc leads from it to each line that ran, and to it where a branch ends."""

OTHERS: Final = -2
"""Stands for the targets of all ways but the first, for a line with more than two ways."""


class LineGraph:
    """The lines and branches of a file's machines; ``branches`` has the ways of each branch."""

    def __init__(self, machines: Iterable[tuple[Elements, Places]]) -> None:
        self.statements: set[int] = set()
        self.branches: dict[Arc, list[Way]] = {}
        self._first_handler: dict[Arc, Arc] = {}
        self._others: dict[int, list[Arc]] = {}
        for elements, places in machines:
            self.statements |= {place.line for place in places.values()}
            self._add_ways(elements, places)
        self._put_others_together()

    def _add_ways(self, elements: Elements, places: Places) -> None:
        handlers = {element.location for element in elements if element.kind in (RETRIER, CATCHER)}
        first_of_state: dict[str, Arc] = {}
        for way in ways_of(elements, Ran()):
            arc = _arc(way, places)
            if arc is None:
                continue
            if way.target in handlers:
                self._first_handler[arc] = first_of_state.setdefault(way.source, arc)
            self.branches.setdefault(self._first_handler.get(arc, arc), []).append(way)

    def _put_others_together(self) -> None:
        of_line: dict[int, list[Arc]] = {}
        for arc in self.branches:
            of_line.setdefault(arc[0], []).append(arc)
        for line, (_, *others) in of_line.items():
            if len(others) > 1:
                self._others[line] = others
                self.branches[line, OTHERS] = [way for arc in others for way in self.branches[arc]]

    @property
    def arcs(self) -> set[Arc]:
        """The branches that count; those that were put together are left out."""
        return self.branches.keys() - {arc for others in self._others.values() for arc in others}

    def translated(self, arcs: Iterable[Arc]) -> set[Arc]:
        """Return the branches that recorded arcs took.

        The result may have more arcs than that. The method may also be called with its own result.
        """
        taken = {self._first_handler.get(arc, arc) for arc in arcs}
        return taken | {(line, OTHERS) for line, others in self._others.items() if taken.issuperset(others)}

    def never_gone(self, branch: Arc, taken: Iterable[Arc]) -> list[str]:
        """Return in words what never happened on a branch that was not taken."""
        line, target = branch
        arcs = self._others.get(line, []) if target == OTHERS else [branch]
        missing = [arc for arc in arcs if arc not in set(taken)]
        return list(dict.fromkeys(way.never for arc in missing for way in self.branches.get(arc, ())))


def lines_run(elements: Elements, places: Places, ran: Ran) -> set[int]:
    """Return the lines of the elements that were reached."""
    reached = times_reached(elements, ran)
    return {places[location].line for location, times in reached.items() if times > 0 and location in places}


def arcs_run(elements: Elements, places: Places, ran: Ran) -> set[Arc]:
    """Return the arcs that ran: from outside to each line, and between lines.

    A way is left out if its end was not reached because leaving the state failed. Coverage.py would report both ends of
    its arc as lines that ran.
    """
    lines = lines_run(elements, places, ran)
    ends = {OUTSIDE, *lines}
    gone = {_arc(way, places) for way in ways_of(elements, ran) if way.times > 0}
    return {(OUTSIDE, line) for line in lines} | {arc for arc in gone if arc is not None and arc[1] in ends}


def _arc(way: Way, places: Places) -> Arc | None:
    source, target = places.get(way.source), places.get(way.target)
    if source is None:
        return None
    arc = source.line, OUTSIDE if target is None else target.line
    return None if arc[0] == arc[1] else arc
