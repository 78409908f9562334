"""The events of a run put together again: which state was visited when, within which branch or iteration, to what end.

The history is one list in which branches interleave; ``previousEventId`` ties each event to its own branch. What the
history does not tell (retriers, catchers, choice rules) the run has noted beside it. Nothing here is written in words;
that is `trace`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.run import HandledError, Run

SUCCEEDED: Final = "succeeded"
CAUGHT: Final = "caught"
FAILED: Final = "failed"
CUT_OFF: Final = "cut off"

# What fails where it was not left: it takes no time, so nothing can cut it off.
_INSTANT: Final = frozenset({"Pass", "Choice", "Succeed", "Fail"})


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One attempt of a Task: what was called with which payload, and its result or its error."""

    at: int
    event: int
    resource: str
    payload: JSON
    result: JSON = MISSING
    error: str | None = None
    cause: str | None = None


@dataclass(slots=True, kw_only=True)
class Branch:
    """States that follow each other: the whole machine, a Parallel branch or a Map iteration."""

    index: int = 0
    container: Visit | None = None
    visits: list[Visit] = field(default_factory=list)
    has_failed: bool = False

    def all_visits(self) -> Iterator[Visit]:
        """Walk the visits of this branch, after each those within it."""
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
    """One visit of a state: its input, and its output where it was left.

    ``event`` is the id of the event with which it was entered, ``ended_event`` that of the one with which its work was
    done or failed, or it was left. ``handled`` has the errors that its retriers took, and at last its catcher. ``rule``
    is the location of the choice rule (or Default) that a Choice chose, whether it could be left or not; where none
    matched and there is no Default, it is the location that one would have.
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
    ended_event: int | None = None
    has_failed: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    handled: list[HandledError] = field(default_factory=list)
    rule: str | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it was left, or its work was done or failed and is not done again."""
        return self.ended_event is not None

    @property
    def caught(self) -> HandledError | None:
        """The error that a catcher took, if any."""
        return self.handled[-1] if self.handled and self.handled[-1].delay is None else None

    @property
    def retries(self) -> int:
        """How often a retrier had the work done again."""
        return sum(handled.delay is not None for handled in self.handled)

    @property
    def outcome(self) -> str:
        """``succeeded``, ``caught``, ``failed``, or ``cut off`` where something else ended it."""
        if self.output is not MISSING:
            return SUCCEEDED if self.caught is None else CAUGHT
        last_failed = bool(self.attempts) and self.attempts[-1].error is not None
        has_failed = self.has_failed or last_failed or self.error is not None or self.type in _INSTANT
        return FAILED if has_failed else CUT_OFF

    @property
    def failure(self) -> tuple[str | None, str | None] | None:
        """Error and cause that ended the state, where an event or a catcher tells them."""
        if self.caught is not None and self.output is not MISSING:
            return self.caught.error, self.caught.cause
        if self.error is not None:
            return self.error, self.cause
        if self.attempts and self.attempts[-1].error is not None:
            return self.attempts[-1].error, self.attempts[-1].cause
        return None if self.caught is None else (self.caught.error, self.caught.cause)


def state_visits(run: Run) -> Branch:
    """Put the events of a run together; gives the outermost branch."""
    return _Reader(run).read()


def visits_by_event(run: Run) -> tuple[Branch, list[Visit | None]]:
    """Give the outermost branch, and for each event id the visit that the event belongs to (None: to none)."""
    reader = _Reader(run)
    return reader.read(), reader.owners


@lru_cache(maxsize=256)
def _kind(type_: str) -> tuple[str, str]:
    """Split an event type into what it says and the type of state, where it has one."""
    for ending in ("StateEntered", "StateExited", "StateStarted", "StateSucceeded", "StateFailed", "StateAborted"):
        if type_.endswith(ending):
            return ending, type_.removesuffix(ending)
    return type_, ""


class _Reader:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.records = run.history.records
        self.outermost = Branch()
        # The visit and the branch at which a following event goes on, by event id.
        self.visit_at: list[Visit | None] = [None]
        self.branch_at: list[Branch] = [self.outermost]
        self.owners: list[Visit | None] = [None]
        self.choices: dict[str, list[Visit]] = {}
        self.entered: dict[int, Visit] = {}
        # The last events before each retry, by the event with which the state was entered.
        self.retries: dict[int, list[int]] = {}
        for handled in run.handled:
            if handled.delay is not None:
                self.retries.setdefault(handled.entered_event, []).append(handled.last_event)

    def read(self) -> Branch:
        for record in self.records:
            self._read(*record)
        for handled in self.run.handled:
            self.entered[handled.entered_event].handled.append(handled)
        self._attach_rules()
        return self.outermost

    def _read(self, type_: str, previous: int, at: int, *rest: Any) -> None:
        kind, state_type = _kind(type_)
        visit, branch = self.visit_at[previous], self.branch_at[previous]
        if kind == "StateEntered":
            if previous and self.records[previous - 1][0] == "ParallelStateStarted":
                branch = _new_branch(visit, None)
            event = len(self.visit_at)
            visit = Visit(name=rest[0], type=state_type, at=at, event=event, input=rest[1], branch=branch)
            branch.visits.append(visit)
            self.entered[event] = visit
            if state_type == "Choice":
                self.choices.setdefault(visit.name, []).append(visit)
        elif kind == "StateExited":
            name = rest[0]
            if visit is None or visit.name != name or visit.output is not MISSING:
                visit = _climb(visit, lambda v: v.name == name and v.output is MISSING)
            if visit is not None:
                visit.output, visit.left_at, visit.assigned = rest[1], at, rest[2]
                visit.ended_event = len(self.visit_at)
        elif kind == "StateStarted":
            visit = _climb(visit, lambda v: v.type == state_type and (not v.has_ended or self._is_retried(v)))
            if visit is not None:
                visit.ended_event, visit.has_failed = None, False
                visit.rounds.append(Round(at=at, event=len(self.visit_at)))
        elif kind in ("StateSucceeded", "StateFailed"):
            failing, visit = visit, _open_container(visit, state_type)
            if visit is not None:
                visit.ended_event, visit.has_failed = len(self.visit_at), kind == "StateFailed"
                if visit.has_failed:
                    _mark_failed(failing)
        elif kind == "StateAborted":
            # It follows upon the event that cut the state off, and does not name the state.
            _mark_failed(visit)
        elif type_.startswith("MapIteration"):
            self._read_iteration(type_, visit, branch, rest[0], rest[1])
            return
        else:
            details = rest[0] or {}
            visit = self._read_other(type_, at, details if len(rest) == 1 else {**details, rest[1]: rest[2]}, visit)
        self._go_on(visit, branch if visit is None else visit.branch)

    def _is_retried(self, visit: Visit) -> bool:
        """Whether a state whose work was done, but which could not be left, has its work done again now."""
        ended, now = visit.ended_event or 0, len(self.visit_at)
        return any(ended <= last_event < now for last_event in self.retries.get(visit.event, ()))

    def _go_on(self, visit: Visit | None, branch: Branch, owner: Visit | None = None) -> None:
        self.visit_at.append(visit)
        self.branch_at.append(branch)
        self.owners.append(visit if owner is None else owner)

    def _read_iteration(self, type_: str, visit: Visit | None, branch: Branch, name: str, index: int) -> None:
        if type_ == "MapIterationStarted":
            container = _open_container(visit, "Map")
            self._go_on(None, _new_branch(container, index), container)
            return
        container = _climb(visit, lambda v: v.type == "Map" and v.name == name) or branch.container
        if type_ == "MapIterationFailed":
            _mark_failed(visit)
            if container is not None and container.rounds:
                for iteration in container.rounds[-1].branches:
                    iteration.has_failed |= iteration.index == index
        self._go_on(visit, branch if visit is None else visit.branch, container)

    def _read_other(self, type_: str, at: int, details: dict[str, Any], visit: Visit | None) -> Visit | None:
        if type_ == "EvaluationFailed":
            visit = _climb(self.visit_at[-1], lambda v: v.name == details.get("state")) or visit
            if visit is not None:
                visit.error, visit.cause = details.get("error"), details.get("cause")
        elif type_ == "ExecutionFailed":
            _mark_failed(visit)
            return None
        elif type_.startswith("Execution"):
            return None
        elif visit is not None:
            _task_event(visit, type_, at, len(self.visit_at), details)
        return visit

    def _attach_rules(self) -> None:
        """Tell Choices their rules: a Choice takes no time, so its ways stand in the order in which it was entered."""
        rules: dict[str, list[str]] = {}
        for way in self.run.chosen:
            rules.setdefault(way.rpartition("/")[0], []).append(way)
        for name, visits in self.choices.items():
            found = [ways for state, ways in rules.items() if state.endswith(f"/States/{name}")]
            left = [visit for visit in visits if visit.output is not MISSING]
            for visited in (visits, left):
                if len(found) == 1 and len(found[0]) == len(visited):
                    for visit, way in zip(visited, found[0], strict=True):
                        visit.rule = way
                    break


def _mark_failed(visit: Visit | None) -> None:
    """Note that it is this state whose failure ended others, or all; one that has ended did not."""
    if visit is not None and not visit.has_ended:
        visit.has_failed = True


def _task_event(visit: Visit, type_: str, at: int, event: int, details: dict[str, Any]) -> None:
    if type_.endswith("Scheduled"):
        # An evaluation that failed before was retried.
        visit.error = visit.cause = None
    if type_ == "LambdaFunctionScheduled":
        visit.attempts.append(Attempt(at=at, event=event, resource=details["resource"], payload=details["input"]))
    elif type_ == "TaskScheduled":
        resource = f"{details['resourceType']}:{details['resource']}"
        visit.attempts.append(Attempt(at=at, event=event, resource=resource, payload=details["parameters"]))
    elif type_.endswith(("Succeeded", "Failed", "TimedOut")) and visit.attempts:
        attempt = visit.attempts[-1]
        attempt.result = details.get("output", MISSING)
        attempt.error, attempt.cause = details.get("error"), details.get("cause")


def _climb(visit: Visit | None, is_wanted: Callable[[Visit], bool]) -> Visit | None:
    while visit is not None and not is_wanted(visit):
        visit = visit.branch.container
    return visit


def _open_container(visit: Visit | None, type_: str) -> Visit | None:
    return _climb(visit, lambda v: v.type == type_ and not v.has_ended)


def _new_branch(container: Visit | None, index: int | None) -> Branch:
    if container is None:
        return Branch()
    branches = container.rounds[-1].branches
    branch = Branch(index=len(branches) if index is None else index, container=container)
    branches.append(branch)
    return branch
