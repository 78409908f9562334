"""Code under test: asks what something costs."""

import json

import boto3


def price_of(state_machine_arn, sku):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(stateMachineArn=state_machine_arn, input=json.dumps({"sku": sku}))
    return json.loads(response["output"])["price"]
