"""Test cases of a mock config file, chosen by a marker or in the ARN that the code under test calls."""

import pytest
from booking import BOOKING_ARN, book_room

pytestmark = [
    pytest.mark.sfn_machine("booking", "booking.asl.json"),
    pytest.mark.sfn_mock_config("MockConfigFile.json"),
]


@pytest.mark.sfn_mock_config(case="RoomAtOnce")
def test_a_room_is_booked_at_once(sfn_sync):
    assert book_room("Ada") == "B-12"
    assert sfn_sync.last_execution.duration == 0


@pytest.mark.sfn_mock_config(case="RoomAfterTwoTries")
def test_a_busy_hotel_is_asked_again(sfn_sync):
    assert book_room("Ada") == "B-12"
    assert sfn_sync.last_execution.duration == 60


def test_a_hotel_that_stays_busy_has_no_room(sfn_sync, monkeypatch):
    monkeypatch.setenv("BOOKING_ARN", f"{BOOKING_ARN}#NoRoom")

    assert book_room("Ada") is None
    sfn_sync.last_execution.assert_failed(error="Booking.Failed", cause="the line is engaged")
