"""Code under test: starts an import, polls until it has ended, and redrives it once if it failed."""

import json
import time

import boto3


def run_import(state_machine_arn, rows):
    client = boto3.client("stepfunctions")
    arn = client.start_execution(stateMachineArn=state_machine_arn, input=json.dumps({"rows": rows}))["executionArn"]
    execution = _ended(client, arn)
    if execution["status"] == "FAILED" and execution["redriveStatus"] == "REDRIVABLE":
        client.redrive_execution(executionArn=arn)
        execution = _ended(client, arn)
    return execution


def failed_imports(state_machine_arn):
    pages = boto3.client("stepfunctions").get_paginator("list_executions")
    return [
        execution["name"]
        for page in pages.paginate(stateMachineArn=state_machine_arn, statusFilter="FAILED")
        for execution in page["executions"]
    ]


def _ended(client, arn, *, seconds=300):
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        execution = client.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            return execution
        time.sleep(1)
    raise TimeoutError(arn)
