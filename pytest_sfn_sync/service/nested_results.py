"""The results and the errors of tasks that start a machine, in the forms of the integrations that start it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact, parse_json
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.timestamps import instant_text
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.service.errors import ServiceError
from pytest_sfn_sync.service.start_sync_execution import seconds_of
from pytest_sfn_sync.tasks.integrations.service_errors import cause_of_version_1, cause_of_version_2


def synchronous_result(execution: Execution) -> JSON:
    """Return the result of ``aws-sdk:sfn:startSyncExecution``."""
    return _in_sdk_shape(execution.response or {})


def started_result(arn: str, started_at: int, random: Random) -> JSON:
    """Return the result of ``aws-sdk:sfn:startExecution``."""
    return {"ExecutionArn": arn, "StartDate": instant_text(EPOCH + timedelta(milliseconds=started_at // 1000))}


def started_result_with_metadata(arn: str, started_at: int, random: Random) -> JSON:
    """Return the result of ``states:startExecution``.

    Recorded: the headers and their order.
    """
    request = random_uuid(random)
    date = format_datetime(EPOCH + timedelta(seconds=started_at // 1_000_000), usegmt=True)
    body = compact({"executionArn": arn, "startDate": seconds_of(started_at)})
    length, content_type = str(len(body)), "application/x-amz-json-1.0"
    return {
        "ExecutionArn": arn,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {
                "x-amzn-RequestId": [request],
                "connection": ["keep-alive"],
                "Content-Length": [length],
                "Date": [date],
                "Content-Type": [content_type],
            },
            "HttpHeaders": {
                "connection": "keep-alive",
                "Content-Length": length,
                "Content-Type": content_type,
                "Date": date,
                "x-amzn-RequestId": request,
            },
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": request},
        # Assumption: milliseconds since the epoch, as measured in the results of .sync and of ecs:runTask, which are
        # optimized integrations too. The recording masks the value. SDK integrations have ISO 8601 (recorded).
        "StartDate": started_at // 1_000,
    }


def described_result(described: Mapping[str, Any], *, is_parsed: bool) -> dict[str, JSON]:
    """Return the result of ``states:startExecution.sync``, or of ``.sync:2`` if ``is_parsed``.

    Recorded: the members of DescribeExecution, capitalised and sorted. Input and Output are JSON texts, and documents
    with ``.sync:2``. Measured: dates are milliseconds since the epoch.
    """
    return {
        name[:1].upper() + name[1:]: _described(name, described[name], is_parsed=is_parsed)
        for name in sorted(described)
    }


def _described(name: str, value: Any, *, is_parsed: bool) -> JSON:
    if isinstance(value, dict):
        return {member[:1].upper() + member[1:]: part for member, part in value.items()}
    if name.endswith("Date"):
        return round(value * 1000)
    return parse_json(value) if is_parsed and name in ("input", "output") else value


def _in_sdk_shape(value: Any) -> JSON:
    """Return a response in the SDK integration's form: names capitalised, members sorted, timestamps as text."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: _in_sdk_shape(value[key]) for key in sorted(value)}
    return instant_text(value) if isinstance(value, datetime) else value


def sdk_failure(refusal: ServiceError, request_id: str) -> tuple[str, str]:
    """Return the error and the cause of an SDK integration whose call was refused."""
    # Recorded for the Sfn client.
    return (
        f"Sfn.{_exception_name(refusal)}",
        cause_of_version_2(refusal.message, "Sfn", refusal.status, request_id),
    )


def optimized_failure(refusal: ServiceError, request_id: str) -> tuple[str, str]:
    """Return the error and the cause of an optimized integration whose call was refused."""
    # Recorded for StateMachineDoesNotExist.
    return (
        f"StepFunctions.{_exception_name(refusal)}",
        cause_of_version_1(refusal.message, "AWSStepFunctions", refusal.status, refusal.code, request_id),
    )


def _exception_name(refusal: ServiceError) -> str:
    """Return the name of the exception class in the SDK for Java."""
    return refusal.code if refusal.code.endswith("Exception") else f"{refusal.code}Exception"
