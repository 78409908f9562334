"""Virtual time, and the pauses of a run.

A run is a generator of steps. It yields a `Pause` where it cannot go on by itself. Either virtual time has to pass
until the pause is ``due``, or the run waits for the ``outside``: the code under test, which may answer a task token.
There are no threads and no sleeps, so a run is deterministic. A branch that fails at second 1 cancels the steps that
another branch would take at second 10.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from threading import Lock, local
from typing import Final, Protocol, TypeAlias
from weakref import WeakMethod, WeakSet

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall

NEVER: Final = 1 << 62
"""A virtual time that never comes."""


_ONE_AT_A_TIME: Final = Lock()
"""Held while an answer or a worker is recorded: two threads may send one at the same time, and the first counts."""


class Clock:
    """The virtual clock of some executions: microseconds since the epoch, and their work that waits for the outside.

    ``awaited`` has the work of tasks by token, also that which waits no more: a token that was used is not an unknown
    one. ``waiting`` has the work that waits, in the order in which it was submitted. ``queues`` has the tasks of
    activities by the activity's ARN, oldest first. ``polls`` are the tasks that wait for work in one of the queues.
    ``let_go_on`` continues the executions of this clock; it is None if they are not on a timeline. ``has_stopped`` is
    true if nothing goes on any more, as the fake has ended.
    """

    __slots__ = ("awaited", "has_stopped", "let_go_on", "now", "polls", "queues", "waiting")

    def __init__(self, now: int) -> None:
        self.now = now
        self.has_stopped = False
        self.awaited: dict[str, Awaited] = {}
        self.waiting: dict[str, Awaited] = {}
        self.queues: dict[str, deque[Awaited]] = {}
        self.polls: WeakSet[Outside] | None = None
        self.let_go_on: WeakMethod[Callable[[], None]] | None = None

    def go_on(self) -> None:
        """Continue the executions of this clock after an answer was recorded; do nothing if they are on no timeline."""
        let_go_on = None if self.let_go_on is None else self.let_go_on()
        if let_go_on is not None:
            let_go_on()


class Outside(Protocol):
    """Something outside of an execution that the execution waits for."""

    is_touched: bool
    """True if something happened since the execution last checked."""

    needs_outside: bool
    """True if the outside has to end it before its deadline."""

    @property
    def deadline(self) -> int:
        """The virtual time at which the execution waits no longer; `NEVER` if there is none."""


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


class _OfThread(local):
    """What a thread has for itself: the gate that it has closed, if any."""

    gate: Gate | None = None


_of_thread: Final = _OfThread()


def gate_of_this_thread() -> Gate | None:
    """Return the gate that this thread has closed, if any."""
    return _of_thread.gate


class Awaited:
    """The work of one attempt of a task that has a token: the outside may answer it.

    ``needs_outside`` is true if nothing else ends the work; a job ends by itself, but an answer ends it earlier.
    ``activity`` is the ARN of the activity whose workers do the work. Its clocks start when a worker claims it, so
    that before it has no deadline (measured). ``timeout`` and ``heartbeat`` are None without a limit. ``execution`` is
    the ARN of the execution. ``is_touched`` is true if an answer or a worker came since the task last checked.
    """

    __slots__ = (
        "_ends_at",
        "_has_begun",
        "_heartbeat_at",
        "activity",
        "answer",
        "answered_by",
        "clock",
        "execution",
        "heartbeat",
        "is_claimed",
        "is_closed",
        "is_touched",
        "needs_outside",
        "payload",
        "since",
        "state_name",
        "timeout",
        "token",
        "worker",
    )

    def __init__(
        self,
        token: str,
        *,
        clock: Clock,
        state_name: str,
        payload: JSON,
        execution: str,
        timeout: int | None,
        heartbeat: int | None,
        activity: str | None = None,
    ) -> None:
        self.token = token
        self.clock = clock
        self.state_name = state_name
        self.payload = payload
        self.execution = execution
        self.timeout = timeout
        self.heartbeat = heartbeat
        self.activity = activity
        self.since = clock.now
        self._ends_at = NEVER
        self._has_begun = False
        self._heartbeat_at = clock.now
        self.worker: str | None = None
        self.answer: TaskAnswer | None = None
        self.answered_by: str | None = None
        self.is_claimed = self.is_closed = self.is_touched = self.needs_outside = False
        clock.awaited[token] = self
        if activity is None:
            self._start_clocks()

    @property
    def deadline(self) -> int:
        """The virtual time at which the task times out or has missed a heartbeat; `NEVER` if there is none."""
        if self.heartbeat is None or not self._has_begun:
            return self._ends_at
        return min(self._ends_at, self._heartbeat_at + self.heartbeat)

    @property
    def misses_a_heartbeat(self) -> bool:
        """Report whether the deadline is that of a heartbeat, and not that of the whole work."""
        return self.deadline < self._ends_at

    @property
    def is_waiting(self) -> bool:
        """Report whether there is no answer yet."""
        return self.answer is None

    @property
    def is_open(self) -> bool:
        """Report whether an answer would still count."""
        return self.answer is None and not self.is_closed and self.clock.now < self.deadline

    def wait(self) -> None:
        """Record that the work was submitted, and that only the outside can end it now."""
        self.needs_outside = True
        self.clock.waiting[self.token] = self
        if self.activity is not None and not self.is_claimed:
            self.clock.queues.setdefault(self.activity, deque()).append(self)
            for poll in self.clock.polls or ():
                poll.is_touched = True

    def close(self) -> None:
        """Record that the attempt has ended: its token does not count any more."""
        self.is_closed = True
        self.clock.waiting.pop(self.token, None)

    def claim(self, worker: str | None) -> bool:
        """Record that a worker of the activity does the work from now on; return False if another one was faster."""
        with _ONE_AT_A_TIME:
            if self.is_claimed or not self.is_open:
                return False
            self.worker = worker
            self._start_clocks()
            self.is_claimed = self.is_touched = True
        return True

    def give(self, answer: TaskAnswer, by: str) -> bool:
        """Record the answer, and what gave it; return False if the token is closed. The run uses it when it goes on."""
        with _ONE_AT_A_TIME:
            if not self.is_open:
                return False
            self.answer = answer
            self.answered_by = by
            self.is_touched = True
        return True

    def beat(self) -> None:
        """Record a heartbeat. Recorded: it restarts the clock of the heartbeat only."""
        self._heartbeat_at = self.clock.now

    def _start_clocks(self) -> None:
        self._heartbeat_at = self.clock.now
        self._ends_at = NEVER if self.timeout is None else self.clock.now + self.timeout
        self._has_begun = True


class Pause:
    """The reason why a run does not go on: it waits until the time ``due``, for answers to ``outside``, or for either.

    ``due`` is a virtual time in microseconds; it is None if the run waits for the outside only. A pause that is due in
    the past lets siblings take a step first. Time never jumps over a ``deadline`` of the work outside. ``latest`` is
    such a deadline of the execution, or of a task, around the work.
    """

    __slots__ = ("due", "latest", "outside")

    def __init__(self, due: int | None, outside: tuple[Outside, ...] = (), latest: int | None = None) -> None:
        self.due = due
        self.outside = outside
        self.latest = latest

    @property
    def needs_outside(self) -> bool:
        """Report whether some work can be ended by the outside only."""
        return any(awaited.needs_outside for awaited in self.outside)

    @property
    def deadline(self) -> int | None:
        """The earliest time at which work outside times out; None if there is none."""
        deadlines = [awaited.deadline for awaited in self.outside if awaited.needs_outside]
        if self.latest is not None:
            deadlines.append(self.latest)
        earliest = min(deadlines, default=NEVER)
        return None if earliest >= NEVER else earliest

    def limited_to(self, end: int) -> Pause:
        """Return this pause for a run, or a task, that ends at a virtual time.

        Time jumps to that end by itself, unless the run needs the outside.
        """
        due = self.due if self.due is not None and self.due < end else None
        if not self.outside:
            return self if due is not None else Pause(end)
        if not self.needs_outside:
            return Pause(end if due is None else due, self.outside)
        return Pause(due, self.outside, end if self.latest is None else min(self.latest, end))

    def is_over(self, now: int) -> bool:
        """Report whether the run can go on at a virtual time."""
        if self.due is not None and self.due <= now:
            return True
        if self.latest is not None and self.latest <= now:
            return True
        return any(
            awaited.is_touched or (awaited.needs_outside and awaited.deadline <= now) for awaited in self.outside
        )

    def next_jump(self) -> int | None:
        """Return the time to which the clock may jump by itself; None if it has to wait for the outside."""
        if not self.outside and self.latest is None:
            return self.due
        deadline = self.deadline
        return self.due if deadline is None or (self.due is not None and self.due < deadline) else None


TURN: Final = Pause(0)
"""A pause in which siblings take a step at the same virtual time."""

Steps: TypeAlias = Generator[Pause, None, JSON]
"""A generator that yields pauses and returns the output."""
