"""Who hears of the executions that ended and of the machines that are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from pytest_sfn_sync import Execution, SfnSync
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.registry import RegisteredMachine
from tests.diagrams.orders import execute
from tests.machines import FAIL, PASS


class Listener:
    """A recorder that keeps the names of what it heard of."""

    def __init__(self) -> None:
        self.executions: list[tuple[str, str]] = []
        self.machines: list[list[str]] = []

    def execution(self, execution: Execution) -> None:
        self.executions.append((execution.machine.name, execution.status))

    def registered(self, machines: Iterable[RegisteredMachine]) -> None:
        self.machines.append([machine.name for machine in machines])


@pytest.fixture
def listeners() -> Iterator[list[Listener]]:
    listeners = [Listener(), Listener()]
    recorders.active.extend(listeners)
    yield listeners
    for listener in listeners:
        recorders.active.remove(listener)


def test_each_recorder_hears_of_each_execution_in_order(listeners: list[Listener]) -> None:
    with SfnSync() as sfn:
        execute(sfn, PASS)
        execute(sfn, FAIL)
    assert [listener.executions for listener in listeners] == [[("orders", "SUCCEEDED"), ("orders", "FAILED")]] * 2


def test_a_recorder_hears_of_machines_that_never_ran_before_they_are_forgotten(listeners: list[Listener]) -> None:
    with SfnSync() as sfn:
        sfn.register("never", PASS)
        assert listeners[0].machines == []
    assert [name for names in listeners[0].machines for name in names] == ["never"]
    assert listeners[0].executions == []


def test_executions_of_all_fakes_are_kept_but_only_the_latest(listeners: list[Listener]) -> None:
    recorders.recent.clear()
    with SfnSync() as outer:
        first = execute(outer, PASS)
        with SfnSync() as inner:
            second = execute(inner, PASS)
    assert list(recorders.recent) == [first, second]
    kept = recorders.recent.maxlen
    assert kept is not None
    for _ in range(kept):
        recorders.add(second)
    assert list(recorders.recent) == [second] * kept
    assert len(listeners[1].executions) == 2


def test_a_standard_execution_is_recorded_once_it_goes_on_no_more(listeners: list[Listener]) -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", FAIL, type="STANDARD")
        arn = sfn.client().start_execution(stateMachineArn=machine.arn)["executionArn"]
        sfn.client().redrive_execution(executionArn=arn)
        assert listeners[0].executions == []
        sfn.reset()
        assert listeners[0].executions == [("orders", "FAILED")]
    assert listeners[0].executions == [("orders", "FAILED")]
