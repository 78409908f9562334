"""The input of an execution keeps its text: in causes and in the output, as long as no state made it anew."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import parse_json
from tests.asl.machines import run, start_at

TEXT = '{ "b" : [1,  2],\n"a": {"n": 1.50} }'
COMPACT = '{"b":[1,2],"a":{"n":1.5}}'
LOOK: JSON = {"Type": "Pass", "Parameters": {"x.$": "$.x"}}
BEFORE = "The JSONPath '$.x' specified for the field 'x.$' could not be found in the input "


def cause(*states: tuple[str, JSON], text: str = TEXT) -> str:
    finished = run(start_at(*states), parse_json(text), input_text=text)
    assert finished.error == "States.Runtime"
    assert finished.cause is not None
    return finished.cause.partition("). ")[2]


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({"Type": "Pass"}, id="a Pass"),
        pytest.param({"Type": "Wait", "Seconds": 1}, id="a Wait"),
        pytest.param(
            {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "Look"}]}, id="a Choice"
        ),
        pytest.param({"Type": "Pass", "Result": 1, "ResultPath": None}, id="a result that is thrown away"),
        pytest.param({"Type": "Pass", "InputPath": "$", "OutputPath": "$"}, id="paths that name the whole"),
        pytest.param({"Type": "Pass", "Assign": {"copy.$": "$"}}, id="an Assign beside it"),
    ],
)
def test_what_a_state_hands_on_whole_keeps_its_text(state: JSON) -> None:
    assert cause(("First", state), ("Look", LOOK)) == f"{BEFORE}'{TEXT}'"


@pytest.mark.parametrize(
    ("state", "written"),
    [
        pytest.param({"Type": "Pass", "Parameters": {"all.$": "$"}}, f'{{"all":{COMPACT}}}', id="a template"),
        pytest.param({"Type": "Pass", "InputPath": "$.a"}, '{"n":1.5}', id="a part"),
        pytest.param(
            {"Type": "Pass", "Result": 1, "ResultPath": "$.c"}, f'{COMPACT[:-1]},"c":1}}', id="the input with a result"
        ),
        pytest.param({"Type": "Pass", "Result": {"k": 1}}, '{"k":1}', id="a result"),
    ],
)
def test_what_a_state_made_is_written_without_blanks(state: JSON, written: str) -> None:
    assert cause(("First", state), ("Look", LOOK)) == f"{BEFORE}'{written}'"


def test_an_argument_of_an_intrinsic_function_that_is_not_there() -> None:
    template = {"x.$": "States.StringToJson($.x)"}
    assert cause(("Look", {"Type": "Pass", "Parameters": template})) == (
        "The function 'States.StringToJson($.x)' had the following error: "
        f"The JsonPath argument for the field '$.x' could not be found in the input '{TEXT}'"
    )


def test_the_error_path_of_a_fail_state() -> None:
    assert cause(("Stop", {"Type": "Fail", "ErrorPath": "$.x"})).endswith(f"could not be found in the input '{TEXT}'")


def test_the_results_of_a_parallel_are_put_side_by_side() -> None:
    made = {"Type": "Pass", "Parameters": {"v": [1, 2]}}
    inner: JSON = {"Type": "Parallel", "Branches": [start_at(("A", {"Type": "Pass"})), start_at(("B", made))]}
    both: JSON = {"Type": "Parallel", "Branches": [start_at(("C", {"Type": "Pass"})), start_at(("D", inner))]}
    assert cause(("Both", both), ("Look", LOOK)) == f"{BEFORE}'[{TEXT},[{TEXT},{{\"v\":[1,2]}}]]'"


@pytest.mark.parametrize("text", [" 12 ", '  "crate"', " true"])
def test_a_scalar_is_written_anew(text: str) -> None:
    finished = run(start_at(("P", {"Type": "Pass"})), parse_json(text), input_text=text)
    assert finished.as_written(finished.output) == text.strip()


def test_an_equal_document_is_not_the_same() -> None:
    finished = run(start_at(("P", {"Type": "Pass", "Result": parse_json(TEXT)})), parse_json(TEXT), input_text=TEXT)
    assert finished.as_written(finished.output) == COMPACT
    assert finished.as_written(finished.input) == TEXT
