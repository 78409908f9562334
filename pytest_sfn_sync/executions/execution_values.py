"""The values of an execution, made lazily from what the run recorded.

`ExecutionValues` reads a `Run` and never changes it. Making one costs next to nothing, because every run makes one and
few tests look at more than a handful of its attributes. What is written, drawn and asserted of an execution needs no
more than these values.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.task_call import EPOCH, TaskCall

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import StateMachine


class ExecutionValues:
    """What there is to know of one execution, as it ended."""

    __slots__ = ("arn", "machine", "name", "response", "run")

    def __init__(
        self, *, run: Run, machine: StateMachine, arn: str, name: str, response: dict[str, Any] | None = None
    ) -> None:
        self.run = run
        self.machine = machine
        self.arn = arn
        self.name = name
        self.response = response
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

    def __repr__(self) -> str:
        outcome = f"error={self.error!r}" if self.status == "FAILED" else f"path={self.path!r}"
        return (
            f"<Execution {self.name!r} of {self.machine.name!r}: {self.status} "
            f"after {self.duration:g} virtual seconds, {outcome}>"
        )
