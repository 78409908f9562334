"""Branches and iterations in lanes, resumed in the order in which they are due, then in the order of their indices."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from heapq import heappop, heappush

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.pauses import TURN, Clock, Pause
from pytest_sfn_sync.asl.scopes import Lane


def run_lanes(
    clock: Clock,
    waiting: Iterator[Lane],
    in_flight: list[Lane],
    *,
    concurrency: int | Callable[[], int],
    succeeded: Callable[[Lane, JSON], None],
    failed: Callable[[Lane, AslError], None],
) -> Generator[Pause, None, None]:
    """Run lanes to their end, at most ``concurrency`` at a time; a function returns a number that may change.

    ``waiting`` starts a lane for each item that it yields. ``succeeded`` is called with each output, ``failed`` with
    each failure. ``failed`` raises if the failure ends all lanes; the lanes still in ``in_flight`` were then cut off.
    """
    if isinstance(concurrency, int):
        lanes = _Lanes(clock, waiting, in_flight, concurrency, succeeded, failed)
    else:
        lanes = _ChangingLanes(clock, waiting, in_flight, 0, succeeded, failed)
        lanes.limit, lanes.next_ones = concurrency, iter(())
    try:
        while lanes.fill():
            if lanes.ready:
                lanes.take_a_step()
                if lanes.ready:
                    yield TURN
            else:
                yield lanes.pause()
                lanes.wake()
    finally:
        for lane in in_flight:
            lane.steps.close()


class _Lanes:
    """The lanes of one state, sorted by whether they are ready, wait for virtual time or wait for the outside."""

    __slots__ = (
        "clock",
        "concurrency",
        "failed",
        "in_flight",
        "next_ones",
        "outside",
        "ready",
        "sleeping",
        "succeeded",
        "waiting",
    )

    def __init__(
        self,
        clock: Clock,
        waiting: Iterator[Lane],
        in_flight: list[Lane],
        concurrency: int,
        succeeded: Callable[[Lane, JSON], None],
        failed: Callable[[Lane, AslError], None],
    ) -> None:
        self.clock = clock
        self.waiting = waiting
        self.next_ones = waiting
        """The lanes for which one that ends makes room at once."""
        self.in_flight = in_flight
        self.concurrency = concurrency
        self.succeeded = succeeded
        self.failed = failed
        self.ready: list[Lane] = []
        self.sleeping: list[tuple[int, int, Lane]] = []
        self.outside: list[tuple[Lane, Pause]] = []

    def fill(self) -> bool:
        """Start lanes up to the concurrency; report whether any lane is in flight."""
        while len(self.in_flight) < self.concurrency and (lane := next(self.waiting, None)) is not None:
            self.in_flight.append(lane)
            self.ready.append(lane)
        return bool(self.in_flight)

    def take_a_step(self) -> None:
        """Resume each lane that is ready once; a lane that ends makes room for the next one."""
        ready, self.ready = self.ready, []
        clock, again = self.clock, self.ready
        in_flight, next_ones, succeeded = self.in_flight, self.next_ones, self.succeeded
        for lane in ready:
            try:
                pause = next(lane.steps)
            except StopIteration as end:
                in_flight.remove(lane)
                succeeded(lane, end.value)
            except AslError as failure:
                failure.forget_frames()
                self.failed(lane, failure)
                in_flight.remove(lane)
            else:
                if pause.outside:
                    self.outside.append((lane, pause))
                elif pause.due is not None and pause.due > clock.now:
                    heappush(self.sleeping, (pause.due, lane.index, lane))
                else:
                    again.append(lane)
                continue
            if (next_lane := next(next_ones, None)) is not None:
                in_flight.append(next_lane)
                again.append(next_lane)

    def pause(self) -> Pause:
        """Return the pause of all lanes together."""
        due = self.sleeping[0][0] if self.sleeping else None
        if not self.outside:
            return Pause(due)
        dues = [pause.due for _, pause in self.outside if pause.due is not None]
        earliest = min(dues if due is None else [due, *dues], default=None)
        latest = min((pause.latest for _, pause in self.outside if pause.latest is not None), default=None)
        return Pause(earliest, tuple(awaited for _, pause in self.outside for awaited in pause.outside), latest)

    def wake(self) -> None:
        """Move the lanes that can go on now to the ready ones."""
        now = self.clock.now
        while self.sleeping and self.sleeping[0][0] <= now:
            self.ready.append(heappop(self.sleeping)[2])
        if self.outside:
            still: list[tuple[Lane, Pause]] = []
            for lane, pause in self.outside:
                if pause.is_over(now):
                    self.ready.append(lane)
                else:
                    still.append((lane, pause))
            self.outside = still


class _ChangingLanes(_Lanes):
    """Lanes whose number may change while they run; one that ends makes no room if the number has become smaller."""

    __slots__ = ("limit",)

    limit: Callable[[], int]

    def fill(self) -> bool:
        self.concurrency = self.limit()
        return super().fill()
