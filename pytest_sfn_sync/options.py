"""The options of a fake, from the ini file and ``sfn_sync`` markers; of two values, the nearer one wins.

All values are checked here, so that the error for a wrong value can show where it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pytest_sfn_sync.argument_checks import is_account_id, is_region
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.shown_text import shown_names, shown_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one fake.

    ``region`` and ``account_id`` are for machines that are registered without them. ``start_time`` is the start of
    every execution on the virtual clock (timezone-aware; None: the real time). ``seed`` makes random values repeatable.
    ``assert_all_mocks_used`` reports mocks that were never called. ``unsupported_operations`` is for operations that
    the fake doesn't answer: ``"raise"`` raises an error, ``"pass"`` lets the call go on to moto or AWS.
    ``validate_mocks`` is how results of mocks are checked against service models, as in TestState's
    fieldValidationMode: ``"strict"`` demands all required members, ``"present"`` checks the members that are given,
    ``"none"`` checks nothing.
    """

    region: str = DEFAULT_REGION
    account_id: str = DEFAULT_ACCOUNT_ID
    start_time: datetime | None = None
    seed: int | str | None = None
    assert_all_mocks_used: bool = False
    unsupported_operations: str = "raise"
    validate_mocks: str = "present"

    def __post_init__(self) -> None:
        for name, (is_fit, wanted) in _CHECKS.items():
            value = getattr(self, name)
            if not is_fit(value):
                raise OptionError(f"{name}={shown_value(value)}: {wanted}.")

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


def option_from_text(name: str, text: str) -> Any:
    """Return an option's value from the text of an ini file."""
    if name == "start_time":
        try:
            return datetime.fromisoformat(f"{text[:-1]}+00:00" if text.endswith("Z") else text)
        except ValueError:
            return text
    return text


def suggestion(name: str, known: list[str]) -> str:
    """Return in words the most similar name, if one is similar, and all known names."""
    near = did_you_mean(name, known)
    return f"{'' if near is None else f'{near} '}There are: {shown_names(known)}."


_CHECKS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "region": (is_region, "a region is written like 'eu-west-1'"),
    "account_id": (is_account_id, "an account id is a string of 12 digits"),
    "start_time": (
        lambda value: value is None or (isinstance(value, datetime) and value.utcoffset() is not None),
        "a start time is a datetime with a time zone, or None for the real time",
    ),
    "seed": (
        lambda value: value is None or (isinstance(value, int | str) and not isinstance(value, bool)),
        "a seed is an int or a str, or None",
    ),
    "assert_all_mocks_used": (lambda value: isinstance(value, bool), "it is True or False"),
    "unsupported_operations": (lambda value: value in ("raise", "pass"), "it is 'raise' or 'pass'"),
    "validate_mocks": (lambda value: value in ("strict", "present", "none"), "it is 'strict', 'present' or 'none'"),
}
