"""Markers say what the Lambda functions return; the nearest marker wins."""

import pytest
from orders import place_order

pytestmark = [
    pytest.mark.sfn_machine("orders", "orders.asl.json"),
    pytest.mark.sfn_lambda("check-stock", returns={"available": True}),
]


@pytest.mark.sfn_lambda("charge-card", returns={"receipt": "R-7"})
def test_an_order_in_stock_is_charged():
    assert place_order("teapot", amount=30) == {"receipt": "R-7"}


@pytest.mark.sfn_lambda("check-stock", returns={"available": False})
def test_an_order_out_of_stock_is_not_charged():
    assert place_order("teapot", amount=30) == "backorder"


@pytest.mark.sfn_lambda("charge-card", returns={"receipt": "R-8"})
def test_the_card_is_charged_the_amount(sfn_sync):
    place_order("teapot", amount=30)

    charge = sfn_sync.last_execution.calls[-1]
    assert charge.state_name == "ChargeCard"
    assert charge.payload == {"amount": 30}
    assert charge.arguments == {"FunctionName": "charge-card", "Payload": {"amount": 30}}
