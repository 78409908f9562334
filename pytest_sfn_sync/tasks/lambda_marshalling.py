"""The results of Lambda handlers, written as JSON by Lambda's Python runtime and read again by Step Functions.

Measured: a Decimal becomes a number with the same digits; a set, a datetime and bytes fail with
``Runtime.MarshalError``. The other rules are those of the runtime's encoder (awslambdaric uses simplejson): tuples
become arrays, named tuples become objects, and keys that are numbers, booleans or None become text.

This module is used only for values that are not of JSON's own types.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json

MARSHAL_ERROR = "Runtime.MarshalError"


class LambdaRuntimeError(Exception):
    """An error that Lambda's runtime or sandbox reports, not the function itself; ``error_type`` is its name."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def marshalled(value: Any) -> JSON:
    """Return the document for a handler's result; raise `LambdaRuntimeError` if the runtime can't write it as JSON."""
    try:
        text = _written(value, ())
    except RecursionError:
        raise _not_marshalled("maximum recursion depth exceeded") from None
    try:
        return parse_json(text)
    except JSONTextError:
        # The runtime writes NaN and Infinity. Recorded: a payload that is not JSON arrives as a text.
        return text


def _written(value: Any, within: tuple[int, ...]) -> str:
    if isinstance(value, str):
        return json.dumps(str.__str__(value), ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        try:
            return int.__repr__(value)
        except ValueError as error:  # Python's own limit of digits.
            raise _not_marshalled(str(error)) from None
    if isinstance(value, float):
        return json.dumps(float(value))
    if isinstance(value, Decimal):
        return "NaN" if value.is_nan() else str(value)
    if id(value) in within:
        raise _not_marshalled("Circular reference detected")
    inside = (*within, id(value))
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(item, inside) for item in value)}]"
    if isinstance(value, dict):
        members = (f"{_key(key)}: {_written(member, inside)}" for key, member in value.items())
        return f"{{{', '.join(members)}}}"
    raise _not_marshalled(f"Object of type {type(value).__name__} is not JSON serializable")


def _key(key: Any) -> str:
    if isinstance(key, str):
        return json.dumps(str.__str__(key), ensure_ascii=False)
    if key is None or isinstance(key, bool | int | float):
        return f'"{_written(key, ())}"'
    raise _not_marshalled(f"keys must be str, int, float, bool or None, not {type(key).__name__}")


def _not_marshalled(reason: str) -> LambdaRuntimeError:
    return LambdaRuntimeError(MARSHAL_ERROR, f"Unable to marshal response: {reason}")
