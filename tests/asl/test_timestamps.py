from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfn_sync.asl.timestamps import is_rfc3339, parse_nanoseconds, parse_timestamp

MOMENT = 1_457_920_740


# What Java 17's OffsetDateTime.parse answers, seconds since the epoch.
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("2016-03-14T01:59:00Z", MOMENT, id="UTC"),
        pytest.param("2016-03-14t01:59:00z", MOMENT, id="lower case"),
        pytest.param("2016-03-14T01:59Z", MOMENT, id="seconds may be absent"),
        pytest.param("2016-03-14T01:59:00.Z", MOMENT, id="a lone decimal point"),
        pytest.param("2016-03-14T10:59:00+09:00", MOMENT, id="offset east"),
        pytest.param("2016-03-13T17:59:00-08:00", MOMENT, id="offset west"),
        pytest.param("2016-03-14T10:59:00+09", MOMENT, id="offset of hours alone"),
        pytest.param("2016-03-14T10:59:30+09:00:30", MOMENT, id="offset with seconds"),
        pytest.param("2016-03-14T01:59:00-00:00", MOMENT, id="negative zero offset"),
        pytest.param("2016-03-14T19:59:00+18:00", MOMENT, id="the largest offset"),
        pytest.param("1970-01-01T00:00:00Z", 0, id="the epoch"),
        pytest.param("2000-02-29T00:00:00Z", 951_782_400, id="leap day of a century"),
        pytest.param("0000-01-01T00:00:00Z", -62_167_219_200, id="year 0"),
        pytest.param("-0001-01-01T00:00:00Z", -62_198_755_200, id="negative year"),
        pytest.param("+12016-03-14T01:59:00Z", 317_027_440_740, id="year of five digits"),
    ],
)
def test_a_timestamp_gives_its_moment(text: str, seconds: int) -> None:
    assert parse_nanoseconds(text) == seconds * 1_000_000_000
    assert parse_timestamp(text) == seconds * 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2016-03-14", id="date only (measured)"),
        pytest.param("2016-12-05 21:29:29Z", id="a space for the T (recorded)"),
        pytest.param("2016-12-05T21:29:29", id="no offset (recorded)"),
        pytest.param("2016-13-05T21:29:29Z", id="month 13 (recorded)"),
        pytest.param("2016-12-05T25:29:29Z", id="hour 25 (recorded)"),
        pytest.param("05-12-2016T21:29:29Z", id="day first (recorded)"),
        pytest.param("2025-01-01T00%3A00%3A00Z", id="URL-escaped (measured)"),
        pytest.param("2016-02-30T00:00:00Z", id="no such day"),
        pytest.param("1900-02-29T00:00:00Z", id="no leap year"),
        pytest.param("2016-03-14T24:00:00Z", id="24:00"),
        pytest.param("2016-03-14T23:59:60Z", id="leap second"),
        pytest.param("2016-03-14T01:60:00Z", id="minute 60"),
        pytest.param("2016-03-14T01:59:00.1234567890Z", id="ten fraction digits"),
        pytest.param("2016-03-14T01:59:00+0900", id="offset without colon"),
        pytest.param("2016-03-14T01:59:00+9", id="offset of one digit"),
        pytest.param("2016-03-14T01:59:00+18:01", id="offset beyond 18 hours"),
        pytest.param("2016-03-14T01:59:00+09:60", id="offset of 60 minutes"),
        pytest.param("2016-03-14T01Z", id="hours alone"),
        pytest.param(" 2016-03-14T01:59:00Z", id="leading space"),
        pytest.param("٢٠١٦-03-14T01:59:00Z", id="digits of another script"),
        pytest.param("", id="empty text"),
        pytest.param(1735689600, id="epoch number (measured)"),
        pytest.param(True, id="boolean"),
        pytest.param(None, id="null"),
        pytest.param({}, id="object"),
    ],
)
def test_other_values_are_no_timestamps(text: object) -> None:
    assert parse_nanoseconds(text) is None
    assert parse_timestamp(text) is None
    assert not is_rfc3339(text)


def test_fractions_are_exact_to_the_nanosecond() -> None:
    assert parse_nanoseconds("1970-01-01T00:00:01.243167252Z") == 1_243_167_252
    assert parse_nanoseconds("1970-01-01T00:00:01.5Z") == 1_500_000_000
    assert parse_timestamp("1970-01-01T00:00:01.243167252Z") == 1_243_167


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        pytest.param("2016-03-05T21:29:29.243167252Z", True, id="nanoseconds (recorded)"),
        pytest.param("2016-03-14T01:59:00+09:00", True, id="offset"),
        pytest.param("2016-03-14T01:59Z", False, id="RFC 3339 requires the seconds"),
        pytest.param("2016-03-14T01:59:00+09", False, id="RFC 3339 requires the minutes of an offset"),
        pytest.param("{% $states.input.when %}", False, id="JSONata in a JSONPath state (recorded)"),
    ],
)
def test_literals_of_a_definition_are_held_to_rfc_3339(text: str, accepted: bool) -> None:
    assert is_rfc3339(text) is accepted


@given(st.datetimes())
def test_every_date_time_reads_back(moment: datetime) -> None:
    since_epoch = moment - datetime(1970, 1, 1)
    assert parse_timestamp(f"{moment.isoformat()}Z") == since_epoch // timedelta(microseconds=1)
