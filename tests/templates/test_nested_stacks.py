"""Nested stacks whose templates are local files: machines, functions, parameters, outputs, and what is not followed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.errors import TemplateError
from tests.templates.writing import PASS, faults, machine_with, read, result_of

pytest.importorskip("yaml")

CHILD = """\
Parameters:
  Table: {Type: String}
  Size: {Type: Number, Default: 3}
  Queue: {Type: String}
Resources:
  Charge: {Type: AWS::Lambda::Function}
  Topic: {Type: AWS::SNS::Topic}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Result: [!Ref Table, !Ref Size, !Ref Queue, !Ref AWS::StackName, !Ref Topic], Next: B}
          B: {Type: Task, Resource: !GetAtt Charge.Arn, End: true}
Outputs:
  Machine: {Value: !Ref M}
  Plain: 5
"""
PARENT = """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters: {Table: !Ref Orders, Size: 4}
  Orders: {Type: AWS::DynamoDB::Table}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition: {StartAt: A, States: {A: {Type: Pass, Result: !GetAtt Child.Outputs.Machine, End: true}}}
"""
ARN = "arn:aws:states:eu-west-1:111122223333:stateMachine"


def results(template: Any) -> dict[str, Any]:
    return {machine.key: machine.definition["States"]["A"]["Result"] for machine in template.machines}


def test_machines_parameters_and_outputs(tmp_path: Path) -> None:
    template = read(tmp_path, PARENT, files={"child.yaml": CHILD})
    topic = "arn:aws:sns:eu-west-1:111122223333:Child-Topic"
    assert results(template) == {
        "M": f"{ARN}:Child-M",
        "Child.M": ["Orders", "4", "Queue", "stack-Child", topic],
    }
    assert [machine.name for machine in template.machines] == ["M", "Child-M"]
    assert [function.keys for function in template.functions] == [["Child.Charge"]]
    assert template.made_up["Child.Queue"] == "Queue"
    assert template.guesses["Child.Queue"] == 'parameters={"Queue": ...}'
    assert template.notes == []


def test_what_a_test_sets_for_parts_of_a_nested_stack(tmp_path: Path) -> None:
    resources = {"Child.Topic": "t", "Child": {"Outputs.Machine": "given"}}
    template = read(tmp_path, PARENT, files={"child.yaml": CHILD}, resources=resources)
    assert results(template)["Child.M"][-1] == "t"
    assert results(template)["M"] == "given"


def test_a_nested_stack_in_a_nested_stack(tmp_path: Path) -> None:
    middle = "Resources:\n  Inner: {Type: AWS::Serverless::Application, Properties: {Location: ../child.yaml}}\n"
    outer = "Resources:\n  Outer: {Type: AWS::Serverless::Application, Properties: {Location: deep/middle.yaml}}\n"
    template = read(tmp_path, outer, files={"deep/middle.yaml": middle, "child.yaml": CHILD})
    assert [(machine.key, machine.name) for machine in template.machines] == [("Outer.Inner.M", "Outer-Inner-M")]
    assert results(template)["Outer.Inner.M"][3] == "stack-Outer-Inner"
    assert [function.keys for function in template.functions] == [["Outer.Inner.Charge"]]


def test_a_nested_stack_of_the_cdk(tmp_path: Path) -> None:
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3/", "x.json"]]}},
        "Metadata": {"aws:asset:path": "child.yaml", "aws:asset:property": "TemplateURL"},
    }
    text = json.dumps({"Resources": {"ChildNestedStack1234ABCD": nested}})
    template = read(tmp_path, text, name="App.template.json", files={"child.yaml": CHILD})
    (machine,) = template.machines
    assert (machine.key, machine.keys) == ("ChildNestedStack.M", ("ChildNestedStack1234ABCD.M",))


def test_it_runs_with_mocks_by_its_names(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(PARENT)
    (tmp_path / "child.yaml").write_text(CHILD)
    with SfnSync() as sfn:
        template = sfn.load_template(tmp_path / "template.yaml")
        sfn.mock_lambda("Child.Charge", returns="charged")
        assert template["Child.M"].run({}).output == "charged"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        pytest.param("child.yaml", "gone.yaml", "there is no 'gone.yaml': ", id="missing"),
        pytest.param(
            "child.yaml", "https://s3/x", "its template is not a local file, but in https://s3/x", id="an address"
        ),
        pytest.param(
            "child.yaml", "!Ref Nope", "the place of its template can't be worked out (Ref names", id="unknown"
        ),
        pytest.param(
            "child.yaml",
            "{ApplicationId: a}",
            "its template is not a local file, but in the Serverless Application Repository",
            id="an application",
        ),
        pytest.param("child.yaml", "broken.yaml", "'broken.yaml' can't be read: it is not YAML (", id="broken"),
        pytest.param("child.yaml", "m.json", "'m.json' is no template with Resources", id="no template"),
        pytest.param("child.yaml", "template.yaml", "its template contains itself", id="the template itself"),
    ],
)
def test_what_is_not_followed_has_a_note(before: str, after: str, why: str, tmp_path: Path) -> None:
    files = {"child.yaml": CHILD, "broken.yaml": "a: [", "m.json": PASS}
    template = read(tmp_path, PARENT.replace(before, after), files=files)
    assert results(template) == {"M": "Child.Outputs.Machine"}
    (note,) = template.notes
    assert f"template.yaml:2: the nested stack Child is not followed: {why}" in note


def test_parameters_that_can_not_be_handed_down_have_notes(tmp_path: Path) -> None:
    text = PARENT.replace("Size: 4", "Size: !Ref Nope, Other: 1")
    template = read(tmp_path, text, files={"child.yaml": CHILD})
    assert results(template)["Child.M"][1] == "3"
    assert [note.partition(": ")[2] for note in template.notes] == [
        "Ref names neither a parameter nor a resource: 'Nope'. Nearest: Orders, Child, M.",
        "the template of the nested stack has no parameter 'Other'",
    ]
    template = read(tmp_path, PARENT, files={"child.yaml": machine_with("1")})
    assert template.notes[0].endswith(": the template of the nested stack has no parameter 'Table'")


def test_an_output_that_the_nested_stack_does_not_have(tmp_path: Path) -> None:
    template = read(tmp_path, PARENT.replace("Outputs.Machine", "Outputs.Machin"), files={"child.yaml": CHILD})
    (broken,) = template.broken
    assert "the nested stack has no output 'Machin'. Nearest: Machine, Plain." in str(broken.faults[0])
    template = read(tmp_path, PARENT.replace("Outputs.Machine", "Outputs.Plain"), files={"child.yaml": CHILD})
    assert results(template)["M"] is None


def test_a_nested_stack_that_needs_itself(tmp_path: Path) -> None:
    text = PARENT.replace("Size: 4", "Queue: !GetAtt Child.Outputs.Machine")
    template = read(tmp_path, text, files={"child.yaml": CHILD})
    assert results(template)["Child.M"][2] == "Queue"
    assert any("the nested stack 'Child' refers to itself" in note for note in template.notes)


def test_a_nested_stack_that_a_condition_leaves_out(tmp_path: Path) -> None:
    text = PARENT.replace(
        "    Type: AWS::CloudFormation::Stack\n", "    Type: AWS::CloudFormation::Stack\n    Condition: No\n"
    )
    conditions = 'Conditions: {"No": !Equals [a, b]}\n'
    template = read(
        tmp_path, conditions + text.replace("Condition: No", 'Condition: "No"'), files={"child.yaml": CHILD}
    )
    assert list(results(template)) == ["M"]


def test_a_machine_of_a_nested_stack_that_is_broken_or_left_out(tmp_path: Path) -> None:
    child = f'Conditions: {{"No": !Equals [a, b]}}\n{machine_with("!Ref Nope")}'
    child += "  Left: {Type: AWS::Serverless::StateMachine, Condition: 'No', Properties: {Definition: {}}}\n"
    template = read(
        tmp_path,
        PARENT.replace("      Parameters: {Table: !Ref Orders, Size: 4}\n", "").replace(
            "!GetAtt Child.Outputs.Machine", "1"
        ),
        files={"child.yaml": child},
    )
    assert [machine.key for machine in template.broken] == ["Child.M"]
    assert template.left_out == {"Child.Left": "its condition No is false"}
    assert template.notes == ["Child: Left is left out: its condition No is false"]


def test_a_definition_of_a_nested_stack_is_given(tmp_path: Path) -> None:
    child = "Resources:\n  M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: s3://b/k}}\n"
    (tmp_path / "child.yaml").write_text(child)
    (tmp_path / "m.json").write_text(PASS)
    (tmp_path / "template.yaml").write_text(PARENT.replace("!GetAtt Child.Outputs.Machine", "1"))
    with SfnSync() as sfn:
        template = sfn.load_template(tmp_path / "template.yaml", definitions={"Child.M": "m.json"})
        assert list(template) == ["M", "Child.M"]


def test_nothing_has_a_machine(tmp_path: Path) -> None:
    text = "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n"
    told = faults(tmp_path, text, files={"child.yaml": "Resources: {Q: {Type: AWS::SQS::Queue}}\n"})
    assert told == (
        "The template template.yaml has no state machines. It has: AWS::CloudFormation::Stack. Nested stacks are "
        "followed if their templates are local files."
    )


def test_stacks_that_are_nested_too_deeply(tmp_path: Path) -> None:
    files = {}
    for number in range(12):
        nested = f"{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {number + 1}.yaml}}}}"
        files[f"{number}.yaml"] = f"Resources:\n  N: {nested}\n"
    files["12.yaml"] = machine_with("1")
    with pytest.raises(TemplateError, match="has no state machines"):
        read(tmp_path, files["0.yaml"], name="0.yaml", files=files)
    assert result_of(read(tmp_path, files["3.yaml"], name="3.yaml", files=files)) == 1


def test_stacks_that_fan_out_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stacks(child: str) -> str:
        stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": child}}
        return json.dumps({"Resources": {"Left": stack, "Right": stack}})

    monkeypatch.setattr("pytest_sfn_sync.templates.template_budget.MOST_STACKS", 20)
    files = {f"s{at}.yaml": stacks(f"s{at + 1}.yaml") for at in range(8)} | {"s8.yaml": machine_with("1")}
    with pytest.raises(TemplateError, match=r"s\d\.yaml:1.* the nested stacks fan out: more than"):
        read(tmp_path, stacks("s0.yaml"), files=files)
