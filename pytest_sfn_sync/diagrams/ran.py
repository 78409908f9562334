"""What ran in one execution, by location in the definition: how often states and arrows, and to what end states came.

Counts of several executions of a machine add up; outcomes are those of one.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.diagrams.graph import Level
from pytest_sfn_sync.state_visits import CAUGHT, CUT_OFF, FAILED, SUCCEEDED, Branch, state_visits

WORST_FIRST = (FAILED, CAUGHT, CUT_OFF, SUCCEEDED)


class Ran(NamedTuple):
    """Counts by location of states and arrows; ``outcomes`` counts, for each state, its visits by their outcome."""

    counts: Counter[str]
    outcomes: dict[str, Counter[str]]

    @property
    def outcome_by_state(self) -> dict[str, str]:
        """The outcome of each state that was reached, the worst of its visits."""
        return {
            location: next(outcome for outcome in WORST_FIRST if outcomes[outcome])
            for location, outcomes in self.outcomes.items()
        }


def ran_in(run: Run, graph: Level, visits: Branch | None = None) -> Ran:
    """Count what ran in a run of the machine that ``graph`` is of; ``visits`` are its visits where they are known."""
    location_of = {node.name: node.location for node in graph.all_nodes()}
    counts = Counter(run.ways)
    outcomes: dict[str, Counter[str]] = {}
    left: Counter[str] = Counter()
    started: Counter[str] = Counter()
    outermost = state_visits(run) if visits is None else visits
    for visit in outermost.all_visits():
        location = location_of[visit.name]
        counts[location] += 1
        outcomes.setdefault(location, Counter())[visit.outcome] += 1
        left[location] += visit.output is not MISSING and visit.caught is None
        started[location] += visit is visit.branch.visits[0]
        if visit.output is MISSING:
            # A way that was chosen, but leaving the state failed.
            counts.subtract([way for way in (visit.rule, visit.caught and visit.caught.location) if way])
    for arrow in graph.all_arrows():
        if arrow.kind in ("next", "end"):
            counts[arrow.location] = left[arrow.source or ""]
        elif arrow.kind == "start":
            counts[arrow.location] = started[arrow.target or ""]
    return Ran(+counts, outcomes)
