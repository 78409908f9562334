"""The executions that go on after the call that started them, on one virtual clock.

Time jumps by itself to the next time that is due. It never jumps over the timeout of work that waits for the outside;
only `Timeline.advance` does. An answer that comes while a handler runs is used after the handler has returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from pytest_sfn_sync.asl.pauses import Clock, Gate
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import TaskCall


class BusyError(Exception):
    """The executions go on in another thread, and did not come to an end; ``call`` is the one that is handled there."""

    def __init__(self, call: TaskCall | None) -> None:
        super().__init__()
        self.call = call


class Timeline:
    """A virtual clock and its executions; ``running`` are those that have not ended, in order of their start.

    A thread holds the ``lock`` while they take steps. ``on_end`` is called with each execution that has ended, and with
    the exception that passed through it, or None.
    """

    def __init__(
        self, now: int, *, on_end: Callable[[Running, BaseException | None], None] = lambda running, error: None
    ) -> None:
        self.clock = Clock(now)
        self._on_end = on_end
        self.running: list[Running] = []
        self.patience = 30.0
        self.lock = RLock()
        self._gate = Gate()
        self._is_going_on = False

    def start(self, running: Running) -> None:
        """Add an execution that runs on this clock, and continue all executions.

        Raise an exception that is not an ASL error, such as a usage error; the execution that raised it has ended.
        """
        with self.held():
            self.running.append(running)
            self.go_on()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the timeline, so that no other thread lets time pass; raise `BusyError` after ``patience`` seconds."""
        if not self.lock.acquire(timeout=self.patience):
            raise BusyError(self._gate.handled)
        try:
            yield
        finally:
            self.lock.release()

    def stop(self, running: Running, error: str | None, cause: str | None) -> None:
        """End an execution as ABORTED, and continue all others.

        If executions go on in another thread, end it while a handler runs there, and leave the others to that thread.
        """
        while not self.lock.acquire(blocking=False):
            with self._gate:
                if self._is_going_on:
                    self._stop(running, error, cause)
                    return
        try:
            self._stop(running, error, cause)
            self.go_on()
        finally:
            self.lock.release()

    def _stop(self, running: Running, error: str | None, cause: str | None) -> None:
        if running in self.running:
            running.stop(error, cause)
            self._end(running)

    def go_on(self) -> None:
        """Continue all executions until each has ended or waits for the outside only."""
        self._go_on_until(None)

    def advance(self, microseconds: int) -> None:
        """Advance virtual time, also over the timeouts of work that waits for the outside."""
        self._go_on_until(self.clock.now + microseconds)

    def _go_on_until(self, end: int | None) -> None:
        with self.held():
            if self._is_going_on:
                return
            self._gate.close()
            self._is_going_on = True
            try:
                self._resume()
                while (jump := self._next_jump(end)) is not None:
                    self.clock.now = jump
                    self._resume()
                if end is not None:
                    self.clock.now = max(self.clock.now, end)
            finally:
                self._is_going_on = False
                self._gate.open()

    def _resume(self) -> None:
        """Continue each execution that can go on now, in order of start, until none can."""
        while ready := [one for one in self.running if one.pause is None or one.pause.is_over(self.clock.now)]:
            for running in ready:
                try:
                    pause = running.go_on()
                except BaseException as error:
                    self._end(running, error)
                    raise
                if pause is None:
                    self._end(running)

    def _end(self, running: Running, error: BaseException | None = None) -> None:
        if running in self.running:  # It may have been stopped by its own task.
            self.running.remove(running)
            self._on_end(running, error)

    def _next_jump(self, end: int | None) -> int | None:
        """Return the next time at which an execution can go on, if the clock may jump to it."""
        pauses = [running.pause for running in self.running if running.pause is not None]
        due = min((pause.due for pause in pauses if pause.due is not None), default=None)
        deadlines = (pause.deadline for pause in pauses)
        deadline = min((deadline for deadline in deadlines if deadline is not None), default=None)
        if end is None:
            return due if due is not None and (deadline is None or due < deadline) else None
        times = [time for time in (due, deadline) if time is not None and time <= end]
        return min(times, default=None)
