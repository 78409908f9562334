"""TestState through a client: what each step was, what a mock may be, and what Retry and Catch would do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE
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
        pytest.param(
            {**QUEUE, "Resource": "arn:aws:states:::sqs:sendMessage"},
            {"result": {"MessageId": 1}},
            "Mock result schema validation error: Field 'MessageId' must be a string",
            id="a result that the API never returns",
        ),
        pytest.param(
            TASK,
            {"result": {}, "revealSecrets": True},
            "TestState does not support RevealSecrets when a mock is specified.",
            id="secrets of a mock",
        ),
        pytest.param(BOTH, {"result": {}}, "Mocked result must be an array.", id="an object for a Parallel"),
        pytest.param(EACH, {"result": {}}, "Mocked result must be an array.", id="an object for a Map"),
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
        pytest.param(
            EACH,
            {"configuration": {"mapIterationFailureCount": 1}},
            "TestState does not support MapIterationFailureCount when a mock is not specified.",
            id="failed iterations without a mock",
        ),
        pytest.param(TASK, {}, "RoleArn must be specified when testing a Task state", id="neither mock nor role"),
        pytest.param(
            PASS,
            {"context": {}},
            "TestState does not support a Context object when a mock is not specified.",
            id="a context object without a mock",
        ),
        pytest.param(
            TASK,
            {"result": {}, "context": []},
            "Invalid Context object provided: Context object must be a JSON object",
            id="a context object that is a list",
        ),
        pytest.param(
            TASK,
            {"result": {}, "context": {"Machine": {}}},
            "Invalid Context object provided: Field 'Machine' is not allowed",
            id="an unknown field in the context object",
        ),
        pytest.param(
            TASK,
            {"result": {}, "context": {"State": "Only"}},
            "Invalid Context object provided: State must be an object",
            id="a text for an object of the context object",
        ),
        pytest.param(
            TASK,
            {"result": {}, "context": {"State": {"Input": {}}}},
            "Invalid Context object provided: Field 'Input' is not allowed",
            id="an unknown field of the state in the context object",
        ),
        pytest.param(
            TASK,
            {"result": {}, "context": {"Execution": {"Input": 1, "Id": 1}}},
            "Invalid Context object provided: Execution.Id must be a string",
            id="a number for a text in the context object",
        ),
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


def test_data_that_is_no_json_is_refused(client: Any) -> None:
    with refused("InvalidExecutionInput"):
        tried(client, {**DISTRIBUTED, "ItemReader": READER}, result=[], configuration={"mapItemReaderData": "{"})


def test_data_in_another_format_is_a_usage_error(sfn: SfnSync, client: Any) -> None:
    reader = {**READER, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}}
    with pytest.raises(SfnSyncUsageError) as raised:
        tried(client, {**DISTRIBUTED, "ItemReader": reader}, result=[], configuration={"mapItemReaderData": "a"})
    assert str(raised.value) == (
        "TestState: the data of an ItemReader with the InputType 'CSV' can't be read here. Test the state with "
        "InputType 'JSON', or without the ItemReader."
    )
    sfn.usage_errors.clear()


@pytest.mark.parametrize(
    ("fields", "input", "status"),
    [
        pytest.param({"ToleratedFailurePercentage": 50}, [1, 2], "FAILED", id="a percentage"),
        pytest.param({"ToleratedFailurePercentage": 100}, [1, 2], "SUCCEEDED", id="a percentage that is not exceeded"),
        pytest.param(
            {"ItemsPath": "$.items", "ToleratedFailureCountPath": "$.most"},
            {"items": [1, 2], "most": 1},
            "FAILED",
            id="a count by a path",
        ),
        pytest.param(
            {"ItemsPath": "$.items", "ToleratedFailurePercentagePath": "$.most"},
            {"items": [1, 2], "most": 50},
            "FAILED",
            id="a percentage by a path",
        ),
        pytest.param({}, [1, 2], "SUCCEEDED", id="no threshold"),
    ],
)
def test_two_failed_iterations_of_a_map(client: Any, fields: dict[str, Any], input: Any, status: str) -> None:
    configuration = {"mapIterationFailureCount": 2}
    tested = tried(client, {**EACH, **fields}, input=input, result=["a", "b"], configuration=configuration)
    assert tested["status"] == status
    if status == "FAILED":
        assert tested["error"] == "States.ExceedToleratedFailureThreshold"
        assert tested["cause"] == "The specified tolerated failure threshold was exceeded"
    else:
        assert json.loads(tested["output"]) == ["a", "b"]


def test_a_threshold_in_jsonata_is_applied(client: Any) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    state = {
        "QueryLanguage": "JSONata",
        "Type": "Map",
        "Items": "{% $states.input.items %}",
        "ToleratedFailureCount": "{% $states.input.most %}",
        "ItemProcessor": INNER,
        "End": True,
    }
    for failures, status in ((1, "SUCCEEDED"), (2, "FAILED")):
        tested = tried(
            client,
            state,
            input={"items": [1, 2], "most": 1},
            result=["a", "b"],
            configuration={"mapIterationFailureCount": failures},
            inspectionLevel="DEBUG",
        )
        assert (tested["status"], tested["inspectionData"]["toleratedFailureCount"]) == (status, 1)


def test_the_items_of_a_map_are_reported_beside_its_mocked_error(client: Any) -> None:
    tested = tried(client, {**EACH, "Catch": CATCH}, input=[1, 2], error="Broken", inspectionLevel="DEBUG")
    assert (tested["status"], tested["nextState"]) == ("CAUGHT_ERROR", "Handle")
    assert tested["inspectionData"] == {
        "input": "[1,2]",
        "afterInputPath": "[1,2]",
        "afterItemsPath": "[1, 2]",
        "maxConcurrency": 0,
        "afterResultPath": '{"Error":"Broken","Cause":"why"}',
        "errorDetails": {"catchIndex": 1},
    }


def test_a_fault_in_the_items_of_a_map_comes_before_its_mocked_error(client: Any) -> None:
    tested = tried(client, EACH, input={"a": 1}, error="Broken", inspectionLevel="DEBUG")
    assert (tested["status"], tested["error"]) == ("FAILED", "States.Runtime")
    assert tested["cause"] == 'Reference path "$" must point to array.'
    assert tested["inspectionData"].keys() == {"input", "afterInputPath"}


def test_the_steps_of_a_parallel(client: Any) -> None:
    assert inspected(client, BOTH, input=1, result=["a", "b"]) == {
        "input": "1",
        "afterResultSelector": '["a","b"]',
        "afterResultPath": '["a","b"]',
    }


def test_an_error_of_a_parallel_is_retried(client: Any) -> None:
    tested = tried(client, {**BOTH, "Retry": RETRY}, error="Busy", inspectionLevel="DEBUG")
    assert (tested["status"], tested["error"], tested["cause"]) == ("RETRIABLE", "Busy", "why")
    assert tested["inspectionData"]["errorDetails"] == {"retryIndex": 0, "retryBackoffIntervalSeconds": 2}


def test_the_steps_of_a_pass_with_a_result(client: Any) -> None:
    state = {"Type": "Pass", "Result": 1, "ResultPath": "$.b", "Next": "Other"}
    tested = tried(client, state, input={"a": 2}, inspectionLevel="DEBUG")
    assert (json.loads(tested["output"]), tested["nextState"]) == ({"a": 2, "b": 1}, "Other")
    assert tested["inspectionData"] == {
        "input": '{"a":2}',
        "result": "1",
        "afterResultSelector": "1",
        "afterResultPath": '{"a":2,"b":1}',
    }


def test_the_steps_of_a_fail(client: Any) -> None:
    tested = tried(client, {"Type": "Fail", "Error": "E", "Cause": "c"}, input={"a": 1}, inspectionLevel="DEBUG")
    assert tested == {
        "status": "FAILED",
        "error": "E",
        "cause": "c",
        "inspectionData": {"input": '{"a":1}', "afterInputPath": '{"a":1}'},
    }


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(299, {"status": "SUCCEEDED", "output": "{}"}, id="less than five minutes"),
        pytest.param(300, {"status": "FAILED", "error": "States.Timeout"}, id="five minutes"),
    ],
)
def test_a_state_has_five_minutes(client: Any, seconds: int, expected: dict[str, Any]) -> None:
    assert tried(client, {"Type": "Wait", "Seconds": seconds, "End": True}) == expected


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param("arn:aws:states:::http:invoke", id="an HTTP call"),
        pytest.param("arn:aws:states:us-east-1:111111111111:activity:work", id="an activity"),
    ],
)
def test_a_mock_that_has_no_shape_may_be_any_object(client: Any, resource: str) -> None:
    parameters = {
        "ApiEndpoint": "https://example.com",
        "Method": "GET",
        "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:111111111111:connection/a/b"},
    }
    state = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    assert tried(client, state, result={"any": 1}) == {"status": "SUCCEEDED", "output": '{"any":1}'}


def test_a_given_context_object_has_the_item_of_each_iteration(client: Any) -> None:
    state = {**EACH, "ItemSelector": {"context.$": "$$"}}
    data = inspected(client, state, input=[5], result=[1], context={"State": {"Name": "x"}})
    assert data["afterItemSelector"] == '[{"context":{"State":{"Name":"x"},"Map":{"Item":{"Index":0,"Value":5}}}}]'


def test_the_steps_of_a_task_and_a_catcher_in_jsonata(client: Any) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    state = {
        "QueryLanguage": "JSONata",
        "Type": "Task",
        "Resource": TASK["Resource"],
        "Arguments": {"b": "{% $states.input.a %}"},
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "Handle"}],
        "End": True,
    }
    tested = tried(client, state, input={"a": 1}, error="Broken", inspectionLevel="DEBUG")
    assert (tested["status"], tested["nextState"], tested["output"]) == ("CAUGHT_ERROR", "Handle", '"Broken"')
    assert tested["inspectionData"] == {
        "input": '{"a":1}',
        "afterArguments": '{"b":1}',
        "errorDetails": {"catchIndex": 0},
    }


def test_the_query_language_is_that_of_the_machine(client: Any) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    states = {"Only": {"Type": "Fail", "Error": "{% 'E' & 1 %}"}}
    machine = {"QueryLanguage": "JSONata", "StartAt": "Only", "States": states}
    tested = tried(client, machine, stateName="Only", inspectionLevel="DEBUG")
    assert tested == {"status": "FAILED", "error": "E1", "inspectionData": {"input": "{}"}}


def test_a_state_that_is_not_in_the_definition_is_refused(client: Any) -> None:
    with refused("ValidationException", "State not found in definition"):
        tried(client, {"StartAt": "Each", "States": {"Each": EACH}}, stateName="Every")


@pytest.mark.parametrize("definition", ["[]", "1"], ids=["a list", "a number"])
def test_a_definition_that_is_no_object_is_refused(client: Any, definition: str) -> None:
    message = (
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null'"
    )
    with refused("InvalidDefinition", message):
        client.test_state(definition=definition)


def test_a_definition_that_is_no_json_is_refused(client: Any) -> None:
    with refused("InvalidDefinition"):
        client.test_state(definition="{")


def test_an_input_that_is_no_json_is_refused(client: Any) -> None:
    with refused("InvalidExecutionInput"):
        client.test_state(definition=json.dumps(PASS), input="{")


@pytest.mark.parametrize("variables", ["[1]", "1", "true", '"s"', "null"])
def test_variables_are_an_object(client: Any, variables: str) -> None:
    with refused("ValidationException", "Variables must be a JSON object"):
        client.test_state(definition=json.dumps({"Type": "Pass", "End": True}), variables=variables)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("states", "Cannot assign to reserved variable '$states'."),
        ("1a", "Invalid variable name '1a': the variable name contains invalid characters."),
    ],
)
def test_the_names_of_variables_are_those_of_assign(client: Any, name: str, message: str) -> None:
    with refused("ValidationException", message):
        client.test_state(definition=json.dumps({"Type": "Pass", "End": True}), variables=json.dumps({name: 1}))
