"""Counts of the states, rules, retriers and catchers that executions went through, from their records.

Pictures of one execution and coverage of many executions read the same counts. For coverage, every execution is counted
while the tests run, so counting has to be fast: a few passes over the records, without an object for each step.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, get_args

from pytest_sfn_sync.asl.definition import State
from pytest_sfn_sync.asl.records import Record
from pytest_sfn_sync.asl.run import Run, runs_within

_ENTERED: Final = frozenset(kind.entered_event for kind in get_args(State))
_EXITED: Final = frozenset(kind.exited_event for kind in get_args(State) if kind.exited_event)


class Ran:
    """Counts for one machine: states entered and left, and rules, retriers and catchers taken.

    ``runs`` is the number of executions. ``entered`` and ``left`` count states by name; a state that a catcher left
    counts as left. ``taken`` and ``led_on`` count choice rules, Defaults, retriers and catchers by location. ``taken``
    counts each time that one acted. ``led_on`` counts only if the execution continued there: leaving the state may fail
    after a rule was chosen. If no rule of a Choice without Default matched, the location that a Default would have is
    counted as taken.
    """

    __slots__ = ("entered", "led_on", "left", "runs", "taken")

    def __init__(self) -> None:
        self.runs = 0
        self.entered: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.led_on: Counter[str] = Counter()

    def add_run(self, run: Run) -> None:
        """Count one run, with the children of its Map Runs, whose states are states of the same machine."""
        self.runs += 1
        for one in runs_within(run):
            self._add_records(one)

    def _add_records(self, run: Run) -> None:
        records = run.history.records
        self.entered.update(_names(records, _ENTERED))
        self.left.update(_names(records, _EXITED))
        if not (run.chosen or run.handled):
            return
        left = {record[3] for record in records if record[0] in _EXITED}
        self.taken.update([chosen.location for chosen in run.chosen])
        self.taken.update([handled.location for handled in run.handled])
        self.led_on.update([chosen.location for chosen in run.chosen if chosen.visit in left])
        self.led_on.update(
            [handled.location for handled in run.handled if handled.delay is not None or handled.visit in left]
        )

    def add(self, other: Ran) -> None:
        """Add the counts of another object."""
        self.runs += other.runs
        self.entered.update(other.entered)
        self.left.update(other.left)
        self.taken.update(other.taken)
        self.led_on.update(other.led_on)

    def to_json(self) -> Any:
        """Return the counts as a value that can be written as JSON."""
        return [self.runs, self.entered, self.left, self.taken, self.led_on]

    @classmethod
    def from_json(cls, counts: Any) -> Ran:
        """Return the counts from a value that `to_json` returned."""
        ran = cls()
        ran.runs, *counters = counts
        ran.entered, ran.left, ran.taken, ran.led_on = map(Counter, counters)
        return ran


def ran_in(run: Run) -> Ran:
    """Return the counts of one run."""
    ran = Ran()
    ran.add_run(run)
    return ran


def _names(records: list[Record], types: frozenset[str]) -> list[str]:
    # In a record of entering or leaving a state, the name comes after the visit (records.py).
    return [record[4] for record in records if record[0] in types]  # type: ignore[misc]
