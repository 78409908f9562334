"""Executions of Standard machines that a task waits for by ``.sync`` or ``.sync:2``.

Such an execution takes its steps when the task does, on the clock of the account. It is an execution like any other:
it is listed and described, has its own history, can wait for the outside, and can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause
from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.execution_entries import RUNNING, StartedExecution
from pytest_sfn_sync.service.execution_operations import describe_execution
from pytest_sfn_sync.service.nested_results import described_result
from pytest_sfn_sync.tasks.integrations.jobs import TASK_FAILED


class AwaitedExecution:
    """An execution that a task has started and waits for.

    ``keep`` is called once, when the execution has taken its first steps. ``is_parsed`` is true for ``.sync:2``.
    """

    def __init__(
        self,
        account: Account,
        started: StartedExecution,
        *,
        is_parsed: bool,
        keep: Callable[[], object],
    ) -> None:
        self._account = account
        self._started = started
        self._is_parsed = is_parsed
        self._keep: Callable[[], object] | None = keep
        # Documented: StartExecution with the name and the input of an execution that runs returns that execution. It
        # takes its steps elsewhere.
        self._own = [] if started.running in account.open else [started.running]
        account.open.setdefault(started.running, started)

    def wake_by(self, awaited: Awaited) -> None:
        """Keep the task that waits, so that it goes on if the execution is stopped."""
        self._started.awaited_by = awaited

    def go_on(self, clock: Clock) -> Pause | None:
        """Take the next steps; return the pause in which the execution waits, or None if it has ended."""
        running = self._started.running
        if not self._own:
            outside = () if running.pause is None else running.pause.outside
            return Pause(None, outside) if self._started.status == RUNNING else None
        try:
            pause = running.go_on()
        except BaseException as end:
            self._account.record_end(running, end)
            raise
        finally:
            if self._keep is not None:
                self._keep()
                self._keep = None
        if pause is None and running in self._account.open:
            self._account.record_end(running, None)
        return pause

    def answer(self) -> TaskAnswer:
        """Return the result of the task, which is the description of the execution, or the failure of the task."""
        self._started.awaited_by = None
        described = describe_execution(self._account, {"executionArn": self._started.prepared.arn})
        result = described_result(described, is_parsed=self._is_parsed)
        if self._started.status == "SUCCEEDED":
            return TaskAnswer(result)
        # Recorded: the cause is the description. Assumption: the cause of .sync:2 has the parsed input.
        return TaskAnswer(None, TASK_FAILED, compact(result))

    def leave(self) -> None:
        """Let the execution go on by itself. Assumption: it is not stopped if the task's token was answered."""
        self._started.awaited_by = None
        self._account.timeline.running.extend(self._own)

    def stop(self) -> None:
        """Stop the execution with its task. Documented: AWS tries to stop it. Assumption: without error and cause."""
        self._started.awaited_by = None
        running = self._started.running
        if running in self._account.open:
            running.stop()
            self._account.record_end(running, None)
