"""TestState through a client: what each step was, what a mock may be, and what Retry and Catch would do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.service.scenes import ROLE, members, refused, task

TASK = task("work")
QUEUE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
    "End": True,
}
INVOKE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "work"},
    "End": True,
}
INNER = {"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "End": True}}}
EACH = {"Type": "Map", "ItemProcessor": INNER, "End": True}
OTHER = {"StartAt": "Other", "States": {"Other": {"Type": "Pass", "End": True}}}
BOTH = {"Type": "Parallel", "Branches": [INNER, OTHER], "End": True}
PASS = {"Type": "Pass", "End": True}


def tried(client: Any, state: Any, **arguments: Any) -> dict[str, Any]:
    """Test one state; inputs, mocks' results and the like are given as values."""
    for name in ("input", "context", "variables"):
        if name in arguments:
            arguments[name] = json.dumps(arguments[name])
    if "result" in arguments:
        arguments["mock"] = {"result": json.dumps(arguments.pop("result"))}
    if "error" in arguments:
        arguments["mock"] = {"errorOutput": {"error": arguments.pop("error"), "cause": "why"}}
    if "configuration" in arguments:
        arguments["stateConfiguration"] = arguments.pop("configuration")
    return members(client.test_state(definition=json.dumps(state), **arguments))


def inspected(client: Any, state: Any, **arguments: Any) -> dict[str, Any]:
    data: dict[str, Any] = tried(client, state, inspectionLevel="DEBUG", **arguments)["inspectionData"]
    return data


@pytest.mark.parametrize(
    ("state", "arguments", "message"),
    [
        pytest.param(
            TASK,
            {"mock": {}},
            "One of the following fields is required for a test mock: [result, errorOutput].",
            id="an empty mock",
        ),
        pytest.param(
            TASK,
            {"mock": {"result": "{}", "errorOutput": {"error": "E"}}},
            "A test mock should have only one of the following fields: [result, errorOutput].",
            id="a result and an error",
        ),
        pytest.param(
            TASK,
            {"mock": {"errorOutput": {"cause": "c"}}},
            "An error was not specified in the mocked error output.",
            id="a cause without an error",
        ),
        pytest.param(INVOKE, {"result": None}, "Mocked result must be a valid JSON object.", id="null"),
        pytest.param(TASK, {"mock": {"result": "{"}}, "Mocked result must be valid JSON", id="no JSON"),
        pytest.param(PASS, {"result": {}}, "State type 'Pass' is not supported when a mock is specified", id="a Pass"),
        pytest.param(
            TASK,
            {"result": {}, "configuration": {"mapIterationFailureCount": 1}},
            "MapIterationFailureCount is only supported when testing a Map state.",
            id="failed iterations of a Task",
        ),
        pytest.param(
            EACH,
            {"input": [1], "result": [1], "configuration": {"mapIterationFailureCount": 2}},
            "Map iteration failure count must be less than or equal to the number of Map iterations",
            id="more failures than iterations",
        ),
        pytest.param(
            BOTH,
            {"result": [1]},
            "Mocked result must contain the same number of items as number of Parallel branches.",
            id="one result for two branches",
        ),
        pytest.param(TASK, {}, "RoleArn must be specified when testing a Task state", id="neither mock nor role"),
        pytest.param(
            TASK,
            {"result": {}, "context": {"Map": {}}},
            "Invalid Context object provided: 'Map' field is not supported when mocking a Context object",
            id="Map in the context object",
        ),
        pytest.param(
            TASK,
            {"result": {}, "context": {"Task": {"Token": "t"}}},
            "Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a "
            "'.sync' or '.waitForTaskToken' service integration pattern",
            id="Task in the context object",
        ),
        pytest.param(
            {
                **EACH,
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "Parameters": {"Bucket": "b", "Key": "k"},
                    "ReaderConfig": {"InputType": "JSON"},
                },
            },
            {"result": [1]},
            "ItemReader data must be specified when testing a Map state with ItemReader specified.",
            id="a reader without data",
        ),
    ],
)
def test_what_is_refused(client: Any, state: Any, arguments: dict[str, Any], message: str) -> None:
    with refused("ValidationException", message):
        tried(client, state, **arguments)


@pytest.mark.parametrize("state", [EACH, BOTH], ids=["Map", "Parallel"])
def test_a_map_and_a_parallel_need_a_mock(client: Any, state: Any) -> None:
    message = (
        "TestState API does not support Map or Parallel states. Supported state types include: "
        "[Task, Wait, Pass, Succeed, Fail, Choice]"
    )
    with refused("InvalidDefinition", message):
        tried(client, state, input=[1], roleArn=ROLE)


RETRY = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 2}]
CATCH = [{"ErrorEquals": ["Other"], "Next": "Never"}, {"ErrorEquals": ["States.ALL"], "Next": "Handle"}]


@pytest.mark.parametrize(
    ("fields", "error", "used", "status", "details"),
    [
        ({}, "Busy", 0, "FAILED", None),
        ({"Retry": RETRY}, "Busy", 0, "RETRIABLE", {"retryIndex": 0, "retryBackoffIntervalSeconds": 2}),
        ({"Retry": RETRY}, "Busy", 1, "RETRIABLE", {"retryIndex": 0, "retryBackoffIntervalSeconds": 4}),
        ({"Retry": RETRY}, "Busy", 2, "FAILED", {"retryIndex": 0}),
        ({"Retry": RETRY}, "Broken", 0, "FAILED", None),
        ({"Retry": RETRY, "Catch": CATCH}, "Busy", 0, "RETRIABLE", {"retryIndex": 0, "retryBackoffIntervalSeconds": 2}),
        ({"Retry": RETRY, "Catch": CATCH}, "Broken", 0, "CAUGHT_ERROR", {"catchIndex": 1}),
    ],
    ids=["neither", "first retry", "second retry", "spent", "another error", "retried before caught", "caught"],
)
def test_retry_and_catch(
    client: Any, fields: dict[str, Any], error: str, used: int, status: str, details: dict[str, int] | None
) -> None:
    configuration = {"retrierRetryCount": used} if used else {}
    state = {**TASK, **fields}
    tested = tried(client, state, input={"a": 1}, error=error, configuration=configuration, inspectionLevel="DEBUG")
    assert (tested["status"], tested["error"], tested["cause"]) == (status, error, "why")
    assert tested["inspectionData"].get("errorDetails") == details
    if status == "CAUGHT_ERROR":
        assert tested["nextState"] == "Handle"
        assert json.loads(tested["output"]) == {"Error": error, "Cause": "why"}
    else:
        assert "output" not in tested
        assert "nextState" not in tested


def test_the_steps_of_a_task(client: Any) -> None:
    state = {
        **TASK,
        "InputPath": "$.in",
        "Parameters": {"x.$": "$.b"},
        "ResultSelector": {"y.$": "$.x"},
        "ResultPath": "$.out",
    }
    assert inspected(client, state, input={"in": {"b": 1}}, result={"x": 2}) == {
        "input": '{"in":{"b":1}}',
        "afterInputPath": '{"b":1}',
        "afterParameters": '{"x":1}',
        "result": '{"x":2}',
        "afterResultSelector": '{"y":2}',
        "afterResultPath": '{"in":{"b":1},"out":{"y":2}}',
    }


def test_the_lists_of_a_map_are_printed_as_java_prints_them(client: Any) -> None:
    state = {
        **EACH,
        "ItemsPath": "$.items",
        "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"},
    }
    data = inspected(client, state, input={"items": [1, 2]}, result=["a", "b"])
    assert data["afterItemsPath"] == "[1, 2]"
    assert data["afterItemSelector"] == '[{"v":1,"i":0}, {"v":2,"i":1}]'
    assert data["maxConcurrency"] == 0
    assert data.keys().isdisjoint({"afterParameters", "result", "toleratedFailureCount"})


def test_too_many_failed_iterations_of_a_map(client: Any) -> None:
    state = {**EACH, "ToleratedFailureCount": 1}
    for failures, status in ((1, "SUCCEEDED"), (2, "FAILED")):
        tested = tried(client, state, input=[1, 2], result=[1, 2], configuration={"mapIterationFailureCount": failures})
        assert tested["status"] == status
    assert tested["error"] == "States.ExceedToleratedFailureThreshold"
    assert tested["cause"] == "The specified tolerated failure threshold was exceeded"


def test_the_context_object_of_a_state(client: Any) -> None:
    state = {**PASS, "Parameters": {"context.$": "$$"}}
    context = json.loads(tried(client, state, input={"a": 1})["output"])["context"]
    assert context["State"]["Name"] == "StateName"
    assert context["Execution"]["Input"] == {"a": 1}
    assert context["Execution"]["RoleArn"] is None
    assert "RedriveCount" not in context["Execution"]


def test_a_given_context_object_is_all_there_is(client: Any) -> None:
    state = {**TASK, "Parameters": {"context.$": "$$"}}
    given = {"State": {"Name": "x"}}
    data = inspected(client, state, result={}, context=given)
    assert json.loads(data["afterParameters"]) == {"context": given}


def test_a_token_comes_from_the_context_object(client: Any) -> None:
    data = inspected(client, QUEUE, result={"any": "object"}, context={"Task": {"Token": "abc"}})
    assert json.loads(data["afterParameters"])["MessageBody"] == {"token": "abc"}


def test_variables_are_read_and_assigned(client: Any) -> None:
    state = {**PASS, "Parameters": {"sum.$": "States.MathAdd($a, 1)"}, "Assign": {"b.$": "$.sum"}}
    tested = tried(client, state, input={"in": 5}, variables={"a": 1}, inspectionLevel="DEBUG")
    assert json.loads(tested["output"]) == {"sum": 2}
    assert json.loads(tested["inspectionData"]["variables"]) == {"a": 1, "b": 2}


def test_a_task_without_a_mock_is_done_by_the_mocks_of_the_test(sfn: SfnSync, client: Any) -> None:
    work = sfn.mock_lambda("work", returns={"done": True})
    tested = tried(client, TASK, input={"a": 1}, roleArn=ROLE)
    assert (tested["status"], json.loads(tested["output"])) == ("SUCCEEDED", {"done": True})
    work.assert_called_once_with({"a": 1})
    assert sfn.executions == []


def test_a_state_of_a_branch_is_found(client: Any) -> None:
    machine = {"StartAt": "Each", "States": {"Each": EACH}}
    assert json.loads(tried(client, machine, stateName="Inner", input=[7])["output"]) == [7]


@pytest.mark.parametrize("level", ["INFO", "DEBUG", "TRACE"])
def test_levels(client: Any, level: str) -> None:
    tested = tried(client, PASS, inspectionLevel=level)
    assert ("inspectionData" in tested) is (level != "INFO")


def test_a_definition_at_fault_is_refused(client: Any) -> None:
    with refused("InvalidDefinition"):
        tried(client, {"Type": "Pass"})


@pytest.mark.parametrize("result", [[], [1], [1, 2, 3]], ids=["none", "too few", "too many"])
def test_the_mock_of_a_map_has_a_result_for_each_iteration(client: Any, result: list[int]) -> None:
    with refused("ValidationException", "Input array does not equal the mocked result array's size"):
        tried(client, EACH, input=[1, 2], result=result)
    assert json.loads(tried(client, EACH, input=[1, 2], result=["a", "b"])["output"]) == ["a", "b"]


def test_the_threshold_is_checked_before_the_size(client: Any) -> None:
    state = {**EACH, "ToleratedFailureCount": 1}
    tested = tried(client, state, input=[1, 2], result=[1, 2, 3], configuration={"mapIterationFailureCount": 2})
    assert tested["error"] == "States.ExceedToleratedFailureThreshold"


DISTRIBUTED = {
    **EACH,
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, **INNER},
}
WRITER = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}


def test_the_mock_of_a_map_with_batches_has_a_result_for_each_batch(client: Any) -> None:
    state = {**DISTRIBUTED, "ItemSelector": {"v.$": "$$.Map.Item.Value"}, "ItemBatcher": {"MaxItemsPerBatch": 2}}
    tested = tried(client, state, input=[1, 2, 3], result=["a", "b"], inspectionLevel="DEBUG")
    assert json.loads(tested["output"]) == ["a", "b"]
    batches = r'[{"Items":["{\"v\":1}","{\"v\":2}"]}, {"Items":["{\"v\":3}"]}]'
    assert tested["inspectionData"]["afterItemBatcher"] == batches
    with refused("ValidationException", "Input array does not equal the mocked result array's size"):
        tried(client, state, input=[1, 2, 3], result=["a", "b", "c"])


def test_a_batcher_that_is_not_evaluated_here_is_a_usage_error(sfn: SfnSync, client: Any) -> None:
    with pytest.raises(SfnSyncUsageError, match="an ItemBatcher with MaxInputBytesPerBatch can't be evaluated here"):
        tried(client, {**DISTRIBUTED, "ItemBatcher": {"MaxInputBytesPerBatch": 100}}, input=[1], result=[1])
    sfn.usage_errors.clear()


def test_the_mock_of_a_map_with_a_writer_is_its_result(client: Any) -> None:
    state = {**DISTRIBUTED, "ResultWriter": WRITER}
    result = {"MapRunArn": "arn", "ResultWriterDetails": {"Bucket": "b", "Key": "k"}}
    assert json.loads(tried(client, state, input=[1, 2], result=result)["output"]) == result
    with refused("ValidationException", "Mocked result must be a JSON object."):
        tried(client, state, input=[1, 2], result=[1, 2])


READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "Parameters": {"Bucket": "b", "Key": "k"},
    "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/a~1b/1"},
}


def test_items_of_a_reader_come_from_the_data_of_the_request(client: Any) -> None:
    data = {"mapItemReaderData": json.dumps({"a/b": [[], [1, 2]]})}
    tested = tried(
        client, {**DISTRIBUTED, "ItemReader": READER}, result=["x", "y"], configuration=data, inspectionLevel="DEBUG"
    )
    assert json.loads(tested["output"]) == ["x", "y"]
    assert tested["inspectionData"]["afterItemsPointer"] == "[1,2]"
    assert "afterItemsPath" not in tested["inspectionData"]


def test_a_pointer_that_finds_no_list_fails_the_reader(client: Any) -> None:
    data = {"mapItemReaderData": json.dumps({"a/b": 1})}
    tested = tried(client, {**DISTRIBUTED, "ItemReader": READER}, result=[], configuration=data)
    assert (tested["status"], tested["error"]) == ("FAILED", "States.ItemReaderFailed")
