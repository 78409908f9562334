"""What AWS checks of the literal arguments of HTTP tasks and API Gateway tasks when a definition is created.

Measured: refused headers, and where they are told. Documented: the methods, that an endpoint begins with ``https://``,
and that an HTTP task has Authentication or InvocationConfig. Assumption: the words for these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON, begins_expression
from pytest_sfn_sync.asl.fields.field_reader import ALLOWED_VALUES, values_text
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.asl.validation.integrations import ArgumentFinding
from pytest_sfn_sync.tasks.integrations.http_headers import refused_headers, refused_headers_message

HTTP_INVOKE: Final = "http:invoke"
API_GATEWAY_INVOKE: Final = "apigateway:invoke"

_CHECKED: Final = (HTTP_INVOKE, API_GATEWAY_INVOKE)
_WORDS: Final = ("Method", "AuthType")
_AUTHENTICATION: Final = ("Authentication", "InvocationConfig")
_OTHER_SCHEME: Final = re.compile(r"(?!https://)[A-Za-z][A-Za-z0-9+.-]*://.*", re.DOTALL)


def http_findings(key: str, arguments: dict[str, JSON], *, suffix: str) -> Iterator[ArgumentFinding]:
    """Yield what is wrong with the arguments of such a task; nothing for other integrations."""
    if key not in _CHECKED:
        return
    headers = arguments.get("Headers")
    refused = refused_headers(key, (name.removesuffix(suffix) for name in headers)) if isinstance(headers, dict) else []
    if refused:
        yield ArgumentFinding(message=refused_headers_message(refused), member="Headers")
    for field in _WORDS:
        values, given = ALLOWED_VALUES.get(f"{key}.{field}"), arguments.get(field)
        if values is not None and isinstance(given, str) and given not in values and not begins_expression(given):
            yield ArgumentFinding(message=values_text(values), member=field, hint=did_you_mean(given, values))
    if key == HTTP_INVOKE:
        yield from _of_http_task(arguments, suffix)


def _of_http_task(arguments: dict[str, JSON], suffix: str) -> Iterator[ArgumentFinding]:
    endpoint = arguments.get("ApiEndpoint")
    if isinstance(endpoint, str) and _OTHER_SCHEME.fullmatch(endpoint):
        message = "The value of the field 'ApiEndpoint' has an invalid format"
        yield ArgumentFinding(message=message, member="ApiEndpoint", hint="It begins with https://.")
    if not any(name.removesuffix(suffix) in _AUTHENTICATION for name in arguments):
        message = "The field 'Authentication' is required but was missing"
        yield ArgumentFinding(message=message, hint="Or write InvocationConfig.")
