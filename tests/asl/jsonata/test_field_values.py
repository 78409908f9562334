"""Fields: which strings are expressions, what is shared, and that only values are evaluated."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import JsonataSyntaxError, compile_expression
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("$states.input", id="no marks at all"),
        pytest.param(" {% $states.input %} ", id="spaces around the marks"),
        pytest.param("a {% 1 %}", id="text before"),
        pytest.param("$.x", id="a JSONPath"),
        pytest.param("%}", id="the closing mark alone"),
        pytest.param({"{% 1 %}": "a"}, id="a key"),
        pytest.param([1, None, True, 2.5, {}, []], id="everything but strings"),
    ],
)
def test_a_value_without_expressions_is_given_back_as_it_is(value: JSON) -> None:
    expression = compiled(value)

    assert not expression.is_dynamic
    assert expression.evaluate({"input": 1}, QueryScope()) is value


def test_expressions_are_replaced_at_any_depth_and_keys_keep_their_order() -> None:
    value = {
        "z": "{% $states.input.a %}",
        "{% 1 %}": {"y": ["{% $states.input %}", "plain", ["{%1+1%}"]]},
        "static": {"deep": [1, 2]},
        "a": None,
    }
    state_input = {"a": [1]}

    result = compiled(value).evaluate({"input": state_input}, QueryScope())

    assert result == {
        "z": [1],
        "{% 1 %}": {"y": [{"a": [1]}, "plain", [2]]},
        "static": {"deep": [1, 2]},
        "a": None,
    }
    assert list(result) == list(value)


def test_what_is_static_and_what_is_passed_through_is_shared() -> None:
    value = {"static": {"deep": [1, 2]}, "passed": "{% $states.input.big %}"}
    state_input = {"big": [{"x": 1}] * 3}

    result = compiled(value).evaluate({"input": state_input}, QueryScope())

    assert result["static"] is value["static"]
    assert result["passed"] is state_input["big"]


def test_the_definition_is_not_changed_by_evaluating() -> None:
    value = {"a": ["{% $states.input %}"]}
    expression = compiled(value)

    first, second = (expression.evaluate({"input": n}, QueryScope()) for n in (1, 2))

    assert (first, second) == ({"a": [1]}, {"a": [2]})
    assert value == {"a": ["{% $states.input %}"]}


@pytest.mark.parametrize("member", ["result", "errorOutput"])
def test_further_members_of_states(member: str) -> None:
    expression = compiled(f"{{% $states.{member}.v + $states.input %}}", available=frozenset({"input", member}))

    assert expression.evaluate({"input": 1, member: {"v": 2}}, QueryScope()) == 3


def test_the_text_of_an_expression_is_trimmed() -> None:
    assert compiled("{%\n  $states.input \t%}").text == "$states.input"


def test_a_single_expression_raises_its_syntax_error() -> None:
    with pytest.raises(JsonataSyntaxError, match=r"Unexpected end of expression \(at position 3\)"):
        compile_expression("1 +", field_location="Output")
