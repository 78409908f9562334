"""Dates and times; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

VALUES = [
    pytest.param('formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")', "02 Jan 2018 23:12 UTC", id="a date"),
    pytest.param(
        'formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00")',
        "Tuesday, 02-Jan-18 23:12:01 -0800",
        id="a date in a zone",
    ),
    pytest.param(
        "formatdate(\"EEE, D M YYYY H:m:s AA aa ZZZZZ Z 'at' hh''\", \"2018-01-02T03:02:01Z\")",
        "Tue, 2 1 2018 3:2:1 AM am +00:00 Z at 03'",
        id="a text in quotes",
    ),
    pytest.param(
        'formatdate("H HH h hh m mm s ss MM MMMM Z ZZZZ AA aa", "2018-01-02T13:02:01+02:30")',
        "1 01 13 13 2 02 1 01 01 January +02:30 +0230 PM pm",
        id="an afternoon",
    ),
    pytest.param('timeadd("2017-11-22T00:00:00Z", "10m")', "2017-11-22T00:10:00Z", id="minutes"),
    pytest.param('timeadd("2017-11-22T00:00:00+02:00", "-1h30m")', "2017-11-21T22:30:00+02:00", id="back in time"),
    pytest.param('timeadd("2017-11-22T00:00:00Z", "1.5h")', "2017-11-22T01:30:00Z", id="a part of an hour"),
    pytest.param('timeadd("2017-11-22T00:00:00Z", "500ms")', "2017-11-22T00:00:00Z", id="a part of a second"),
    pytest.param('timeadd("2017-11-22T00:00:00.5Z", "500ms")', "2017-11-22T00:00:01Z", id="two halves of a second"),
    pytest.param('timeadd("2017-11-22T00:00:00Z", "-.5m")', "2017-11-21T23:59:30Z", id="half a minute"),
    pytest.param('timeadd("2017-11-22T00:00:00Z", "0")', "2017-11-22T00:00:00Z", id="no time"),
    pytest.param('timecmp("2017-11-22T00:00:00+02:00", "2017-11-21T22:00:00Z")', 0, id="one time in two zones"),
    pytest.param('timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")', -1, id="an earlier time"),
    pytest.param('formatdate("YYYY", timestamp())', "2025", id="the time of the run, which is made up"),
    pytest.param("plantimestamp()", "2025-01-01T00:00:00Z", id="the time of the plan"),
]
FAULTS = [
    pytest.param(
        'formatdate("YYY", "2018-01-02T13:02:01Z")',
        "'YYY' stands for no part of a date; it may be YYYY, YY, MMMM, MMM, MM, M, DD, D, EEEE, EEE, hh, h, HH, H, AA, "
        "aa, mm, m, ss, s, ZZZZZ, ZZZZ, ZZZ, Z.",
        id="no such part",
    ),
    pytest.param('formatdate("\'x", "2018-01-02T13:02:01Z")', "the text after ' has no end in \"'x\".", id="no end"),
    pytest.param(
        'formatdate("DD", "2018-01-02")', "'2018-01-02' is no timestamp such as 2025-01-01T00:00:00Z.", id="a day"
    ),
    pytest.param(
        'timeadd("2018-02-30T00:00:00Z", "1h")',
        "'2018-02-30T00:00:00Z' is no timestamp such as 2025-01-01T00:00:00Z.",
        id="no such day",
    ),
    pytest.param(
        'timeadd("2017-11-22T00:00:00Z", "1d")',
        "'1d' is no duration such as 1h30m; its units are h, m, s, ms, us and ns.",
        id="no such unit",
    ),
    pytest.param(
        'timeadd("2017-11-22T00:00:00Z", "99999999999999h")',
        "the duration '99999999999999h' is too long.",
        id="too long",
    ),
]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_values(expression: str, value: Any) -> None:
    assert in_json(expression) == value


@pytest.mark.parametrize(("expression", "why"), FAULTS)
def test_what_cannot_be_computed_says_why(expression: str, why: str) -> None:
    assert why_not(expression) == why
