"""Integrations that go through real boto3 clients, with moto behind them; both fakes are active in each test."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread
from types import SimpleNamespace
from typing import Any, ClassVar

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pytest_sfn_sync import MockError, SfnSync, UnmockedTaskError
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.tasks.integrations.java_names import SdkSpelling, optimized_member
from pytest_sfn_sync.tasks.live_shapes import as_parameters, as_result
from pytest_sfn_sync.tasks.made_clients import NO_CREDENTIALS, RequestToAwsError, made_client
from tests.machines import machine_of

NOWHERE = "http://127.0.0.1:9"

ORDERS = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def moto_active() -> Iterator[None]:
    moto = pytest.importorskip("moto", reason="moto is not installed")
    with moto.mock_aws():
        yield


@pytest.fixture
def dynamodb(moto_active: None) -> Any:
    client = boto3.client("dynamodb", region_name="us-east-1")
    client.create_table(**ORDERS)
    return client


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=7) as sfn:
        yield sfn


def task(resource: str, parameters: Any, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, **fields}


def run(sfn: SfnSync, *tasks: dict[str, Any]) -> Execution:
    """Run tasks one after the other, in states T0, T1, ...; each keeps its input and result apart."""
    states = {
        f"T{number}": {
            **one,
            "ResultPath": None,
            **({"Next": f"T{number + 1}"} if number + 1 < len(tasks) else {"End": True}),
        }
        for number, one in enumerate(tasks)
    }
    machine = sfn.register("live", {"StartAt": "T0", "States": states}, replace=True)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn)
    return sfn.last_execution


def test_dynamodb_and_sqs_of_moto_in_one_workflow(sfn: SfnSync, dynamodb: Any) -> None:
    sqs = boto3.client("sqs", region_name="us-east-1")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    sfn.use_client("dynamodb", dynamodb)
    sfn.use_clients(["sqs"])

    execution = run(
        sfn,
        task("dynamodb:putItem", {"TableName": "orders", "Item": {"id": {"S": "o-1"}, "paid": {"BOOL": True}}}),
        task("aws-sdk:dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "o-1"}}}),
        task("dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "o-1"}}}),
        task("sqs:sendMessage", {"QueueUrl": queue, "MessageBody": {"order": "o-1"}}),
    )

    execution.assert_succeeded()
    put, by_sdk, optimized, sent = (call.result for call in execution.calls)
    assert sorted(put) == ["SdkHttpMetadata", "SdkResponseMetadata"]
    assert by_sdk == {"Item": {"id": {"S": "o-1"}, "paid": {"Bool": True}}}
    assert optimized["Item"] == {"id": {"S": "o-1"}, "paid": {"BOOL": True}}
    assert list(sent) == ["MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata"]
    assert sent["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert [message["Body"] for message in sqs.receive_message(QueueUrl=queue)["Messages"]] == ['{"order":"o-1"}']


@pytest.mark.parametrize(
    ("resource", "error", "cause"),
    [
        pytest.param(
            "aws-sdk:dynamodb:getItem",
            "DynamoDb.ResourceNotFoundException",
            "Requested resource not found (Service: DynamoDb, Status Code: 400, Request ID: ",
            id="an SDK integration",
        ),
        pytest.param(
            "dynamodb:getItem",
            "DynamoDB.ResourceNotFoundException",
            "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; "
            "Error Code: ResourceNotFoundException; Request ID: ",
            id="an optimized integration",
        ),
    ],
)
def test_a_client_error_is_the_error_of_the_integration(
    sfn: SfnSync, dynamodb: Any, resource: str, error: str, cause: str
) -> None:
    sfn.use_client("dynamodb", dynamodb)

    execution = run(sfn, task(resource, {"TableName": "missing", "Key": {"id": {"S": "o-1"}}}))

    assert execution.error == error
    assert (execution.cause or "").startswith(cause)


def test_a_timestamp_is_text(sfn: SfnSync, dynamodb: Any) -> None:
    sfn.use_client("dynamodb", dynamodb)

    execution = run(sfn, task("aws-sdk:dynamodb:describeTable", {"TableName": "orders"}))

    created = execution.calls[0].result["Table"]["CreationDateTime"]
    assert datetime.fromisoformat(created.replace("Z", "+00:00")).tzinfo is not None


def test_a_streamed_body_is_text(sfn: SfnSync, moto_active: None) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="reports")
    sfn.use_client("s3", s3)

    execution = run(
        sfn,
        task("aws-sdk:s3:putObject", {"Bucket": "reports", "Key": "a.json", "Body": {"Dict": "Value"}}),
        task("aws-sdk:s3:getObject", {"Bucket": "reports", "Key": "a.json"}),
        task("aws-sdk:s3:getObject", {"Bucket": "reports", "Key": "b.json"}),
    )

    put, got, missing = execution.calls
    assert put.result["ETag"] == '"49e31cee5aec8faf3345893addb14346"'  # as recorded on AWS
    assert got.result["Body"] == '{"Dict":"Value"}'
    assert list(got.result)[-1] == "Body"
    assert missing.error == "S3.NoSuchKeyException"
    assert re.fullmatch(
        r"The specified key does not exist\. \(Service: S3, Status Code: 404, Request ID: [^,]+, "
        r"Extended Request ID: [^,)]+\) \(SDK Attempt Count: 1\)",
        missing.cause or "",
    )


@pytest.mark.parametrize(
    ("resource", "parameters", "error"),
    [
        ("aws-sdk:s3:headBucket", {"Bucket": "none"}, "S3.NoSuchBucketException"),
        ("aws-sdk:s3:headObject", {"Bucket": "reports", "Key": "none"}, "S3.NoSuchKeyException"),
    ],
)
def test_an_answer_without_a_body_is_named_by_the_error_of_its_status(
    sfn: SfnSync, moto_active: None, resource: str, parameters: Any, error: str
) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="reports")
    sfn.use_client("s3", s3)

    execution = run(sfn, task(resource, parameters))

    assert execution.error == error
    assert re.fullmatch(
        r"\(Service: S3, Status Code: 404, Request ID: [^,]+, Extended Request ID: [^,)]+\) \(SDK Attempt Count: 1\)",
        execution.cause or "",
    )


def test_an_attribute_of_null_has_the_name_of_its_kind_of_integration(sfn: SfnSync, dynamodb: Any) -> None:
    sfn.use_client("dynamodb", dynamodb)
    key = {"TableName": "orders", "Key": {"id": {"S": "o-2"}}}

    execution = run(
        sfn,
        task("aws-sdk:dynamodb:putItem", {"TableName": "orders", "Item": {"id": {"S": "o-2"}, "gone": {"Nul": True}}}),
        task("aws-sdk:dynamodb:getItem", key),
        task("dynamodb:getItem", key),
    )

    _, by_sdk, optimized = (call.result for call in execution.calls)
    assert by_sdk["Item"]["gone"] == {"Nul": True}
    assert optimized["Item"]["gone"] == {"NULL": True}


def test_a_mock_wins_over_a_client_and_leaves_it_what_it_does_not_accept(sfn: SfnSync, dynamodb: Any) -> None:
    sfn.use_client("dynamodb", dynamodb)
    mock = sfn.mock_resource(
        "aws-sdk:dynamodb:getItem", returns={"Item": {"id": {"S": "mocked"}}}, when={"TableName": "orders", "Key": {}}
    )

    execution = run(
        sfn,
        task("aws-sdk:dynamodb:getItem", {"TableName": "orders", "Key": {}}),
        task("aws-sdk:dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "o-1"}}}),
    )

    assert [call.result for call in execution.calls] == [{"Item": {"id": {"S": "mocked"}}}, {}]
    assert mock.call_count == 1


def test_a_client_of_another_service_is_refused(sfn: SfnSync, moto_active: None) -> None:
    with pytest.raises(MockError) as refused:
        sfn.use_client("dynamodb", boto3.client("sqs", region_name="us-east-1"))

    assert str(refused.value) == (
        "use_client('dynamodb', ...) was given a client for 'sqs'. "
        "Write use_client('sqs', ...), or give it a client for 'dynamodb'."
    )


def test_what_is_no_client_is_refused(sfn: SfnSync) -> None:
    with pytest.raises(MockError, match=r"use_client\('sqs', \.\.\.\) takes a boto3 client, not 'sqs'"):
        sfn.use_client("sqs", "sqs")


def test_a_service_that_does_not_exist_is_refused(sfn: SfnSync) -> None:
    with pytest.raises(MockError, match=r"^use_clients: there is no service 'dynamo'. Nearest: dynamodb, "):
        sfn.use_clients(["dynamo"])
    with pytest.raises(MockError, match=r"^use_clients: there is no service 'dynamo'. Nearest: dynamodb, "):
        sfn.use_clients("sqs", "dynamo")


class StubbedLambda:
    """A client for Lambda as far as it is asked: what stands behind a real one needs containers."""

    def __init__(self, response: dict[str, Any]) -> None:
        self.meta = boto3.client("lambda", region_name="us-east-1", **NO_CREDENTIALS).meta
        self.response = response
        self.invoked: list[dict[str, Any]] = []

    def invoke(self, **parameters: Any) -> dict[str, Any]:
        self.invoked.append(parameters)
        payload = BytesIO(self.response["Payload"])
        return {"StatusCode": 200, "ExecutedVersion": "$LATEST", **self.response, "Payload": payload}


FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge"


@pytest.mark.parametrize(
    ("response", "error", "result"),
    [
        pytest.param({"Payload": b'{"receipt": 7}'}, None, {"receipt": 7}, id="a result"),
        pytest.param(
            {"Payload": b'{"errorMessage": "x", "errorType": "Declined"}', "FunctionError": "Unhandled"},
            "Declined",
            None,
            id="an error",
        ),
        pytest.param({"Payload": b"{}", "FunctionError": "Unhandled"}, "Lambda.Unknown", None, id="an unknown error"),
    ],
)
def test_a_client_for_lambda(sfn: SfnSync, response: dict[str, Any], error: str | None, result: Any) -> None:
    client = StubbedLambda(response)
    sfn.use_client("lambda", client)
    direct = {"Type": "Task", "Resource": FUNCTION, "Parameters": {"amount": 5}}
    invoke = task("lambda:invoke", {"FunctionName": "charge", "Payload": {"amount": 5}})

    calls = [run(sfn, one).calls[0] for one in (direct, invoke)]
    if error == "Lambda.Unknown":
        assert {call.cause for call in calls} == {
            "The cause could not be determined because Lambda did not return an error type. Returned payload: {}"
        }

    assert [call.error for call in calls] == [error, error]
    assert client.invoked == [
        {"FunctionName": FUNCTION, "Payload": b'{"amount":5}'},
        {"FunctionName": "charge", "Payload": b'{"amount":5}'},
    ]
    if error is None:
        assert calls[0].result == calls[1].result["Payload"] == result


def shape(type_name: str, **fields: Any) -> Any:
    return SimpleNamespace(type_name=type_name, name="Order", serialization={}, **fields)


STRUCTURE = shape(
    "structure",
    members={
        "text": shape("string"),
        "data": shape("blob"),
        "count": shape("long"),
        "many": shape("list", member=shape("string")),
        "named": shape("map", value=shape("string")),
        "ACL": shape("string"),
        "at": shape("timestamp"),
    },
)


@pytest.mark.parametrize(
    ("document", "arguments"),
    [
        pytest.param({"Text": {"a": [1]}}, {"text": '{"a":[1]}'}, id="JSON where a string belongs"),
        pytest.param({"Data": "text data"}, {"data": b'"text data"'}, id="a blob keeps the quotes of its text"),
        pytest.param({"Count": 5.0}, {"count": 5}, id="a whole float"),
        pytest.param({"Many": ["a", 1], "Named": {"k": True}}, {"many": ["a", "1"], "named": {"k": "true"}}, id="deep"),
        pytest.param({"Text": None}, {}, id="null is absent"),
        pytest.param({"Acl": "private"}, {"ACL": "private"}, id="an acronym in Java's spelling"),
    ],
)
def test_parameters(document: Any, arguments: Any) -> None:
    assert as_parameters(document, STRUCTURE, SdkSpelling("any")) == arguments


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"Newer": {"a": [1]}}, id="a member that the model does not have"),
        pytest.param({"Many": {"a": [1]}}, id="a member of another type than the model's"),
    ],
)
def test_a_client_may_change_its_parameters(document: dict[str, Any]) -> None:
    (argument,) = as_parameters(document, STRUCTURE, SdkSpelling("any")).values()

    argument["a"].append(2)

    assert list(document.values()) == [{"a": [1]}]


def test_a_response_of_the_test_stays_as_it_is(sfn: SfnSync) -> None:
    response = {"Item": {"n": {"N": "1"}}, "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}}}
    before = deepcopy(response)
    sfn.use_client("dynamodb", StubbedClient("dynamodb", get_item=response))
    machine = sfn.register("orders", machine_of({"Get": task("dynamodb:getItem", {"TableName": "t", "Key": {}})}))

    outputs = [machine.run().output["Item"] for _ in range(2)]
    outputs[0]["n"]["N"] = "2"

    assert response == before
    assert outputs[1] == {"n": {"N": "1"}}


def test_a_result() -> None:
    moment = datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=timezone.utc)
    response = {"text": "a", "at": moment, "data": b"\xff", "ACL": "private", "many": ["x"]}

    assert as_result(response, STRUCTURE, SdkSpelling("any")) == {
        "Acl": "private",
        "At": "2024-05-01T12:00:00.250Z",
        "Data": "/w==",
        "Many": ["x"],
        "Text": "a",
    }
    assert "ACL" in as_result(response, STRUCTURE, optimized_member)
    assert as_result({}, None, optimized_member) == {}


class StubbedClient:
    """A client whose methods answer, or raise, what they are given here; all else is that of a real one."""

    def __init__(self, service: str, **answers: Any) -> None:
        self.meta = boto3.client(service, region_name="us-east-1", **NO_CREDENTIALS).meta
        self.answers = answers

    def __getattr__(self, method: str) -> Any:
        def answer(**_: Any) -> Any:
            if isinstance(self.answers[method], Exception):
                raise self.answers[method]
            return self.answers[method]

        return answer


def client_error(code: str | None, message: str, **metadata: Any) -> ClientError:
    error = {"Message": message} if code is None else {"Code": code, "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": metadata}, "Invoke")


@pytest.mark.parametrize(
    ("raised", "error", "cause"),
    [
        pytest.param(
            client_error("ResourceNotFoundException", "Function not found", HTTPStatusCode=404, RequestId="r-1"),
            "Lambda.ResourceNotFoundException",
            r"Function not found \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; "
            r"Request ID: r-1; Proxy: null\)",
            id="a function that does not exist",
        ),
        pytest.param(
            client_error(None, "no code"),
            "Lambda.AWSLambdaException",
            r"no code \(Service: AWSLambda; Status Code: 400; Error Code: AWSLambdaException; "
            r"Request ID: [0-9a-f-]{36}; Proxy: null\)",
            id="an answer that says little",
        ),
    ],
)
def test_a_function_that_cannot_be_invoked(sfn: SfnSync, raised: ClientError, error: str, cause: str) -> None:
    sfn.use_client("lambda", StubbedClient("lambda", invoke=raised))

    call = run(sfn, {"Type": "Task", "Resource": FUNCTION}).calls[0]

    assert call.error == error
    assert re.fullmatch(cause, call.cause or "")


@pytest.mark.parametrize(
    ("payload", "has_failed", "result", "cause"),
    [
        pytest.param(b"plain text", False, "plain text", None, id="a result that is no JSON"),
        pytest.param(b"", False, "", None, id="no payload"),
        pytest.param(b"[1]", True, None, "[1]", id="an error that is no object"),
        pytest.param(b"Runtime exited", True, None, "Runtime exited", id="an error that is no JSON"),
    ],
)
def test_what_a_function_answers_is_read_as_far_as_it_can_be(
    sfn: SfnSync, payload: bytes, has_failed: bool, result: Any, cause: str | None
) -> None:
    answer = {"Payload": payload, **({"FunctionError": "Unhandled"} if has_failed else {})}
    sfn.use_client("lambda", StubbedLambda(answer))

    call = run(sfn, {"Type": "Task", "Resource": FUNCTION}).calls[0]

    assert (call.result, call.error) == ((MISSING, "Lambda.Unknown") if has_failed else (result, None))
    assert (call.cause or "").endswith(f"Returned payload: {cause}" if cause else "")


ENTRY = {"Source": "shop", "DetailType": "Paid", "Detail": {}, "EventBusName": "default"}


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        pytest.param(
            {"FailedEntryCount": 0, "Entries": [{"EventId": "e-1"}]},
            None,
            {"Entries": [{"EventId": "e-1"}], "FailedEntryCount": 0},
            id="all entries taken",
        ),
        pytest.param(
            {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]},
            "EventBridge.FailedEntry",
            '{"Entries":[{"ErrorCode":"InternalFailure"}],"FailedEntryCount":1}',
            id="an entry that failed",
        ),
    ],
)
def test_events_fail_where_an_entry_does_and_have_no_metadata(
    sfn: SfnSync, answer: dict[str, Any], error: str | None, told: Any
) -> None:
    sfn.use_client("events", StubbedClient("events", put_events=answer))

    call = run(sfn, task("events:putEvents", {"Entries": [ENTRY]})).calls[0]

    assert (call.error, call.result if error is None else call.cause) == (error, told)


def test_what_botocore_finds_unusable_fails_the_task_and_can_be_caught_by_no_one(sfn: SfnSync, dynamodb: Any) -> None:
    sfn.use_client("dynamodb", dynamodb)
    get = task("dynamodb:getItem", {"TableName.$": "$.table", "Key": {"id": {"S": "o-1"}}})
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    states = {"T": {**get, "Catch": catch, "End": True}, "Caught": {"Type": "Succeed"}}
    machine = sfn.register("unusable", {"StartAt": "T", "States": states})

    boto3.client("stepfunctions", region_name="us-east-1").start_sync_execution(
        stateMachineArn=machine.arn, input='{"table": ""}'
    )

    assert sfn.last_execution.error == "States.Runtime"
    assert (sfn.last_execution.cause or "").endswith(
        """The Parameters '{"Key":{"id":{"S":"o-1"}},"TableName":""}' could not be used to start the Task: """
        "[Invalid length for parameter TableName, value: 0, valid min length: 1]"
    )


def test_clients_are_given_by_service_and_forgotten_together(sfn: SfnSync, dynamodb: Any) -> None:
    sfn.use_clients({"dynamodb": dynamodb, "sqs": StubbedClient("sqs")})
    get = task("dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "o-1"}}})
    run(sfn, get).assert_succeeded()

    sfn.reset()

    with pytest.raises(UnmockedTaskError, match="dynamodb:getItem"):
        run(sfn, get)
    sfn.reset()  # it would be raised again at the end


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param({"Type": "Task", "Resource": FUNCTION}, id="a function"),
        pytest.param(task("sns:publish", {"TopicArn": "t", "Message": "m"}), id="another service"),
        pytest.param(
            task(
                "http:invoke",
                {
                    "ApiEndpoint": "https://example.com/orders",
                    "Method": "GET",
                    "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/shop/1"},
                },
            ),
            id="what is no service of AWS",
        ),
    ],
)
def test_what_has_no_client_is_not_mocked(sfn: SfnSync, dynamodb: Any, resource: dict[str, Any]) -> None:
    sfn.use_client("dynamodb", dynamodb)

    with pytest.raises(UnmockedTaskError):
        run(sfn, resource)
    sfn.reset()  # it would be raised again at the end


def test_without_boto3_a_client_is_made_by_botocore(
    sfn: SfnSync, dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sfn.use_clients(["dynamodb"])
    client = boto3.client("stepfunctions", region_name="us-east-1")
    get = task("dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "o-1"}}})
    machine = sfn.register("live", {"StartAt": "T", "States": {"T": {**get, "End": True}}})
    monkeypatch.setitem(sys.modules, "boto3", None)

    client.start_sync_execution(stateMachineArn=machine.arn)

    sfn.last_execution.assert_succeeded()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param([5], "5", id="a number"),
        pytest.param([None], "None", id="None"),
        pytest.param(["dynamodb", 5], "'dynamodb', 5", id="a service and a number"),
        pytest.param([], "nothing", id="nothing"),
    ],
)
def test_what_is_no_list_of_services_is_refused(sfn: SfnSync, given: Any, told: str) -> None:
    with pytest.raises(MockError) as refused:
        sfn.use_clients(*given)
    assert str(refused.value) == (
        f"use_clients takes services such as 'dynamodb', a list of them, or clients by service, not {told}."
    )


GET = task("dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "o-1"}}})


@pytest.fixture
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave botocore without credentials, and fail at each look-up of a name and each connection."""

    def refuse(*arguments: Any, **named: Any) -> Any:
        raise AssertionError(f"a connection to {arguments}")

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_a_client_that_is_made_sends_nothing_to_aws(sfn: SfnSync, no_configuration: None) -> None:
    sfn.use_clients("dynamodb")

    with pytest.raises(MockError) as refused:
        run(sfn, GET)
    assert str(refused.value) == (
        "use_clients: GetItem of 'dynamodb' would be sent to AWS (dynamodb.us-east-1.amazonaws.com), as nothing else "
        "answers the client.\n"
        "  from     state 'T0'\n"
        "Clients that use_clients makes send nothing to AWS. Do one of these:\n"
        "    with moto.mock_aws():  around the call, so that moto answers\n"
        "    AWS_ENDPOINT_URL_DYNAMODB=...  in the environment, for LocalStack or another endpoint\n"
        "    sfn_sync.mock_resource('dynamodb:getItem', ...)  to mock the task\n"
        "    sfn_sync.use_client('dynamodb', client)  for a client of your own, which may reach AWS"
    )
    sfn.usage_errors.clear()


def test_a_function_is_not_invoked_on_aws_either(sfn: SfnSync, no_configuration: None) -> None:
    sfn.use_clients(["lambda"])

    with pytest.raises(MockError, match=r"sfn_sync\.mock_task\('T0', \.\.\.\)  to mock the task"):
        run(sfn, {"Type": "Task", "Resource": FUNCTION})
    sfn.usage_errors.clear()


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1"])
def test_no_partition_of_aws_is_reached(region: str, no_configuration: None) -> None:
    with pytest.raises(RequestToAwsError, match=region):
        made_client("sqs", region).list_queues()
    with pytest.raises(RequestToAwsError):
        made_client("s3", region).get_object(Bucket="reports", Key="a")


class Endpoint(BaseHTTPRequestHandler):
    """An endpoint as LocalStack has it: it answers every call of DynamoDB, and keeps the key that signed it."""

    signed_by: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.signed_by.append(self.headers["Authorization"].partition("Credential=")[2].partition("/")[0])
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.end_headers()
        self.wfile.write(b'{"Item": {"id": {"S": "o-1"}}}')

    def log_message(self, *arguments: Any) -> None:
        """Write nothing."""


@pytest.mark.parametrize(
    ("environment", "key"),
    [
        pytest.param({}, "testing", id="without credentials"),
        pytest.param(
            {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": "s"}, "000000000000", id="with some"
        ),
        pytest.param({"AWS_ACCESS_KEY_ID": "half"}, "testing", id="with half of them"),
    ],
)
def test_an_endpoint_of_the_users_own_is_reached(
    sfn: SfnSync, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], key: str
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    Endpoint.signed_by.clear()
    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{server.server_port}")
        sfn.use_clients("dynamodb")
        execution = run(sfn, GET)
        thread.join()

    assert execution.calls[0].result["Item"] == {"id": {"S": "o-1"}}
    assert execution.calls[0].answered_by == "use_client('dynamodb')"
    assert Endpoint.signed_by == [key]


def test_a_client_of_the_users_own_is_left_alone(sfn: SfnSync) -> None:
    once = Config(retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
    client = boto3.client("dynamodb", region_name="us-east-1", endpoint_url=NOWHERE, config=once, **keys)
    send = client._endpoint.http_session.send
    sfn.use_clients({"dynamodb": client})

    with pytest.raises(MockError) as refused:
        run(sfn, GET)
    assert str(refused.value) == (
        "use_client('dynamodb'): the client could not send GetItem: EndpointConnectionError: Could not connect to the "
        f'endpoint URL: "{NOWHERE}/"\n'
        "  from     state 'T0'"
    )
    assert client._endpoint.http_session.send == send
    sfn.usage_errors.clear()
