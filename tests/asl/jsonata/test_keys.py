"""``$keys`` of a large value finds what the engine's own finds, without comparing each key with all others."""

from __future__ import annotations

import time

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, cause_of, evaluate

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

MANY: list[JSON] = [{f"k{index}": index, "same": 1} for index in range(150)]
KEYS = ["k0", "same", *(f"k{index}" for index in range(1, 150))]


@pytest.mark.parametrize(
    ("text", "state_input", "value"),
    [
        pytest.param("$keys($states.input)", {"a": 1, "b": None}, ["a", "b"], id="an object"),
        pytest.param("$keys($states.input)", {"a": 1}, "a", id="an object with one member"),
        pytest.param("$exists($keys($states.input))", {}, False, id="an empty object"),
        pytest.param("$exists($keys($states.input))", "text", False, id="a text"),
        pytest.param("$keys($states.input)", [{"a": 1}, {"b": 2}, {"a": 3}, 4], ["a", "b"], id="a short array"),
        pytest.param("$keys($states.input)", MANY, KEYS, id="a long array"),
        pytest.param("$keys($states.input)", [*MANY, 1, "x", None], KEYS, id="a long array with other values"),
        pytest.param("$keys($states.input)", [[{"z": 1}], *MANY], ["z", *KEYS], id="a long array with an array in it"),
        pytest.param("$keys($states.input)", [{"a": 1}] * 150, "a", id="a long array with a single key"),
        pytest.param(
            "$map($states.input, $keys)",
            [{"a": 1, "b": 1}, {"c": 1}],
            [["a", "b"], ["c"]],
            id="passed to another function",
        ),
        pytest.param("$states.input.$keys()", {"a": 1, "b": 1}, ["a", "b"], id="without an argument"),
    ],
)
def test_the_keys_of_a_value(text: str, state_input: JSON, value: JSON) -> None:
    assert evaluate(text, state_input) == value


def test_an_argument_too_many() -> None:
    assert 'T0410: Argument 2 of function "keys"' in cause_of("$keys({}, 2)")


@pytest.mark.parametrize("text", ["$keys($states.input)[$count]", "$distinct($states.input.*)[$count]"])
def test_variables_that_hide_what_the_definition_calls(text: str) -> None:
    # $count is the workflow variable in the expression, and the function in the definitions of $keys and $distinct.
    state_input: JSON = {f"k{index}": f"k{index}" for index in range(150)}

    assert evaluate(text, state_input, count=1) == "k1"


def test_the_time_grows_with_the_number_of_keys_only() -> None:
    before = time.process_time()

    assert evaluate("$count($keys($states.input))", {str(index): 0 for index in range(60_000)}) == 60_000
    assert time.process_time() - before < 2
