"""TestState: one state of a definition at a time, with an input, and with a mock in the call itself."""

import json

import boto3
import pytest
from claims import DEFINITION


@pytest.fixture
def client(sfn_sync):
    return boto3.client("stepfunctions")


@pytest.mark.parametrize(
    ("claim", "following"),
    [
        ({"amount": 99, "country": "FR"}, "Pay"),
        ({"amount": 100, "country": "DK"}, "Inspect"),
        ({"amount": 100, "country": "FR"}, "Refuse"),
    ],
)
def test_where_a_claim_goes(client, claim, following):
    tested = client.test_state(definition=DEFINITION, stateName="Route", input=json.dumps(claim))

    assert (tested["status"], tested["nextState"]) == ("SUCCEEDED", following)


def test_a_busy_bank_is_asked_again(client):
    tested = client.test_state(
        definition=DEFINITION,
        stateName="Pay",
        input=json.dumps({"amount": 5}),
        inspectionLevel="DEBUG",
        mock={"errorOutput": {"error": "Bank.Busy", "cause": "try later"}},
    )

    assert (tested["status"], tested["error"]) == ("RETRIABLE", "Bank.Busy")
    assert tested["inspectionData"]["errorDetails"] == {"retryIndex": 0, "retryBackoffIntervalSeconds": 3}
