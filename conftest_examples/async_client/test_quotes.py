"""Asynchronous code with an aiobotocore client; the fixture and the mocks are the same."""

from pathlib import Path

import pytest
from quotes import cheapest_quote

PRICES = {"post": 9, "bike": 4, "van": 12}


@pytest.mark.asyncio
async def test_the_cheapest_carrier_wins(sfn_sync):
    machine = sfn_sync.register("quotes", Path(__file__).parent / "quotes.asl.json")
    ask = sfn_sync.mock_lambda("ask-carrier", calls=lambda carrier: {"carrier": carrier, "price": PRICES[carrier]})

    assert await cheapest_quote(machine.arn, ["post", "bike", "van"]) == {"carrier": "bike", "price": 4}

    assert ask.call_count == 3
