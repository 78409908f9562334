"""Tasks that call operations of Step Functions itself: the account of the fake answers them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_sfn_sync import Execution, SfnSync, UnmockedTaskError

START = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
ARN = "arn:aws:states:us-east-1:111111111111"
REST = {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": True}}}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=7, account_id="111111111111") as sfn:
        yield sfn


def run(sfn: SfnSync, action: str, parameters: dict[str, Any], type_: str = "STANDARD") -> Execution:
    resource = f"arn:aws:states:::aws-sdk:sfn:{action}"
    state = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    return sfn.register("caller", {"StartAt": "Call", "States": {"Call": state}}, type=type_).run({})


@pytest.mark.parametrize("type_", ["STANDARD", "EXPRESS"])
def test_an_execution_is_described(sfn: SfnSync, type_: str) -> None:
    sfn.register("rest", REST, type="STANDARD").run({"n": 1}, name="one")

    execution = run(sfn, "describeExecution", {"ExecutionArn": f"{ARN}:execution:rest:one"}, type_)

    assert execution.output == {
        "ExecutionArn": f"{ARN}:execution:rest:one",
        "Input": '{"n":1}',
        "InputDetails": {"Included": True},
        "Name": "one",
        "Output": '{"n":1}',
        "OutputDetails": {"Included": True},
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": "2024-05-01T12:00:00Z",
        "StateMachineArn": f"{ARN}:stateMachine:rest",
        "Status": "SUCCEEDED",
        "StopDate": "2024-05-01T12:00:05Z",
    }
    assert execution.calls[0].answered_by == "DescribeExecution of this fake"


def test_executions_are_listed(sfn: SfnSync) -> None:
    machine = sfn.register("rest", REST, type="STANDARD")
    machine.run({}, name="one")

    (listed,) = run(sfn, "listExecutions", {"StateMachineArn": machine.arn}).output["Executions"]

    assert (listed["Name"], listed["StopDate"]) == ("one", "2024-05-01T12:00:05Z")


@pytest.mark.parametrize(
    ("action", "parameters", "error", "cause"),
    [
        pytest.param(
            "describeExecution",
            {"ExecutionArn": f"{ARN}:execution:rest:one"},
            "Sfn.ExecutionDoesNotExistException",
            f"Execution Does Not Exist: '{ARN}:execution:rest:one' (Service: Sfn, Status Code: 400, Request ID: ",
            id="no such execution",
        ),
        pytest.param(
            "sendTaskFailure",
            {"TaskToken": "unknown"},
            "Sfn.InvalidTokenException",
            "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: ",
            id="no such token",
        ),
    ],
)
def test_a_refusal_fails_the_task(sfn: SfnSync, action: str, parameters: Any, error: str, cause: str) -> None:
    execution = run(sfn, action, parameters)

    assert execution.error == error
    assert (execution.cause or "").startswith(cause)
    assert (execution.cause or "").endswith(") (SDK Attempt Count: 1)")


def test_an_injected_error_is_for_tasks_too(sfn: SfnSync) -> None:
    sfn.inject_error("ThrottlingException", operation="ListStateMachines")

    assert run(sfn, "listStateMachines", {}).error == "Sfn.SfnException"


def test_a_workflow_answers_the_task_of_another(sfn: SfnSync) -> None:
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
        "End": True,
    }
    mock = sfn.mock_resource("sqs:sendMessage", returns={"MessageId": "m"})
    asking = sfn.register("asking", {"StartAt": "Ask", "States": {"Ask": ask}}, type="STANDARD").run({})

    parameters = {"TaskToken": mock.payloads[0]["MessageBody"]["token"], "Output": {"n": 5}}
    answering = run(sfn, "sendTaskSuccess", parameters)

    assert (answering.status, answering.output) == ("SUCCEEDED", {})
    assert (asking.status, asking.output) == ("SUCCEEDED", {"n": 5})


def test_an_execution_may_stop_itself(sfn: SfnSync) -> None:
    execution = run(sfn, "stopExecution", {"ExecutionArn.$": "$$.Execution.Id", "Error": "Enough"})

    assert (execution.status, execution.error) == ("ABORTED", "Enough")


def test_a_mock_wins(sfn: SfnSync) -> None:
    sfn.mock_resource("aws-sdk:sfn:describeExecution", returns={"Status": "RUNNING"})

    assert run(sfn, "describeExecution", {"ExecutionArn": "any"}).output == {"Status": "RUNNING"}


def test_a_machine_is_made_by_a_workflow(sfn: SfnSync) -> None:
    parameters = {"Name": "made", "Definition": json.dumps(REST), "RoleArn": "arn:aws:iam::111111111111:role/r"}

    execution = run(sfn, "createStateMachine", parameters)

    assert execution.output == {
        "CreationDate": "2024-05-01T12:00:00Z",
        "StateMachineArn": f"{ARN}:stateMachine:made",
    }


def test_an_operation_that_the_fake_does_not_know(sfn: SfnSync, monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_sfn_sync.service.operations import OPERATIONS

    monkeypatch.delitem(OPERATIONS, "ListStateMachines")

    with pytest.raises(UnmockedTaskError, match="aws-sdk:sfn:listStateMachines"):
        run(sfn, "listStateMachines", {})
    sfn.usage_errors.clear()
