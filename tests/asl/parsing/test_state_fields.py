"""Which fields each type of state carries in each query language: the specification's tables, cell by cell.

A field of the other language is reported in a sentence of its own, any other additional field as not supported. Both
are reported at the state (measured).
"""

from __future__ import annotations

import itertools

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.diagnosing import PASS, SUCCEED, diagnose, faults, machine, only

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
LANGUAGES = ["JSONPath", "JSONata"]

EVERY_STATE = {"Type", "Comment", "QueryLanguage"}
TRANSITION = {"Next", "End"}
HANDLERS = {"Retry", "Catch"}
PATHS = {"InputPath", "OutputPath"}
MAP = {
    "ItemProcessor",
    "Iterator",
    "ItemSelector",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "MaxConcurrency",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
}
TASK = {"Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"}
WORK_BY_PATH = PATHS | HANDLERS | {"Parameters", "ResultSelector", "ResultPath", "Assign"}

CARRIED = {
    "JSONPath": {
        "Task": TRANSITION | WORK_BY_PATH | TASK | {"TimeoutSecondsPath", "HeartbeatSecondsPath"},
        "Parallel": TRANSITION | WORK_BY_PATH | {"Branches"},
        "Map": TRANSITION
        | WORK_BY_PATH
        | MAP
        | {
            "ItemsPath",
            "MaxConcurrencyPath",
            "ToleratedFailureCountPath",
            "ToleratedFailurePercentagePath",
        },
        "Pass": TRANSITION | PATHS | {"Assign", "Parameters", "ResultPath", "Result"},
        "Wait": TRANSITION | PATHS | {"Assign", "Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
        "Choice": PATHS | {"Assign", "Choices", "Default"},
        "Succeed": PATHS,
        "Fail": {"Error", "ErrorPath", "Cause", "CausePath"},
    },
    "JSONata": {
        "Task": TRANSITION | HANDLERS | TASK | {"Assign", "Output", "Arguments"},
        "Parallel": TRANSITION | HANDLERS | {"Assign", "Output", "Arguments", "Branches"},
        "Map": TRANSITION | HANDLERS | MAP | {"Assign", "Output", "Items"},
        "Pass": TRANSITION | {"Assign", "Output"},
        "Wait": TRANSITION | {"Assign", "Output", "Seconds", "Timestamp"},
        "Choice": {"Assign", "Output", "Choices", "Default"},
        "Succeed": {"Output"},
        "Fail": {"Error", "Cause"},
    },
}
ONLY_IN_JSONATA = {"Arguments", "Output", "Items"}
ONLY_IN_JSON_PATH = {
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ResultSelector",
    "Parameters",
    "Result",
    "ItemsPath",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "ErrorPath",
    "CausePath",
    "MaxConcurrencyPath",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
}
ONE_OF = [
    ("Next", "End"),
    ("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),
    ("ItemProcessor", "Iterator"),
]
BOGUS = {"_comment_concurrency", "next", "Nonsense", "StartAt", "States", "Version", "Condition", "ProcessorConfig"}
FIELDS = set().union(*CARRIED["JSONPath"].values(), *CARRIED["JSONata"].values()) | BOGUS

INNER = machine({"I": PASS})
VALUES: dict[str, JSON] = {
    "Arguments": {"a": 1},
    "Assign": {"v": 1},
    "Branches": [INNER],
    "Catch": [{"ErrorEquals": ["E"], "Next": "E"}],
    "Cause": "c",
    "CausePath": "$.c",
    "Comment": "c",
    "Credentials": {"RoleArn": "arn:aws:iam::123456789012:role/r"},
    "Default": "E",
    "End": True,
    "Error": "e",
    "ErrorPath": "$.e",
    "HeartbeatSeconds": 1,
    "HeartbeatSecondsPath": "$.h",
    "ItemBatcher": {"MaxItemsPerBatch": 1},
    "ItemProcessor": INNER,
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"},
    "ItemSelector": {"a": 1},
    "Items": [1],
    "Iterator": INNER,
    "Label": "l",
    "MaxConcurrency": 1,
    "Next": "E",
    "Output": {"a": 1},
    "Parameters": {"a": 1},
    "Resource": LAMBDA,
    "Result": 1,
    "ResultSelector": {"a": 1},
    "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"},
    "Retry": [{"ErrorEquals": ["E"]}],
    "Seconds": 1,
    "TimeoutSeconds": 2,
    "Timestamp": "2030-01-01T00:00:00Z",
    "ToleratedFailureCount": 1,
    "ToleratedFailurePercentage": 1,
}


def required(type_: str, language: str) -> dict[str, JSON]:
    rule = {"Variable": "$.x", "IsPresent": True} if language == "JSONPath" else {"Condition": True}
    needed = {
        "Task": ["Resource", "End"],
        "Parallel": ["Branches", "End"],
        "Map": ["ItemProcessor", "End"],
        "Pass": ["End"],
        "Wait": ["Seconds", "End"],
    }
    if type_ == "Choice":
        return {"Choices": [{**rule, "Next": "E"}]}
    return {field: VALUES[field] for field in needed.get(type_, ())}


def value_of(field: str, language: str) -> JSON:
    if field == "QueryLanguage":
        return language
    return VALUES.get(field, "$.p" if field.endswith(("Path", "Selector")) else "x")


def faults_with(type_: str, language: str, field: str) -> list[str]:
    """Give the faults of a state that has what it needs, and a field."""
    needed = required(type_, language)
    rivals = {rival for group in ONE_OF if field in group for rival in group} - {field}
    if field in CARRIED[language][type_]:
        needed = {name: value for name, value in needed.items() if name not in rivals}
    state = {"Type": type_, **needed, **({} if field in needed else {field: value_of(field, language)})}
    if language == "JSONata":
        state["QueryLanguage"] = language
    found = faults(machine({"S": state, "E": SUCCEED}), machine_type="STANDARD")
    return [fault for fault in found if not fault.endswith(" at /States/E")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type_", list(CARRIED["JSONPath"]))
def test_fields_that_a_state_carries(type_: str, language: str) -> None:
    carried = CARRIED[language][type_] | EVERY_STATE - {"Type"}
    assert {field: found for field in sorted(carried) if (found := faults_with(type_, language, field))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type_", list(CARRIED["JSONPath"]))
def test_fields_that_it_does_not_carry(type_: str, language: str) -> None:
    others = ONLY_IN_JSONATA if language == "JSONPath" else ONLY_IN_JSON_PATH
    other = "JSONata" if language == "JSONPath" else "JSONPath"
    for field in sorted(FIELDS - CARRIED[language][type_] - {"Condition"}):
        expected = f"Field '{field}' is not supported at /States/S"
        if field in others:
            expected = (
                f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the "
                f"'{other}' QueryLanguage at /States/S"
            )
        assert faults_with(type_, language, field) == [expected]


@pytest.mark.parametrize("type_", list(CARRIED["JSONPath"]))
def test_several_are_told_in_the_order_of_the_definition(type_: str) -> None:
    state = {"Type": type_, "Zzz": 1, **required(type_, "JSONPath"), "Output": 1, "Bbb": 1}
    found = faults(machine({"S": state, "E": SUCCEED}))
    assert [fault.split("'")[1 if "Field" in fault else 3] for fault in found[:3]] == ["Zzz", "Output", "Bbb"]


@pytest.mark.parametrize(
    ("definition", "hint"),
    [
        pytest.param(only("Pass", Paramters={}), "Did you mean 'Parameters'?", id="a letter is missing"),
        pytest.param(only("Pass", parameters={}), "Did you mean 'Parameters'?", id="in lower case"),
        pytest.param(only("Task", Resource=LAMBDA, Timeout=5), "Did you mean 'TimeoutSeconds'?", id="in short"),
        pytest.param(only("Pass", Foo=1), None, id="like none"),
        pytest.param(
            only("Pass", Parameters={}, Parameter={}), None, id="one that is there already is not what was meant"
        ),
        pytest.param(
            only("Pass", Output={}),
            "In JSONPath, write ResultSelector, ResultPath or OutputPath; or give the state "
            '"QueryLanguage": "JSONata".',
            id="of JSONata: Output",
        ),
        pytest.param(
            only("Task", Resource=LAMBDA, Arguments={}),
            'In JSONPath, write Parameters; or give the state "QueryLanguage": "JSONata".',
            id="of JSONata: Arguments",
        ),
        pytest.param(
            machine({"S": {"Type": "Map", "Items": [], "ItemProcessor": INNER, "End": True}}),
            'In JSONPath, write ItemsPath; or give the state "QueryLanguage": "JSONata".',
            id="of JSONata: Items",
        ),
        pytest.param(only("Pass", nxt="S"), "Did you mean 'Next'?", id="Next, though End is there"),
        pytest.param(machine({"A": {"Type": "pass", "End": True}}), "Did you mean 'Pass'?", id="a Type in lower case"),
        pytest.param(machine({"A": {"Type": "Nope", "End": True}}), None, id="a Type like none"),
        pytest.param(machine({"A": {"Type": ["Pass"], "End": True}}), None, id="a Type that is no text"),
        pytest.param(machine({"A": PASS}, Coment="c"), "Did you mean 'Comment'?", id="of the machine"),
    ],
)
def test_hints_at_what_was_meant(definition: JSON, hint: str | None) -> None:
    assert [found.hint for found in diagnose(definition) if not found.code.startswith("MISSING")] == [hint]


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("InputPath", "In JSONata, read $states.input where it is needed."),
        ("OutputPath", "In JSONata, write Output."),
        ("ResultPath", "In JSONata, write Output, or Assign to keep a value."),
        ("ResultSelector", "In JSONata, write Output, with $states.result in it."),
        ("Parameters", "In JSONata, write Arguments; in a Map, ItemSelector."),
        ("Result", "In JSONata, write Output."),
        ("ItemsPath", "In JSONata, write Items."),
        ("TimeoutSecondsPath", None),
    ],
)
def test_hints_at_the_counterpart_in_jsonata(field: str, hint: str | None) -> None:
    (found,) = diagnose(only("Task", Resource=LAMBDA, QueryLanguage="JSONata", **{field: "$.x"}))
    assert (found.hint, found.place) == (hint, f"/States/S/{field}")


@pytest.mark.parametrize("field", ["Comment", "Label"])
@pytest.mark.parametrize("value", [1, None, {}, ["c"], True], ids=repr)
def test_texts_are_texts(field: str, value: JSON) -> None:
    definition = machine({"S": {"Type": "Map", "ItemProcessor": INNER, "End": True, field: value}})
    assert faults(definition) == [f"Expected value of type String at /States/S/{field}"]


def test_comments_are_legal_everywhere() -> None:
    comment: JSON = {"Comment": "c"}
    rule = {"Not": {"Variable": "$.x", "IsPresent": True, **comment}, "Next": "M", **comment}
    states: JSON = {
        "C": {"Type": "Choice", "Choices": [rule], "Default": "P", **comment},
        "P": {"Type": "Parallel", "Branches": [{**machine({"B": {**PASS, **comment}}), **comment}], "Next": "M"},
        "M": {
            "Type": "Map",
            "ItemProcessor": {**INNER, **comment},
            "Retry": [{"ErrorEquals": ["E"], **comment}],
            "Catch": [{"ErrorEquals": ["E"], "Next": "F", **comment}],
            "Next": "W",
        },
        "W": {"Type": "Wait", "Seconds": 1, "Next": "E", **comment},
        "E": {**SUCCEED, **comment},
        "F": {"Type": "Fail", **comment},
    }
    assert faults(machine(states, **comment)) == []


def test_the_table_has_every_field_once_for_each_language() -> None:
    for language, others in (("JSONPath", ONLY_IN_JSONATA), ("JSONata", ONLY_IN_JSON_PATH)):
        carried = set(itertools.chain.from_iterable(CARRIED[language].values()))
        assert carried.isdisjoint(others)
