"""Errors of integrations: their names checked against the service's model, their causes in the integration's words.

SDK integrations tell errors as version 2 of the SDK for Java does, optimized ones as version 1 (both recorded). Errors
of Lambda functions are no part of it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from http import HTTPStatus
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import STATES_TASK_FAILED
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.integrations.integration import Integration, integration_of
from pytest_sfn_sync.tasks.integrations.service_models import ModelledError, ServiceModel, service_model
from pytest_sfn_sync.tasks.resources import HTTP_INVOKE, LAMBDA_INVOKE

# Recorded for SQS: the SDK's own error, where the service could not be reached.
_CLIENT_EXCEPTION: Final = "SdkClientException"
_FREE_INTEGRATIONS: Final = frozenset({"apigateway", "http", "lambda"})
_OTHER_ERRORS: Final = {"events": ("FailedEntry",)}
HTTP_SOCKET: Final = "States.Http.Socket"
HTTP_SOCKET_CAUSE: Final = "The HTTP call timed out after 60 seconds"
"""Assumption: the words; documented is the error of a call that takes longer."""
_STATUS_CODES: Final = frozenset(int(status) for status in HTTPStatus)
_WITH_EXTENDED_IDS: Final = frozenset({"s3", "s3control"})
"""The services whose answers have a second id: recorded for S3, assumption: S3 Control too."""
_TAG: Final = re.compile("<[^>]*>")


def error_names(integration: Integration) -> list[str]:
    """Return the names of all errors that an integration can end with; empty where that is not known."""
    model = integration.model
    if model is None or (integration.service in _FREE_INTEGRATIONS and integration.optimized is not None):
        return []
    classes = [*model.errors, integration.base_exception, _CLIENT_EXCEPTION]
    classes += _OTHER_ERRORS.get(integration.service, ())
    return [f"{integration.error_prefix}.{name}" for name in classes]


def name_fault(name: str, integration: Integration) -> str | None:
    """Report what is wrong with an error name that begins like the integration's own; None where nothing is.

    Names that begin otherwise are free.
    """
    prefix = name.partition(".")[0].lower()
    known = _known_prefixes(integration)
    if "." not in name or prefix not in {one.lower() for one in known}:
        return None
    names = error_names(integration)
    if not names or name in names:
        return None
    nearest = nearest_first(name.partition(".")[2], [one.partition(".")[2] for one in names])[:3]
    told = ", ".join(f"{integration.error_prefix}.{near}" for near in nearest)
    return f"{integration.key} never ends with the error {name!r}. Nearest: {told}."


def _known_prefixes(integration: Integration) -> list[str]:
    model = integration.model
    return [integration.error_prefix, *([] if model is None else [model.error_prefix])]


def cause_of_name(name: str, integration: Integration, random: Random) -> str | None:
    """Return the cause of an error that a test gave by its name alone; None where the name is not the integration's.

    Assumption: the message is what the model's documentation says first, as the service's own is nowhere written.
    """
    if integration.key == HTTP_INVOKE:
        return _status_text(name)
    if name not in error_names(integration):
        return None
    model = integration.model
    error = None if model is None else model.errors.get(name.partition(".")[2])
    if model is None or error is None:
        return None
    message = "" if _is_head(integration, model) else _first_sentence(error)
    return _cause(integration, message, error.code, error.status, random=random)


def cause_of_lambda_service(name: str, random: Random) -> str | None:
    """Return the cause of an error of the Lambda service, such as ``Lambda.TooManyRequestsException``; None for others.

    Recorded for a function that does not exist: the words of version 1 of the SDK. The errors of a function are free.
    """
    prefix, _, class_name = name.partition(".")
    integration = integration_of(LAMBDA_INVOKE)
    if integration is None or prefix != integration.error_prefix:
        return None
    error = service_model("lambda").errors.get(class_name)
    if error is None:
        return None
    return _cause(integration, _first_sentence(error), error.code, error.status, random=random)


def cause_of_role(name: str, role_arn: str | None) -> str | None:
    """Return the cause of ``States.TaskFailed`` for a task whose role can't be assumed (recorded); None for others.

    Assumption: a test that gives that name alone, for a state with Credentials, means its role.
    """
    if name != STATES_TASK_FAILED or role_arn is None:
        return None
    return f"The principal states.amazonaws.com is not authorized to assume the provided role. (role: {role_arn})"


def _status_text(name: str) -> str | None:
    """Return the cause of an HTTP task's error: the text of its status code and nothing else (reported of AWS)."""
    if name == HTTP_SOCKET:
        return HTTP_SOCKET_CAUSE
    code = name.removeprefix("States.Http.StatusCode.")
    return HTTPStatus(int(code)).phrase if code.isdecimal() and int(code) in _STATUS_CODES else None


def client_error(integration: Integration, response: Mapping[str, Any], random: Random) -> tuple[str, str]:
    """Return the error and the cause that an integration has for the response of a botocore ClientError."""
    details, metadata = response.get("Error") or {}, response.get("ResponseMetadata") or {}
    code, message = str(details.get("Code", "Unknown")), str(details.get("Message", ""))
    model = integration.model
    class_name = None if model is None else _class_of(code, model, integration)
    error = None if model is None or class_name is None else model.errors[class_name]
    status = metadata.get("HTTPStatusCode") or (400 if error is None else error.status)
    if _is_bare_status(code):
        message = ""  # botocore's own text of the status: the answer had no body
    name = f"{integration.error_prefix}.{class_name or integration.base_exception}"
    ids = {"request_id": metadata.get("RequestId"), "host_id": metadata.get("HostId")}
    return name, _cause(integration, message, code, status, random=random, **ids)


def _class_of(code: str, model: ServiceModel, integration: Integration) -> str | None:
    if _is_bare_status(code) and integration.operation is not None:
        # Recorded for headBucket: an answer without a body is told by the operation's one error of that status.
        return model.only_error_of_status(integration.action, int(code))
    # Some protocols write the code with a namespace before it, or with an explanation after it.
    plain = code.rpartition("#")[2].partition(":")[0]
    return model.error_of_code(code) or model.error_of_code(plain)


def _is_bare_status(code: str) -> bool:
    """Whether a code is a status, which is what botocore gives for an answer without a body."""
    return code.isdecimal() and int(code) in _STATUS_CODES


def _is_head(integration: Integration, model: ServiceModel) -> bool:
    return integration.operation is not None and model.is_head(integration.action)


def _cause(
    integration: Integration,
    message: str,
    code: str,
    status: int,
    *,
    random: Random,
    request_id: str | None = None,
    host_id: str | None = None,
) -> str:
    """Return the cause of a service's error in the words of the SDK for Java, whichever way the error came."""
    request_id = request_id or random_uuid(random)
    optimized = integration.optimized
    if optimized is not None:
        return (
            f"{message} (Service: {optimized.cause_service}; Status Code: {status}; Error Code: {code}; "
            f"Request ID: {request_id}; Proxy: null)"
        )
    if not host_id and integration.service in _WITH_EXTENDED_IDS:
        host_id = base64.b64encode(random.randbytes(56)).decode()
    extended = f", Extended Request ID: {host_id}" if host_id else ""
    # Recorded: the number of attempts ends the cause for every service; an answer without a body has no message.
    told = f"(Service: {integration.error_prefix}, Status Code: {status}, Request ID: {request_id}{extended})"
    return f"{message}{' ' if message else ''}{told} (SDK Attempt Count: 1)"


def _first_sentence(error: ModelledError) -> str:
    text = " ".join(_TAG.sub("", error.documentation).split())
    sentence, stop, _ = text.partition(". ")
    return f"{sentence}{stop.strip()}" if text else error.shape_name
