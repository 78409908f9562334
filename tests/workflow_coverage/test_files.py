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


def test_definitions_inside_of_a_document_that_is_no_template(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    assert read(tmp_path, f'{{"a": [{PASS}]}}') == {"": {"A": 1}}


CONFIGURATION = """\
variable "names" { type = list(string) }
resource "aws_sfn_state_machine" "written" {
  definition = jsonencode({
    StartAt = "A"
    States = {
      A = { Type = "Pass", Next = "B" }
      B = { Type = "Succeed" }
    }
  })
}
resource "aws_sfn_state_machine" "rendered" {
  definition = templatefile("${path.module}/shared/orders.json.tftpl", { names = var.names })
}
resource "aws_sfn_state_machine" "text" {
  definition = <<-JSON
    {"StartAt": "C", "States": {
      "C": {"Type": "Succeed"}}}
  JSON
}
"""
DIRECTIVES = """\
{"StartAt": "A", "States": {
%{ for name in names ~}
  "Unused": {"Type": "Fail"},
%{ endfor ~}
  "A": {"Type": "Pass", "End": true}}}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    pytest.importorskip("hcl2")
    (tmp_path / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "orders.json.tftpl").write_text(DIRECTIVES, encoding="utf-8")
    return tmp_path


def test_of_a_file_of_terraform_the_machines_are_those_that_are_written_in_it(configuration: Path) -> None:
    assert read(configuration, CONFIGURATION, "main.tf") == {
        "aws_sfn_state_machine.written": {"A": 6, "B": 7},
        "aws_sfn_state_machine.text": {"C": 17},
    }


def test_a_template_with_directives_is_read_with_the_configuration_above_it(configuration: Path) -> None:
    assert read(configuration, DIRECTIVES, "shared/orders.json.tftpl") == {
        "aws_sfn_state_machine.rendered": {"Unused": 3, "A": 5}
    }


@pytest.mark.parametrize("text", ["locals {}", "locals {", CONFIGURATION.partition("resource")[0]])
def test_a_template_with_directives_that_no_configuration_renders_says_why(configuration: Path, text: str) -> None:
    (configuration / "main.tf").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSourceError, match="it is not JSON"):
        read(configuration, DIRECTIVES, "shared/orders.json.tftpl")


def test_configurations_that_render_other_files_are_passed_over(configuration: Path) -> None:
    (configuration / "shared" / "main.tf").write_text(
        CONFIGURATION.replace("shared/orders.json.tftpl", "other.json"), encoding="utf-8"
    )
    (configuration / "shared" / "other.json").write_text(PASS, encoding="utf-8")
    assert read(configuration, DIRECTIVES, "shared/orders.json.tftpl") == {
        "aws_sfn_state_machine.rendered": {"Unused": 3, "A": 5}
    }
