"""Parameters: what the test gave, the default, or a value that is made up and told; numbers where ASL wants them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.templates.writing import faults, machine_with, read, result_of

PARAMETERS = """\
Parameters:
  Table: {Type: String}
  Named: {Type: String, Default: orders}
  Falsy: {Type: String, Default: false}
  Ten: {Type: String, Default: 10}
  Size: {Type: String, AllowedValues: [small, large]}
  Limit: {Type: Number, Default: 5}
  Least: {Type: Number, MinValue: 3}
  Odd: {Type: Number, AllowedValues: [7, 9]}
  Bare: {Type: Number}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Secret: {Type: "AWS::SSM::Parameter::Value<String>", Default: /app/secret}
  Hosts: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /app/hosts}
  Bucket: {Type: AWS::S3::Bucket::Name}
"""


@pytest.mark.parametrize(
    ("function", "given", "value", "made_up"),
    [
        pytest.param("!Ref Named", {}, "orders", {}, id="the default"),
        pytest.param("!Ref Named", {"Named": "other"}, "other", {}, id="given"),
        pytest.param("!Ref Falsy", {}, "false", {}, id="a boolean is a text"),
        pytest.param("!Ref Ten", {}, "10", {}, id="a number of type String is a text"),
        pytest.param("!Ref Table", {}, "Table", {"Table": "Table"}, id="made up: its own name"),
        pytest.param("!Ref Bucket", {}, "Bucket", {"Bucket": "Bucket"}, id="made up: its own name, of an AWS type"),
        pytest.param("!Ref Size", {}, "small", {"Size": "small"}, id="made up: the first allowed value"),
        pytest.param("!Ref Least", {}, "3", {"Least": "3"}, id="made up: the least value"),
        pytest.param("!Ref Odd", {}, "7", {"Odd": "7"}, id="made up: the first allowed number"),
        pytest.param("!Ref Bare", {"Bare": 8}, "8", {}, id="a number that is given"),
        pytest.param("!Ref Subnets", {}, ["Subnets"], {"Subnets": "Subnets"}, id="made up: a list"),
        pytest.param("!Ref Subnets", {"Subnets": ["a", "b"]}, ["a", "b"], {}, id="a list that is given"),
        pytest.param("!Ref Subnets", {"Subnets": "a,b"}, ["a", "b"], {}, id="a list that is given as text"),
        pytest.param("!Ref Secret", {}, "Secret", {"Secret": "Secret"}, id="the default of an SSM parameter is a name"),
        pytest.param("!Ref Secret", {"Secret": "s3cr3t"}, "s3cr3t", {}, id="an SSM parameter that is given"),
        pytest.param("!Ref Hosts", {"Hosts": "a,b"}, ["a", "b"], {}, id="a list in SSM"),
        pytest.param("!Sub 'x${Limit}'", {}, "x5", {}, id="a number inside a text"),
        pytest.param("!Ref Limit", {}, "5", {}, id="a number in a payload is the text that AWS hands on"),
    ],
)
def test_the_value_of_a_parameter(
    function: str, given: dict[str, Any], value: Any, made_up: dict[str, Any], tmp_path: Path
) -> None:
    template = read(tmp_path, machine_with(function, before=PARAMETERS), parameters=given)

    assert result_of(template) == value
    assert type(result_of(template)) is type(value)
    assert template.made_up == made_up


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("AWS::Region", {}, "eu-west-1"),
        ("AWS::AccountId", {}, "111122223333"),
        ("AWS::Partition", {}, "aws"),
        ("AWS::URLSuffix", {}, "amazonaws.com"),
        ("AWS::StackName", {}, "stack"),
        ("AWS::StackName", {"AWS::StackName": "prod"}, "prod"),
        (
            "AWS::StackId",
            {"AWS::StackName": "prod"},
            "arn:aws:cloudformation:eu-west-1:111122223333:stack/prod/00000000-0000-4000-8000-000000000000",
        ),
        ("AWS::StackId", {"AWS::StackId": "id"}, "id"),
        ("AWS::NotificationARNs", {}, []),
    ],
    ids=repr,
)
def test_a_pseudo_parameter(name: str, given: dict[str, Any], value: Any, tmp_path: Path) -> None:
    assert result_of(read(tmp_path, machine_with(f"!Ref '{name}'"), parameters=given)) == value


@pytest.mark.parametrize(
    ("function", "given", "told"),
    [
        pytest.param(
            "!Ref Bare",
            {},
            "template.yaml:23: /Resources/M/Properties/Definition/States/A/Result/Ref: the parameter 'Bare' is a "
            "Number without Default, AllowedValues or MinValue. Give it a value: load_template(..., "
            'parameters={"Bare": ...}).',
            id="a number that can't be made up",
        ),
        pytest.param(
            "1",
            {"Tabel": "x"},
            "parameters= has 'Tabel', but the template has no such parameter. Nearest: Table, Ten, Bare.",
            id="an unknown name",
        ),
        pytest.param(
            "1",
            {"Size": "medium"},
            "parameters= has 'medium' for 'Size', whose AllowedValues are 'small', 'large'.",
            id="not allowed",
        ),
        pytest.param("1", {"Limit": "many"}, "parameters= has 'many' for 'Limit', which is a Number.", id="no number"),
        pytest.param(
            "1",
            {"Named": {}},
            "parameters= has {} for 'Named'; a parameter is a text, a number or a list.",
            id="an object",
        ),
        pytest.param(
            "1", {"${x}": "y"}, "parameters= has '${x}', which no definition has.", id="an unknown placeholder"
        ),
        pytest.param(
            "'${x}'",
            {"${x}": ["y"]},
            "parameters= has ['y'] for '${x}'; a placeholder is a text, a number or a boolean.",
            id="a list for a placeholder",
        ),
    ],
)
def test_what_is_refused(function: str, given: dict[str, Any], told: str, tmp_path: Path) -> None:
    message = faults(tmp_path, machine_with(function, before=PARAMETERS), parameters=given)

    assert message == f"The template template.yaml can't be loaded, for 1 fault:\n  {told}"


NUMBERS = """\
Parameters:
  Pause: {Type: Number, Default: 5}
  Rate: {Type: Number, Default: "1.5"}
  Text: {Type: String, Default: "5"}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: W
        TimeoutSeconds: !Ref Pause
        States:
          W: {Type: Wait, Seconds: !Ref Pause, Next: Seconds}
          Seconds:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: {FunctionName: f, Payload: {Seconds: !Ref Pause, MaxAttempts: !Ref Rate}}
            Retry: [{ErrorEquals: [States.ALL], BackoffRate: !Ref Rate, IntervalSeconds: !Ref Text}]
            End: true
"""


def test_a_number_parameter_is_a_number_where_the_language_wants_one(tmp_path: Path) -> None:
    template = read(tmp_path, NUMBERS)
    definition = template.machines[0].definition

    assert definition["TimeoutSeconds"] == 5
    assert definition["States"]["W"]["Seconds"] == 5
    task = definition["States"]["Seconds"]
    assert task["Parameters"]["Payload"] == {"Seconds": "5", "MaxAttempts": "1.5"}
    assert task["Retry"] == [{"ErrorEquals": ["States.ALL"], "BackoffRate": 1.5, "IntervalSeconds": "5"}]
    assert template.notes == [
        f"M: {location} is the number {text} here; CloudFormation hands it on as the text '{text}', which Step "
        "Functions may refuse"
        for location, text in [
            ("/TimeoutSeconds", "5"),
            ("/States/W/Seconds", "5"),
            ("/States/Seconds/Retry[0]/BackoffRate", "1.5"),
        ]
    ]
