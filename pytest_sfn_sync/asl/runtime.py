"""The parts of a run that every state uses: clock, records, identity, and the function that does the tasks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pytest_sfn_sync.asl.definition import StateMachineDefinition, States
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_TRANSITIONS
from pytest_sfn_sync.asl.map_objects import MapObjects
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause, Steps
from pytest_sfn_sync.asl.records import VisitId
from pytest_sfn_sync.asl.run import Identity, Run, RunningChild
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.defaults import DEFAULT_WORK_BUDGET

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.redrive import Progress


class NestedRun(Protocol):
    """Work that a task has started and waits for: another execution, or a job of a service.

    It takes its time on the clock of the execution around it.
    """

    def go_on(self, clock: Clock) -> Pause | None:
        """Go on, on the clock of the execution around it, until the work has to wait.

        Return the pause in which it waits, or None if it has ended.
        """

    def wake_by(self, awaited: Awaited) -> None:
        """Keep ``awaited``, which is touched if the work was stopped from the outside, so that the task looks at it."""

    def answer(self) -> TaskAnswer:
        """Return the answer for the task; the work has ended."""

    def leave(self) -> None:
        """Continue without the task, which waits no longer."""

    def stop(self) -> None:
        """Stop, because the task timed out or was cut off with its branch or its execution."""


InvokeTask: TypeAlias = Callable[[TaskCall], "TaskAnswer | Submitted | NestedRun"]
"""A function that does the work of a call.

It may have a method ``check_task``, which raises the error of a Task that can't start.
"""

RunStates: TypeAlias = "Callable[[Runtime, States, JSON, BranchScope], Steps]"
"""The loop over states: it runs them from the start to the end of their branch and returns the last output."""


class ChildRun(RunningChild, Protocol):
    """A child execution with its scope and its runtime."""

    scope: BranchScope
    runtime: Runtime


StartChild: TypeAlias = "Callable[[Runtime, StateMachineDefinition, Run, Identity, Random, bool], ChildRun]"
"""Returns the run of a child of a distributed Map; the last argument is true for an Express child."""


class Runtime:
    """One run: its clock, its records, and the function that does its tasks.

    ``run_states`` is the loop over states; states with branches call it for each branch. ``progress`` is how far a
    redriven run came before; it is None for any other run. ``most_events`` is the most events that the history may
    have; None is no limit. ``start_child`` and ``map_objects`` are for distributed Maps: they start the run of a
    child, and access objects. ``work_budget`` is the most steps that the expressions of the run may take.
    """

    __slots__ = (
        "check_task",
        "clock",
        "identity",
        "invoke_task",
        "machine_is_deleted",
        "map_objects",
        "most_events",
        "progress",
        "records",
        "run",
        "run_states",
        "scheduled_details",
        "start_child",
        "transitions",
        "work_budget",
    )

    def __init__(
        self,
        run: Run,
        *,
        identity: Identity,
        invoke_task: InvokeTask,
        clock: Clock,
        run_states: RunStates,
        most_events: int | None = None,
    ) -> None:
        self.run = run
        self.identity = identity
        self.invoke_task = invoke_task
        self.check_task: Callable[[TaskCall], None] | None = getattr(invoke_task, "check_task", None)
        self.clock = clock
        self.run_states = run_states
        self.records = run.history.records
        self.most_events = most_events
        # A run with a limit of events is checked at each transition, and no other run needs another check.
        self.transitions = 0 if most_events is None else MAX_TRANSITIONS
        self.progress: Progress | None = None
        self.machine_is_deleted = False
        self.start_child: StartChild | None = None
        self.work_budget = DEFAULT_WORK_BUDGET
        self.map_objects: MapObjects | None = None
        self.scheduled_details: dict[int, dict[str, JSON]] = {}
        """The details with which attempts are scheduled, by the identity of the Task state, where all have the same."""

    def anew(self) -> Runtime:
        """Return the runtime with which the run goes on after a redrive: its settings are the same."""
        runtime = Runtime(
            self.run,
            identity=self.identity,
            invoke_task=self.invoke_task,
            clock=self.clock,
            run_states=self.run_states,
            most_events=self.most_events,
        )
        runtime.start_child, runtime.map_objects = self.start_child, self.map_objects
        runtime.work_budget = self.work_budget
        return runtime

    def end_at_next_transition(self) -> None:
        """Let the run fail at its next transition, because its machine was deleted."""
        self.machine_is_deleted = True
        self.transitions = MAX_TRANSITIONS  # The check of this limit sees it, so that no transition needs another one.

    @property
    def is_overfull(self) -> bool:
        """Report whether the history has no room even for the event with which the run ends."""
        return self.most_events is not None and len(self.records) >= self.most_events

    @property
    def is_full(self) -> bool:
        """Report whether the history has room only for the event with which the run ends."""
        return self.most_events is not None and len(self.records) >= self.most_events - 1

    def record(self, type_: str, previous_event_id: int, visit: VisitId, details: dict[str, JSON] | None = None) -> int:
        """Append an event of a visit at the current virtual time; return the event's id."""
        self.records.append((type_, previous_event_id, self.clock.now, visit, details))
        return len(self.records)

    def begin_round(
        self, type_: str, scope: BranchScope, parts: int, details: dict[str, JSON] | None = None
    ) -> tuple[int, Progress | None]:
        """Return the ``...StateStarted`` event of a Parallel or a Map, which has ``parts`` branches or iterations.

        After a redrive, a state that goes on has the event of its first start. The second value is then how far its
        branches or iterations came; otherwise it is None.
        """
        progress = self.progress
        started = None if progress is None else progress.take_round(scope.entered_event)
        if started is not None:
            return started, progress
        self.run.parts += parts
        return self.record(type_, scope.last_event, scope.entered_event, details), None
