"""The recorders of executions, and the latest executions and notes of all fakes, for the report of a failing test.

The plugin clears both lists before each test. Without the plugin, each keeps the last 20.
The plugin adds recorders if workflow coverage or a page of HTML is asked for; otherwise there are none.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_sfn_sync.executions.execution import Execution
    from pytest_sfn_sync.registry import RegisteredMachine


class Recorder(Protocol):
    """Receives every execution: for workflow coverage, or for the page of ``--sfn-html``."""

    def execution(self, execution: Execution) -> None:
        """Record an execution that has ended."""

    def registered(self, machines: Iterable[RegisteredMachine]) -> None:
        """Record machines that are about to be removed from a registry."""


recent: deque[Execution] = deque(maxlen=20)
recent_notes: deque[str] = deque(maxlen=20)
active: list[Recorder] = []


def add(execution: Execution) -> None:
    """Add an execution to the latest ones."""
    recent.append(execution)


def record(execution: Execution) -> None:
    """Pass an execution that goes on no more to the recorders."""
    for recorder in active:
        recorder.execution(execution)


def add_note(note: str) -> None:
    """Add a note about a refused call to the latest ones, once."""
    if note not in recent_notes:
        recent_notes.append(note)


def clear() -> None:
    """Remove the latest executions and notes."""
    recent.clear()
    recent_notes.clear()


def forget(machines: Iterable[RegisteredMachine]) -> None:
    """Pass machines that are about to be removed to the recorders, so that these know machines that never ran."""
    for recorder in active:
        recorder.registered(machines)
