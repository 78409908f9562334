"""Counts of the states and arrows of a graph that one execution went through, and the outcomes of the states."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import NamedTuple

from pytest_sfn_sync.asl.graph.machine_graph import Level
from pytest_sfn_sync.asl.run import Run, runs_within
from pytest_sfn_sync.executions.ran import ran_in
from pytest_sfn_sync.executions.state_visits import CAUGHT, CUT_OFF, FAILED, SUCCEEDED, WAITS, Branch, state_visits

WORST_FIRST = (FAILED, CAUGHT, CUT_OFF, WAITS, SUCCEEDED)


class Counts(NamedTuple):
    """Counts of states and arrows by location; ``outcomes`` counts the visits of each state by outcome."""

    counts: Counter[str]
    outcomes: dict[str, Counter[str]]

    @property
    def outcome_by_state(self) -> dict[str, str]:
        """The outcome of each state that was reached: the worst outcome of its visits."""
        return {
            location: next(outcome for outcome in WORST_FIRST if outcomes[outcome])
            for location, outcomes in self.outcomes.items()
        }


def counts_of(run: Run, graph: Level, visits: Branch | None = None) -> Counts:
    """Count the states and arrows of a graph in one run; ``visits`` are the run's visits, if already known."""
    ran = ran_in(run)
    nodes = list(graph.all_nodes())
    location_of = {node.name: node.location for node in nodes}
    counts = ran.led_on + Counter({node.location: ran.entered[node.name] for node in nodes})
    outcomes: dict[str, Counter[str]] = {}
    started: Counter[str] = Counter()
    outermost = state_visits(run) if visits is None else visits
    of_children = (state_visits(child).all_visits() for child in runs_within(run) if child is not run)
    caught: Counter[str] = Counter()
    for visit in chain(outermost.all_visits(), chain.from_iterable(of_children)):
        location = location_of[visit.name]
        outcomes.setdefault(location, Counter())[visit.outcome] += 1
        started[location] += visit is visit.branch.visits[0]
        caught[location] += visit.outcome == CAUGHT
    left: dict[str, int] = {node.location: ran.left[node.name] - caught[node.location] for node in nodes}
    for arrow in graph.all_arrows():
        if arrow.kind in ("next", "end"):
            counts[arrow.location] = left[arrow.source or ""]
        elif arrow.kind == "start":
            counts[arrow.location] = started[arrow.target or ""]
    return Counts(+counts, outcomes)
