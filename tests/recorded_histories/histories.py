"""Small recorded executions, in the forms in which AWS writes them."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.machines import CHARGE_ARN, machine_of

ARN: Final = "arn:aws:states:eu-west-1:210987654321:execution:orders:order-1"
EXPRESS_ARN: Final = "arn:aws:states:eu-west-1:210987654321:express:orders:order-1:5f1c"

ORDERS: Final = machine_of(
    {
        "Charge": {
            "Type": "Task",
            "Resource": CHARGE_ARN,
            "Retry": [{"ErrorEquals": ["Gateway.Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["Card.Declined"], "ResultPath": "$.problem", "Next": "Decline"}],
            "ResultPath": "$.payment",
            "Next": "Save",
        },
        "Save": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl": "https://queue", "MessageBody.$": "$.payment.receipt"},
            "ResultPath": None,
            "End": True,
        },
        "Decline": {"Type": "Fail", "Error": "OrderDeclined"},
    }
)

Event = dict[str, Any]


def event(number: int, type_: str, details: dict[str, Any] | None = None, *, previous: int = -1, at: int = 0) -> Event:
    """Return an event in the form of the CLI, ``at`` seconds after the start; documents are written as JSON."""
    written: Event = {
        "timestamp": f"2026-03-02T08:00:{at:02}.000000+00:00",
        "type": type_,
        "id": number,
        "previousEventId": number - 1 if previous < 0 else previous,
    }
    if details is not None:
        texts = {"input", "output", "parameters"}
        shown = {key: json.dumps(value) if key in texts else value for key, value in details.items()}
        if type_.endswith(("StateEntered", "StateExited")):
            member = f"state{type_[-7:] if type_.endswith('Entered') else type_[-6:]}EventDetails"
        else:
            member = f"{type_[0].lower()}{type_[1:]}EventDetails"
        written[member] = shown
    return written


GIVEN: Final = {"amount": 5}
CHARGED: Final = {"amount": 5, "payment": {"receipt": "R-7"}}
SQS: Final = {"resourceType": "sqs", "resource": "sendMessage"}
MESSAGE: Final = {"QueueUrl": "https://queue", "MessageBody": "R-7"}

BUSY_ONCE: Final = [
    event(1, "ExecutionStarted", {"input": GIVEN, "roleArn": "arn:aws:iam::210987654321:role/orders"}),
    event(2, "TaskStateEntered", {"name": "Charge", "input": GIVEN}, previous=0),
    event(
        3,
        "LambdaFunctionScheduled",
        {"input": GIVEN, "resource": "arn:aws:lambda:eu-west-1:210987654321:function:charge-card:live"},
    ),
    event(4, "LambdaFunctionStarted"),
    event(5, "LambdaFunctionFailed", {"error": "Gateway.Busy", "cause": "later"}, at=1),
    event(
        6,
        "LambdaFunctionScheduled",
        {"input": GIVEN, "resource": "arn:aws:lambda:eu-west-1:210987654321:function:charge-card:live"},
        at=3,
    ),
    event(7, "LambdaFunctionStarted", at=3),
    event(8, "LambdaFunctionSucceeded", {"output": {"receipt": "R-7"}}, at=5),
    event(9, "TaskStateExited", {"name": "Charge", "output": CHARGED}, at=5),
    event(10, "TaskStateEntered", {"name": "Save", "input": CHARGED}, at=5),
    event(11, "TaskScheduled", {**SQS, "region": "eu-west-1", "parameters": MESSAGE}, at=5),
    event(12, "TaskStarted", SQS, at=5),
    event(13, "TaskSucceeded", {**SQS, "output": {"MessageId": "m-1", "MD5OfMessageBody": "x"}}, at=6),
    event(14, "TaskStateExited", {"name": "Save", "output": CHARGED}, at=6),
    event(15, "ExecutionSucceeded", {"output": CHARGED}, at=6),
]
"""An order that was charged at the second attempt."""

DECLINED: Final = [
    *BUSY_ONCE[:4],
    event(5, "LambdaFunctionFailed", {"error": "Card.Declined", "cause": "no money"}, at=1),
    event(
        6,
        "TaskStateExited",
        {"name": "Charge", "output": {**GIVEN, "problem": {"Error": "Card.Declined", "Cause": "no money"}}},
    ),
    event(
        7,
        "FailStateEntered",
        {"name": "Decline", "input": {**GIVEN, "problem": {"Error": "Card.Declined", "Cause": "no money"}}},
    ),
    event(8, "ExecutionFailed", {"error": "OrderDeclined"}),
]
"""An order that was declined."""

TIMED_OUT: Final = [
    *BUSY_ONCE[:4],
    event(5, "LambdaFunctionTimedOut", {"error": "States.Timeout"}, at=9),
    event(6, "ExecutionFailed", {"error": "States.Timeout"}, at=9),
]
"""An order whose function did not answer in time."""

DESCRIBED: Final = {
    "executionArn": ARN,
    "stateMachineArn": "arn:aws:states:eu-west-1:210987654321:stateMachine:orders",
    "name": "order-1",
    "status": "SUCCEEDED",
}


def log_event(recorded: Event, arn: str = EXPRESS_ARN) -> Event:
    """Return an event in the form of the logs of an Express machine."""
    details: Event = next((value for key, value in recorded.items() if key.endswith("EventDetails")), {})
    return {
        "id": str(recorded["id"]),
        "type": recorded["type"],
        "details": details,
        "previous_event_id": str(recorded["previousEventId"]),
        "event_timestamp": str(1_772_438_400_000 + int(recorded["timestamp"][17:19]) * 1000),
        "execution_arn": arn,
        "redrive_count": "0",
    }


def with_details(events: list[Event], number: int, **details: Any) -> list[Event]:
    """Return events of which one has other details; None takes a member out."""
    changed = []
    for recorded in events:
        if recorded["id"] == number:
            member = next(key for key in recorded if key.endswith("EventDetails"))
            given = {**recorded[member], **details}
            recorded = {**recorded, member: {key: value for key, value in given.items() if value is not None}}
        changed.append(recorded)
    return changed
