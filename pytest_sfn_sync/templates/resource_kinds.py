"""The values of ``Ref`` and ``Fn::GetAtt`` for each type of resource: one row for each type.

The texts in a row have fields. ``{name}`` is the resource's own name. ``{partition}``, ``{region}``, ``{account}`` and
``{suffix}`` are those of the stack. ``{function}`` is the ARN of the Lambda function in the property ``FunctionName``.
Any other field is a property.

Documented: the return values on the page of each type in the CloudFormation reference. Generated parts (the
``-1A2B3C4D`` of a name, a UUID) are left out, so that values are always the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SAM_FUNCTION: Final = "AWS::Serverless::Function"
LAMBDA_FUNCTIONS: Final = ("AWS::Lambda::Function", SAM_FUNCTION)
ACTIVITY: Final = "AWS::StepFunctions::Activity"
NESTED_STACKS: Final = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
STATE_MACHINES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceKind:
    """The row of a type: the property with its name, its ``Ref``, and its attributes."""

    named_by: str | None = None
    ref: str = "{name}"
    attributes: Mapping[str, str] = field(default_factory=dict)
    in_lower_case: bool = False


def kind_of_resource(type_name: str) -> ResourceKind:
    """Return the row of a type; a type without a row gets a plain one."""
    return _KINDS.get(type_name, _ANY)


def attribute_of_any(type_name: str, attribute: str) -> str:
    """Return the text for an attribute that no row has: an ARN if its name ends so, otherwise its own name."""
    if attribute.endswith("Arn"):
        parts = type_name.lower().split("::")
        service = parts[1] if parts[0] == "aws" and len(parts) > 1 else "cloudformation"
        return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{{name}}"
    return f"{{logical_id}}.{attribute}"


def _arn(service: str, resource: str = "{name}") -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{resource}"


def _named(named_by: str | None, arn: str, ref: str = "{name}", **attributes: str) -> ResourceKind:
    return ResourceKind(named_by=named_by, ref=ref, attributes={"Arn": arn, **attributes})


_ANY: Final = ResourceKind()
_FUNCTION: Final = _named("FunctionName", _arn("lambda", "function:{name}"))
_TABLE: Final = _named(
    "TableName",
    _arn("dynamodb", "table/{name}"),
    StreamArn=_arn("dynamodb", "table/{name}/stream/2024-01-01T00:00:00.000"),
)
_MACHINE_ARN: Final = _arn("states", "stateMachine:{name}")
_ACTIVITY_ARN: Final = _arn("states", "activity:{name}")
_TOPIC_ARN: Final = _arn("sns")
_SECRET_ARN: Final = _arn("secretsmanager", "secret:{name}")
_BUCKET_DOMAIN: Final = "{name}.s3.{suffix}"

_KINDS: Final[Mapping[str, ResourceKind]] = {
    "AWS::Lambda::Function": _FUNCTION,
    "AWS::Serverless::Function": _FUNCTION,
    "AWS::Lambda::Alias": ResourceKind(
        named_by="Name", ref="{function}:{name}", attributes={"AliasArn": "{function}:{name}"}
    ),
    "AWS::Lambda::Version": ResourceKind(
        ref="{function}:1", attributes={"Version": "1", "FunctionArn": "{function}:1"}
    ),
    "AWS::Lambda::Url": ResourceKind(
        ref="{function}",
        attributes={"FunctionArn": "{function}", "FunctionUrl": "https://{name}.lambda-url.{region}.on.aws/"},
    ),
    "AWS::Serverless::StateMachine": _named("Name", _MACHINE_ARN, _MACHINE_ARN, Name="{name}"),
    "AWS::StepFunctions::StateMachine": _named("StateMachineName", _MACHINE_ARN, _MACHINE_ARN, Name="{name}"),
    ACTIVITY: _named("Name", _ACTIVITY_ARN, _ACTIVITY_ARN, Name="{name}"),
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::DynamoDB::GlobalTable": _TABLE,
    "AWS::Serverless::SimpleTable": _TABLE,
    "AWS::SQS::Queue": _named(
        "QueueName",
        _arn("sqs"),
        "https://sqs.{region}.{suffix}/{account}/{name}",
        QueueName="{name}",
        QueueUrl="https://sqs.{region}.{suffix}/{account}/{name}",
    ),
    "AWS::SNS::Topic": ResourceKind(
        named_by="TopicName", ref=_TOPIC_ARN, attributes={"TopicArn": _TOPIC_ARN, "TopicName": "{name}"}
    ),
    "AWS::S3::Bucket": ResourceKind(
        named_by="BucketName",
        attributes={
            "Arn": "arn:{partition}:s3:::{name}",
            "DomainName": _BUCKET_DOMAIN,
            "RegionalDomainName": "{name}.s3.{region}.{suffix}",
            "WebsiteURL": "http://{name}.s3-website-{region}.{suffix}",
        },
        in_lower_case=True,
    ),
    "AWS::Events::EventBus": _named("Name", _arn("events", "event-bus/{name}"), Name="{name}"),
    "AWS::Events::Rule": _named("Name", _arn("events", "rule/{name}")),
    "AWS::Events::Connection": _named(
        "Name", _arn("events", "connection/{name}/00000000-0000-4000-8000-000000000000"), SecretArn=_SECRET_ARN
    ),
    "AWS::IAM::Role": _named("RoleName", "arn:{partition}:iam::{account}:role/{name}"),
    "AWS::ECS::Cluster": _named("ClusterName", _arn("ecs", "cluster/{name}")),
    "AWS::ECS::TaskDefinition": ResourceKind(
        named_by="Family",
        ref=_arn("ecs", "task-definition/{name}:1"),
        attributes={"TaskDefinitionArn": _arn("ecs", "task-definition/{name}:1")},
    ),
    "AWS::Batch::JobQueue": ResourceKind(
        named_by="JobQueueName",
        ref=_arn("batch", "job-queue/{name}"),
        attributes={"JobQueueArn": _arn("batch", "job-queue/{name}")},
    ),
    "AWS::Batch::JobDefinition": ResourceKind(
        named_by="JobDefinitionName", ref=_arn("batch", "job-definition/{name}:1")
    ),
    "AWS::Glue::Job": ResourceKind(named_by="Name"),
    "AWS::Glue::Crawler": ResourceKind(named_by="Name"),
    "AWS::Athena::WorkGroup": ResourceKind(named_by="Name"),
    "AWS::CodeBuild::Project": _named("Name", _arn("codebuild", "project/{name}")),
    "AWS::Kinesis::Stream": _named("Name", _arn("kinesis", "stream/{name}")),
    "AWS::KinesisFirehose::DeliveryStream": _named("DeliveryStreamName", _arn("firehose", "deliverystream/{name}")),
    "AWS::Logs::LogGroup": _named("LogGroupName", _arn("logs", "log-group:{name}:*")),
    "AWS::SecretsManager::Secret": ResourceKind(named_by="Name", ref=_SECRET_ARN, attributes={"Id": _SECRET_ARN}),
    "AWS::SSM::Parameter": ResourceKind(named_by="Name", attributes={"Type": "{Type}", "Value": "{Value}"}),
    "AWS::KMS::Key": _named(None, _arn("kms", "key/{name}"), KeyId="{name}"),
    "AWS::KMS::Alias": ResourceKind(named_by="AliasName"),
    "AWS::EKS::Cluster": _named("Name", _arn("eks", "cluster/{name}")),
    "AWS::Pipes::Pipe": _named("Name", _arn("pipes", "pipe/{name}")),
    "AWS::Scheduler::ScheduleGroup": _named("Name", _arn("scheduler", "schedule-group/{name}")),
    "AWS::SageMaker::Model": ResourceKind(named_by="ModelName", attributes={"ModelName": "{name}"}),
    "AWS::Cognito::UserPool": _named(None, _arn("cognito-idp", "userpool/{name}")),
}
