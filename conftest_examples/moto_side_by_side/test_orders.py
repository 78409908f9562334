"""moto keeps the table and the queue, this plugin runs the workflow: both fakes are active in one test."""

import json
from pathlib import Path

import boto3
import pytest
from orders import place_order


@pytest.fixture
def table(aws):
    client = boto3.client("dynamodb", region_name="us-east-1")
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def queue_url(aws):
    return boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="orders")["QueueUrl"]


def test_an_order_is_saved_charged_and_announced(sfn_sync, table, queue_url):
    machine = sfn_sync.register("orders", Path(__file__).parent / "orders.asl.json")
    sfn_sync.use_clients(["dynamodb", "sqs"])
    sfn_sync.mock_lambda("charge", returns={"receipt": 7})

    assert place_order(machine.arn, "o-1", queue_url) == {"receipt": 7}

    assert table.get_item(TableName="orders", Key={"id": {"S": "o-1"}})["Item"] == {"id": {"S": "o-1"}}
    (message,) = boto3.client("sqs", region_name="us-east-1").receive_message(QueueUrl=queue_url)["Messages"]
    assert json.loads(message["Body"]) == {"order": "o-1"}


def test_a_table_that_is_not_there(sfn_sync, aws, queue_url):
    machine = sfn_sync.register("orders", Path(__file__).parent / "orders.asl.json")
    sfn_sync.use_client("dynamodb", boto3.client("dynamodb", region_name="us-east-1"))

    with pytest.raises(KeyError, match="output"):
        place_order(machine.arn, "o-1", queue_url)
    sfn_sync.last_execution.assert_failed(error="DynamoDB.ResourceNotFoundException")
