"""The meaning of unquoted scalars in YAML: a table of implicit types for each dialect.

`YAML_1_1` is the dialect of CloudFormation, SAM and PyYAML: ``Yes`` is a boolean, ``010`` is eight, ``12:30`` is a
number. `JS_YAML` is the default schema of js-yaml 4, with which the serverless framework reads ``serverless.yml`` and
the files that it includes. It is the core schema of YAML 1.2, with dates: ``Yes`` is a string, ``010`` is ten, and a
date becomes its text in JavaScript's JSON. `GO_YAML` is the dialect of Terraform's ``yamldecode``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

STANDARD_TAG: Final = "tag:yaml.org,2002:"
_LARGEST_EXACT: Final = 2**53
_LEAST_WITH_EXPONENT: Final = 1e21


@dataclass(frozen=True, slots=True)
class ImplicitType:
    """One type of scalars that are not strings: the texts of its scalars, and the function that reads them.

    ``first`` has the characters with which such a text may begin. ``pattern`` matches the whole text. ``read`` may
    raise ValueError or OverflowError.
    """

    name: str
    first: str
    pattern: re.Pattern[str]
    read: Callable[[str], Any]

    @property
    def tag(self) -> str:
        """The tag that a YAML library has for the type."""
        return f"{STANDARD_TAG}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A dialect of YAML.

    Without ``types`` it has those of the YAML library. If ``keys_are_texts`` is True, a key that looks like a number, a
    boolean or null becomes its text, as all keys of a JavaScript object are texts. Otherwise such a key is not a name.
    If ``refuses_repetitions`` is True, the tool reads no mapping that has a key twice.
    """

    types: tuple[ImplicitType, ...] | None = None
    keys_are_texts: bool = False
    refuses_repetitions: bool = False


def _null(text: str) -> None:
    return None


def _boolean(text: str) -> bool:
    return text.lower() == "true"


def _integer(text: str) -> int | float:
    digits = text.replace("_", "").lstrip("+-")
    base = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2])
    value = int(digits) if base is None else int(digits[2:], base)
    return _javascript_number(-value if text.startswith("-") else value)


def _float(text: str) -> int | float:
    return _javascript_number(float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan")))


def _javascript_number(number: int | float) -> int | float:
    """Return a number as JSON.stringify writes it: with 53 bits of precision, and without a fraction that is zero."""
    if isinstance(number, int) and abs(number) <= _LARGEST_EXACT:
        return number
    double = float(number)
    # Both conditions are False for Infinity and NaN, which are not changed.
    return int(Decimal(repr(double))) if double.is_integer() and abs(double) < _LEAST_WITH_EXPONENT else double


_DATE: Final = re.compile(
    r"(?=\d{4}-\d\d-\d\d\Z|\d{4}-\d\d?-\d\d?[Tt \t])(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d*))?"
    r"(?:[ \t]*(?:Z|(?P<sign>[-+])(?P<hours>\d\d?)(?::(?P<minutes>\d\d))?))?)?\Z",
    re.ASCII,
)


def _date(text: str) -> str:
    """Return a date or a timestamp as JSON.stringify writes the Date that js-yaml creates for it.

    Documented: js-yaml 4, type/timestamp.js; a day that does not exist (``2021-02-31``) becomes one of the next month,
    as in Date.UTC. Assumption: the framework turns a Date into JSON, as it does with the whole configuration.
    """
    match = _DATE.match(text)
    if match is None:
        raise ValueError("a date is written 2020-01-31, or with a time: 2020-01-31T09:30:00Z")
    part = match.groupdict(default="0")
    years, month = divmod(int(part["month"]) - 1, 12)
    year = int(part["year"]) + years
    moment = datetime(year + 1900 if year < 100 else year, month + 1, 1) + timedelta(
        days=int(part["day"]) - 1,
        hours=int(part["hour"]),
        minutes=int(part["minute"]),
        seconds=int(part["second"]),
        milliseconds=int(part["fraction"][:3].ljust(3, "0")),
    )
    zone = timedelta(hours=int(part["hours"]), minutes=int(part["minutes"]))
    moment += zone if part["sign"] == "-" else -zone
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z")


YAML_1_1: Final = Dialect()
"""The dialect of CloudFormation and SAM.

Assumption: it is also the dialect of a definition file (``orders.asl.yaml``), which a deployment turns into JSON. Most
tools for that are written in Python, and read YAML 1.1.
"""

# Documented: js-yaml 4.1, lib/type/null.js, bool.js, int.js, float.js, timestamp.js. Integers are tried before floats.
JS_YAML: Final = Dialect(
    types=(
        ImplicitType("null", "~nN", _whole("~|null|Null|NULL|"), _null),
        ImplicitType("bool", "tTfF", _whole("true|True|TRUE|false|False|FALSE"), _boolean),
        ImplicitType(
            "int",
            "-+0123456789",
            _whole(
                r"[-+]?(?:0b[01_]*[01]|0o[0-7_]*[0-7]|0x[0-9a-fA-F_]*[0-9a-fA-F]"
                r"|0|0[0-9](?:[0-9_]*[0-9])?|[1-9](?:[0-9_]*[0-9])?)"
            ),
            _integer,
        ),
        ImplicitType(
            "float",
            "-+.0123456789",
            _whole(
                r"(?!.*_\Z)(?:[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
                r"|\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
            ),
            _float,
        ),
        ImplicitType("timestamp", "0123456789", _DATE, _date),
        ImplicitType("merge", "<", _whole("<<"), str),
    ),
    keys_are_texts=True,
    refuses_repetitions=True,
)


_GO_TIMESTAMP: Final = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:[Tt ](?P<hour>\d\d?):(?P<minute>\d\d?):(?P<second>\d\d?)(?:\.\d+)?(?P<zone>Z|[-+]\d\d:\d\d)?)?\Z",
    re.ASCII,
)


def _go_timestamp(text: str) -> str:
    """Return a date or a timestamp in the form of RFC 3339, in which yamldecode has it; others stay as they are."""
    match = _GO_TIMESTAMP.match(text)
    assert match is not None
    part = match.groupdict(default="")
    # Recorded: Terraform takes a zone only after a T, and needs one there.
    if part["hour"] and ("T" in text.upper()) != bool(part["zone"]):
        return text
    numbers = [int(part[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    try:
        return f"{datetime(*numbers).isoformat()}{part['zone'] or 'Z'}"  # type: ignore[arg-type]
    except ValueError:
        return text


_GO_BASES: Final = {"0x": 16, "0o": 8}
_GO_BOOLEANS: Final = {
    **dict.fromkeys(("y", "yes", "on", "true"), True),
    **dict.fromkeys(("n", "no", "off", "false"), False),
}


def _go_integer(text: str) -> int:
    return int(text[2:], _GO_BASES[text[:2]]) if text[:2] in _GO_BASES else int(text)


def _go_boolean(text: str) -> bool:
    return _GO_BOOLEANS[text.lower()]


# Recorded: Terraform 1.11.
GO_YAML: Final = Dialect(
    types=(
        ImplicitType("null", "~nN", _whole("~|null|Null|NULL|"), _null),
        ImplicitType(
            "bool",
            "yYnNtTfFoO",
            _whole("|".join(form for word in _GO_BOOLEANS for form in (word, word.title(), word.upper()))),
            _go_boolean,
        ),
        ImplicitType("int", "-+0123456789", _whole(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"), _go_integer),
        ImplicitType(
            "float",
            "-+.0123456789",
            _whole(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"),
            _float,
        ),
        ImplicitType("timestamp", "0123456789", _GO_TIMESTAMP, _go_timestamp),
        ImplicitType("merge", "<", _whole("<<"), str),
    ),
    keys_are_texts=True,
)
"""The dialect of Terraform's ``yamldecode``: ``yes`` and ``y`` are true, ``010`` is ten, and dates become texts."""
