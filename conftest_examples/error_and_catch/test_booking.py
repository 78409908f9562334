"""Errors of a Lambda function: one that the workflow catches, one that fails it."""

from pathlib import Path

import pytest
from booking import BookingError, book_room

from pytest_sfn_sync import TaskError


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("booking", Path(__file__).parent / "booking.asl.json")


def test_a_full_house_is_caught(sfn_sync, machine):
    sfn_sync.mock_lambda("reserve-room", raises=TaskError("FullyBooked", "no room on 24 December"))

    assert book_room(machine.arn, nights=2) == {"waiting": True, "because": "no room on 24 December"}
    assert sfn_sync.last_execution.path == ["ReserveRoom", "OfferWaitingList"]


def test_any_other_error_fails_the_execution(sfn_sync, machine):
    sfn_sync.mock_lambda("reserve-room", raises=TaskError("DatabaseDown", "connection refused"))

    with pytest.raises(BookingError, match="DatabaseDown: connection refused"):
        book_room(machine.arn, nights=2)

    sfn_sync.last_execution.assert_failed(error="DatabaseDown", cause="connection refused")


def test_a_machine_that_is_not_deployed(sfn_sync, machine):
    with sfn_sync.raises("StateMachineDoesNotExist", match="booking-v2"):
        book_room(machine.arn + "-v2", nights=2)
