"""The part of the fake for tasks that wait for the outside: what waits, the time that passes, and activities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_sfn_sync.errors import PendingTaskError, SfnSyncUsageError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.service.step_functions import StepFunctions
from pytest_sfn_sync.tasks.mocks import microseconds_of

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.pending_tasks import PendingTask
    from pytest_sfn_sync.service.account import Account


class WaitingTasks:
    """The methods of `SfnSync` for tasks that wait."""

    executions: list[Execution]
    _service: StepFunctions

    def _account_for(self, method: str) -> Account:
        raise NotImplementedError

    @property
    def pending(self) -> list[PendingTask]:
        """The tasks of all executions that wait for the outside: for an answer to their token, or for a worker.

        They are in the order in which they began to wait. Each has ``succeed``, ``fail`` and ``heartbeat``.
        """
        from pytest_sfn_sync.executions.pending_tasks import pending_tasks

        return pending_tasks(self._service.account.timeline.clock.waiting)

    def advance(self, seconds: float) -> None:
        """Let virtual time pass, so that timeouts and heartbeats of tasks that wait for the outside may strike.

        Executions go on by themselves over everything else that takes time. Raise SfnSyncUsageError within the handler
        of a task.
        """
        timeline = self._account_for("advance").timeline
        if timeline.is_going_on_here:
            raise SfnSyncUsageError(
                "advance was called by the handler of a task, while executions take steps. Call it when the call that "
                "started them has returned. For the time that a task takes, write takes=... at its mock."
            )
        timeline.advance(microseconds_of(seconds, "advance"))

    def _declare_activities(self, arns: Sequence[str]) -> None:
        # Imported only here, as few templates have activities.
        from pytest_sfn_sync.service.activities import declare_activity

        for arn in arns:
            declare_activity(self._service.account, arn)

    def _raise_pending_tasks(self) -> None:
        __tracebackhide__ = True
        waiting = list(self._service.account.timeline.clock.waiting.values())
        if not waiting:
            return
        from pytest_sfn_sync.executions.pending_tasks import waits_text

        starts = {execution.arn: execution.run.started_at for execution in self.executions}
        count = len(waiting)
        lines = [f"{count} {'task waits' if count == 1 else 'tasks wait'} for an answer at the end of the test:"]
        for awaited in waiting:
            text = waits_text(awaited, starts.get(awaited.execution, awaited.since))
            lines.append(f"  {awaited.execution.partition(':execution:')[2]}: {text}")
        lines.append(
            "Answer them in the test, stop their executions, mock the tasks with returns=..., or leave "
            "assert_no_pending out."
        )
        raise PendingTaskError("\n".join(lines))
