"""What AWS warns of without refusing it: the codes and their meanings are the API model's, the words are our own."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parsing.definition_parser import parse_definition
from tests.asl.diagnosing import PASS, diagnose, faults, machine, mapping, only

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
IN_ARRAYS = "Strings in arrays are never evaluated; States.Array(...) makes an array of values."
IN_PARAMETERS = "Write it in Parameters, which are evaluated."


def warnings(definition: JSON, machine_type: str = "EXPRESS") -> list[Diagnostic]:
    return [found for found in diagnose(definition, machine_type=machine_type) if not found.is_error]


def places(definition: JSON, machine_type: str = "EXPRESS") -> list[tuple[str, str | None]]:
    return [(warning.code, warning.location) for warning in warnings(definition, machine_type)]


@pytest.mark.parametrize(
    "value",
    [
        "$",
        "$.a",
        "$.a.b[0]",
        "$['a b']",
        "$[0]",
        "$..a",
        "$.a[*]",
        "$.a[?(@.b > 1)]",
        "$$",
        "$$.Execution.Id",
        "$$['Execution']",
        "States.UUID()",
        "States.Format('{}', $.a)",
        "States.Array($.a, States.UUID())",
    ],
)
def test_what_looks_evaluated_is_warned_of(value: str) -> None:
    assert places(only("Pass", Parameters={"k": value})) == [("NO_DOLLAR", "/States/S/Parameters/k")]


@pytest.mark.parametrize(
    "value",
    [
        "$5.00",
        "$100",
        "$ 5",
        "US$",
        "$name",
        "$name.x",
        "$$name",
        "$.",
        "$[",
        "$.a is the path",
        "$.a $.b",
        "{$.a}",
        " $.a",
        "see $.a",
        "States.Format",
        "States.Format(",
        "States.Format('{}', $.a) and more",
        "call States.UUID()",
        "States.Nope('x')",
        "states.UUID()",
        "{% $states.input %}",
        "",
        "text",
        5,
        True,
        None,
    ],
    ids=repr,
)
def test_what_does_not_is_not(value: JSON) -> None:
    assert warnings(only("Pass", Parameters={"k": value})) == []


MAP = mapping({"I": PASS}, End=True)
READER: JSON = {"Resource": "arn:aws:states:::s3:getObject"}


@pytest.mark.parametrize(
    ("definition", "locations"),
    [
        pytest.param(only("Pass", Parameters={"a": {"b": "$.x"}}), ["Parameters/a/b"], id="deep in Parameters"),
        pytest.param(
            only("Pass", Parameters={"a": [{"b": "$.x"}]}), ["Parameters/a[0]/b"], id="in an object in an array"
        ),
        pytest.param(only("Pass", Parameters={"a": ["x", "$.x"]}), ["Parameters/a[1]"], id="in an array"),
        pytest.param(only("Pass", Parameters=["$.x"]), ["Parameters[0]"], id="in an array that is the template"),
        pytest.param(only("Pass", Parameters={"a.$": "$.x", "b": 1}), [], id="not under a key with the suffix"),
        pytest.param(only("Pass", Parameters={"Result": {"a.$": "$.x"}}), [], id="nor under a key called Result"),
        pytest.param(
            only("Pass", Parameters={"Comment": "$.x"}), ["Parameters/Comment"], id="Comment is a key as others"
        ),
        pytest.param(
            only("Task", Resource=LAMBDA, ResultSelector={"a": "$.x"}), ["ResultSelector/a"], id="in a ResultSelector"
        ),
        pytest.param(machine({"S": {**MAP, "ItemSelector": {"a": "$"}}}), ["ItemSelector/a"], id="in an ItemSelector"),
        pytest.param(
            machine({"S": {**MAP, "Parameters": {"a": "$$.Map.Item.Value"}}}), ["Parameters/a"], id="in its old name"
        ),
        pytest.param(
            only("Task", Resource=LAMBDA, Credentials={"RoleArn": "$.x"}), ["Credentials/RoleArn"], id="in Credentials"
        ),
        pytest.param(only("Pass", Assign={"a": "$.x"}), ["Assign/a"], id="in Assign"),
        pytest.param(
            only("Task", Resource=LAMBDA, Catch=[{"ErrorEquals": ["E"], "Next": "S", "Assign": {"a": "$.x"}}]),
            ["Catch[0]/Assign/a"],
            id="in a catcher's",
        ),
        pytest.param(
            machine(
                {
                    "S": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$", "IsPresent": True, "Next": "E", "Assign": {"a": "$.x"}}],
                    },
                    "E": PASS,
                }
            ),
            ["Choices[0]/Assign/a"],
            id="in a rule's",
        ),
        pytest.param(only("Wait", Seconds=1, Comment="$.x"), [], id="not in a comment"),
        pytest.param(
            machine(
                {
                    "S": {"Type": "Choice", "Choices": [{"Variable": "$", "StringEquals": "$.x", "Next": "E"}]},
                    "E": PASS,
                }
            ),
            [],
            id="nor in what a rule compares with",
        ),
        pytest.param(only("Pass", Parameters="$.x"), [], id="nor in a template that is one text"),
        pytest.param(
            only("Task", Resource="arn:aws:states:::lambda:invoke", Parameters={"FunctionName": "f", "Payload": "$"}),
            ["Parameters/Payload"],
            id="the input as a payload, without the suffix",
        ),
    ],
)
def test_where_paths_are_taken_as_text(definition: JSON, locations: list[str]) -> None:
    assert places(definition) == [("NO_DOLLAR", f"/States/S/{location}") for location in locations]
    assert faults(definition) == []


@pytest.mark.parametrize(
    ("field", "value", "location"),
    [
        ("ItemReader", {**READER, "Parameters": {"Key": "$.key"}}, "ItemReader/Parameters/Key"),
        ("ItemBatcher", {"MaxItemsPerBatch": 1, "BatchInput": {"a": "$.x"}}, "ItemBatcher/BatchInput/a"),
        ("ResultWriter", {**READER, "Parameters": {"Bucket": "$.b"}}, "ResultWriter/Parameters/Bucket"),
    ],
)
def test_in_the_parts_of_a_distributed_map_too(field: str, value: JSON, location: str) -> None:
    definition = machine({"S": {**MAP, field: value}})
    assert places(definition, "STANDARD") == [("NO_DOLLAR", f"/States/S/{location}")]


@pytest.mark.parametrize(
    ("fields", "locations"),
    [
        pytest.param({"Error": "$.e"}, ["Error"], id="Error"),
        pytest.param({"Cause": "$$.Execution.Id"}, ["Cause"], id="Cause"),
        pytest.param({"Error": "$.e", "Cause": "$.c"}, ["Error", "Cause"], id="both"),
        pytest.param({"ErrorPath": "$.e", "CausePath": "$.c"}, [], id="not their Path twins"),
        pytest.param({"Error": "Too.Dear", "Cause": "more than $5.00"}, [], id="nor texts"),
        pytest.param({"Cause": "States.Format('x')"}, [], id="nor a call: it is no path"),
    ],
)
def test_paths_of_a_fail_without_path_in_the_name(fields: JSON, locations: list[str]) -> None:
    assert places(only("Fail", **fields)) == [("NO_PATH", f"/States/S/{location}") for location in locations]


@pytest.mark.parametrize(
    ("result", "locations"),
    [
        pytest.param("$.x", [""], id="a path alone"),
        pytest.param({"a": "$.x"}, ["/a"], id="a path as a member"),
        pytest.param(["$.x", {"a": "$.y"}], ["[0]", "[1]/a"], id="paths in an array"),
        pytest.param({"a.$": "text"}, ["/a.$"], id="a key with the suffix"),
        pytest.param({"a": {"b": [{"c.$": "$.x"}]}}, ["/a/b[0]/c.$"], id="at any depth"),
        pytest.param({"a.$": {"b": "$.x"}}, ["/a.$/b"], id="beneath such a key"),
        pytest.param({"a": "States.UUID()"}, ["/a"], id="a call"),
        pytest.param({"a": "$5.00", "b": ["$name"], "c": 1}, [], id="nothing of the kind"),
        pytest.param(None, [], id="null"),
    ],
)
def test_paths_in_the_result_of_a_pass(result: JSON, locations: list[str]) -> None:
    expected = [("PASS_RESULT_IS_STATIC", f"/States/S/Result{location}") for location in locations]
    assert places(only("Pass", Result=result)) == expected


@pytest.mark.parametrize(
    ("definition", "message", "hint"),
    [
        pytest.param(
            only("Pass", Parameters={"total": "$.a"}),
            "No .$ on the field 'total' that appears to be a JSONPath or Intrinsic Function.",
            "Write 'total.$', if it is to be evaluated.",
            id="a key",
        ),
        pytest.param(
            only("Pass", Parameters={"totals": ["$.a"]}),
            "No .$ on the field 'totals' that appears to be a JSONPath or Intrinsic Function.",
            IN_ARRAYS,
            id="an array, where the suffix would be no help",
        ),
        pytest.param(
            only("Pass", Parameters=["$.a"]),
            "No .$ on the field 'Parameters' that appears to be a JSONPath or Intrinsic Function.",
            IN_ARRAYS,
            id="an array that is the template",
        ),
        pytest.param(
            only("Fail", Cause="$.c"),
            "The value of the field 'Cause' looks like a path, but the field name does not end with 'Path'.",
            "Write 'CausePath', if it is to be evaluated.",
            id="a Fail",
        ),
        pytest.param(
            only("Pass", Result="$.c"),
            "Attempt to use a path in the result of a pass state.",
            IN_PARAMETERS,
            id="a Result",
        ),
    ],
)
def test_what_they_say(definition: JSON, message: str, hint: str) -> None:
    (warning,) = warnings(definition)
    assert (warning.severity, warning.message, warning.hint) == ("WARNING", message, hint)


def test_jsonata_has_none_of_them() -> None:
    fields: JSON = {"Output": {"a": "$.x", "b.$": "$.x", "c": "States.UUID()"}, "Assign": {"d": "$.x"}}
    assert warnings(only("Pass", QueryLanguage="JSONata", **fields)) == []
    assert warnings(machine({"S": {"Type": "Fail", "Error": "$.e"}}, QueryLanguage="JSONata")) == []


def test_they_hinder_nothing_and_stay_with_the_definition() -> None:
    parsed = parse_definition(only("Pass", Result="$.x"))
    assert [warning.code for warning in parsed.warnings] == ["PASS_RESULT_IS_STATIC"]


def test_beside_faults_they_are_told_too_and_the_refusal_has_the_faults_alone() -> None:
    definition = machine({"A": {"Type": "Pass", "Parameters": {"a": "$.x"}, "Next": "B"}, "C": PASS})
    assert [found.code for found in diagnose(definition)] == ["MISSING_TRANSITION_TARGET"] * 2 + ["NO_DOLLAR"]
    assert all(fault.startswith("MISSING") for fault in faults(definition))
