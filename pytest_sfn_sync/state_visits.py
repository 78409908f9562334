"""The events of a run put together again: which state was visited when, within which branch or iteration, to what end.

The history is one list in which branches interleave; ``previousEventId`` ties each event to its own branch. Nothing
here is written in words; that is `trace`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.history import History


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One attempt of a Task: what was called with which payload, and its result or its error."""

    at: int
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


@dataclass(slots=True, kw_only=True)
class Round:
    """One attempt of a Parallel or Map with its branches."""

    at: int
    branches: list[Branch] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Visit:
    """One visit of a state: its input, and its output where it was left."""

    name: str
    type: str
    at: int
    input: JSON
    branch: Branch
    output: JSON = MISSING
    error: str | None = None
    cause: str | None = None
    has_ended: bool = False
    has_failed: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)


def state_visits(history: History) -> Branch:
    """Put the events of a run together; gives the outermost branch."""
    return _Reader(history).read()


class _Reader:
    def __init__(self, history: History) -> None:
        self.events = history.events
        self.outermost = Branch()
        self.visit_at: list[Visit | None] = [None]
        self.branch_at: list[Branch] = [self.outermost]

    def read(self) -> Branch:
        for type_, previous, at, details in self.events:
            visit, branch = self._next(type_, previous, at, details or {})
            self.visit_at.append(visit)
            self.branch_at.append(branch)
        return self.outermost

    def _next(self, type_: str, previous: int, at: int, details: dict[str, Any]) -> tuple[Visit | None, Branch]:
        visit, branch = self.visit_at[previous], self.branch_at[previous]
        if type_.endswith("StateEntered"):
            if previous and self.events[previous - 1][0] == "ParallelStateStarted":
                branch = _new_branch(visit, None)
            visit = Visit(
                name=details["name"], type=type_[: -len("StateEntered")], at=at, input=details["input"], branch=branch
            )
            branch.visits.append(visit)
        elif type_.endswith("StateExited"):
            visit = _climb(visit, lambda v: v.name == details["name"] and v.output is MISSING)
            if visit is not None:
                visit.output, visit.has_ended = details["output"], True
        elif type_ in ("ParallelStateStarted", "MapStateStarted"):
            visit = _open_container(visit, type_[: -len("StateStarted")])
            if visit is not None:
                visit.rounds.append(Round(at=at))
        elif type_ == "MapIterationStarted":
            visit = _open_container(visit, "Map")
            return None, _new_branch(visit, details["index"])
        elif type_ in ("MapIterationFailed", "MapIterationAborted", "MapIterationSucceeded"):
            self._end_iteration(visit, branch, type_, details)
        elif type_.startswith(("ParallelState", "MapState")) and not type_.endswith("Aborted"):
            visit = _open_container(visit, type_.partition("State")[0])
            if visit is not None:
                visit.has_ended, visit.has_failed = True, type_.endswith("Failed")
                visit.error, visit.cause = details.get("error"), details.get("cause")
        elif type_ == "EvaluationFailed":
            visit = _climb(self.visit_at[-1], lambda v: v.name == details.get("state")) or visit
            if visit is not None:
                visit.error, visit.cause = details.get("error"), details.get("cause")
        elif type_ == "ExecutionFailed":
            if visit is not None and not visit.has_ended:
                visit.has_failed = True
        elif visit is not None:
            _task_event(visit, type_, at, details)
        return visit, branch if visit is None else visit.branch

    def _end_iteration(self, visit: Visit | None, branch: Branch, type_: str, details: dict[str, Any]) -> None:
        container = _climb(visit, lambda v: v.type == "Map" and v.name == details["name"]) or branch.container
        if container is None or not container.rounds or type_ != "MapIterationFailed":
            return
        for iteration in container.rounds[-1].branches:
            if iteration.index == details["index"]:
                iteration.has_failed = True


def _task_event(visit: Visit, type_: str, at: int, details: dict[str, Any]) -> None:
    if type_ == "LambdaFunctionScheduled":
        visit.attempts.append(Attempt(at=at, resource=details["resource"], payload=details["input"]))
    elif type_ == "TaskScheduled":
        resource = f"{details['resourceType']}:{details['resource']}"
        visit.attempts.append(Attempt(at=at, resource=resource, payload=details["parameters"]))
    elif type_.endswith(("Succeeded", "Failed", "TimedOut")) and visit.attempts and not type_.startswith("Execution"):
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
