"""An execution that ran on AWS is replayed, and its answers are those of another test.

``order-1`` has what the AWS CLI wrote: ``get-execution-history`` and ``describe-execution``. The first test is what
``pytest --sfn-from-history order-1`` writes.
"""

import pytest

pytestmark = [
    pytest.mark.sfn_machine("orders", "orders.asl.json", type="STANDARD"),
    pytest.mark.sfn_history("order-1", machine="orders"),
]


def test_orders_as_recorded(sfn_sync):
    execution = sfn_sync.histories[0].replay("orders")
    assert execution.duration == 6


def test_a_larger_order_gets_the_same_answers(sfn_sync):
    (orders,) = sfn_sync.machines
    execution = orders.run({"amount": 500})
    execution.assert_succeeded(output={"amount": 500, "payment": {"receipt": "R-7"}})
    assert execution.state("ChargeCard").retries == 1


def test_a_mock_comes_before_the_recorded_answers(sfn_sync):
    sfn_sync.mock_task("SendReceipt", raises="SQS.SdkClientException")
    with pytest.raises(AssertionError, match="first at state 'SendReceipt': error"):
        sfn_sync.histories[0].replay("orders")
