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
from pytest_sfn_sync.asl.json_text import python_text
from pytest_sfn_sync.shown_text import MOST_OF_A_MESSAGE, fit_to_be_shown, fits, shown_value
from pytest_sfn_sync.sources.document_size import is_too_large
from pytest_sfn_sync.tasks.json_values import is_plain, member_path

Keys: TypeAlias = tuple[Any, ...]
"""A place in a value: the keys and indices that lead to it."""


def shown(value: Any, limit: int = 200) -> str:
    """Return a value on one line, as JSON or, if it has no JSON, its repr; a long line is cut in the middle."""
    text = one_line(value)
    return text if fits(len(text), limit) else cut_in_the_middle(text, limit)


def one_line(value: Any) -> str:
    """Return a value on one line, as JSON or, if it has no JSON or is too large to be written, its repr."""
    try:
        if is_too_large(value):  # It may hold the same list many times.
            return fit_to_be_shown(shown_value(value, MOST_OF_A_MESSAGE))
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = shown_value(value, MOST_OF_A_MESSAGE)
    except RecursionError:
        text = python_text(value) if is_plain(value) else shown_value(value, MOST_OF_A_MESSAGE)
    return fit_to_be_shown(text)


def cut_in_the_middle(text: str, limit: int) -> str:
    """Return a text without its middle part if it is longer than ``limit``."""
    if len(text) <= limit:
        return text
    head, tail = limit * 3 // 4, limit // 5
    return f"{text[:head].rstrip()} ...({len(text) - head - tail} characters)... {text[-tail:].lstrip()}"


def equal(expected: Any, actual: Any) -> bool:
    """Return whether two values are equal: by ``==``, but no boolean equals a number, as True equals 1 in Python."""
    try:
        return bool(expected == actual) and _have_same_booleans(expected, actual)
    except RecursionError:
        return _are_equal_level_by_level(expected, actual)


def _have_same_booleans(expected: Any, actual: Any) -> bool:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(_have_same_booleans(value, actual[key]) for key, value in expected.items() if key in actual)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return all(map(_have_same_booleans, expected, actual))
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return isinstance(expected, bool) is isinstance(actual, bool)
    return True


def _are_equal_level_by_level(expected: Any, actual: Any) -> bool:
    """Return whether two values are equal that are nested more deeply than Python compares."""
    pending = [(expected, actual)]
    while pending:
        one, other = pending.pop()
        if type(one) is dict and type(other) is dict and one.keys() == other.keys():
            pending += [(value, other[key]) for key, value in one.items()]
        elif type(one) is list and type(other) is list and len(one) == len(other):
            pending += zip(one, other, strict=True)
        elif type(one) in (dict, list) or not equal(one, other):
            return False
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
    pending = [iter([(keys, expected, actual)])]
    while pending:
        found = next(pending[-1], None)
        if found is None:
            pending.pop()
            continue
        place, one, other = found
        if one is MISSING or other is MISSING:
            yield found
        elif equal(one, other):
            continue
        elif isinstance(one, dict) and isinstance(other, dict):
            pending.append(_pairs_of_members(place, one, other))
        elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
            if len(one) != len(other):
                yield found
            pairs = enumerate(zip(one, other, strict=False))
            pending.append(iter([((*place, index), *pair) for index, pair in pairs]))
        else:
            yield found


def _pairs_of_members(place: Keys, expected: dict[Any, Any], actual: dict[Any, Any]) -> Iterator[tuple[Keys, Any, Any]]:
    for key, value in expected.items():
        yield (*place, key), value, actual.get(key, MISSING)
    for key, value in actual.items():
        if key not in expected:
            yield (*place, key), MISSING, value


def path_of(keys: Keys) -> str:
    """Return the path of a place in a value: ``$.items[0]``."""
    return reduce(member_path, keys, "$")
