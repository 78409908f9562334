"""A machine that a fixture creates through boto3, and code that polls: eight hours of waiting take no time."""

import json

import boto3
import pytest
from invoices import send_invoice


@pytest.fixture
def functions(sfn_sync):
    sfn_sync.mock_lambda("number-invoice", returns=1001)
    return sfn_sync.mock_lambda("send-invoice", returns="sent")


def test_an_invoice_is_sent_in_the_night(state_machine_arn, functions):
    execution = send_invoice(state_machine_arn, {"id": 7})

    assert (execution["status"], json.loads(execution["output"])) == ("SUCCEEDED", "sent")
    assert (execution["stopDate"] - execution["startDate"]).total_seconds() == 8 * 3600
    functions.assert_called_once_with({"id": 7, "number": 1001})


def test_an_order_has_one_invoice(state_machine_arn, functions):
    send_invoice(state_machine_arn, {"id": 7})

    client = boto3.client("stepfunctions")
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        send_invoice(state_machine_arn, {"id": 7})


def test_the_machine_has_its_tags(state_machine_arn):
    tags = boto3.client("stepfunctions").list_tags_for_resource(resourceArn=state_machine_arn)["tags"]
    assert tags == [{"key": "team", "value": "billing"}]
