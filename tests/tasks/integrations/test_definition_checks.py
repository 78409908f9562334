"""What AWS checks of an integration when a definition is created: that it exists, and what it is given.

Measured: integrations need arguments, if only ``{}``; unknown members and missing idempotency tokens are refused, and
some unknown members of nested structures; a Lambda function's literal Payload is no number and no boolean; patterns
that don't exist are no resources. What this botocore does not know is no fault but a warning: AWS may know it.
"""

from __future__ import annotations

import json
import re
from typing import Any

import botocore
import pytest

from pytest_sfn_sync import DefinitionWarning, SfnSync
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.patterns import PATTERNS
from pytest_sfn_sync.tasks.integrations.service_names import OPTIMIZED_SERVICES
from tests.asl.diagnosing import diagnose, only
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

INTEGRATIONS = KnownIntegrations()
ABSENT = object()
UNCHECKED = "AWS refuses it if it does not know it either. It is not checked."
VERSION = botocore.__version__


def found(resource: str, arguments: Any = ABSENT, *, language: str = "JSONPath") -> list[Diagnostic]:
    """Diagnose a Task; ``arguments`` are its Parameters or Arguments, whichever its language has."""
    given = {} if arguments is ABSENT else {"Parameters" if language == "JSONPath" else "Arguments": arguments}
    fields = {"Resource": f"arn:aws:states:::{resource}", "QueryLanguage": language, **given}
    told = diagnose(only("Task", **fields), integrations=INTEGRATIONS, machine_type="STANDARD")
    return [diagnostic for diagnostic in told if diagnostic.is_error]


def warnings(resource: str, arguments: Any = ABSENT) -> list[tuple[str, str, str | None]]:
    """Give codes, messages and places of warnings."""
    given = {} if arguments is ABSENT else {"Parameters": arguments}
    definition = only("Task", Resource=f"arn:aws:states:::{resource}", **given)
    told = diagnose(definition, integrations=INTEGRATIONS, machine_type="STANDARD")
    return [(one.code, one.message, one.place or one.location) for one in told if not one.is_error]


def faults(resource: str, arguments: Any = ABSENT, *, language: str = "JSONPath") -> list[tuple[str, str | None]]:
    """Give messages and locations, the latter from the state on."""
    told = found(resource, arguments, language=language)
    return [(diagnostic.message, str(diagnostic.location).removeprefix("/States/S")) for diagnostic in told]


def unknown(name: str) -> str:
    return f'The field "{name}" is not supported by Step Functions'


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
        pytest.param("http:invoke", "Write {} with ApiEndpoint, Method.", id="an endpoint"),
        pytest.param(
            "eks:runJob",
            "Write {} with ClusterName, CertificateAuthority, Endpoint, Job.",
            id="no operation",
        ),
    ],
)
def test_arguments_must_be_given(resource: str, hint: str, language: str) -> None:
    field = "Parameters" if language == "JSONPath" else "Arguments"
    (told,) = found(resource, language=language)
    message = f"{field} field is required for resource ARN: arn:aws:states:::{resource}"
    assert (told.message, told.location, told.hint) == (message, "/States/S/Resource", hint.format(field))


def test_the_resource_is_told_as_it_is_written() -> None:
    ((message, _),) = faults("ecs:runTask.sync")
    assert message == "Parameters field is required for resource ARN: arn:aws:states:::ecs:runTask.sync"


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
            {"Bucket": "b", "Key": "k", "VersionID": 1},
            [(unknown("VersionID"), "/Parameters")],
            id="a slip",
        ),
        pytest.param(
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "k", "VersionID.$": "$.x"},
            [(unknown("VersionID"), "/Parameters")],
            id="one by a path, told without its suffix",
        ),
        pytest.param(
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "k", "ETag": 1},
            [],
            id="a member of another structure may be new in this one",
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
            id="nested members that are no slip pass",
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
            {"TableName": "t", "Key": {}, "ConsistendRead": True},
            [(unknown("ConsistendRead"), "/Parameters")],
            id="optimized, a slip",
        ),
        pytest.param(
            "dynamodb:getItem",
            {"TableName": "t", "Key": {}, "Consistent": True},
            [],
            id="optimized, one that botocore may lack",
        ),
        pytest.param(
            "elasticmapreduce:createCluster",
            {"Name": "n", "Instances": {}, "Steps": []},
            [(unknown("Steps"), "/Parameters")],
            id="optimized, one of the operation that is documented not to be there",
        ),
        pytest.param(
            "elasticmapreduce:addStep",
            {"ClusterId": "c", "Step": {"Name": "n", "HadoopJarStp": {}}, "Steps": []},
            [(unknown("Steps"), "/Parameters"), (unknown("HadoopJarStp"), "/Parameters")],
            id="optimized, written over a model",
        ),
        pytest.param("elasticmapreduce:addStep", {"Step": {}}, [(missing("ClusterId"), "/Parameters")], id="a step"),
        pytest.param(
            "eks:call",
            {"ClusterName": "c", "CertificateAuthority": "a", "Endpoint": "e", "Method": "FETCH", "Pth": "/"},
            [
                (unknown("Pth"), "/Parameters"),
                ("Value should be one of the following: [GET, POST, PUT, DELETE, HEAD, PATCH]", "/Parameters"),
                (missing("Path"), "/Parameters"),
            ],
            id="a call of Kubernetes",
        ),
        pytest.param(
            "bedrock:invokeModel",
            {"ModelId": "m", "Body": {"any": 1}, "Input": {"S3Uri": "s"}, "Output": {"S3Uri": "s"}, "Accept": "*/*"},
            [],
            id="what a model takes besides the operation's members",
        ),
        pytest.param(
            "bedrock:invokeModel",
            {"Body": {}, "ContentTyp": "t"},
            [(unknown("ContentTyp"), "/Parameters"), (missing("ModelId"), "/Parameters")],
            id="a model",
        ),
        pytest.param(
            "bedrock:createModelCustomizationJob",
            {"JobNam": "j"},
            [
                (unknown("JobNam"), "/Parameters"),
                *(
                    (missing(name), "/Parameters")
                    for name in (
                        "JobName",
                        "CustomModelName",
                        "RoleArn",
                        "BaseModelIdentifier",
                        "TrainingDataConfig",
                        "OutputDataConfig",
                    )
                ),
            ],
            id="an operation of another service of botocore",
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
            [(PAYLOAD, "/Parameters")],
            id="a function's member that is no slip passes (measured)",
        ),
        pytest.param(
            "lambda:invoke",
            {"Payload": 1, "payload": 1},
            [(PAYLOAD, "/Parameters"), (unknown("payload"), "/Parameters"), (missing("FunctionName"), "/Parameters")],
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
        ("aws-sdk:dynamodb:putItem", {"TableName": "t", "Item": {"a": {"NULL": True}}}, "Did you mean 'Nul'?"),
        ("lambda:invoke", {"FunctionName": "f", "Payloads": ""}, "Did you mean 'Payload'?"),
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


@pytest.mark.parametrize(
    ("resource", "arguments", "name", "place"),
    [
        pytest.param(
            "aws-sdk:textract:startDocumentTextDetection",
            {
                "DocumentLocation": {"S3Object": {"Bucket": "b", "Name": "n"}},
                "NotificationChannel": {"RoleArn": "r", "SNSTopicArn": "t"},
            },
            "SNSTopicArn",
            "NotificationChannel/SNSTopicArn",
            id="botocore's capitals (measured)",
        ),
        pytest.param(
            "ecs:runTask",
            {"TaskDefinition": "t", "NetworkConfiguration": {"awsVpcConfiguration": {"Subnets": []}}},
            "awsVpcConfiguration",
            "NetworkConfiguration/awsVpcConfiguration",
            id="other capitals (measured)",
        ),
        pytest.param(
            "aws-sdk:batch:submitJob",
            {
                "JobName": "n",
                "JobQueue": "q",
                "JobDefinition": "d",
                "RetryStrategy": {"EvaluateOnExit": [{"Action": "EXIT"}, {"Action": "EXIT", "onReason.$": "$.r"}]},
            },
            "onReason",
            "RetryStrategy/EvaluateOnExit[1]/onReason.$",
            id="by a path, in a list",
        ),
        pytest.param(
            "aws-sdk:dynamodb:putItem",
            {"TableName": "t", "Item": {"id": {"S": "1"}, "is_new": {"BOOL": True}}},
            "BOOL",
            "Item/is_new/BOOL",
            id="botocore's name in a map",
        ),
        pytest.param(
            "sqs:sendMessage",
            {"QueueUrl": "q", "MessageBody": "b", "MessageAttributes": {"a": {"DataTyp": "String"}}},
            "DataTyp",
            "MessageAttributes/a/DataTyp",
            id="a letter too few",
        ),
    ],
)
def test_slips_in_nested_structures_are_refused(resource: str, arguments: Any, name: str, place: str) -> None:
    (told,) = found(resource, arguments)
    assert (told.message, told.location) == (unknown(name), "/States/S/Parameters")
    assert told.place == f"/States/S/Parameters/{place}"
    assert told.hint is not None
    assert told.hint.startswith("Did you mean '")


@pytest.mark.parametrize(
    ("resource", "arguments", "place"),
    [
        pytest.param(
            "http:invoke",
            {
                "ApiEndpoint": "https://a",
                "Method": "GET",
                "Authentication": {"ConnectionArn": "c"},
                "Transform": {"Nonsense": 1},
            },
            "Transform/Nonsense",
            id="nested, in a structure that is documented whole",
        ),
        pytest.param(
            "lambda:invoke.waitForTaskToken",
            {"FunctionName": "f", "Payload": {}, "Nonsense.$": "$$.Task.Token"},
            "Nonsense.$",
            id="beside a function's Payload (measured)",
        ),
    ],
)
def test_what_aws_lets_pass_and_fails_the_task_is_a_warning(resource: str, arguments: Any, place: str) -> None:
    assert faults(resource, arguments) == []
    assert warnings(resource, arguments) == [
        ("FIELD_NOT_SUPPORTED", unknown("Nonsense"), f"/States/S/Parameters/{place}")
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"Body": {"Any": {"thing": 1}}, "Metadata": {"any": "key"}}, id="a blob, and a map of texts"),
        pytest.param({"Tagging": {"a": 1}}, id="JSON where a text belongs"),
    ],
)
def test_what_has_no_members_of_its_own_takes_any(arguments: Any) -> None:
    assert found("aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k", **arguments}) == []
    assert warnings("aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k", **arguments}) == []


@pytest.mark.parametrize("key", ["Nonsense", "Nonsense.$"])
def test_a_member_that_the_service_has_nowhere_may_be_a_new_one(key: str) -> None:
    arguments = {"Bucket": "b", "Key": "k", key: "$.x"}
    assert faults("aws-sdk:s3:getObject", arguments) == []
    told = warnings("aws-sdk:s3:getObject", arguments)
    message = f"botocore {VERSION} does not know the member 'Nonsense' of aws-sdk:s3:getObject."
    assert ("UNKNOWN_MEMBER", message, f"/States/S/Parameters/{key}") in told


@pytest.mark.parametrize(
    ("resource", "arguments", "member", "told", "hint"),
    [
        pytest.param(
            "dynamodb:putItem",
            {"TableName": "t", "Item": {"id": {"Nonsense": 1}}},
            "Item/id/Nonsense",
            "'Nonsense' of Item/id in dynamodb:putItem",
            UNCHECKED,
            id="nested, optimized",
        ),
        pytest.param(
            "aws-sdk:dynamodb:putItem",
            {"TableName": "t", "Item": {"id": {"Nonsense.$": "$.x"}}},
            "Item/id/Nonsense.$",
            "'Nonsense' of Item/id in aws-sdk:dynamodb:putItem",
            UNCHECKED,
            id="nested, of the SDK, by a path",
        ),
        pytest.param(
            "aws-sdk:s3:getObject",
            {"Bucket": "b", "Key": "k", "ETag": ""},
            "ETag",
            "'ETag' of aws-sdk:s3:getObject",
            UNCHECKED,
            id="a name that another structure has",
        ),
        pytest.param(
            "ecs:runTask",
            {"TaskDefinition": "t", "LaunchTypes": []},
            "LaunchTypes",
            "'LaunchTypes' of ecs:runTask",
            f"{UNCHECKED} Did you mean 'LaunchType'?",
            id="the plural of an older one",
        ),
        pytest.param(
            "ecs:runTask",
            {"TaskDefinition": "t", "Overrides": {"ContainerOverrides": [{}, {"MemoryHardLimit": 1}]}},
            "Overrides/ContainerOverrides[1]/MemoryHardLimit",
            "'MemoryHardLimit' of Overrides/ContainerOverrides[1] in ecs:runTask",
            UNCHECKED,
            id="in a list",
        ),
    ],
)
def test_a_member_that_may_be_new_is_a_warning(
    resource: str, arguments: Any, member: str, told: str, hint: str
) -> None:
    definition = only("Task", Resource=f"arn:aws:states:::{resource}", Parameters=arguments)
    (warning,) = diagnose(definition, integrations=INTEGRATIONS, machine_type="STANDARD")
    assert not warning.is_error
    assert (warning.code, warning.message) == ("UNKNOWN_MEMBER", f"botocore {VERSION} does not know the member {told}.")
    assert (warning.place, warning.hint) == (f"/States/S/Parameters/{member}", hint)


@pytest.mark.parametrize("key", ["nonsense", "Non sense", "", "Non-sense"])
def test_but_not_one_that_is_not_written_like_a_member(key: str) -> None:
    arguments = {"Bucket": "b", "Key": "k", key: ""}
    assert faults("aws-sdk:s3:getObject", arguments) == [(unknown(key), "/Parameters")]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"Nonsense": 1}, id="of the request"),
        pytest.param({"Nonsense": {"any": ["thing"]}}, id="of the request, whatever it is"),
    ],
)
def test_a_member_that_may_be_new_is_not_checked_in_a_run(more: dict[str, Any]) -> None:
    arguments = {"Bucket": "b", "Key": "k", **more}
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": arguments, "End": True}
    with SfnSync() as sfn:
        with pytest.warns(DefinitionWarning, match=re.escape(f"botocore {VERSION} does not know the member")):
            machine = sfn.register("orders", {"StartAt": "Read", "States": {"Read": task}})
        sfn.mock_task("Read", returns={"Body": ""})
        assert sfn.client().start_sync_execution(stateMachineArn=machine.arn)["status"] == "SUCCEEDED"
        assert sfn.last_execution.calls[0].payload == arguments


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"RetryStrategy": {"EvaluateOnExit": [{"Action": "EXIT", "Nonsense": 1}]}}, "SUCCEEDED", id="it"),
        pytest.param(
            {"RetryStrategy": {"EvaluateOnExit": [{"Action": "EXIT", "Nonsense.$": "$.x"}]}},
            "SUCCEEDED",
            id="by a path",
        ),
        pytest.param(
            {
                "RetryStrategy": {"EvaluateOnExit": [{"Action": "EXIT", "Nonsense": 1}]},
                "ContainerOverrides.$": "$.dynamic",
            },
            "FAILED",
            id="another that is evaluated",
        ),
    ],
)
def test_nested_ones_are_not_checked_at_their_place_alone(changes: dict[str, Any], status: str) -> None:
    arguments = {"JobName": "n", "JobQueue": "q", "JobDefinition": "d", **changes}
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:batch:submitJob",
        "Parameters": arguments,
        "End": True,
    }
    with SfnSync() as sfn:
        with pytest.warns(DefinitionWarning, match=re.escape(f"botocore {VERSION} does not know the member")):
            machine = sfn.register("jobs", {"StartAt": "Run", "States": {"Run": task}})
        sfn.mock_task("Run", returns={"JobName": "n"})
        given = '{"x": 1, "dynamic": {"Nonsense": 1}}'
        assert sfn.client().start_sync_execution(stateMachineArn=machine.arn, input=given)["status"] == status


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
        "aws-sdk:apigatewaymanagementapi:postToConnection",
        "aws-sdk:apigatewaymanagementapi:getConnection",
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


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ("aws-sdk:cloudnineteen:makeRain", "botocore {} does not know the service 'cloudnineteen'."),
        ("aws-sdk:wafv3:getWebACL", "botocore {} does not know the service 'wafv3'."),
        ("aws-sdk:zzz:do", "botocore {} does not know the service 'zzz'."),
        ("aws-sdk:s3:makeRain", "botocore {} does not know the action 'makeRain' of 's3'."),
        ("aws-sdk:s3:listObjectsV3", "botocore {} does not know the action 'listObjectsV3' of 's3'."),
        ("aws-sdk:s3:makeRain.waitForTaskToken", "botocore {} does not know the action 'makeRain' of 's3'."),
    ],
)
def test_what_botocore_does_not_know_is_a_warning(resource: str, message: str) -> None:
    assert faults(resource, {"Any": {"thing": 1}}) == []
    assert warnings(resource, {"Any": 1}) == [("UNKNOWN_INTEGRATION", message.format(VERSION), "/States/S/Resource")]


@pytest.mark.parametrize(
    ("resource", "near"),
    [
        pytest.param(
            "aws-sdk:s3:getObjectColour",
            "aws-sdk:s3:getObject",
            id="an action",
        ),
        pytest.param("aws-sdk:wafv3:getWebACL", "wafv2, waf, ", id="a service"),
        pytest.param("aws-sdk:dynamo:makeRain", "dynamodb, dynamodbstreams, ", id="which has other actions"),
        pytest.param("aws-sdk:dynamo:tagResource", "dynamodb, dynamodbstreams, ", id="an action of most"),
    ],
)
def test_the_nearest_are_told_of_what_may_be_new(resource: str, near: str) -> None:
    definition = only("Task", Resource=f"arn:aws:states:::{resource}", Parameters={})
    (warning,) = diagnose(definition, integrations=INTEGRATIONS)
    assert warning.code == "UNKNOWN_INTEGRATION"
    assert (warning.hint or "").startswith(
        "AWS refuses it if it does not know it either. The machine is registered, and nothing of this task is "
        f"checked. Nearest: {near}"
    )


def test_it_needs_arguments_all_the_same() -> None:
    message = "Parameters field is required for resource ARN: arn:aws:states:::aws-sdk:cloudnineteen:makeRain"
    assert faults("aws-sdk:cloudnineteen:makeRain") == [(message, "/Resource")]


def test_a_service_with_an_endpoint_of_its_own_that_nobody_measured_is_a_warning() -> None:
    message = "The service 'kinesisvideomedia' needs an endpoint of its own, which a Task can't give."
    told = warnings("aws-sdk:kinesisvideomedia:getMedia", {"StartSelector": {"StartSelectorType": "NOW"}})
    assert told == [("UNKNOWN_INTEGRATION", message, "/States/S/Resource")]


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param("aws-sdk:dynamdb:getItem", id="a service, a letter too few"),
        pytest.param("aws-sdk:DynamoDB:getItem", id="a service in other capitals"),
        pytest.param("aws-sdk:secrets-manager:getSecretValue", id="a service with a hyphen"),
        pytest.param("aws-sdk:cloud-nineteen:makeRain", id="an unknown one with a hyphen"),
        pytest.param("aws-sdk:CloudNineteen:makeRain", id="an unknown one in capitals"),
        pytest.param("aws-sdk:cloudnineteen:MakeRain", id="an action in capitals of an unknown service"),
        pytest.param("aws-sdk:logs:putLogEvents", id="botocore's name of a service"),
        pytest.param("aws-sdk:s3:GetObject", id="an action in other capitals"),
        pytest.param("aws-sdk:s3:MakeRain", id="an unknown one in capitals"),
        pytest.param("aws-sdk:s3:get_object", id="boto3's name of an action"),
        pytest.param("aws-sdk:s3:make-rain", id="an unknown one with a hyphen"),
        pytest.param("aws-sdk:sqs:recieveMessage", id="two letters swapped"),
        pytest.param("aws-sdk:sqs:sendMesssage", id="a letter too many"),
        pytest.param("aws-sdk:sqs:sentMessage", id="a wrong letter"),
        pytest.param("aws-sdk:dynamo:getItem", id="the beginning of a service's name"),
        pytest.param("aws-sdk:ddb:getItem", id="an abbreviation of a service's name"),
        pytest.param("aws-sdk:step:startExecution", id="the beginning of botocore's name"),
        pytest.param("nowhere:doNothing", id="an optimized service that is none"),
        pytest.param("sqs:receiveMessage", id="an SDK action as an optimized one"),
        pytest.param("bedrockagentcore:invokeAgentRuntime", id="another action of an optimized service"),
    ],
)
def test_what_aws_can_not_have_is_refused(resource: str) -> None:
    assert (NOT_RECOGNISED.format(resource), "/Resource") in faults(resource, {})
    assert warnings(resource, {}) == []


ARGUMENTS: dict[str, Any] = {
    "lambda:invoke": {"FunctionName": "f"},
    "sns:publish": {"Message": "m"},
    "sqs:sendMessage": {"QueueUrl": "u", "MessageBody": "m"},
    "dynamodb:getItem": {"TableName": "t", "Key": {}},
    "events:putEvents": {"Entries": []},
    "glue:startJobRun": {"JobName": "j"},
    "ecs:runTask": {"TaskDefinition": "t"},
    "batch:submitJob": {"JobName": "n", "JobQueue": "q", "JobDefinition": "d"},
    "states:startExecution": {"StateMachineArn": "a"},
    "athena:startQueryExecution": {"QueryString": "q"},
    "athena:getQueryExecution": {"QueryExecutionId": "i"},
    "apigateway:invoke": {"ApiEndpoint": "a", "Method": "GET"},
    "http:invoke": {"ApiEndpoint": "https://a", "Method": "GET", "Authentication": {"ConnectionArn": "c"}},
    "eks:createFargateProfile": {
        "FargateProfileName": "p",
        "ClusterName": "c",
        "PodExecutionRoleArn": "r",
        "ClientRequestToken": "t",
    },
    "eks:deleteFargateProfile": {"FargateProfileName": "p", "ClusterName": "c"},
    "eks:runJob": {"ClusterName": "c", "CertificateAuthority": "a", "Endpoint": "e", "Job": {}},
    "aws-sdk:sqs:sendMessage": {"QueueUrl": "u", "MessageBody": "m"},
    "bedrockagentcore:invokeHarness": {"HarnessArn": "a", "RuntimeSessionId": "i", "Messages": []},
    "bedrock:invokeModel": {"ModelId": "m"},
}
ALL_PATTERNS = ("sync", "sync:2", "waitForTaskToken")


@pytest.mark.parametrize(
    ("key", "patterns"),
    [
        ("lambda:invoke", ["waitForTaskToken"]),
        ("sns:publish", ["waitForTaskToken"]),
        ("sqs:sendMessage", ["waitForTaskToken"]),
        ("dynamodb:getItem", []),
        ("events:putEvents", ["waitForTaskToken"]),
        ("glue:startJobRun", ["sync"]),
        ("ecs:runTask", ["sync", "waitForTaskToken"]),
        ("batch:submitJob", ["sync"]),
        ("states:startExecution", ["sync", "sync:2", "waitForTaskToken"]),
        ("athena:startQueryExecution", ["sync"]),
        ("athena:getQueryExecution", []),
        ("apigateway:invoke", ["waitForTaskToken"]),
        ("http:invoke", []),
        ("eks:createFargateProfile", ["sync"]),
        ("eks:deleteFargateProfile", ["sync"]),
        ("eks:runJob", ["sync"]),
        ("aws-sdk:sqs:sendMessage", ["waitForTaskToken"]),
        ("bedrockagentcore:invokeHarness", []),
        ("bedrock:invokeModel", ["waitForTaskToken"]),
    ],
)
def test_patterns_by_integration(key: str, patterns: list[str]) -> None:
    assert faults(key, ARGUMENTS[key]) == []
    for pattern in ALL_PATTERNS:
        resource = f"{key}.{pattern}"
        expected = [] if pattern in patterns else [(NOT_RECOGNISED.format(resource), "/Resource")]
        assert faults(resource, ARGUMENTS[key]) == expected


def test_the_patterns_that_there_are_are_told() -> None:
    (of_tasks,) = found("ecs:runTask.sync:2", {})
    (of_tables,) = found("dynamodb:getItem.sync", {})
    assert of_tasks.hint == (
        "ecs:runTask has no pattern .sync:2; it has request-response, .sync and .waitForTaskToken."
    )
    assert of_tables.hint == "dynamodb:getItem has no pattern .sync; it has request-response only."


def test_every_optimized_integration_has_a_request_to_be_held_against() -> None:
    keys = [f"{service}:{action}" for service, row in OPTIMIZED_SERVICES.items() for action in row.actions]
    integrations = [integration_of(key) for key in keys]
    assert [one.key for one in integrations if one is not None and one.shape("input") is None] == []
    assert None not in integrations


def test_every_pattern_is_of_an_action_that_there_is() -> None:
    assert {key for key in PATTERNS if integration_of(key) is None} == set()


@pytest.mark.parametrize("resource", ["${Service}:putItem", "aws-sdk:${Service}:putItem"])
def test_a_placeholder_in_a_resource_is_none(resource: str) -> None:
    assert faults(resource, {}) == [(NOT_RECOGNISED.format(resource), "/Resource")]


def test_who_does_not_ask_takes_every_integration() -> None:
    definition = only("Task", Resource="arn:aws:states:::nowhere:doNothing")
    assert diagnose(definition) == []
    assert [one.message for one in diagnose(definition, integrations=INTEGRATIONS)] == [
        NOT_RECOGNISED.format("nowhere:doNothing")
    ]


def test_arguments_of_what_is_not_recognised_are_not_held_against_anything() -> None:
    assert len(faults("dynamodb:query", {"Foo": 1})) == 1


@pytest.mark.parametrize(
    ("resource", "members", "messages"),
    [
        pytest.param(
            "ecs:runTask.sync",
            {"TaskDefinition": "d", "Count": 2, "StartedBy": "me"},
            [
                'The field "Count" is not supported by Step Functions',
                'The field "StartedBy" is not supported by Step Functions',
            ],
            id="what a job may not have",
        ),
        pytest.param("ecs:runTask", {"TaskDefinition": "d", "Count": 2, "StartedBy": "me"}, [], id="request-response"),
        pytest.param("ecs:runTask.sync", {"TaskDefinition": "d", "Cluster": "c"}, [], id="a job"),
        pytest.param(
            "ecs:runTask.sync",
            {"Cluster": "c"},
            ["The field 'TaskDefinition' is required but was missing"],
            id="missing",
        ),
    ],
)
def test_the_arguments_of_a_task_of_ecs(resource: str, members: dict[str, Any], messages: list[str]) -> None:
    with SfnSync() as sfn:
        state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": members, "End": True}
        definition = json.dumps({"StartAt": "Run", "States": {"Run": state}})
        answer = sfn.client().validate_state_machine_definition(definition=definition, type="STANDARD")

    assert [finding["message"] for finding in answer["diagnostics"]] == messages
