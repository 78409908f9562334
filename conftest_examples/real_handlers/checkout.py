"""Code under test: what the customer pays."""

import json

import boto3


def total(state_machine_arn, product, count):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=state_machine_arn,
        input=json.dumps({"product": product, "count": count}),
    )
    return json.loads(response["output"])["total"]
