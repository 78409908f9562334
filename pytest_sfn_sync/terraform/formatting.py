"""Terraform's format and formatlist: the verbs of Go's fmt that Terraform takes.

Documented: developer.hashicorp.com/terraform/language/functions/format. The words in the tests are of Terraform 1.11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from pytest_sfn_sync.sources.document_size import MOST_CHARACTERS
from pytest_sfn_sync.terraform.values import (
    ValueKindError,
    bool_of,
    is_number,
    json_of,
    number_of,
    text_of,
    whole_of,
)

_VERB: Final = re.compile(
    r"%(?:%|(?P<flags>[-+ 0#]*)(?P<width>\d*)(?P<precision>\.\d*)?(?:\[(?P<index>\d+)\])?(?P<letter>[a-zA-Z]))"
)
_WIDEST: Final = 1024
_PREFIXES: Final = {"x": "0x", "X": "0X", "o": "0", "b": "0b", "d": ""}
_LEAST_EXPONENT: Final = -4
_FIRST_EXPONENT_SHOWN: Final = 6


def format_(spec: Any, *values: Any) -> str:
    """Return a format with its values in it."""
    pattern, made, at, position, most = text_of(spec), "", 0, 0, 0
    while (start := pattern.find("%", at)) >= 0:
        verb = _VERB.match(pattern, start)
        if verb is None:
            raise ValueKindError(f"{pattern[start : start + 10]!r} is no verb of format; write %% for a percent sign")
        made += pattern[at:start]
        at = verb.end()
        if verb["letter"] is None:
            made += "%"
            continue
        position = int(verb["index"]) if verb["index"] else position + 1
        if not 0 < position <= len(values):
            raise ValueKindError(f"{verb[0]} needs value {position}, and format has {len(values)}")
        most = max(most, position)
        made += _formatted(verb, values[position - 1])
        if len(made) > MOST_CHARACTERS:
            raise ValueKindError(f"its text has more than {MOST_CHARACTERS:,} characters")
    if most < len(values):
        raise ValueKindError(f"format has {len(values)} values, and its text uses {most or 'none'}")
    return made + pattern[at:]


def formatlist(spec: Any, *values: Any) -> list[str]:
    """Return the texts of format for each item of lists, which all have one length."""
    lengths = {len(value) for value in values if isinstance(value, list)}
    if len(lengths) > 1:
        raise ValueKindError(f"its lists must have one length, and they have {' and '.join(map(str, sorted(lengths)))}")
    count = lengths.pop() if lengths else 1
    rows = ([value[index] if isinstance(value, list) else value for value in values] for index in range(count))
    return [format_(spec, *row) for row in rows]


def _formatted(verb: re.Match[str], value: Any) -> str:
    flags, width = verb["flags"], int(verb["width"] or 0)
    precision = None if verb["precision"] is None else int(verb["precision"][1:] or 0)
    if max(width, precision or 0) > _WIDEST:
        raise ValueKindError(f"{verb[0]} is wider than {_WIDEST} characters, which pytest-sfn-sync does not support")
    letter = verb["letter"]
    if letter == "v":
        letter, precision = "json" if "#" in flags else _verb_of(value), None
    write = _VERBS.get(letter)
    if write is None:
        raise ValueKindError(f"format has no verb %{letter}")
    if value is None and letter != "json":
        raise ValueKindError(f"{verb[0]} can't show null")
    text = write(letter, flags, precision, value)
    is_number_shown = letter not in ("s", "q", "t", "json")
    if "-" in flags:
        return text.ljust(width, "0" if "0" in flags and not is_number_shown else " ")
    if "0" in flags:
        sign = text[:1] if is_number_shown and text[:1] in ("+", "-", " ") else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _verb_of(value: Any) -> str:
    """Return the verb for which %v stands."""
    if isinstance(value, bool):
        return "t"
    # Documented: numbers are shown as by %g, so that a million is 1e+06.
    return "g" if is_number(value) else "s" if isinstance(value, str) else "json"


def _json(letter: str, flags: str, precision: int | None, value: Any) -> str:
    return json_of(value)


def _bool(letter: str, flags: str, precision: int | None, value: Any) -> str:
    return text_of(bool_of(value))


def _string(letter: str, flags: str, precision: int | None, value: Any) -> str:
    text = text_of(value)[:precision]
    return json_of(text) if letter == "q" else text


def _whole(letter: str, flags: str, precision: int | None, value: Any) -> str:
    whole = whole_of(value)
    prefix = _PREFIXES[letter] if "#" in flags else ""
    return f"{'-' if whole < 0 else _plus(flags)}{prefix}{abs(whole):{letter}}".rjust(precision or 0, "0")


def _number(letter: str, flags: str, precision: int | None, value: Any) -> str:
    number = number_of(value)
    if letter in "gG" and precision is None:
        return _shortest(Decimal(repr(number)), _plus(flags), "e" if letter == "g" else "E")
    places = 6 if precision is None else precision
    shown = Decimal(number) if letter == "f" else float(number)
    return f"{shown:{_plus(flags)}.{places}{letter}}"


def _shortest(number: Decimal, plus: str, mark: str) -> str:
    """Return a number with as few digits as it has; a large one has an exponent."""
    sign, digits, _ = number.normalize().as_tuple()
    exponent = number.adjusted() if number else 0
    if _LEAST_EXPONENT <= exponent < _FIRST_EXPONENT_SHOWN:
        return f"{number:{plus}f}"
    first, *rest = map(str, digits)
    fraction = f".{''.join(rest)}" if rest else ""
    return f"{'-' if sign else plus}{first}{fraction}{mark}{exponent:+03d}"


def _plus(flags: str) -> str:
    """Return the sign of a number that is not negative."""
    return "+" if "+" in flags else " " if " " in flags else ""


_VERBS: Final[Mapping[str, Callable[[str, str, int | None, Any], str]]] = {
    "json": _json,
    "t": _bool,
    **dict.fromkeys("sq", _string),
    **dict.fromkeys("dboxX", _whole),
    **dict.fromkeys("eEfgG", _number),
}
