"""Resources: what Ref and GetAtt give for each type, by properties or logical id, and what a test says instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.templates.writing import faults, machine_with, read, result_of

AT = "eu-west-1:111122223333"


@pytest.mark.parametrize(
    ("kind", "properties", "references"),
    [
        ("AWS::Lambda::Function", "", {"R": "R", "R.Arn": f"arn:aws:lambda:{AT}:function:R"}),
        ("AWS::Serverless::Function", "FunctionName: f", {"R": "f", "R.Arn": f"arn:aws:lambda:{AT}:function:f"}),
        ("AWS::Serverless::Function", "FunctionName: !Sub '${Stage}-f'", {"R": "dev-f"}),
        ("AWS::Serverless::Function", "FunctionName: !Ref Nothing", {"R": "R"}),
        ("AWS::Lambda::Alias", "{Name: live, FunctionName: !Ref F}", {"R": f"arn:aws:lambda:{AT}:function:fn:live"}),
        (
            "AWS::Lambda::Alias",
            "{Name: live, FunctionName: !GetAtt F.Arn}",
            {"R": f"arn:aws:lambda:{AT}:function:fn:live"},
        ),
        ("AWS::Lambda::Version", "FunctionName: !Ref F", {"R": f"arn:aws:lambda:{AT}:function:fn:1", "R.Version": "1"}),
        (
            "AWS::StepFunctions::StateMachine",
            "StateMachineName: s",
            {"R": f"arn:aws:states:{AT}:stateMachine:s", "R.Name": "s"},
        ),
        (
            "AWS::Serverless::StateMachine",
            "",
            {"R": f"arn:aws:states:{AT}:stateMachine:R", "R.Arn": f"arn:aws:states:{AT}:stateMachine:R"},
        ),
        ("AWS::StepFunctions::Activity", "Name: a", {"R": f"arn:aws:states:{AT}:activity:a"}),
        ("AWS::DynamoDB::Table", "TableName: t", {"R": "t", "R.Arn": f"arn:aws:dynamodb:{AT}:table/t"}),
        ("AWS::Serverless::SimpleTable", "", {"R": "R", "R.Arn": f"arn:aws:dynamodb:{AT}:table/R"}),
        (
            "AWS::SQS::Queue",
            "QueueName: q",
            {
                "R": "https://sqs.eu-west-1.amazonaws.com/111122223333/q",
                "R.Arn": f"arn:aws:sqs:{AT}:q",
                "R.QueueName": "q",
            },
        ),
        ("AWS::SNS::Topic", "", {"R": f"arn:aws:sns:{AT}:R", "R.TopicArn": f"arn:aws:sns:{AT}:R", "R.TopicName": "R"}),
        ("AWS::S3::Bucket", "", {"R": "r", "R.Arn": "arn:aws:s3:::r", "R.DomainName": "r.s3.amazonaws.com"}),
        ("AWS::S3::Bucket", "BucketName: b", {"R": "b"}),
        ("AWS::Events::EventBus", "Name: bus", {"R": "bus", "R.Arn": f"arn:aws:events:{AT}:event-bus/bus"}),
        ("AWS::IAM::Role", "", {"R": "R", "R.Arn": "arn:aws:iam::111122223333:role/R"}),
        ("AWS::ECS::Cluster", "", {"R": "R", "R.Arn": f"arn:aws:ecs:{AT}:cluster/R"}),
        ("AWS::ECS::TaskDefinition", "Family: web", {"R": f"arn:aws:ecs:{AT}:task-definition/web:1"}),
        ("AWS::SecretsManager::Secret", "Name: s", {"R": f"arn:aws:secretsmanager:{AT}:secret:s"}),
        ("AWS::SSM::Parameter", "{Name: p, Value: !Ref Stage}", {"R": "p", "R.Value": "dev", "R.Type": "R"}),
        ("AWS::Bedrock::Agent", "", {"R": "R", "R.AgentArn": f"arn:aws:bedrock:{AT}:R", "R.AgentId": "R.AgentId"}),
        ("Custom::Thing", "", {"R": "R", "R.Answer": "R.Answer", "R.ThingArn": f"arn:aws:cloudformation:{AT}:R"}),
    ],
)
def test_what_a_resource_is(kind: str, properties: str, references: dict[str, str], tmp_path: Path) -> None:
    more = f"""\
  R: {{Type: {kind}, Properties: {properties if properties.startswith("{") else "{" + properties + "}"}}}
  F: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: fn}}}}
"""
    if "StateMachine" in kind:
        more = more.replace("Properties: {", "Properties: {Definition: {StartAt: A}, ", 1).replace(", }", "}")
    result = ", ".join(f"!Sub '${{{name}}}'" for name in references)
    parameters = "Parameters: {Stage: {Type: String, Default: dev}}\n"

    template = read(tmp_path, machine_with(f"[{result}]", before=parameters, more=more))

    machine = next(machine for machine in template.machines if machine.key == "M")
    assert machine.definition["States"]["A"]["Result"] == list(references.values())


def test_what_was_made_up_is_told(tmp_path: Path) -> None:
    more = """\
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Thing: {Type: Custom::Thing}
"""
    result = "[!Ref Queue, !GetAtt Queue.Arn, !Ref Table, !GetAtt Table.Arn, !GetAtt Thing.Id, !ImportValue shared]"

    template = read(tmp_path, machine_with(result, more=more))

    assert template.made_up == {
        "Queue": "https://sqs.eu-west-1.amazonaws.com/111122223333/Queue",
        "Queue.Arn": f"arn:aws:sqs:{AT}:Queue",
        "Thing.Id": "Thing.Id",
        "shared": "shared",
    }


@pytest.mark.parametrize(
    ("result", "given", "value"),
    [
        pytest.param("!Ref Queue", {"Queue": "url"}, "url", id="a text for Ref"),
        pytest.param("!GetAtt Queue.Arn", {"Queue": "arn"}, "arn", id="a text for Arn"),
        pytest.param("!GetAtt Queue.QueueName", {"Queue": "arn"}, "Queue", id="a text for nothing else"),
        pytest.param("!Sub '${Queue}'", {"Queue": {"Ref": "url", "Arn": "arn"}}, "url", id="Ref among attributes"),
        pytest.param("!GetAtt Queue.Arn", {"Queue": {"Ref": "url", "Arn": "arn"}}, "arn", id="an attribute"),
        pytest.param("!GetAtt Queue.Arn", {"Queue": {"Ref": "url"}}, f"arn:aws:sqs:{AT}:Queue", id="another attribute"),
        pytest.param("!ImportValue shared", {"shared": "value"}, "value", id="an export"),
        pytest.param("!ImportValue {'Fn::Sub': '${AWS::Region}-x'}", {"eu-west-1-x": "v"}, "v", id="an export by Sub"),
        pytest.param("!Ref Charge1A2B3C4D", {"Charge": "f"}, "f", id="a logical id of the CDK without its hash"),
    ],
)
def test_what_the_test_says_comes_first(result: str, given: dict[str, Any], value: Any, tmp_path: Path) -> None:
    more = """\
  Queue: {Type: AWS::SQS::Queue}
  Charge1A2B3C4D: {Type: AWS::Lambda::Function}
"""
    template = read(tmp_path, machine_with(result, more=more), resources=given)

    assert result_of(template) == value


def test_a_value_for_no_resource_is_refused_and_one_for_an_unused_import_is_not(tmp_path: Path) -> None:
    more = """\
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !ImportValue shared}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !ImportValue {Ref: Nothing}}}
  Other: {Type: AWS::SNS::Topic, Properties: {TopicName: !ImportValue {a: b}}}
"""
    message = faults(tmp_path, machine_with("1", more=more), resources={"shared": "x", "Qeue": "y"})

    assert message == (
        "The template template.yaml can't be loaded, for 1 fault:\n"
        "  resources= has 'Qeue', but the template has no such resource and imports no such value. "
        "Nearest: Queue, Other, shared."
    )


@pytest.mark.parametrize(
    ("logical_id", "suffix"), [("F.Alias", ":live"), ("F.Version", ":1")], ids=["alias", "version"]
)
def test_the_alias_that_sam_makes(logical_id: str, suffix: str, tmp_path: Path) -> None:
    more = "  F: {Type: AWS::Serverless::Function, Properties: {FunctionName: f}}\n"
    before = "Globals: {Function: {AutoPublishAlias: live}}\n"
    result = f"[!Ref {logical_id}, !Sub '${{{logical_id}}}']"

    template = read(tmp_path, machine_with(result, before=before, more=more))

    assert result_of(template) == [f"arn:aws:lambda:{AT}:function:f{suffix}"] * 2


def test_an_alias_that_sam_does_not_make(tmp_path: Path) -> None:
    more = "  F: {Type: AWS::Serverless::Function}\n"

    assert faults(tmp_path, machine_with("!Ref F.Alias", more=more)).endswith(
        "'F.Alias' needs the property AutoPublishAlias of 'F', which has none."
    )


def test_resources_that_sam_generates(tmp_path: Path) -> None:
    more = "  F: {Type: AWS::Serverless::Function}\n"
    result = "[!GetAtt FRole.Arn, !Ref ServerlessRestApi, !Ref ServerlessHttpApi, !Ref MRole]"

    template = read(tmp_path, machine_with(result, more=more))

    assert result_of(template) == [
        "arn:aws:iam::111122223333:role/FRole",
        "ServerlessRestApi",
        "ServerlessHttpApi",
        "MRole",
    ]


def test_resources_that_are_named_by_each_other(tmp_path: Path) -> None:
    more = """\
  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt B.TopicName}}
  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt A.TopicName}}
"""
    template = read(tmp_path, machine_with("!GetAtt A.TopicName", more=more))

    assert result_of(template) == "A"


def test_names_of_functions_for_mocks(tmp_path: Path) -> None:
    more = """\
  Charge: {Type: AWS::Serverless::Function, Properties: {FunctionName: !Sub 'prod-${Unused}'}}
  Ship1A2B3C4D: {Type: AWS::Lambda::Function}
  Twice11111111: {Type: AWS::Lambda::Function}
  Twice22222222: {Type: AWS::Lambda::Function}
  Both33333333: {Type: AWS::Lambda::Function}
  Both: {Type: AWS::SQS::Queue}
"""
    template = read(tmp_path, machine_with("1", before="Parameters: {Unused: {Type: String}}\n", more=more))

    assert {tuple(function.keys): function.called_by for function in template.functions} == {
        ("Charge",): ["prod-Unused", f"arn:aws:lambda:{AT}:function:prod-Unused"],
        ("Ship", "Ship1A2B3C4D"): ["Ship1A2B3C4D", f"arn:aws:lambda:{AT}:function:Ship1A2B3C4D"],
        ("Twice11111111",): ["Twice11111111", f"arn:aws:lambda:{AT}:function:Twice11111111"],
        ("Twice22222222",): ["Twice22222222", f"arn:aws:lambda:{AT}:function:Twice22222222"],
        ("Both33333333",): ["Both33333333", f"arn:aws:lambda:{AT}:function:Both33333333"],
    }
    assert template.made_up == {}
