"""Virtual time, and what a run yields where it cannot go on by itself.

A run is a generator of steps. It yields a `Pause` that is ``due`` where virtual time has to pass, or one that waits for
the ``outside`` where only the code under test can go on: by answering a task token, say. No thread, no sleep: a run is
deterministic, and a branch that fails at second 1 prevents what another would have done at second 10.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskAnswer


class Clock:
    """The virtual clock: microseconds since the epoch."""

    __slots__ = ("now",)

    def __init__(self, now: int) -> None:
        self.now = now


class Awaited:
    """Work that was handed to the outside under a token, until it is answered.

    ``deadline`` is the virtual time at which the task times out or has missed a heartbeat. ``is_touched`` says that an
    answer or a heartbeat came since its task last looked.
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
    """Why a run does not go on: time has to pass until ``due``, or what is ``outside`` has to be answered, or both.

    ``due`` is a virtual time in microseconds, None where only the outside can help. A pause that is due in the past
    lets siblings take a step first. Time never jumps over the ``deadline`` of what is outside.
    """

    __slots__ = ("due", "outside")

    def __init__(self, due: int | None, outside: tuple[Awaited, ...] = ()) -> None:
        self.due = due
        self.outside = outside

    @property
    def deadline(self) -> int | None:
        """The earliest time at which something outside times out."""
        return min((awaited.deadline for awaited in self.outside), default=None)

    def is_over(self, now: int) -> bool:
        """Report whether the run can go on at a virtual time."""
        if self.due is not None and self.due <= now:
            return True
        return any(awaited.is_touched or awaited.deadline <= now for awaited in self.outside)

    def next_jump(self, now: int) -> int | None:
        """Return the time to which the clock may jump by itself; None where it has to wait for the outside."""
        if self.due is None or not self.outside:
            return self.due
        deadline = self.deadline
        return self.due if deadline is None or self.due < deadline else None


TURN: Final = Pause(0)
"""Lets siblings take a step at the same virtual time."""

Steps: TypeAlias = Generator[Pause, None, JSON]
"""Yields pauses; returns the output."""
