"""Timestamps as Choice and Wait read them: text to time since the epoch.

Texts are read as by Java's ``DateTimeFormatter.ISO_OFFSET_DATE_TIME`` (as of Java 9), which AWS's messages mention
("ISO-8601 extended offset date-time format"). ``T`` and ``Z`` may be in either case. Seconds are optional, with up to
nine fraction digits. An offset has hours and perhaps minutes and seconds, and is at most 18 hours. Dates must exist.
Leap seconds and ``24:00`` are refused, as by Java.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON

_DATE_TIME: Final = re.compile(
    r"(\d{4}|-\d{4,9}|\+\d{5,9})-(\d\d)-(\d\d)"
    r"T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{0,9}))?)?"
    r"(?:Z|([+-])(\d\d)(?::(\d\d)(?::(\d\d))?)?)",
    re.ASCII | re.IGNORECASE,
)
_RFC3339: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
_DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EPOCH_DAY: Final = 719_468
"""Days from 0000-03-01 to 1970-01-01."""
_LARGEST_OFFSET: Final = 18 * 3600


def parse_timestamp(text: JSON) -> int | None:
    """Read an offset date-time as whole microseconds since the epoch; return None if the value is not one."""
    nanoseconds = parse_nanoseconds(text)
    return None if nanoseconds is None else nanoseconds // 1000


def parse_nanoseconds(text: JSON) -> int | None:
    """Read an offset date-time as exact nanoseconds since the epoch; return None if the value is not one.

    ``text`` may be any JSON value; only strings can be timestamps. Recorded: nanoseconds, ``.00Z`` and lower case are
    accepted. A date alone, a space for the ``T``, a missing offset, month 13 and hour 25 are not.
    """
    if type(text) is not str:
        return None
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute = (int(part) for part in match.group(1, 2, 3, 4, 5))
    second = int(match.group(6) or 0)
    if not _is_date(year, month, day) or hour > 23 or minute > 59 or second > 59:
        return None
    offset = _offset_seconds(match)
    if offset is None:
        return None
    seconds = _days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return seconds * 1_000_000_000 + int((match.group(7) or "").ljust(9, "0"))


def instant_text(moment: datetime) -> str:
    """Return a moment in UTC as Java's Instant prints it: with 0, 3 or 6 fraction digits, as needed."""
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond == 0:
        return f"{text}Z"
    digits = f"{moment.microsecond:06}"
    return f"{text}.{digits.removesuffix('000')}Z"


def is_rfc3339(text: JSON) -> bool:
    """Report whether a literal in a definition passes AWS's ``String does not match RFC3339 timestamp`` check.

    It is stricter than `parse_timestamp`: RFC 3339 requires seconds, the minutes of an offset and a 4-digit year.
    """
    return type(text) is str and _RFC3339.fullmatch(text) is not None and parse_timestamp(text) is not None


def _offset_seconds(match: re.Match[str]) -> int | None:
    sign = match.group(8)
    if sign is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in match.group(9, 10, 11))
    offset = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or offset > _LARGEST_OFFSET:
        return None
    return -offset if sign == "-" else offset


def _is_date(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    return not (month == 2 and day == 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _days_since_epoch(year: int, month: int, day: int) -> int:
    # Years are counted from March, so that the leap day comes last. Java has a year 0, datetime has none.
    if month <= 2:
        year -= 1
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + day_of_year - _EPOCH_DAY
