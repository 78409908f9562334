"""A Lambda function that fails before it succeeds: Retry waits on a virtual clock, so the test takes no time."""

from pathlib import Path

import pytest
from payment import PaymentError, pay

from pytest_sfn_sync import TaskError

BUSY = TaskError("Gateway.Busy", "try later")


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("payment", Path(__file__).parent / "payment.asl.json")


def test_two_failures_are_retried(sfn_sync, machine):
    charge = sfn_sync.mock_lambda("charge-card", responses=[BUSY, BUSY, {"receipt": "R-7"}])

    assert pay(machine.arn, amount=30) == {"receipt": "R-7"}

    assert [call.attempt for call in charge.calls] == [0, 1, 2]
    assert sfn_sync.last_execution.duration == 30.0  # 10 s before the first retry, 20 s before the second


def test_a_third_failure_is_final(sfn_sync, machine):
    charge = sfn_sync.mock_lambda("charge-card", raises=BUSY)

    with pytest.raises(PaymentError, match=r"Gateway\.Busy"):
        pay(machine.arn, amount=30)

    assert charge.call_count == 3
