"""Machines, and short ways to create and start them through a client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

PREFIX: Final = "arn:aws:states:us-east-1:111111111111"
ROLE: Final = "arn:aws:iam::111111111111:role/StepFunctionsRole"
FUNCTION: Final = "arn:aws:lambda:us-east-1:111111111111:function"
PASS: Final[dict[str, Any]] = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
FAIL: Final[dict[str, Any]] = {"StartAt": "Only", "States": {"Only": {"Type": "Fail", "Error": "Broken"}}}


def task(name: str, **fields: Any) -> dict[str, Any]:
    """Return a Task state that calls the function of a name, and is the last one unless it has Next."""
    return {"Type": "Task", "Resource": f"{FUNCTION}:{name}", **({} if "Next" in fields else {"End": True}), **fields}


def created(client: Any, name: str = "orders", definition: Any = PASS, **arguments: Any) -> str:
    """Create a machine and return its ARN."""
    response = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, **arguments)
    return str(response["stateMachineArn"])


def started(client: Any, arn: str, *, input: Any = None, **arguments: Any) -> str:
    """Start an execution and return its ARN."""
    if input is not None:
        arguments["input"] = json.dumps(input)
    return str(client.start_execution(stateMachineArn=arn, **arguments)["executionArn"])


def members(response: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a response."""
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def events(client: Any, arn: str) -> list[tuple[int, int, str]]:
    """Return the events of an execution: id, previous event id, type."""
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [(event["id"], event["previousEventId"], event["type"]) for page in pages for event in page["events"]]


@contextmanager
def refused(code: str, message: str | None = None) -> Iterator[None]:
    """Expect a block to be refused with a code and, if given, a text."""
    with pytest.raises(ClientError) as raised:
        yield
    error = raised.value.response["Error"]
    assert error["Code"] == code, error["Message"]
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    if message is not None:
        assert error["Message"] == message
