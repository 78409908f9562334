"""Lambda's shapes, as they were recorded: the envelope of lambda:invoke, and the runtime's error in both forms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.task_error import TaskError
from tests.tasks.calling import answer, invoke, new_table


@pytest.fixture
def table() -> MockTable:
    return new_table()


def failing_handler(event: Any, context: Any) -> Any:
    raise LookupError("no such card")


def test_a_function_called_by_its_arn_gives_its_result_itself(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", calls=lambda event: {"echo": event})

    assert answer(table, payload={"amount": 5}).result == {"echo": {"amount": 5}}


def test_lambda_invoke_wraps_the_result_in_its_envelope(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", calls=lambda event: {"echo": event})

    result = invoke(table, Payload={"amount": 5}).result

    assert list(result) == ["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"]
    assert result["ExecutedVersion"] == "$LATEST"
    assert result["Payload"] == {"echo": {"amount": 5}}
    assert result["StatusCode"] == 200
    request_id = result["SdkResponseMetadata"]["RequestId"]
    assert result["SdkHttpMetadata"]["HttpStatusCode"] == 200
    headers = result["SdkHttpMetadata"]["HttpHeaders"]
    assert list(headers) == [
        "Connection",
        "Content-Length",
        "Content-Type",
        "Date",
        "X-Amz-Executed-Version",
        "x-amzn-Remapped-Content-Length",
        "x-amzn-RequestId",
        "X-Amzn-Trace-Id",
    ]
    assert headers["Content-Length"] == str(len('{"echo": {"amount": 5}}'))
    assert headers["Date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert headers["x-amzn-RequestId"] == request_id
    all_headers = result["SdkHttpMetadata"]["AllHttpHeaders"]
    assert list(all_headers) == [
        "X-Amz-Executed-Version",
        "x-amzn-Remapped-Content-Length",
        "Connection",
        "x-amzn-RequestId",
        "Content-Length",
        "Date",
        "X-Amzn-Trace-Id",
        "Content-Type",
    ]
    assert all_headers == {name: [value] for name, value in headers.items()}


def test_a_function_invoked_without_a_payload_gets_an_empty_event(table: MockTable) -> None:
    mock = table.add("mock_lambda", "charge-card", returns=None)

    invoke(table)
    invoke(table, Payload=None)

    assert mock.payloads == [{}, {}]  # Recorded for null.


def test_the_executed_version_is_the_version_that_was_called(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", returns=None)

    assert invoke(table, Qualifier="7").result["ExecutedVersion"] == "7"


@pytest.mark.parametrize(("invocation_type", "status"), [("Event", 202), ("DryRun", 204)])
def test_invocations_that_nobody_waits_for_give_no_result(table: MockTable, invocation_type: str, status: int) -> None:
    table.add("mock_lambda", "charge-card", returns={"never": "seen"})

    result = invoke(table, InvocationType=invocation_type).result

    assert (result["StatusCode"], result["Payload"]) == (status, "")


@pytest.mark.parametrize(
    "mocked",
    [
        pytest.param({"calls": failing_handler}, id="a handler that raises"),
        pytest.param({"raises": TaskError("LookupError", "not seen")}, id="an error by name"),
    ],
)
def test_the_error_of_a_function_that_nobody_waits_for_is_not_seen(table: MockTable, mocked: dict[str, Any]) -> None:
    table.add("mock_lambda", "charge-card", **mocked)

    answered = invoke(table, InvocationType="Event")

    assert (answered.error, answered.result["StatusCode"]) == (None, 202)


def test_the_error_of_lambda_itself_is_seen(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", raises=TaskError("Lambda.TooManyRequestsException", "Rate exceeded"))

    assert invoke(table, InvocationType="Event").error == "Lambda.TooManyRequestsException"


def test_the_error_of_a_function_called_by_its_arn_is_the_runtimes_text_with_spaces(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", calls=failing_handler)

    _, error, cause, *_ = answer(table)

    assert error == "LookupError"
    assert cause is not None
    report = json.loads(cause)
    assert list(report) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert cause == json.dumps(report)
    assert (report["errorMessage"], report["errorType"]) == ("no such card", "LookupError")
    (frame,) = report["stackTrace"]
    assert frame.startswith(f'  File "{__file__}", line ')
    assert frame.endswith(', in failing_handler\n    raise LookupError("no such card")\n')


def test_the_error_of_lambda_invoke_is_compact(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", raises=ValueError("bad"))

    _, error, cause, *_ = invoke(table)

    assert error == "ValueError"
    assert cause is not None
    report = json.loads(cause)
    assert cause == json.dumps(report, separators=(",", ":"))
    assert (report["errorMessage"], report["stackTrace"]) == ("bad", [])


def test_a_mocked_task_of_lambda_invoke_gives_the_raw_result_and_lambdas_error(table: MockTable) -> None:
    table.add("mock_task", "Charge", responses=[{"Payload": 1}, ValueError("bad")])

    assert invoke(table).result == {"Payload": 1}
    assert invoke(table).error == "ValueError"


def test_request_ids_differ_from_call_to_call_and_repeat_with_the_seed() -> None:
    def ids() -> list[str]:
        table = new_table()
        table.add("mock_lambda", "charge-card", returns=None)
        return [invoke(table).result["SdkResponseMetadata"]["RequestId"] for _ in range(2)]

    first, second = ids()
    assert first != second
    assert ids() == [first, second]
