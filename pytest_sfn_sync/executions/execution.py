"""`Execution`, as a test sees it: the values of a run, its trace, its pictures and its assertions."""

from __future__ import annotations

import os
from os import PathLike
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.executions.execution_values import ExecutionValues
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.text_files import path_fault

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.run import Run
    from pytest_sfn_sync.executions.entered_states import EnteredState
    from pytest_sfn_sync.registry import RegisteredMachine

__all__ = ["Execution", "TaskCall"]


class Execution(ExecutionValues):
    """One execution of a state machine that has ended.

    The service makes one for every StartSyncExecution that it accepts, and keeps it in ``sfn.executions``. ``response``
    is the client's response. ``children`` are the executions that task handlers of this one started through a client.
    """

    __slots__ = ("children",)

    def __init__(
        self, *, run: Run, machine: RegisteredMachine, arn: str, name: str, response: dict[str, Any] | None = None
    ) -> None:
        super().__init__(run=run, machine=machine, arn=arn, name=name, response=response)
        self.children: list[Execution] = []

    @public_door
    def trace(self, *, color: bool = False) -> str:
        """Return the run in words: its states in order with virtual times, its handled errors, and its end.

        ``color`` adds the escape codes of terminals.
        """
        from pytest_sfn_sync.executions.trace import trace_of

        return trace_of(self, color=color)

    @public_door
    def to_mermaid(self) -> str:
        """Return the machine as a Mermaid flowchart in which the parts that ran and each state's outcome are marked."""
        from pytest_sfn_sync.diagrams.mermaid import execution_mermaid

        return execution_mermaid(self)

    @public_door
    def to_html(self) -> str:
        """Return a self-contained page of HTML: the graph with the parts that ran, and each state's input and output.

        It needs the extra ``html``; without it, SfnSyncUsageError is raised.
        """
        from pytest_sfn_sync.diagrams.page import execution_page

        return execution_page(self)

    def save_html(self, path: str | PathLike[str]) -> None:
        """Write the page of `to_html` to a file; raise OptionError for a text that can't be the path of a file."""
        named: object = path
        why = path_fault(os.fspath(path)) if isinstance(named, str | PathLike) else "it is no path"
        if why is not None:
            raise OptionError(f"save_html can't write to {shown_value(path)}: {why}.")
        page = self.to_html()
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)

    def assert_succeeded(self, *, output: Any = MISSING) -> None:
        """Fail with the trace unless the execution succeeded and its output equals ``output``, if that is given."""
        from pytest_sfn_sync.executions.assertions import assert_succeeded

        assert_succeeded(self, output=output)

    def assert_failed(self, *, error: Any = MISSING, cause: Any = MISSING) -> None:
        """Fail with the trace unless the execution failed with this error and this cause, if they are given."""
        from pytest_sfn_sync.executions.assertions import assert_failed

        assert_failed(self, error=error, cause=cause)

    @property
    def states(self) -> list[EnteredState]:
        """The visits of states in order of entry, including those of branches and iterations."""
        from pytest_sfn_sync.executions.entered_states import entered_states

        return entered_states(self)

    def state(self, name: str) -> EnteredState:
        """Return the last visit of a state; its ``visits`` has all of them.

        Raise AssertionError with the trace if the state was not entered, and SfnSyncUsageError if the machine has no
        such state.
        """
        from pytest_sfn_sync.executions.entered_states import entered_state

        return entered_state(self, name)

    def assert_path(self, *names: str) -> None:
        """Fail with the trace unless the execution entered these states, in this order, and no others.

        States of branches and iterations count where they were entered, as in ``path``.
        """
        from pytest_sfn_sync.executions.assertions import assert_path

        check_arguments("assert_path", **{"*names": names})
        assert_path(self, names)

    def assert_timed_out(self) -> None:
        """Fail with the trace unless the execution ended as ``TIMED_OUT``."""
        from pytest_sfn_sync.executions.assertions import assert_timed_out

        assert_timed_out(self)
