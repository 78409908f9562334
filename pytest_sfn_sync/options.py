"""The options of a fake, from the ini file and ``sfn_sync`` markers; of two values, the nearer one wins.

All values are checked here, so that the error for a wrong value can show where it was written.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from pytest_sfn_sync.argument_checks import is_account_id, is_one_of, is_region
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_WORK_BUDGET
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.shown_text import is_unicode, shown_names, shown_value

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WHOLE_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one fake.

    ``region`` and ``account_id`` are for machines that are registered without them. Without a region, the fake takes
    the one that is configured for clients. ``start_time`` is the start of every execution on the virtual clock: a
    datetime with a time zone, or its text in ISO 8601, which becomes one; None is the real time. ``seed`` makes random
    values repeatable. ``assert_all_mocks_used`` reports mocks that were never called. ``assert_no_pending`` reports
    tasks that still wait for the outside at the end. ``unsupported_operations`` is for
    operations that the fake doesn't answer: ``"raise"`` raises an error, ``"pass"`` lets the call go on to moto or AWS.
    ``validate_mocks`` is how results of mocks are checked against service models, as in TestState's
    fieldValidationMode: ``"strict"`` demands all required members, ``"present"`` checks the members that are given,
    ``"none"`` checks nothing. ``work_budget`` is the most steps that the expressions of one execution may take.
    """

    region: str | None = None
    account_id: str = DEFAULT_ACCOUNT_ID
    start_time: datetime | str | None = None
    seed: int | str | None = None
    assert_all_mocks_used: bool = False
    assert_no_pending: bool = False
    unsupported_operations: str = "raise"
    validate_mocks: str = "present"
    work_budget: int = DEFAULT_WORK_BUDGET

    def __post_init__(self) -> None:
        for name, (is_fit, wanted) in _CHECKS.items():
            value = getattr(self, name)
            if not is_fit(value):
                raise OptionError(f"{name}={shown_value(value)}: {wanted}.")
        if isinstance(self.start_time, str):
            object.__setattr__(self, "start_time", _time_of(self.start_time))

    def clock(self) -> Callable[[], int]:
        """Return the function that returns the time outside of executions, in microseconds since the epoch."""
        if not isinstance(self.start_time, datetime):  # Texts were read before.
            return lambda: time.time_ns() // 1000
        start = (self.start_time - _EPOCH) // timedelta(microseconds=1)
        return lambda: start

    def with_nearer(self, nearer: Mapping[str, Any], where: str) -> Options:
        """Return these options with some replaced; messages begin with ``where``, the place of the new values."""
        __tracebackhide__ = True
        for name in nearer:
            if name not in _CHECKS:
                raise OptionError(f"{where}: there is no option {shown_value(name)}. {suggestion(name, list(_CHECKS))}")
        try:
            return replace(self, **nearer)
        except OptionError as error:
            raise OptionError(f"{where}: {error}") from None


def option_of_ini_file(name: str, value: Any) -> Any:
    """Return an option's value from that of an ini file, where it may be a text or, in TOML, of a type of its own.

    ``42`` means the same in both. TOML has no numbers with leading zeros, so an account that is a number gets them.
    """
    if name == "account_id" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value:012d}"
    if name in ("seed", "work_budget") and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    return value


def _time_of(value: object) -> datetime | None:
    """Return a datetime, also from a text in ISO 8601; None for anything else."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    try:
        # Python 3.10 does not read "Z".
        return datetime.fromisoformat(f"{value[:-1]}+00:00" if value.endswith("Z") else value)
    except ValueError:
        return None


def _is_start_time(value: object) -> bool:
    if value is None:
        return True
    moment = _time_of(value)
    return moment is not None and moment.utcoffset() is not None


def suggestion(name: str, known: list[str]) -> str:
    """Return in words the most similar name, if one is similar, and all known names."""
    near = did_you_mean(name, known)
    return f"{'' if near is None else f'{near} '}There are: {shown_names(known)}."


_CHECKS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "region": (lambda value: value is None or is_region(value), "a region is written like 'eu-west-1'"),
    "account_id": (is_account_id, "an account id is a string of 12 digits"),
    "start_time": (
        _is_start_time,
        "a start time is a datetime with a time zone or a text such as '2024-05-01T12:00:00Z'; None is the real time",
    ),
    "seed": (
        lambda value: (
            value is None
            or (isinstance(value, int) and not isinstance(value, bool))
            or (isinstance(value, str) and is_unicode(value))
        ),
        "a seed is an int or a str, or None",
    ),
    "assert_all_mocks_used": (lambda value: isinstance(value, bool), "it is True or False"),
    "assert_no_pending": (lambda value: isinstance(value, bool), "it is True or False"),
    "unsupported_operations": (lambda value: is_one_of(value, "raise", "pass"), "it is 'raise' or 'pass'"),
    "validate_mocks": (
        lambda value: is_one_of(value, "strict", "present", "none"),
        "it is 'strict', 'present' or 'none'",
    ),
    "work_budget": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 1,
        "a work budget is an int of at least 1, the most steps that the expressions of one execution may take",
    ),
}
