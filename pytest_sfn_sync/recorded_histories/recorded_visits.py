"""The visits of states in a history: which state was entered where, with which attempts, branches and iterations.

The events of branches and iterations interleave; an event belongs to the visit of the event before it
(``previousEventId``). A recording and its replay are read by the same reader, so that like is compared with like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.recorded_histories.recorded_events import RecordedEvent

IterationPath: TypeAlias = tuple[int, ...]
"""The indices of the iterations around a state, outermost first."""

_SCHEDULED: Final = {
    "LambdaFunctionScheduled": "input",
    "ActivityScheduled": "input",
    "TaskScheduled": "parameters",
}
"""The events with which an attempt of a Task begins, with the member that has its payload."""

_LIMITS: Final = (("timeoutInSeconds", "TimeoutSeconds"), ("heartbeatInSeconds", "HeartbeatSeconds"))
_ENDS_OF_ATTEMPTS: Final = ("Succeeded", "Failed", "TimedOut")
_TASKS: Final = ("LambdaFunction", "Activity", "Task")


@dataclass(slots=True, kw_only=True)
class RecordedAttempt:
    """One attempt of a Task; ``result`` and ``error`` are missing if it was cut off before its end.

    ``limits`` are its TimeoutSeconds and HeartbeatSeconds, as far as the definition has them. ``credentials`` has the
    role of its Credentials, if it has any.
    """

    event: int
    resource: str
    payload: JSON
    scheduled_at: int | None
    limits: dict[str, JSON] = field(default_factory=dict)
    credentials: JSON = MISSING
    ended_at: int | None = None
    result: JSON = MISSING
    error: str | None = None
    cause: str | None = None
    timed_out: bool = False

    @property
    def takes(self) -> int:
        """The microseconds from the schedule to the end; 0 if the recording has no times."""
        if self.scheduled_at is None or self.ended_at is None:
            return 0
        return max(0, self.ended_at - self.scheduled_at)

    @property
    def has_ended(self) -> bool:
        """Return whether the attempt has a result or an error."""
        return self.result is not MISSING or self.error is not None


@dataclass(slots=True, kw_only=True)
class RecordedBranch:
    """States that follow each other: the machine, a branch of a Parallel, or the iteration ``index`` of a Map."""

    index: int = 0
    container: RecordedVisit | None = None
    event: int = 0
    visits: list[RecordedVisit] = field(default_factory=list)

    @property
    def iteration(self) -> IterationPath:
        """The indices of the iterations around the states of this branch."""
        if self.container is None:
            return ()
        outer = self.container.branch.iteration
        return (*outer, self.index) if self.container.type == "Map" else outer


@dataclass(slots=True, kw_only=True)
class RecordedVisit:
    """One visit of a state; ``rounds`` are the attempts of a Parallel or a Map with their branches."""

    name: str
    type: str
    event: int
    branch: RecordedBranch
    input: JSON
    output: JSON = MISSING
    variables: dict[str, JSON] = field(default_factory=dict)
    error: str | None = None
    cause: str | None = None
    attempts: list[RecordedAttempt] = field(default_factory=list)
    rounds: list[list[RecordedBranch]] = field(default_factory=list)

    @property
    def was_left(self) -> bool:
        """Return whether the state has an output."""
        return self.output is not MISSING


def read_visits(events: Iterable[RecordedEvent]) -> RecordedBranch:
    """Return the outermost branch of a history, with all visits in it."""
    reader = _Reader()
    for event in events:
        reader.read(event)
    return reader.outermost


def all_visits(branch: RecordedBranch) -> Iterator[RecordedVisit]:
    """Yield the visits of a branch, each followed by the visits within it."""
    for visit in branch.visits:
        yield visit
        for branches in visit.rounds:
            for inner in branches:
                yield from all_visits(inner)


def place_of_visit(visit: RecordedVisit) -> str:
    """Return the place of a visit in words: its state and the iteration around it."""
    iteration = visit.branch.iteration
    return f"state {visit.name!r}" + (f", iteration {'.'.join(map(str, iteration))}" if iteration else "")


class _Reader:
    def __init__(self) -> None:
        self.outermost = RecordedBranch()
        self._owners: dict[int, RecordedVisit] = {}
        self._iterations: dict[int, RecordedBranch] = {}
        self._starts: set[int] = set()

    def read(self, event: RecordedEvent) -> None:
        type_ = event.type
        owner = self._owners.get(event.previous)
        if type_.endswith("StateEntered"):
            self._owners[event.id] = self._entered(event, owner)
            return
        if type_.startswith("Execution") or owner is None:
            return
        if type_.startswith("MapIteration"):
            owner = _named(owner, event.details.get("name"))
            if type_ == "MapIterationStarted":
                self._iterations[event.id] = _new_branch(owner, event, event.number("index"))
        elif type_.endswith("StateExited"):
            owner = _named(owner, event.details.get("name"))
            owner.output = event.document("output")
            owner.variables = event.variables
        elif type_.startswith(("MapState", "ParallelState")):
            owner = _open_container(owner, type_.partition("State")[0])
            if type_.endswith("Started"):
                owner.rounds.append([])
                self._starts.add(event.id)
        elif type_ == "EvaluationFailed":
            owner.error, owner.cause = event.details.get("error"), event.details.get("cause")
        else:
            _read_attempt(owner, event)
        self._owners[event.id] = owner

    def _entered(self, event: RecordedEvent, owner: RecordedVisit | None) -> RecordedVisit:
        if event.previous in self._iterations:
            branch = self._iterations[event.previous]
        elif owner is None:
            branch = self.outermost
        elif event.previous in self._starts:
            branch = _new_branch(owner, event, len(owner.rounds[-1]))
        else:
            branch = owner.branch
        visit = RecordedVisit(
            name=event.text("name"),
            type=event.type.removesuffix("StateEntered"),
            event=event.id,
            branch=branch,
            input=event.document("input"),
        )
        branch.visits.append(visit)
        return visit


def _new_branch(container: RecordedVisit, event: RecordedEvent, index: int) -> RecordedBranch:
    branch = RecordedBranch(index=index, container=container, event=event.id)
    container.rounds[-1].append(branch)
    return branch


def _named(visit: RecordedVisit, name: object) -> RecordedVisit:
    """Return the visit itself, or the container around it, that has a name."""
    found: RecordedVisit | None = visit
    while found is not None and found.name != name:
        found = found.branch.container
    return found or visit


def _open_container(visit: RecordedVisit, type_: str) -> RecordedVisit:
    """Return the visit itself, or the nearest container around it, that has a type and was not left."""
    found: RecordedVisit | None = visit
    while found is not None and (found.type != type_ or found.was_left):
        found = found.branch.container
    return found or visit


def _read_attempt(visit: RecordedVisit, event: RecordedEvent) -> None:
    details = event.details
    if event.type in _SCHEDULED:
        resource = event.text("resource")
        if event.type == "TaskScheduled":
            resource = f"{event.text('resourceType')}:{resource}"
        payload = event.document(_SCHEDULED[event.type])
        visit.error = visit.cause = None
        limits = {field: details[name] for name, field in _LIMITS if name in details}
        visit.attempts.append(
            RecordedAttempt(
                event=event.id,
                resource=resource,
                payload=payload,
                scheduled_at=event.at,
                limits=limits,
                credentials=details.get("taskCredentials", MISSING),
            )
        )
    elif event.type.startswith(_TASKS) and event.type.endswith(_ENDS_OF_ATTEMPTS) and visit.attempts:
        attempt = visit.attempts[-1]
        attempt.ended_at = event.at
        if event.type.endswith("Succeeded"):
            attempt.result = event.document("output")
        else:
            # Recorded: an error without a name is absent from the event; AWS then treats it as an empty one.
            attempt.error, attempt.cause = details.get("error", ""), details.get("cause")
            attempt.timed_out = event.type.endswith("TimedOut")
