"""Code under test: starts an expense, and handles the manager's click on a link of the mail."""

import json

import boto3
from botocore.exceptions import ClientError


def submit_expense(state_machine_arn, expense):
    client = boto3.client("stepfunctions")
    return client.start_execution(stateMachineArn=state_machine_arn, input=json.dumps(expense))["executionArn"]


def handle_click(query):
    """Answer the workflow; return what the manager sees."""
    client = boto3.client("stepfunctions")
    try:
        if query["answer"] == "yes":
            client.send_task_success(taskToken=query["token"], output=json.dumps({"by": query["manager"]}))
        else:
            client.send_task_failure(taskToken=query["token"], error="Refused", cause=f"by {query['manager']}")
    except ClientError as error:
        if error.response["Error"]["Code"] != "TaskTimedOut":
            raise
        return "This link does not work any more."
    return "Thank you."
