"""Results of handlers and mocks that share parts, hold long texts many times, or contain themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync, TaskError, UnmockedTaskError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.tasks.json_values import MOST_VALUES, TooLargeResultError, is_too_large_for_a_result, plain_copy
from tests.hostile_documents import doubled, nested_lists

ARN = "arn:aws:lambda:us-east-1:123456789012:function:price"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:price"
DIRECT = {"Resource": ARN}
INVOKE = {
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "price", "Payload": {}},
}
SEND = {
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders", "MessageBody": "x"},
}
GET = {
    "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
    "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}},
}


def tenfold(times: int, container: Callable[[Any], Any]) -> Any:
    value: Any = ["x"]
    for _ in range(times):
        value = container(value)
    return value


def ring() -> Any:
    value: dict[str, Any] = {}
    value["me"] = [value]
    return value


LISTS = tenfold(40, lambda value: [value] * 10)
OBJECTS = tenfold(40, lambda value: {str(index): value for index in range(10)})
TUPLES = tenfold(40, lambda value: (value,) * 10)
DECIMALS = [Decimal(1), LISTS]
DATES = [LISTS, datetime(2024, 1, 1)]
KEYS = {1: LISTS}
BYTES = b"x" * 100_000
TEXTS = ["x" * 10_000] * 100_000
TEXTS_AND_DECIMAL = [*TEXTS, Decimal(1)]

LARGE = pytest.mark.parametrize(
    "result",
    [
        pytest.param(LISTS, id="lists"),
        pytest.param(OBJECTS, id="objects"),
        pytest.param(TUPLES, id="tuples"),
        pytest.param(DECIMALS, id="lists after a Decimal"),
        pytest.param(DATES, id="lists before a datetime"),
        pytest.param(KEYS, id="lists under a key that is a number"),
        pytest.param(TEXTS, id="one long text many times"),
        pytest.param({str(index): "x" * 2_000_000 for index in range(6)}, id="an object of a few long texts"),
        pytest.param([1.5, *["x" * 2_000_000] * 6], id="a list of a few long texts, and a float"),
        pytest.param({"a": {"b": ["x" * 2_000_000] * 6}}, id="a few long texts deep down"),
        pytest.param([{"k" * 1_000_000: 1}] * 11, id="one long key many times"),
        pytest.param([{"k" * 1_000_000: Decimal(1)}] * 11, id="one long key many times, and Decimals"),
        pytest.param({"k" * 11_000_000: 1}, id="a key of 11 million characters"),
        pytest.param("x" * 11_000_000, id="a text of 11 million characters"),
        pytest.param(TEXTS_AND_DECIMAL, id="one long text many times, and a Decimal"),
        pytest.param(list(range(MOST_VALUES + 1)), id="a list of one value more than can be"),
        pytest.param({str(key): 1 for key in range(MOST_VALUES + 1)}, id="an object of one value more than can be"),
    ],
)


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=7) as sfn:
        yield sfn


def run(sfn: SfnSync, task: dict[str, Any], type: str = "EXPRESS") -> Execution:
    states = {"Price": {"Type": "Task", **task, "End": True}}
    return sfn.register("prices", {"StartAt": "Price", "States": states}, type=type).run({})


def too_large(subject: str) -> tuple[str, str]:
    return "States.DataLimitExceeded", (
        f"The state/task '{subject}' returned a result with a size exceeding the maximum number of bytes service limit."
    )


@pytest.mark.parametrize(
    ("task", "subject"),
    [pytest.param(DIRECT, ARN, id="by its ARN"), pytest.param(INVOKE, "lambda", id="by lambda:invoke")],
)
@LARGE
def test_a_function_whose_result_is_too_large_fails_as_on_aws(
    result: Any, task: dict[str, Any], subject: str, sfn: SfnSync
) -> None:
    sfn.mock_lambda("price", calls=lambda event: result)
    execution = run(sfn, task)
    assert (execution.error, execution.cause) == too_large(subject)


@pytest.mark.parametrize(
    ("task", "key", "subject"),
    [
        pytest.param(SEND, "sqs:sendMessage", "sqs", id="an optimized integration"),
        pytest.param(GET, "aws-sdk:dynamodb:getItem", "aws-sdk:dynamodb", id="an AWS SDK integration"),
    ],
)
@pytest.mark.parametrize("result", [pytest.param(LISTS, id="lists"), pytest.param(DATES, id="lists before a datetime")])
def test_an_integration_whose_result_is_too_large_fails_as_on_aws(
    result: Any, task: dict[str, Any], key: str, subject: str, sfn: SfnSync
) -> None:
    sfn.mock_resource(key, calls=lambda payload: result)
    execution = run(sfn, task)
    assert (execution.error, execution.cause) == too_large(subject)


def test_a_result_that_is_too_large_only_as_text_fails_as_on_aws(sfn: SfnSync) -> None:
    sfn.mock_resource("aws-sdk:dynamodb:getItem", calls=lambda payload: {"Item": {"a": {"L": [{"B": BYTES}] * 200}}})
    execution = run(sfn, GET)
    assert (execution.error, execution.cause) == too_large("aws-sdk:dynamodb")


def test_an_activity_whose_result_is_too_large_fails_as_on_aws(sfn: SfnSync) -> None:
    sfn.mock_activity("price", calls=lambda payload: LISTS)
    execution = run(sfn, {"Resource": ACTIVITY}, "STANDARD")
    assert (execution.error, execution.cause) == too_large(ACTIVITY)


def test_a_result_that_is_too_large_is_caught_as_any_error_of_a_task(sfn: SfnSync) -> None:
    sfn.mock_lambda("price", calls=lambda event: LISTS)
    catch = [{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "Caught"}]
    states = {
        "Price": {"Type": "Task", **DIRECT, "Catch": catch, "End": True},
        "Caught": {"Type": "Pass", "Result": 1, "End": True},
    }
    assert sfn.register("prices", {"StartAt": "Price", "States": states}).run({}).output == 1


@pytest.mark.parametrize("argument", ["returns", "responses", "calls"])
@pytest.mark.parametrize(
    ("result", "fault"),
    [
        pytest.param(ring(), "$.me[0]: the value contains itself.", id="contains itself"),
        pytest.param([ring(), datetime(2024, 1, 1)], "$[0].me[0]: the value contains itself.", id="and has a datetime"),
    ],
)
def test_a_result_of_an_integration_that_contains_itself_is_refused(
    result: Any, fault: str, argument: str, sfn: SfnSync
) -> None:
    given: dict[str, Any] = {"returns": result, "responses": [result], "calls": lambda payload: result}

    def mock_and_run() -> None:
        sfn.mock_resource("sqs:sendMessage", **{argument: given[argument]})
        run(sfn, SEND)

    with pytest.raises(MockError) as raised:
        mock_and_run()
    assert f" is not JSON at {fault}" in str(raised.value)


@pytest.mark.parametrize("result", [pytest.param(LISTS, id="lists"), pytest.param(DATES, id="and a datetime")])
@pytest.mark.parametrize("argument", ["returns", "responses"])
def test_a_literal_result_that_is_too_large_is_refused(result: Any, argument: str, sfn: SfnSync) -> None:
    arguments: dict[str, Any] = {argument: result if argument == "returns" else [result]}
    with pytest.raises(MockError, match="it is too large: documents of up to 200,000 values"):
        sfn.mock_resource("sqs:sendMessage", **arguments)


def test_a_function_whose_result_contains_itself_fails_as_on_aws(sfn: SfnSync) -> None:
    sfn.mock_lambda("price", calls=lambda event: ring())
    assert run(sfn, DIRECT).error == "Runtime.MarshalError"


@pytest.mark.parametrize(
    "when",
    [
        pytest.param({"id": LISTS}, id="lists"),
        pytest.param({"id": TUPLES}, id="tuples"),
        pytest.param({"id": TEXTS}, id="one long text many times"),
        pytest.param([{"k" * 1_000_000: 1}] * 11, id="one long key many times"),
    ],
)
def test_a_condition_that_shares_parts_is_told_shortened(when: Any, sfn: SfnSync) -> None:
    sfn.mock_lambda("price", when=when, returns=1)
    with pytest.raises(UnmockedTaskError) as raised:
        run(sfn, DIRECT)
    assert len(str(raised.value)) < 2_000


@pytest.mark.parametrize(
    ("value", "is_too_large"),
    [
        pytest.param([1, {"a": (1.5, None)}], False, id="a small value"),
        pytest.param(doubled(10), False, id="a small value that shares parts"),
        pytest.param([1] * (MOST_VALUES - 1), False, id="as many values as can be, with the list"),
        pytest.param([1] * MOST_VALUES, True, id="one value more"),
        pytest.param(doubled(100), True, id="shared parts"),
        pytest.param(ring(), False, id="contains itself"),
        pytest.param(nested_lists(100_000), False, id="nested deeply"),
    ],
)
def test_sizes_of_results(value: Any, is_too_large: bool) -> None:
    assert is_too_large_for_a_result(value) is is_too_large


@pytest.mark.parametrize("value", [pytest.param(LISTS, id="lists"), pytest.param(OBJECTS, id="objects")])
def test_a_copy_ends_once_there_are_too_many_values(value: Any) -> None:
    with pytest.raises(TooLargeResultError):
        plain_copy(value)


def test_a_scalar_is_its_own_copy() -> None:
    assert plain_copy(1.5) == 1.5
    assert plain_copy([1.5, {"a": 2.5}]) == [1.5, {"a": 2.5}]


def test_a_failure_is_still_the_test_s_own(sfn: SfnSync) -> None:
    def fail(event: Any) -> Any:
        raise TaskError("Price.Unknown", "x")

    sfn.mock_lambda("price", calls=fail)
    assert run(sfn, DIRECT).error == "Price.Unknown"
