"""The checks that AWS makes of values in requests of HTTP, API Gateway and Kubernetes tasks: words, endpoints, headers.

The same checks are used for a definition's literal arguments and for a run's evaluated ones. Measured: the refused
headers, and their place in the message. Documented: the words that a field may hold; the endpoint of an HTTP task
begins with ``https://``; the task has a connection, in Authentication or InvocationConfig. Assumption: the texts of
these faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING, begins_expression
from pytest_sfn_sync.asl.fields.field_reader import ALLOWED_VALUES, values_text
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.tasks.integrations.http_headers import refused_headers, refused_headers_message
from pytest_sfn_sync.tasks.resources import API_GATEWAY_INVOKE, EKS_CALL, HTTP_INVOKE

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    HTTP_INVOKE: ("Method", "Transform.RequestBodyEncoding", "Transform.RequestEncodingOptions.ArrayFormat"),
    API_GATEWAY_INVOKE: ("Method", "AuthType"),
    EKS_CALL: ("Method",),
}
"""The paths of the fields that may hold only certain words, by integration."""

CHECKED: Final = frozenset(_WORDS)
"""The integrations whose values are checked here."""

_CONNECTIONS: Final = ("Authentication", "InvocationConfig")
_SCHEME: Final = "https://"
_EVALUATED: Final = object()
"""The stand-in for a value that is not known before the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFault:
    """The fault of a value; ``member`` is the place of the value in the request, if the request has it.

    ``is_certain`` is False if AWS perhaps creates the machine; the task then fails.
    """

    message: str
    member: str | None = None
    hint: str | None = None
    is_certain: bool = True


def value_faults(key: str, request: dict[str, Any]) -> Iterator[ValueFault]:
    """Yield the faults of the values in a request; nothing for integrations without such checks."""
    if key not in CHECKED:
        return
    headers = request.get("Headers")
    refused = refused_headers(key, headers) if isinstance(headers, dict) else []
    if refused:
        yield ValueFault(message=refused_headers_message(refused), member="Headers")
    for path in _WORDS[key]:
        values, given = ALLOWED_VALUES[f"{key}.{path}"], _at(path, request)
        if isinstance(given, str) and given not in values:
            hint = did_you_mean(given, values)
            yield ValueFault(message=values_text(values), member=path.replace(".", "/"), hint=hint)
    if key == HTTP_INVOKE:
        yield from _faults_of_endpoint(request.get("ApiEndpoint"))
        yield from _faults_of_connections(request)


def literal_values(arguments: JSON, *, suffix: str) -> Any:
    """Return the arguments with their names in the run, and with a stand-in for each value that the run evaluates.

    The values of names that end in ``suffix`` are evaluated. If there is no suffix, texts in ``{% %}`` are evaluated.
    """
    if isinstance(arguments, dict):
        return {
            name.removesuffix(suffix): _EVALUATED
            if suffix and name.endswith(suffix)
            else literal_values(value, suffix=suffix)
            for name, value in arguments.items()
        }
    is_expression = not suffix and isinstance(arguments, str) and begins_expression(arguments)
    return _EVALUATED if is_expression else arguments


def _at(path: str, request: Any) -> Any:
    for name in path.split("."):
        request = request.get(name, MISSING) if isinstance(request, dict) else MISSING
    return request


def _faults_of_endpoint(endpoint: Any) -> Iterator[ValueFault]:
    if isinstance(endpoint, str) and not endpoint.lower().startswith(_SCHEME):
        yield ValueFault(
            message="The value of the field 'ApiEndpoint' has an invalid format",
            member="ApiEndpoint",
            hint=f"It begins with {_SCHEME}.",
            # Assumption: another scheme is refused at creation. An endpoint without a scheme was never measured;
            # published machines have such endpoints as values of their placeholders.
            is_certain="://" in endpoint,
        )


def _faults_of_connections(request: dict[str, Any]) -> Iterator[ValueFault]:
    if not any(name in request for name in _CONNECTIONS):
        message = "The field 'Authentication' is required but was missing"
        yield ValueFault(message=message, hint="Or write InvocationConfig.")
    for name in _CONNECTIONS:
        given = request.get(name)
        if isinstance(given, dict) and "ConnectionArn" not in given:
            yield ValueFault(message="The field 'ConnectionArn' is required but was missing", member=name)
