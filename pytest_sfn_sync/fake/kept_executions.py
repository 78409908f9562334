"""The executions that a fake keeps, with those that their tasks and handlers started as their children."""

from __future__ import annotations

from pytest_sfn_sync.asl.parsing.definition_parser import STANDARD
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.tasks.responders import call_being_handled


class KeptExecutions:
    """Keeps the executions of a fake; apart from the fake, so that no circle of objects keeps the fake in memory."""

    __slots__ = ("_children", "_executions", "_standard")

    def __init__(
        self, executions: list[Execution], standard: list[Execution], children: dict[int, list[Execution]]
    ) -> None:
        self._executions = executions
        self._standard = standard
        self._children = children

    def keep(self, execution: Execution, parent_call: TaskCall | None = None) -> None:
        """Keep an execution, with its children; its parent is the one whose task, or whose handler, started it."""
        self._executions.append(execution)
        recorders.add(execution)
        if execution.machine.type == STANDARD:
            # It may wait, or be redriven, so it is recorded at the end.
            self._standard.append(execution)
        else:
            recorders.record(execution)
        if self._children:
            for call in execution.calls:
                execution.children += self._children.pop(id(call), ())
        parent_call = parent_call or call_being_handled.get()
        if parent_call is not None:
            self._children_of(parent_call).append(execution)

    def _children_of(self, parent_call: TaskCall) -> list[Execution]:
        """Return the list for the children of a call: that of its execution, if the execution is kept and goes on."""
        for execution in self._standard:
            if execution.run.status == "RUNNING" and any(call is parent_call for call in execution.run.calls):
                return execution.children
        return self._children.setdefault(id(parent_call), [])
