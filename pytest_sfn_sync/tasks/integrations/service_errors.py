"""Errors of integrations: their names checked against the service's model, their causes in the integration's words.

Recorded: SDK integrations report errors as version 2 of the SDK for Java does, optimized ones as version 1. Errors of
Lambda functions are in `tasks.lambda_functions`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from http import HTTPStatus
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import STATES_ALL, STATES_TASK_FAILED
from pytest_sfn_sync.asl.nearest_names import misspelt, nearest_first
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.integrations.integration import Integration, integration_of
from pytest_sfn_sync.tasks.integrations.java_names import exception_class_of_version_1
from pytest_sfn_sync.tasks.integrations.service_models import ModelledError, ServiceModel, service_model
from pytest_sfn_sync.tasks.resources import API_GATEWAY_INVOKE, HTTP_INVOKE, LAMBDA_INVOKE

# Recorded: the SDK's own error if SQS could not be reached.
_CLIENT_EXCEPTION: Final = "SdkClientException"
# Errors of a function's call that the service's model lacks. AWS's tools write all but the last in a Retry.
_OF_LAMBDA_CALLS: Final = (
    "AWSLambdaException",
    "ClientExecutionTimeoutException",
    "LambdaException",
    "SdkClientException",
    "Unknown",
)
_FREE_INTEGRATIONS: Final = frozenset({"apigateway", "http", "lambda"})
_OTHER_ERRORS: Final = {"events": ("FailedEntry",)}
HTTP_STATUS: Final = "States.Http.StatusCode."
HTTP_SOCKET: Final = "States.Http.Socket"
HTTP_SOCKET_CAUSE: Final = "The HTTP call timed out after 60 seconds"
"""Documented: the error of a call that takes longer. Assumption: its text."""
_NAMES_WITH_STATUS: Final = {API_GATEWAY_INVOKE: ("ApiGateway.", ()), HTTP_INVOKE: (HTTP_STATUS, (HTTP_SOCKET,))}
"""The integrations whose errors are HTTP statuses: what is before the status, and the names of their other errors."""
_ERROR_STATUS: Final = re.compile(r"[13-9]\d\d")
_LIKE_A_STATUS: Final = re.compile(
    r"(states)?http|statuscode|(aws|amazon)?apigateway(?!\w*Exception$)|\d+$", re.IGNORECASE
)
STATUS_TEXTS: Final = {int(status): status.phrase for status in HTTPStatus}
_WITH_EXTENDED_IDS: Final = frozenset({"s3", "s3control"})
"""The services whose answers have a second id. Recorded: S3. Assumption: S3 Control."""
_CODES_OF_OLD: Final = {"NonExistentQueue": "QueueDoesNotExist"}
"""Codes for which the model has only the new name. Assumption: the other codes of SQS differ only by their prefix."""
_TAG: Final = re.compile("<[^>]*>")


def error_names(integration: Integration) -> list[str]:
    """Return the names of all errors of an integration; return an empty list if they are not known."""
    model = integration.model
    if model is None or (integration.service in _FREE_INTEGRATIONS and integration.optimized is not None):
        return []
    classes = [*_errors_of(model, integration), integration.base_exception, _CLIENT_EXCEPTION]
    classes += _OTHER_ERRORS.get(integration.service, ())
    return [f"{integration.error_prefix}.{name}" for name in classes]


def _errors_of(model: ServiceModel, integration: Integration) -> dict[str, ModelledError]:
    """Return the errors of a service by the names that an integration may have for them."""
    if integration.optimized is None:
        return model.errors
    # Assumption: nobody can tell yet which spelling AWS has where the two differ, so both are known.
    of_version_1 = {exception_class_of_version_1(error.shape_name): error for error in model.errors.values()}
    return {**of_version_1, **model.errors}


def name_fault(name: str, integration: Integration) -> str | None:
    """Report the fault of an error name that is written like the integration's own; None if there is no fault.

    Such a name begins with one of the service's names, or is an error of the service without its prefix. Any other name
    is allowed.
    """
    if name == STATES_ALL:
        return f"{name} is no error: it stands for all errors, in a Retry or a Catch."
    if integration.key in _NAMES_WITH_STATUS:
        return _status_name_fault(name, integration.key)
    prefix, dot, class_name = name.partition(".")
    names = error_names(integration)
    if not names or name in names:
        return None
    if dot:
        if _plain(prefix) not in _prefixes(integration):
            return None
    elif not _is_of_the_service(name, integration):
        return None
    else:
        class_name = name
    nearest = nearest_first(class_name, [one.partition(".")[2] for one in names])[:3]
    suggestions = ", ".join(f"{integration.error_prefix}.{near}" for near in nearest)
    return f"{integration.key} never ends with the error {name!r}. Nearest: {suggestions}."


def _is_of_the_service(name: str, integration: Integration) -> bool:
    """Return whether a name without a prefix is an error of the service: a code, or a class with or without its end."""
    if name in _OTHER_ERRORS.get(integration.service, ()):
        return True
    return any(_class_of(one, integration) is not None for one in (name, f"{name}Exception"))


def _status_name_fault(name: str, key: str) -> str | None:
    """Report an error name that is written like those of HTTP statuses, but is none of them."""
    form, others = _NAMES_WITH_STATUS[key]
    status = name.removeprefix(form)
    if name in others or (status != name and _ERROR_STATUS.fullmatch(status)):
        return None
    if not _LIKE_A_STATUS.match(name.replace(".", "")):
        return None
    examples = ", ".join([f"{form}404", *others])
    return f"{key} never ends with the error {name!r}. It ends with the status in the name: {examples}."


def function_name_fault(name: str) -> str | None:
    """Report a misspelt error of the Lambda service; None for any other, as a function may have errors of any name."""
    integration = integration_of(LAMBDA_INVOKE)
    if integration is None or _plain(name.partition(".")[0]) != "lambda":
        return None
    modelled = _errors_of(service_model("lambda"), integration)
    known = [f"{integration.error_prefix}.{one}" for one in (*modelled, *_OF_LAMBDA_CALLS)]
    meant = None if name in known else misspelt(name, known)
    return meant and f"No Lambda function ends with the error {name!r}. Did you mean {meant!r}?"


def _prefixes(integration: Integration) -> frozenset[str]:
    """Return the prefixes that a test may have meant for the service's: all its names, in lower case."""
    model = integration.model
    of_model = () if model is None else (model.error_prefix, model.botocore_name, model.endpoint_prefix)
    of_version_1 = () if integration.optimized is None else (integration.optimized.cause_service,)
    names = {_plain(name) for name in (integration.error_prefix, integration.service, *of_model, *of_version_1)}
    return frozenset({*names, *(f"{maker}{name}" for maker in ("amazon", "aws") for name in names)})


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").replace(".", "").lower()


def cause_of_name(name: str, integration: Integration, random: Random) -> str | None:
    """Return the cause of an error for which a test gave only the name; None if it is not the integration's.

    Assumption: the message is the first sentence of the error in the model, as the service's own message is not known.
    """
    if integration.key == HTTP_INVOKE:
        return _status_text(name)
    if name not in error_names(integration):
        return None
    model = integration.model
    error = None if model is None else _errors_of(model, integration).get(name.partition(".")[2])
    if model is None or error is None:
        return None
    message = "" if _is_head(integration, model) else _first_sentence(error)
    return _cause(integration, message, error.code, error.status, random=random)


def cause_of_lambda_service(name: str, random: Random) -> str | None:
    """Return the cause of an error of the Lambda service, such as ``Lambda.TooManyRequestsException``; None for others.

    Recorded: a function that does not exist has the text of version 1 of the SDK. A function may have errors of any
    name.
    """
    prefix, _, class_name = name.partition(".")
    integration = integration_of(LAMBDA_INVOKE)
    if integration is None or prefix != integration.error_prefix:
        return None
    error = _errors_of(service_model("lambda"), integration).get(class_name)
    if error is None:
        return None
    return _cause(integration, _first_sentence(error), error.code, error.status, random=random)


def cause_of_role(name: str, role_arn: str | None) -> str | None:
    """Return the cause of ``States.TaskFailed`` for a task whose role can't be assumed; None for other names.

    Recorded: the cause. Assumption: a test that gives only that name, for a state with Credentials, means its role.
    """
    if name != STATES_TASK_FAILED or role_arn is None:
        return None
    return f"The principal states.amazonaws.com is not authorized to assume the provided role. (role: {role_arn})"


def _status_text(name: str) -> str | None:
    """Return the cause of an HTTP task's error: only the text of its status code, as users report from AWS."""
    if name == HTTP_SOCKET:
        return HTTP_SOCKET_CAUSE
    code = name.removeprefix(HTTP_STATUS)
    return STATUS_TEXTS.get(int(code)) if code.isdecimal() else None


def response_of(exception: BaseException) -> Mapping[str, Any] | None:
    """Return the response of a botocore ClientError, without importing botocore; None for any other exception."""
    response = getattr(exception, "response", None)
    return response if isinstance(response, Mapping) and "Error" in response else None


def client_error(integration: Integration, response: Mapping[str, Any], random: Random) -> tuple[str, str]:
    """Return the integration's error and cause for the response of a botocore ClientError."""
    details, metadata = response.get("Error") or {}, response.get("ResponseMetadata") or {}
    code, message = str(details.get("Code", "Unknown")), str(details.get("Message", ""))
    model = integration.model
    # Some services changed to JSON and kept the codes of their older protocol. They send the model's name as well.
    class_name = _class_of(code, integration) or _class_of(str(details.get("QueryErrorCode", code)), integration)
    error = None if model is None or class_name is None else model.errors[class_name]
    status = metadata.get("HTTPStatusCode") or (400 if error is None else error.status)
    if _is_bare_status(code):
        message = ""  # The text is botocore's own, for an answer without a body.
    if error is not None and integration.optimized is not None:
        class_name = exception_class_of_version_1(error.shape_name)
    name = f"{integration.error_prefix}.{class_name or integration.base_exception}"
    ids = {"request_id": metadata.get("RequestId"), "host_id": metadata.get("HostId")}
    return name, _cause(integration, message, code, status, random=random, **ids)


def _class_of(code: str, integration: Integration) -> str | None:
    """Return the Java class of the error with this code on the wire; None if the model has no such error."""
    model = integration.model
    if model is None:
        return None
    if _is_bare_status(code) and integration.operation is not None:
        # Recorded: for headBucket, an answer without a body is the operation's only error with that status.
        return model.only_error_of_status(integration.action, int(code))
    # Some protocols put a namespace before the code, or an explanation after it.
    plain = code.rpartition("#")[2].partition(":")[0]
    # SQS still sends the codes from the time before it used JSON, such as AWS.SimpleQueueService.QueueDeletedRecently.
    short = plain.rpartition(".")[2]
    candidates = (code, plain, short, _CODES_OF_OLD.get(short, short))
    return next(filter(None, map(model.error_of_code, candidates)), None)


def _is_bare_status(code: str) -> bool:
    """Return whether a code is an HTTP status, which botocore uses as the code if an answer has no body."""
    return code.isdecimal() and int(code) in STATUS_TEXTS


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
    """Return the cause of a service's error in the words of the SDK for Java."""
    request_id = request_id or random_uuid(random)
    if integration.optimized is not None:
        return cause_of_version_1(message, integration.optimized.cause_service, status, code, request_id)
    if not host_id and integration.service in _WITH_EXTENDED_IDS:
        host_id = base64.b64encode(random.randbytes(56)).decode()
    return cause_of_version_2(message, integration.error_prefix, status, request_id, host_id)


def cause_of_version_1(message: str, service: str, status: int, code: str, request_id: str) -> str:
    """Return the cause of a service's error in the words of version 1 of the SDK for Java (recorded)."""
    return (
        f"{message} (Service: {service}; Status Code: {status}; Error Code: {code}; "
        f"Request ID: {request_id}; Proxy: null)"
    )


def cause_of_version_2(message: str, service: str, status: int, request_id: str, host_id: str | None = None) -> str:
    """Return the cause of a service's error in the words of version 2 of the SDK for Java.

    Recorded: for every service, the number of attempts ends the cause. An answer without a body has no message.
    """
    extended = f", Extended Request ID: {host_id}" if host_id else ""
    details = f"(Service: {service}, Status Code: {status}, Request ID: {request_id}{extended})"
    return f"{message}{' ' if message else ''}{details} (SDK Attempt Count: 1)"


def _first_sentence(error: ModelledError) -> str:
    text = " ".join(_TAG.sub("", error.documentation).split())
    sentence, stop, _ = text.partition(". ")
    return f"{sentence}{stop.strip()}" if text else error.shape_name
