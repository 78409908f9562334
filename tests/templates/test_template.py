"""Templates as wholes: several machines, conditions, what is no template, and faults that are told together."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.templates.template import read_template
from tests.templates.writing import PASS, faults, machine_with, read

MACHINE = f"{{Type: AWS::Serverless::StateMachine, Properties: {{Definition: {PASS}}}}}"


def test_several_machines_in_their_order(tmp_path: Path) -> None:
    template = read(tmp_path, f"Resources:\n  B: {MACHINE}\n  A: {MACHINE}\n  T: {{Type: AWS::SNS::Topic}}\n")

    assert [(machine.key, machine.name) for machine in template.machines] == [("B", "B"), ("A", "A")]


def test_a_machine_whose_condition_is_false_is_left_out(tmp_path: Path) -> None:
    text = f"""\
Conditions:
  IsProd: !Equals [!Ref AWS::StackName, prod]
Resources:
  A: {MACHINE.replace("{Type", "{Condition: IsProd, Type")}
  B: {MACHINE}
"""
    template = read(tmp_path, text)

    assert [machine.key for machine in template.machines] == ["B"]
    assert template.left_out == {"A": "its condition IsProd is false"}
    assert template.notes == ["A is left out: its condition IsProd is false"]
    assert len(read(tmp_path, text, parameters={"AWS::StackName": "prod"}).machines) == 2


def test_globals_of_sam_fill_in(tmp_path: Path) -> None:
    before = "Globals: {StateMachine: {Type: EXPRESS, Name: shared}, Function: {FunctionName: !Sub 'f-${AWS::Region}'}}"
    more = (
        f"  N: {MACHINE.replace('Definition:', 'Name: own, Definition:')}\n  F: {{Type: AWS::Serverless::Function}}\n"
    )

    template = read(tmp_path, machine_with("!Ref F", before=before, more=more))

    assert [(machine.name, machine.type) for machine in template.machines] == [
        ("shared", "EXPRESS"),
        ("own", "EXPRESS"),
    ]
    assert template.machines[0].definition["States"]["A"]["Result"] == "f-eu-west-1"


def test_the_cdk_names_machines_without_their_hash(tmp_path: Path) -> None:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": PASS}}
    text = json.dumps({"Resources": {"Orders1A2B3C4D": machine}})

    (found,) = read(tmp_path, text, name="s.template.json").machines

    assert (found.key, found.name, found.keys) == ("Orders1A2B3C4D", "Orders1A2B3C4D", ("Orders",))


def test_keys_that_yaml_takes_for_numbers_are_no_matter_outside_of_definitions(tmp_path: Path) -> None:
    api = "  Api: {Type: AWS::Serverless::Api, Properties: {DefinitionBody: {responses: {200: {}, default: {}}}}}\n"

    assert len(read(tmp_path, machine_with("1", more=api)).machines) == 1


def test_resources_that_are_none_are_noted(tmp_path: Path) -> None:
    more = "  'Fn::ForEach::Topics': [A, [b], {}]\n"

    assert read(tmp_path, machine_with("1", more=more)).notes == [
        "Fn::ForEach::Topics in Resources is no resource with a Type, so it is left out"
    ]


def test_the_faults_of_all_machines_are_told_together(tmp_path: Path) -> None:
    text = """\
Resources:
  A:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: !Ref Kind
      DefinitionUri: a.json
  B:
    Type: AWS::StepFunctions::StateMachine
    Condition: IsProd
    Properties:
      DefinitionString: !Sub |
        {"A": "${First}",
         "B": "${Second}"}
  C:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        A: !Ref Third
        B: [!GetAtt Fourth.Arn]
"""
    message = faults(tmp_path, text, parameters={"Fifth": 1}, resources={"Sixth": "x"})

    told = [line.strip().replace("template.yaml", "") for line in message.splitlines()]
    assert told[0] == "The template  can't be loaded, for 8 faults:"
    assert [line.split(": ")[0] for line in told[1:7]] == [":6", ":5", ":9", ":11", ":18", ":19"]
    assert [line.split(": ")[1] for line in told[1:7]] == [
        "/Resources/A/Properties/DefinitionUri",
        "/Resources/A/Properties/Type/Ref",
        "/Resources/B/Condition",
        "/Resources/B/Properties/DefinitionString/Fn::Sub",
        "/Resources/C/Properties/Definition/A/Ref",
        "/Resources/C/Properties/Definition/B[0]/Fn::GetAtt",
    ]
    assert told[7].startswith("parameters= has 'Fifth', ")
    assert told[8].startswith("resources= has 'Sixth', ")


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        pytest.param(
            "Resources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic}, F: {Type: AWS::Serverless::Function}}",
            "template.yaml",
            "The template template.yaml has no state machines. It has: AWS::SNS::Topic (2), AWS::Serverless::Function.",
            id="no machines",
        ),
        pytest.param(
            "Resources: {A: {Type: AWS::CloudFormation::Stack}}",
            "template.yaml",
            "The template template.yaml has no state machines. It has: AWS::CloudFormation::Stack. Nested "
            "stacks are followed if their templates are local files.",
            id="no machines but a nested stack",
        ),
        pytest.param(
            "Resources: {}",
            "template.yaml",
            "The template template.yaml has no state machines. It has: no resources.",
            id="no resources",
        ),
        pytest.param(
            "Resources: {Fn::ForEach::Machines: [Name, [A, B], {}]}",
            "template.yaml",
            "The template template.yaml has no state machines. It has: no resources. What Fn::ForEach makes is known "
            "to CloudFormation alone.",
            id="resources in a loop",
        ),
        pytest.param(
            "Resources: [a]",
            "template.yaml",
            "The template template.yaml can't be loaded: its Resources are an object, not a list.",
            id="a list of resources",
        ),
        pytest.param(
            PASS,
            "m.asl.json",
            "The template m.asl.json can't be loaded: it is a definition, not a template. Register it: "
            'sfn.register("name", "m.asl.json").',
            id="a definition",
        ),
        pytest.param(
            "openapi: 3\npaths: {}\n",
            "api.yaml",
            "The template api.yaml can't be loaded: it has neither Resources nor stepFunctions; it has openapi, paths.",
            id="something else",
        ),
        pytest.param(
            "[1]", "x.yaml", "The template x.yaml can't be loaded: it is a list, not a template.", id="a list"
        ),
        pytest.param(
            '{"Resources": }',
            "x.json",
            "The template x.json can't be loaded: it is not JSON (Expecting value at line 1, column 15).",
            id="no JSON",
        ),
    ],
)
def test_what_is_refused(text: str, name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert faults(tmp_path, text, name=name) == told


def test_a_template_that_is_not_yaml(tmp_path: Path) -> None:
    message = faults(tmp_path, "Resources:\n  A: [1\n")

    # What is wrong is told in the library's words, which differ between its two parsers.
    assert re.fullmatch(
        r"The template template\.yaml can't be loaded: it is not YAML \(.* at line 3, column 1\)\.",
        message.replace(f"{tmp_path}/", ""),
    )


def test_yaml_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert faults(tmp_path, machine_with("1")) == (
        "The template template.yaml can't be loaded: YAML is read with PyYAML, which is not installed; it comes with "
        "the "
        'extra `yaml`: pip install "pytest-sfn-sync[yaml]".'
    )


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ("template.yml", "there is no 'template.yaml': its folder has template.yml, but no 'template.yaml'."),
        ("Template.yaml", "the file is spelt 'Template.yaml'."),
    ],
)
def test_a_template_that_is_not_there(there: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / there).write_text("Resources: {}")

    with pytest.raises(TemplateError) as raised:
        read_template(Path("template.yaml"), None)  # type: ignore[arg-type]
    assert str(raised.value) == f"The template template.yaml can't be loaded: {told}"
