"""Code under test: starts a workflow of type STANDARD and waits until it has ended."""

import json
import time

import boto3


def send_invoice(state_machine_arn, order):
    client = boto3.client("stepfunctions")
    execution_arn = client.start_execution(
        stateMachineArn=state_machine_arn,
        name=f"order-{order['id']}",
        input=json.dumps(order),
    )["executionArn"]
    while (execution := client.describe_execution(executionArn=execution_arn))["status"] == "RUNNING":
        time.sleep(5)
    return execution
