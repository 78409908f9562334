"""Fields of the other query language in what a state is made of: rules, catchers, readers, batchers.

Measured are the sentence, and for an ItemBatcher that it is reported at the state; the other locations are assumptions.
"""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.diagnosing import PASS, SUCCEED, diagnose, machine

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
RULE = "/States/S/Choices[0]"


def only_in(other: str, field: str) -> str:
    language = "JSONPath" if other == "JSONata" else "JSONata"
    return (
        f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{other}' "
        "QueryLanguage"
    )


def found(state: JSON, *, machine_language: str = "JSONPath") -> list[tuple[str, str | None]]:
    """Give messages and locations of a state S that may go on to E."""
    definition = machine({"S": state, "E": SUCCEED}, QueryLanguage=machine_language)
    faults = diagnose(definition, machine_type="STANDARD")
    return [(one.message, one.location) for one in faults if one.location != "/States/E"]


def choice(language: str, **rule: JSON) -> JSON:
    return {"Type": "Choice", "QueryLanguage": language, "Choices": [{"Next": "E", **rule}]}


TESTED: JSON = {"Variable": "$.x", "IsPresent": True}


@pytest.mark.parametrize("machine_language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        pytest.param(TESTED, ["Variable", "IsPresent"], id="a data test"),
        pytest.param({"And": [TESTED]}, ["And"], id="And"),
        pytest.param({"Or": [TESTED]}, ["Or"], id="Or"),
        pytest.param({"Not": TESTED}, ["Not"], id="Not"),
        pytest.param(
            {"Variable": "$.x", "NumericGreaterThanEqualsPath": "$.y"},
            ["Variable", "NumericGreaterThanEqualsPath"],
            id="a test with a path",
        ),
    ],
)
def test_a_rule_of_json_path_in_jsonata(rule: JSON, fields: list[str], machine_language: str) -> None:
    expected = [(only_in("JSONPath", field), RULE) for field in fields]
    assert found(choice("JSONata", **rule), machine_language=machine_language) == expected
    beside = found(choice("JSONata", Condition=True, **rule), machine_language=machine_language)
    assert beside == expected


def test_a_rule_of_jsonata_in_json_path() -> None:
    assert found(choice("JSONPath", Condition="{% true %}")) == [(only_in("JSONata", "Condition"), RULE)]
    assert found(choice("JSONPath", Condition=True, **TESTED)) == [(only_in("JSONata", "Condition"), RULE)]
    assert found(choice("JSONPath", Output=1, **TESTED)) == [(only_in("JSONata", "Output"), RULE)]


def task(language: str, **catcher: JSON) -> JSON:
    return {
        "Type": "Task",
        "QueryLanguage": language,
        "Resource": LAMBDA,
        "Catch": [{"ErrorEquals": ["E"], "Next": "E"}, {"ErrorEquals": ["E"], "Next": "E", **catcher}],
        "End": True,
    }


@pytest.mark.parametrize(
    ("language", "catcher", "field"),
    [
        pytest.param("JSONata", {"ResultPath": "$.e"}, "ResultPath", id="ResultPath in JSONata"),
        pytest.param("JSONata", {"ResultPath": None}, "ResultPath", id="ResultPath: null in JSONata"),
        pytest.param("JSONPath", {"Output": {}}, "Output", id="Output in JSONPath"),
        pytest.param("JSONPath", {"ResultPath": "$.e", "Assign": {"v.$": "$"}}, None, id="JSONPath's own"),
        pytest.param("JSONata", {"Output": {}, "Assign": {"v": 1}}, None, id="JSONata's own"),
    ],
)
def test_catchers(language: str, catcher: JSON, field: str | None) -> None:
    other = "JSONPath" if language == "JSONata" else "JSONata"
    expected = [] if field is None else [(only_in(other, field), "/States/S/Catch[1]")]
    assert found(task(language, **catcher)) == expected


def test_another_field_of_a_catcher_is_not_supported() -> None:
    for language, field in (("JSONPath", "InputPath"), ("JSONata", "Retry"), ("JSONata", "IntervalSeconds")):
        expected = [(f"Field '{field}' is not supported", "/States/S/Catch[1]")]
        assert found(task(language, **{field: "$"})) == expected


def distributed(language: str, **fields: JSON) -> JSON:
    processor = machine({"I": PASS}, ProcessorConfig={"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"})
    return {"Type": "Map", "QueryLanguage": language, "ItemProcessor": processor, "End": True, **fields}


READER: JSON = {"Resource": "arn:aws:states:::s3:getObject"}


@pytest.mark.parametrize(
    ("fields", "path", "place"),
    [
        pytest.param(
            {"ItemBatcher": {"MaxItemsPerBatchPath": "$.n"}},
            "MaxItemsPerBatchPath",
            "ItemBatcher/MaxItemsPerBatchPath",
            id="the items of a batch (measured)",
        ),
        pytest.param(
            {"ItemBatcher": {"MaxInputBytesPerBatchPath": "$.n"}},
            "MaxInputBytesPerBatchPath",
            "ItemBatcher/MaxInputBytesPerBatchPath",
            id="the bytes of a batch",
        ),
        pytest.param(
            {"ItemReader": {**READER, "ReaderConfig": {"MaxItemsPath": "$.n"}}},
            "MaxItemsPath",
            "ItemReader/ReaderConfig/MaxItemsPath",
            id="the items of a reader",
        ),
    ],
)
def test_paths_in_the_parts_of_a_distributed_map(fields: JSON, path: str, place: str) -> None:
    (fault,) = diagnose(machine({"S": distributed("JSONata", **fields)}), machine_type="STANDARD")
    assert (fault.message, fault.location) == (only_in("JSONPath", path), "/States/S")
    assert fault.place == f"/States/S/{place}"
    assert diagnose(machine({"S": distributed("JSONPath", **fields)}), machine_type="STANDARD") == []


@pytest.mark.parametrize(
    ("part", "fields"), [("ItemReader", READER), ("ResultWriter", {"Resource": "arn:aws:states:::s3:putObject"})]
)
@pytest.mark.parametrize(("language", "foreign"), [("JSONPath", "Arguments"), ("JSONata", "Parameters")])
def test_arguments_of_readers_and_writers(part: str, fields: JSON, language: str, foreign: str) -> None:
    own = "Parameters" if language == "JSONPath" else "Arguments"
    assert found(distributed(language, **{part: {**fields, own: {"Bucket": "b"}}})) == []
    (fault,) = diagnose(
        machine({"S": distributed(language, **{part: {**fields, foreign: {}}})}), machine_type="STANDARD"
    )
    assert f"'{foreign}'" in fault.message
    assert (fault.location, fault.place) == (f"/States/S/{part}", f"/States/S/{part}/{foreign}")
    assert fault.hint == f"Did you mean '{own}'?"


def test_a_branch_is_in_the_language_of_the_machine_not_in_its_parallels() -> None:
    branch = machine({"B": {"Type": "Pass", "InputPath": "$.a", "End": True}})
    state = {"Type": "Parallel", "QueryLanguage": "JSONata", "Branches": [branch], "Output": {}, "End": True}
    assert found(state) == []
    assert found({**state, "ResultPath": "$.a"}) == [(only_in("JSONPath", "ResultPath"), "/States/S")]
    (fault,) = found(state, machine_language="JSONata")
    assert fault == (only_in("JSONPath", "InputPath"), "/States/S/Branches[0]/States/B")


def test_text_with_marks_is_plain_text_in_json_path() -> None:
    state = {"Type": "Pass", "Parameters": {"a": "{% phone %}"}, "Result": "{% 1", "Comment": "{% %}", "End": True}
    assert found(state) == []


def test_paths_are_plain_text_in_jsonata() -> None:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"a.$": "$.a", "b": "States.UUID("}, "End": True}
    assert found(state) == []
