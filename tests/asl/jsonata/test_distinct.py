"""``$distinct`` of a long array finds what the engine's own finds, without comparing each item with all others."""

from __future__ import annotations

import time

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata.function_library import distinct
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, cause_of, evaluate

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

LONG: dict[str, tuple[str, JSON, JSON]] = {
    "values of several types": ("$distinct($states.input)", [1, 1.0, True, "1", None] * 50, [1, True, "1", None]),
    "objects and arrays": (
        "$distinct($states.input)",
        [[1, 2.0], [1.0, 2], {"a": 1.0, "b": [1]}, {"b": [1.0], "a": 1}] * 50,
        [[1, 2], {"a": 1, "b": [1]}],
    ),
    "an array of equal items": ("$distinct($states.input)", [1] * 300, [1]),
    "a sequence of equal items": ("$distinct($states.input.a)", [{"a": 1}] * 300, 1),
    "functions": ("$count($distinct($append([1..200], [$sum, $sum])))", None, 201),
    "passed to another function": ("$map($states.input, $distinct)", [[1, 1] * 100, [2, 3] * 100], [[1], [2, 3]]),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_array(name: str) -> None:
    text, state_input, value = LONG[name]

    assert evaluate(text, state_input) == value


def test_an_argument_too_many() -> None:
    assert "T0410: Argument 2 of function" in cause_of("$distinct([1], 2)")


def test_the_time_grows_with_the_length_only() -> None:
    started = time.process_time()

    assert evaluate("$count($distinct([1..50000]))") == 50_000
    assert time.process_time() - started < 2


def test_values_that_are_no_json_are_left_to_the_engine() -> None:
    assert distinct([1, object()]) is None
    assert distinct([1, 1.0, True, "1", None, None, [1], {"a": 1, "b": 2}, {"b": 2, "a": 1}]) == [
        *(1, True, "1", None, [1], {"a": 1, "b": 2}),
    ]
