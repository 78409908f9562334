"""How far a run came before it ended, so that a redrive can continue it where it failed.

Nothing is kept for this while a run goes on, because its history has all of it. A state that was entered and not left
is the place where its branch goes on, with the input of its ``...StateEntered`` event. The variables of a branch are
those that its ``...StateExited`` events assigned. A Parallel or a Map that started and has no result goes on with the
branches or iterations that have not ended; the results of the others are the outputs of their last states. So a run of
any depth is continued, and no task that succeeded is done again.

Measured: a failed Task is scheduled again. Its first ``TaskStateEntered`` is the previous event, it keeps the time at
which it was entered, and its retriers have all their attempts. A Parallel and a Map have no new ``...StateStarted``,
and the iteration that failed has no new ``MapIterationStarted``. Documented: a Fail is entered again, and a Choice is
evaluated again. If the result of a Parallel or a Map is too large, all of it runs again.

Assumption: every other type of state is entered again like a Fail, and its new event has the previous event of the
first one. A Parallel or a Map that has its result, and fails after that, runs again as if the result were too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.records import BranchRecord, Record, VisitId
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.scopes import BranchScope

_ENTERED: Final = "StateEntered"
_GOES_ON: Final = frozenset({"Task", "Parallel", "Map"})
"""The types of states that go on in the visit that failed; the others are entered again."""


class BranchProgress:
    """How far one branch or iteration came.

    ``visit`` is the state that it entered last, 0 if there is none. ``document`` is the input of that state. If the
    state was left, ``is_left`` is true and ``document`` is its output, with which the branch has ended. ``variables``
    are those that the branch assigned.
    """

    __slots__ = ("document", "entered_at", "is_left", "name", "previous_event", "type", "variables", "visit")

    def __init__(self) -> None:
        self.visit: VisitId = 0
        self.type = self.name = ""
        self.entered_at = self.previous_event = 0
        self.document: JSON = None
        self.is_left = False
        self.variables: dict[str, JSON] = {}

    def enter(self, visit: VisitId, record: Any) -> None:
        """Read the event with which a state was entered."""
        type_, self.previous_event, self.entered_at, _, self.name, self.document, _ = record
        self.visit, self.type, self.is_left = visit, type_.removesuffix(_ENTERED), False

    def leave(self, output: JSON, assigned: dict[str, JSON] | None) -> None:
        """Read the event with which the state was left."""
        self.document, self.is_left = output, True
        self.variables.update(assigned or {})

    @property
    def goes_on(self) -> bool:
        """True if the branch continues within the state that it entered last."""
        return not self.is_left and self.type in _GOES_ON

    def restore(self, scope: BranchScope) -> bool:
        """Set a scope to where the branch came; report whether it is inside a state, which is not entered again."""
        if self.variables:
            scope.assign(self.variables)
            scope.context.variable_sizes.may_add(sum(map(utf8_size, self.variables.values())))
        scope.payload_bytes = None
        if not self.goes_on:
            scope.last_event = self.previous_event
            return False
        scope.last_event = scope.entered_event = self.visit
        scope.entered_at = self.entered_at
        scope.state_name, scope.open_type = self.name, self.type
        return True


class Progress:
    """How far a run came; it is read from the history once."""

    __slots__ = ("_branches", "_iterations", "_rounds")

    def __init__(self, records: Sequence[Record]) -> None:
        self._branches: dict[BranchRecord, BranchProgress] = {}
        self._rounds: dict[VisitId, int] = {}
        """By visit: the ``...StateStarted`` event of a Parallel or a Map that has no result yet."""
        self._iterations: dict[BranchRecord, int] = {}
        """The ``MapIterationStarted`` event of each iteration."""
        homes: dict[VisitId, BranchProgress] = {}
        for event, record in enumerate(records, 1):
            self._read(event, record, homes)

    def _read(self, event: int, record: Any, homes: dict[VisitId, BranchProgress]) -> None:
        type_, visit = record[0], record[3]
        if type_.endswith(_ENTERED):
            branch = self._branches.setdefault(record[6], BranchProgress())
            branch.enter(event, record)
            homes[event] = branch
        elif type_.endswith("StateExited"):
            homes[visit].leave(record[5], record[6])
        elif type_.endswith("StateStarted"):
            self._rounds[visit] = event
        elif type_.endswith("StateSucceeded"):
            self._rounds.pop(visit, None)
        elif type_ == "MapIterationStarted":
            self._iterations[visit, self._rounds[visit], record[5]] = event

    def branch(self, branch: BranchRecord) -> BranchProgress | None:
        """Return how far a branch came; None if it has entered no state."""
        return self._branches.get(branch)

    def ended(self, branch: BranchRecord) -> BranchProgress | None:
        """Return the progress of a branch that has ended with an output; None for any other branch."""
        progress = self._branches.get(branch)
        return progress if progress is not None and progress.is_left else None

    def take_round(self, visit: VisitId) -> int | None:
        """Return the ``...StateStarted`` event with which a Parallel or a Map goes on; None if it has to start.

        A second call for the same visit returns None: a retrier starts all branches again.
        """
        return self._rounds.pop(visit, None)

    def iteration(self, iteration: BranchRecord) -> int | None:
        """Return the ``MapIterationStarted`` event of an iteration; None if it was not started."""
        return self._iterations.get(iteration)

    def forget_failures(self, run: Run) -> None:
        """Remove the records of failures and catchers of the states that go on, whose outcome is open again."""
        open_visits: set[VisitId] = set()
        for (container, started, _), branch in self._branches.items():
            is_open = container in open_visits and self._rounds.get(container) == started
            if branch.goes_on and (is_open or not container):
                open_visits.add(branch.visit)
        run.failed = [failed for failed in run.failed if failed.visit not in open_visits]
        run.handled = [
            handled for handled in run.handled if handled.delay is not None or handled.visit not in open_visits
        ]


def progress_of(run: Run) -> Progress:
    """Return how far a run came, and prepare its records for going on."""
    progress = Progress(run.history.records)
    progress.forget_failures(run)
    return progress
