"""Definitions as texts: what CreateStateMachine says of one that is no JSON object, in Jackson's words (recorded)."""

from __future__ import annotations

import json

import pytest

from pytest_sfn_sync.asl.parsing.definition_parser import InvalidDefinitionError
from pytest_sfn_sync.asl.parsing.definition_text import json_fault, parse_definition_text
from tests.asl.diagnosing import only

TOKENS = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
NO_OBJECT = "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"


def refusal(text: str) -> InvalidDefinitionError:
    with pytest.raises(InvalidDefinitionError) as raised:
        parse_definition_text(text)
    return raised.value


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "null", "[]", "5", '"text"', "true"], ids=repr)
def test_what_is_no_object(text: str) -> None:
    assert str(refusal(text)) == NO_OBJECT


def test_what_is_no_json_at_all() -> None:
    (fault,) = refusal("not a definition").diagnostics
    location = '[Source: (String)"not a definition"; line: 1, column: 4]'
    assert fault.code == "INVALID_JSON_DESCRIPTION"
    assert fault.message == f"Unrecognized token 'not': {TOKENS}\n at {location}"
    assert fault.location == location
    assert (fault.line, fault.column, fault.severity) == (1, 4, "ERROR")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('{"StartAt": "A",\n "States": }', 2, id="a value is missing"),
        pytest.param('{"StartAt": "A"\n\n', 3, id="it ends too soon"),
        pytest.param('{"StartAt":\r\n nope}', 2, id="a word that is none, after a CRLF"),
        pytest.param("{'StartAt': 1}", 1, id="the wrong quotes"),
        pytest.param('{"StartAt": NaN}', 1, id="not a number"),
        pytest.param('{"StartAt": "A",}', 1, id="a comma too many"),
    ],
)
def test_the_line_is_that_of_the_fault(text: str, line: int) -> None:
    (fault,) = refusal(text).diagnostics
    assert (fault.code, fault.line) == ("INVALID_JSON_DESCRIPTION", line)
    assert f"line: {line}, column: {fault.column}]" in str(fault.location)


def test_a_long_text_is_quoted_in_part() -> None:
    text = f"nope {'x' * 700}"
    (fault,) = refusal(text).diagnostics
    assert fault.location == f'[Source: (String)"{text[:500]}"[truncated 205 chars]; line: 1, column: 5]'


def test_json_has_no_fault() -> None:
    text = json.dumps(only("Pass"))
    assert json_fault(text) is None
    assert parse_definition_text(text).states.start_at == "S"


def test_the_faults_of_a_text_are_those_of_its_document() -> None:
    text = json.dumps(only("Task", Resource="arn:aws:states:::ecs:runTask.sync"))
    assert str(refusal(text)).startswith("SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' ")
    assert parse_definition_text(text, machine_type="STANDARD").states.start_at == "S"
