"""The options of a fake: what each may be, which one wins, and what is said of those that are wrong."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pytest_sfn_sync import OptionError
from pytest_sfn_sync.options import Options, option_of_ini_file, suggestion

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
REGION = "a region is written like 'eu-west-1'"
ACCOUNT = "an account id is a string of 12 digits"
START = "a start time is a datetime with a time zone or a text such as '2024-05-01T12:00:00Z'; None is the real time"
SEED = "a seed is an int or a str, or None"
FLAG = "it is True or False"
UNSUPPORTED = "it is 'raise' or 'pass'"
VALIDATE = "it is 'strict', 'present' or 'none'"
WORK = "a work budget is an int of at least 1, the most steps that the expressions of one execution may take"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("region", None, id="the region of clients"),
        pytest.param("region", "us-gov-west-1", id="a region of four parts"),
        pytest.param("account_id", "000000000000", id="an account of zeros"),
        pytest.param("start_time", None, id="the real time"),
        pytest.param("start_time", NOON, id="a time in UTC"),
        pytest.param("start_time", NOON.astimezone(timezone(timedelta(hours=2))), id="a time in another zone"),
        pytest.param("seed", 0, id="a seed of zero"),
        pytest.param("seed", "orders", id="a seed that is a text"),
        pytest.param("assert_all_mocks_used", True, id="a flag"),
        pytest.param("unsupported_operations", "pass", id="operations that go on"),
        pytest.param("validate_mocks", "strict", id="strict mocks"),
        pytest.param("validate_mocks", "none", id="mocks that are not checked"),
        pytest.param("work_budget", 1, id="the smallest work budget"),
    ],
)
def test_a_fitting_value_is_taken(name: str, value: Any) -> None:
    assert getattr(Options(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        pytest.param("region", "Frankfurt", REGION, id="a city"),
        pytest.param("region", "eu-west-1\n", REGION, id="a region with a line end"),
        pytest.param("region", "", REGION, id="an empty region"),
        pytest.param("account_id", 123456789012, ACCOUNT, id="an account that is a number"),
        pytest.param("account_id", "1234", ACCOUNT, id="an account that is too short"),
        pytest.param("start_time", NOON.replace(tzinfo=None), START, id="a time without a zone"),
        pytest.param("start_time", "2024-05-01T12:00:00", START, id="a text without a zone"),
        pytest.param("start_time", "2024-05-01", START, id="a date"),
        pytest.param("start_time", NOON.date(), START, id="a date of TOML"),
        pytest.param("start_time", "noon", START, id="a text that is no time"),
        pytest.param("seed", True, SEED, id="a seed that is a flag"),
        pytest.param("seed", 1.5, SEED, id="a seed that is a float"),
        pytest.param("assert_all_mocks_used", 1, FLAG, id="a flag that is a number"),
        pytest.param("unsupported_operations", "warn", UNSUPPORTED, id="an unknown word for operations"),
        pytest.param("validate_mocks", "STRICT", VALIDATE, id="TestState's own spelling"),
        pytest.param("work_budget", 0, WORK, id="no work"),
        pytest.param("work_budget", True, WORK, id="a work budget that is a flag"),
        pytest.param("work_budget", "many", WORK, id="a work budget that is a word"),
    ],
)
def test_another_value_is_refused(name: str, value: Any, wanted: str) -> None:
    with pytest.raises(OptionError) as refused:
        Options(**{name: value})
    assert str(refused.value) == f"{name}={value!r}: {wanted}."


def test_nearer_options_win_and_the_others_stay() -> None:
    farther = Options(region="eu-west-1", seed=1)
    nearer = farther.with_nearer({"seed": 2}, "the marker")
    assert nearer == Options(region="eu-west-1", seed=2)
    assert farther == Options(region="eu-west-1", seed=1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(
            {"regoin": "eu-west-1"},
            "the marker: there is no option 'regoin'. Did you mean 'region'? There are: region, account_id, "
            "start_time, seed, assert_all_mocks_used, assert_no_pending, unsupported_operations, validate_mocks, "
            "work_budget.",
            id="a misspelt name",
        ),
        pytest.param(
            {"colour": "red"},
            "the marker: there is no option 'colour'. There are: region, account_id, start_time, seed, "
            "assert_all_mocks_used, assert_no_pending, unsupported_operations, validate_mocks, work_budget.",
            id="a name that is like none",
        ),
        pytest.param({"seed": []}, f"the marker: seed=[]: {SEED}.", id="a wrong value"),
    ],
)
def test_a_refusal_names_who_wrote_the_option(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as refused:
        Options().with_nearer(given, "the marker")
    assert str(refused.value) == message


def test_each_option_has_a_check() -> None:
    names = [field.name for field in fields(Options)]
    with pytest.raises(OptionError) as refused:
        Options().with_nearer({"": None}, "here")
    assert str(refused.value).endswith(suggestion("", names))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024-05-01T12:00:00Z", id="in UTC"),
        pytest.param("2024-05-01T14:00:00+02:00", id="in another zone"),
        pytest.param("2024-05-01 12:00:00+00:00", id="as Python writes a datetime"),
    ],
)
def test_a_start_time_may_be_a_text(text: str) -> None:
    start_time = Options(start_time=text).start_time
    assert isinstance(start_time, datetime)
    assert start_time == NOON


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        pytest.param("region", "eu-west-1", "eu-west-1", id="a text"),
        pytest.param("seed", "seven", "seven", id="a seed that is a text"),
        pytest.param("seed", "42", 42, id="a seed that is a number"),
        pytest.param("seed", "-7", -7, id="a seed below zero"),
        pytest.param("seed", "007", "007", id="a number with leading zeros stays a text"),
        pytest.param("seed", 42, 42, id="a seed of TOML"),
        pytest.param("work_budget", "90000000", 90_000_000, id="a work budget"),
        pytest.param("account_id", "111122223333", "111122223333", id="an account that is a text"),
        pytest.param("account_id", 111122223333, "111122223333", id="an account of TOML"),
        pytest.param("account_id", 1122223333, "001122223333", id="an account whose zeros TOML can't have"),
    ],
)
def test_an_option_is_read_from_an_ini_file(name: str, given: Any, value: Any) -> None:
    assert option_of_ini_file(name, given) == value
