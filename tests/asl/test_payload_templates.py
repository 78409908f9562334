from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfn_sync.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostics
from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.payload_templates import compile_template, compile_value_path
from tests.asl.static_scope import StaticScope

_INPUT: dict[str, JSON] = {}
LOCATION = Location("/States/S/Parameters")


def compiled(template: JSON) -> Expression:
    diagnostics = Diagnostics()
    expression = compile_template(template, location=LOCATION, diagnostics=diagnostics)
    assert diagnostics.found == []
    return expression


def evaluate(template: JSON, document: JSON = _INPUT, **scope: Any) -> JSON:
    return compiled(template).evaluate(document, StaticScope(**scope))


def faults(template: JSON) -> list[tuple[str, str | None]]:
    diagnostics = Diagnostics()
    compile_template(template, location=LOCATION, diagnostics=diagnostics)
    assert {fault.code for fault in diagnostics.found} <= {SCHEMA_VALIDATION_FAILED}
    return [(fault.message, fault.location) for fault in diagnostics.found]


def failure(expression: Expression, document: JSON) -> str | None:
    with pytest.raises(AslError) as raised:
        expression.evaluate(document, StaticScope())
    assert (raised.value.error, raised.value.located) == ("States.Runtime", False)
    return raised.value.cause


@pytest.mark.parametrize(
    ("template", "value"),
    [
        pytest.param({"x.$": "$.a"}, {"x": 1}, id="path"),
        pytest.param({"x.$": "$"}, {"x": {"a": 1, "b": [2, 3]}}, id="the whole document"),
        pytest.param({"x.$": "$$.Execution.Name"}, {"x": "run"}, id="context path"),
        pytest.param({"x.$": "$v.y"}, {"x": 4}, id="variable"),
        pytest.param({"x.$": "States.Format('{}', $.a)"}, {"x": "1"}, id="intrinsic"),
        pytest.param({"x": {"y.$": "$.a"}}, {"x": {"y": 1}}, id="nested object"),
        pytest.param({"x": [{"y.$": "$.a"}, 5, [{"z.$": "$.b[1]"}]]}, {"x": [{"y": 1}, 5, [{"z": 3}]]}, id="arrays"),
        pytest.param({"x": ["$.a", "States.UUID()"]}, {"x": ["$.a", "States.UUID()"]}, id="strings in arrays"),
        pytest.param({"x": "$.a", "y": "{% $v %}"}, {"x": "$.a", "y": "{% $v %}"}, id="literals that look like paths"),
        pytest.param({"x.$": "$.none[*]"}, {"x": []}, id="a wildcard of something missing is empty"),
        pytest.param({"x.$": "$.b[?(@ > 2)]"}, {"x": [3]}, id="a filter gives a list"),
        pytest.param([{"x.$": "$.a"}], [{"x": 1}], id="an array as template"),
        pytest.param({}, {}, id="nothing"),
        pytest.param(None, None, id="null"),
    ],
)
def test_templates(template: JSON, value: JSON) -> None:
    document = {"a": 1, "b": [2, 3]}
    assert evaluate(template, document, context={"Execution": {"Name": "run"}}, variables={"v": {"y": 4}}) == value


@pytest.mark.parametrize(
    ("template", "keys"),
    [
        pytest.param({"b.$": "$", "z": 1, "a.$": "$", "y": 2}, ["z", "y", "a", "b"], id="literal keys first"),
        pytest.param({"n": {"k.$": "$"}, "b.$": "$", "l": 1}, ["n", "l", "b"], id="nested among the literals"),
        pytest.param(
            {f"{key}.$": "$" for key in ("Execution", "Id", "Input", "Name", "RoleArn", "StartTime")},
            ["Input", "Execution", "StartTime", "Id", "RoleArn", "Name"],
            id="evaluated keys as a HashMap has them",
        ),
    ],
)
def test_key_order(template: dict[str, JSON], keys: list[str]) -> None:
    assert list(evaluate(template)) == keys


def test_static_parts_are_shared_and_never_changed() -> None:
    template = {"static": {"deep": [1, 2]}, "made": {"x.$": "$", "kept": [3]}}
    before = json.dumps(template)
    expression = compiled(template)
    first, second = (expression.evaluate(number, StaticScope()) for number in (1, 2))
    assert (first["made"]["x"], second["made"]["x"]) == (1, 2)
    assert first["static"] is second["static"] is template["static"]
    assert first["made"]["kept"] is second["made"]["kept"]
    assert json.dumps(template) == before


def test_a_static_template_gives_itself() -> None:
    template = {"a": [{"b": "$.c"}]}
    expression = compiled(template)
    assert expression.source is template
    assert expression.evaluate({}, StaticScope()) is template


@pytest.mark.parametrize(
    ("template", "field", "path"),
    [
        pytest.param({"x.$": "$.missing"}, "x.$", "$.missing", id="path"),
        pytest.param({"n": [{"deep.$": "$.flagged.x"}]}, "deep.$", "$.flagged.x", id="nested: the key alone"),
        pytest.param({"x.$": "$$.Nothing"}, "x.$", "$$.Nothing", id="context path"),
        pytest.param({"x.$": "$unassigned"}, "x.$", "$unassigned", id="variable"),
    ],
)
def test_a_path_that_finds_nothing(template: JSON, field: str, path: str) -> None:
    assert failure(compiled(template), {"flagged": False}) == (
        f"The JSONPath '{path}' specified for the field '{field}' could not be found in the input"
        """ '{"flagged":false}'"""
    )


NOT_A_VALUE = "The value for the field '{}' must be a valid JSONPath or a valid intrinsic function call"


@pytest.mark.parametrize(
    ("template", "found"),
    [
        pytest.param({"x.$": "plain"}, [(NOT_A_VALUE.format("x.$"), LOCATION)], id="neither path nor call"),
        pytest.param({"x.$": "$.a[x]"}, [(NOT_A_VALUE.format("x.$"), LOCATION)], id="malformed path"),
        pytest.param({"x.$": "States.UUID("}, [(NOT_A_VALUE.format("x.$"), LOCATION)], id="malformed call"),
        pytest.param({"x.$": "States.Nope()"}, [(NOT_A_VALUE.format("x.$"), LOCATION)], id="unknown function"),
        pytest.param({"x.$": 1}, [(NOT_A_VALUE.format("x.$"), LOCATION)], id="no string"),
        pytest.param({"x.$": {"y": 1}}, [(NOT_A_VALUE.format("x.$"), LOCATION)], id="an object"),
        pytest.param(
            {"x": {"y.$": ""}, "z": [1, {"w.$": ""}]},
            [(NOT_A_VALUE.format("y.$"), f"{LOCATION}/x"), (NOT_A_VALUE.format("w.$"), f"{LOCATION}/z[1]")],
            id="nested, all at once",
        ),
        pytest.param(
            {"x": 1, "x.$": "$"},
            [("The field 'x' is defined twice: as 'x' and as 'x.$'", LOCATION)],
            id="twice the same key",
        ),
    ],
)
def test_faults_are_diagnostics(template: JSON, found: list[tuple[str, str]]) -> None:
    assert faults(template) == found


def value_path(source: str) -> tuple[Expression | None, list[str]]:
    diagnostics = Diagnostics()
    expression = compile_value_path(
        source, field="CausePath", location=Location("/States/F/CausePath"), diagnostics=diagnostics
    )
    return expression, [str(fault) for fault in diagnostics.found]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$.a", "x"),
        ("$$.State.Name", "F"),
        ("$v", "y"),
        ("States.Format('{}!', $.a)", "x!"),
        ("States.ArrayGetItem(States.StringSplit('p q', ' '), 1)", "q"),
    ],
)
def test_value_paths(source: str, value: str) -> None:
    expression, found = value_path(source)
    assert found == []
    assert expression is not None
    scope = StaticScope(context={"State": {"Name": "F"}}, variables={"v": "y"})
    assert expression.evaluate({"a": "x"}, scope) == value


def test_a_value_path_that_finds_nothing_names_its_field() -> None:
    expression, _ = value_path("$.NoSuchCausePath")
    assert expression is not None
    assert failure(expression, {"Error": "error-value"}) == (
        "The JSONPath '$.NoSuchCausePath' specified for the field 'CausePath' could not be found in the input"
        """ '{"Error":"error-value"}'"""
    )


@pytest.mark.parametrize("source", ["plain", "$.a[x]", "States.Format(", "States.Array(1)", "States.ArrayLength($)"])
def test_other_value_paths_are_faults(source: str) -> None:
    assert value_path(source) == (
        None,
        [f"SCHEMA_VALIDATION_FAILED: {NOT_A_VALUE.format('CausePath')} at /States/F/CausePath"],
    )


def test_a_function_that_does_not_return_a_string_is_named_in_the_hint() -> None:
    diagnostics = Diagnostics()
    location = Location("/States/F/CausePath")
    compile_value_path("States.ArrayLength($)", field="CausePath", location=location, diagnostics=diagnostics)
    assert [fault.hint for fault in diagnostics.found] == [
        "The function does not return a string: States.ArrayLength($)."
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


@given(json_values)
def test_literals_come_out_as_they_went_in(value: JSON) -> None:
    # A path on null fails the state.
    if value is not None and "$" not in json.dumps(value):
        assert evaluate({"literal": value, "copy.$": "$"}, value) == {"literal": value, "copy": value}
