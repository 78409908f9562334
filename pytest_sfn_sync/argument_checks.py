"""The arguments of the public methods, checked at the door by one table.

A row names the method, the error for its mistakes, and what each argument takes. An argument is in the table if
nothing behind the door checks it: mocks, targets and options check their own, with more to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.errors import MockError, OptionError, SfnSyncUsageError
from pytest_sfn_sync.shown_text import shown_value

_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")


class WrongArgumentError(SfnSyncUsageError, TypeError):
    """An argument of another type than a function of the package takes; it is also a TypeError."""


class Wanted(NamedTuple):
    """What an argument takes: the check, and the words for it in a message."""

    accepts: Callable[[Any], bool]
    words: str


class Door(NamedTuple):
    """One public method: the error for its mistakes, and what its arguments take."""

    error: type[SfnSyncUsageError]
    arguments: Mapping[str, Wanted]


def is_region(value: object) -> bool:
    """Return whether a value is written like the name of a region."""
    return isinstance(value, str) and _REGION.fullmatch(value) is not None


def is_one_of(value: object, *texts: str) -> bool:
    """Return whether a value is one of some texts; an object that says it is equal to all is none of them."""
    return isinstance(value, str) and value in texts


def is_account_id(value: object) -> bool:
    """Return whether a value is a string of 12 digits."""
    return isinstance(value, str) and _ACCOUNT_ID.fullmatch(value) is not None


_LONGEST_PATTERN: Final = 100_000
"""The longest regular expression that a test may give. Python takes a microsecond for each of its characters."""


def _is_pattern(value: object) -> bool:
    if (
        not isinstance(value, str | re.Pattern)
        or len(value if isinstance(value, str) else value.pattern) > _LONGEST_PATTERN
    ):
        return False
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        return False
    return isinstance(value, str) or isinstance(value.pattern, str)


def _is_machine(value: object) -> bool:
    return bool(value) if isinstance(value, str) else isinstance(getattr(value, "arn", None), str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_error(value: object) -> bool:
    return bool(value) if isinstance(value, str) else isinstance(getattr(value, "error", None), str)


def _or_none(wanted: Wanted, words: str) -> Wanted:
    return Wanted(lambda value: value is None or wanted.accepts(value), f"{wanted.words}, or None {words}")


_TEXT: Final = Wanted(lambda value: isinstance(value, str), "a str")
_BOOLEAN: Final = Wanted(lambda value: isinstance(value, bool), "True or False")
_REGION_NAME: Final = Wanted(is_region, "the name of a region such as 'eu-west-1'")
_TWELVE_DIGITS: Final = Wanted(is_account_id, "a str of 12 digits")
_STATE: Final = Wanted(lambda value: isinstance(value, str), "the name of a state")
_VARIABLES: Final = Wanted(lambda value: isinstance(value, Mapping), "a dict with values by the names of variables")
_CODE: Final = Wanted(lambda value: isinstance(value, str), "the code of an error, such as 'ThrottlingException'")

DOORS: Final[Mapping[str, Door]] = {
    "register": Door(
        OptionError,
        {
            "role_arn": _or_none(_TEXT, "for a role of the fake's own"),
            "region": _or_none(_REGION_NAME, "for the fake's own"),
            "account_id": _or_none(_TWELVE_DIGITS, "for the fake's own"),
            "replace": _BOOLEAN,
        },
    ),
    "load_template": Door(OptionError, {"replace": _BOOLEAN}),
    "load_terraform": Door(OptionError, {"replace": _BOOLEAN}),
    "create_alias": Door(
        OptionError,
        {
            "name": Wanted(lambda value: isinstance(value, str), "the name of the alias"),
            "version": Wanted(
                lambda value: isinstance(value, int | str) and not isinstance(value, bool),
                "the number or the ARN of a published version",
            ),
        },
    ),
    "publish_version": Door(OptionError, {"description": _or_none(_TEXT, "for no description")}),
    "inject_error": Door(
        MockError,
        {
            "code": _CODE,
            "message": _or_none(_TEXT, "for AWS's own text"),
            "operation": _or_none(_TEXT, "for all operations"),
            "machine": _or_none(Wanted(_is_machine, "a machine, its name or its ARN"), "for all machines"),
            "optional": _BOOLEAN,
        },
    ),
    "raises": Door(
        MockError,
        {
            "code": _CODE,
            "match": _or_none(
                Wanted(_is_pattern, f"a regular expression of at most {_LONGEST_PATTERN:,} characters"),
                "for any message",
            ),
        },
    ),
    "run": Door(
        WrongArgumentError,
        {
            "name": _or_none(_TEXT, "for a generated name"),
            "start_at": _or_none(_STATE, "for the machine's own StartAt"),
            "stop_after": _or_none(_STATE, "for the end of the machine"),
            "variables": _or_none(_VARIABLES, "for no variables"),
        },
    ),
    "test_state": Door(
        WrongArgumentError,
        {
            "state": _STATE,
            "raises": _or_none(Wanted(_is_error, "a TaskError or the name of an error"), "for no error"),
            "variables": _or_none(_VARIABLES, "for no variables"),
            "context": _or_none(
                Wanted(lambda value: isinstance(value, Mapping), "a dict in place of the context object"),
                "for the state's own",
            ),
            "retries": Wanted(_is_count, "the number of retries made before, 0 or more"),
            "validate": _or_none(
                Wanted(lambda value: is_one_of(value, "strict", "present", "none"), "'strict', 'present' or 'none'"),
                "for the option validate_mocks",
            ),
        },
    ),
    "assert_path": Door(
        WrongArgumentError,
        {
            "*names": Wanted(
                lambda value: isinstance(value, tuple) and all(isinstance(name, str) for name in value),
                "the names of states, one by one, such as assert_path('Charge', 'Ship')",
            )
        },
    ),
    "use_mock_config": Door(
        MockError, {"case": _or_none(Wanted(_TEXT.accepts, "the name of a test case"), "for no case")}
    ),
    "use_history": Door(
        MockError, {"machine": _or_none(Wanted(_TEXT.accepts, "the name of a machine"), "for that of the recording")}
    ),
    "attach": Door(
        MockError,
        {
            "client": Wanted(
                lambda value: hasattr(getattr(value, "meta", None), "events"),
                "a client of boto3, botocore or aiobotocore",
            )
        },
    ),
}


def check_arguments(method: str, **given: object) -> None:
    """Raise the usage error of a method for the first argument that it does not take."""
    __tracebackhide__ = True
    door = DOORS[method]
    for name, value in given.items():
        wanted = door.arguments[name]
        if not wanted.accepts(value):
            label = name if name.startswith("*") else f"{name}="
            raise door.error(f"{method} takes {label} as {wanted.words}, not {shown_value(value)}.")
