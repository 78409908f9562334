"""The variables that each state of a definition uses, as DescribeStateMachine lists them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.service.variable_references import variable_references


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


INNER = machine(Inner={"Type": "Pass", "InputPath": "$inner", "End": True})


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param({"Type": "Pass", "InputPath": "$.a", "OutputPath": "$"}, {}, id="paths of the input"),
        pytest.param({"Type": "Pass", "InputPath": "$$.State.Name"}, {}, id="a path of the context object"),
        pytest.param({"Type": "Pass", "InputPath": "$a.b[0]"}, {"State": ["a"]}, id="a field that is a path"),
        pytest.param({"Type": "Wait", "SecondsPath": "$a"}, {"State": ["a"]}, id="a path of a Wait"),
        pytest.param({"Type": "Fail", "CausePath": "States.Format('{}', $a)"}, {"State": ["a"]}, id="a call in a path"),
        pytest.param(
            {
                "Type": "Choice",
                "Choices": [
                    {"And": [{"Variable": "$b", "IsNull": True}, {"Variable": "$.c", "NumericEqualsPath": "$a"}]},
                    {"Not": {"Variable": "$c[0]", "IsNull": True}},
                ],
            },
            {"State": ["a", "b", "c"]},
            id="rules in rules",
        ),
        pytest.param(
            {"Type": "Pass", "Parameters": {"x": "$a", "y.$": "$b", "z": [{"z.$": "States.Array($c, $b)"}]}},
            {"State": ["b", "c"]},
            id="a template, of which only evaluated fields count",
        ),
        pytest.param(
            {"Type": "Pass", "Result": {"InputPath": "$a"}, "Parameters": {"ItemsPath": "$b"}}, {}, id="names in data"
        ),
        pytest.param({"Type": "Pass", "Assign": {"a.$": "$b"}}, {"State": ["b"]}, id="the source of an assignment"),
        pytest.param(
            {"Type": "Task", "Retry": [{"MaxAttempts": 1}], "Catch": [{"Assign": {"a.$": "$b"}, "ResultPath": "$.x"}]},
            {"State": ["b"]},
            id="a catcher",
        ),
        pytest.param(
            {"Type": "Map", "ItemsPath": "$a", "ItemProcessor": INNER},
            {"State": ["a"], "Inner": ["inner"]},
            id="a state of a processor under its own name",
        ),
        pytest.param({"Type": "Parallel", "Branches": [INNER]}, {"Inner": ["inner"]}, id="a state of a branch"),
        pytest.param({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $a %}"}, {}, id="a state in JSONata"),
    ],
)
def test_the_variables_of_a_state(state: dict[str, Any], expected: dict[str, list[str]]) -> None:
    assert variable_references(machine(State=state)) == expected


def test_a_state_in_json_path_of_a_machine_in_jsonata() -> None:
    states = {
        "First": {"Type": "Pass", "InputPath": "$a", "QueryLanguage": "JSONPath"},
        "Second": {"Type": "Pass", "InputPath": "$b"},
    }
    assert variable_references({"QueryLanguage": "JSONata", **machine(**states)}) == {"First": ["a"]}


def test_what_has_no_states_has_no_variables() -> None:
    assert variable_references({"StartAt": "First"}) == {}
