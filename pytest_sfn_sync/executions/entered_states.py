"""The states of an execution as values: what each visit got, returned, assigned, retried and caught.

They are read off the visits of a run (`state_visits`), and never change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.document_copies import DocumentCopies
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.state_visits import Branch, Visit, state_visits
from pytest_sfn_sync.shown_text import shown_value

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues


@dataclass(frozen=True, slots=True)
class CaughtError:
    """An error that a catcher took: its name, its cause, and the location of the catcher in the definition."""

    error: str | None
    cause: str | None
    catcher: str


class _CopiedWhenRead:
    """A field with a document of the run, which is copied when it is first read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._document, self._copy = f"_{name}_document", f"_{name}"

    def __get__(self, state: EnteredState | None, owner: type) -> JSON:
        if state is None:
            raise AttributeError  # The field has no default.
        values = vars(state)
        if self._copy not in values:
            values[self._copy] = state.copies.of(values[self._document])
        return values[self._copy]

    def __set__(self, state: EnteredState, document: JSON) -> None:
        vars(state)[self._document] = document


@dataclass(frozen=True, kw_only=True, repr=False)
class EnteredState:
    """One visit of a state.

    ``input`` is its raw input, ``output`` its output (`MISSING` if it was not left), ``assigned`` the variables that it
    set. ``retries`` is the number of its retries, and ``caught`` the error that a catcher took, or None. ``outcome`` is
    ``succeeded``, ``caught``, ``failed``, ``waits``, or ``cut off`` if something else ended it. ``error`` and ``cause``
    are those with which it ended. ``entered_at`` and ``left_at`` are virtual times (timezone-aware, UTC). ``iteration``
    has the indices of the Map iterations around it, outermost first. ``visits`` are all visits of this state, in order.
    """

    name: str
    type: str
    input: JSON = _CopiedWhenRead()
    output: JSON = _CopiedWhenRead()
    assigned: Any = _CopiedWhenRead()
    retries: int
    caught: CaughtError | None
    outcome: str
    error: str | None
    cause: str | None
    entered_at: datetime
    left_at: datetime | None
    iteration: tuple[int, ...]
    visits: Sequence[EnteredState] = field(compare=False, repr=False)
    copies: DocumentCopies = field(compare=False, repr=False)

    def __repr__(self) -> str:
        shown = [f"{part.name}={shown_value(getattr(self, part.name))}" for part in fields(self) if part.repr]
        return f"EnteredState({', '.join(shown)})"


def entered_states(execution: ExecutionValues) -> list[EnteredState]:
    """Return all visits of states in order of entry, including those of branches and iterations."""
    by_name: dict[str, list[EnteredState]] = {}
    found: list[EnteredState] = []
    for visit in sorted(state_visits(execution.run).all_visits(), key=lambda visit: visit.event):
        same = by_name.setdefault(visit.name, [])
        same.append(_value(visit, same, execution.copies))
        found.append(same[-1])
    return found


def entered_state(execution: ExecutionValues, name: str) -> EnteredState:
    """Return the last visit of a state; ``visits`` has all of them.

    Raise AssertionError with the trace if the state was not entered, and SfnSyncUsageError if there is no such state.
    """
    found = [state for state in entered_states(execution) if state.name == name]
    if found:
        return found[-1]
    known = [state.name for state in execution.machine.compiled.states.with_inner()]
    if name not in known:
        named: object = name
        near = ", ".join(map(shown_value, nearest_first(named if isinstance(named, str) else "", known)[:3]))
        raise SfnSyncUsageError(
            f"Machine {shown_value(execution.machine.name)} has no state {shown_value(name)}. Nearest: {near}."
        )
    from pytest_sfn_sync.executions.trace import trace_of

    raise AssertionError(f"The state {name!r} was not entered.\n\n{trace_of(execution)}")


def _value(visit: Visit, visits: Sequence[EnteredState], copies: DocumentCopies) -> EnteredState:
    caught = visit.caught
    error, cause = visit.failure or (None, None)
    return EnteredState(
        name=visit.name,
        type=visit.type,
        input=visit.input,
        output=visit.output,
        assigned=visit.assigned or {},
        retries=visit.retries,
        caught=None if caught is None else CaughtError(caught.error, caught.cause, str(caught.location)),
        outcome=visit.outcome,
        error=error,
        cause=cause,
        entered_at=_moment(visit.at),
        left_at=None if visit.left_at is None else _moment(visit.left_at),
        iteration=tuple(_iterations(visit.branch))[::-1],
        visits=visits,
        copies=copies,
    )


def _iterations(branch: Branch) -> Iterator[int]:
    """Yield the indices of the Map iterations around a branch, innermost first."""
    while branch.container is not None:
        if branch.container.type == "Map":
            yield branch.index
        branch = branch.container.branch


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
