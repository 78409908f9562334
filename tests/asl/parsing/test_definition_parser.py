"""Definitions that AWS would refuse are refused, with its code, message and location; all faults in one go."""

from __future__ import annotations

import json

import pytest

from pytest_sfn_sync import validate_definition
from pytest_sfn_sync.asl.definition import MapState, TaskState
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parsing.definition_parser import InvalidDefinitionError, parse_definition
from tests.asl.machines import ECHO, start_at


def faults(definition: JSON) -> list[str]:
    try:
        parse_definition(definition)
    except InvalidDefinitionError as refused:
        return [str(diagnostic) for diagnostic in refused.diagnostics]
    return []


def schema(message: str, location: str) -> str:
    return f"SCHEMA_VALIDATION_FAILED: {message} at {location}"


def one(**fields: JSON) -> JSON:
    """A machine of one state, ``S``."""
    return {"StartAt": "S", "States": {"S": fields}}


def task(**fields: JSON) -> JSON:
    return one(Type="Task", Resource=ECHO, End=True, **fields)


END: JSON = {"Type": "Pass", "End": True}


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param([], ["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"], id="an array"),
        pytest.param({}, [schema("These fields are required: [States, StartAt]", "/")], id="nothing"),
        pytest.param({"StartAt": "S"}, [schema("These fields are required: [States]", "/")], id="no states"),
        pytest.param(
            {"StartAt": "First", "States": {}},
            [
                schema("Value cannot be empty", "/States"),
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: First at /StartAt",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
            id="empty states",
        ),
        pytest.param(
            one(End=True),
            [
                schema("The field 'Type' is required", "/States/S"),
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
            id="no Type",
        ),
        pytest.param(
            one(Type="Nope", End=True),
            [
                schema(
                    "The field 'Type' should have one of these values: "
                    "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
                    "/States/S/Type",
                )
            ],
            id="an unknown Type",
        ),
        pytest.param(
            one(Type="Pass"),
            [
                schema("This object should have only one of the following fields: [Next, End]", "/States/S"),
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
            id="neither Next nor End",
        ),
        pytest.param(
            one(Type="Pass", Next="S", End=True),
            [schema("There should only be one of the following fields: [Next, End]", "/States/S")],
            id="both Next and End",
        ),
        pytest.param(
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "NOPE"}}},
            [
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
            id="a dangling target and no end",
        ),
        pytest.param(
            {"StartAt": "Nope", "States": {"A": END}},
            [
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /StartAt",
                'MISSING_TRANSITION_TARGET: State "A" is not reachable. at /States/A',
            ],
            id="a dangling start",
        ),
        pytest.param(
            start_at(("P", {"Type": "Parallel", "Branches": [start_at(("B", END)), start_at(("B", END))]})),
            ["DUPLICATE_STATE_NAME: Duplicate State name: B at /States/P/Branches[1]/States/B"],
            id="a name used twice",
        ),
        pytest.param(
            one(Type="Succeed", Next="S"), [schema("Field 'Next' is not supported", "/States/S")], id="Next on Succeed"
        ),
        pytest.param(
            {**one(Type="Succeed"), "Nonsense": 1},
            [schema("Field 'Nonsense' is not supported", "/")],
            id="a field of the machine",
        ),
        pytest.param(
            one(Type="Wait", Seconds=1, End=True, Retry=[]),
            [schema("Field 'Retry' is not supported", "/States/S")],
            id="Retry on Wait",
        ),
        pytest.param(
            one(Type="Pass", End=True, Output={}),
            [
                schema(
                    "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' "
                    "QueryLanguage",
                    "/States/S",
                )
            ],
            id="a field of the other query language",
        ),
        pytest.param(
            one(Type="Wait", End=True),
            [
                schema(
                    "This object should have only one of the following fields: "
                    "[SecondsPath, Seconds, TimestampPath, Timestamp]",
                    "/States/S",
                )
            ],
            id="a Wait without a time",
        ),
        pytest.param(
            one(Type="Wait", Seconds=-1, End=True),
            [schema("Minimum value is 0", "/States/S/Seconds")],
            id="negative seconds",
        ),
        pytest.param(
            one(Type="Wait", Seconds=100_000_000, End=True),
            [schema("Maximum value is 99999999", "/States/S/Seconds")],
            id="too many seconds",
        ),
        pytest.param(
            one(Type="Wait", Seconds=1.5, End=True),
            [schema("Expected value of type Integer", "/States/S/Seconds")],
            id="a fraction of a second",
        ),
        pytest.param(
            one(Type="Wait", Timestamp="2026-01-01", End=True),
            [schema("String does not match RFC3339 timestamp", "/States/S/Timestamp")],
            id="a date for a timestamp",
        ),
        pytest.param(
            one(Type="Choice", Choices=[], Default="S"),
            [
                schema("Value cannot be empty", "/States/S/Choices"),
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
            id="no choices",
        ),
        pytest.param(
            task(Retry=[{"ErrorEquals": ["States.ALL", "E"]}]),
            [schema("States.ALL must appear alone and at end of list", "/States/S/Retry[0]/ErrorEquals[0]")],
            id="States.ALL with others",
        ),
        pytest.param(
            task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]),
            [schema("States.ALL must appear alone and at end of list", "/States/S/Retry[0]/ErrorEquals[0]")],
            id="States.ALL before others",
        ),
        pytest.param(
            task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}]),
            [schema("Minimum value is 1.0", "/States/S/Retry[0]/BackoffRate")],
            id="a rate below one",
        ),
        pytest.param(
            task(TimeoutSeconds=5, TimeoutSecondsPath="$.t"),
            [
                schema(
                    "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]",
                    "/States/S",
                )
            ],
            id="a field and its Path twin",
        ),
        pytest.param(
            task(Parameters={"a.$": "nope"}),
            [
                schema(
                    "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
                    "/States/S/Parameters",
                )
            ],
            id="a bad path in a template",
        ),
        pytest.param(
            task(ResultPath="a"),
            [schema("Value is not a Reference Path: Reference path didn't start with '$'", "/States/S/ResultPath")],
            id="a result path that is none",
        ),
        pytest.param(
            task(Assign={"states": 1}),
            ["RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/S/Assign"],
            id="a reserved variable name",
        ),
        pytest.param(
            task(Credentials={"Role": "x"}),
            [schema("The field 'RoleArn' is required but was missing", "/States/S/Credentials")],
            id="credentials without a role",
        ),
        pytest.param(
            one(Type="Task", Resource="nope", End=True),
            [schema("Value is not a valid resource ARN", "/States/S/Resource")],
            id="a resource that is none",
        ),
        pytest.param(
            one(Type="Task", Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken", End=True),
            [
                schema(
                    "Express state machine does not support '.waitForTaskToken' service integration ",
                    "/States/S/Resource",
                )
            ],
            id="a callback",
        ),
        pytest.param(
            one(Type="Task", Resource="arn:aws:states:us-east-1:123456789012:activity:a", End=True),
            [schema("Express state machine does not support Activity ARN", "/States/S/Resource")],
            id="an activity",
        ),
    ],
)
def test_refused(definition: JSON, expected: list[str]) -> None:
    assert faults(definition) == expected


VERSIONS = "Value should be one of the following: [1.0]"


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        pytest.param({"Version": "2.0"}, VERSIONS, "Version", id="another version (measured)"),
        pytest.param({"Version": "1.0 "}, VERSIONS, "Version", id="the version with a space"),
        pytest.param({"Version": ""}, VERSIONS, "Version", id="no version"),
        pytest.param({"Version": 1.0}, "Expected value of type [STRING]", "Version", id="the version as a number"),
        pytest.param({"TimeoutSeconds": -1}, "Minimum value is 0", "TimeoutSeconds", id="less than no time"),
        pytest.param({"TimeoutSeconds": 10**8}, "Maximum value is 99999999", "TimeoutSeconds", id="too long"),
    ],
)
def test_fields_of_the_machine(fields: JSON, message: str, field: str) -> None:
    assert faults({**task(), **fields}) == [schema(message, f"/{field}")]


TOO_LONG = (
    "Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to 1048576 at null"
)


def test_a_definition_has_1048576_characters_at_most() -> None:
    longest = task(Comment="")
    longest["States"]["S"]["Comment"] = "ä" * (1_048_576 - len(json.dumps(longest, separators=(",", ":"))))
    assert faults(longest) == []
    longest["States"]["S"]["Comment"] += "ä"
    assert faults(longest) == [f"SCHEMA_VALIDATION_FAILED: {TOO_LONG}"]


def test_a_definition_that_is_too_long_is_not_looked_at() -> None:
    assert faults({"StartAt": "a" * 1_048_576, "States": {}}) == [f"SCHEMA_VALIDATION_FAILED: {TOO_LONG}"]


def test_similar_names_are_looked_for_as_long_as_a_report_shows_them() -> None:
    definition = task()
    definition["States"]["S"].update({f"ResultPat{n}": 1 for n in range(250)})
    found = validate_definition(definition)

    assert [fault.hint for fault in found] == ["Did you mean 'ResultPath'?"] * 200 + [None] * 50


def test_a_text_counts_with_its_blanks() -> None:
    text = json.dumps(task()).ljust(1_048_576)
    assert validate_definition(text) == []
    (found,) = validate_definition(f"{text} ")
    assert f"{found.message} at null" == TOO_LONG
    assert found.hint == "It has 1048577."


def test_all_faults_are_told_at_once_the_graphs_last() -> None:
    definition = start_at(
        ("A", {"Type": "Pass", "Colour": 1}),
        ("B", {"Type": "Wait", "Seconds": -1}),
        ("C", {"Type": "Parallel", "Branches": [start_at(("W", END), ("Ghost", END))]}),
    )
    definition["States"]["C"]["Branches"][0]["States"]["W"] = END
    assert faults(definition) == [
        schema("Field 'Colour' is not supported", "/States/A"),
        schema("Minimum value is 0", "/States/B/Seconds"),
        'MISSING_TRANSITION_TARGET: State "Ghost" is not reachable. at /States/C/Branches[0]/States/Ghost',
    ]


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(task(Retry=[], Catch=[]), id="empty Retry and Catch"),
        pytest.param(task(Comment="c"), id="a comment"),
        pytest.param({**task(), "Version": "1.0", "TimeoutSeconds": 10}, id="version and timeout"),
        pytest.param({**task(), "TimeoutSeconds": 0}, id="a timeout of none (measured)"),
        pytest.param({**task(), "TimeoutSeconds": 99_999_999}, id="the longest timeout"),
        pytest.param(task(Retry=[{"ErrorEquals": ["State.ALL"], "Comment": "c"}]), id="an unknown error name"),
        pytest.param(
            start_at(
                (
                    "M",
                    {
                        "Type": "Map",
                        "ItemProcessor": {
                            "StartAt": "A",
                            "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}},
                        },
                    },
                )
            ),
            id="a loop inside a Map (measured)",
        ),
    ],
)
def test_accepted(definition: JSON) -> None:
    assert faults(definition) == []


def test_nesting_past_the_limit_is_refused_and_not_a_recursion_error() -> None:
    definition = start_at(("S", END))
    for level in range(400):
        definition = start_at((f"P{level}", {"Type": "Parallel", "Branches": [definition]}))
    assert any("States are nested more than 50 levels deep" in fault for fault in faults(definition))


def test_what_a_task_is_compiled_to() -> None:
    state = parse_definition(
        one(Type="Task", Resource="arn:aws:states:::aws-sdk:s3:getObject", Parameters={}, End=True, TimeoutSeconds=5)
    ).states.by_name["S"]
    assert isinstance(state, TaskState)
    assert (state.integration, state.timeout_seconds, state.next) == (("aws-sdk:s3", "getObject"), 5, None)


def test_the_legacy_names_of_a_maps_fields() -> None:
    state = parse_definition(
        one(Type="Map", Iterator=start_at(("I", END)), Parameters={"v.$": "$$.Map.Item.Value"}, End=True)
    ).states.by_name["S"]
    assert isinstance(state, MapState)
    assert state.item_selector is not None
    assert state.item_processor.start_at == "I"
