"""The checks of values at run time, for Items, Condition, Seconds, TimeoutSeconds and other fields.

Each function takes a value and the expression that it came from. It returns the value or raises `QueryEvaluationError`.
Texts and ranges as recorded. Where no text was recorded, a similar recorded one is used and marked.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.expressions import JSON, expression_text
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.jsonata.expression_faults import QueryEvaluationError, unexpected_result
from pytest_sfn_sync.asl.jsonata.field_values import FieldExpression
from pytest_sfn_sync.asl.limits import MAX_WAIT_SECONDS
from pytest_sfn_sync.asl.timestamps import parse_timestamp

_MAX_TIMEOUT_SECONDS: Final = 99_999_999


def expect_array(value: JSON, expression: FieldExpression) -> list[JSON]:
    """Return the value if it is an array (Items)."""
    if isinstance(value, list):
        return value
    raise _unexpected("array", value, expression)


def expect_items(value: JSON, expression: FieldExpression) -> JSON:
    """Return the value if it is an array or an object (Items of a distributed Map)."""
    return value if isinstance(value, dict) else expect_array(value, expression)


def expect_boolean(value: JSON, expression: FieldExpression) -> bool:
    """Return the value if it is a boolean (Condition)."""
    # Assumption: the same text as for arrays and numbers.
    if isinstance(value, bool):
        return value
    raise _unexpected("boolean", value, expression)


def expect_string(value: JSON, expression: FieldExpression) -> str:
    """Return the value if it is a string (Error, Cause, Timestamp, RoleArn)."""
    # Assumption: the same text as for arrays and numbers.
    if isinstance(value, str):
        return value
    raise _unexpected("string", value, expression)


def expect_number(value: JSON, expression: FieldExpression) -> int | float:
    """Return the value if it is a number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise _unexpected("number", value, expression)


def expect_integer(value: JSON, expression: FieldExpression) -> int:
    """Return the value as an int if it is a whole number, such as ``2.0``."""
    number = expect_number(value, expression)
    if number != int(number):
        field = expression.location
        raise QueryEvaluationError(
            f"The {field} field cannot be parsed as an integer: {compact(number)}", location=expression.location
        )
    return int(number)


def expect_integer_between(value: JSON, expression: FieldExpression, lowest: int, highest: int) -> int:
    """Return the value as an int if it is a whole number within the bounds (both included)."""
    number = expect_integer(value, expression)
    if lowest <= number <= highest:
        return number
    raise _out_of_range(number, expression, lowest, highest)


def expect_percentage(value: JSON, expression: FieldExpression) -> int | float:
    """Return the value if it is a number from 0 to 100 (ToleratedFailurePercentage)."""
    number = expect_number(value, expression)
    if 0 <= number <= 100:
        return number
    # Assumption: the same text as for TimeoutSeconds.
    raise _out_of_range(number, expression, 0, 100)


def timeout_seconds(value: JSON, expression: FieldExpression) -> int:
    """Return the seconds of TimeoutSeconds or HeartbeatSeconds."""
    seconds = expect_integer_between(value, expression, 0, _MAX_TIMEOUT_SECONDS)
    if seconds == 0:
        # Assumption: 0 is refused, as in a literal. The text recorded for -1 has 0 as the bound.
        raise _out_of_range(seconds, expression, 0, _MAX_TIMEOUT_SECONDS)
    return seconds


def task_credentials(value: JSON, expression: FieldExpression) -> JSON:
    """Return the Credentials of a task if their RoleArn is a string."""
    role = value["RoleArn"]
    if isinstance(role, str):
        return value
    # Assumption: the same text as for arrays and numbers.
    text, location = expression_text(expression.source["RoleArn"]), f"{expression.location}/RoleArn"
    raise unexpected_result(text, location, expected="string", value=role)


def wait_seconds(value: JSON, expression: FieldExpression) -> int:
    """Return the seconds of a Wait.

    Measured: 0.0 is accepted, and so are numbers above 99,999,999, the largest literal.
    """
    # Recorded: a negative number fails. Assumption: its text is that of TimeoutSeconds.
    return expect_integer_between(value, expression, 0, MAX_WAIT_SECONDS)


def wait_timestamp(value: JSON, expression: FieldExpression) -> int:
    """Return the moment of a Wait's Timestamp, in microseconds since the epoch."""
    text = expect_string(value, expression)
    moment = parse_timestamp(text)
    if moment is None:
        raise QueryEvaluationError(
            f"The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}",
            location=expression.location,
        )
    return moment


def map_items_of_input(state_input: JSON) -> list[JSON]:
    """Return the state input if it is an array: the items of a Map without Items."""
    if isinstance(state_input, list):
        return state_input
    raise QueryEvaluationError(f"Map state input must be an array but was: {compact(state_input)}", location=None)


def _unexpected(expected: str, value: JSON, expression: FieldExpression) -> QueryEvaluationError:
    return unexpected_result(expression.text, expression.location, expected=expected, value=value)


def _out_of_range(value: int | float, expression: FieldExpression, lowest: int, highest: int) -> QueryEvaluationError:
    cause = f"{expression.location} must be between {lowest} and {highest} but was: {compact(value)}"
    return QueryEvaluationError(cause, location=expression.location)
