"""The tasks of Standard executions that this fake does: all but those that wait for a task token."""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.runtime import InvokeTask, NestedRun
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.errors import SfnSyncUsageError

_CALLBACK: Final = ".waitForTaskToken"


class RequestResponseTasks:
    """A function that does the tasks of a Standard machine; it refuses a Task that waits for a token."""

    def __init__(self, machine: str, invoke_task: InvokeTask) -> None:
        self._machine = machine
        self._invoke_task = invoke_task
        check_task = getattr(invoke_task, "check_task", None)
        if check_task is not None:
            self.check_task = check_task

    def __call__(self, call: TaskCall) -> TaskAnswer | Submitted | NestedRun:
        """Do the work of a call; raise SfnSyncUsageError if the Task waits for a token."""
        if call.resource.endswith(_CALLBACK):
            raise SfnSyncUsageError(
                f"Machine {self._machine!r}: the Task {call.state_name!r} has the Resource {call.resource!r}. It waits "
                "for a task token, which can't be answered here. Test the machine without that state, or the state by "
                "itself with TestState and a mock."
            )
        return self._invoke_task(call)
