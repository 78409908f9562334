"""An execution that can pause: it runs until it has to wait, takes answers from the outside, and can be stopped."""

from __future__ import annotations

from collections.abc import Generator
from random import Random

from pytest_sfn_sync.asl.definition import StateMachineDefinition
from pytest_sfn_sync.asl.error_names import AslError, error_details
from pytest_sfn_sync.asl.garbage_collection import collector_paused
from pytest_sfn_sync.asl.interpreter import OutOfTimeError, run_states
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MICROSECONDS
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause, Steps
from pytest_sfn_sync.asl.records import Redriven
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.runtime import InvokeTask, NestedRun, Runtime
from pytest_sfn_sync.asl.scopes import BranchScope, ExecutionContext
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.variables import Variables


class StoppedError(Exception):
    """The run was stopped while one of its tasks was being done. This is not an ASL error, so no catcher takes it."""


class Running:
    """A run of a machine on a virtual clock, from ``run.started_at`` on.

    It fills in ``run``: history and calls as they happen, the outcome at the end. ``clock`` is the clock of the
    execution around it, if there is one. ``most_seconds`` is the longest time that an execution of
    the machine's type may take. ``is_stoppable`` is true if its own tasks may call `stop`. An exception that is not an
    ASL error, such as a usage error from ``invoke_task``, passes through. ``run`` then holds the history and the calls
    until that point.
    """

    __slots__ = (
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
        is_stoppable: bool = False,
    ) -> None:
        if is_stoppable:
            invoke_task = _StoppableTasks(self, invoke_task)
        self.run = run
        self.clock = Clock(run.started_at) if clock is None else clock
        self.runtime = Runtime(run, identity=identity, invoke_task=invoke_task, clock=self.clock, run_states=run_states)
        self.scope = _machine_scope(run, identity, random, self.clock)
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
            with collector_paused:
                self.pause = next(self._steps, None)
        finally:
            self._takes_a_step = False
        return self.pause

    def run_on(self) -> None:
        """Run to the end, or until the run waits for the outside only; the clock jumps to each time that is due."""
        clock = self.clock
        with collector_paused:
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
        return list(self.runtime.awaited.values())

    def answer(self, token: str, answer: TaskAnswer) -> None:
        """Record the answer to the task of a token; the run uses it later. Raise KeyError if there is no such token."""
        awaited = self.runtime.awaited[token]
        awaited.answer = answer
        awaited.is_touched = True

    def heartbeat(self, token: str) -> None:
        """Record a heartbeat of the task of a token. Raise KeyError if there is no such token."""
        awaited = self.runtime.awaited[token]
        awaited.heartbeat_at = self.clock.now
        awaited.is_touched = True

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
        run, before, now = self.run, self.runtime, self.clock.now
        identity = before.identity
        identity.redrive_count, identity.redriven_at = redrive_count, now
        runtime = Runtime(
            run, identity=identity, invoke_task=before.invoke_task, clock=self.clock, run_states=run_states
        )
        # Imported only here, so that runs that are not redriven don't import it.
        from pytest_sfn_sync.asl.redrive import progress_of

        runtime.progress = progress_of(run)
        # Measured: its previous event is the last one of the execution.
        runtime.record("ExecutionRedriven", len(runtime.records), 0, {"redriveCount": redrive_count})
        run.redriven.append(Redriven(len(run.history), now, now - run.stopped_at))
        run.status, run.error, run.cause, run.note = "RUNNING", None, None, None
        self.runtime, self.scope = runtime, _machine_scope(run, identity, self._random, self.clock)
        self._began_at = now
        self._deadline = _deadline(self._definition, now, self._latest_end)
        self._steps = self._run()
        self.has_ended = False

    def _run(self) -> Generator[Pause, None, None]:
        runtime, run, scope = self.runtime, self.run, self.scope
        try:
            run.output = yield from self._until_deadline(run_states(runtime, self._definition.states, run.input, scope))
        except AslError as failure:
            run.status, run.error, run.cause = "FAILED", failure.error, failure.cause
            runtime.record("ExecutionFailed", scope.last_event, 0, error_details(failure))
        except OutOfTimeError as end:
            run.status, run.note = "TIMED_OUT", end.note
            # Recorded: the previous event of a machine's timeout is 0, and its response has neither error nor cause.
            runtime.record("ExecutionTimedOut", 0, 0, {"error": "States.Timeout"})
        except StoppedError:
            pass
        else:
            run.status = "SUCCEEDED"
            runtime.record("ExecutionSucceeded", scope.last_event, 0, {"output": run.output})
        finally:
            self.has_ended = True
            self.pause = None
            run.stopped_at = self.clock.now
            run.variables = scope.variables.visible()
            scope.context.root = None  # Else the two would keep each other, and the run, in memory.

    def _until_deadline(self, steps: Steps) -> Steps:
        """Yield the pauses of the steps; raise `OutOfTimeError` at the deadline of the machine."""
        clock, deadline = self.clock, self._deadline
        try:
            while True:
                pause = next(steps)
                if pause.due is not None and pause.due >= deadline > clock.now:
                    pause = Pause(deadline, pause.outside)
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


class _StoppableTasks:
    """The function that does the tasks of a run that may be stopped by one of them."""

    def __init__(self, running: Running, invoke_task: InvokeTask) -> None:
        self._running = running
        self._invoke_task = invoke_task
        check_task = getattr(invoke_task, "check_task", None)
        if check_task is not None:
            self.check_task = check_task

    def __call__(self, call: TaskCall) -> TaskAnswer | Submitted | NestedRun:
        answer = self._invoke_task(call)
        if self._running.has_ended:
            raise StoppedError
        return answer


def _machine_scope(run: Run, identity: Identity, random: Random, clock: Clock) -> BranchScope:
    scope = BranchScope(ExecutionContext(run, identity, random, clock), Variables())
    scope.context.root = scope
    if run.input_text is not None:
        # A float may become longer than its original text: 1e6 is 1000000.0.
        scope.payload_bytes = 3 * len(run.input_text.encode("utf-8", "replace"))
    return scope


def _deadline(definition: StateMachineDefinition, began_at: int, latest_end: int) -> int:
    if definition.timeout_seconds is None:
        return latest_end
    return min(began_at + definition.timeout_seconds * MICROSECONDS, latest_end)
