"""Code under test: places an order."""

import json

import boto3


def place_order(state_machine_arn, order_id, queue_url):
    client = boto3.client("stepfunctions", region_name="us-east-1")
    response = client.start_sync_execution(
        stateMachineArn=state_machine_arn,
        input=json.dumps({"id": order_id, "queue": queue_url}),
    )
    return json.loads(response["output"])["charge"]
