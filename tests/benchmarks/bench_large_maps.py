"""Maps of 40,000 failing items, and of 10,000 with the whole input in ItemSelector, take under two seconds each."""

from __future__ import annotations

import time
from typing import Any, Final

import pytest

from pytest_sfn_sync import SfnSync, TaskError

MOST_SECONDS: Final = 2.0

FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function:price"
CATCH: Final = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]
FAILING: Final[dict[str, Any]] = {
    "StartAt": "Price",
    "States": {
        "Price": {"Type": "Task", "Resource": FUNCTION, "Catch": CATCH, "End": True},
        "Sorry": {"Type": "Pass", "Result": 0, "End": True},
    },
}
PASSING: Final[dict[str, Any]] = {
    "StartAt": "Only",
    "States": {"Only": {"Type": "Pass", "Result": 0, "End": True}},
}


@pytest.mark.parametrize(
    ("state", "items"),
    [
        pytest.param({"ItemProcessor": FAILING}, 40_000, id="items that fail"),
        pytest.param(
            {"ItemProcessor": PASSING, "ItemSelector": {"whole.$": "$", "item.$": "$$.Map.Item.Value"}},
            10_000,
            id="the whole input in ItemSelector",
        ),
    ],
)
def test_a_large_map(state: dict[str, Any], items: int) -> None:
    runs, traces = [], []
    for _ in range(3):
        with SfnSync() as sfn:
            sfn.mock_lambda("price", raises=TaskError("Price.Unknown", "none"), optional=True)
            mapped = {"Type": "Map", "ItemsPath": "$.items", "End": True, **state}
            machine = sfn.register("prices", {"StartAt": "Each", "States": {"Each": mapped}})
            begun = time.process_time()
            execution = machine.run({"items": list(range(items))})
            ended = time.process_time()
            execution.trace()
            traces.append(time.process_time() - ended)
            runs.append(ended - begun)
            execution.assert_succeeded()
    print(f"{items:,} items: the run {min(runs):.2f} s, its trace {min(traces):.2f} s")
    assert min(runs) + min(traces) < MOST_SECONDS
