"""Errors of integrations: their names checked against the service's model, their causes in the integration's words.

SDK integrations tell errors as version 2 of the SDK for Java does, optimized ones as version 1 (both recorded). Errors
of Lambda functions are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.service_models import ModelledError, ServiceModel

# Recorded for SQS: the SDK's own error, where the service could not be reached.
_CLIENT_EXCEPTION: Final = "SdkClientException"
_FREE_INTEGRATIONS: Final = frozenset({"apigateway", "http", "lambda"})
_OTHER_ERRORS: Final = {"events": ("FailedEntry",)}
_HTTP_INVOKE: Final = "http:invoke"
_STATUS_CODES: Final = frozenset(int(status) for status in HTTPStatus)
_TAG: Final = re.compile("<[^>]*>")


def error_names(integration: Integration) -> list[str]:
    """Give the names of all errors that an integration can end with; empty where that is not known."""
    model = integration.model
    if model is None or (integration.service in _FREE_INTEGRATIONS and integration.optimized is not None):
        return []
    classes = [*model.errors, integration.base_exception, _CLIENT_EXCEPTION]
    classes += _OTHER_ERRORS.get(integration.service, ())
    return [f"{integration.error_prefix}.{name}" for name in classes]


def name_fault(name: str, integration: Integration) -> str | None:
    """Say what is wrong with an error name that begins like the integration's own; None where nothing is.

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
    """Give the cause of an error that a test gave by its name alone; None where the name is not the integration's.

    Assumption: the message is what the model's documentation says first, as the service's own is nowhere written.
    """
    if integration.key == _HTTP_INVOKE:
        return _status_text(name)
    if name not in error_names(integration):
        return None
    model = integration.model
    error = None if model is None else model.errors.get(name.partition(".")[2])
    if error is None:
        return None
    return _cause(integration, _first_sentence(error), error.code, error.status, random_uuid(random))


def _status_text(name: str) -> str | None:
    """Give the cause of an HTTP task's error: the text of its status code and nothing else (reported of AWS)."""
    code = name.removeprefix("States.Http.StatusCode.")
    return HTTPStatus(int(code)).phrase if code.isdecimal() and int(code) in _STATUS_CODES else None


def client_error(integration: Integration, response: Mapping[str, Any], random: Random) -> tuple[str, str]:
    """Turn the response of a botocore ClientError into the error and the cause that the integration tells."""
    details, metadata = response.get("Error") or {}, response.get("ResponseMetadata") or {}
    code, message = str(details.get("Code", "Unknown")), str(details.get("Message", ""))
    model = integration.model
    class_name = None if model is None else _class_of(code, model)
    error = None if model is None or class_name is None else model.errors[class_name]
    status = metadata.get("HTTPStatusCode") or (400 if error is None else error.status)
    request_id = metadata.get("RequestId") or random_uuid(random)
    name = f"{integration.error_prefix}.{class_name or integration.base_exception}"
    return name, _cause(integration, message, code, status, request_id, metadata.get("HostId"))


def _class_of(code: str, model: ServiceModel) -> str | None:
    # Some protocols write the code with a namespace before it, or with an explanation after it.
    plain = code.rpartition("#")[2].partition(":")[0]
    return model.error_of_code(code) or model.error_of_code(plain)


def _cause(
    integration: Integration, message: str, code: str, status: int, request_id: str, host_id: str | None = None
) -> str:
    optimized = integration.optimized
    if optimized is not None:
        return (
            f"{message} (Service: {optimized.cause_service}; Status Code: {status}; Error Code: {code}; "
            f"Request ID: {request_id}; Proxy: null)"
        )
    # Recorded for S3, which has a second id.
    extended = f", Extended Request ID: {host_id}" if host_id is not None else ""
    return f"{message} (Service: {integration.error_prefix}, Status Code: {status}, Request ID: {request_id}{extended})"


def _first_sentence(error: ModelledError) -> str:
    text = " ".join(_TAG.sub("", error.documentation).split())
    sentence, stop, _ = text.partition(". ")
    return f"{sentence}{stop.strip()}" if text else error.shape_name
