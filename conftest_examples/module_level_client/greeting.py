"""Code under test: makes its client once, when the module is imported, as Lambda handlers do."""

import json
import os

import boto3

client = boto3.client("stepfunctions")


def handler(event, context):
    response = client.start_sync_execution(
        stateMachineArn=os.environ["GREETING_ARN"],
        input=json.dumps({"name": event["name"]}),
    )
    return {"statusCode": 200, "body": json.loads(response["output"])}
