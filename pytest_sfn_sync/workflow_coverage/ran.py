"""What executions went through, counted; made after a run ended, from its history and the ways that it took.

Counting is all that happens while tests run, so it has to be quick: three passes of C code over the records.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, get_args

from pytest_sfn_sync.asl.definition import State
from pytest_sfn_sync.asl.run import Run

_ENTERED: Final = frozenset(kind.entered_event for kind in get_args(State))
_LEFT: Final = frozenset(kind.exited_event for kind in get_args(State) if kind.exited_event)


class Ran:
    """How often states were entered and left, by name, and choice rules, defaults, retriers and catchers taken.

    ``runs`` is the number of executions. ``taken`` is by location. A state that a catcher leads out of is left, too.
    Where no rule of a Choice without Default matched, the location that its Default would have is counted all the same.
    """

    __slots__ = ("entered", "left", "runs", "taken")

    def __init__(self) -> None:
        self.runs = 0
        self.entered: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()

    def add_run(self, run: Run) -> None:
        """Count what one run went through."""
        self.runs += 1
        records = run.history.records
        self.entered.update([record[3] for record in records if record[0] in _ENTERED])
        self.left.update([record[3] for record in records if record[0] in _LEFT])
        if run.chosen or run.handled:
            self.taken.update(run.ways)

    def add(self, other: Ran) -> None:
        """Count what others counted."""
        self.runs += other.runs
        self.entered.update(other.entered)
        self.left.update(other.left)
        self.taken.update(other.taken)

    def to_json(self) -> Any:
        """Give it in a form that JSON has."""
        return [self.runs, self.entered, self.left, self.taken]

    @classmethod
    def from_json(cls, counts: Any) -> Ran:
        """Read what `to_json` gave."""
        ran = cls()
        ran.runs, entered, left, taken = counts
        ran.entered, ran.left, ran.taken = Counter(entered), Counter(left), Counter(taken)
        return ran
