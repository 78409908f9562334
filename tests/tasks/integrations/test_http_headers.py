from __future__ import annotations

import pytest

from pytest_sfn_sync.tasks.integrations.http_headers import refused_headers, refused_headers_message


@pytest.mark.parametrize(
    ("key", "headers", "refused"),
    [
        pytest.param("http:invoke", ["Authorization"], ["authorization"], id="a name in another case"),
        pytest.param("http:invoke", ["Accept", "Content-Type", "X-Trace"], [], id="names that may be set"),
        pytest.param("http:invoke", ["VIA", "Accept", "tE"], ["via", "te"], id="several, in the order given"),
        pytest.param("http:invoke", ["X-Amz-Date"], ["x-amz-date"], id="a prefix of AWS"),
        pytest.param("http:invoke", ["x-amzn-trace-id"], ["x-amzn-trace-id"], id="another prefix of AWS"),
        pytest.param("http:invoke", ["X-Amzon"], [], id="a name that only looks like the prefix"),
        pytest.param("http:invoke", ["X-Forwarded"], [], id="http:invoke has the prefix with its hyphen"),
        pytest.param("apigateway:invoke", ["X-Forwarded"], ["x-forwarded"], id="apigateway:invoke has it without"),
        pytest.param("apigateway:invoke", ["Cache-Control", "Date"], [], id="what only http:invoke refuses"),
        pytest.param("apigateway:invoke", ["WWW-Authenticate"], ["www-authenticate"], id="what only the other refuses"),
        pytest.param("sqs:sendMessage", ["Host"], [], id="an integration without such a list"),
    ],
)
def test_refused_headers(key: str, headers: list[str], refused: list[str]) -> None:
    assert refused_headers(key, headers) == refused


def test_the_message_names_all_of_them() -> None:
    assert refused_headers_message(["host", "via"]) == "The 'Headers' field contains unsupported values: [host, via]"
