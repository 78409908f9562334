"""A definition after parsing: frozen data, one class for each of the eight state types, expressions already compiled.

These classes hold data only; `interpreter` runs the states. The parser fills in the defaults of the specification. A
field that the author left out and that has no default is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, TypeAlias, TypedDict

from pytest_sfn_sync.asl.data_flow import Flow
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.distributed_map_definition import DistributedMap
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.size_bounds import SizeBound

TaskKind: TypeAlias = Literal["LambdaFunction", "Activity", "Task"]
"""The kinds of tasks: the names of their events begin so."""

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
    """One entry of ``Catch``, at a ``location``; its ``flow`` makes the state's output from the Error Output."""

    location: Location
    error_equals: tuple[str, ...]
    next: str
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFields:
    """The fields that all states have; ``location`` is the state's place in the definition."""

    type: ClassVar[StateType]
    entered_event: ClassVar[str]
    exited_event: ClassVar[str] = ""
    name: str
    location: Location
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class WithNext(StateFields):
    """A state that goes on to the state ``next``; None if it ends its branch."""

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
    """A Task state; a timeout is a number of seconds, or an expression where the definition has a path."""

    type: ClassVar[StateType] = "Task"
    entered_event: ClassVar[str] = "TaskStateEntered"
    exited_event: ClassVar[str] = "TaskStateExited"
    resource: str
    kind: TaskKind = "LambdaFunction"
    """The beginning of the names of its events: a Lambda function's own ARN, an activity, or an integration."""
    integration: tuple[str, str] | None = None
    """Resource type and action of ``arn:aws:states:::<type>:<action>``, with its pattern; None for another resource."""
    pattern: str = ""
    """The pattern of the integration, such as ``waitForTaskToken``. With a pattern, each attempt has a task token."""
    event_details: dict[str, str] | None = None
    """The details about the integration in the events of every attempt; None for another resource."""
    timeout_seconds: int | Expression = MAX_SECONDS
    heartbeat_seconds: int | Expression | None = None
    has_timeout: bool = False
    credentials: Expression | None = None
    unchecked_members: frozenset[str] = frozenset()
    """The literal members of the parameters that the check of the definition does not know; AWS may know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """One entry of ``Choices``, at a ``location``; its ``flow`` makes the state's output where the rule matches."""

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
    """The place of ``Default``; the place that it would have, if the state has none."""


class WaitTimes(TypedDict, total=False):
    """The fields of a Wait state that set how long it waits; exactly one of them is set."""

    seconds: int | Expression | None
    timestamp: int | Expression | None
    seconds_path: Expression | None
    timestamp_path: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitState(WithNext):
    """A Wait state; exactly one of its four own fields is set. Timestamps are in microseconds since the epoch."""

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
    """A Map state; legacy ``Iterator`` and ``Parameters`` become ``item_processor`` and ``item_selector``.

    ``distributed`` has the fields of a distributed Map; it is None for an inline one. ``distributed_fields`` are the
    names of the fields of an inline Map that only a distributed one can use.
    """

    type: ClassVar[StateType] = "Map"
    entered_event: ClassVar[str] = "MapStateEntered"
    exited_event: ClassVar[str] = "MapStateExited"
    item_processor: States
    items_path: Expression | None = None
    item_selector: Expression | None = None
    items_are_parts: bool = False
    """True if the items are parts of the raw input, so that none of them can be larger than it."""
    selector_bound: SizeBound | None = None
    """An upper bound of the size of an ``ItemSelector``'s value; None where the size has to be measured."""
    max_concurrency: int | Expression = 0
    tolerated_failure_count: int | Expression = 0
    tolerated_failure_percentage: float | Expression = 0.0
    distributed_fields: tuple[str, ...] = ()
    distributed: DistributedMap | None = None


State: TypeAlias = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The states of a machine, of a Parallel branch or of an item processor, and the one that comes first."""

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
    """A whole machine, ready to run; without ``timeout_seconds`` the machine sets no time limit."""

    states: States
    timeout_seconds: int | None = None
    comment: str | None = None
    version: str = "1.0"
    warnings: tuple[Diagnostic, ...] = ()


def assert_never(value: NoReturn) -> NoReturn:
    """Raise AssertionError; the type checker proves that this is never called.

    It ends a ``match``. From Python 3.11 on, ``typing`` has the same function.
    """
    raise AssertionError(f"not matched: {value!r}")
