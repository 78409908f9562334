"""A worker of an activity: its tasks, its heartbeats, and what happens when it dies."""

from pathlib import Path

import pytest
from packer import ACTIVITY, OutOfBoxesError, work


@pytest.fixture
def machine(sfn_sync):
    sfn_sync.client().create_activity(name="pack")
    return sfn_sync.register("parcels", Path(__file__).parent / "parcels.asl.json", type="STANDARD")


def test_the_worker_does_all_tasks(machine):
    executions = [machine.run({"weight": weight}) for weight in (1, 2, 3)]

    assert work(lambda order, beat: {"parcel": order["weight"]}) == 3

    assert [execution.output for execution in executions] == [{"parcel": 1}, {"parcel": 2}, {"parcel": 3}]


def test_a_failure_of_the_worker_fails_the_task(machine):
    def pack(order, beat):
        raise OutOfBoxesError("none is large enough")

    execution = machine.run({"weight": 900})
    work(pack)

    execution.assert_failed(error="OutOfBoxes", cause="none is large enough")


def test_heartbeats_keep_a_slow_worker_alive(sfn_sync, machine):
    def pack(order, beat):
        for _ in range(3):
            sfn_sync.advance(seconds=50)
            beat()
        return "packed"

    execution = machine.run({"weight": 1})
    work(pack)

    execution.assert_succeeded(output="packed")
    assert execution.duration == 150


def test_the_task_of_a_worker_that_died_goes_to_another_one(sfn_sync, machine):
    execution = machine.run({"weight": 1})
    sfn_sync.client().get_activity_task(activityArn=ACTIVITY, workerName="dies")

    sfn_sync.advance(seconds=65)
    work(lambda order, beat: "packed")

    execution.assert_succeeded(output="packed")


def test_without_a_worker_a_mock_answers(sfn_sync):
    path = Path(__file__).parent / "parcels.asl.json"
    sfn_sync.mock_activity("pack", returns="packed")

    sfn_sync.register("parcels", path, type="STANDARD").run({"weight": 1}).assert_succeeded(output="packed")
