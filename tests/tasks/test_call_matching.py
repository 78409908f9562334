"""``when=`` takes a value, whatever compares by ``==``, or a function; calls tell where they came from."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import MockError, UnmockedTaskError
from pytest_sfn_sync.tasks.mock_targets import StateTarget
from pytest_sfn_sync.tasks.mocks import TaskMock
from tests.tasks.calling import answer, new_table

ORDER = {"order": {"id": "o-1", "items": [1, 2]}, "amount": 5}


class Between:
    """A matcher as libraries make them: it compares by ``==`` and has a repr."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and self.low <= other <= self.high

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Between({self.low}, {self.high})"


class Raising:
    def __eq__(self, other: object) -> bool:
        raise ValueError("no order")

    __hash__ = None  # type: ignore[assignment]


def mock_given(*payloads: Any) -> TaskMock:
    table = new_table()
    mock = table.add("mock_task", "Charge", returns=None)
    for payload in payloads:
        answer(table, payload=payload)
    return mock


@pytest.mark.parametrize(
    ("when", "accepts"),
    [
        pytest.param(ORDER, True, id="an equal value"),
        pytest.param({"amount": 5}, False, id="a part is not the whole"),
        pytest.param({"order": ANY, "amount": 5}, True, id="unittest.mock's ANY inside"),
        pytest.param({"order": {"id": ANY, "items": [1, Between(2, 3)]}, "amount": Between(1, 9)}, True, id="matchers"),
        pytest.param({"order": ANY, "amount": Between(6, 9)}, False, id="a matcher that refuses"),
        pytest.param(lambda payload: payload["amount"] > 4, True, id="a function"),
        pytest.param(lambda payload: payload["amount"] > 5, False, id="a function that refuses"),
        pytest.param(None, False, id="null"),
    ],
)
def test_when(when: Any, accepts: bool) -> None:
    mock = TaskMock(StateTarget("Charge"), returns=None, when=when)

    assert mock.matches(ORDER) is accepts


def test_matchers_of_dirty_equals() -> None:
    dirty_equals = pytest.importorskip("dirty_equals", reason="dirty-equals is not installed")
    partial = dirty_equals.IsPartialDict(amount=dirty_equals.IsPositiveInt)

    assert TaskMock(StateTarget("Charge"), returns=None, when=partial).matches(ORDER)
    assert TaskMock(StateTarget("Charge"), returns=None, when=dirty_equals.IsPositiveInt).matches(5)
    assert not TaskMock(StateTarget("Charge"), returns=None, when=dirty_equals.IsNegativeInt).matches(5)
    mock = mock_given(ORDER)
    mock.assert_called_once_with(partial)
    assert mock.call_args_list == [partial]


def test_a_matcher_that_raises() -> None:
    mock = TaskMock(StateTarget("Charge"), returns=None, when=Raising())

    with pytest.raises(MockError) as raised:
        mock.matches({"amount": 5})
    assert str(raised.value) == (
        "mock_task('Charge'): when= raised ValueError: no order\n"
        '  payload  {"amount": 5}\n'
        "A when= must answer True or False for every payload that its target may get."
    )


def test_a_matcher_that_refuses_is_told() -> None:
    table = new_table()
    table.add("mock_task", "Charge", returns=None, when={"amount": Between(6, 9)})

    with pytest.raises(UnmockedTaskError) as raised:
        answer(table)
    assert "its when= does not accept the payload ($.amount: expected Between(6, 9), got 5)" in str(raised.value)


def test_payloads_by_the_name_of_unittest_mock() -> None:
    mock = mock_given({"amount": 5}, {"amount": 6})

    assert mock.call_args_list == [{"amount": 5}, {"amount": 6}]
    assert mock.call_args_list == mock.payloads
    assert mock_given().call_args_list == []


def test_the_nearest_of_calls_that_all_differ_much() -> None:
    wanted = {str(number): number for number in range(20)}
    far, near = dict.fromkeys(wanted, "x"), {**dict.fromkeys(wanted, "x"), **{str(n): n for n in range(11)}}

    with pytest.raises(AssertionError) as failed:
        mock_given(far, near, far).assert_any_call(wanted)

    told = str(failed.value).partition("Call ")[2].splitlines()
    assert told[0] == "2 differs:"
    assert told[1] == "  $['11']: expected 11, got \"x\""
    assert told[-1] == "  ... and more"


@pytest.mark.parametrize(
    ("attempt", "answer", "told"),
    [
        pytest.param({}, {}, "attempt=0, at='2024-05-01T12:00:00.250Z')", id="under way"),
        pytest.param(
            {"attempt": 2, "iteration": (3, 0)},
            {"result_document": {"ok": True}},
            "attempt=2, iteration=(3, 0), at='2024-05-01T12:00:00.250Z', result={'ok': True})",
            id="with a result, in a Map",
        ),
        pytest.param(
            {},
            {"error": "Busy", "cause": None},
            "attempt=0, at='2024-05-01T12:00:00.250Z', error='Busy', cause=None)",
            id="with an error",
        ),
    ],
)
def test_the_repr_of_a_call(attempt: dict[str, Any], answer: dict[str, Any], told: str) -> None:
    call = TaskCall(
        state_name="Charge",
        resource="arn:aws:states:::sqs:sendMessage",
        payload={"amount": 5},
        at_microseconds=1_714_564_800_250_000,
        **attempt,
    )
    for name, value in answer.items():
        setattr(call, name, value)

    assert repr(call) == (
        "TaskCall(state_name='Charge', resource='arn:aws:states:::sqs:sendMessage', payload={'amount': 5}, " + told
    )
