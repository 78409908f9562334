"""The machines of a file, read without values for its placeholders and parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.workflow_coverage.files import machines_in_file

PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'


def read(folder: Path, text: str, name: str = "orders.asl.json") -> dict[str, dict[str, int]]:
    """Return the lines of the elements of each machine, by the labels of the elements."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return {
        machine.name: {element.label: machine.places[element.location].line for element in machine.elements}
        for machine in machines_in_file(file)
    }


def test_placeholders_may_stand_anywhere(tmp_path: Path) -> None:
    text = """\
{"StartAt": "${Prefix}Wait", "States": {
  "${Prefix}Wait": {"Type": "Wait", "Seconds": ${Pause}, "Next": "Send"},
  "Send": {"Type": "Task", "Resource": "${SendArn}", "Retry": ${Retry}, "End": true}
}}"""

    assert read(tmp_path, text) == {"": {"${Prefix}Wait": 2, "Send": 3}}


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert read(tmp_path, f"\ufeff{PASS}") == {"": {"A": 1}}


@pytest.mark.parametrize("text", ["[]", "null", '{"a": 1}'])
def test_what_is_neither_definition_nor_template_says_why(tmp_path: Path, text: str) -> None:
    pytest.importorskip("yaml")
    with pytest.raises(TemplateError, match="can't be loaded"):
        read(tmp_path, text)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="it is not JSON"):
        read(tmp_path, '{"StartAt": }')


TEMPLATE = """\
Conditions:
  Never: !Equals [a, b]
Parameters:
  Function: {Type: String}
Resources:
  Written:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Call
        States:
          Call: {Type: Task, Resource: !Ref Function, End: true}
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {
          "StartAt": "First",
          "States": {
            "First": {"Type": "Task", "Resource": "${Function}", "Next": "Second"},
            "Second": {"Type": "Pass", "End": true}
          }
        }
  Beside:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: beside.asl.json
  LeftOut:
    Type: AWS::Serverless::StateMachine
    Condition: Never
    Properties:
      Definition:
        StartAt: Only
        States:
          Only: {Type: Pass, End: true}
"""


def test_the_machines_of_a_template_are_those_that_are_written_in_it(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    (tmp_path / "beside.asl.json").write_text(PASS)

    assert read(tmp_path, TEMPLATE, "template.yaml") == {
        "Written": {"Call": 12},
        "Text": {"First": 20, "Second": 21},
        "LeftOut": {"Only": 35},
    }


def test_a_template_in_yaml_whose_name_says_nothing(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    text = (
        "Resources:\n"
        "  M:\n"
        "    Type: AWS::Serverless::StateMachine\n"
        "    Properties:\n"
        "      DefinitionSubstitutions: {Second: Second}\n"
        "      Definition:\n"
        "        StartAt: First\n"
        "        States:\n"
        "          First: {Type: Pass, Next: '${Second}'}\n"
        "          ${Second}: {Type: Pass, End: true}\n"
    )

    assert read(tmp_path, text, "stack.template") == {"M": {"First": 9, "Second": 10}}


def test_of_a_template_with_faults_the_machines_are_those_written_out(tmp_path: Path) -> None:
    pytest.importorskip("yaml")

    assert read(tmp_path, TEMPLATE, "template.yaml") == {
        "Written": {"Call": 12},
        "Text": {"First": 20, "Second": 21},
        "LeftOut": {"Only": 35},
    }


def test_the_machines_of_the_serverless_framework(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    text = """\
service: shop
provider: {name: aws}
stepFunctions:
  stateMachines:
    orders:
      definition:
        StartAt: A
        States:
          A: {Type: Pass, End: true}
"""

    assert read(tmp_path, text, "serverless.yml") == {"orders": {"A": 9}}


def test_a_template_without_any_says_why(tmp_path: Path) -> None:
    pytest.importorskip("yaml")

    with pytest.raises(TemplateError, match="has no state machines"):
        read(tmp_path, "Resources: {Queue: {Type: AWS::SQS::Queue}}", "template.yaml")
