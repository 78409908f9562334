"""What the values of fields must be: the recorded texts where they are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_sfn_sync.asl import jsonata
from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, compiled

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

Check = Callable[..., Any]


def unexpected(field: str, expected: str, was: str, value: str) -> str:
    return (
        f"The JSONata expression '$x' specified for the field '{field}' returned an unexpected result type."
        f" Expected '{expected}', but was '{was}' for value: {value}"
    )


REFUSED: dict[str, tuple[Check, str, JSON, str]] = {
    "a number for items": (jsonata.expect_array, "Items", 1, unexpected("Items", "array", "number", "1")),
    "text for items": (jsonata.expect_array, "Items", "a", unexpected("Items", "array", "string", '"a"')),
    "null for items": (jsonata.expect_array, "Items", None, unexpected("Items", "array", "null", "null")),
    "a boolean for items": (jsonata.expect_array, "Items", True, unexpected("Items", "array", "boolean", "true")),
    "an object for items": (
        jsonata.expect_array,
        "Items",
        {"foo": "bar"},
        unexpected("Items", "array", "object", '{"foo":"bar"}'),
    ),
    "a number for a condition": (
        jsonata.expect_boolean,
        "Choices[0]/Condition",
        0,
        unexpected("Choices[0]/Condition", "boolean", "number", "0"),
    ),
    "an array for a cause": (jsonata.expect_string, "Cause", [1], unexpected("Cause", "string", "array", "[1]")),
    "text for a timeout": (
        jsonata.timeout_seconds,
        "TimeoutSeconds",
        "3",
        unexpected("TimeoutSeconds", "number", "string", '"3"'),
    ),
    "a negative timeout": (
        jsonata.timeout_seconds,
        "TimeoutSeconds",
        -1,
        "TimeoutSeconds must be between 0 and 99999999 but was: -1",
    ),
    "a timeout too long": (
        jsonata.timeout_seconds,
        "TimeoutSeconds",
        100_000_000,
        "TimeoutSeconds must be between 0 and 99999999 but was: 100000000",
    ),
    "a fractional timeout": (
        jsonata.timeout_seconds,
        "TimeoutSeconds",
        1.6,
        "The TimeoutSeconds field cannot be parsed as an integer: 1.6",
    ),
    "a negative wait": (
        jsonata.wait_seconds,
        "Seconds",
        -1,
        "Seconds must be between 0 and 2147483647 but was: -1",
    ),
    "a fractional wait": (
        jsonata.wait_seconds,
        "Seconds",
        1.5,
        "The Seconds field cannot be parsed as an integer: 1.5",
    ),
    "a boolean for a wait": (
        jsonata.wait_seconds,
        "Seconds",
        True,
        unexpected("Seconds", "number", "boolean", "true"),
    ),
    "a timestamp without an offset": (
        jsonata.wait_timestamp,
        "Timestamp",
        "2016-12-05T21:29:29",
        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string:"
        " 2016-12-05T21:29:29",
    ),
    "a number for a timestamp": (
        jsonata.wait_timestamp,
        "Timestamp",
        5,
        unexpected("Timestamp", "string", "number", "5"),
    ),
    "a percentage past 100": (
        jsonata.expect_percentage,
        "ToleratedFailurePercentage",
        100.5,
        "ToleratedFailurePercentage must be between 0 and 100 but was: 100.5",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_value_that_the_field_cannot_have(name: str) -> None:
    check, field, value, cause = REFUSED[name]

    with pytest.raises(jsonata.QueryEvaluationError) as failure:
        check(value, compiled("{% $x %}", field=field))

    assert (failure.value.cause, failure.value.location) == (cause, field)


@pytest.mark.parametrize(
    ("check", "value", "expected"),
    [
        pytest.param(jsonata.expect_array, [], [], id="an empty array"),
        pytest.param(jsonata.expect_boolean, False, False, id="false"),
        pytest.param(jsonata.expect_string, "", "", id="empty text"),
        pytest.param(jsonata.wait_seconds, 0.0, 0, id="no wait, as a fraction"),
        pytest.param(jsonata.wait_seconds, 100_000_000, 100_000_000, id="a wait longer than a literal may be"),
        pytest.param(jsonata.wait_timestamp, "1970-01-01t00:00:01.5z", 1_500_000, id="a timestamp in lower case"),
        pytest.param(jsonata.timeout_seconds, 99_999_999, 99_999_999, id="the longest timeout"),
        pytest.param(jsonata.expect_percentage, 99.5, 99.5, id="a fraction of a percentage"),
    ],
)
def test_a_value_that_the_field_can_have(check: Check, value: JSON, expected: JSON) -> None:
    result = check(value, compiled("{% $x %}", field="Field"))

    assert (result, type(result)) == (expected, type(expected))


def test_the_input_of_a_map_without_items() -> None:
    assert jsonata.map_items_of_input([1]) == [1]
    with pytest.raises(jsonata.QueryEvaluationError) as failure:
        jsonata.map_items_of_input({"a": 1})

    assert failure.value.cause == 'Map state input must be an array but was: {"a":1}'
    assert failure.value.location is None
