"""What CloudFormation reads: JSON or YAML whatever a file's name is, keys twice, values that are put into the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.templates.writing import PASS, faults, read

pytest.importorskip("yaml")

SAM = """\
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
"""
CFN = SAM.replace("Serverless", "StepFunctions")
YAML = "StartAt: A\nStates:\n  A: {Type: Pass, Result: %s, End: true}\n"
JSON = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": %s, "End": true}}}'


GIVEN = "\n      DefinitionSubstitutions: {X: 'a\",\"b'}\n"


def uri(file: str, **substitutions: str) -> str:
    values = "".join(f"        {name}: {value}\n" for name, value in substitutions.items())
    return f"{SAM}      DefinitionUri: {file}\n" + (f"      DefinitionSubstitutions:\n{values}" if values else "")


def result(template: Any) -> Any:
    (machine,) = template.machines
    return machine.definition["States"]["A"]["Result"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("m.json", YAML % "[1]"),
        ("m.asl.json", YAML % "[1]"),
        ("m.yaml", JSON % "[1]"),
        ("m.txt", YAML % "[1]"),
        ("m.asl", JSON % "[1]"),
    ],
)
def test_a_file_is_json_or_yaml_whatever_its_name(file: str, text: str, tmp_path: Path) -> None:
    template = read(tmp_path, uri(file), files={file: text})
    assert (result(template), template.notes) == ([1], [])


def test_json_that_is_yaml_alone_has_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    template = read(tmp_path, uri("m.json", X="5"), files={"m.json": JSON % '[1, "${X}", ]'})
    assert result(template) == [1, "5"]
    (note,) = template.notes
    assert note.startswith("m.json: it is not JSON (")
    assert note.endswith("), but CloudFormation then reads it as YAML; without a template, AWS refuses it")


def test_a_key_twice_in_a_definition_has_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    twice = JSON % '1, "Result": 2'
    template = read(tmp_path, uri("m.json"), files={"m.json": twice})
    assert (result(template), template.notes) == (
        2,
        ["m.json: the key 'Result' stands twice in one object, at line 1 and at line 1; the last one counts"],
    )
    template = read(tmp_path, f"{CFN}      DefinitionString: '{twice}'\n")
    assert (result(template), template.notes) == (
        2,
        ["template.yaml:5: the key 'Result' stands twice in one object, at line 1 and at line 1; the last one counts"],
    )


def test_a_key_twice_in_a_template_has_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    template = read(tmp_path, f"{uri('no.json')}      DefinitionUri: m.json\n", files={"m.json": PASS})
    (note,) = template.notes
    assert note == (
        "template.yaml: the key 'DefinitionUri' stands twice in one object, at line 5 and at line 6; the last one "
        "counts"
    )


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        pytest.param(JSON % '["${X}"]', """ 'a","b' """, ["a", "b"], id="a list that is joined with quotes"),
        pytest.param(JSON % '"${X}"', r""" 'a\nb' """, "a\nb", id="an escape"),
        pytest.param(JSON % "${X}", """ '{"a": [1]}' """, {"a": [1]}, id="an object without quotes"),
        pytest.param(YAML % "[${X}]", """ '"a", "b"' """, ["a", "b"], id="a list in YAML"),
        pytest.param(YAML % "'${X}'", """ "it's" """, None, id="a quote in quotes in YAML"),
        pytest.param(JSON % '"${X}"', """ 'a"b' """, None, id="a quote in quotes in JSON"),
        pytest.param(JSON % '"${X}"', ' "a\\nb" ', "a b", id="an end of line, which YAML alone takes"),
        pytest.param(JSON % '"${X} ${Y}"', """ 'a' """, "a y", id="plain values"),
    ],
)
def test_values_are_put_into_the_text(text: str, value: str, expected: Any, tmp_path: Path) -> None:
    template = uri("m.asl", X=value, Y="y") if "${Y}" in text else uri("m.asl", X=value)
    if expected is None:
        assert "m.asl:1: it is not JSON (" in faults(
            tmp_path, template, files={"m.asl": text}
        ) or "it is not YAML (" in (faults(tmp_path, template, files={"m.asl": text}))
    else:
        assert result(read(tmp_path, template, files={"m.asl": text})) == expected


def test_values_are_put_into_the_text_of_an_inline_definition(tmp_path: Path) -> None:
    inline = SAM + "      Definition: " + JSON % '["${X}"]' + GIVEN
    assert result(read(tmp_path, inline)) == ["a", "b"]
    assert "it is not JSON (" in faults(tmp_path, inline.replace("""a\",\"b""", """a\"b"""))
    text = CFN + "      DefinitionString: '" + JSON % '["${X}"]' + "'" + GIVEN
    assert result(read(tmp_path, text)) == ["a", "b"]


def test_blanks_in_a_placeholder_are_text_to_cloudformation(tmp_path: Path) -> None:
    told = faults(tmp_path, uri("m.json", X="5"), files={"m.json": JSON % '"${ X }"'})
    assert "${ X } has no value in DefinitionSubstitutions. Nearest: X." in told
