"""Names: Java's spelling, services and actions that are recognised, what is said of those that are not."""

from __future__ import annotations

import pytest
from botocore.loaders import Loader

from pytest_sfn_sync import DefinitionError, SfnSync
from pytest_sfn_sync.tasks.integrations.integration import Unrecognised, integration_of, recognise
from pytest_sfn_sync.tasks.integrations.java_names import SdkSpelling, exception_class, lower_camel, pascal_case
from pytest_sfn_sync.tasks.integrations.service_models import RawShapes, loaded_services, sdk_services, shape_named
from pytest_sfn_sync.tasks.integrations.service_names import (
    OPTIMIZED_SERVICES,
    SDK_SERVICES_NAMED_OTHERWISE,
    UNRECOGNISED_SERVICES,
    sdk_service_name,
)


@pytest.mark.parametrize(
    ("model_name", "shown"),
    [
        ("DBInstanceIdentifier", "DbInstanceIdentifier"),
        ("MultiAZ", "MultiAZ"),
        ("ACL", "Acl"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("SSECustomerKeyMD5", "SseCustomerKeyMD5"),
        ("BOOL", "Bool"),
        ("SS", "Ss"),
        ("awsvpcConfiguration", "AwsvpcConfiguration"),
        ("ETag", "ETag"),
        ("executionArn", "ExecutionArn"),
    ],
)
def test_members_of_sdk_integrations_are_spelt_as_measured(model_name: str, shown: str) -> None:
    assert SdkSpelling("any")(model_name, "Any") == shown


@pytest.mark.parametrize(
    ("resource", "path", "members"),
    [
        pytest.param("aws-sdk:dynamodb:putItem", ["Item", "*"], {"Nul", "Bool", "Ss"}, id="null of an attribute"),
        pytest.param("dynamodb:putItem", ["Item", "*"], {"NULL", "BOOL", "SS"}, id="the optimized one has the model's"),
        pytest.param(
            "aws-sdk:guardduty:createFilter", ["FindingCriteria", "Criterion", "*"], {"EqualsValue", "Eq"}, id="equals"
        ),
        pytest.param(
            "aws-sdk:cloudtrail:putEventSelectors",
            ["AdvancedEventSelectors", "*", "FieldSelectors", "*"],
            {"EqualsValue", "NotEquals"},
            id="equals within lists",
        ),
        pytest.param("aws-sdk:codeartifact:deletePackage", [], {"PackageValue", "Domain"}, id="a word of Java"),
        pytest.param(
            "aws-sdk:verifiedpermissions:createPolicy", ["Definition"], {"StaticValue", "TemplateLinked"}, id="another"
        ),
    ],
)
def test_members_that_java_reserves_have_other_names(resource: str, path: list[str], members: set[str]) -> None:
    integration = integration_of(resource)
    assert integration is not None
    shape = integration.shape("input")
    assert shape is not None
    for step in path:
        shape = shape.item if step == "*" else shape.members[step]
    assert members <= shape.members.keys()
    assert not {"NULL", "Equals", "Package", "Static"} & (shape.members.keys() - members)


def test_results_have_them_too() -> None:
    integration = integration_of("aws-sdk:ec2:describeImages")
    assert integration is not None
    shape = integration.shape("output")
    assert shape is not None
    assert "PublicLaunchPermissions" in shape.members["Images"].item.members
    assert "Public" not in shape.members["Images"].item.members


@pytest.mark.parametrize(
    ("service", "structure", "name", "is_union", "shown"),
    [
        pytest.param("acm", "Anything", "Type", True, "TypeValue", id="a method of unions"),
        pytest.param("acm", "Anything", "Type", False, "Type", id="which other structures lack"),
        pytest.param("ec2", "Image", "Public", False, "PublicLaunchPermissions", id="renamed in one service"),
        pytest.param("mediaconnect", "Image", "Public", False, "PublicValue", id="and not in another"),
        pytest.param("dynamodb", "AttributeValue", "NULL", True, "Nul", id="null of a table"),
        pytest.param("dynamodbstreams", "AttributeValue", "NULL", True, "Nul", id="null of its stream"),
        pytest.param("quicksight", "AttributeValue", "NULL", False, "NullValue", id="another service's, by the rule"),
    ],
)
def test_the_sdk_renames_by_service_structure_and_kind(
    service: str, structure: str, name: str, is_union: bool, shown: str
) -> None:
    assert SdkSpelling(service)(name, structure, is_union=is_union) == shown


@pytest.mark.parametrize(("union", "shown"), [(True, "TypeValue"), (False, "Type")])
def test_a_shape_knows_whether_it_is_a_union(union: bool, shown: str) -> None:
    members = {"Type": {"shape": "Text"}}
    shapes: RawShapes = {
        "Filter": {"type": "structure", "union": union, "members": members},
        "Text": {"type": "string"},
    }
    assert list(shape_named("Filter", shapes, SdkSpelling("acm"), {}).members) == [shown]


@pytest.mark.parametrize(
    ("service_id", "prefix"),
    [
        ("DynamoDB", "DynamoDb"),
        ("SFN", "Sfn"),
        ("S3 Control", "S3Control"),
        ("SESv2", "SesV2"),
        ("RDS Data", "RdsData"),
        ("EMR containers", "EmrContainers"),
        ("Elastic Load Balancing v2", "ElasticLoadBalancingV2"),
        ("CloudWatch Logs", "CloudWatchLogs"),
        ("EC2", "Ec2"),
    ],
)
def test_a_service_id_becomes_the_prefix_of_error_names(service_id: str, prefix: str) -> None:
    assert pascal_case(service_id) == prefix


def test_an_operation_becomes_an_action_and_an_error_a_class() -> None:
    assert lower_camel("DescribeDBInstances") == "describeDBInstances"
    assert exception_class("NoSuchKey") == "NoSuchKeyException"
    assert exception_class("DBInstanceNotFoundFault") == "DbInstanceNotFoundException"


@pytest.mark.parametrize(
    ("key", "prefix"),
    [
        ("aws-sdk:dynamodb:getItem", "DynamoDb"),
        ("aws-sdk:cloudwatchlogs:putLogEvents", "CloudWatchLogs"),
        ("aws-sdk:cognitoidentityprovider:adminGetUser", "CognitoIdentityProvider"),
        ("aws-sdk:applicationautoscaling:putScalingPolicy", "ApplicationAutoScaling"),
        ("aws-sdk:sfn:startSyncExecution", "Sfn"),
        ("aws-sdk:eventbridge:putEvents", "EventBridge"),
        ("aws-sdk:memorydb:describeClusters", "MemoryDB"),
        ("aws-sdk:directory:describeDirectories", "Directory"),
        ("dynamodb:getItem", "DynamoDB"),
        ("states:startExecution", "StepFunctions"),
    ],
)
def test_an_integration_has_the_prefix_of_its_kind(key: str, prefix: str) -> None:
    integration = integration_of(key)
    assert integration is not None
    assert integration.error_prefix == prefix


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        pytest.param(
            "aws-sdk:dynamodb:getItm",
            "The service 'dynamodb' has no action 'getItm'. "
            "Nearest: aws-sdk:dynamodb:getItem, aws-sdk:dynamodb:batchGetItem, aws-sdk:dynamodb:deleteItem.",
            id="a misspelt action",
        ),
        pytest.param(
            "aws-sdk:logs:putLogEvents",
            "There is no SDK integration with the service 'logs'. "
            "Step Functions calls it 'cloudwatchlogs': write aws-sdk:cloudwatchlogs:putLogEvents.",
            id="botocore's name of a service",
        ),
        pytest.param(
            "dynamodb:query",
            "The optimized integration 'dynamodb' has the actions getItem, putItem, updateItem, deleteItem. "
            "As an SDK integration it is aws-sdk:dynamodb:query.",
            id="an action that only the SDK integration has",
        ),
        pytest.param(
            "sqs:sendMesage",
            "The optimized integration 'sqs' has the actions sendMessage. Nearest: sqs:sendMessage.",
            id="a misspelt action of an optimized integration",
        ),
        *(
            pytest.param(
                f"aws-sdk:{service}:{action}",
                f"Step Functions does not offer the action {action!r} of {service!r} to workflows.",
                id=f"{service}:{action}, which AWS does not recognise",
            )
            for service, action in [
                ("s3", "selectObjectContent"),
                ("sts", "assumeRole"),
                ("lambda", "invokeWithResponseStream"),
                ("cloudwatchlogs", "startLiveTail"),
                ("kinesis", "subscribeToShard"),
            ]
        ),
    ],
)
def test_what_is_not_recognised_is_told_with_what_was_perhaps_meant(key: str, hint: str) -> None:
    assert recognise(key) == Unrecognised(hint=hint)


def test_the_exceptions_in_the_table_of_names_are_services_of_botocore() -> None:
    available = set(sdk_services().values())
    assert set(SDK_SERVICES_NAMED_OTHERWISE.values()) <= available
    assert {row.botocore_name for row in OPTIMIZED_SERVICES.values()} - {None} <= available


def test_optimized_actions_are_operations_where_the_table_does_not_say_otherwise() -> None:
    for service, row in OPTIMIZED_SERVICES.items():
        for action in row.actions:
            integration = integration_of(f"{service}:{action}")
            assert integration is not None
            assert integration.operation is not None or row.botocore_name is None or action in dict(row.operations)


def test_the_services_are_those_that_botocore_lists() -> None:
    listed = set(Loader().list_available_services("service-2"))
    assert set(sdk_services()) == {sdk_service_name(name) for name in listed - UNRECOGNISED_SERVICES}


def test_listing_services_reads_no_model() -> None:
    before = loaded_services()
    sdk_services()
    assert loaded_services() == before


def test_a_definition_with_an_unknown_integration_is_refused_in_the_words_of_aws() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItm", "End": True, "Parameters": {}}
    inner = {"StartAt": "Read", "States": {"Read": task}}
    state = {"Type": "Map", "ItemProcessor": inner, "End": True}
    with SfnSync() as sfn, pytest.raises(DefinitionError) as refused:
        sfn.register("orders", {"StartAt": "Each", "States": {"Each": state}})
    assert (
        str(refused.value)
        == """\
Machine 'orders' can't be registered: its definition has 1 fault:
  SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:dynamodb:getItm is not recognized. The \
value is not a valid resource ARN, or the resource is not available in this region. \
at /States/Each/ItemProcessor/States/Read/Resource
      The service 'dynamodb' has no action 'getItm'. Nearest: aws-sdk:dynamodb:getItem, \
aws-sdk:dynamodb:batchGetItem, aws-sdk:dynamodb:deleteItem."""
    )
