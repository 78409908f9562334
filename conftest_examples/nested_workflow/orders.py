"""Code under test: ships an order."""

import json

import boto3


def ship(state_machine_arn, order_id):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(stateMachineArn=state_machine_arn, input=json.dumps({"order": order_id}))
    return json.loads(response["output"]) if response["status"] == "SUCCEEDED" else response["error"]
