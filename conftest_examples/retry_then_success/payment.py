"""Code under test: pays for an order, however often the workflow has to try."""

import json

import boto3


class PaymentError(Exception):
    """The workflow gave up."""


def pay(state_machine_arn, amount):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=state_machine_arn,
        input=json.dumps({"amount": amount}),
    )
    if response["status"] != "SUCCEEDED":
        raise PaymentError(response["error"])
    return json.loads(response["output"])
