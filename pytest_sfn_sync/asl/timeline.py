"""The executions that go on after the call that started them, on one virtual clock.

Time jumps by itself to the next time that is due. It never jumps over the timeout of work that waits for the outside;
only `Timeline.advance` does. An answer that comes while a handler runs is used after the handler has returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock, get_ident
from typing import Final
from weakref import WeakMethod

from pytest_sfn_sync.asl.pauses import Clock, Gate
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import TaskCall


class BusyError(Exception):
    """The executions go on in another thread, and did not come to an end; ``call`` is the one that is handled there."""

    def __init__(self, call: TaskCall | None) -> None:
        super().__init__()
        self.call = call


MOST_GENERATIONS: Final = 1_000
"""How often an execution may be started by a task of one that was started by a task, and so on."""


class EndlessStartsError(Exception):
    """Executions start each other without end."""


class Timeline:
    """A virtual clock and its executions; ``running`` are those that have not ended, in order of their start.

    In a `held` block, no other thread lets them take steps. ``on_end`` is called with each execution that has ended,
    and with the exception that passed through it, or None.
    """

    def __init__(
        self, now: int, *, on_end: Callable[[Running, BaseException | None], None] = lambda running, error: None
    ) -> None:
        self.clock = Clock(now)
        self.clock.let_go_on = WeakMethod(self.take_answers)
        self._on_end = on_end
        self.running: list[Running] = []
        self.patience = 30.0
        self._lock = RLock()
        self._depth = 0
        self._gate = Gate()
        self._is_going_on = False
        self._thread = 0
        self._is_answered = False
        self._generations: dict[Running, int] = {}
        self._generation = 0

    @property
    def is_going_on_here(self) -> bool:
        """Report whether executions take steps in this thread, so that a handler of one of their tasks runs."""
        return self._is_going_on and self._thread == get_ident()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the timeline, so that no other thread lets time pass; raise `BusyError` after ``patience`` seconds."""
        if not self._lock.acquire(timeout=self.patience):
            raise BusyError(self._gate.handled)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            is_outermost = self._depth == 0
            self._lock.release()
        if is_outermost:
            self._catch_up()

    def take_answers(self) -> None:
        """Continue the executions after an answer from the outside was recorded.

        If a handler of a task sends the answer, itself or by another thread, the executions go on when it has returned.
        """
        self._is_answered = True
        self._catch_up()

    def _catch_up(self) -> None:
        """Take the answers that came while the executions took steps, unless another thread will take them."""
        while self._is_answered and not self._is_going_on and self._lock.acquire(blocking=False):
            try:
                self._is_answered = False
                self._go_on_until(None)
            finally:
                self._lock.release()

    def start(self, running: Running) -> None:
        """Add an execution that runs on this clock, and continue all executions.

        Raise an exception that is not an ASL error, such as a usage error; the execution that raised it has ended.
        """
        with self.held():
            if self._is_going_on:  # A handler of a task starts it.
                if self._generation >= MOST_GENERATIONS:
                    raise EndlessStartsError
                self._generations[running] = self._generation + 1
            self.running.append(running)
            self.go_on()

    def stop(self, running: Running, error: str | None, cause: str | None) -> None:
        """End an execution as ABORTED, and continue all others.

        If executions go on in another thread, end it while a handler runs there, and leave the others to that thread.
        """
        while not self._lock.acquire(blocking=False):
            with self._gate:
                if self._is_going_on:
                    self._stop(running, error, cause)
                    return
        try:
            with self.held():
                self._stop(running, error, cause)
                self._go_on_until(None)
        finally:
            self._lock.release()

    def _stop(self, running: Running, error: str | None, cause: str | None) -> None:
        if running.has_ended:
            return
        running.stop(error, cause)
        if running in self.running:
            self._end(running)
        else:  # It took its steps with the task that waits for it.
            self._on_end(running, None)

    def go_on(self) -> None:
        """Continue all executions until each has ended or waits for the outside only."""
        with self.held():
            self._go_on_until(None)

    def advance(self, microseconds: int) -> None:
        """Advance virtual time, also over the timeouts of work that waits for the outside."""
        with self.held():
            self._go_on_until(self.clock.now + microseconds)

    def _go_on_until(self, end: int | None) -> None:
        if self._is_going_on:
            return
        self._gate.close()
        self._is_going_on, self._thread = True, get_ident()
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
                self._generation = self._generations.get(running, 0)
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
            self._generations.pop(running, None)
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
