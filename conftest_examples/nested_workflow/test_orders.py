"""A workflow that runs another: both are registered, both are recorded, on one virtual clock."""

from pathlib import Path

import pytest
from orders import ship

from pytest_sfn_sync import TaskError

HERE = Path(__file__).parent


@pytest.fixture
def machine(sfn_sync):
    shipping = sfn_sync.register("shipping", HERE / "shipping.asl.json")
    return sfn_sync.register("order", HERE / "order.asl.json", substitutions={"ShippingArn": shipping.arn})


def test_the_child_runs_in_the_time_of_its_parent(sfn_sync, machine):
    sfn_sync.mock_lambda("book-parcel", returns={"parcel": 12}, takes=2)

    assert ship(machine.arn, "o-1") == {"shipping": {"parcel": 12}}

    parent = sfn_sync.last_execution
    (child,) = parent.children
    assert child.machine.name == "shipping"
    assert child.input == {"order": "o-1"}
    assert (child.duration, parent.duration) == (32.0, 32.0)


def test_a_child_that_fails_is_told_in_the_result(sfn_sync, machine):
    sfn_sync.mock_lambda("book-parcel", raises=TaskError("NoVan", "all vans are out"))

    assert ship(machine.arn, "o-1") == "NoVan"
    sfn_sync.last_execution.children[0].assert_failed(error="NoVan")


def test_the_child_can_be_mocked_like_any_task(sfn_sync, machine):
    sfn_sync.mock_task("Ship", returns={"Status": "SUCCEEDED", "Output": '{"parcel": 1}'}, validate="none")

    assert ship(machine.arn, "o-1") == {"shipping": {"parcel": 1}}
    assert sfn_sync.last_execution.children == []
