"""The machine as the SAM template deploys it; its functions are mocked by the names that the template has for them."""

from pathlib import Path

import pytest
from orders import handler

from pytest_sfn_sync import TaskError


@pytest.fixture(autouse=True)
def template(sfn_sync, monkeypatch):
    template = sfn_sync.load_template(Path(__file__).parent / "template.yaml", parameters={"Stage": "test"})
    monkeypatch.setenv("ORDERS_ARN", template["Orders"].arn)
    return template


def test_an_order_is_charged_and_saved(sfn_sync):
    charge = sfn_sync.mock_lambda("ChargeFunction", returns={"receipt": "R-7"})
    save = sfn_sync.mock_resource("dynamodb:putItem", returns={})

    assert handler({"id": "o-1", "amount": 30}, None) == {"statusCode": 200, "body": "R-7"}

    charge.assert_called_once_with({"id": "o-1", "amount": 30})
    save.assert_called_once_with(
        {"TableName": "OrdersTable", "Item": {"id": {"S": "o-1"}, "receipt": {"S": "R-7"}}},
    )


@pytest.mark.sfn_lambda("ChargeFunction", raises=TaskError("Gateway.Busy"))
def test_the_gateway_is_busy(sfn_sync):
    assert handler({"id": "o-1", "amount": 30}, None) == {"statusCode": 502, "body": "Gateway.Busy"}
    assert sfn_sync.last_execution.duration == 90.0


def test_what_the_template_says(template):
    assert template["Orders"].name == "orders-test"
    assert template["Orders"].type == "EXPRESS"
    # The table has no name in the template: CloudFormation would make one up, and so does the plugin.
    assert template.made_up == {"OrdersTable": "OrdersTable"}
