"""Code under test: prices a basket."""

import json

import boto3


class PricingError(Exception):
    """The pricing workflow failed."""


def price_basket(state_machine_arn, lines):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=state_machine_arn,
        input=json.dumps({"lines": lines}),
    )
    if response["status"] != "SUCCEEDED":
        raise PricingError(response["cause"])
    return json.loads(response["output"])
