"""Mocks of integrations: results and errors held against service models, requests that can't be sent."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import Execution, MockError, SfnSync, TaskError
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.request_checks import invocation_refusal, request_refusal
from pytest_sfn_sync.tasks.integrations.service_errors import name_fault

GET_ITEM = "aws-sdk:dynamodb:getItem"
PARAMETERS = {"TableName": "orders", "Key": {"id": {"S": "1"}}}
OFF = "To leave the check out, write validate='none' at the mock, or validate_mocks='none' for all of them."


def run(sfn: SfnSync, resource: str = GET_ITEM, parameters: Any = None) -> Execution:
    state = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Parameters": PARAMETERS if parameters is None else parameters,
        "End": True,
    }
    machine = sfn.register("orders", {"StartAt": "Read", "States": {"Read": state}}, replace=True)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn, input="{}")
    return sfn.last_execution


def refusal(sfn: SfnSync, resource: str = GET_ITEM, parameters: Any = None) -> str:
    with pytest.raises(MockError) as refused:
        run(sfn, resource, parameters)
    sfn.usage_errors.clear()
    return str(refused.value)


def test_a_misspelt_member_is_named_with_the_one_that_was_meant() -> None:
    with SfnSync() as sfn:
        sfn.mock_task("Read", returns={"item": {"id": {"S": "1"}}})
        assert refusal(sfn) == (
            "mock_task('Read'): its result is not one that aws-sdk:dynamodb:getItem gives.\n"
            "  from      state 'Read'\n"
            "  member    $.item\n"
            "  expected  'Item' in place of 'item': there is no such member\n"
            "  members   ConsumedCapacity, Item\n"
            "AWS's TestState lets members pass that it does not know; this one is too near to another to be meant.\n"
            + OFF
        )


def test_a_number_where_a_string_belongs_is_told_with_the_message_of_test_state() -> None:
    with SfnSync() as sfn, pytest.raises(MockError) as refused:
        sfn.mock_resource("dynamodb:getItem", returns={"Item": {"id": {"S": 7}}})
    assert str(refused.value) == (
        "mock_resource('dynamodb:getItem'): its result is not one that dynamodb:getItem gives.\n"
        "  member    $.Item.id.S\n"
        "  expected  a string\n"
        "  given     7\n"
        "  AWS says  Mock result schema validation error: Field 'S' must be a string\n" + OFF
    )


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"calls": lambda parameters: {"Itemm": {}}}, id="calls="),
        pytest.param({"responses": [{"Itemm": {}}]}, id="responses="),
    ],
)
def test_every_kind_of_answer_is_checked(answers: dict[str, Any]) -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(GET_ITEM, **answers)
        assert "'Item' in place of 'Itemm'" in refusal(sfn)


@pytest.mark.parametrize(
    ("option", "argument", "passes"),
    [
        ("present", None, True),
        ("strict", None, False),
        ("strict", "present", True),
        ("strict", "none", True),
        ("none", None, True),
        ("none", "strict", False),
    ],
)
def test_the_argument_of_a_mock_goes_before_the_option(option: str, argument: str | None, passes: bool) -> None:
    with SfnSync(validate_mocks=option) as sfn:
        sfn.mock_task("Read", returns={"StartDate": "2026-01-01T00:00:00Z"}, validate=argument)
        parameters = {"StateMachineArn": "arn"}
        if passes:
            assert run(sfn, "states:startExecution", parameters).status == "SUCCEEDED"
        else:
            told = refusal(sfn, "states:startExecution", parameters)
            assert "Mock result schema validation error: Required field 'ExecutionArn' is missing" in told


def test_a_mode_that_is_none_of_the_three_is_refused() -> None:
    with SfnSync() as sfn, pytest.raises(MockError, match="validate= takes 'strict', 'present' or 'none', not 'lax'"):
        sfn.mock_task("Read", returns={}, validate="lax")


def test_timestamps_and_blobs_are_shown_as_aws_shows_them() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 600000, tzinfo=timezone.utc)
    with SfnSync() as sfn:
        sfn.mock_resource("aws-sdk:s3:getObject", returns={"Body": b"text", "LastModified": moment})
        execution = run(sfn, "aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"})
    assert execution.output == {"Body": "text", "LastModified": "2026-01-02T03:04:05.600Z"}


@pytest.mark.parametrize(
    ("resource", "parameters", "faults"),
    [
        (GET_ITEM, {**PARAMETERS, "Key": "1"}, "The value of the field 'Key' has an invalid format"),
        (
            "apigateway:invoke",
            {"ApiEndpoint": "e", "Method": "GET", "Headers": {"H": "v"}},
            "The value of the field 'Headers' has an invalid format",
        ),
    ],
)
def test_a_request_that_cannot_be_sent_fails_before_the_task_starts(
    resource: str, parameters: Any, faults: str
) -> None:
    with SfnSync() as sfn:
        sfn.mock_task("Read", returns={})
        execution = run(sfn, resource, parameters)
    told = json.dumps(parameters, separators=(",", ":"))
    assert execution.error == "States.Runtime"
    assert execution.cause == (
        "An error occurred while executing the state 'Read' (entered at the event id #2). "
        f"The Parameters '{told}' could not be used to start the Task: [{faults}]"
    )
    assert [event["type"] for event in execution.history] == ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]


@pytest.mark.parametrize(
    ("resource", "name", "begins", "ends"),
    [
        pytest.param(
            GET_ITEM,
            "DynamoDb.ResourceNotFoundException",
            "The operation tried to access a nonexistent table or index.",
            " (Service: DynamoDb, Status Code: 400, Request ID: ",
            id="of the SDK's integration",
        ),
        pytest.param(
            "dynamodb:getItem",
            "DynamoDB.ResourceNotFoundException",
            "The operation tried to access a nonexistent table or index.",
            " (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ",
            id="of the optimized integration",
        ),
    ],
)
def test_an_error_by_its_name_gets_the_cause_of_its_integration(
    resource: str, name: str, begins: str, ends: str
) -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(resource, raises=name)
        execution = run(sfn, resource)
    assert execution.error == name
    assert execution.cause is not None
    assert execution.cause.startswith(begins)
    assert ends in execution.cause


@pytest.mark.parametrize(
    ("resource", "code", "error", "cause"),
    [
        (
            GET_ITEM,
            "ConditionalCheckFailedException",
            "DynamoDb.ConditionalCheckFailedException",
            "told (Service: DynamoDb, Status Code: 400, Request ID: r) (SDK Attempt Count: 1)",
        ),
        (
            GET_ITEM,
            "ValidationException",
            "DynamoDb.DynamoDbException",
            "told (Service: DynamoDb, Status Code: 400, Request ID: r) (SDK Attempt Count: 1)",
        ),
        (
            "dynamodb:getItem",
            "ValidationException",
            "DynamoDB.AmazonDynamoDBException",
            "told (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: r; "
            "Proxy: null)",
        ),
    ],
)
def test_a_client_error_becomes_the_error_of_the_integration(resource: str, code: str, error: str, cause: str) -> None:
    response: Any = {
        "Error": {"Code": code, "Message": "told"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r"},
    }
    with SfnSync() as sfn:
        sfn.mock_resource(resource, raises=ClientError(response, "GetItem"))
        execution = run(sfn, resource)
    assert (execution.error, execution.cause) == (error, cause)


@pytest.mark.parametrize(
    ("resource", "status", "error"),
    [
        pytest.param("aws-sdk:s3:headBucket", 404, "S3.NoSuchBucketException", id="the one error of that status"),
        pytest.param("aws-sdk:s3:headObject", 404, "S3.NoSuchKeyException", id="of another operation"),
        pytest.param("aws-sdk:s3:headBucket", 403, "S3.S3Exception", id="a status that no error has"),
        pytest.param("aws-sdk:s3:getObjectTagging", 404, "S3.S3Exception", id="an operation without errors"),
    ],
)
def test_an_answer_without_a_body_is_named_by_its_status(resource: str, status: int, error: str) -> None:
    response: Any = {
        "Error": {"Code": str(status), "Message": "Not Found"},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r", "HostId": "h"},
    }
    with SfnSync() as sfn:
        sfn.mock_resource(resource, raises=ClientError(response, "Head"))
        execution = run(sfn, resource, {"Bucket": "b", "Key": "k"} if "Object" in resource else {"Bucket": "b"})
    assert (execution.error, execution.cause) == (
        error,
        f"(Service: S3, Status Code: {status}, Request ID: r, Extended Request ID: h) (SDK Attempt Count: 1)",
    )


def test_an_error_of_an_answer_without_a_body_has_no_message_where_it_is_given_by_name() -> None:
    with SfnSync() as sfn:
        sfn.mock_resource("aws-sdk:s3:headBucket", raises="S3.NoSuchBucketException")
        execution = run(sfn, "aws-sdk:s3:headBucket", {"Bucket": "b"})
    assert (execution.cause or "").startswith("(Service: S3, Status Code: 404, Request ID: ")


def test_a_task_token_beside_the_payload_of_a_function_fails_the_run() -> None:
    refused = invocation_refusal({"FunctionName": "f", "Payload": {"any": 1}, "TaskToken": "t"})
    assert refused is not None
    assert refused.error == "States.Runtime"
    assert str(refused.cause).endswith(
        'could not be used to start the Task: [The field "TaskToken" is not supported by Step Functions.]'
    )
    assert invocation_refusal({"FunctionName": "f", "Payload": {"TaskToken": "t"}}) is None


def test_an_error_that_the_service_does_not_have_is_refused_with_near_ones() -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(GET_ITEM, raises="DynamoDb.ConditionalCheckFailed")
        assert refusal(sfn) == (
            "mock_resource('aws-sdk:dynamodb:getItem') in state 'Read': aws-sdk:dynamodb:getItem never ends with the "
            "error 'DynamoDb.ConditionalCheckFailed'. Nearest: DynamoDb.ConditionalCheckFailedException, "
            "DynamoDb.TransactionCanceledException, DynamoDb.TransactionConflictException. "
            "Names that begin differently are not checked. " + OFF
        )


def test_an_error_with_the_prefix_of_the_other_kind_is_refused_and_any_other_is_free() -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(GET_ITEM, raises=TaskError("DynamoDB.ResourceNotFoundException", "gone"), times=1)
        assert "Nearest: DynamoDb.ResourceNotFoundException" in refusal(sfn)
        sfn.mock_resource(GET_ITEM, raises="Order.Lost")
        execution = run(sfn)
    assert (execution.error, execution.cause) == ("Order.Lost", None)


@pytest.mark.parametrize(
    ("resource", "parameters", "given", "nearest"),
    [
        pytest.param(
            GET_ITEM,
            PARAMETERS,
            "ResourceNotFoundException",
            "DynamoDb.ResourceNotFoundException",
            id="an error of the service without its prefix",
        ),
        pytest.param(
            "dynamodb:putItem",
            {"TableName": "orders", "Item": {}},
            "ConditionalCheckFailedException",
            "DynamoDB.ConditionalCheckFailedException",
            id="an optimized integration's",
        ),
        pytest.param(
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "k"},
            "NoSuchKey",
            "S3.NoSuchKeyException",
            id="a code as it is on the wire",
        ),
        pytest.param(
            "aws-sdk:cognitoidentityprovider:adminGetUser",
            {"UserPoolId": "p", "Username": "u"},
            "CognitoIdp.UserNotFoundException",
            "CognitoIdentityProvider.UserNotFoundException",
            id="under the name of its host",
        ),
    ],
)
def test_an_error_of_the_service_under_another_name_is_refused_with_the_right_one(
    resource: str, parameters: Any, given: str, nearest: str
) -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(resource, raises=given)
        told = refusal(sfn, resource, parameters)
    assert f"{resource} never ends with the error {given!r}. Nearest: {nearest}" in told


@pytest.mark.parametrize(
    ("resource", "given", "told"),
    [
        pytest.param(
            "http:invoke",
            "Http.StatusCode.503",
            "It ends with the status in the name: States.Http.StatusCode.404, States.Http.Socket.",
            id="an HTTP status without its beginning",
        ),
        pytest.param(
            "http:invoke",
            "States.Http.StatusCode.200",
            "It ends with the status in the name: States.Http.StatusCode.404, States.Http.Socket.",
            id="an HTTP status that is no error",
        ),
        pytest.param(
            "apigateway:invoke",
            "APIGateway.429",
            "It ends with the status in the name: ApiGateway.404.",
            id="a status in other capitals",
        ),
        pytest.param("apigateway:invoke", "404", "ApiGateway.404.", id="a status alone"),
        pytest.param(
            "dynamodb:getItem",
            "AmazonDynamoDB.ThrottlingException",
            "Nearest: DynamoDB.ThrottlingException",
            id="under the maker's name",
        ),
        pytest.param(
            "dynamodb:getItem",
            "ConditionalCheckFailed",
            "Nearest: DynamoDB.ConditionalCheckFailedException",
            id="without the prefix and the end",
        ),
        pytest.param("events:putEvents", "FailedEntry", "Nearest: EventBridge.FailedEntry", id="failed events"),
    ],
)
def test_error_names_that_no_integration_has(resource: str, given: str, told: str) -> None:
    integration = integration_of(resource)
    assert integration is not None
    fault = name_fault(given, integration)
    assert fault is not None
    assert fault.startswith(f"{resource} never ends with the error {given!r}. ")
    assert told in fault


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("http:invoke", "States.Http.StatusCode.404"),
        ("http:invoke", "States.Http.StatusCode.302"),
        ("http:invoke", "States.Http.Socket"),
        ("apigateway:invoke", "ApiGateway.403"),
        ("apigateway:invoke", "ApiGateway.SdkClientException"),
        ("apigateway:invoke", "States.TaskFailed"),
        ("sns:publish", "SNS.KMSDisabledException"),
        ("sns:publish", "SNS.KmsDisabledException"),
        ("dynamodb:getItem", "Order.Lost"),
    ],
)
def test_error_names_that_are_left_alone(resource: str, name: str) -> None:
    integration = integration_of(resource)
    assert integration is not None
    assert name_fault(name, integration) is None


def test_the_name_for_all_errors_is_none() -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(GET_ITEM, raises="States.ALL")
        assert "States.ALL is no error: it stands for all errors, in a Retry or a Catch." in refusal(sfn)


def test_an_optimized_integration_has_the_names_of_version_1_of_the_sdk() -> None:
    error = ClientError({"Error": {"Code": "KMSDisabled", "Message": "No key."}}, "Publish")
    with SfnSync() as sfn:
        sfn.mock_resource("sns:publish", raises=error)
        sfn.mock_resource("aws-sdk:sns:publish", raises=error)
        parameters = {"TopicArn": "arn", "Message": "m"}
        assert run(sfn, "sns:publish", parameters).error == "SNS.KMSDisabledException"
        assert run(sfn, "aws-sdk:sns:publish", parameters).error == "Sns.KmsDisabledException"


def test_only_attributes_of_dynamodb_take_strings_alone() -> None:
    resource = "aws-sdk:ec2:modifyInstanceAttribute"
    integration = integration_of(resource)
    assert integration is not None
    assert request_refusal({"InstanceId": "i", "Kernel": {"Value": 5}}, integration) is None


@pytest.mark.parametrize("answer", [{"returns": None}, {"calls": lambda payload: None}], ids=["returns", "calls"])
def test_null_is_no_result_of_an_integration(answer: Any) -> None:
    with SfnSync() as sfn:
        sfn.mock_task("Read", **answer)
        assert "  expected  an object\n  given     null\n" in refusal(sfn)


def test_a_misspelt_error_of_the_lambda_service_is_refused_whatever_kind_of_mock_gives_it() -> None:
    with SfnSync() as sfn:
        sfn.mock_resource("lambda:invoke", raises="Lambda.ServiceExcption")
        told = refusal(sfn, "lambda:invoke", {"FunctionName": "price"})
    assert "Did you mean 'Lambda.ServiceException'?" in told


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        pytest.param("Lambda.TooManyRequestException", "Lambda.TooManyRequestsException", id="a letter too few"),
        pytest.param("Lambda.ServiceExcpetion", "Lambda.ServiceException", id="two letters swapped"),
        pytest.param("lambda.Unknown", "Lambda.Unknown", id="a small letter"),
        pytest.param("Lambda.SDKClientException", "Lambda.SdkClientException", id="capitals"),
    ],
)
def test_a_misspelt_error_of_the_lambda_service_is_refused(given: str, meant: str) -> None:
    invoke = {"FunctionName": "price", "Payload": {}}
    with SfnSync() as sfn:
        sfn.mock_lambda("price", raises=given)
        assert refusal(sfn, "lambda:invoke", invoke) == (
            f"mock_lambda('price') in state 'Read': No Lambda function ends with the error {given!r}. "
            f"Did you mean {meant!r}? " + OFF
        )
        for own in ("Declined", "Lambda.Quota", meant):
            sfn.mock_lambda("price", raises=own)
            assert run(sfn, "lambda:invoke", invoke).error == own


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({"Code": "AWS.SimpleQueueService.NonExistentQueue"}, id="a code of its older protocol"),
        pytest.param({"Code": "AWS.Other", "QueryErrorCode": "QueueDoesNotExist"}, id="the model's name beside it"),
    ],
)
def test_a_client_error_of_a_service_that_changed_its_protocol(details: dict[str, str]) -> None:
    error = ClientError({"Error": {**details, "Message": "No queue."}}, "SendMessage")
    with SfnSync() as sfn:
        sfn.mock_resource("aws-sdk:sqs:sendMessage", raises=error)
        execution = run(sfn, "aws-sdk:sqs:sendMessage", {"QueueUrl": "u", "MessageBody": "b"})
    assert execution.error == "Sqs.QueueDoesNotExistException"


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({"TableName": "orders"}, "The field 'Key' is required but was missing"),
        ({**PARAMETERS, "Kee": 1}, 'The field "Kee" is not supported by Step Functions.'),
        (
            {**PARAMETERS, "Kee": 1, "ExpressionAttributeNames": {"#free": "x"}, "attributesToGet": []},
            'The field "Kee" is not supported by Step Functions., '
            'The field "attributesToGet" is not supported by Step Functions.',
        ),
        (
            {"TableName": "orders", "Key": {"id": {"N": 5}, "at": {"M": {"day": {"S": False}, "no": {"N": "7"}}}}},
            "The value for the field 'N' must be a STRING, The value for the field 'S' must be a STRING",
        ),
        (
            {**PARAMETERS, "Key": {"id": {"M": {"deep": {"NULL": True}, "fine": {"Nul": True}}}}},
            'The field "NULL" is not supported by Step Functions.',
        ),
    ],
)
def test_names_that_an_expression_gives_at_run_time_are_checked_then(parameters: Any, fault: str) -> None:
    integration = integration_of(GET_ITEM)
    assert integration is not None
    refused = request_refusal(parameters, integration)
    assert refused is not None
    assert str(refused.cause).endswith(f" could not be used to start the Task: [{fault}]")


@pytest.mark.parametrize(
    ("member", "mock", "status"),
    [
        pytest.param("Nonsense", {}, "FAILED", id="what botocore does not know fails the task"),
        pytest.param("Nonsense", {"validate": "none"}, "SUCCEEDED", id="unless the mock is not checked"),
        pytest.param("Nonsense", {"validate": "strict"}, "FAILED", id="another mode does not matter"),
        pytest.param("memory", {"validate": "none"}, "FAILED", id="a slip fails it all the same"),
        pytest.param("some_thing", {"validate": "none"}, "FAILED", id="and so does what AWS would not write"),
    ],
)
def test_an_evaluated_member_that_may_be_new(member: str, mock: dict[str, Any], status: str) -> None:
    parameters = {
        "JobName": "n",
        "JobQueue": "q",
        "JobDefinition": "d",
        "ContainerOverrides.$": f"States.StringToJson('{{\"{member}\":1}}')",
    }
    with SfnSync() as sfn:
        sfn.mock_task("Read", returns={}, **mock)
        assert run(sfn, "aws-sdk:batch:submitJob", parameters).status == status


def test_all_mocks_can_let_new_members_pass() -> None:
    with SfnSync(validate_mocks="none") as sfn:
        sfn.mock_resource(GET_ITEM, returns={})
        parameters = {**PARAMETERS, "Key.$": 'States.StringToJson(\'{"id":{"Nonsense":1}}\')'}
        del parameters["Key"]
        assert run(sfn, parameters=parameters).status == "SUCCEEDED"


LAMBDA_ONLY = """
from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.tasks.integrations.service_models import loaded_services
invoke = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}
direct = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
with SfnSync() as sfn:
    machine = sfn.register("m", {"StartAt": "A", "States": {"A": {**invoke, "Next": "B"}, "B": direct}})
    sfn.mock_task("A", returns={"Payload": 1})
    sfn.mock_lambda("f", returns=2)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn, input="{}")
    sfn.last_execution.assert_succeeded(output=2)
print(loaded_services())
"""


def test_workflows_of_lambda_functions_alone_read_no_service_model() -> None:
    done = subprocess.run([sys.executable, "-c", LAMBDA_ONLY], capture_output=True, text=True, check=True)
    assert done.stdout == "()\n"


@pytest.mark.parametrize(
    ("parameters", "faults"),
    [
        pytest.param({"ConsistentRead": "true"}, None, id="a text that is a boolean"),
        pytest.param(
            {"ConsistentRead": "yes"},
            "The value of the field 'ConsistentRead' has an invalid format",
            id="a text that is no boolean",
        ),
        pytest.param(
            {"ConsistentRead": {}},
            "The value of the field 'ConsistentRead' has an invalid format",
            id="an object for a boolean",
        ),
        pytest.param({"Limit": "5"}, None, id="a text that is a number"),
        pytest.param(
            {"Limit": "five"}, "The value of the field 'Limit' has an invalid format", id="a text that is no number"
        ),
    ],
)
def test_a_text_in_place_of_a_number_or_a_boolean(parameters: Any, faults: str | None) -> None:
    integration = integration_of("aws-sdk:dynamodb:query")
    assert integration is not None
    refused = request_refusal({"TableName": "orders", **parameters}, integration)
    if faults is None:
        assert refused is None
    else:
        assert refused is not None
        assert str(refused.cause).endswith(f" could not be used to start the Task: [{faults}]")


def test_parameters_that_are_no_object_are_refused() -> None:
    integration = integration_of("aws-sdk:dynamodb:query")
    assert integration is not None
    refused = request_refusal([], integration)
    assert refused is not None
    assert str(refused.cause).endswith(" could not be used to start the Task: [The parameters must be a JSON object]")


@pytest.mark.parametrize(
    ("resource", "parameters", "nulls"),
    [
        pytest.param(
            "aws-sdk:dynamodb:getItem", {"TableName": None, "Key": {}}, "'TableName'", id="an SDK integration"
        ),
        pytest.param(
            "dynamodb:putItem", {"TableName": "orders", "Item": None}, "'Item'", id="an optimized integration"
        ),
        pytest.param(
            "sqs:sendMessage", {"QueueUrl": None, "MessageBody": None}, "'QueueUrl' and 'MessageBody'", id="two"
        ),
    ],
)
def test_a_result_of_a_request_whose_required_member_is_null_is_refused(
    resource: str, parameters: dict[str, Any], nulls: str
) -> None:
    with SfnSync() as sfn:
        mock = sfn.mock_resource(resource, returns={})
        assert refusal(sfn, resource, parameters) == (
            f"{mock!r} gives a result, but {resource} refuses this request: {nulls} must not be null.\n"
            "  from      state 'Read'\n"
            f"  payload   {json.dumps(parameters)}\n"
            "On AWS the task fails with an error of the service. If that is what the test is about, write raises= in "
            f"place of the result. {OFF}"
        )


@pytest.mark.parametrize(
    ("parameters", "answer", "status"),
    [
        pytest.param({"TableName": None, "Key": {}}, {"raises": "DynamoDb.DynamoDbException"}, "FAILED", id="an error"),
        pytest.param({"TableName": None, "Key": {}}, {"returns": {}, "validate": "none"}, "SUCCEEDED", id="no check"),
        pytest.param({**PARAMETERS, "ConsistentRead": None}, {"returns": {}}, "SUCCEEDED", id="an optional member"),
    ],
)
def test_requests_with_a_null_that_are_answered(
    parameters: dict[str, Any], answer: dict[str, Any], status: str
) -> None:
    with SfnSync() as sfn:
        sfn.mock_resource(GET_ITEM, **answer)
        assert run(sfn, parameters=parameters).status == status
