"""Mocks carry their calls, and assert in unittest.mock's words."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import difference_lines, equal
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.mocks import TaskMock
from tests.tasks.calling import answer, new_table


def mock_called_with(*payloads: Any) -> TaskMock:
    table = new_table()
    mock = table.add("mock_lambda", "charge-card", returns=None)
    for payload in payloads:
        answer(table, payload=payload)
    return mock


def test_a_mock_that_was_never_called() -> None:
    mock = mock_called_with()

    assert (mock.called, mock.call_count, mock.calls, mock.payloads) == (False, 0, [], [])
    mock.assert_not_called()


def test_a_mock_keeps_its_calls() -> None:
    mock = mock_called_with({"amount": 5}, {"amount": 6})

    assert (mock.called, mock.call_count) == (True, 2)
    assert [call.payload for call in mock.calls] == mock.payloads == [{"amount": 5}, {"amount": 6}]
    mock.assert_called()
    mock.assert_called_with({"amount": 6})
    mock.assert_any_call({"amount": 5})
    mock.assert_any_call({"amount": ANY})


def test_a_mock_that_was_called_once() -> None:
    mock = mock_called_with({"amount": 5})

    mock.assert_called_once()
    mock.assert_called_once_with({"amount": 5})
    mock.assert_called_once_with({"amount": ANY})


@pytest.mark.parametrize(
    ("payloads", "assertion", "arguments", "message"),
    [
        pytest.param(
            [],
            "assert_called",
            [],
            "mock_lambda('charge-card') was expected to be called, but was never called.",
            id="never called",
        ),
        pytest.param(
            [{"amount": 5}],
            "assert_not_called",
            [],
            "mock_lambda('charge-card') was expected not to be called, but was called once:\n"
            "  1. {\"amount\": 5}  (state 'Charge')",
            id="called against expectation",
        ),
        pytest.param(
            [{"amount": 5}, {"amount": 6}],
            "assert_called_once",
            [],
            "mock_lambda('charge-card') was expected to be called once, but was called 2 times:\n"
            "  1. {\"amount\": 5}  (state 'Charge')\n"
            "  2. {\"amount\": 6}  (state 'Charge')",
            id="called twice",
        ),
        pytest.param(
            [],
            "assert_called_once_with",
            [{"amount": 6}],
            "mock_lambda('charge-card') was expected to be called once with\n  {\"amount\": 6}\nbut was never called.",
            id="never called, with a payload",
        ),
        pytest.param(
            [{"amount": 5, "card": {"number": "1", "name": "x"}}],
            "assert_called_once_with",
            [{"amount": 6, "card": {"number": "1", "owner": "y"}}],
            "mock_lambda('charge-card') was expected to be called once with\n"
            '  {"amount": 6, "card": {"number": "1", "owner": "y"}}\n'
            "but was called once:\n"
            '  1. {"amount": 5, "card": {"number": "1", "name": "x"}}  (state \'Charge\')\n'
            "Call 1 differs:\n"
            "  $.amount: expected 6, got 5\n"
            '  $.card.owner: expected "y", but it is absent\n'
            '  $.card.name: not expected, but it is "x"',
            id="another payload",
        ),
        pytest.param(
            [{"items": [1, 2, 3], "to": "a"}, {"items": [1, 2], "to": "b"}],
            "assert_any_call",
            [{"items": [1, 2], "to": "c"}],
            "mock_lambda('charge-card') was expected to be called at least once with\n"
            '  {"items": [1, 2], "to": "c"}\n'
            "but was called 2 times:\n"
            '  1. {"items": [1, 2, 3], "to": "a"}  (state \'Charge\')\n'
            '  2. {"items": [1, 2], "to": "b"}  (state \'Charge\')\n'
            "Call 2 differs:\n"
            '  $.to: expected "c", got "b"',
            id="the nearest of several calls",
        ),
        pytest.param(
            [{"amount": 5}, {"amount": 6}],
            "assert_called_with",
            [{"amount": 5}],
            "mock_lambda('charge-card') was expected to be called last with\n"
            '  {"amount": 5}\n'
            "but was called 2 times:\n"
            "  1. {\"amount\": 5}  (state 'Charge')\n"
            "  2. {\"amount\": 6}  (state 'Charge')\n"
            "Call 2 differs:\n"
            "  $.amount: expected 5, got 6",
            id="the last call had another payload",
        ),
        pytest.param(
            [{"amount": 5}, {"amount": 5}],
            "assert_called_once_with",
            [{"amount": 5}],
            "mock_lambda('charge-card') was expected to be called once with\n"
            '  {"amount": 5}\n'
            "but was called 2 times:\n"
            "  1. {\"amount\": 5}  (state 'Charge')\n"
            "  2. {\"amount\": 5}  (state 'Charge')",
            id="the right payload twice",
        ),
    ],
)
def test_a_failing_assertion_tells(payloads: list[Any], assertion: str, arguments: list[Any], message: str) -> None:
    mock = mock_called_with(*payloads)

    with pytest.raises(AssertionError) as failed:
        getattr(mock, assertion)(*arguments)

    assert str(failed.value) == message


def test_the_last_payload_by_the_name_of_unittest_mock() -> None:
    mock = mock_called_with({"amount": 5}, {"amount": 6})

    assert mock.call_args == {"amount": 6}
    mock.assert_called_with(mock.call_args)
    assert mock_called_with().call_args is None


@pytest.mark.parametrize(
    ("payloads", "any_order", "holds"),
    [
        pytest.param([], False, True, id="no payload"),
        pytest.param([2, 3], False, True, id="one directly after the other"),
        pytest.param([1, 3], False, False, id="with another one between them"),
        pytest.param([3, 2], False, False, id="in another order"),
        pytest.param([3, 2], True, True, id="in any order"),
        pytest.param([3, ANY], True, True, id="with a matcher"),
        pytest.param([3, 3], True, False, id="one call for two payloads"),
        pytest.param([True, 2], False, False, id="a boolean is no number"),
        pytest.param([1, 2, 3, 4], False, False, id="more than there were calls"),
    ],
)
def test_a_mock_has_calls(payloads: list[Any], any_order: bool, holds: bool) -> None:
    mock = mock_called_with(1, 2, 3)

    if holds:
        mock.assert_has_calls(payloads, any_order=any_order)
    else:
        with pytest.raises(AssertionError, match="was expected to have these calls"):
            mock.assert_has_calls(payloads, any_order)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ([{"amount": 6}, {"amount": 5}],),
            "mock_lambda('charge-card') was expected to have these calls, one directly after the other:\n"
            '  1. {"amount": 6}\n'
            '  2. {"amount": 5}\n'
            "but it was called once:\n"
            "  1. {\"amount\": 5}  (state 'Charge')",
            id="in order",
        ),
        pytest.param(
            ([{"amount": 6}, {"amount": 5}], True),
            "mock_lambda('charge-card') was expected to have these calls, in any order:\n"
            '  1. {"amount": 6}\n'
            '  2. {"amount": 5}\n'
            "These are missing:\n"
            '  {"amount": 6}\n'
            "but it was called once:\n"
            "  1. {\"amount\": 5}  (state 'Charge')",
            id="in any order",
        ),
    ],
)
def test_missing_calls_are_told(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(AssertionError) as failed:
        mock_called_with({"amount": 5}).assert_has_calls(*arguments)

    assert str(failed.value) == message


def test_calls_to_have_are_a_list() -> None:
    with pytest.raises(MockError, match=r"assert_has_calls takes a list of payloads, not \{\"amount\": 5\}"):
        mock_called_with().assert_has_calls({"amount": 5})  # type: ignore[arg-type]


def test_the_last_call_is_compared_as_json_has_it() -> None:
    with pytest.raises(AssertionError, match=r"\$\.paid: expected true, got 1"):
        mock_called_with({"paid": 1}).assert_called_with({"paid": True})


def test_calls_are_told_with_retry_and_iteration() -> None:
    table: MockTable = new_table()
    mock = table.add("mock_task", "Charge", returns=None)
    answer(table, attempt=2, iteration=(3, 0))

    with pytest.raises(AssertionError, match=r"\(state 'Charge', iteration 3\.0, retry 2\)"):
        mock.assert_not_called()


@pytest.mark.parametrize(
    ("expected", "actual", "is_equal"),
    [
        pytest.param(True, 1, False, id="a boolean and a number"),
        pytest.param({"a": [0]}, {"a": [False]}, False, id="within documents"),
        pytest.param(1, 1.0, True, id="numbers"),
        pytest.param({"a": [True, None, "x"]}, {"a": [True, None, "x"]}, True, id="the same"),
        pytest.param({"a": ANY}, {"a": True}, True, id="a matcher"),
    ],
)
def test_values_are_compared_as_json_has_them(expected: Any, actual: Any, is_equal: bool) -> None:
    assert equal(expected, actual) is is_equal
    assert (difference_lines(expected, actual) == []) is is_equal
