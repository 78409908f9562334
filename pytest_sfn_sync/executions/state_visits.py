"""The visits of states in a run, put together from its records: time, branch or iteration, attempts and outcome.

The history is one list in which branches interleave. Each record has the id of its visit, and each visit its branch.
`trace` writes the visits in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.garbage_collection import collector_slowed
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.records import OUTERMOST, BranchRecord, FailedState, HandledError
from pytest_sfn_sync.asl.run import Run

SUCCEEDED: Final = "succeeded"
CAUGHT: Final = "caught"
FAILED: Final = "failed"
CUT_OFF: Final = "cut off"
WAITS: Final = "waits"


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One attempt of a Task: the resource, the payload, and the result or the error; ``answered_by`` names the mock."""

    at: int
    event: int
    resource: str
    payload: JSON
    result: JSON = MISSING
    error: str | None = None
    cause: str | None = None
    answered_by: str | None = None


@dataclass(slots=True, kw_only=True)
class Branch:
    """States that follow each other: the whole machine, a Parallel branch or a Map iteration."""

    index: int = 0
    container: Visit | None = None
    visits: list[Visit] = field(default_factory=list)
    has_failed: bool = False

    def all_visits(self) -> Iterator[Visit]:
        """Yield the visits of this branch, each followed by the visits within it."""
        for visit in self.visits:
            yield visit
            for round_ in visit.rounds:
                for branch in round_.branches:
                    yield from branch.all_visits()


@dataclass(slots=True, kw_only=True)
class Round:
    """One attempt of a Parallel or Map with its branches."""

    at: int
    event: int
    branches: list[Branch] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Visit:
    """One visit of a state: its input, and its output if it was left.

    ``event`` is the id of the event with which it was entered. ``failed`` is the error that ended it, if any.
    ``error`` and ``cause`` are those of JSONata that could not be evaluated. ``handled`` has the errors that its
    retriers took, and last the error that its catcher took. ``rule`` is the location of the choice rule (or Default)
    that a Choice chose, even if leaving the state failed. If no rule matched and there is no Default, it is the
    location that a Default would have. ``waits`` is true if the execution has not ended and the state was not left.
    """

    name: str
    type: str
    at: int
    event: int
    input: JSON
    branch: Branch
    output: JSON = MISSING
    left_at: int | None = None
    assigned: dict[str, JSON] | None = None
    error: str | None = None
    cause: str | None = None
    failed: FailedState | None = None
    attempts: list[Attempt] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    handled: list[HandledError] = field(default_factory=list)
    rule: Location | None = None
    waits: bool = False

    @property
    def caught(self) -> HandledError | None:
        """The error that a catcher took, if any."""
        return self.handled[-1] if self.handled and self.handled[-1].delay is None else None

    @property
    def retries(self) -> int:
        """The number of retries."""
        return sum(handled.delay is not None for handled in self.handled)

    @property
    def outcome(self) -> str:
        """``succeeded``, ``caught``, ``failed``, ``waits``, or ``cut off`` if something else ended it."""
        if self.output is not MISSING:
            return SUCCEEDED if self.caught is None else CAUGHT
        if self.failed is not None:
            return FAILED
        return WAITS if self.waits else CUT_OFF

    @property
    def failure(self) -> tuple[str | None, str | None] | None:
        """The error and cause that ended the state, if an event or a catcher has them; else None."""
        if self.caught is not None and self.output is not MISSING:
            return self.caught.error, self.caught.cause
        if self.failed is not None:
            return self.failed.error, self.failed.cause
        if self.error is not None:
            return self.error, self.cause
        if self.attempts and self.attempts[-1].error is not None:
            return self.attempts[-1].error, self.attempts[-1].cause
        return None if self.caught is None else (self.caught.error, self.caught.cause)


def state_visits(run: Run) -> Branch:
    """Return the outermost branch of a run, with all visits in it."""
    return _reader(run).outermost


def visits_by_event(run: Run) -> tuple[Branch, list[Visit | None]]:
    """Return the outermost branch and, for each event id, the visit of the event (None if it belongs to none)."""
    reader = _reader(run)
    return reader.outermost, reader.owners


def _reader(run: Run) -> _Reader:
    # The visits of a Map with many items are many objects, and none of them is garbage.
    with collector_slowed:
        return _Reader(run)


@lru_cache(maxsize=256)
def _kind(type_: str) -> tuple[str, str]:
    """Split an event type into the kind of event and the type of state, if it has one."""
    for ending in ("StateEntered", "StateExited", "StateStarted"):
        if type_.endswith(ending):
            return ending, type_.removesuffix(ending)
    return type_, ""


class _Reader:
    def __init__(self, run: Run) -> None:
        self.outermost = Branch()
        self.branches: dict[BranchRecord, Branch] = {OUTERMOST: self.outermost}
        self.visits: dict[int, Visit] = {}
        self.owners: list[Visit | None] = [None]
        self.answered_by = {call.event: call.answered_by for call in run.calls}
        for record in run.history.records:
            self.owners.append(self._read(*record))
        for failed in run.failed:
            self.visits[failed.visit].failed = failed
        for handled in run.handled:
            self.visits[handled.visit].handled.append(handled)
        for chosen in run.chosen:
            self.visits[chosen.visit].rule = chosen.location
        if run.status == "RUNNING":
            for visit in self.visits.values():
                visit.waits = visit.output is MISSING

    def _read(self, type_: str, _previous: int, at: int, visit_id: int, *rest: Any) -> Visit | None:
        kind, state_type = _kind(type_)
        event = len(self.owners)
        if kind == "StateEntered":
            name, input_, branch = rest
            visit = Visit(name=name, type=state_type, at=at, event=event, input=input_, branch=self._branch(branch))
            visit.branch.visits.append(visit)
            self.visits[event] = visit
            return visit
        if not visit_id:
            return None
        visit = self.visits[visit_id]
        if kind == "StateExited":
            _, visit.output, visit.assigned = rest
            visit.left_at = at
        elif kind == "StateStarted":
            visit.rounds.append(Round(at=at, event=event))
        elif kind.startswith("MapIteration"):
            iteration = self._branch((visit_id, visit.rounds[-1].event, rest[1]))
            # An iteration that failed may succeed after a redrive.
            iteration.has_failed = kind == "MapIterationFailed"
        else:
            details = {**(rest[0] or {}), **({rest[1]: rest[2]} if len(rest) > 1 else {})}
            _read_step(visit, type_, at, event, details)
            if visit.attempts and visit.attempts[-1].event == event:
                visit.attempts[-1].answered_by = self.answered_by.get(event)
        return visit

    def _branch(self, record: BranchRecord) -> Branch:
        branch = self.branches.get(record)
        if branch is None:
            container_id, started, index = record
            container = self.visits[container_id]
            branch = self.branches[record] = Branch(index=index, container=container)
            next(round_ for round_ in reversed(container.rounds) if round_.event == started).branches.append(branch)
        return branch


def _read_step(visit: Visit, type_: str, at: int, event: int, details: dict[str, Any]) -> None:
    if type_ == "EvaluationFailed":
        visit.error, visit.cause = details.get("error"), details.get("cause")
    if type_.endswith("Scheduled"):
        # A failed evaluation was retried.
        visit.error = visit.cause = None
    if type_ in ("LambdaFunctionScheduled", "ActivityScheduled"):
        visit.attempts.append(Attempt(at=at, event=event, resource=details["resource"], payload=details["input"]))
    elif type_ == "TaskScheduled":
        resource = f"{details['resourceType']}:{details['resource']}"
        visit.attempts.append(Attempt(at=at, event=event, resource=resource, payload=details["parameters"]))
    elif type_.endswith(("Succeeded", "Failed", "TimedOut")) and visit.attempts:
        attempt = visit.attempts[-1]
        attempt.result = details.get("output", MISSING)
        # A failure that the outside reports may have no name.
        attempt.error = details.get("error", "" if type_.endswith("Failed") else None)
        attempt.cause = details.get("cause")
