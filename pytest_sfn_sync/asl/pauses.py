"""Virtual time, and the pauses of a run.

A run is a generator of steps. It yields a `Pause` where it cannot go on by itself. Either virtual time has to pass
until the pause is ``due``, or the run waits for the ``outside``: the code under test, which may answer a task token.
There are no threads and no sleeps, so a run is deterministic. A branch that fails at second 1 cancels the steps that
another branch would take at second 10.
"""

from __future__ import annotations

from collections.abc import Generator
from threading import Lock, local
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall


class Clock:
    """The virtual clock: microseconds since the epoch."""

    __slots__ = ("now",)

    def __init__(self, now: int) -> None:
        self.now = now


class Gate:
    """Closed while a thread takes steps of executions, and open while a task handler runs in that thread.

    Another thread may end an execution while it holds the gate. ``handled`` is the call whose handler runs.
    """

    __slots__ = ("_lock", "_outer", "handled")

    def __init__(self) -> None:
        self._lock = Lock()
        self._outer: Gate | None = None
        self.handled: TaskCall | None = None

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def close(self) -> None:
        """Close the gate, as this thread takes steps now."""
        self._lock.acquire()
        self._outer, _of_thread.gate = gate_of_this_thread(), self

    def open(self) -> None:
        """Open the gate, as this thread takes no more steps."""
        _of_thread.gate = self._outer
        self._lock.release()


_of_thread: Final = local()


def gate_of_this_thread() -> Gate | None:
    """Return the gate that this thread has closed, if any."""
    gate: Gate | None = getattr(_of_thread, "gate", None)
    return gate


class Awaited:
    """The work of a task that waits for an answer to its token.

    ``deadline`` is the virtual time at which the task times out or has missed a heartbeat. ``is_touched`` is True if an
    answer or a heartbeat came since the task last checked.
    """

    __slots__ = ("answer", "deadline", "heartbeat_at", "is_touched", "since", "state_name", "token")

    def __init__(self, token: str, *, state_name: str, since: int, deadline: int) -> None:
        self.token = token
        self.state_name = state_name
        self.since = since
        self.deadline = deadline
        self.heartbeat_at = since
        self.answer: TaskAnswer | None = None
        self.is_touched = False


class Pause:
    """The reason why a run does not go on: it waits until the time ``due``, for answers to ``outside``, or for either.

    ``due`` is a virtual time in microseconds; it is None if the run waits for the outside only. A pause that is due in
    the past lets siblings take a step first. Time never jumps over a ``deadline`` of the work outside.
    """

    __slots__ = ("due", "outside")

    def __init__(self, due: int | None, outside: tuple[Awaited, ...] = ()) -> None:
        self.due = due
        self.outside = outside

    @property
    def deadline(self) -> int | None:
        """The earliest time at which work outside times out."""
        return min((awaited.deadline for awaited in self.outside), default=None)

    def is_over(self, now: int) -> bool:
        """Report whether the run can go on at a virtual time."""
        if self.due is not None and self.due <= now:
            return True
        return any(awaited.is_touched or awaited.deadline <= now for awaited in self.outside)

    def next_jump(self) -> int | None:
        """Return the time to which the clock may jump by itself; None if it has to wait for the outside."""
        deadline = self.deadline
        return self.due if deadline is None or (self.due is not None and self.due < deadline) else None


TURN: Final = Pause(0)
"""A pause in which siblings take a step at the same virtual time."""

Steps: TypeAlias = Generator[Pause, None, JSON]
"""A generator that yields pauses and returns the output."""
