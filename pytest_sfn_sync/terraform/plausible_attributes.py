"""The plausible values of the attributes that AWS or a remote module decides: names, ARNs, URLs and ids.

Each row has the type of a resource, the attribute that names it, and the forms of its other attributes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "aws_lambda_function": ("function_name",),
    "aws_lambda_alias": ("function_name",),
    "aws_s3_bucket": ("bucket",),
    "aws_glue_job": ("name",),
    "aws_ecs_task_definition": ("family",),
    "aws_sagemaker_endpoint": ("name",),
    "aws_cloudwatch_event_bus": ("name",),
}
"""The attributes that name a resource; all other types have ``name``."""

_LAMBDA: Final = "arn:{p}:lambda:{r}:{a}:function:{n}"
_INVOKE: Final = f"arn:{{p}}:apigateway:{{r}}:lambda:path/2015-03-31/functions/{_LAMBDA}/invocations"

ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = {
    "aws_lambda_function": {
        "arn": _LAMBDA,
        "qualified_arn": f"{_LAMBDA}:1",
        "invoke_arn": _INVOKE,
        "qualified_invoke_arn": _INVOKE.replace(_LAMBDA, f"{_LAMBDA}:1"),
        "version": "1",
        "id": "{n}",
    },
    "aws_lambda_alias": {"arn": f"{_LAMBDA}:{{l}}", "invoke_arn": _INVOKE.replace(_LAMBDA, f"{_LAMBDA}:{{l}}")},
    "aws_sqs_queue": {
        "arn": "arn:{p}:sqs:{r}:{a}:{n}",
        "url": "https://sqs.{r}.{u}/{a}/{n}",
        "id": "https://sqs.{r}.{u}/{a}/{n}",
    },
    "aws_sns_topic": {"arn": "arn:{p}:sns:{r}:{a}:{n}", "id": "arn:{p}:sns:{r}:{a}:{n}"},
    "aws_dynamodb_table": {"arn": "arn:{p}:dynamodb:{r}:{a}:table/{n}", "id": "{n}"},
    "aws_s3_bucket": {"arn": "arn:{p}:s3:::{n}", "id": "{n}"},
    "aws_sfn_state_machine": {
        "arn": "arn:{p}:states:{r}:{a}:stateMachine:{n}",
        "id": "arn:{p}:states:{r}:{a}:stateMachine:{n}",
    },
    "aws_sfn_activity": {
        "arn": "arn:{p}:states:{r}:{a}:activity:{n}",
        "id": "arn:{p}:states:{r}:{a}:activity:{n}",
    },
    "aws_iam_role": {"arn": "arn:{p}:iam::{a}:role/{n}", "id": "{n}"},
    "aws_iam_policy": {"arn": "arn:{p}:iam::{a}:policy/{n}", "id": "arn:{p}:iam::{a}:policy/{n}"},
    "aws_ecs_cluster": {"arn": "arn:{p}:ecs:{r}:{a}:cluster/{n}", "id": "arn:{p}:ecs:{r}:{a}:cluster/{n}"},
    "aws_ecs_task_definition": {
        "arn": "arn:{p}:ecs:{r}:{a}:task-definition/{n}:1",
        "arn_without_revision": "arn:{p}:ecs:{r}:{a}:task-definition/{n}",
        "id": "{n}",
        "revision": "1",
    },
    "aws_cloudwatch_event_bus": {"arn": "arn:{p}:events:{r}:{a}:event-bus/{n}", "id": "{n}"},
    "aws_cloudwatch_log_group": {"arn": "arn:{p}:logs:{r}:{a}:log-group:{n}", "id": "{n}"},
    "aws_glue_job": {"arn": "arn:{p}:glue:{r}:{a}:job/{n}", "id": "{n}"},
    "aws_glue_crawler": {"arn": "arn:{p}:glue:{r}:{a}:crawler/{n}", "id": "{n}"},
    "aws_batch_job_queue": {"arn": "arn:{p}:batch:{r}:{a}:job-queue/{n}", "id": "arn:{p}:batch:{r}:{a}:job-queue/{n}"},
    "aws_batch_job_definition": {
        "arn": "arn:{p}:batch:{r}:{a}:job-definition/{n}:1",
        "arn_prefix": "arn:{p}:batch:{r}:{a}:job-definition/{n}",
        "id": "arn:{p}:batch:{r}:{a}:job-definition/{n}:1",
        "revision": "1",
    },
    "aws_athena_workgroup": {"arn": "arn:{p}:athena:{r}:{a}:workgroup/{n}", "id": "{n}"},
    "aws_codebuild_project": {"arn": "arn:{p}:codebuild:{r}:{a}:project/{n}", "id": "{n}"},
    "aws_kms_key": {
        "arn": "arn:{p}:kms:{r}:{a}:key/11111111-2222-3333-4444-555555555555",
        "id": "11111111-2222-3333-4444-555555555555",
        "key_id": "11111111-2222-3333-4444-555555555555",
    },
    "aws_secretsmanager_secret": {
        "arn": "arn:{p}:secretsmanager:{r}:{a}:secret:{n}-AbCdEf",
        "id": "arn:{p}:secretsmanager:{r}:{a}:secret:{n}-AbCdEf",
    },
    "aws_subnet": {"id": "subnet-0123456789abcdef0", "arn": "arn:{p}:ec2:{r}:{a}:subnet/subnet-0123456789abcdef0"},
    "aws_security_group": {"id": "sg-0123456789abcdef0"},
    "aws_vpc": {"id": "vpc-0123456789abcdef0"},
    "aws_cloudwatch_event_connection": {
        "arn": "arn:{p}:events:{r}:{a}:connection/{n}/11111111-2222-3333-4444-555555555555"
    },
}
"""The forms of attributes: ``p`` partition, ``r`` region, ``a`` account, ``n`` name, ``l`` the alias's own name,
``u`` the domain of the partition's services."""

DEFAULTS: Final[Mapping[str, Mapping[str, int]]] = {"aws_lambda_function": {"memory_size": 128, "timeout": 3}}
"""The attributes with a default that the documentation of the provider names, and that definitions use."""

_ENVIRONMENT: Final[Mapping[str, Mapping[str, str]]] = {
    "aws_caller_identity": {
        "account_id": "{a}",
        "id": "{a}",
        "arn": "arn:{p}:iam::{a}:user/terraform",
        "user_id": "{a}",
    },
    "aws_region": {"name": "{r}", "region": "{r}", "id": "{r}"},
    "aws_partition": {"partition": "{p}", "id": "{p}", "dns_suffix": "{u}"},
}
"""The data sources that follow the fake's own account and region; their values are not made up."""

_KINDS_OF_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("lambda", "function", "fn"), "aws_lambda_function"),
    **dict.fromkeys(("queue", "sqs", "dlq"), "aws_sqs_queue"),
    **dict.fromkeys(("topic", "sns"), "aws_sns_topic"),
    **dict.fromkeys(("table", "dynamo", "dynamodb"), "aws_dynamodb_table"),
    **dict.fromkeys(("bucket", "s3"), "aws_s3_bucket"),
    **dict.fromkeys(("state_machine", "statemachine", "sfn", "step_function"), "aws_sfn_state_machine"),
    **dict.fromkeys(("step_functions", "stepfunction", "stepfunctions", "workflow"), "aws_sfn_state_machine"),
    "cluster": "aws_ecs_cluster",
    "task_definition": "aws_ecs_task_definition",
    **dict.fromkeys(("event_bus", "eventbus", "eventbridge"), "aws_cloudwatch_event_bus"),
    "role": "aws_iam_role",
}
"""The kind of thing that the name of a variable, or of a remote module's output, speaks of."""

_WORDS: Final = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(_KINDS_OF_WORDS)})(?![a-z0-9])")
_ENDINGS: Final = ("arn", "url", "id")


def form_of(type_: str, attribute: str) -> str | None:
    """Return the form of an attribute; None if no row has it, and its name says nothing."""
    form = ATTRIBUTES.get(type_, {}).get(attribute)
    if form is not None:
        return form
    if attribute in ("name", *NAMED_BY.get(type_, ())):
        return "{n}"
    if attribute == "arn" or attribute.endswith("_arn"):
        service = type_.removeprefix("aws_").partition("_")[0]
        return f"arn:{{p}}:{service}:{{r}}:{{a}}:{{n}}"
    return "{n}" if attribute in ("id", "key_id") else None


def environment_form_of(type_: str, attribute: str) -> str | None:
    """Return the form of an attribute of a data source that follows the fake; None for all else."""
    return _ENVIRONMENT.get(type_, {}).get(attribute)


def form_by_name(name: str) -> str:
    """Return the form for a variable or an output of which the name alone is known."""
    lower = name.lower()
    ending = next((ending for ending in _ENDINGS if lower == ending or lower.endswith(f"_{ending}")), None)
    if ending is None:
        return "{n}"
    kinds = [_KINDS_OF_WORDS[word] for word in _WORDS.findall(lower)]
    # The last word is what the name speaks of: lambda_dlq_arn is the ARN of a queue.
    return ATTRIBUTES[kinds[-1] if kinds else "aws_lambda_function"].get(ending, "{n}")
