"""What AWS checks of an integration when a definition is created: that it exists, and what it is given.

Measured: SDK integrations need arguments, if only ``{}``; unknown members and missing idempotency tokens are refused,
members of nested structures pass; a Lambda function's literal Payload is no number and no boolean. The words, and that
optimized integrations are held to their requests as well, are assumptions.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations
from tests.asl.diagnosing import diagnose, only
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

INTEGRATIONS = KnownIntegrations()
ABSENT = object()


def found(resource: str, arguments: Any = ABSENT, *, language: str = "JSONPath") -> list[Diagnostic]:
    """Diagnose a Task; ``arguments`` are its Parameters or Arguments, whichever its language has."""
    given = {} if arguments is ABSENT else {"Parameters" if language == "JSONPath" else "Arguments": arguments}
    fields = {"Resource": f"arn:aws:states:::{resource}", "QueryLanguage": language, **given}
    told = diagnose(only("Task", **fields), integrations=INTEGRATIONS)
    return [diagnostic for diagnostic in told if diagnostic.is_error]


def faults(resource: str, arguments: Any = ABSENT, *, language: str = "JSONPath") -> list[tuple[str, str | None]]:
    """Give messages and locations, the latter from the state on."""
    told = found(resource, arguments, language=language)
    return [(diagnostic.message, str(diagnostic.location).removeprefix("/States/S")) for diagnostic in told]


def unknown(name: str) -> str:
    return f"The field '{name}' is not supported by Step Functions"


def missing(name: str) -> str:
    return f"The field '{name}' is required but was missing"


PAYLOAD = "The value of the field 'Payload' has an invalid format"


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize(
    ("resource", "hint"),
    [
        pytest.param("aws-sdk:s3:listBuckets", "Write {}, if only {{}}.", id="one that needs no member"),
        pytest.param("aws-sdk:s3:getObject", "Write {} with Bucket, Key.", id="one that needs two"),
        pytest.param("dynamodb:getItem", "Write {} with TableName, Key.", id="an optimized one"),
        pytest.param("lambda:invoke", "Write {} with FunctionName.", id="a Lambda function"),
        pytest.param("sns:publish", "Write {} with Message.", id="a topic"),
    ],
)
def test_arguments_must_be_given(resource: str, hint: str, language: str) -> None:
    field = "Parameters" if language == "JSONPath" else "Arguments"
    (told,) = found(resource, language=language)
    assert (told.message, told.location, told.hint) == (missing(field), "/States/S", hint.format(field))


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param("http:invoke", id="its request is not known here"),
    ],
)
def test_or_need_not(resource: str) -> None:
    assert faults(resource) == []


@pytest.mark.parametrize(
    ("resource", "arguments", "expected"),
    [
        pytest.param("aws-sdk:s3:listBuckets", {}, [], id="nothing needed, nothing given"),
        pytest.param("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"}, [], id="all that is needed"),
        pytest.param("aws-sdk:s3:getObject", {"Bucket.$": "$.b", "Key.$": "$.k"}, [], id="by paths"),
        pytest.param("aws-sdk:s3:getObject", {"Bucket": "b"}, [(missing("Key"), "/Parameters")], id="one is missing"),
        pytest.param(
            "aws-sdk:s3:getObject",
            {},
            [(missing("Bucket"), "/Parameters"), (missing("Key"), "/Parameters")],
            id="both are",
        ),
        pytest.param(
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "k", "Foo": 1},
            [(unknown("Foo"), "/Parameters")],
            id="a member too many",
        ),
        pytest.param(
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "k", "Foo.$": "$.x"},
            [(unknown("Foo"), "/Parameters")],
            id="one by a path, told without its suffix",
        ),
        pytest.param(
            "aws-sdk:s3:putObject",
            {"Bucket": "b", "Key": "k", "ACL": "private"},
            [(unknown("ACL"), "/Parameters")],
            id="botocore's spelling is not the SDK's",
        ),
        pytest.param(
            "dynamodb:putItem",
            {"TableName": "t", "Item": {"id": {"Nonsense": 1}}},
            [],
            id="nested members pass",
        ),
        pytest.param(
            "aws-sdk:dynamodb:putItem",
            {"TableName": "t", "Item": {"id": {"Nonsense": 1}}},
            [],
            id="nested members pass for the SDK too",
        ),
        pytest.param("dynamodb:getItem", {"Key": {}}, [(missing("TableName"), "/Parameters")], id="optimized"),
        pytest.param(
            "dynamodb:getItem",
            {"TableName": "t", "Key": {}, "Consistent": True},
            [(unknown("Consistent"), "/Parameters")],
            id="optimized, a member too many",
        ),
        pytest.param("lambda:invoke", {}, [(missing("FunctionName"), "/Parameters")], id="a function without a name"),
        pytest.param(
            "lambda:invoke",
            {"FunctionName": "f", "Payloads": {}},
            [(unknown("Payloads"), "/Parameters")],
            id="a function's member too many",
        ),
        pytest.param(
            "lambda:invoke",
            {"FunctionName": "f", "InvocationType": "Event", "Qualifier": "1", "ClientContext": "", "LogType": "Tail"},
            [],
            id="all that a function takes",
        ),
        pytest.param(
            "lambda:invoke",
            {"FunctionName": "f", "Payload": 1, "Foo": 1},
            [(PAYLOAD, "/Parameters"), (unknown("Foo"), "/Parameters")],
            id="several at once",
        ),
        pytest.param("sqs:sendMessage", {"QueueUrl": "u", "MessageBody.$": "$"}, [], id="a message"),
        pytest.param("events:putEvents", {"Entries": []}, [], id="events"),
    ],
)
def test_arguments(resource: str, arguments: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(resource, arguments) == expected


@pytest.mark.parametrize("payload", ["text", "", {}, {"a": 1}, [], [1], None, "$.path", "States.UUID()"], ids=repr)
def test_a_literal_payload_may_be_text_object_array_or_null(payload: Any) -> None:
    assert faults("lambda:invoke", {"FunctionName": "f", "Payload": payload}) == []


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("payload", [0, 1, -1.5, True, False], ids=repr)
def test_but_no_number_and_no_boolean(payload: Any, language: str) -> None:
    field = "Parameters" if language == "JSONPath" else "Arguments"
    (told,) = found("lambda:invoke", {"FunctionName": "f", "Payload": payload}, language=language)
    assert (told.message, told.location) == (PAYLOAD, f"/States/S/{field}")
    assert told.place == f"/States/S/{field}/Payload"


def test_a_payload_that_is_evaluated_may_be_anything() -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    assert faults("lambda:invoke", {"FunctionName.$": "$.f", "Payload.$": "$.number"}) == []
    assert faults("lambda:invoke", {"FunctionName": "f", "Payload": "{% 1 %}"}, language="JSONata") == []


@pytest.mark.parametrize("resource", ["aws-sdk:s3:getObject", "dynamodb:getItem", "lambda:invoke"])
def test_arguments_may_be_one_expression(resource: str) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    assert faults(resource, "{% $states.input %}", language="JSONata") == []


def test_in_jsonata_a_key_with_the_suffix_of_json_path_is_no_member() -> None:
    (unsupported, absent) = found("aws-sdk:s3:getObject", {"Bucket": "b", "Key.$": "k"}, language="JSONata")
    assert (unsupported.message, unsupported.hint) == (unknown("Key.$"), "Did you mean 'Key'?")
    assert unsupported.place == "/States/S/Arguments/Key.$"
    assert absent.message == missing("Key")


def test_the_very_member_is_told_beside_the_location() -> None:
    (told,) = found("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k", "Rang.$": "$.r"})
    assert (told.location, told.place) == ("/States/S/Parameters", "/States/S/Parameters/Rang.$")


@pytest.mark.parametrize(
    ("resource", "arguments", "hint"),
    [
        ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k", "Rang": ""}, "Did you mean 'Range'?"),
        ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k", "key": ""}, None),
        ("aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k", "ACL": ""}, "Did you mean 'Acl'?"),
        ("lambda:invoke", {"FunctionName": "f", "Payloads": ""}, "Did you mean 'Payload'?"),
        ("lambda:invoke", {"FunctionName": "f", "Foo": ""}, None),
        ("dynamodb:getItem", {"TableName": "t", "Key": {}, "consistentRead": True}, "Did you mean 'ConsistentRead'?"),
    ],
)
def test_hints_at_what_was_meant(resource: str, arguments: Any, hint: str | None) -> None:
    (told,) = found(resource, arguments)
    assert told.hint == hint


def test_idempotency_tokens_must_be_given_to_the_sdk() -> None:
    arguments = {"DeviceArn": "d", "Shots": 1, "OutputS3Bucket": "b", "OutputS3KeyPrefix": "k", "Action": "{}"}
    assert faults("aws-sdk:braket:createQuantumTask", arguments) == [(missing("ClientToken"), "/Parameters")]
    assert faults("aws-sdk:braket:createQuantumTask", {**arguments, "ClientToken.$": "States.UUID()"}) == []


# Whether there is one at all


NOT_RECOGNISED = (
    "The resource provided arn:aws:states:::{} is not recognized. The value is not a valid resource ARN, or the "
    "resource is not available in this region."
)


@pytest.mark.parametrize(
    "resource",
    [
        "aws-sdk:s3:selectObjectContent",
        "aws-sdk:sts:assumeRole",
        "aws-sdk:lambda:invokeWithResponseStream",
        "aws-sdk:bedrockruntime:converseStream",
        "aws-sdk:cloudwatchlogs:startLiveTail",
        "aws-sdk:kinesis:subscribeToShard",
        "aws-sdk:cloudsearchdomain:search",
        "aws-sdk:mediastoredata:getObject",
        "aws-sdk:iotjobsdata:describeJobExecution",
        "dynamodb:query",
    ],
)
def test_what_was_measured_not_to_be_recognised(resource: str) -> None:
    assert faults(resource, {}) == [(NOT_RECOGNISED.format(resource), "/Resource")]


@pytest.mark.parametrize(
    ("resource", "hint"),
    [
        (
            "dynamodb:query",
            "The optimized integration 'dynamodb' has the actions getItem, putItem, updateItem, deleteItem. "
            "As an SDK integration it is aws-sdk:dynamodb:query.",
        ),
        (
            "aws-sdk:stepfunctions:startExecution",
            "There is no SDK integration with the service 'stepfunctions'. Step Functions calls it 'sfn': write "
            "aws-sdk:sfn:startExecution.",
        ),
        (
            "aws-sdk:s3:getObjct",
            "The service 's3' has no action 'getObjct'. Nearest: aws-sdk:s3:getObject, aws-sdk:s3:getObjectAcl, "
            "aws-sdk:s3:putObject.",
        ),
        ("aws-sdk:sts:assumeRole", "Step Functions does not offer the action 'assumeRole' of 'sts' to workflows."),
    ],
)
def test_hints_at_what_there_is(resource: str, hint: str) -> None:
    (told,) = found(resource, {})
    assert told.hint == hint


@pytest.mark.parametrize("resource", ["${Service}:putItem", "aws-sdk:${Service}:putItem"])
def test_a_placeholder_in_a_resource_is_none(resource: str) -> None:
    assert faults(resource, {}) == [(NOT_RECOGNISED.format(resource), "/Resource")]


def test_who_does_not_ask_takes_every_integration() -> None:
    definition = only("Task", Resource="arn:aws:states:::nowhere:doNothing")
    assert diagnose(definition) == []
    assert [told.message for told in diagnose(definition, integrations=INTEGRATIONS)] == [
        NOT_RECOGNISED.format("nowhere:doNothing")
    ]


def test_arguments_of_what_is_not_recognised_are_not_held_against_anything() -> None:
    assert len(faults("dynamodb:query", {"Foo": 1})) == 1
