"""Executions as a test sees them: plain values, made lazily from what the run recorded.

`Execution` reads a `Run` and never changes it. Making one costs next to nothing, because every run makes one and few
tests look at more than a handful of its attributes. How it is told in words is the business of `trace`; what is
asserted about it, of `assertions`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from os import PathLike
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.task_call import EPOCH, TaskCall

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import StateMachine

__all__ = ["Execution", "TaskCall"]


class Execution:
    """One execution of a state machine, as it ended.

    Made by the service for every StartSyncExecution that was accepted, and kept in ``sfn.executions``. ``response`` is
    what the client got, ``children`` are the executions that its task handlers started through a client.
    """

    __slots__ = ("arn", "children", "machine", "name", "response", "run")

    def __init__(
        self, *, run: Run, machine: StateMachine, arn: str, name: str, response: dict[str, Any] | None = None
    ) -> None:
        self.run = run
        self.machine = machine
        self.arn = arn
        self.name = name
        self.response = response
        self.children: list[Execution] = []
        for call in run.calls:
            call.execution = self

    @property
    def status(self) -> str:
        """``SUCCEEDED``, ``FAILED``, ``TIMED_OUT``, or ``ABORTED`` where a usage error or a handler ended the run."""
        return self.run.status

    @property
    def input(self) -> JSON:
        """The execution's input as a document."""
        return self.run.input

    @property
    def output(self) -> JSON:
        """The execution's output as a document; None where it did not succeed."""
        return self.run.output if self.run.status == "SUCCEEDED" else None

    @property
    def error(self) -> str | None:
        """The error name; None where the response has none."""
        return self.run.error

    @property
    def cause(self) -> str | None:
        """The cause; None where the response has none."""
        return self.run.cause

    @property
    def note(self) -> str | None:
        """Why the run was cut off, where its states alone don't show it."""
        return self.run.note

    @property
    def path(self) -> list[str]:
        """The names of the states in order of entry, those of branches and iterations included."""
        return self.run.history.entered_states()

    @property
    def calls(self) -> list[TaskCall]:
        """Every attempt of every Task, in the order in which they were made."""
        return self.run.calls

    @property
    def history(self) -> list[dict[str, Any]]:
        """The events as GetExecutionHistory gives them, ``timestamp`` as datetime."""
        return self.run.history.render()

    @property
    def variables(self) -> dict[str, JSON]:
        """The workflow variables of the outermost scope as they stood at the end."""
        return self.run.variables

    @property
    def started_at(self) -> datetime:
        """When the execution started on the virtual clock (timezone-aware, UTC)."""
        return EPOCH + timedelta(microseconds=self.run.started_at)

    @property
    def stopped_at(self) -> datetime:
        """When the execution ended on the virtual clock (timezone-aware, UTC)."""
        return EPOCH + timedelta(microseconds=self.run.stopped_at)

    @property
    def duration(self) -> float:
        """How long the execution took, in virtual seconds: exactly 5.0 for five seconds of Wait."""
        return (self.run.stopped_at - self.run.started_at) / 1_000_000

    def trace(self, *, color: bool = False) -> str:
        """Tell the run in words: its states in order with virtual times, what took their errors, and how it ended.

        ``color`` puts in the escape codes of terminals.
        """
        from pytest_sfn_sync.executions.trace import trace_of

        return trace_of(self, color=color)

    def to_mermaid(self) -> str:
        """Draw the machine as a Mermaid flowchart, with what ran marked and the outcome of each state."""
        from pytest_sfn_sync.diagrams.mermaid import execution_mermaid

        return execution_mermaid(self)

    def to_html(self) -> str:
        """Write a page of HTML that is whole by itself: the graph with what ran, and what each state got and gave.

        Needs the extra ``html``; raises SfnSyncUsageError without it.
        """
        from pytest_sfn_sync.diagrams.page import execution_page

        return execution_page(self)

    def save_html(self, path: str | PathLike[str]) -> None:
        """Write the page of `to_html` to a file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.to_html())

    def assert_succeeded(self, *, output: Any = MISSING) -> None:
        """Fail with the trace unless the execution succeeded and, where given, its output equals ``output``."""
        from pytest_sfn_sync.executions.assertions import assert_succeeded

        assert_succeeded(self, output=output)

    def assert_failed(self, *, error: Any = MISSING, cause: Any = MISSING) -> None:
        """Fail with the trace unless the execution failed and, where given, with this error and this cause."""
        from pytest_sfn_sync.executions.assertions import assert_failed

        assert_failed(self, error=error, cause=cause)

    def assert_timed_out(self) -> None:
        """Fail with the trace unless the execution ended as ``TIMED_OUT``."""
        from pytest_sfn_sync.executions.assertions import assert_timed_out

        assert_timed_out(self)

    def __repr__(self) -> str:
        outcome = f"error={self.error!r}" if self.status == "FAILED" else f"path={self.path!r}"
        return (
            f"<Execution {self.name!r} of {self.machine.name!r}: {self.status} "
            f"after {self.duration:g} virtual seconds, {outcome}>"
        )
