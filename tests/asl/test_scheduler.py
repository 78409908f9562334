"""Lanes on the virtual clock: who goes on when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.pauses import Clock, Pause, Steps
from pytest_sfn_sync.asl.scheduler import run_lanes
from pytest_sfn_sync.asl.scopes import Lane

SCOPE: JSON = None


def run_all(waits: list[list[int]], *, concurrency: int = 40, failing: int | None = None) -> tuple[list[str], int]:
    """Run one lane for each list of waits; give what they logged, and the time at the end."""
    clock, log = Clock(0), list[str]()

    def steps(index: int) -> Steps:
        for wait in waits[index]:
            log.append(f"{index}@{clock.now}")
            yield Pause(clock.now + wait)
        log.append(f"{index} ends@{clock.now}")
        if index == failing:
            raise AslError("Boom", None)
        return index

    def lanes() -> Iterator[Lane]:
        for index in range(len(waits)):
            yield Lane(index, SCOPE, steps(index))

    def failed(lane: Lane, failure: AslError) -> None:
        raise failure

    running = run_lanes(clock, lanes(), [], concurrency=concurrency, succeeded=lambda lane, output: None, failed=failed)
    for pause in running:
        assert pause.due is not None
        clock.now = max(clock.now, pause.due)
    return log, clock.now


def test_lanes_go_on_in_the_order_in_which_they_are_due() -> None:
    log, end = run_all([[5], [3], [4]])
    assert log == ["0@0", "1@0", "2@0", "1 ends@3", "2 ends@4", "0 ends@5"]
    assert end == 5


def test_lanes_due_at_the_same_time_go_on_in_their_order() -> None:
    log, _ = run_all([[2, 2], [4], [4]])
    assert log[-3:] == ["0 ends@4", "1 ends@4", "2 ends@4"]


def test_steps_of_no_time_alternate() -> None:
    log, _ = run_all([[0, 0], [0, 0]])
    assert log == ["0@0", "1@0", "0@0", "1@0", "0 ends@0", "1 ends@0"]


@pytest.mark.parametrize(
    ("concurrency", "end"),
    [(1, 60), (2, 30), (3, 20), (4, 20), (6, 10), (40, 10)],
)
def test_concurrency_decides_how_long_it_takes(concurrency: int, end: int) -> None:
    assert run_all([[10]] * 6, concurrency=concurrency)[1] == end


def test_a_failure_prevents_what_others_would_have_done_later() -> None:
    with pytest.raises(AslError, match="Boom"):
        run_all([[10], [1]], failing=1)
