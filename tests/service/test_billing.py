"""The billed duration and memory of an execution."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("parts", "payload_size", "megabytes"),
    [
        pytest.param(0, 10, 64, id="small"),
        pytest.param(0, 262_144, 64, id="the largest payload, once"),
        pytest.param(10, 262_144, 64, id="ten iterations of the largest payload"),
        pytest.param(100, 262_144, 128, id="a hundred iterations of the largest payload"),
        pytest.param(1000, 262_144, 320, id="a thousand iterations of the largest payload"),
        pytest.param(1000, 100, 64, id="a thousand iterations of little"),
    ],
)
def test_memory_is_billed_in_steps_of_64_mb(parts: int, payload_size: int, megabytes: int) -> None:
    assert billed_memory(definition_size=1000, payload_size=payload_size, parts=parts) == megabytes
