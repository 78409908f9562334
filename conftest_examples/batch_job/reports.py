"""Code under test: starts the nightly report, and looks whether it is there."""

import json

import boto3


def start(state_machine_arn, day):
    client = boto3.client("stepfunctions")
    return client.start_execution(stateMachineArn=state_machine_arn, name=day, input=json.dumps({"day": day}))


def log_of(execution_arn):
    described = boto3.client("stepfunctions").describe_execution(executionArn=execution_arn)
    return json.loads(described["output"])["log"] if described["status"] == "SUCCEEDED" else None
