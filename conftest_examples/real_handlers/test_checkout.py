"""The workflow together with the real code of its Lambda functions."""

from pathlib import Path

import pytest
from checkout import total

HANDLERS = {"quote": "functions.quote:handler", "discount": "functions.discount:handler"}


@pytest.fixture
def machine(sfn_sync):
    sfn_sync.use_lambda_handlers(HANDLERS)
    return sfn_sync.register("checkout", Path(__file__).parent / "checkout.asl.json")


@pytest.mark.parametrize(("product", "count", "expected"), [("apple", 3, 6), ("pear", 50, 135), ("plum", 1, None)])
def test_what_the_customer_pays(machine, product, count, expected):
    assert total(machine.arn, product, count) == expected


def test_the_events_that_the_functions_got(sfn_sync):
    functions = sfn_sync.use_lambda_handlers(HANDLERS)
    machine = sfn_sync.register("checkout", Path(__file__).parent / "checkout.asl.json")

    total(machine.arn, "apple", 3)

    functions["quote"].assert_called_once_with({"product": "apple", "count": 3})
    functions["discount"].assert_called_once_with({"total": 6})
