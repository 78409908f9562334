"""The copies between the test's Python values and the documents of a run.

A value of the test is copied once, by way of JSON, so that the test can't change a document later. A value that isn't
JSON is refused with its path. `document_copies` has the copies that the test gets.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Generator, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import reduce
from itertools import islice
from pathlib import PurePath
from types import CoroutineType, FunctionType, MethodType
from typing import Any, Final
from uuid import UUID

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text.jackson import MAX_DEPTH
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import fits, shown_text, shown_value
from pytest_sfn_sync.sources.document_size import (
    LEAST_UNFIT,
    MOST_CHARACTERS,
    TOO_LARGE,
    TOO_MANY_DIGITS,
    DocumentSize,
    characters_of_keys,
    is_number,
)

_WHAT_TO_WRITE_INSTEAD: Final[tuple[tuple[type, str], ...]] = (
    (datetime, "Write an ISO 8601 string: value.isoformat()."),
    (date, "Write an ISO 8601 string: value.isoformat()."),
    (Decimal, "Write an int or a float."),
    (bytes, "Write a string: value.decode(), or its base64 text."),
    (set, "Write a list: sorted(value)."),
    (frozenset, "Write a list: sorted(value)."),
    (Enum, "Write value.value."),
    (UUID, "Write a string: str(value)."),
    (PurePath, "Write a string: str(value)."),
    (Generator, "Write a list: list(value)."),
    (FunctionType, "Write calls= for a function that is to be called."),
    (MethodType, "Write calls= for a function that is to be called."),
    (CoroutineType, "Write calls= with the coroutine function, which is then run."),
)

_encode: Final = json.JSONEncoder(allow_nan=False).encode


MOST_VALUES: Final = PAYLOAD_BYTES
"""The most values of a handler's result. Each takes a byte or more, so a result of more values is always too large.

Assumption: it is too large for the state (States.DataLimitExceeded) even if Lambda's limit of 6 MB is passed too.
"""

_FEW_MEMBERS: Final = 100
"""The most members of an object that are looked at one by one before it is copied."""

_MOST_STEPS: Final = 100
"""The most keys and indices of a path in a message."""


def document_of(value: Any, what: str) -> JSON:
    """Return a copy of a value, made by way of JSON; raise MockError with ``what`` and the path if it isn't JSON.

    Keys that aren't strings are refused, although ``json.dumps`` would turn some of them into strings.
    """
    for fault in _faults(value, strict_keys=True):
        raise MockError(f"{what} is not JSON at {fault}")
    try:
        return _copy(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise _unknown_fault(what, error) from None


def document_of_handler_result(value: Any, what: str) -> JSON:
    """Return a copy of what a handler returned, as the Python runtime of Lambda does: keys such as 1 become strings.

    Raise MockError with the path to the first value that isn't JSON.
    """
    try:
        return _copy(value)
    except (TypeError, ValueError, RecursionError) as error:
        for fault in _faults(value, strict_keys=False):
            raise MockError(f"{what} is not JSON at {fault}") from None
        raise _unknown_fault(what, error) from None


def _copy(value: Any) -> JSON:
    try:
        return plain_copy(value)
    except NotPlainError:
        return json.loads(_encode(value))


def _unknown_fault(what: str, error: Exception) -> MockError:
    why = "it is nested too deeply" if isinstance(error, RecursionError) else shown_text(str(error))
    return MockError(f"{what} is not JSON: {why}")


class NotPlainError(Exception):
    """A value is not of one of JSON's own types; it may still have a form in JSON."""


class TooLargeResultError(Exception):
    """A value of a test is larger than any result of a task; it may hold the same list or text many times."""


_SCALARS: Final = frozenset({type(None), bool, int, str})
_KEYS: Final = frozenset({str})


def plain_copy(value: Any) -> JSON:
    """Return a copy of a value of JSON's own types, of any depth.

    Raise NotPlainError for a value of any other type, and TooLargeResultError for one that no task may return.
    """
    if type(value) is dict and len(value) <= _FEW_MEMBERS:
        # Most handlers return an object without objects in it, whose members need no function to look at them.
        characters = 0
        for key, member in value.items():
            kind = type(member)
            if type(key) is not str or kind not in _SCALARS:
                break
            characters += len(key)
            if kind is str:
                characters += len(member)
            elif kind is int and not -LEAST_UNFIT < member < LEAST_UNFIT:
                break
        else:
            if characters > MOST_CHARACTERS:
                raise TooLargeResultError
            return value.copy()
    try:
        return _copied(value, [MOST_VALUES - 1, MOST_CHARACTERS])
    except RecursionError:  # Little of Python's stack is left for a deep document.
        if _is_too_deep(value):
            raise NotPlainError from None
        if is_too_large_for_a_result(value):
            raise TooLargeResultError from None
        if is_plain(value):
            return copied(value)
        raise NotPlainError from None


def _copied(value: Any, left: list[int]) -> JSON:
    """Return a copy; ``left`` holds the number of values, and of characters, that may still come."""
    kind = type(value)
    if kind is str:
        left[1] -= len(value)
        if left[1] < 0:
            raise TooLargeResultError
        return value
    if kind is list:
        return value.copy() if _holds_scalars(value, left) else [_copied(member, left) for member in value]
    if kind is dict:
        if not _KEYS.issuperset(map(type, value)):
            raise NotPlainError
        left[1] -= sum(map(len, value))
        if _holds_scalars(value.values(), left):
            return value.copy()
        return {key: _copied(member, left) for key, member in value.items()}
    if _is_plain_scalar(value):
        return value
    raise NotPlainError


def _is_plain_scalar(value: Any) -> bool:
    """Return whether a value is a text, a number that AWS can read, a boolean or None, of Python's own types."""
    kind = type(value)
    return kind in _SCALARS if kind is not int and kind is not float else is_number(value)


def _holds_scalars(members: Collection[Any], left: list[int]) -> bool:
    """Return whether all members of a container are plain scalars, and count them, with the texts if they are.

    Raise TooLargeResultError once there are too many, and NotPlainError for a number too large.
    """
    left[0] -= len(members)
    if left[0] < 0 or left[1] < 0:
        raise TooLargeResultError
    kinds = set(map(type, members))
    if not kinds <= _SCALARS:
        return False
    if int in kinds:
        numbers = members if len(kinds) == 1 else [member for member in members if type(member) is int]
        if min(numbers) <= -LEAST_UNFIT or max(numbers) >= LEAST_UNFIT:
            raise NotPlainError
    if str in kinds:
        left[1] -= sum(map(len, members if len(kinds) == 1 else [member for member in members if type(member) is str]))
        if left[1] < 0:
            raise TooLargeResultError
    return True


def is_too_large_for_a_result(value: Any) -> bool:
    """Return whether a value of any types is larger than all results of tasks; shared parts count each time.

    A value that contains itself has no size, so the answer for it is False.
    """
    values, characters = MOST_VALUES, MOST_CHARACTERS
    open_: list[tuple[int, Iterator[Any]]] = [(0, iter((value,)))]
    open_ids = {0}
    while open_:
        own_id, members = open_[-1]
        for member in members:
            values -= 1
            if isinstance(member, str):
                characters -= len(member)
            if values < 0 or characters < 0:
                return True
            if isinstance(member, dict | list | tuple):
                if id(member) in open_ids:
                    return False
                open_ids.add(id(member))
                open_.append((id(member), iter(member.values() if isinstance(member, dict) else member)))
                if isinstance(member, dict):
                    characters -= characters_of_keys(member)
                break
        else:
            open_.pop()
            open_ids.discard(own_id)
    return False


def is_plain(value: Any) -> bool:
    """Return whether a value is of JSON's own types, at any depth.

    One of more values than a document has is not: it may contain itself.
    """
    size = DocumentSize()
    pending = [value]
    while pending:
        container = pending.pop()
        if not size.adds():
            return False
        if type(container) is dict:
            if any(type(key) is not str for key in container):
                return False
            pending += container.values()
        elif type(container) is list:
            pending += container
        elif not _is_plain_scalar(container):
            return False
    return True


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        containers = [container for container in level if type(container) is dict or type(container) is list]
        level = [member for one in containers for member in (one.values() if type(one) is dict else one)]
        if not level:
            return False
    return True


def with_copied_containers(value: Any) -> Any:
    """Return a value with its dicts, lists and tuples copied; everything else in it, such as a matcher, is the same.

    A value that contains itself, or is nested too deeply, is returned as it is.
    """
    try:
        return _with_copied_containers(value)
    except RecursionError:
        return value


def _with_copied_containers(value: Any) -> Any:
    if type(value) is dict:
        return {key: _with_copied_containers(member) for key, member in value.items()}
    if type(value) is list:
        return [_with_copied_containers(member) for member in value]
    if type(value) is tuple:
        return tuple([_with_copied_containers(member) for member in value])
    return value


def member_path(path: str, key: Any) -> str:
    """Return the path of a member: ``$.name``, or ``$['odd name']`` if the name can't follow a dot."""
    return f"{path}.{key}" if isinstance(key, str) and key.isidentifier() else f"{path}[{key!r}]"


def _faults(root: Any, *, strict_keys: bool) -> Iterator[str]:
    """Yield the places in a value that are no JSON, without recursion; a value that is too large is one fault."""
    size = DocumentSize()
    open_: list[tuple[Any, Any, Iterator[tuple[Any, Any]]]] = [(None, None, iter([(None, root)]))]
    open_ids: set[int] = set()
    while open_:
        _, container, members = open_[-1]
        found = next(members, None)
        if found is None:
            open_.pop()
            open_ids.discard(id(container))
            continue
        key, value = found
        if strict_keys and isinstance(container, dict) and not isinstance(key, str):
            yield f"{_path(open_)}: the key {shown_value(key)} is not a string."
        size.characters += len(key) if isinstance(key, str) else 0
        if not size.adds(len(value) if isinstance(value, str) else 0):
            yield f"{_path(open_, key)}: it is too large: {TOO_LARGE}."
            return
        if id(value) in open_ids:
            yield f"{_path(open_, key)}: the value contains itself."
        elif isinstance(value, dict | list | tuple):
            # The copy refuses what is nested more deeply.
            if len(open_) <= MAX_DEPTH:
                open_ids.add(id(value))
                open_.append((key, value, iter(value.items() if isinstance(value, dict) else enumerate(value))))
        else:
            fault = _fault_of_scalar(value)
            if fault is not None:
                yield f"{_path(open_, key)}: {fault}"


def _path(open_: Sequence[tuple[Any, Any, Any]], *last: Any) -> str:
    """Return the path of the innermost open container, or of its member ``last``; the root has no key."""
    keys = [*(key for key, _, _ in islice(open_, 2, _MOST_STEPS)), *(last if len(open_) > 1 else ())]
    return shown_text(reduce(member_path, keys, "$"))


def _fault_of_scalar(value: Any) -> str | None:
    if value is None or isinstance(value, str) or is_number(value):
        return None
    if isinstance(value, float):
        return f"{value!r} has no form in JSON. Write None or a string."
    if isinstance(value, int):
        return f"it is {shown_value(value)}. {TOO_MANY_DIGITS[0].upper()}{TOO_MANY_DIGITS[1:]}."
    return f"{_shortened(value)} is of type {type(value).__name__}.{_advice(value)}"


def _advice(value: Any) -> str:
    for kind, advice in _WHAT_TO_WRITE_INSTEAD:
        if isinstance(value, kind):
            return f" {advice}"
    if isinstance(value, type):
        return ""
    if dataclasses.is_dataclass(value):
        return " Write dataclasses.asdict(value)."
    if hasattr(value, "model_dump"):  # as models of pydantic have it
        return ' Write value.model_dump(mode="json").'
    return ""


def _shortened(value: Any, limit: int = 80) -> str:
    text = shown_value(value, 10 * limit)
    return text if fits(len(text), limit) else f"{text[: limit - 3]}..."
