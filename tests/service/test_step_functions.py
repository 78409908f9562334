"""Operations that are not answered: a newer botocore may have them."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.errors import OptionError, UnsupportedOperationError
from tests.service.answering import Answering


def test_another_operation_is_a_usage_error_that_names_it_and_the_ways_out() -> None:
    answering = Answering()
    with pytest.raises(UnsupportedOperationError) as raised:
        answering.service.answer("DescribeExecutions", b"{}")
    assert str(raised.value) == (
        "The code under test called DescribeExecutions of Step Functions, an operation that this fake does not know "
        "(nearest: DescribeExecution, RedriveExecution, ListExecutions). Keep the call out of the test, stub it on its "
        "client, or let it go on to moto or to AWS itself with unsupported_operations='pass'."
    )
    assert answering.service.usage_errors == [raised.value]


def test_another_operation_may_be_let_through() -> None:
    answering = Answering(unsupported_operations="pass")
    assert answering.service.answer("DescribeExecutions", b"{}") is None
    assert answering.service.usage_errors == []


def test_an_unknown_way_out_is_refused() -> None:
    with pytest.raises(OptionError) as raised:
        Answering(unsupported_operations="ignore")
    assert str(raised.value) == "unsupported_operations='ignore': write 'raise' or 'pass'."
