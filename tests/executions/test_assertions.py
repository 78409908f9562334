"""assert_succeeded, assert_failed and assert_timed_out, on executions and on raw responses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import ANY

import pytest

from pytest_sfn_sync import SfnSync, assert_failed, assert_succeeded, assert_timed_out
from tests.machines import FAIL, PASS, WAIT_TOO_LONG

ARN = "arn:aws:states:us-east-1:123456789012:express:orders:run-1:1"


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync() as sfn:
        yield sfn


def response_of(sfn: SfnSync, definition: dict[str, Any]) -> dict[str, Any]:
    machine = sfn.register("orders", definition)
    response: dict[str, Any] = sfn.client().start_sync_execution(stateMachineArn=machine.arn, name="run-1")
    return response


@pytest.mark.parametrize("of", ["execution", "response"])
def test_they_pass_on_executions_and_responses(sfn: SfnSync, of: str) -> None:
    def outcome(definition: dict[str, Any]) -> Any:
        with SfnSync() as inner:
            response = response_of(inner, definition)
        return response if of == "response" else inner.last_execution

    assert_succeeded(outcome(PASS))
    assert_succeeded(outcome(PASS), output={"greeting": "hello"})
    assert_succeeded(outcome(PASS), output={"greeting": ANY})
    assert_failed(outcome(FAIL))
    assert_failed(outcome(FAIL), error="Order.Refused", cause="sold out")
    assert_failed(outcome(FAIL), error=ANY)
    assert_timed_out(outcome(WAIT_TOO_LONG))


@pytest.mark.parametrize("output", [None, 0, False, "", [], {}])
def test_an_expected_output_may_be_any_value(sfn: SfnSync, output: Any) -> None:
    assert_succeeded({"status": "SUCCEEDED", "output": json.dumps(output)}, output=output)
    with pytest.raises(AssertionError):
        assert_succeeded({"status": "SUCCEEDED", "output": '"another"'}, output=output)


def test_an_expected_cause_may_be_none() -> None:
    assert_failed({"status": "FAILED", "error": "E"}, cause=None)
    with pytest.raises(AssertionError):
        assert_failed({"status": "FAILED", "error": "E", "cause": "c"}, cause=None)


@pytest.mark.parametrize(
    ("assertion", "response", "expected", "message"),
    [
        pytest.param(
            assert_succeeded,
            {"status": "FAILED", "executionArn": ARN, "error": "Order.Refused", "cause": "sold out"},
            {},
            f"The execution {ARN} was expected to succeed, but it ended as FAILED.\n"
            "  error   Order.Refused\n"
            "  cause   sold out",
            id="failed instead of succeeded",
        ),
        pytest.param(
            assert_succeeded,
            {"status": "SUCCEEDED", "executionArn": ARN, "output": '{"a": {"b": 1}, "c": [1]}'},
            {"output": {"a": {"b": 2}, "c": [1, 2]}},
            f"The execution {ARN} ended as SUCCEEDED, but its output is not the expected one.\n"
            '  expected  {"a": {"b": 2}, "c": [1, 2]}\n'
            '  actual    {"a": {"b": 1}, "c": [1]}\n'
            "Differences:\n"
            "  $.a.b: expected 2, got 1\n"
            "  $.c: expected 2 items, got 1",
            id="another output",
        ),
        pytest.param(
            assert_failed,
            {"status": "SUCCEEDED", "executionArn": ARN, "output": "7"},
            {"error": "Order.Refused"},
            f'The execution {ARN} was expected to fail with "Order.Refused", but it ended as SUCCEEDED.\n  output  7',
            id="succeeded instead of failed",
        ),
        pytest.param(
            assert_failed,
            {"status": "FAILED", "executionArn": ARN, "error": "Order.Refused"},
            {"error": "Order.Lost"},
            f"The execution {ARN} ended as FAILED, but its error is not the expected one.\n"
            '  expected  "Order.Lost"\n'
            '  actual    "Order.Refused"',
            id="another error",
        ),
        pytest.param(
            assert_timed_out,
            {"status": "FAILED", "executionArn": ARN, "error": "E"},
            {},
            f"The execution {ARN} was expected to time out, but it ended as FAILED.\n  error   E",
            id="failed instead of timed out",
        ),
    ],
)
def test_a_response_is_shown(assertion: Any, response: dict[str, Any], expected: dict[str, Any], message: str) -> None:
    with pytest.raises(AssertionError) as failed:
        assertion(response, **expected)

    assert str(failed.value) == message


def test_the_message_for_an_execution_has_its_trace(sfn: SfnSync) -> None:
    response_of(sfn, FAIL)

    with pytest.raises(AssertionError) as failed:
        assert_succeeded(sfn.last_execution)

    assert str(failed.value) == (
        "The execution of 'orders' was expected to succeed, but it ended as FAILED.\n"
        "\n"
        "orders: FAILED after 0 s (execution run-1)\n"
        "  input   {}\n"
        "        +0 s  Stop (Fail): {} -> fails\n"
        "  error   Order.Refused\n"
        "  cause   sold out"
    )


@pytest.mark.parametrize("value", [None, "SUCCEEDED", {}, {"output": "1"}])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^this takes an Execution, or the dict that start_sync_execution returned"):
        assert_succeeded(value)
