"""Virtual time and what shares it: branches and iterations as generators, resumed in the order in which they are due.

A generator of steps yields the virtual time at which it wants to go on; one that yields a time not after now lets its
siblings take a step first. No thread, no sleep: a run is deterministic, and a branch that fails at second 1 prevents
what another would have done at second 10.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from heapq import heappop, heappush
from typing import TypeAlias

from pytest_sfn_sync.asl.context import BranchScope
from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON

Steps: TypeAlias = Generator[int, None, JSON]
"""Yields due times in microseconds; returns the output."""


class Clock:
    """The virtual clock: microseconds since the epoch."""

    __slots__ = ("now",)

    def __init__(self, now: int) -> None:
        self.now = now


class Lane:
    """One Parallel branch or Map iteration in flight."""

    __slots__ = ("index", "scope", "steps")

    def __init__(self, index: int, scope: BranchScope, steps: Steps) -> None:
        self.index = index
        self.scope = scope
        self.steps = steps


def run_lanes(
    clock: Clock,
    waiting: Iterator[Lane],
    in_flight: list[Lane],
    *,
    concurrency: int,
    succeeded: Callable[[Lane, JSON], None],
    failed: Callable[[Lane, AslError], None],
) -> Generator[int, None, None]:
    """Run lanes to their end, at most ``concurrency`` at a time, in order of due time and then of index.

    ``waiting`` starts a lane each time it is asked for one. ``succeeded`` hears of each output; ``failed`` of each
    failure, and raises where it ends them all: the lanes then still in ``in_flight`` were cut off.
    """
    ready: list[Lane] = []
    sleeping: list[tuple[int, int, Lane]] = []
    while True:
        while len(in_flight) < concurrency and (lane := next(waiting, None)) is not None:
            in_flight.append(lane)
            ready.append(lane)
        if ready:
            ready = _take_a_step(clock, ready, sleeping, in_flight, waiting, succeeded, failed)
            if ready:
                yield clock.now
        elif sleeping:
            yield sleeping[0][0]
            while sleeping and sleeping[0][0] <= clock.now:
                ready.append(heappop(sleeping)[2])
        else:
            return


def _take_a_step(
    clock: Clock,
    ready: list[Lane],
    sleeping: list[tuple[int, int, Lane]],
    in_flight: list[Lane],
    waiting: Iterator[Lane],
    succeeded: Callable[[Lane, JSON], None],
    failed: Callable[[Lane, AslError], None],
) -> list[Lane]:
    """Resume each lane that is ready once; a lane that ends makes room for the next one. Give who is ready again."""
    again: list[Lane] = []
    for lane in ready:
        try:
            due = next(lane.steps)
        except StopIteration as end:
            in_flight.remove(lane)
            succeeded(lane, end.value)
        except AslError as failure:
            failed(lane, failure)
            in_flight.remove(lane)
        else:
            if due > clock.now:
                heappush(sleeping, (due, lane.index, lane))
            else:
                again.append(lane)
            continue
        if (next_lane := next(waiting, None)) is not None:
            in_flight.append(next_lane)
            again.append(next_lane)
    return again
