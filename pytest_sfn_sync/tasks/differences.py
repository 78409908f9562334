"""Documents in messages: shown on one line, shortened, and compared member by member.

Values are compared by ``==``, so that matchers work at any depth; only, no boolean equals a number, as in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import reduce
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.shown_text import fits
from pytest_sfn_sync.tasks.json_values import member_path

Keys: TypeAlias = tuple[Any, ...]
"""A place in a value: the keys and indices that lead to it."""


def shown(value: Any, limit: int = 200) -> str:
    """Return a value on one line, as JSON or, if it has no JSON, its repr; a long line is cut in the middle."""
    text = one_line(value)
    return text if fits(len(text), limit) else cut_in_the_middle(text, limit)


def one_line(value: Any) -> str:
    """Return a value on one line, as JSON or, if it has no JSON, its repr."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return writable(text)


def cut_in_the_middle(text: str, limit: int) -> str:
    """Return a text without its middle part if it is longer than ``limit``."""
    if len(text) <= limit:
        return text
    head, tail = limit * 3 // 4, limit // 5
    return f"{text[:head].rstrip()} ...({len(text) - head - tail} characters)... {text[-tail:].lstrip()}"


def writable(text: str) -> str:
    """Return a text with halves of surrogate pairs escaped: neither files nor workers of pytest-xdist accept them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def equal(expected: Any, actual: Any) -> bool:
    """Return whether two values are equal: by ``==``, but no boolean equals a number, as True equals 1 in Python."""
    return bool(expected == actual) and _have_same_booleans(expected, actual)


def _have_same_booleans(expected: Any, actual: Any) -> bool:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(_have_same_booleans(value, actual[key]) for key, value in expected.items() if key in actual)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return all(map(_have_same_booleans, expected, actual))
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return isinstance(expected, bool) is isinstance(actual, bool)
    return True


class Difference(NamedTuple):
    """One place where two values differ; ``is_absent`` is True for a member that is expected there and missing."""

    keys: Keys
    what: str
    is_absent: bool = False


def difference_lines(expected: Any, actual: Any, *, limit: int = 8) -> list[str]:
    """Return the differences of two values, one line for each place; return an empty list if they are equal."""
    found = differences(expected, actual)
    first = list(islice(found, limit + 1))
    if fits(len(first), limit):
        return [f"{path_of(difference.keys)}: {difference.what}" for difference in (*first, *found)]
    return [*(f"{path_of(difference.keys)}: {difference.what}" for difference in first[:limit]), "... and more"]


def difference_count(expected: Any, actual: Any, *, limit: int = 1000) -> int:
    """Return the number of places where two values differ, as `difference_lines` finds them; 0 if they are equal."""
    return sum(1 for _ in islice(_differing_places(expected, actual, ()), limit))


def differences(expected: Any, actual: Any, keys: Keys = ()) -> Iterator[Difference]:
    """Yield the places where two values differ, those of the expected one first."""
    for place, one, other in _differing_places(expected, actual, keys):
        if other is MISSING:
            yield Difference(place, f"expected {shown(one)}, but it is absent", is_absent=True)
        elif one is MISSING:
            yield Difference(place, f"not expected, but it is {shown(other)}")
        elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
            yield Difference(place, f"expected {len(one)} items, got {len(other)}")
        else:
            yield Difference(place, f"expected {shown(one)}, got {shown(other)}")


def _differing_places(expected: Any, actual: Any, keys: Keys) -> Iterator[tuple[Keys, Any, Any]]:
    """Yield the places where two values differ with the two values there; MISSING is a member that one lacks.

    Two lists at a place differ in their lengths.
    """
    if equal(expected, actual):
        return
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in expected:
            if key in actual:
                yield from _differing_places(expected[key], actual[key], (*keys, key))
            else:
                yield (*keys, key), expected[key], MISSING
        for key in actual:
            if key not in expected:
                yield (*keys, key), MISSING, actual[key]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        if len(expected) != len(actual):
            yield keys, expected, actual
        for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _differing_places(one, other, (*keys, index))
    else:
        yield keys, expected, actual


def path_of(keys: Keys) -> str:
    """Return the path of a place in a value: ``$.items[0]``."""
    return reduce(member_path, keys, "$")
