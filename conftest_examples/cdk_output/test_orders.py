"""The machine as `cdk synth` wrote it; logical ids are named without the hash that the CDK adds to them."""

import pytest
from orders import place_order

pytestmark = [
    pytest.mark.sfn_template("cdk.out/OrdersStack.template.json"),
    pytest.mark.sfn_resource("sns:publish", returns={"MessageId": "m-1"}),
]


@pytest.fixture(autouse=True)
def orders(sfn_sync, monkeypatch):
    (stack,) = sfn_sync.templates
    monkeypatch.setenv("ORDERS_ARN", stack["Orders"].arn)


@pytest.mark.sfn_lambda("ChargeFunction", returns={"receipt": "R-7"})
def test_an_order_is_paid_and_told(sfn_sync):
    assert place_order(30) == "R-7"

    charge, tell = sfn_sync.last_execution.calls
    assert charge.payload == {"amount": 30}
    assert tell.payload == {
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:PaidTopicB0E4D1F2",
        "Message": "R-7",
    }


@pytest.mark.sfn_lambda("ChargeFunction", returns={"declined": True})
def test_a_card_that_is_declined():
    assert place_order(30) == "NotPaid"
