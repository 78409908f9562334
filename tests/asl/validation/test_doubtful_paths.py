"""Where in a state a doubtful path is warned of."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from tests.asl.diagnosing import PASS, diagnose, machine, mapping, only

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
NEGATIVE = "JSONPATH_NEGATIVE_INDEX"


def warnings(definition: Any) -> list[Diagnostic]:
    return [found for found in diagnose(definition) if not found.is_error]


def test_the_warning_names_the_path_its_place_and_the_way_out() -> None:
    (warning,) = warnings(only("Pass", Parameters={"last.$": "$.items[-1]"}))
    assert (warning.severity, warning.code, warning.location) == ("WARNING", NEGATIVE, "/States/S/Parameters/last.$")
    assert warning.message == (
        "The index [-1] is out of bounds in every array: AWS's JSONPath does not count from the end ($.items[-1])."
    )
    assert warning.hint == "Write [(@.length-1)] for the last element, or [-1:] for a list of it."


@pytest.mark.parametrize(
    ("definition", "location"),
    [
        pytest.param(only("Pass", InputPath="$.a[-1]"), "/States/S/InputPath", id="InputPath"),
        pytest.param(only("Pass", OutputPath="$.a[-1]"), "/States/S/OutputPath", id="OutputPath"),
        pytest.param(only("Wait", SecondsPath="$.a[-1]"), "/States/S/SecondsPath", id="SecondsPath"),
        pytest.param(
            only("Pass", Parameters={"a": {"b": [{"c.$": "$.a[-1]"}]}}),
            "/States/S/Parameters/a/b[0]/c.$",
            id="deep in a template",
        ),
        pytest.param(
            only("Pass", Parameters={"a.$": "States.Array($.b, States.Format('{}', $.a[-1]))"}),
            "/States/S/Parameters/a.$",
            id="an argument of an intrinsic function",
        ),
        pytest.param(only("Pass", Assign={"a.$": "$$.x[-1]"}), "/States/S/Assign/a.$", id="the context object"),
        pytest.param(
            only("Task", Resource=LAMBDA, ResultSelector={"a.$": "$.x[-1]"}),
            "/States/S/ResultSelector/a.$",
            id="ResultSelector",
        ),
        pytest.param(
            machine(
                {
                    "S": {
                        "Type": "Choice",
                        "Choices": [{"And": [{"Not": {"Variable": "$.a[-1]", "IsPresent": True}}], "Next": "P"}],
                        "Default": "P",
                    },
                    "P": PASS,
                }
            ),
            "/States/S/Choices[0]/And[0]/Not/Variable",
            id="a rule within rules",
        ),
        pytest.param(
            machine(
                {
                    "S": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$.b", "StringEqualsPath": "$.a[-1]", "Next": "P"}],
                        "Default": "P",
                    },
                    "P": PASS,
                }
            ),
            "/States/S/Choices[0]/StringEqualsPath",
            id="the right side of a rule",
        ),
        pytest.param(
            machine({"S": {**mapping({"P": PASS}, ItemsPath="$.a[-1]"), "End": True}}),
            "/States/S/ItemsPath",
            id="ItemsPath",
        ),
        pytest.param(
            machine({"S": {**mapping({"P": {**PASS, "InputPath": "$.a[-1]"}}), "End": True}}),
            "/States/S/ItemProcessor/States/P/InputPath",
            id="a state in a Map, once",
        ),
    ],
)
def test_every_field_that_takes_a_path_is_looked_at(definition: Any, location: str) -> None:
    assert [(warning.code, warning.location) for warning in warnings(definition)] == [(NEGATIVE, location)]


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(only("Pass", Result={"a.$": "nothing", "filePath": "$.a"}), id="a literal result"),
        pytest.param(only("Pass", Parameters={"filePath": "a[-1]"}), id="a literal key that ends in Path"),
        pytest.param(only("Pass", Parameters={"last.$": "$.items[(@.length-1)]"}), id="a path that is right"),
        pytest.param(
            {**only("Pass", Output="{% $states.input.a[-1] %}"), "QueryLanguage": "JSONata"},
            marks=pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata"),
            id="a JSONata state",
        ),
    ],
)
def test_nothing_else_is(definition: Any) -> None:
    assert [warning for warning in warnings(definition) if warning.code.startswith("JSONPATH_")] == []


def test_a_path_that_is_refused_is_told_as_an_error_alone() -> None:
    (fault,) = diagnose(only("Pass", Parameters={"a.$": '$["b"]'}))
    assert (fault.is_error, fault.hint) == (
        True,
        "AWS's JSONPath takes names in brackets in single quotes only. Write ['b'].",
    )


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        pytest.param(
            '$["b"]', "AWS's JSONPath takes names in brackets in single quotes only. Write ['b'].", id="double quotes"
        ),
        pytest.param("b", "A path begins with '$', as '$.b' does.", id="no dollar sign"),
        pytest.param(
            "$.b[?(@.c)]",
            "A Reference Path leads to one place: it has names and single indices only.",
            id="a path that is no Reference Path",
        ),
    ],
)
def test_a_reference_path_that_is_refused_has_the_reason_as_its_hint(path: str, hint: str) -> None:
    rule = {"Variable": path, "IsNull": True, "Next": "S"}
    faults = diagnose(only("Choice", Choices=[rule], Default="S")) + diagnose(only("Pass", ResultPath=path))
    assert [fault.hint for fault in faults if "Reference" in fault.message] == [hint, hint]


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        pytest.param(
            {"InputPath": "$.a[-1]"},
            "Write [(@.length-1)] for the last element, or [-1:] for a list of it.",
            id="a path may count from the end",
        ),
        pytest.param(
            {"InputPath": "$.a.length()"},
            "Let a state before compute it, by an intrinsic function or JSONata, and read its result here.",
            id="a path calls no function",
        ),
        pytest.param(
            {"ResultPath": "$.a[-1]"},
            'A Reference Path cannot count from the end. Let a state before pick the element: "last.$": '
            '"$.a[(@.length-1)]".',
            id="a Reference Path does not count from the end",
        ),
    ],
)
def test_the_hint_is_for_the_field(fields: Any, hint: str) -> None:
    (warning,) = warnings(only("Pass", **fields))
    assert warning.hint == hint
