"""A DynamoDB integration by mock: its result is checked against the service's model, its errors go by their names."""

from pathlib import Path

import pytest
from prices import price_of

from pytest_sfn_sync import MockError


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("prices", Path(__file__).parent / "prices.asl.json")


def test_a_price(sfn_sync, machine):
    get_item = sfn_sync.mock_resource("dynamodb:getItem", returns={"Item": {"price": {"N": "12.5"}}})

    assert price_of(machine.arn, "apple") == 12.5
    get_item.assert_called_once_with({"TableName": "prices", "Key": {"sku": {"S": "apple"}}})


def test_a_table_that_is_asked_too_often(sfn_sync, machine):
    sfn_sync.mock_resource("dynamodb:getItem", raises="DynamoDB.ProvisionedThroughputExceededException")

    assert price_of(machine.arn, "apple") is None
    assert sfn_sync.last_execution.path == ["ReadPrice", "AskAgainLater"]


def test_a_mock_that_dynamodb_would_never_answer_with(sfn_sync, machine):
    with pytest.raises(MockError, match="Item"):
        sfn_sync.mock_resource("dynamodb:getItem", returns={"Item": {"price": {"N": 12.5}}})
