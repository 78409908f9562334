"""A callback that comes, that refuses, that comes late, and that never comes. No test sleeps."""

from pathlib import Path

import pytest
from approvals import handle_click, submit_expense

DAY = 24 * 3600


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("expenses", Path(__file__).parent / "expenses.asl.json", type="STANDARD")


@pytest.fixture
def mails(sfn_sync):
    """The function that sends the mail; its payloads have the tokens."""
    return sfn_sync.mock_lambda("send-approval-mail", returns=None)


def click(mail, answer):
    return handle_click({"token": mail["token"], "answer": answer, "manager": "Aino"})


def test_an_expense_waits_for_its_manager(sfn_sync, machine, mails):
    submit_expense(machine.arn, {"amount": 120})

    (waiting,) = sfn_sync.pending
    assert waiting.state == "AskManager"
    assert waiting.payload["Payload"]["expense"] == {"amount": 120}
    assert (waiting.deadline - waiting.since).days == 3


def test_an_approved_expense_is_paid(sfn_sync, machine, mails):
    pay = sfn_sync.mock_lambda("pay", returns="paid")
    submit_expense(machine.arn, {"amount": 120})

    assert click(mails.payloads[0], "yes") == "Thank you."

    sfn_sync.last_execution.assert_succeeded(output="paid")
    pay.assert_called_once_with({"amount": 120, "approval": {"by": "Aino"}})


def test_a_refused_expense_fails(sfn_sync, machine, mails):
    submit_expense(machine.arn, {"amount": 120})

    click(mails.payloads[0], "no")

    sfn_sync.last_execution.assert_failed(error="Refused", cause="by Aino")


def test_who_does_not_answer_is_asked_again(sfn_sync, machine, mails):
    sfn_sync.mock_lambda("pay", returns="paid")
    submit_expense(machine.arn, {"amount": 120})

    sfn_sync.advance(seconds=3 * DAY + 60)

    first, second = mails.payloads
    assert click(first, "yes") == "This link does not work any more."
    assert click(second, "yes") == "Thank you."
    sfn_sync.last_execution.assert_succeeded(output="paid")


def test_an_expense_that_nobody_answers_is_forgotten(sfn_sync, machine, mails):
    submit_expense(machine.arn, {"amount": 120})

    sfn_sync.advance(seconds=7 * DAY)

    sfn_sync.last_execution.assert_failed(error="Forgotten")
    assert mails.call_count == 2


def test_the_rest_of_the_workflow_needs_no_callback(sfn_sync, machine):
    sfn_sync.mock_task("AskManager", returns={"by": "Eero"})
    sfn_sync.mock_lambda("pay", returns="paid")

    machine.run({"amount": 120}).assert_succeeded(output="paid")
