"""The values of an execution, computed from the records of its run when they are read.

`ExecutionValues` reads a `Run` and never changes it. Every run makes one, and few tests read more than a handful of its
attributes, so making one is cheap. Traces, pictures and assertions are built from these values alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from weakref import ref

from pytest_sfn_sync.asl.document_copies import DocumentCopies
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.task_call import EPOCH, TaskCall
from pytest_sfn_sync.shown_text import shown_names, shown_value

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine


class ExecutionValues:
    """The values of one execution that has ended."""

    __slots__ = ("__weakref__", "_copies", "_history", "_response", "arn", "machine", "name", "run", "wire_response")

    def __init__(
        self, *, run: Run, machine: RegisteredMachine, arn: str, name: str, wire_response: dict[str, Any] | None = None
    ) -> None:
        self.run = run
        self.machine = machine
        self.arn = arn
        self.name = name
        self.wire_response = wire_response
        """The response as it is sent, with dates in seconds since the epoch."""
        self._response: dict[str, Any] | None = None
        self._copies: DocumentCopies | None = None
        self._history: tuple[int, Sequence[dict[str, Any]]] | None = None
        # Weak, as the run has the calls: a circle would keep every execution until the garbage collector finds it.
        reference = ref(self)
        for call in run.calls:
            call.execution_reference = reference

    @property
    def copies(self) -> DocumentCopies:
        """The copies of the run's documents that the test has read: changing one changes nothing of the run."""
        if self._copies is None:
            self._copies = DocumentCopies()
        return self._copies

    @property
    def response(self) -> dict[str, Any] | None:
        """The client's response without its metadata, with dates as datetimes; None if the client got none."""
        if self._response is None and self.wire_response is not None:
            dates = {"startDate": _to_milliseconds(self.started_at), "stopDate": _to_milliseconds(self.stopped_at)}
            self._response = {**self.wire_response, **dates}
        return self._response

    @property
    def status(self) -> str:
        """``SUCCEEDED``, ``FAILED``, ``TIMED_OUT``, or ``ABORTED`` if a usage error or a handler ended the run."""
        return self.run.status

    @property
    def input(self) -> JSON:
        """The execution's input as a document."""
        return self.copies.kept("input", self.run.input)

    @property
    def output(self) -> JSON:
        """The execution's output as a document; None if it did not succeed."""
        return self.copies.kept("output", self.run.output) if self.run.status == "SUCCEEDED" else None

    @property
    def error(self) -> str | None:
        """The error name; None if the response has none."""
        return self.run.error

    @property
    def cause(self) -> str | None:
        """The cause; None if the response has none."""
        return self.run.cause

    @property
    def note(self) -> str | None:
        """The reason why the run was cut off, if its states don't show it; else None."""
        return self.run.note

    @property
    def path(self) -> list[str]:
        """The names of the states in order of entry, including those of branches and iterations."""
        return self.run.history.entered_states()

    @property
    def calls(self) -> list[TaskCall]:
        """All attempts of all Tasks, in the order in which they were made; a new list at each access."""
        return list(self.run.calls)

    @property
    def history(self) -> Sequence[dict[str, Any]]:
        """The events as GetExecutionHistory returns them; ``timestamp`` is a datetime.

        It is a list. For a history whose texts are larger than 64 MB, it is a sequence that writes an event when it is
        read.
        """
        history = self.run.history
        if self._history is None or self._history[0] != len(history):
            self._history = len(history), history.render()
        return self._history[1]

    @property
    def variables(self) -> dict[str, JSON]:
        """The workflow variables of the outermost scope at the end."""
        return cast("dict[str, JSON]", self.copies.kept("variables", self.run.variables))

    @property
    def started_at(self) -> datetime:
        """The start of the execution on the virtual clock (timezone-aware, UTC)."""
        return EPOCH + timedelta(microseconds=self.run.started_at)

    @property
    def stopped_at(self) -> datetime:
        """The end of the execution on the virtual clock (timezone-aware, UTC)."""
        return EPOCH + timedelta(microseconds=self.run.stopped_at)

    @property
    def duration(self) -> float:
        """The duration of the execution in virtual seconds: exactly 5.0 for five seconds of Wait.

        For an execution that waits for the outside, it is the time until now. The time between its end and a redrive is
        not in it.
        """
        return self.run.elapsed(self.run.latest_at) / 1_000_000

    def __repr__(self) -> str:
        if self.status == "FAILED":
            outcome = f"error={shown_value(self.error)}"
        else:
            outcome = f"path=[{shown_names(self.path, quoted=True)}]"
        return (
            f"<Execution {self.name!r} of {self.machine.name!r}: {self.status} "
            f"after {self.duration:g} virtual seconds, {outcome}>"
        )


def _to_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
