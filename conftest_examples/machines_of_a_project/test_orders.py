"""The machines come from the ini file, the usual mocks from the fake of the session, the others from each test."""

import pytest
from orders import place_order


@pytest.mark.sfn_lambda("charge-card", returns={"receipt": "R-7"})
def test_an_order_in_stock_is_charged():
    assert place_order("teapot", amount=30) == {"receipt": "R-7"}


@pytest.mark.sfn_lambda("check-stock", returns={"available": False})
def test_an_order_out_of_stock_is_not_charged():
    assert place_order("teapot", amount=30) == "backorder"


def test_the_mock_of_the_session_counts_its_calls(sfn_sync, usual_answers):
    sfn_sync.mock_lambda("charge-card", returns={"receipt": "R-8"})
    calls = usual_answers.call_count
    place_order("teapot", amount=30)
    assert usual_answers.call_count == calls + 1
    assert len(sfn_sync.executions) == 1
