"""Fields that hold numbers, and the numbers that the corresponding ``...Path`` fields refer to at run time.

Recorded: AWS reads numbers from their text. The number 3 and the string "3" are the same; 3.0 is not a whole number.
"""

from __future__ import annotations

import re
from typing import Final

from pytest_sfn_sync.asl.error_names import AslError, runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.json_text import compact

NUMBER_FIELDS: Final = frozenset(
    {
        "BackoffRate",
        "HeartbeatSeconds",
        "IntervalSeconds",
        "MaxAttempts",
        "MaxConcurrency",
        "MaxDelaySeconds",
        "MaxInputBytesPerBatch",
        "MaxItems",
        "MaxItemsPerBatch",
        "Seconds",
        "TimeoutSeconds",
        "ToleratedFailureCount",
        "ToleratedFailurePercentage",
    }
)
"""The fields of states, retriers and Maps whose literal value is a number."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


def text_of(value: JSON) -> str:
    """Return the text in which AWS reads and quotes a value: a string as it is, any other value as compact JSON."""
    return value if isinstance(value, str) else compact(value)


def whole_number(value: JSON) -> int | None:
    """Read a whole number; return None for any other value."""
    text = text_of(value)
    return int(text) if _INTEGER.fullmatch(text) else None


def integer_field(value: JSON, path: Expression, field: str) -> int:
    """Read the whole number that a field such as ``MaxConcurrencyPath`` refers to; text as recorded."""
    number = whole_number(value)
    if number is None:
        raise _not_a("integer", field, value, path)
    return number


def float_field(value: JSON, path: Expression, field: str) -> float:
    """Read the number that a field such as ``ToleratedFailurePercentagePath`` refers to; text as recorded."""
    text = text_of(value)
    if not _FLOAT.fullmatch(text):
        raise _not_a("float", field, value, path)
    return float(text)


def _not_a(kind: str, field: str, value: JSON, path: Expression) -> AslError:
    return runtime_error(
        f'The {field} field refers to value "{text_of(value)}" which is not a valid {kind}: {path.source}'
    )
