"""Code under test: places an order."""

import json

import boto3

ORDERS_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"


def place_order(sku, amount):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=ORDERS_ARN,
        input=json.dumps({"sku": sku, "amount": amount}),
    )
    return json.loads(response["output"])["payment"]
