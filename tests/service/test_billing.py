"""What an execution is billed for."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.service.billing import billed_duration, billed_memory


@pytest.mark.parametrize(
    ("microseconds", "milliseconds"),
    [
        pytest.param(0, 100, id="no time at all counts as one step"),
        pytest.param(1, 100, id="a microsecond"),
        pytest.param(100_000, 100, id="one step to the dot"),
        pytest.param(100_001, 200, id="a microsecond more"),
        pytest.param(7_512_000, 7600, id="rounded up"),
        pytest.param(5_000_000, 5000, id="five seconds"),
    ],
)
def test_duration_is_rounded_up_to_100_ms(microseconds: int, milliseconds: int) -> None:
    assert billed_duration(microseconds) == milliseconds


def iterations(count: int) -> History:
    history = History()
    history.events += [("MapIterationStarted", 0, 0, None), ("PassStateEntered", 0, 0, None)] * count
    return history


def branches(count: int) -> History:
    history = History()
    history.events += [("ParallelStateEntered", 0, 0, None), ("ParallelStateStarted", 1, 0, None)]
    history.events += [("PassStateEntered", 2, 0, None)] * count
    history.events += [("PassStateExited", 3, 0, None)] * count
    return history


@pytest.mark.parametrize(
    ("history", "payload_size", "megabytes"),
    [
        pytest.param(History(), 10, 64, id="small"),
        pytest.param(History(), 262_144, 64, id="the largest payload, once"),
        pytest.param(iterations(10), 262_144, 64, id="ten iterations of the largest payload"),
        pytest.param(iterations(100), 262_144, 128, id="a hundred iterations of the largest payload"),
        pytest.param(iterations(1000), 262_144, 320, id="a thousand iterations of the largest payload"),
        pytest.param(iterations(1000), 100, 64, id="a thousand iterations of little"),
        pytest.param(branches(57), 262_144, 128, id="as many branches"),
        pytest.param(branches(40), 262_144, 64, id="exits are no branches"),
    ],
)
def test_memory_is_billed_in_steps_of_64_mb(history: History, payload_size: int, megabytes: int) -> None:
    assert billed_memory(definition_size=1000, payload_size=payload_size, history=history) == megabytes
