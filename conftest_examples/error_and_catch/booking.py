"""Code under test: books a room."""

import json

import boto3


class BookingError(Exception):
    """The booking workflow failed."""


def book_room(state_machine_arn, nights):
    client = boto3.client("stepfunctions")
    response = client.start_sync_execution(
        stateMachineArn=state_machine_arn,
        input=json.dumps({"nights": nights}),
    )
    if response["status"] != "SUCCEEDED":
        raise BookingError(f"{response['error']}: {response['cause']}")
    return json.loads(response["output"])
