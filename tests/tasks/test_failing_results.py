"""Results by which a task fails on AWS: they fail it here too, whatever gave them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import Execution, SfnSync

PARAMETERS = {
    "events:putEvents": {"Entries": [{"Source": "shop", "DetailType": "sold", "Detail": {}}]},
    "apigateway:invoke": {"ApiEndpoint": "x.execute-api.eu-west-1.amazonaws.com", "Method": "GET"},
    "http:invoke": {
        "ApiEndpoint": "https://example.com/",
        "Method": "GET",
        "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/shop/1"},
    },
    "lambda:invoke": {"FunctionName": "price", "Payload": {}},
}
SOME_FAILED = {"Entries": [{"EventId": "1"}, {"ErrorCode": "MalformedDetail"}], "FailedEntryCount": 1}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=7) as sfn:
        yield sfn


def run(sfn: SfnSync, resource: str, **fields: Any) -> Execution:
    if not resource.startswith("arn:"):
        fields["Parameters"] = PARAMETERS[resource]
        resource = f"arn:aws:states:::{resource}"
    states = {
        "Call": {"Type": "Task", "Resource": resource, "End": True, **fields},
        "Caught": {"Type": "Succeed"},
    }
    if "Catch" not in fields:
        del states["Caught"]
    machine = sfn.register("shop", {"StartAt": "Call", "States": states}, replace=True)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn)
    return sfn.last_execution


@pytest.mark.parametrize(
    ("resource", "result", "error", "cause"),
    [
        pytest.param(
            "events:putEvents",
            SOME_FAILED,
            "EventBridge.FailedEntry",
            json.dumps(SOME_FAILED, separators=(",", ":")),
            id="an event that was not taken",
        ),
        pytest.param(
            "apigateway:invoke",
            {"StatusCode": 403, "ResponseBody": {"message": "Forbidden"}, "Headers": {}, "StatusText": "Forbidden"},
            "ApiGateway.403",
            '{"message":"Forbidden"}',
            id="a status of an API",
        ),
        pytest.param(
            "apigateway:invoke",
            {"StatusCode": 500, "ResponseBody": "oh no", "Headers": {}, "StatusText": "Internal Server Error"},
            "ApiGateway.500",
            "oh no",
            id="a status of an API with a body that is text",
        ),
        pytest.param(
            "http:invoke",
            {"StatusCode": 404, "ResponseBody": {"x": 1}, "Headers": {}, "StatusText": "Not Found"},
            "States.Http.StatusCode.404",
            "Not Found",
            id="a status of an HTTP task",
        ),
        pytest.param(
            "http:invoke",
            {"StatusCode": 302, "ResponseBody": "", "Headers": {}, "StatusText": "Found"},
            "States.Http.StatusCode.302",
            "Found",
            id="an HTTP task that is sent elsewhere",
        ),
        pytest.param(
            "lambda:invoke",
            {
                "StatusCode": 200,
                "FunctionError": "Unhandled",
                "Payload": {"errorType": "Declined", "errorMessage": "x"},
            },
            "Declined",
            '{"errorType":"Declined","errorMessage":"x"}',
            id="a function that failed",
        ),
        pytest.param(
            "lambda:invoke",
            {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": '{"errorMessage": "x"}'},
            "Lambda.Unknown",
            "The cause could not be determined because Lambda did not return an error type. "
            'Returned payload: {"errorMessage": "x"}',
            id="a function whose report names no type",
        ),
    ],
)
def test_a_result_that_tells_of_a_failure_fails_the_task(
    sfn: SfnSync, resource: str, result: dict[str, Any], error: str, cause: str
) -> None:
    sfn.mock_resource(resource, returns=result)
    execution = run(sfn, resource)
    assert (execution.status, execution.error, execution.cause) == ("FAILED", error, cause)

    sfn.mock_task("Call", calls=lambda payload: result)
    execution = run(sfn, resource, Catch=[{"ErrorEquals": [error], "Next": "Caught"}])
    assert execution.status == "SUCCEEDED"
    assert execution.calls[0].error == error


@pytest.mark.parametrize(
    ("resource", "result"),
    [
        pytest.param("events:putEvents", {"Entries": [{"EventId": "1"}], "FailedEntryCount": 0}, id="no event failed"),
        pytest.param("apigateway:invoke", {"StatusCode": 399, "ResponseBody": {}, "Headers": {}}, id="below 400"),
        pytest.param("http:invoke", {"StatusCode": 204, "ResponseBody": "", "Headers": {}}, id="from 200 on"),
        pytest.param("lambda:invoke", {"StatusCode": 200, "Payload": {"errorType": "x"}}, id="of a function"),
    ],
)
def test_any_other_result_is_the_states(sfn: SfnSync, resource: str, result: dict[str, Any]) -> None:
    sfn.mock_resource(resource, returns=result)
    assert run(sfn, resource).output == result


@pytest.mark.parametrize(
    "resource", ["arn:aws:lambda:us-east-1:123456789012:function:price", "lambda:invoke"], ids=["by its ARN", "invoke"]
)
def test_a_mock_configs_response_of_lambda_may_tell_of_a_failure(sfn: SfnSync, tmp_path: Path, resource: str) -> None:
    response = {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": {"errorType": "Declined"}}
    config = tmp_path / "mocks.json"
    config.write_text(
        json.dumps(
            {
                "StateMachines": {"shop": {"TestCases": {"Declined": {"Call": "Response"}}}},
                "MockedResponses": {"Response": {"0": {"Return": response}}},
            }
        )
    )
    sfn.use_mock_config(config, case="Declined")
    execution = run(sfn, resource)
    assert (execution.error, execution.cause) == ("Declined", '{"errorType":"Declined"}')
