"""The least there can be: a machine registered in the test, and code under test that starts it."""

from pathlib import Path

from shipping import shipping_offer

DEFINITION = Path(__file__).parent / "shipping.asl.json"


def test_light_things_go_as_a_parcel(sfn_sync):
    machine = sfn_sync.register("shipping", DEFINITION)

    assert shipping_offer(machine.arn, weight=2) == {"carrier": "parcel", "price": 5}


def test_heavy_things_go_as_freight(sfn_sync):
    machine = sfn_sync.register("shipping", DEFINITION)

    assert shipping_offer(machine.arn, weight=50) == {"carrier": "freight", "price": 90}
    assert sfn_sync.last_execution.path == ["ChooseRate", "Freight"]
