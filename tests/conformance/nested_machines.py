"""The machines that a recorded execution starts and waits for, so that they run here as they ran on AWS."""

from __future__ import annotations

import json
from typing import Any

from pytest_sfn_sync import SfnSync
from tests.conformance.cases import Case

NEVER = 100_000.0


def waiting_states(definition: Any) -> set[str]:
    """Return the names of the states that wait for the end of another execution."""
    return {
        name
        for name, state in definition["States"].items()
        if "states:startExecution.sync" in state.get("Resource", "")
    }


def register_machines(sfn: SfnSync, case: Case, client: Any) -> None:
    """Register the machines that the execution of a case starts, and those that ran beside it.

    Their tasks were not recorded, but a task with a timeout had none other than to time out. Messages are sent through
    a queue; a machine that receives messages is started by the first one.
    """
    receivers = []
    for other in case.other_machines:
        arn, definition = case.wildcards.fill(other.arn), case.wildcards.fill(other.definition)
        account_id, name = arn.split(":")[4], arn.rpartition(":")[2]
        sfn.register(name, definition, type=other.type, account_id=account_id)
        for state, fields in definition["States"].items():
            if "TimeoutSeconds" in fields:
                sfn.mock_task(state, returns=None, takes=NEVER)
            elif fields.get("Resource", "").endswith(":sqs:receiveMessage"):
                receivers.append((arn, {"Iterator": {"Count": 5}, "QueueUrl": "queue"}))
    _mock_queue(sfn, client, receivers)


def _mock_queue(sfn: SfnSync, client: Any, receivers: list[tuple[str, Any]]) -> None:
    messages: list[dict[str, str]] = []

    def send(payload: dict[str, Any]) -> dict[str, str]:
        messages.append({"Body": json.dumps(payload["MessageBody"])})
        while receivers:
            arn, document = receivers.pop()
            client.start_execution(stateMachineArn=arn, input=json.dumps(document))
        return {"MessageId": "m"}

    sfn.mock_resource("sqs:sendMessage", calls=send, optional=True)
    sfn.mock_resource(
        "aws-sdk:sqs:receiveMessage", calls=lambda payload: {"Messages": [messages.pop()]} if messages else {}
    )
