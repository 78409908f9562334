"""Every way in which a task can fail, as a parameter of a test.

``pytest.ini`` also holds each of them against the table ``orders.failures.md``.
"""

import pytest

from pytest_sfn_sync import failures

EXPECTED_ERRORS = {"Gateway.Busy", "OrderDeclined", "States.Timeout", "UnnamedError"}


@pytest.mark.parametrize("case", failures("orders.asl.json", {"amount": 5}))
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": "R-7"}, optional=True)
@pytest.mark.sfn_resource("sqs:sendMessage", returns={}, optional=True)
def test_an_order_ends_with_an_error_that_its_caller_knows(sfn_sync, case):
    execution = case.run(sfn_sync)
    assert execution.status in ("SUCCEEDED", "TIMED_OUT") or execution.error in EXPECTED_ERRORS
