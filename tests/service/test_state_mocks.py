"""Mocks of TestState for tasks that wait for jobs: they are checked against the call that describes the job."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync

BATCH = {"JobName": "n", "JobQueue": "q", "JobDefinition": "d"}


def answer_to(resource: str, parameters: Any, result: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True}
    with SfnSync() as sfn:
        mock = {"result": json.dumps(result), "fieldValidationMode": "PRESENT"}
        answer: dict[str, Any] = sfn.client().test_state(definition=json.dumps(state), mock=mock)
        return answer


def test_a_job() -> None:
    answer = answer_to("batch:submitJob.sync", BATCH, {"Status": "SUCCEEDED", "Attempts": []})

    assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", {"Status": "SUCCEEDED", "Attempts": []})


@pytest.mark.parametrize(
    ("resource", "result", "message"),
    [
        pytest.param("batch:submitJob.sync", {"Attempts": 5}, "Field 'Attempts' must be an array", id="of a job"),
        pytest.param(
            "states:startExecution.sync", {"Output": {"n": 5}}, "Field 'Output' must be a string", id="of an execution"
        ),
    ],
)
def test_a_result_of_a_wrong_type(resource: str, result: Any, message: str) -> None:
    parameters = BATCH if resource.startswith("batch") else {"StateMachineArn": "arn"}
    with pytest.raises(ClientError, match=message):
        answer_to(resource, parameters, result)


def test_documents_of_an_execution() -> None:
    answer = answer_to("states:startExecution.sync:2", {"StateMachineArn": "arn"}, {"Output": {"n": 5}})

    assert json.loads(answer["output"]) == {"Output": {"n": 5}}
