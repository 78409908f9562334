"""`Execution`, as a test sees it: the values of a run, its trace, its pictures and its assertions."""

from __future__ import annotations

import os
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any
from weakref import ref

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.asl.run import awaited_within
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.executions.execution_values import ExecutionValues
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.text_files import path_fault

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.run import MapChild, MapRun, Run
    from pytest_sfn_sync.executions.entered_states import EnteredState
    from pytest_sfn_sync.executions.pending_tasks import PendingTask
    from pytest_sfn_sync.registry import RegisteredMachine

__all__ = ["Execution", "TaskCall"]


class Execution(ExecutionValues):
    """One execution of a state machine that has ended.

    The service makes one for every StartSyncExecution that it accepts, and keeps it in ``sfn.executions``. ``response``
    is the client's response. ``children`` are the executions that task handlers of this one started through a client.
    """

    __slots__ = ("_map_runs", "children")

    def __init__(
        self, *, run: Run, machine: RegisteredMachine, arn: str, name: str, wire_response: dict[str, Any] | None = None
    ) -> None:
        super().__init__(run=run, machine=machine, arn=arn, name=name, wire_response=wire_response)
        self.children: list[Execution] = []
        self._map_runs: list[MapRunValues] = []
        if not run.map_runs:
            return
        reference = ref(self)
        for position, map_run in enumerate(run.map_runs):
            for child in map_run.children:
                for call in () if child.run is None else child.run.calls:
                    call.execution_reference = partial(_execution_of_child, reference, position, child)

    @property
    def map_runs(self) -> list[MapRunValues]:
        """The runs of distributed Maps, in the order of their start, with their child executions."""
        known = self._map_runs
        known += [MapRunValues(map_run, self.machine) for map_run in self.run.map_runs[len(known) :]]
        return list(known)

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
    def pending(self) -> list[PendingTask]:
        """The tasks that wait for the outside: for an answer to their task token, or for a worker.

        They are in the order in which they began to wait. Each has ``succeed``, ``fail`` and ``heartbeat``.
        """
        from pytest_sfn_sync.executions.pending_tasks import pending_tasks

        return pending_tasks(awaited_within(self.run))

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


class MapRunValues:
    """One run of a distributed Map.

    ``executions`` are its children that have started, in the order of the items or batches.
    """

    __slots__ = ("_executions", "_machine", "_map_run")

    def __init__(self, map_run: MapRun, machine: RegisteredMachine) -> None:
        self._map_run = map_run
        self._machine = machine
        self._executions: dict[int, Execution] = {}

    @property
    def state(self) -> str:
        """The name of the Map state."""
        return self._map_run.state_name

    @property
    def arn(self) -> str:
        """The ARN of the Map Run, as DescribeMapRun takes it."""
        return self._map_run.arn

    @property
    def status(self) -> str:
        """``RUNNING``, ``SUCCEEDED``, ``FAILED``, or ``ABORTED`` if it was cut off."""
        return self._map_run.status

    @property
    def item_counts(self) -> dict[str, int]:
        """The numbers of items by the status of their child, such as ``{"SUCCEEDED": 9, "FAILED": 1, ...}``."""
        return self._map_run.item_counts()

    @property
    def execution_counts(self) -> dict[str, int]:
        """The numbers of child executions by status."""
        return self._map_run.execution_counts()

    @property
    def executions(self) -> list[Execution]:
        """The child executions that have started, in the order of the items or batches."""
        return [self.execution_of(child) for child in self._map_run.children if child.run is not None]

    @property
    def failed(self) -> list[Execution]:
        """The child executions that failed or timed out."""
        failed = (child for child in self._map_run.children if child.status in ("FAILED", "TIMED_OUT"))
        return [self.execution_of(child) for child in failed]

    def execution_of(self, child: MapChild) -> Execution:
        """Return the execution of a child that has started; it is made when it is first asked for."""
        found = self._executions.get(child.index)
        if found is None or found.run is not child.run:
            assert child.run is not None
            arn, name = child.arn, self._map_run.name_of(child)
            # Its states are those of the whole machine, so that traces and pictures show where they are.
            found = Execution(run=child.run, machine=self._machine, arn=arn, name=name)
            self._executions[child.index] = found
        return found

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {status}" for status, count in self.execution_counts.items() if count)
        return f"<Map Run of {self.state!r}: {self.status}, {counts or 'no child executions'}>"


def _execution_of_child(parent: ref[Execution], position: int, child: MapChild) -> Execution | None:
    """Return the execution of a child by that of its parent; None if nothing keeps the parent any more."""
    execution = parent()
    return None if execution is None else execution.map_runs[position].execution_of(child)
