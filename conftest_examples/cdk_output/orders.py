"""Code under test: places an order with the machine of a CDK stack."""

import json
import os

import boto3


def place_order(amount):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=os.environ["ORDERS_ARN"],
        input=json.dumps({"amount": amount}),
    )
    return json.loads(response["output"])["receipt"] if response["status"] == "SUCCEEDED" else response["error"]
