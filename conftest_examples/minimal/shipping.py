"""Code under test: asks a workflow what it costs to ship something."""

import json

import boto3


def shipping_offer(state_machine_arn, weight):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=state_machine_arn,
        input=json.dumps({"weight": weight}),
    )
    return json.loads(response["output"])
