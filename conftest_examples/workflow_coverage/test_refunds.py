"""Which states, choice rules, retriers and catchers the tests ran: told at the end, and in reports of coverage.py."""

import pytest
from refunds import refund

from pytest_sfn_sync import TaskError

pytestmark = [
    pytest.mark.sfn_machine("refund", "refund.asl.json"),
    pytest.mark.sfn_lambda("pay-back", returns={}),
]


def test_a_small_amount_is_paid_back():
    assert refund(5)


@pytest.mark.sfn_lambda("ask-manager", returns={})
def test_a_manager_may_agree():
    assert refund(500)


@pytest.mark.sfn_lambda("ask-manager", raises=TaskError("Refused"))
def test_a_manager_may_refuse():
    assert not refund(500)
