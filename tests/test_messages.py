"""The longest messages to users, held verbatim: what happened, where, what there was, and what to write instead.

Shorter ones are held beside what raises them: tests/tasks/test_responders.py, tests/tasks/test_mocks.py,
tests/test_assertions.py, tests/test_fake.py, tests/plugin/test_markers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.errors import MockError, UnmockedTaskError
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.task_error import TaskError
from tests.tasks.calling import CHARGE_ARN, GET_ITEM, LAMBDA_INVOKE, answer, invoke, new_table


@pytest.fixture
def table() -> MockTable:
    return new_table()


def unmocked(call: Any) -> str:
    with pytest.raises(UnmockedTaskError) as raised:
        call()
    return str(raised.value)


def test_an_unmocked_function_where_there_are_no_mocks(table: MockTable) -> None:
    assert (
        unmocked(lambda: answer(table))
        == f"""\
The Task of state 'Charge' in the state machine 'orders' has no mock.

  resource  {CHARGE_ARN}
  function  charge-card
  payload   {{"amount": 5}}

There are no mocks.

To mock it, write in the test
    sfn_sync.mock_lambda("charge-card", returns={{}})
or above it
    @pytest.mark.sfn_lambda("charge-card", returns={{}})"""
    )


def test_an_unmocked_function_with_mocks_that_are_near(table: MockTable) -> None:
    table.add("mock_task", "Ship", returns=1)
    table.add("mock_lambda", "charge-crad", returns=1)
    table.add("mock_lambda", "charge-card", returns=1, when={"amount": 6, "currency": "EUR"})
    table.add("mock_lambda", "charge-card", raises=TaskError("Card.Busy"), times=1)
    table.add("mock_lambda", "charge-card:live", returns=1)
    table.add("mock_resource", "dynamodb:getItem", returns={})
    table.add("mock_task", "Charge", returns=1, when=lambda payload: False)
    invoke(table, Payload={"amount": 5})

    assert (
        unmocked(lambda: invoke(table, Payload={"amount": 5}))
        == """\
The Task of state 'Charge' in the state machine 'orders' has no mock.

  resource  arn:aws:states:::lambda:invoke
  function  charge-card
  payload   {"FunctionName": "charge-card", "Payload": {"amount": 5}}

The mocks there are, nearest first:
  mock_lambda('charge-card'): its when= does not accept the payload ($.amount: expected 6, got 5; $.currency: \
expected "EUR", but it is absent)
  mock_lambda('charge-card'): used up: it answers 1 call
  mock_lambda('charge-card:live'): for another version, alias, account or region of the function
  mock_task('Charge'): its when= does not accept the payload
  mock_lambda('charge-crad'): for another function
  mock_resource('dynamodb:getItem'): for another resource
  mock_task('Ship'): for another state

To mock it, write in the test
    sfn_sync.mock_lambda("charge-card", returns={})
or above it
    @pytest.mark.sfn_lambda("charge-card", returns={})"""
    )


def test_an_unmocked_integration_in_a_map_on_its_second_retry(table: MockTable) -> None:
    table.add("mock_lambda", "charge-card", returns=1)

    assert (
        unmocked(lambda: answer(table, GET_ITEM, {"Key": "k" * 700}, attempt=2, iteration=(4,)))
        == f"""\
The Task of state 'Charge', iteration 4, retry 2 in the state machine 'orders' has no mock.

  resource  {GET_ITEM}
  payload   {{"Key": "{"k" * 441} ...(141 characters)... {"k" * 118}"}}

The mocks there are, nearest first:
  mock_lambda('charge-card'): for a Lambda function, and this task calls none

To mock it, write in the test
    sfn_sync.mock_resource("dynamodb:getItem", returns={{}})
or above it
    @pytest.mark.sfn_resource("dynamodb:getItem", returns={{}})
or, to send it to moto or another fake of the service,
    sfn_sync.use_clients("dynamodb")"""
    )


def test_an_unmocked_function_whose_placeholder_is_not_filled_in(table: MockTable) -> None:
    assert (
        unmocked(lambda: invoke(table, "${ChargeFunction}"))
        == f"""\
The Task of state 'Charge' in the state machine 'orders' has no mock.

  resource  {LAMBDA_INVOKE}
  function  ${{ChargeFunction}}
            no Lambda function can be called '${{ChargeFunction}}'. Names, versions and aliases have letters, digits, \
hyphens and underscores only. To fill in a placeholder, write register(..., substitutions={{...}}).
  payload   {{"FunctionName": "${{ChargeFunction}}"}}

There are no mocks.

To mock it, write in the test
    sfn_sync.mock_task("Charge", returns={{}})
or above it
    @pytest.mark.sfn_task("Charge", returns={{}})"""
    )


def test_an_unmocked_invocation_of_no_known_function_is_mocked_by_its_state(table: MockTable) -> None:
    text = unmocked(lambda: invoke(table, function=None))  # type: ignore[arg-type]

    assert text.endswith(
        "To mock it, write in the test\n"
        '    sfn_sync.mock_task("Charge", returns={})\n'
        "or above it\n"
        '    @pytest.mark.sfn_task("Charge", returns={})'
    )


def test_the_suggested_line_mocks_the_call(table: MockTable) -> None:
    calls: list[Callable[[], TaskAnswer]] = [
        lambda: answer(table),
        lambda: answer(table, GET_ITEM),
        lambda: invoke(table, "another"),
    ]
    for call in calls:
        line = next(line.strip() for line in unmocked(call).splitlines() if line.startswith("    sfn_sync."))
        kind, _, arguments = line.removeprefix("sfn_sync.").partition("(")
        table.add(kind, arguments.partition(",")[0].strip('"'), returns={})

        assert call().error is None


def test_responses_that_ran_out(table: MockTable) -> None:
    table.add("mock_task", "Charge", responses=[{"receipt": 1}, TaskError("Card.Busy")])
    answer(table)
    answer(table)

    with pytest.raises(MockError) as raised:
        answer(table, attempt=1)

    assert (
        str(raised.value)
        == """\
mock_task('Charge') has run out of responses: it was given 2, and call 3 came.
  from     state 'Charge', retry 1
  payload  {"amount": 5}
Give it one more in responses=, or let returns= or calls= answer every call."""
    )


def test_a_when_that_raises(table: MockTable) -> None:
    table.add("mock_task", "Charge", returns=1, when=lambda payload: payload["currency"] == "EUR")

    with pytest.raises(MockError) as raised:
        answer(table)

    assert (
        str(raised.value)
        == """\
mock_task('Charge'): when= raised KeyError: 'currency'
  payload  {"amount": 5}
A when= must answer True or False for every payload that its target may get."""
    )


def test_half_a_surrogate_pair_in_a_payload_is_shown_so_that_it_can_be_written(table: MockTable) -> None:
    message = unmocked(lambda: answer(table, payload={"name": "Zo\ud83d"}))
    assert '  payload   {"name": "Zo\\ud83d"}' in message.splitlines()
