"""Which mock answers a call, and how often."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.errors import MockError, UnmockedTaskError
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.task_error import TaskError
from tests.tasks.calling import CHARGE_ARN, GET_ITEM, LAMBDA_INVOKE, answer, invoke, new_table


@pytest.fixture
def table() -> MockTable:
    return new_table()


@pytest.mark.parametrize(
    ("kind", "target", "resource", "payload"),
    [
        pytest.param("mock_task", "Charge", GET_ITEM, {}, id="a state by its name"),
        pytest.param("mock_lambda", "charge-card", CHARGE_ARN, {}, id="a function by its name"),
        pytest.param("mock_lambda", "charge-card", f"{CHARGE_ARN}:live", {}, id="any alias by the function's name"),
        pytest.param("mock_lambda", "charge-card:live", f"{CHARGE_ARN}:live", {}, id="one alias by name and alias"),
        pytest.param("mock_lambda", "charge-card:$LATEST", CHARGE_ARN, {}, id="the latest version"),
        pytest.param("mock_lambda", "function:charge-card", CHARGE_ARN, {}, id="by the shortest partial ARN"),
        pytest.param("mock_lambda", "123456789012:function:charge-card", CHARGE_ARN, {}, id="by a partial ARN"),
        pytest.param("mock_lambda", CHARGE_ARN, CHARGE_ARN, {}, id="a function by its ARN"),
        pytest.param("mock_lambda", CHARGE_ARN, f"{CHARGE_ARN}:7", {}, id="a version by the unqualified ARN"),
        pytest.param(
            "mock_lambda", CHARGE_ARN, LAMBDA_INVOKE, {"FunctionName": "charge-card"}, id="by ARN, called by name"
        ),
        pytest.param(
            "mock_lambda", "charge-card", LAMBDA_INVOKE, {"FunctionName": CHARGE_ARN}, id="by name, called by ARN"
        ),
        pytest.param(
            "mock_lambda",
            "charge-card:live",
            LAMBDA_INVOKE,
            {"FunctionName": "charge-card", "Qualifier": "live"},
            id="invoked with a Qualifier",
        ),
        pytest.param("mock_resource", "dynamodb:getItem", GET_ITEM, {}, id="an integration by its short name"),
        pytest.param("mock_resource", GET_ITEM, GET_ITEM, {}, id="an integration by its ARN"),
        pytest.param(
            "mock_resource", "aws-sdk:s3:getObject", "arn:aws-cn:states:::aws-sdk:s3:getObject", {}, id="any partition"
        ),
        pytest.param("mock_resource", "lambda:invoke", LAMBDA_INVOKE, {"FunctionName": "f"}, id="every lambda:invoke"),
        pytest.param("mock_resource", CHARGE_ARN, CHARGE_ARN, {}, id="a function's ARN as a resource"),
    ],
)
def test_a_mock_answers_its_target(table: MockTable, kind: str, target: str, resource: str, payload: Any) -> None:
    mock = table.add(kind, target, returns={"done": True})

    assert answer(table, resource, payload).error is None
    assert mock.call_count == 1


@pytest.mark.parametrize(
    ("kind", "target", "resource", "payload"),
    [
        pytest.param("mock_task", "charge", CHARGE_ARN, {}, id="a state whose name differs in case"),
        pytest.param("mock_lambda", "charge", CHARGE_ARN, {}, id="a function whose name only begins so"),
        pytest.param("mock_lambda", "charge-card:live", CHARGE_ARN, {}, id="the latest version of a mocked alias"),
        pytest.param("mock_lambda", "999999999999:function:charge-card", CHARGE_ARN, {}, id="another account"),
        pytest.param("mock_lambda", "charge-card", LAMBDA_INVOKE, {"FunctionName": 7}, id="a name that is no text"),
        pytest.param("mock_lambda", "charge-card", LAMBDA_INVOKE, {}, id="lambda:invoke without a function"),
        pytest.param("mock_lambda", "charge-card", GET_ITEM, {"FunctionName": "charge-card"}, id="another integration"),
        pytest.param("mock_resource", "aws-sdk:dynamodb:getItem", GET_ITEM, {}, id="the SDK form of an integration"),
    ],
)
def test_a_mock_leaves_other_targets_alone(
    table: MockTable, kind: str, target: str, resource: str, payload: Any
) -> None:
    table.add(kind, target, returns={})

    with pytest.raises(UnmockedTaskError):
        answer(table, resource, payload)


def test_the_state_wins_over_the_function_and_the_function_over_the_resource(table: MockTable) -> None:
    resource = table.add("mock_resource", "lambda:invoke", returns={"from": "resource"})
    function = table.add("mock_lambda", "charge-card", returns={"from": "function"}, times=1)
    state = table.add("mock_task", "Charge", returns={"from": "state"}, times=1)

    results = [invoke(table).result for _ in range(3)]

    assert results[0] == {"from": "state"}
    assert results[1]["Payload"] == {"from": "function"}
    assert results[2] == {"from": "resource"}
    assert [mock.call_count for mock in (state, function, resource)] == [1, 1, 1]


def test_among_equals_the_first_unused_answers_then_the_last_reusable_one(table: MockTable) -> None:
    table.add("mock_task", "Charge", returns=1)
    table.add("mock_task", "Charge", returns=2)

    assert [answer(table).result for _ in range(4)] == [1, 2, 2, 2]


def test_a_mock_with_times_comes_first_that_often_and_never_again(table: MockTable) -> None:
    table.add("mock_task", "Charge", returns="late")
    table.add("mock_task", "Charge", returns="twice", times=2)

    assert [answer(table).result for _ in range(5)] == ["late", "twice", "twice", "late", "late"]


@pytest.mark.parametrize(
    "when",
    [
        pytest.param({"amount": 5}, id="a value"),
        pytest.param(lambda payload: payload["amount"] > 4, id="a function"),
    ],
)
def test_when_limits_a_mock_to_payloads(table: MockTable, when: Any) -> None:
    table.add("mock_lambda", "charge-card", returns="any")
    table.add("mock_lambda", "charge-card", returns="five", when=when)
    answer(table, payload={"amount": 1})

    assert answer(table, payload={"amount": 5}).result == "five"
    assert answer(table, payload={"amount": 1}).result == "any"


def test_when_takes_matchers_that_compare_by_equality(table: MockTable) -> None:
    class AnyAmount:
        def __eq__(self, other: object) -> bool:
            return isinstance(other, int)

        __hash__ = None  # type: ignore[assignment]

    table.add("mock_lambda", "charge-card", returns="matched", when={"amount": AnyAmount()})

    assert answer(table).result == "matched"


def test_when_of_a_function_sees_its_event_and_when_of_a_task_its_parameters(table: MockTable) -> None:
    parameters = {"FunctionName": "charge-card", "Payload": {"amount": 5}}
    of_function = table.add("mock_lambda", "charge-card", returns=None, when={"amount": 5}, times=1)
    of_task = table.add("mock_resource", "lambda:invoke", returns={"Payload": None}, when=parameters)

    invoke(table, Payload={"amount": 5})
    invoke(table, Payload={"amount": 5})

    assert of_function.payloads == [{"amount": 5}]
    assert of_task.payloads == [parameters]
    assert [call.payload for call in of_function.calls] == [parameters]


def test_mocks_made_during_a_run_answer_its_later_calls(table: MockTable) -> None:
    table.add("mock_task", "Charge", returns="before", times=1)
    assert answer(table).result == "before"
    table.add("mock_task", "Charge", returns="after")

    assert answer(table).result == "after"


def test_responses_answer_one_call_each_and_then_run_out(table: MockTable) -> None:
    table.add("mock_task", "Charge", responses=[TaskError("Ship.Busy", "later"), {"eta": 3}, KeyError])

    assert answer(table)[:3] == (None, "Ship.Busy", "later")
    assert answer(table).result == {"eta": 3}
    assert answer(table).error == "KeyError"
    with pytest.raises(MockError, match="has run out of responses: it was given 3, and call 4 came"):
        answer(table)


def test_another_reusable_mock_of_the_target_goes_on_after_the_responses(table: MockTable) -> None:
    table.add("mock_task", "Charge", responses=[1, 2])
    table.add("mock_task", "Charge", returns="more")

    assert [answer(table).result for _ in range(4)] == [1, 2, "more", "more"]


@pytest.mark.parametrize(
    ("seconds", "microseconds"),
    [(0, 0), (2, 2_000_000), (0.1, 100_000), (4.35, 4_350_000), (0.000001, 1), (100_000.0, 100_000_000_000)],
)
def test_takes_is_exact_to_the_microsecond(table: MockTable, seconds: float, microseconds: int) -> None:
    table.add("mock_task", "Charge", returns=None, takes=seconds)

    assert answer(table).takes == microseconds


def test_failures_take_their_time_too(table: MockTable) -> None:
    table.add("mock_task", "Charge", raises=TaskError("Slow"), takes=3)

    assert answer(table).takes == 3_000_000
