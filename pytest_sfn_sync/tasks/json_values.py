"""The copies between the test's Python values and the documents of a run.

A value of the test is copied once, by way of JSON, so that the test can't change a document later. A value that isn't
JSON is refused with its path. A document is copied before a handler gets it, so that the handler may change its copy.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Generator, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import CoroutineType, FunctionType, MethodType
from typing import Any, Final
from uuid import UUID

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.shortening import fits

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


def document_of(value: Any, what: str) -> JSON:
    """Return a copy of a value, made by way of JSON; raise MockError with ``what`` and the path if it isn't JSON.

    Keys that aren't strings are refused, although ``json.dumps`` would turn some of them into strings.
    """
    for fault in _faults(value, "$", strict_keys=True):
        raise MockError(f"{what} is not JSON at {fault}")
    return document_of_handler_result(value, what)


def document_of_handler_result(value: Any, what: str) -> JSON:
    """Return a copy of what a handler returned, as the Python runtime of Lambda does: keys such as 1 become strings.

    Raise MockError with the path to the first value that isn't JSON.
    """
    try:
        return plain_copy(value)
    except (NotPlainError, RecursionError):
        pass
    try:
        return json.loads(_encode(value))
    except (TypeError, ValueError, RecursionError) as error:
        for fault in _faults(value, "$", strict_keys=False):
            raise MockError(f"{what} is not JSON at {fault}") from None
        raise MockError(f"{what} is not JSON: {error}") from None


class NotPlainError(Exception):
    """A value is not of one of JSON's own types; it may still have a form in JSON."""


_SCALARS: Final = frozenset({type(None), bool, int, str})


def plain_copy(value: Any) -> JSON:
    """Return a copy of a value of JSON's own types, as most handlers return; raise NotPlainError for any other."""
    kind = type(value)
    if kind in _SCALARS or (kind is float and math.isfinite(value)):
        return value
    if kind is list:
        return [member if type(member) in _SCALARS else plain_copy(member) for member in value]
    if kind is dict:
        for key in value:
            if type(key) is not str:
                raise NotPlainError
        return {key: member if type(member) in _SCALARS else plain_copy(member) for key, member in value.items()}
    raise NotPlainError


def private_copy(document: JSON) -> JSON:
    """Return a copy of a document that the receiver may change."""
    if isinstance(document, dict):
        return {
            key: private_copy(value) if isinstance(value, dict | list) else value for key, value in document.items()
        }
    if isinstance(document, list):
        return [private_copy(value) if isinstance(value, dict | list) else value for value in document]
    return document


def member_path(path: str, key: Any) -> str:
    """Return the path of a member: ``$.name``, or ``$['odd name']`` if the name can't follow a dot."""
    return f"{path}.{key}" if isinstance(key, str) and key.isidentifier() else f"{path}[{key!r}]"


def _faults(value: Any, path: str, *, strict_keys: bool, within: tuple[int, ...] = ()) -> Iterator[str]:
    if id(value) in within:
        yield f"{path}: the value contains itself."
        return
    match value:
        case None | bool() | int() | str():
            return
        case float():
            if not math.isfinite(value):
                yield f"{path}: {value!r} has no form in JSON. Write None or a string."
        case dict():
            for key, member in value.items():
                if strict_keys and not isinstance(key, str):
                    yield f"{path}: the key {key!r} is not a string."
                yield from _faults(member, member_path(path, key), strict_keys=strict_keys, within=(*within, id(value)))
        case list() | tuple():
            for index, member in enumerate(value):
                yield from _faults(member, f"{path}[{index}]", strict_keys=strict_keys, within=(*within, id(value)))
        case _:
            yield f"{path}: {_shortened(value)} is of type {type(value).__name__}.{_advice(value)}"


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
    text = repr(value)
    return text if fits(len(text), limit) else f"{text[: limit - 3]}..."
