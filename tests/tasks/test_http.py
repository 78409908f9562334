"""HTTP tasks by mock: the result's shape, an error for a status code, a function in place of the endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.request_checks import request_refusal

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
        pytest.param("States.Http.Socket", "The HTTP call timed out after 60 seconds", id="no answer"),
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


@pytest.mark.parametrize(
    ("takes", "fields", "error", "seconds"),
    [
        pytest.param(60, {}, None, 60, id="a minute to the second"),
        pytest.param(60.001, {}, "States.Http.Socket", 60, id="longer than a minute"),
        pytest.param(75, {"TimeoutSeconds": 30}, "States.Timeout", 30, id="the task's own timeout comes first"),
        pytest.param(75, {"TimeoutSeconds": 90}, "States.Http.Socket", 60, id="the minute comes first"),
    ],
)
def test_a_call_may_take_a_minute(
    sfn: SfnSync, takes: float, fields: dict[str, Any], error: str | None, seconds: float
) -> None:
    sfn.mock_resource("http:invoke", returns=CREATED, takes=takes)
    execution = run(sfn, **fields)
    assert execution.error == error
    assert execution.duration == seconds


def test_other_tasks_may_take_longer(sfn: SfnSync) -> None:
    sfn.mock_resource("apigateway:invoke", returns=CREATED, takes=75)
    parameters = {"ApiEndpoint": "x.example.com", "Method": "GET"}
    execution = run(sfn, Resource="arn:aws:states:::apigateway:invoke", Parameters=parameters)
    assert execution.status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("resource", "headers", "refused"),
    [
        pytest.param("http:invoke", {"Authorization": "x"}, "authorization", id="a name"),
        pytest.param("http:invoke", {"Accept": "a", "X-Amz-Date": "x", "TE": "y"}, "x-amz-date, te", id="several"),
        pytest.param("apigateway:invoke", {"X-Forwarded-For": ["x"]}, "x-forwarded-for", id="of API Gateway"),
    ],
)
def test_headers_that_an_expression_gives_are_refused_at_run_time(
    sfn: SfnSync, resource: str, headers: dict[str, Any], refused: str
) -> None:
    mock = sfn.mock_resource(resource, returns=CREATED)
    parameters: dict[str, Any] = {"ApiEndpoint": "https://example.com", "Method": "GET", "Headers.$": "$.headers"}
    if resource == "http:invoke":
        parameters["Authentication"] = REQUEST["Authentication"]
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True}
    machine = sfn.register("orders", {"StartAt": "Get", "States": {"Get": state}})
    sfn.client().start_sync_execution(stateMachineArn=machine.arn, input=json.dumps({"headers": headers}))
    execution = sfn.last_execution
    assert execution.error == "States.Runtime"
    assert (execution.cause or "").endswith(
        f"could not be used to start the Task: [The 'Headers' field contains unsupported values: [{refused}]]"
    )
    assert not mock.called


def test_a_member_that_an_http_task_does_not_have() -> None:
    integration = integration_of("http:invoke")
    assert integration is not None
    refusal = request_refusal({**REQUEST, "Timeout": 5}, integration)
    assert refusal is not None
    assert '[The field "Timeout" is not supported by Step Functions.]' in (refusal.cause or "")
