"""Terraform's functions of dates and times; the right values in the tests were recorded with Terraform 1.11."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.terraform.values import ValueKindError, text_of

MADE_UP_TIME: Final = "2025-01-01T00:00:00Z"
"""The value of timestamp() and plantimestamp(). Assumption: no machine depends on it; it is the same in each run."""

_TIMESTAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-]\d\d:\d\d))", re.ASCII)
_DURATION: Final = re.compile(r"[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|us|µs|ns|m|s))+)", re.ASCII)
_PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)", re.ASCII)
_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_VERB: Final = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|.", re.DOTALL)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_VERBS: Final[Mapping[str, Callable[[datetime], str]]] = {
    "YYYY": lambda at: f"{at.year:04}",
    "YY": lambda at: f"{at.year % 100:02}",
    "MMMM": lambda at: _MONTHS[at.month - 1],
    "MMM": lambda at: _MONTHS[at.month - 1][:3],
    "MM": lambda at: f"{at.month:02}",
    "M": lambda at: str(at.month),
    "DD": lambda at: f"{at.day:02}",
    "D": lambda at: str(at.day),
    "EEEE": lambda at: _DAYS[at.weekday()],
    "EEE": lambda at: _DAYS[at.weekday()][:3],
    "hh": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "HH": lambda at: f"{(at.hour + 11) % 12 + 1:02}",
    "H": lambda at: str((at.hour + 11) % 12 + 1),
    "AA": lambda at: "AM" if at.hour < 12 else "PM",
    "aa": lambda at: "am" if at.hour < 12 else "pm",
    "mm": lambda at: f"{at.minute:02}",
    "m": lambda at: str(at.minute),
    "ss": lambda at: f"{at.second:02}",
    "s": lambda at: str(at.second),
    "ZZZZZ": lambda at: at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:],
    "ZZZZ": lambda at: at.strftime("%z"),
    "ZZZ": lambda at: "UTC" if not at.utcoffset() else at.strftime("%z"),
    "Z": lambda at: _zone(at),
}


def formatdate(form: Any, timestamp: Any) -> str:
    """Return a timestamp in a form of letters such as ``YYYY-MM-DD``."""
    return "".join(_formatted(text_of(form), _time_of(timestamp)))


def timeadd(timestamp: Any, duration: Any) -> str:
    """Return a timestamp moved by a duration such as ``1h30m``. Recorded: the result has whole seconds."""
    at = _time_of(timestamp) + _duration_of(text_of(duration))
    return f"{at:%Y-%m-%dT%H:%M:%S}{_zone(at)}"


def timecmp(timestamp: Any, other: Any) -> int:
    """Return -1, 0 or 1 if a time is before, at or after another one."""
    left, right = _time_of(timestamp), _time_of(other)
    return (left > right) - (left < right)


def _formatted(form: str, at: datetime) -> Iterator[str]:
    for found in _VERB.finditer(form):
        if found[1] is not None:
            yield found[1].replace("''", "'") if found[1] else "'"
        elif found[2] is None:
            if found[0] == "'":
                raise ValueKindError(f"the text after ' has no end in {shown_value(form)}")
            yield found[0]
        elif found[0] in _VERBS:
            yield _VERBS[found[0]](at)
        else:
            raise ValueKindError(f"{shown_value(found[0])} stands for no part of a date; it may be {', '.join(_VERBS)}")


def _time_of(timestamp: Any) -> datetime:
    text = text_of(timestamp)
    found = _TIMESTAMP.fullmatch(text)
    if found is not None:
        try:
            fraction = (found[3] or "0")[:6].ljust(6, "0")
            return datetime.fromisoformat(f"{found[1]}T{found[2]}.{fraction}{found[4] or '+00:00'}")
        except ValueError:
            pass  # A day or an hour that does not exist.
    raise ValueKindError(f"{shown_value(text)} is no timestamp such as {MADE_UP_TIME}")


def _duration_of(text: str) -> timedelta:
    if _DURATION.fullmatch(text) is None:
        raise ValueKindError(f"{shown_value(text)} is no duration such as 1h30m; its units are h, m, s, ms, us and ns")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    try:
        return timedelta(seconds=-seconds if text.startswith("-") else seconds)
    except OverflowError:
        raise ValueKindError(f"the duration {shown_value(text)} is too long") from None


def _zone(at: datetime) -> str:
    return "Z" if not at.utcoffset() else _VERBS["ZZZZZ"](at)
