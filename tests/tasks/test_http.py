"""HTTP tasks by mock: the result's shape, an error for a status code, a function in place of the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from pytest_sfn_sync.executions import Execution

REQUEST = {
    "ApiEndpoint": "https://example.com/orders",
    "Method": "POST",
    "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/shop/1"},
    "RequestBody": {"id": 7},
}
CREATED = {
    "Headers": {"content-type": ["application/json"]},
    "ResponseBody": {"created": True},
    "StatusCode": 201,
    "StatusText": "Created",
}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync() as sfn:
        yield sfn


def run(sfn: SfnSync, **fields: Any) -> Execution:
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": REQUEST, "End": True, **fields}
    machine = sfn.register("orders", {"StartAt": "Post", "States": {"Post": state}})
    sfn.client().start_sync_execution(stateMachineArn=machine.arn)
    return sfn.last_execution


def test_a_response(sfn: SfnSync) -> None:
    mock = sfn.mock_resource("http:invoke", returns=CREATED)

    assert run(sfn).output == CREATED
    mock.assert_called_once_with(REQUEST)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        pytest.param("States.Http.StatusCode.404", "Not Found", id="its text is the cause"),
        pytest.param("States.Http.StatusCode.799", None, id="a code that has no text"),
        pytest.param("States.Http.Socket", None, id="no answer"),
        pytest.param(TaskError("States.Http.StatusCode.404", "gone"), "gone", id="a cause of its own"),
    ],
)
def test_a_status_code_that_is_an_error(sfn: SfnSync, error: Any, cause: str | None) -> None:
    sfn.mock_resource("http:invoke", raises=error)

    execution = run(sfn)

    assert (execution.error, execution.cause) == (getattr(error, "error", error), cause)


def test_a_status_code_that_is_retried(sfn: SfnSync) -> None:
    sfn.mock_resource("http:invoke", responses=[TaskError("States.Http.StatusCode.503"), CREATED])

    execution = run(sfn, Retry=[{"ErrorEquals": ["States.Http.StatusCode.503"], "IntervalSeconds": 2}])

    assert execution.output == CREATED
    assert execution.duration == 2.0


def test_a_function_in_place_of_the_endpoint(sfn: SfnSync) -> None:
    sfn.mock_resource("http:invoke", calls=lambda request: {**CREATED, "ResponseBody": request["RequestBody"]})

    assert run(sfn).output["ResponseBody"] == {"id": 7}
