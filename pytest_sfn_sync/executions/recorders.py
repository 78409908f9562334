"""The executions that ran, whichever fake they belong to: the latest, for the report of a failing test, and recorders.

The plugin clears the list of the latest before each test; without the plugin it stays short by itself. It adds
recorders where coverage of workflows or a page of HTML is wanted; otherwise nobody is told of what ran.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_sfn_sync.executions.execution import Execution
    from pytest_sfn_sync.registry import StateMachine


class Recorder(Protocol):
    """What is told of all that ran: coverage of workflows, the page of ``--sfn-html``."""

    def execution(self, execution: Execution) -> None:
        """Record an execution that has ended."""

    def registered(self, machines: Iterable[StateMachine]) -> None:
        """Record machines that are about to be forgotten."""


recent: deque[Execution] = deque(maxlen=20)
active: list[Recorder] = []


def add(execution: Execution) -> None:
    """Keep an execution that has ended, and tell the recorders of it."""
    recent.append(execution)
    for recorder in active:
        recorder.execution(execution)


def forget(machines: Iterable[StateMachine]) -> None:
    """Tell the recorders of machines that are about to be forgotten, so that they know of those that never ran."""
    for recorder in active:
        recorder.registered(machines)
