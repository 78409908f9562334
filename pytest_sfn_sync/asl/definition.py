"""A definition after parsing: frozen data, one class for each of the eight state types, expressions already compiled.

These classes hold data only; `interpreter` runs the states. A field that the author left out is None where JSON's null
has no meaning of its own; the parser fills in the defaults of the specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, TypeAlias, TypedDict

from pytest_sfn_sync.asl.data_flow import Flow
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.size_bounds import SizeBound

StateType: TypeAlias = Literal["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"]
"""The types of states, in the order in which AWS lists them (recorded)."""

Condition: TypeAlias = Callable[[JSON, Scope], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrier:
    """One entry of ``Retry``, at a ``location`` in the definition."""

    location: Location
    error_equals: tuple[str, ...]
    interval_seconds: int = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | None = None
    jitter_strategy: str = "NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catcher:
    """One entry of ``Catch`` at a ``location``; its ``flow`` makes the state's output from the Error Output."""

    location: Location
    error_equals: tuple[str, ...]
    next: str
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFields:
    """What all states have; ``location`` is the place in the definition."""

    type: ClassVar[StateType]
    entered_event: ClassVar[str]
    exited_event: ClassVar[str] = ""
    name: str
    location: Location
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class WithNext(StateFields):
    """A state that goes on to ``next`` (None: it ends its branch)."""

    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithErrorHandling(WithNext):
    """A state whose work can fail and be retried or caught: Task, Parallel, Map."""

    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState(WithNext):
    """A Pass state; ``result`` evaluates to the literal ``Result``."""

    type: ClassVar[StateType] = "Pass"
    entered_event: ClassVar[str] = "PassStateEntered"
    exited_event: ClassVar[str] = "PassStateExited"
    result: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState(WithErrorHandling):
    """A Task state; a timeout given as a path is an expression, else a number of seconds."""

    type: ClassVar[StateType] = "Task"
    entered_event: ClassVar[str] = "TaskStateEntered"
    exited_event: ClassVar[str] = "TaskStateExited"
    resource: str
    integration: tuple[str, str] | None = None
    """Resource type and action of ``arn:aws:states:::<type>:<action>``; None for a Lambda function's own ARN."""
    event_details: dict[str, str] | None = None
    """What the events of every attempt say about the integration; None for a Lambda function's own ARN."""
    timeout_seconds: int | Expression = MAX_SECONDS
    heartbeat_seconds: int | Expression | None = None
    has_timeout: bool = False
    credentials: Expression | None = None
    unchecked_members: frozenset[str] = frozenset()
    """The literal members of the parameters that the check of the definition did not know; AWS may have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """One entry of ``Choices`` at a ``location``; its ``flow`` makes the state's output where it matches."""

    location: Location
    condition: Condition
    next: str
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceState(WithNext):
    """A Choice state; ``next`` is its ``Default``."""

    type: ClassVar[StateType] = "Choice"
    entered_event: ClassVar[str] = "ChoiceStateEntered"
    exited_event: ClassVar[str] = "ChoiceStateExited"
    choices: tuple[ChoiceRule, ...]
    default_location: Location
    """The place of ``Default``, or the place that it would have where there is none."""


class WaitTimes(TypedDict, total=False):
    """The fields of a Wait state that say how long it waits; exactly one of them is set."""

    seconds: int | Expression | None
    timestamp: int | Expression | None
    seconds_path: Expression | None
    timestamp_path: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitState(WithNext):
    """A Wait state: exactly one of the four is set; timestamps are in microseconds since the epoch."""

    type: ClassVar[StateType] = "Wait"
    entered_event: ClassVar[str] = "WaitStateEntered"
    exited_event: ClassVar[str] = "WaitStateExited"
    seconds: int | Expression | None = None
    timestamp: int | Expression | None = None
    seconds_path: Expression | None = None
    timestamp_path: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SucceedState(StateFields):
    """A Succeed state."""

    type: ClassVar[StateType] = "Succeed"
    entered_event: ClassVar[str] = "SucceedStateEntered"
    exited_event: ClassVar[str] = "SucceedStateExited"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailState(StateFields):
    """A Fail state; ``error`` and ``cause`` are literal texts or expressions (``ErrorPath``, ``CausePath``)."""

    type: ClassVar[StateType] = "Fail"
    entered_event: ClassVar[str] = "FailStateEntered"
    error: str | Expression | None = None
    cause: str | Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelState(WithErrorHandling):
    """A Parallel state."""

    type: ClassVar[StateType] = "Parallel"
    entered_event: ClassVar[str] = "ParallelStateEntered"
    exited_event: ClassVar[str] = "ParallelStateExited"
    branches: tuple[States, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapState(WithErrorHandling):
    """An inline Map state; legacy ``Iterator`` and ``Parameters`` become ``item_processor`` and ``item_selector``.

    ``distributed_fields`` names its fields that only a distributed Map can use.
    """

    type: ClassVar[StateType] = "Map"
    entered_event: ClassVar[str] = "MapStateEntered"
    exited_event: ClassVar[str] = "MapStateExited"
    item_processor: States
    items_path: Expression | None = None
    item_selector: Expression | None = None
    items_are_parts: bool = False
    """Whether the items are parts of the raw input, so that none of them can be larger than it."""
    selector_bound: SizeBound | None = None
    """An upper bound for the size of an ``ItemSelector``'s value; None where it has to be measured."""
    max_concurrency: int | Expression = 0
    tolerated_failure_count: int | Expression = 0
    tolerated_failure_percentage: float | Expression = 0.0
    distributed_fields: tuple[str, ...] = ()


State: TypeAlias = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """A closed set of states with its start: the machine's own, a Parallel branch's, or an item processor's."""

    start_at: str
    by_name: dict[str, State]

    def with_inner(self) -> Iterator[State]:
        """Yield every state, each followed by the states of its branches or of its processor."""
        for state in self.by_name.values():
            yield state
            if isinstance(state, MapState):
                yield from state.item_processor.with_inner()
            elif isinstance(state, ParallelState):
                for branch in state.branches:
                    yield from branch.with_inner()


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachineDefinition:
    """A whole machine, ready to run; without ``timeout_seconds`` it has no limit of its own."""

    states: States
    timeout_seconds: int | None = None
    comment: str | None = None
    version: str = "1.0"
    warnings: tuple[Diagnostic, ...] = ()


def assert_never(value: NoReturn) -> NoReturn:
    """Close a ``match``: the type checker proves that this is never called (in ``typing`` from Python 3.11)."""
    raise AssertionError(f"not matched: {value!r}")
