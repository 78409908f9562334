"""An execution that can pause: it runs until it has to wait, takes answers from the outside, and can be stopped."""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from weakref import ref

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.error_names import STATES_RUNTIME, AslError, error_details
from pytest_sfn_sync.asl.garbage_collection import collector_slowed
from pytest_sfn_sync.asl.interpreter import FullHistoryError, OutOfTimeError, run_states
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MICROSECONDS, STANDARD_EVENTS, STANDARD_TIMEOUT_SECONDS
from pytest_sfn_sync.asl.map_objects import MapObjects
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause, Steps
from pytest_sfn_sync.asl.records import Redriven
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.runtime import InvokeTask, NestedRun, Runtime
from pytest_sfn_sync.asl.scopes import BranchScope, ExecutionContext
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.variables import Variables
from pytest_sfn_sync.defaults import DEFAULT_WORK_BUDGET


class StoppedError(Exception):
    """The run was stopped while one of its tasks was being done. This is not an ASL error, so no catcher takes it."""


class Running:
    """A run of a machine on a virtual clock, from ``run.started_at`` on.

    It fills in ``run``: history and calls as they happen, the outcome at the end. ``clock`` is the clock of the
    execution around it, if there is one. ``most_seconds`` is the longest time that an execution of
    the machine's type may take. ``is_stoppable`` is true if its own tasks may call `stop`. ``map_objects`` accesses the
    objects of its distributed Maps. ``work_budget`` is the most steps that its expressions may take, and those of each
    child of such a Map. An exception that is not an
    ASL error, such as a usage error from ``invoke_task``, passes through. ``run`` then holds the history and the calls
    until that point.
    """

    __slots__ = (
        "__weakref__",
        "_began_at",
        "_deadline",
        "_definition",
        "_latest_end",
        "_random",
        "_steps",
        "_takes_a_step",
        "clock",
        "has_ended",
        "pause",
        "run",
        "runtime",
        "scope",
    )

    def __init__(
        self,
        definition: StateMachineDefinition,
        run: Run,
        *,
        identity: Identity,
        invoke_task: InvokeTask,
        random: Random,
        clock: Clock | None = None,
        most_seconds: int = EXPRESS_TIMEOUT_SECONDS,
        most_events: int | None = None,
        is_stoppable: bool = False,
        map_objects: MapObjects | None = None,
        work_budget: int = DEFAULT_WORK_BUDGET,
    ) -> None:
        if is_stoppable:
            invoke_task = _StoppableTasks(self, invoke_task)
        self.run = run
        self.clock = Clock(run.started_at) if clock is None else clock
        self.runtime = Runtime(
            run,
            identity=identity,
            invoke_task=invoke_task,
            clock=self.clock,
            run_states=run_states,
            most_events=most_events,
        )
        self.runtime.start_child, self.runtime.map_objects = _start_child, map_objects
        self.runtime.work_budget = work_budget
        self.scope = _machine_scope(run, identity, random, self.clock, work_budget)
        self.pause: Pause | None = None
        self._takes_a_step = False
        self.has_ended = False
        self._definition = definition
        self._random = random
        self._latest_end = run.started_at + most_seconds * MICROSECONDS
        self._began_at = run.started_at
        self._deadline = _deadline(definition, run.started_at, self._latest_end)
        self._steps = self._run()
        details = {"input": run.input, "roleArn": identity.role_arn, **identity.started_through}
        self.runtime.record("ExecutionStarted", 0, 0, details)

    def go_on(self) -> Pause | None:
        """Take the next steps; return the pause in which the run waits, or None if it has ended."""
        if self.has_ended:
            return None
        self._takes_a_step = True
        try:
            with collector_slowed:
                self.pause = next(self._steps, None)
        finally:
            self._takes_a_step = False
        return self.pause

    def run_on(self) -> None:
        """Run to the end, or until the run waits for the outside only; the clock jumps to each time that is due."""
        clock = self.clock
        with collector_slowed:
            for pause in self._steps:
                self.pause = pause
                jump = pause.next_jump()
                if jump is None:
                    return
                if jump > clock.now:
                    clock.now = jump
        self.pause = None

    @property
    def awaited(self) -> list[Awaited]:
        """The work that the outside has to answer, in the order in which it was submitted."""
        return list(self.run.awaited.values())

    def stop(self, error: str | None = None, cause: str | None = None) -> None:
        """End the run as ABORTED, in any state; a run that has ended stays as it is.

        If a task of the run itself calls this, its result is ignored when it returns.
        """
        if self.has_ended:
            return
        if not self._takes_a_step:
            self._steps.close()
        self.has_ended = True
        self.run.stopped_at = self.clock.now
        self.run.status, self.run.error, self.run.cause = "ABORTED", error, cause
        details = {name: text for name, text in (("error", error), ("cause", cause)) if text is not None}
        # Recorded: no other event is added before it, and its previous event is 0.
        self.runtime.record("ExecutionAborted", 0, 0, details)

    def redrive(self, redrive_count: int) -> None:
        """Let a run that has ended without success go on where it failed; `go_on` takes the next steps.

        Documented: the machine's TimeoutSeconds begins anew.
        """
        run, identity, now = self.run, self.runtime.identity, self.clock.now
        identity.redrive_count, identity.redriven_at = redrive_count, now
        runtime = self.runtime.anew()
        # Imported only here, so that runs that are not redriven don't import it.
        from pytest_sfn_sync.asl.redrive import progress_of

        runtime.progress = progress_of(run)
        # Measured: its previous event is the last one of the execution.
        runtime.record("ExecutionRedriven", len(runtime.records), 0, {"redriveCount": redrive_count})
        run.redriven.append(Redriven(len(run.history), now, now - run.stopped_at))
        run.status, run.error, run.cause, run.note = "RUNNING", None, None, None
        self.runtime = runtime
        self.scope = _machine_scope(run, identity, self._random, self.clock, runtime.work_budget)
        self._began_at = now
        self._deadline = _deadline(self._definition, now, self._latest_end)
        self._steps = self._run()
        self.has_ended = False

    def _run(self) -> Generator[Pause, None, None]:
        runtime, run, scope = self.runtime, self.run, self.scope
        try:
            run.output = yield from self._until_deadline(run_states(runtime, self._definition.states, run.input, scope))
            if runtime.is_overfull:
                raise FullHistoryError(scope.state_name)
        except FullHistoryError as full:
            self._fail_with_full_history(full.state_name)
        except AslError as failure:
            if runtime.is_overfull:
                self._fail_with_full_history(scope.state_name)
                return
            failure.forget_frames()
            run.status, run.error, run.cause = "FAILED", failure.error, failure.cause
            runtime.record("ExecutionFailed", scope.last_event, 0, error_details(failure))
        except OutOfTimeError as end:
            run.status, run.note = "TIMED_OUT", end.note
            # Recorded: the previous event of a machine's timeout is 0, and its response has neither error nor cause.
            runtime.record("ExecutionTimedOut", 0, 0, {"error": "States.Timeout"})
        except StoppedError:
            if not self.has_ended:  # A task of this child has stopped the execution around it.
                run.status = "ABORTED"
                runtime.record("ExecutionAborted", 0, 0, {})
                raise
        else:
            run.status = "SUCCEEDED"
            runtime.record("ExecutionSucceeded", scope.last_event, 0, {"output": run.output})
        finally:
            self.has_ended = True
            self.pause = None
            run.stopped_at = self.clock.now
            run.variables = scope.variables.visible()
            scope.context.root = None  # Else the two would keep each other, and the run, in memory.

    def _fail_with_full_history(self, state_name: str) -> None:
        """End the run with its last possible event.

        Measured: the text, and that it is the last event. Events of the last step that have no room are dropped.
        """
        run, most = self.run, self.runtime.most_events or 0
        del self.runtime.records[most - 1 :]
        cause = f"The execution reached the maximum number of history events ({most})."
        run.status, run.error, run.cause = "FAILED", STATES_RUNTIME, cause
        run.note = f"the last state entered was {state_name!r}: does the workflow loop without end?"
        self.runtime.record("ExecutionFailed", most - 1, 0, {"error": run.error, "cause": cause})

    def _until_deadline(self, steps: Steps) -> Steps:
        """Yield the pauses of the steps; raise `OutOfTimeError` at the deadline of the machine."""
        clock, deadline = self.clock, self._deadline
        try:
            while True:
                pause = next(steps)
                if (pause.outside or (pause.due is not None and pause.due >= deadline)) and clock.now < deadline:
                    pause = pause.limited_to(deadline)
                yield pause
                if clock.now >= deadline:
                    raise OutOfTimeError(
                        f"timed out after {(deadline - self._began_at) // MICROSECONDS} virtual seconds"
                    )
        except StopIteration as end:
            return end.value
        except OutOfTimeError:
            clock.now = max(clock.now, deadline)
            raise
        finally:
            steps.close()


def _start_child(
    parent: Runtime,
    definition: StateMachineDefinition,
    run: Run,
    identity: Identity,
    random: Random,
    is_express: bool,
) -> Running:
    """Return the run of a child of a distributed Map, whose tasks are done as those of its parent."""
    return Running(
        definition,
        run,
        identity=identity,
        invoke_task=parent.invoke_task,
        random=random,
        work_budget=parent.work_budget,
        clock=parent.clock,
        most_seconds=EXPRESS_TIMEOUT_SECONDS if is_express else STANDARD_TIMEOUT_SECONDS,
        most_events=None if is_express else STANDARD_EVENTS,
        is_stoppable=True,
        map_objects=parent.map_objects,
    )


class _StoppableTasks:
    """The function that does the tasks of a run that may be stopped by one of them."""

    def __init__(self, running: Running, invoke_task: InvokeTask) -> None:
        self._running = ref(running)  # Weak, as the run has its tasks.
        self._invoke_task = invoke_task
        check_task = getattr(invoke_task, "check_task", None)
        if check_task is not None:
            self.check_task = check_task

    def __call__(self, call: TaskCall) -> TaskAnswer | Submitted | NestedRun:
        answer = self._invoke_task(call)
        running = self._running()
        assert running is not None, "the run is there while its tasks are done"
        if running.has_ended:
            raise StoppedError
        if isinstance(answer, Submitted) and not isinstance(answer.answer, TaskAnswer | None):
            return answer._replace(answer=_StoppableWork(running, answer.answer))
        return answer


class _StoppableWork:
    """Work that a task of a run waits for, and that may stop the run."""

    def __init__(self, running: Running, work: NestedRun) -> None:
        self._running = running
        self._work = work
        self.wake_by, self.answer, self.leave, self.stop = work.wake_by, work.answer, work.leave, work.stop

    def go_on(self, clock: Clock) -> Pause | None:
        pause = self._work.go_on(clock)
        if not self._running.has_ended:
            return pause
        if pause is not None:
            self.stop()
        raise StoppedError


def _machine_scope(run: Run, identity: Identity, random: Random, clock: Clock, work_budget: int) -> BranchScope:
    scope = BranchScope(ExecutionContext(run, identity, random, clock, work_budget), Variables())
    scope.context.root = scope
    if run.input_text is not None:
        # A float may become longer than its original text: 1e6 is 1000000.0.
        scope.payload_bytes = 3 * len(run.input_text.encode("utf-8", "replace"))
    return scope


def _deadline(definition: StateMachineDefinition, began_at: int, latest_end: int) -> int:
    if definition.timeout_seconds is None:
        return latest_end
    return min(began_at + definition.timeout_seconds * MICROSECONDS, latest_end)
