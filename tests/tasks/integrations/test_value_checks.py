"""Values in the requests of HTTP and API Gateway tasks, literal and evaluated: headers, methods, endpoints.

Measured: refused headers and where they are told. Documented: the rest; the words for it are assumptions.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.request_checks import request_refusal
from tests.asl.diagnosing import diagnose, only
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

INTEGRATIONS = KnownIntegrations()
HTTP: dict[str, Any] = {
    "ApiEndpoint": "https://api.example.com/v1",
    "Method": "GET",
    "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:123456789012:connection/shop/1"},
}
API_GATEWAY: dict[str, Any] = {"ApiEndpoint": "abc.execute-api.eu-west-1.amazonaws.com", "Method": "GET"}
CONNECTION = "The field 'ConnectionArn' is required but was missing"
FORMAT = "The value of the field 'ApiEndpoint' has an invalid format"
METHODS = "Value should be one of the following: [GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD]"


def found(service: str, arguments: dict[str, Any], *, language: str = "JSONPath") -> list[Diagnostic]:
    field = "Parameters" if language == "JSONPath" else "Arguments"
    state = only("Task", Resource=f"arn:aws:states:::{service}:invoke", QueryLanguage=language, **{field: arguments})
    return diagnose(state, integrations=INTEGRATIONS)


def refused(*names: str) -> str:
    return f"The 'Headers' field contains unsupported values: [{', '.join(names)}]"


@pytest.mark.parametrize(
    ("service", "headers", "names"),
    [
        pytest.param("http", {"Authorization": "x", "Accept": "x"}, ["authorization"], id="one of two"),
        pytest.param("http", {"HOST": "x", "cookie": "x", "te": "x"}, ["host", "te"], id="two, in any case"),
        pytest.param(
            "http", {"X-Amz-Date": "x", "x-forwarded-for": "y"}, ["x-amz-date", "x-forwarded-for"], id="by prefix"
        ),
        pytest.param("http", {"Host.$": "$.host"}, ["host"], id="one whose value comes by a path"),
        pytest.param("http", {"Www-Authenticate": "x", "X-Api-Key": "k", "Content-Type": "text/plain"}, [], id="none"),
        pytest.param("http", {"X-Amzing": "x", "X-Forwardedly": "x"}, [], id="names that only begin alike"),
        pytest.param("apigateway", {"Host": ["x"], "Accept": ["x"]}, ["host"], id="an API"),
        pytest.param(
            "apigateway", {"Www-Authenticate": ["x"]}, ["www-authenticate"], id="one that HTTP tasks may have"
        ),
        pytest.param("apigateway", {"Cache-Control": ["x"], "Origin": ["x"]}, [], id="those that HTTP tasks may not"),
        pytest.param("apigateway", {"X-Amzing": ["x"]}, ["x-amzing"], id="a prefix without a hyphen"),
    ],
)
def test_headers(service: str, headers: dict[str, Any], names: list[str]) -> None:
    told = found(service, {**(HTTP if service == "http" else API_GATEWAY), "Headers": headers})
    assert [(one.message, one.location, one.place) for one in told] == (
        [(refused(*names), "/States/S/Parameters", "/States/S/Parameters/Headers")] if names else []
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="all that it needs"),
        pytest.param({"InvocationConfig": {"ConnectionArn": "c"}}, [], id="both kinds of connection"),
        pytest.param(
            {"ApiEndpoint": "http://api.example.com"},
            ["The value of the field 'ApiEndpoint' has an invalid format"],
            id="another scheme",
        ),
        pytest.param(
            {"ApiEndpoint": "ftp://a/https://b"},
            ["The value of the field 'ApiEndpoint' has an invalid format"],
            id="https behind another",
        ),
        pytest.param({"ApiEndpoint": "HTTPS://api.example.com"}, [], id="https in capitals"),
        pytest.param(
            {"Authentication": {"ConnectonArn": "c"}},
            ['The field "ConnectonArn" is not supported by Step Functions', CONNECTION],
            id="a slip in the connection",
        ),
        pytest.param({"Authentication": {}}, [CONNECTION], id="a connection without an ARN"),
        pytest.param({"InvocationConfig": {}}, [CONNECTION], id="the other kind without an ARN"),
        pytest.param({"Authentication": {"ConnectionArn.$": "$.arn"}}, [], id="a connection by a path"),
        pytest.param(
            {"Transform": {"RequestBodyEncding": "NONE"}},
            ['The field "RequestBodyEncding" is not supported by Step Functions'],
            id="a slip in the transform",
        ),
        pytest.param(
            {"Transform": {"RequestBodyEncoding": "BASE64"}},
            ["Value should be one of the following: [NONE, URL_ENCODED]"],
            id="another encoding",
        ),
        pytest.param(
            {"Transform": {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": "DOTS"}}},
            ["Value should be one of the following: [INDICES, REPEAT, COMMAS, BRACKETS]"],
            id="another form of arrays",
        ),
        pytest.param(
            {"Transform": {"RequestBodyEncoding.$": "$.e", "RequestEncodingOptions": {"ArrayFormat": "COMMAS"}}},
            [],
            id="a transform by a path",
        ),
        pytest.param({"Method": "get"}, [METHODS], id="a method in small letters"),
        pytest.param({"Method": "{% 'GET' %}"}, [METHODS], id="an expression that JSONPath does not evaluate"),
        pytest.param({"Method": "TRACE"}, [METHODS], id="a method that is not offered"),
        pytest.param(
            {"AuthType": "NO_AUTH"},
            ['The field "AuthType" is not supported by Step Functions'],
            id="a member of the other",
        ),
        *(
            pytest.param({"Method": method}, [], id=method)
            for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
        ),
    ],
)
def test_an_http_task(changes: dict[str, Any], expected: list[str]) -> None:
    assert [one.message for one in found("http", {**HTTP, **changes}) if one.is_error] == expected


@pytest.mark.parametrize("missing", ["ApiEndpoint", "Method", "Authentication"])
def test_what_an_http_task_needs(missing: str) -> None:
    (told,) = found("http", {name: value for name, value in HTTP.items() if name != missing})
    assert (told.message, told.location) == (
        f"The field '{missing}' is required but was missing",
        "/States/S/Parameters",
    )


def test_either_connection_is_enough() -> None:
    arguments = {**HTTP, "InvocationConfig": HTTP["Authentication"]}
    del arguments["Authentication"]
    assert found("http", arguments) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"AuthType": "IAM_ROLE"}, [], id="an authentication"),
        pytest.param(
            {"AuthType": "IAM"},
            ["Value should be one of the following: [NO_AUTH, IAM_ROLE, RESOURCE_POLICY]"],
            id="another",
        ),
        pytest.param(
            {"Method": "FETCH"},
            ["Value should be one of the following: [GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS]"],
            id="a method",
        ),
        pytest.param({"ApiEndpoint": "http://a"}, [], id="an endpoint that nobody measured"),
    ],
)
def test_an_api_gateway_task(changes: dict[str, Any], expected: list[str]) -> None:
    assert [one.message for one in found("apigateway", {**API_GATEWAY, **changes})] == expected


def test_what_is_evaluated_is_left_to_the_run() -> None:
    evaluated = {"ApiEndpoint.$": "$.url", "Method.$": "$.method", "Authentication.$": "$.a", "Headers.$": "$.headers"}
    assert found("http", evaluated) == []


def test_expressions_too() -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    expression = "{% $states.input.it %}"
    evaluated = dict.fromkeys(("ApiEndpoint", "Method", "Authentication", "Headers"), expression)
    assert found("http", evaluated, language="JSONata") == []
    assert [
        one.message for one in found("http", {**evaluated, "Headers": {"Host": expression}}, language="JSONata")
    ] == [refused("host")]


def test_an_endpoint_without_a_scheme_is_a_warning_and_fails_the_task() -> None:
    (told,) = found("http", {**HTTP, "ApiEndpoint": "api.example.com"})
    assert (told.code, told.message, told.place) == (
        "VALUE_NOT_SUPPORTED",
        FORMAT,
        "/States/S/Parameters/ApiEndpoint",
    )
    assert told.hint == (
        "It begins with https://. Whether AWS creates the machine is not known; the task fails when it runs."
    )
    assert not told.is_error
    assert refusals("http", {**HTTP, "ApiEndpoint": "api.example.com"}) == [FORMAT]


def refusals(service: str, payload: dict[str, Any]) -> list[str]:
    """Return the faults of evaluated parameters."""
    integration = integration_of(f"{service}:invoke")
    assert integration is not None
    refusal = request_refusal(payload, integration)
    if refusal is None:
        return []
    _, _, told = str(refusal.cause).partition("could not be used to start the Task: [")
    return [told.removesuffix("]")]


@pytest.mark.parametrize(
    ("service", "changes", "expected"),
    [
        pytest.param("http", {}, [], id="all that it needs"),
        pytest.param("http", {"ApiEndpoint": "http://x"}, [FORMAT], id="another scheme"),
        pytest.param("http", {"Method": "FETCH"}, [METHODS], id="a method"),
        pytest.param("http", {"Method": "{% 1 %}"}, [METHODS], id="a method that looks like an expression"),
        pytest.param("http", {"Authentication": {}}, [CONNECTION], id="a connection without an ARN"),
        pytest.param(
            "http",
            {"Authentication": "arn"},
            ["The value of the field 'Authentication' has an invalid format"],
            id="an ARN where the connection belongs",
        ),
        pytest.param(
            "http",
            {"Transform": {"RequestBodyEncding": "NONE"}},
            ['The field "RequestBodyEncding" is not supported by Step Functions.'],
            id="a slip in the transform",
        ),
        pytest.param(
            "http",
            {"Transform": {"RequestBodyEncoding": "x"}},
            ["Value should be one of the following: [NONE, URL_ENCODED]"],
            id="another encoding",
        ),
        pytest.param(
            "apigateway",
            {"Method": "FETCH"},
            ["Value should be one of the following: [GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS]"],
            id="a method of an API",
        ),
        pytest.param(
            "apigateway",
            {"AuthType": "FETCH"},
            ["Value should be one of the following: [NO_AUTH, IAM_ROLE, RESOURCE_POLICY]"],
            id="an authentication of an API",
        ),
    ],
)
def test_evaluated_values_are_held_to_the_same(service: str, changes: dict[str, Any], expected: list[str]) -> None:
    assert refusals(service, {**(HTTP if service == "http" else API_GATEWAY), **changes}) == expected


def test_an_evaluated_request_needs_a_connection() -> None:
    request = {name: value for name, value in HTTP.items() if name != "Authentication"}
    assert refusals("http", request) == ["The field 'Authentication' is required but was missing"]
    assert refusals("http", {**request, "InvocationConfig": {"ConnectionArn": "c"}}) == []
