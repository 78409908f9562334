"""Where the parts of a definition stand: in the template, in the file that it names, in a text in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.templates.writing import machine_with, read

TEMPLATE = """\
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
"""
LITERAL = """\
      DefinitionString: !Sub |
        {
          "StartAt": "A",
          "States": {
            "A": {"Type": "Pass", "Comment": "${AWS::Region}", "Next": "B"},
            "B": {"Type": "Succeed"}
          }
        }
"""
SUB_WITH_VALUES = """\
      DefinitionString:
        Fn::Sub:
          - >-
            {"StartAt": "A",
            "States": {"A": {"Type": "Pass", "Comment": "${X}",
            "Next": "B"},
            "B": {"Type": "Succeed"}}}
          - X: 1
"""
DOUBLE_QUOTED = """\
      DefinitionString: "{\\"StartAt\\": \\"A\\",\\n
        \\"States\\": {\\"A\\": {\\"Type\\": \\"Pass\\", \\"Next\\": \\"B\\"}, \\
        \\"B\\": {\\"Type\\": \\"Succeed\\"}}}"
"""
SINGLE_QUOTED = """\
      DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "it''s",
        "Next": "B"}, "B": {"Type": "Succeed"}}}'
"""
JOINED = """\
      DefinitionString: !Join
        - ""
        - - '{"StartAt": "A",'
          - !Sub '"States": {"A": {"Type": "Pass", "Comment": "${AWS::Region}",'
          - '"Result": "'
          - !Ref AWS::Partition
          - '", "Next": "B"},'
          - '"B": {"Type": "Succeed"}}}'
"""
INLINE = """\
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Comment: !Sub
              - ${X}
              - X: 1
            Next: B
          B: {Type: Succeed}
"""


CHOSEN = """\
      Definition: !If
        - Always
        - StartAt: A
          States:
            A: {Type: Pass, Next: B}
            B: {Type: Succeed}
        - {}
Conditions: {Always: !Equals [a, a]}
"""


@pytest.mark.parametrize(
    ("properties", "places"),
    [
        pytest.param(LITERAL, {"A": (9, 13), "Next": (9, 64), "B": (10, 13)}, id="a literal block behind !Sub"),
        pytest.param(SUB_WITH_VALUES, {"A": (9, 24), "Next": (10, 13), "B": (11, 13)}, id="a folded block in Fn::Sub"),
        pytest.param(DOUBLE_QUOTED, {"A": (6, 22), "Next": (6, 50), "B": (7, 9)}, id="double quotes"),
        pytest.param(SINGLE_QUOTED, {"A": (5, 54), "Next": (6, 9), "B": (6, 23)}, id="single quotes"),
        pytest.param(JOINED, {"A": (8, 30), "Next": (11, 17), "B": (12, 14)}, id="Fn::Join of texts"),
        pytest.param(INLINE, {"A": (8, 11), "Next": (13, 13), "B": (14, 11)}, id="an object"),
        pytest.param(CHOSEN, {"A": (9, 13), "Next": (9, 29), "B": (10, 13)}, id="an object that a condition chooses"),
    ],
)
def test_in_a_template_in_yaml(properties: str, places: dict[str, tuple[int, int]], tmp_path: Path) -> None:
    (machine,) = read(tmp_path, TEMPLATE + properties).machines

    line_map = machine.line_map()

    assert line_map is not None
    assert line_map.file == machine.source == str(tmp_path / "template.yaml")
    locations = {"A": "/States/A", "Next": "/States/A/Next", "B": "/States/B"}
    spans = {name: line_map.span(location) for name, location in locations.items()}
    assert {name: span and span[:2] for name, span in spans.items()} == places
    for name, (line, column) in places.items():
        assert line_map.lines[line - 1][column - 1 :].lstrip('"\\').startswith(name)


def test_in_a_template_in_json(tmp_path: Path) -> None:
    parts = ['{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"', {"Ref": "AWS::Region"}, '","End":true}}}']
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionString": {"Fn::Join": ["", parts]}},
    }
    text = json.dumps({"Resources": {"M": machine}}, indent=1)

    line_map = read(tmp_path, text, name="s.template.json").machines[0].line_map()

    assert line_map is not None
    state, resource, end = (line_map.span(f"/States/A{field}") for field in ("", "/Resource", "/End"))
    assert state is not None
    assert resource is not None
    assert end is not None
    first = next(number for number, line in enumerate(text.splitlines(), 1) if "StartAt" in line)
    assert (state.line, resource.line, end.line) == (first, first, first + 4)
    assert line_map.lines[first - 1][resource.column - 1 :].startswith('\\"Resource\\":\\"')
    assert line_map.lines[end.value_line - 1][end.value_column - 1 :].startswith("true")
    assert (state.end_line, line_map.lines[state.end_line - 1][: state.end_column - 1][-5:]) == (first + 4, "true}")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("m.json", '{"StartAt": "A",\n "States": {"${N}": {"Type": "Wait",\n  "Seconds": ${S}}}}'),
        ("m.yaml", "States:\n  ${N}:\n    Seconds: ${S}\n"),
    ],
)
def test_in_a_file_with_placeholders(file: str, text: str, tmp_path: Path) -> None:
    properties = f"      DefinitionUri: {file}\n      DefinitionSubstitutions: {{N: A, S: 5}}\n"
    template = TEMPLATE.replace("StepFunctions", "Serverless") + properties
    (machine,) = read(tmp_path, template, files={file: text}).machines

    line_map = machine.line_map()

    assert line_map is not None
    assert line_map.file == machine.source == str(tmp_path / file)
    state, seconds = line_map.span("/States/A"), line_map.span("/States/A/Seconds")
    assert state is not None
    assert state.line == 2
    assert seconds is not None
    assert seconds.line == 3


def test_what_a_function_gives_is_where_the_function_stands(tmp_path: Path) -> None:
    (machine,) = read(tmp_path, machine_with("!FindInMap [A, B, C]", before="Mappings: {A: {B: {C: {d: 1}}}}")).machines

    line_map = machine.line_map()

    assert line_map is not None
    span = line_map.span("/States/A/Result/d")
    assert span is not None
    assert line_map.lines[span.line - 1][span.value_column - 1 :].startswith("!FindInMap")


def test_a_text_that_comes_from_elsewhere_is_where_it_is_named(tmp_path: Path) -> None:
    properties = "      DefinitionString: !Ref Text\nParameters: {Text: {Type: String}}\n"
    (machine,) = read(tmp_path, TEMPLATE + properties, parameters={"Text": '{"States": {}}'}).machines

    line_map = machine.line_map()

    assert machine.definition == {"States": {}}
    assert line_map is not None
    assert (line_map.span("/States") or ())[:2] == (5, 25)
