"""The end of a fake: no circle of objects keeps it, its executions or their documents, whatever a test has read."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from typing import Any
from weakref import ref

import pytest

from pytest_sfn_sync import Execution, SfnSync
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.tasks.mocks import TaskMock
from tests.machines import MAP

ITEMS = 5_000
DOCUMENT = json.dumps(list(range(ITEMS)))
READ: dict[str, Callable[[Execution, TaskMock], Any]] = {
    "nothing": lambda execution, mock: None,
    "values": lambda execution, mock: (execution.input, execution.output, execution.variables, execution.path),
    "the history": lambda execution, mock: execution.history,
    "calls": lambda execution, mock: [(call.payload, call.result, call.execution) for call in execution.calls],
    "payloads": lambda execution, mock: mock.payloads,
    "states": lambda execution, mock: [state.input for state in execution.states],
    "the trace": lambda execution, mock: execution.trace(),
    "the page": lambda execution, mock: execution.to_html(),
    "the definition": lambda execution, mock: execution.machine.definition,
}
STARTED: dict[str, Callable[[SfnSync, str], object]] = {
    "a client, synchronously": lambda sfn, arn: sfn.client().start_sync_execution(stateMachineArn=arn, input=DOCUMENT),
    "a client": lambda sfn, arn: sfn.client().start_execution(stateMachineArn=arn, input=DOCUMENT),
    "the machine": lambda sfn, arn: sfn.machines[0].run(list(range(ITEMS))),
}
ANSWERS: dict[str, dict[str, Any]] = {
    "a result": {"returns": 1},
    "a handler": {"calls": lambda payload: payload},
    "an error": {"raises": "Card.Declined"},
    "an exception of a handler": {"raises": ZeroDivisionError("by zero")},
}


@pytest.fixture(autouse=True)
def collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def references(
    read: Callable[[Execution, TaskMock], Any],
    start: Callable[[SfnSync, str], object],
    answer: dict[str, Any],
    type_: str = "EXPRESS",
) -> list[ref[Any]]:
    """Run a Map in a fake, and return weak references to what must be gone when this returns."""
    with SfnSync() as sfn:
        machine = sfn.register("orders", MAP, type=type_)
        mock = sfn.mock_task("Charge", **answer)
        start(sfn, machine.arn)
        execution = sfn.last_execution
        read(execution, mock)
    recorders.clear()
    return [ref(kept) for kept in (sfn, execution, sfn._mock_table, sfn._registry, sfn._service)]


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_whatever_was_read_is_gone(read: Callable[[Execution, TaskMock], Any]) -> None:
    assert [kept() for kept in references(read, STARTED["the machine"], {"returns": 1})] == [None] * 5


@pytest.mark.parametrize("type_", ["EXPRESS", "STANDARD"])
@pytest.mark.parametrize("start", STARTED.values(), ids=STARTED)
def test_an_execution_is_gone_however_it_was_started(start: Callable[[SfnSync, str], object], type_: str) -> None:
    if (start, type_) == (STARTED["a client, synchronously"], "STANDARD"):
        pytest.skip("AWS refuses it")
    assert [kept() for kept in references(READ["nothing"], start, {"returns": 1}, type_)] == [None] * 5


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_execution_is_gone_whatever_its_tasks_answered(answer: dict[str, Any]) -> None:
    found = references(READ["the trace"], STARTED["the machine"], answer)
    assert [kept() for kept in found] == [None] * 5
