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
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.runtime import InvokeTask, Runtime
from pytest_sfn_sync.asl.scopes import BranchScope, ExecutionContext
from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.asl.variables import Variables


class Running:
    """A run of a machine on a virtual clock, from ``run.started_at`` on.

    It fills in ``run``: history and calls as they happen, the outcome at the end. ``clock`` is the clock of the
    execution around it, if there is one. An exception that is not an ASL error, such as a usage error from
    ``invoke_task``, passes through. ``run`` then holds the history and the calls until that point.
    """

    __slots__ = ("_deadline", "_steps", "clock", "has_ended", "pause", "run", "runtime", "scope")

    def __init__(
        self,
        definition: StateMachineDefinition,
        run: Run,
        *,
        identity: Identity,
        invoke_task: InvokeTask,
        random: Random,
        clock: Clock | None = None,
    ) -> None:
        self.run = run
        self.clock = Clock(run.started_at) if clock is None else clock
        self.runtime = Runtime(run, identity=identity, invoke_task=invoke_task, clock=self.clock, run_states=run_states)
        self.scope = _machine_scope(run, identity, random, self.clock)
        self.pause: Pause | None = None
        self.has_ended = False
        self._deadline = run.started_at + _seconds_allowed(definition) * MICROSECONDS
        self._steps = self._run(definition)

    def go_on(self) -> Pause | None:
        """Take the next steps; return the pause in which the run waits, or None if it has ended."""
        if self.has_ended:
            return None
        with collector_paused:
            self.pause = next(self._steps, None)
        return self.pause

    def run_on(self) -> None:
        """Run to the end, or until the run waits for the outside only; the clock jumps to each time that is due."""
        clock = self.clock
        with collector_paused:
            for pause in self._steps:
                self.pause = pause
                jump = pause.next_jump(clock.now)
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
        """End the run as ABORTED, in any state; a run that has ended stays as it is."""
        if self.has_ended:
            return
        self._steps.close()
        self.has_ended = True
        self.run.stopped_at = self.clock.now
        self.run.status, self.run.error, self.run.cause = "ABORTED", error, cause
        details = {name: text for name, text in (("error", error), ("cause", cause)) if text is not None}
        # Recorded: no other event is added before it, and its previous event is 0.
        self.runtime.record("ExecutionAborted", 0, 0, details)

    def _run(self, definition: StateMachineDefinition) -> Generator[Pause, None, None]:
        runtime, run, scope = self.runtime, self.run, self.scope
        runtime.record("ExecutionStarted", 0, 0, {"input": run.input, "roleArn": runtime.identity.role_arn})
        try:
            run.output = yield from self._until_deadline(run_states(runtime, definition.states, run.input, scope))
        except AslError as failure:
            run.status, run.error, run.cause = "FAILED", failure.error, failure.cause
            runtime.record("ExecutionFailed", scope.last_event, 0, error_details(failure))
        except OutOfTimeError as end:
            run.status, run.note = "TIMED_OUT", end.note
            # Recorded: the previous event of a machine's timeout is 0, and its response has neither error nor cause.
            runtime.record("ExecutionTimedOut", 0, 0, {"error": "States.Timeout"})
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
                        f"timed out after {(deadline - self.run.started_at) // MICROSECONDS} virtual seconds"
                    )
        except StopIteration as end:
            return end.value
        except OutOfTimeError:
            clock.now = max(clock.now, deadline)
            raise
        finally:
            steps.close()


def _machine_scope(run: Run, identity: Identity, random: Random, clock: Clock) -> BranchScope:
    scope = BranchScope(ExecutionContext(run, identity, random, clock), Variables())
    scope.context.root = scope
    if run.input_text is not None:
        # A float may become longer than its original text: 1e6 is 1000000.0.
        scope.payload_bytes = 3 * len(run.input_text.encode("utf-8", "replace"))
    return scope


def _seconds_allowed(definition: StateMachineDefinition) -> int:
    if definition.timeout_seconds is None:
        return EXPRESS_TIMEOUT_SECONDS
    return min(definition.timeout_seconds, EXPRESS_TIMEOUT_SECONDS)
