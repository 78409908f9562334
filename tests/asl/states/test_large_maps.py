"""Maps over thousands of items: what is measured, copied and written is counted, never the time."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from pytest_sfn_sync.asl import document_copies
from pytest_sfn_sync.asl.json_text import document_sizes, writing
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.executions.state_visits import Branch, state_visits

FEW, MANY = 500, 2_000

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:price"
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]
SORRY = {"Type": "Pass", "Result": 0, "End": True}
FAILING = {"StartAt": "Price", "States": {"Price": {**TASK, "Catch": CATCH}, "Sorry": SORRY}}
RETRY = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
RETRIED = {"StartAt": "Price", "States": {"Price": {**TASK, "Retry": RETRY, "Catch": CATCH}, "Sorry": SORRY}}
PASSING = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "Result": 0, "End": True}}}
WHOLE = {"whole.$": "$", "item.$": "$$.Map.Item.Value"}
CONTEXT = {"execution.$": "$$.Execution", "item.$": "$$.Map.Item.Value"}

MAPS: dict[str, dict[str, Any]] = {
    "tasks that fail": {"ItemProcessor": FAILING},
    "tasks that fail after a retry": {"ItemProcessor": RETRIED},
    "the whole input in ItemSelector": {"ItemProcessor": PASSING, "ItemSelector": WHOLE},
    "the execution's input in ItemSelector": {"ItemProcessor": PASSING, "ItemSelector": CONTEXT},
}
EACH_MAP = pytest.mark.parametrize("state", MAPS.values(), ids=MAPS.keys())


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all texts that were written out in order to measure them."""
    sizes: list[int] = []

    def recorded(value: Any) -> int:
        sizes.append(writing.utf8_size(value))
        return sizes[-1]

    monkeypatch.setattr(document_sizes, "utf8_size", recorded)
    return sizes


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of values of all containers that were copied for the test."""
    values: list[int] = []
    copy = document_copies._copied

    def recorded(container: Any) -> Any:
        values.append(len(container))
        return copy(container)

    monkeypatch.setattr(document_copies, "_copied", recorded)
    return values


def run(state: dict[str, Any], items: int) -> Execution:
    with SfnSync() as sfn:
        sfn.mock_lambda("price", raises=TaskError("Price.Unknown", "none"), optional=True)
        mapped = {"Type": "Map", "ItemsPath": "$.items", "End": True, **state}
        machine = sfn.register("prices", {"StartAt": "Each", "States": {"Each": mapped}})
        execution = machine.run({"items": list(range(items))})
        execution.assert_succeeded()
        return execution


def at_most_linear(count: Callable[[int], int]) -> None:
    """Check that a count grows at most as the number of items does, but for what does not depend on the items."""
    few, many = count(FEW), count(MANY)
    assert many <= few * MANY / FEW * 1.2


@EACH_MAP
def test_what_is_written_to_be_measured_grows_with_the_items(state: dict[str, Any], written: list[int]) -> None:
    def characters(items: int) -> int:
        written.clear()
        run(state, items)
        return sum(written)

    at_most_linear(characters)


@EACH_MAP
def test_nothing_is_copied_for_a_test_that_reads_nothing(state: dict[str, Any], copied: list[int]) -> None:
    run(state, FEW)
    assert copied == []


@EACH_MAP
def test_events_and_visits_grow_with_the_items(state: dict[str, Any]) -> None:
    def records(items: int) -> int:
        execution = run(state, items)
        visits = sum(1 for _ in outermost(execution).all_visits())
        return visits + len(execution.run.history.records)

    at_most_linear(records)


def test_the_collector_rarely_starts_while_the_visits_are_put_together() -> None:
    execution = run(MAPS["tasks that fail"], FEW)
    collections: list[str] = []

    def recorded(phase: str, _: dict[str, int]) -> None:
        collections.append(phase)

    gc.callbacks.append(recorded)
    try:
        outermost(execution)
    finally:
        gc.callbacks.remove(recorded)
    # It may start once its threshold is that of the user again.
    assert len(collections) <= 2


@EACH_MAP
def test_the_trace_does_not_grow_with_the_items(state: dict[str, Any]) -> None:
    few, many = run(state, FEW).trace(), run(state, MANY).trace()
    assert len(many) <= len(few) * 1.2


def outermost(execution: Execution) -> Branch:
    return state_visits(execution.run)
