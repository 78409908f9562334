"""The records of a run: the interpreter writes one for each step.

Every record holds the id of the visit that it belongs to: the id of the event with which the state was entered, or 0
for the execution itself. So nothing has to be derived afterwards from names, positions or counts.

Events are tuples, because a Map over 1,000 items makes 4,000 of them. Measured: objects with named attributes would
cost a fifth of the run. The aliases define what each position holds, and mypy checks the interpreter against them.
Records that are rare (a chosen rule, a handled error) have a class.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.location import Location

VisitId: TypeAlias = int
"""The id of the event with which a state was entered."""

BranchRecord: TypeAlias = tuple[VisitId, int, int]
"""A branch or an iteration: the visit of its Parallel or Map, the id of its ``...StateStarted`` event, its index."""

OUTERMOST: BranchRecord = (0, 0, 0)
"""The machine itself."""

Entered: TypeAlias = tuple[str, int, int, VisitId, str, JSON, BranchRecord]
"""``...StateEntered``: type, previous event id, time, visit, the state's name, its input, its branch."""

Exited: TypeAlias = tuple[str, int, int, VisitId, str, JSON, "dict[str, JSON] | None"]
"""``...StateExited``: type, previous event id, time, visit, the state's name, its output, what it assigned."""

Iteration: TypeAlias = tuple[str, int, int, VisitId, str, int]
"""``MapIteration...``: type, previous event id, time, the Map's visit, its name, the index of the item."""

Step: TypeAlias = tuple[str, int, int, VisitId, "dict[str, JSON] | None"]
"""Any other event: type, previous event id, time, visit, details (which events may share)."""

StepWithDocument: TypeAlias = tuple[str, int, int, VisitId, "dict[str, JSON] | None", str, JSON]
"""An event with one member more than its details: the name and the value of that member come last."""

Record: TypeAlias = Entered | Exited | Iteration | Step | StepWithDocument


class ChosenRule(NamedTuple):
    """The choice rule, or the Default, that a Choice took.

    ``location`` is its place in the definition. Where no rule matched and there is no Default, it is the place that a
    Default would have. The state may still have failed afterwards.
    """

    visit: VisitId
    location: Location


class Redriven(NamedTuple):
    """A redrive of an execution: its event, its virtual time, and the time since the execution had ended before."""

    event: int
    at: int
    idle: int


class HandledError(NamedTuple):
    """An error that a retrier or a catcher took; the history shows neither which one nor every such error.

    ``location`` is that of the retrier or catcher. ``last_event`` is the id of the last event recorded until then.
    ``delay`` is the time until the next attempt in microseconds; it is None if a catcher took the error.
    """

    visit: VisitId
    location: Location
    last_event: int
    at: int
    error: str | None
    cause: str | None
    delay: int | None = None


class FailedState(NamedTuple):
    """A state that ended with an error, its own or that of a branch; no retrier and no catcher took it."""

    visit: VisitId
    error: str | None
    cause: str | None
