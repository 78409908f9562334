"""The names of Step Functions' SDK services in botocore, and the optimized integrations with their actions.

Most SDK services have botocore's name without its hyphens; the tables have only the exceptions. Documented: the lists
of supported services and optimized integrations in the developer guide. Measured: the names that AWS does not
recognise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SDK_SERVICES_NAMED_OTHERWISE: Final = {
    "applicationdiscovery": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "costandusagereport": "cur",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "directory": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "lexmodelbuilding": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntime": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlement": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}
"""Botocore's names by Step Functions' names of SDK services (Java's package names), if not only hyphens differ."""

SDK_PREFIXES_NAMED_OTHERWISE: Final = {"memorydb": "MemoryDB"}
"""The prefixes of error names that differ from botocore's service id in Java's spelling."""

UNRECOGNISED_SERVICES: Final = frozenset(
    {"apigatewaymanagementapi", "cloudsearchdomain", "iot-jobs-data", "mediastore-data"}
)
"""Botocore's names of services for which Step Functions has no SDK integrations.

Measured: the services. Each of them needs an endpoint of its own, for which a Task has no field.
"""

OTHER_SERVICES_WITH_ENDPOINTS: Final = frozenset(
    {
        "kinesis-video-archived-media",
        "kinesis-video-media",
        "kinesis-video-signaling",
        "kinesis-video-webrtc-storage",
        "neptunedata",
    }
)
"""Botocore's names of other services that need an endpoint of their own; they have not been measured."""

UNRECOGNISED_ACTIONS: Final = frozenset({("sts", "assumeRole")})
"""Actions that Step Functions does not recognise, besides those that stream events. Measured: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizedService:
    """An optimized integration: its actions, botocore's service, and its errors as the SDK for Java 1 reports them.

    ``error_prefix`` is the beginning of error names. ``cause_service`` is the service's name in a cause.
    ``base_exception`` is the class of errors that the model does not have. ``operations`` has the actions whose
    operation has another name, with the operation, or None if the service has no such operation.
    """

    actions: tuple[str, ...]
    botocore_name: str | None
    error_prefix: str
    cause_service: str
    base_exception: str
    operations: tuple[tuple[str, str | None], ...] = ()


def _row(
    actions: str,
    botocore_name: str | None,
    error_prefix: str,
    cause_service: str,
    *,
    base: str | None = None,
    without_operation: str = "",
) -> OptimizedService:
    return OptimizedService(
        actions=tuple(actions.split()),
        botocore_name=botocore_name,
        error_prefix=error_prefix,
        cause_service=cause_service,
        base_exception=base or f"{cause_service}Exception",
        operations=tuple((action, None) for action in without_operation.split()),
    )


# Recorded: the prefixes and services of dynamodb, sqs, sns, states, lambda, and the prefixes of apigateway and events.
# Assumption: the others have the names of the clients of the SDK for Java 1.
OPTIMIZED_SERVICES: Final = {
    "apigateway": _row("invoke", None, "ApiGateway", "AmazonApiGateway"),
    "athena": _row(
        "startQueryExecution stopQueryExecution getQueryExecution getQueryResults", "athena", "Athena", "AmazonAthena"
    ),
    "batch": _row("submitJob", "batch", "Batch", "AWSBatch"),
    "bedrock": _row(
        "invokeModel createModelCustomizationJob",
        "bedrock-runtime",
        "Bedrock",
        "AmazonBedrock",
        without_operation="invokeModel createModelCustomizationJob",
    ),
    # Documented: since 2026-06. Its request and result are not those of botocore's operation, which is a stream.
    "bedrockagentcore": _row("invokeHarness", None, "BedrockAgentCore", "AmazonBedrockAgentCore"),
    "codebuild": _row(
        "startBuild stopBuild batchDeleteBuilds batchGetReports startBuildBatch stopBuildBatch retryBuildBatch "
        "deleteBuildBatch",
        "codebuild",
        "CodeBuild",
        "AWSCodeBuild",
    ),
    "databrew": _row("startJobRun", "databrew", "GlueDataBrew", "AWSGlueDataBrew"),
    "dynamodb": _row(
        "getItem putItem updateItem deleteItem",
        "dynamodb",
        "DynamoDB",
        "AmazonDynamoDBv2",
        base="AmazonDynamoDBException",
    ),
    "ecs": _row("runTask", "ecs", "ECS", "AmazonECS"),
    "eks": _row(
        "createCluster deleteCluster createFargateProfile deleteFargateProfile createNodegroup deleteNodegroup runJob "
        "call",
        "eks",
        "EKS",
        "AmazonEKS",
        without_operation="runJob call",
    ),
    "elasticmapreduce": _row(
        "createCluster setClusterTerminationProtection terminateCluster addStep cancelStep modifyInstanceFleetByName "
        "modifyInstanceGroupByName",
        "emr",
        "ElasticMapReduce",
        "AmazonElasticMapReduce",
        without_operation="createCluster setClusterTerminationProtection terminateCluster addStep cancelStep "
        "modifyInstanceFleetByName modifyInstanceGroupByName",
    ),
    "emr-containers": _row(
        "createVirtualCluster deleteVirtualCluster startJobRun",
        "emr-containers",
        "EMRContainers",
        "AmazonEMRContainers",
    ),
    "emr-serverless": _row(
        "createApplication startApplication stopApplication deleteApplication startJobRun cancelJobRun",
        "emr-serverless",
        "EMRServerless",
        "AWSEMRServerless",
    ),
    "events": _row("putEvents", "events", "EventBridge", "AmazonEventBridge"),
    "glue": _row("startJobRun", "glue", "Glue", "AWSGlue"),
    "http": _row("invoke", None, "States.Http", "Http"),
    "lambda": _row("invoke", None, "Lambda", "AWSLambda"),
    "mediaconvert": _row("createJob", "mediaconvert", "MediaConvert", "AWSMediaConvert"),
    "sagemaker": _row(
        "createAutoMLJob createEndpoint createEndpointConfig createHyperParameterTuningJob createLabelingJob "
        "createModel createProcessingJob createTrainingJob createTransformJob updateEndpoint",
        "sagemaker",
        "SageMaker",
        "AmazonSageMaker",
    ),
    "sns": _row("publish", "sns", "SNS", "AmazonSNS"),
    "sqs": _row("sendMessage", "sqs", "SQS", "AmazonSQS"),
    "states": _row("startExecution", "stepfunctions", "StepFunctions", "AWSStepFunctions"),
}
"""The optimized integrations by the resource type in their ARN. Documented: the guide's list in 2026-11."""


def sdk_service_name(botocore_name: str) -> str:
    """Return Step Functions' name of one of botocore's services."""
    for name, other in SDK_SERVICES_NAMED_OTHERWISE.items():
        if other == botocore_name:
            return name
    return botocore_name.replace("-", "")
