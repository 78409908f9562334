"""A workflow in JSONata, with a table of prices; it needs the extra: pip install "pytest-sfn-sync[jsonata]"."""

from pathlib import Path

import pytest
from basket import PricingError, price_basket

PRICES = {"tea": "4.5", "kettle": "39"}


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("basket", Path(__file__).parent / "basket.asl.json")


@pytest.fixture(autouse=True)
def prices(sfn_sync):
    def get_item(arguments):
        sku = arguments["Key"]["sku"]["S"]
        return {"Item": {"price": {"N": PRICES[sku]}}} if sku in PRICES else {}

    return sfn_sync.mock_resource("dynamodb:getItem", calls=get_item)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([{"sku": "tea", "qty": 2}], {"total": 9, "shipping": 5}),
        ([{"sku": "tea", "qty": 2}, {"sku": "kettle", "qty": 3}], {"total": 126, "shipping": 0}),
    ],
    ids=["a small basket pays shipping", "a large one does not"],
)
def test_a_basket_is_priced(machine, lines, expected):
    assert price_basket(machine.arn, lines) == expected


def test_lines_without_a_quantity_are_filtered_out(machine, prices):
    price_basket(machine.arn, [{"sku": "kettle", "qty": 0}, {"sku": "tea", "qty": 1}])

    prices.assert_called_once_with({"TableName": "prices", "Key": {"sku": {"S": "tea"}}})


def test_an_expression_that_finds_nothing_fails_the_execution(sfn_sync, machine):
    with pytest.raises(PricingError, match=r"\$number\(.*returned nothing \(undefined\)"):
        price_basket(machine.arn, [{"sku": "cup", "qty": 1}])

    sfn_sync.last_execution.assert_failed(error="States.QueryEvaluationError")
