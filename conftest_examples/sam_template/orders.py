"""Code under test: the Lambda function that places an order; the template tells it the machine's ARN."""

import json
import os

import boto3

client = boto3.client("stepfunctions")


def handler(event, context):
    response = client.start_sync_execution(stateMachineArn=os.environ["ORDERS_ARN"], input=json.dumps(event))
    if response["status"] != "SUCCEEDED":
        return {"statusCode": 502, "body": response["error"]}
    return {"statusCode": 200, "body": json.loads(response["output"])["receipt"]}
