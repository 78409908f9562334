"""Which mock answers a call, and how often."""

from __future__ import annotations

import threading
from contextlib import suppress
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
    mock = table.add(kind, target, returns={})

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
    resource = table.add("mock_resource", "lambda:invoke", returns={"Payload": "resource"})
    function = table.add("mock_lambda", "charge-card", returns={"from": "function"}, times=1)
    state = table.add("mock_task", "Charge", returns={"Payload": "state"}, times=1)

    results = [invoke(table).result for _ in range(3)]

    assert results[0] == {"Payload": "state"}
    assert results[1]["Payload"] == {"from": "function"}
    assert results[2] == {"Payload": "resource"}
    assert [mock.call_count for mock in (state, function, resource)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("mocks", "results"),
    [
        pytest.param([{"returns": 1}, {"returns": 2}], [2, 2, 2], id="the newest of two"),
        pytest.param(
            [{"returns": "base"}, {"returns": "twice", "times": 2}],
            ["twice", "twice", "base", "base"],
            id="a used-up times lets the older one answer",
        ),
        pytest.param(
            [{"returns": "base"}, {"responses": [1, 2]}],
            [1, 2, "base", "base"],
            id="used-up responses let the older one answer",
        ),
        pytest.param(
            [{"responses": [1, 2]}, {"returns": "newer"}], ["newer", "newer", "newer"], id="responses that are older"
        ),
        pytest.param(
            [{"returns": 1, "times": 1}, {"returns": 2, "times": 1}], [2, 1], id="two that answer once: newest first"
        ),
        pytest.param(
            [{"returns": "base"}, {"returns": "other", "when": {"amount": 7}}],
            ["base", "base"],
            id="a newer one that does not accept the payload",
        ),
        pytest.param(
            [{"returns": "five", "when": {"amount": 5}}, {"returns": "any"}],
            ["any", "any"],
            id="a newer one without when= covers an older one with it",
        ),
        pytest.param(
            [{"returns": "base"}, {"responses": [1]}, {"returns": 2, "times": 1}],
            [2, 1, "base"],
            id="one after the other, back to the first",
        ),
    ],
)
def test_among_equals_the_newest_that_accepts_the_call_answers(
    table: MockTable, mocks: list[dict[str, Any]], results: list[Any]
) -> None:
    for arguments in mocks:
        table.add("mock_task", "Charge", **arguments)

    assert [answer(table).result for _ in results] == results


@pytest.mark.parametrize(
    ("mocks", "error", "message"),
    [
        pytest.param(
            [{"returns": "older", "times": 1}, {"responses": [1]}],
            MockError,
            "mock_task('Charge') has run out of responses: it was given 1, and call 2 came.",
            id="responses, and an older times",
        ),
        pytest.param(
            [{"responses": [1]}, {"returns": "newer", "times": 1}],
            MockError,
            "mock_task('Charge') has run out of responses: it was given 1, and call 2 came.",
            id="older responses, and a newer times",
        ),
        pytest.param(
            [{"returns": 1, "times": 1}, {"returns": 2, "times": 1}],
            UnmockedTaskError,
            "  mock_task('Charge'): used up: it answers 1 call\n  mock_task('Charge'): used up: it answers 1 call",
            id="times alone",
        ),
        pytest.param(
            [{"responses": [1], "when": {"amount": 7}}, {"returns": 1, "times": 2}],
            UnmockedTaskError,
            "mock_task('Charge'): its when= does not accept the payload ($.amount: expected 7, got 5)",
            id="responses for other payloads do not run out",
        ),
    ],
)
def test_when_all_mocks_are_used_up(
    table: MockTable, mocks: list[dict[str, Any]], error: type[Exception], message: str
) -> None:
    for arguments in mocks:
        table.add("mock_task", "Charge", **arguments)
    for _ in range(2):
        answer(table)

    with pytest.raises(error) as raised:
        answer(table)
    assert message in str(raised.value)


def test_a_removed_mock_lets_older_ones_answer_again(table: MockTable) -> None:
    older = table.add("mock_task", "Charge", returns="older")
    newer = table.add("mock_task", "Charge", returns="newer")
    assert answer(table).result == "newer"

    newer.remove()
    newer.remove()

    assert answer(table).result == "older"
    assert table.mocks == [older]
    newer.assert_called_once_with({"amount": 5})
    older.remove()
    with pytest.raises(UnmockedTaskError, match="There are no mocks"):
        answer(table)


def test_a_mock_can_be_removed_when_its_fake_is_gone() -> None:
    mock = new_table().add("mock_task", "Charge", returns=None)

    mock.remove()

    assert not mock.called


def test_an_optional_mock_is_not_unused(table: MockTable) -> None:
    unused = table.add("mock_task", "Charge", returns=1)
    table.add("mock_lambda", "charge-card", returns=1, optional=True)

    assert table.unused() == [unused]


def test_calls_that_were_forgotten_still_count_for_times(table: MockTable) -> None:
    table.add("mock_task", "Charge", returns="older")
    newer = table.add("mock_task", "Charge", returns="newer", times=2)
    assert answer(table).result == "newer"

    newer.reset_mock()

    assert (newer.call_count, newer.called, newer.call_args, newer.is_used_up) == (0, False, None, False)
    assert [answer(table).result for _ in range(2)] == ["newer", "older"]
    assert newer not in table.unused()


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
    assert [(call.payload, call.arguments) for call in of_function.calls] == [({"amount": 5}, parameters)]
    assert [(call.payload, call.arguments) for call in of_task.calls] == [(parameters, parameters)]


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


class SlowMatcher:
    """A matcher at which threads wait for each other, after both have found the mock unused."""

    def __init__(self, threads: int) -> None:
        self.barrier = threading.Barrier(threads)

    def __eq__(self, other: object) -> bool:
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(1)
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("limit", [{"returns": "new", "times": 1}, {"responses": ["new"]}], ids=["times", "responses"])
def test_threads_take_a_call_of_a_mock_once(limit: dict[str, Any]) -> None:
    table = new_table()
    older = table.add("mock_task", "Charge", returns="old")
    newer = table.add("mock_task", "Charge", when=SlowMatcher(2), **limit)
    results: list[Any] = []
    threads = [threading.Thread(target=lambda: results.append(answer(table).result)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["new", "old"]
    assert (older.call_count, newer.call_count) == (1, 1)
