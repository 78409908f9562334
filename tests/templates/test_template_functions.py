"""Intrinsic functions and conditions: what each makes of its arguments, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.templates.writing import faults, machine_with, read, result_of

SECTIONS = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Ports: {Type: List<Number>, Default: "1,2"}
Mappings:
  Sizes:
    dev: {Small: 1, Large: "big"}
    prod: {Small: !Ref Stage}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Not [!Condition IsDev]
  Both: !And [!Condition IsDev, !Condition IsProd]
  Either: {"Fn::Or": [{Condition: IsDev}, {Condition: IsProd}]}
  Numbers: !Equals [1, "1"]
  Lists: !Equals [!Ref Zones, [a, b, c]]
"""
RESOURCES = """\
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
"""


@pytest.mark.parametrize(
    ("function", "value"),
    [
        pytest.param("!Ref Stage", "dev", id="Ref of a parameter"),
        pytest.param("!Ref Orders", "orders", id="Ref of a resource"),
        pytest.param("{Ref: 'AWS::Region'}", "eu-west-1", id="Ref of a pseudo parameter, long form"),
        pytest.param("!Ref Zones", ["a", "b", "c"], id="Ref of a list"),
        pytest.param("!Ref Ports", ["1", "2"], id="Ref of a list of numbers, which are texts"),
        pytest.param(
            "!GetAtt Orders.Arn", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", id="GetAtt with a dot"
        ),
        pytest.param("!GetAtt [Orders, Arn]", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", id="GetAtt list"),
        pytest.param("{'Fn::GetAtt': [Orders, X.Y.Z]}", "Orders.X.Y.Z", id="GetAtt of a nested attribute"),
        pytest.param("!GetAtt Orders.X.Y.Z", "Orders.X.Y.Z", id="GetAtt of a nested attribute with dots"),
        pytest.param("!Sub '${Stage}-${Orders}-${AWS::AccountId}'", "dev-orders-111122223333", id="Sub"),
        pytest.param("!Sub '${Orders.Arn}'", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", id="Sub GetAtt"),
        pytest.param("!Sub ['${A}-${Stage}-${B}', {A: !Ref Orders, B: 1}]", "orders-dev-1", id="Sub with values"),
        pytest.param("!Sub ['${Stage}', {Stage: own}]", "own", id="Sub: its own values come first"),
        pytest.param(
            "!Sub '${!Stage} ${ Stage } $Stage ${}'", "${Stage} dev $Stage ${}", id="Sub: literals and spaces"
        ),
        pytest.param("!Join ['-', [a, !Ref Stage, 1, true]]", "a-dev-1-true", id="Join"),
        pytest.param("!Join ['/', !Ref Zones]", "a/b/c", id="Join of a list parameter"),
        pytest.param("!Join ['', [a, !Ref 'AWS::NoValue', b]]", "ab", id="Join leaves AWS::NoValue out"),
        pytest.param("!Select [1, !Ref Zones]", "b", id="Select"),
        pytest.param("!Select ['0', !Split ['-', 'x-y']]", "x", id="Select of a Split, the index as text"),
        pytest.param("!Split [',', !Join [',', [a, b]]]", ["a", "b"], id="Split of a Join"),
        pytest.param("!FindInMap [Sizes, !Ref Stage, Large]", "big", id="FindInMap"),
        pytest.param("!FindInMap [Sizes, dev, Small]", 1, id="FindInMap: a number stays one"),
        pytest.param("!FindInMap [Sizes, prod, Small]", "dev", id="FindInMap of a function"),
        pytest.param("!FindInMap [Sizes, none, Small, {DefaultValue: 7}]", 7, id="FindInMap with a default"),
        pytest.param("!If [IsDev, yes-it-is, no]", "yes-it-is", id="If"),
        pytest.param("!If [IsProd, a, !If [Both, b, !If [Either, c, d]]]", "c", id="If in If: Not, And, Or"),
        pytest.param("!If [Numbers, same, other]", "same", id="If: a number equals its text"),
        pytest.param("!If [Lists, same, other]", "same", id="If: lists"),
        pytest.param("!Base64 abc", "YWJj", id="Base64"),
        pytest.param("!Length [a, b]", 2, id="Length"),
        pytest.param("!ToJsonString {a: [1, !Ref Stage]}", '{"a":[1,"dev"]}', id="ToJsonString"),
        pytest.param("!Select [0, !GetAZs '']", "eu-west-1a", id="GetAZs"),
        pytest.param("!Select [2, !GetAZs us-east-1]", "us-east-1c", id="GetAZs of a region"),
        pytest.param("!ImportValue shared-arn", "shared-arn", id="ImportValue, made up"),
        pytest.param("{a: !Ref 'AWS::NoValue', b: 1}", {"b": 1}, id="AWS::NoValue removes a member"),
        pytest.param("[1, !Ref 'AWS::NoValue', !If [IsProd, 2, !Ref 'AWS::NoValue']]", [1], id="and an item"),
        pytest.param("{Ref: Stage, b: 1}", {"Ref": "Stage", "b": 1}, id="Ref beside other members is no function"),
    ],
)
def test_what_a_function_gives(function: str, value: Any, tmp_path: Path) -> None:
    template = read(tmp_path, machine_with(function, before=SECTIONS, more=RESOURCES))

    assert result_of(template) == value


@pytest.mark.parametrize(
    ("function", "told"),
    [
        pytest.param(
            "!Ref Stagee",
            "Ref names neither a parameter nor a resource: 'Stagee'. Nearest: Stage, Zones, Ports.",
            id="Ref",
        ),
        pytest.param("!Ref [a]", "Ref takes a name, not a list.", id="Ref of a list"),
        pytest.param("!GetAtt Order.Arn", "Fn::GetAtt names no resource: 'Order'. Nearest: Orders, M.", id="GetAtt"),
        pytest.param(
            "!GetAtt Orders",
            "Fn::GetAtt takes a resource and an attribute, not 'Orders'.",
            id="GetAtt without attribute",
        ),
        pytest.param("!Sub '${Order.Arn}'", "Fn::GetAtt names no resource: 'Order'. Nearest: Orders, M.", id="Sub"),
        pytest.param(
            "!Sub '${Zones}'", "${Zones} in Fn::Sub is a list, where CloudFormation takes a text.", id="Sub of a list"
        ),
        pytest.param("!Sub [a]", "Fn::Sub takes a text, or a list of a text and an object.", id="Sub of one"),
        pytest.param("{'Fn::Sub': 1}", "Fn::Sub takes a text, not a number.", id="Sub of a number"),
        pytest.param("!Join [a]", "Fn::Join takes a list of a delimiter and a list of texts.", id="Join"),
        pytest.param("!Join ['', abc]", "Fn::Join takes a list, not a text.", id="Join of a text"),
        pytest.param(
            "!Join ['', [{a: 1}]]",
            "an item of Fn::Join is an object, where CloudFormation takes a text.",
            id="Join of an object",
        ),
        pytest.param(
            "!Select [3, !Ref Zones]", "Fn::Select asks for item 3 of a list that has 3 items.", id="Select too far"
        ),
        pytest.param("!Select [0]", "Fn::Select takes a list of an index and a list.", id="Select"),
        pytest.param("!Split [a]", "Fn::Split takes a list of a delimiter and a text.", id="Split"),
        pytest.param("!Split ['', a]", "the delimiter of Fn::Split is empty.", id="Split at nothing"),
        pytest.param(
            "!FindInMap [Sizes, dev, Smal]",
            "Fn::FindInMap finds no 'Smal' in Mappings/Sizes/dev. Nearest: Small, Large.",
            id="FindInMap",
        ),
        pytest.param(
            "!FindInMap [Size, dev, Small]",
            "Fn::FindInMap finds no 'Size' in Mappings. Nearest: Sizes.",
            id="FindInMap: no map",
        ),
        pytest.param(
            "!FindInMap [Sizes]", "Fn::FindInMap takes a list of the name of a map and two keys.", id="FindInMap of one"
        ),
        pytest.param("!If [IsDevv, 1, 2]", "there is no condition 'IsDevv'. Nearest: IsDev, IsProd, Lists.", id="If"),
        pytest.param("!If [IsDev]", "Fn::If takes a list of the name of a condition and two values.", id="If of one"),
        pytest.param("{'Fn::Length': 1}", "Fn::Length takes a list, not a number.", id="Length"),
        pytest.param(
            "!Cidr [a, 1]", "Fn::Cidr is not worked out here. Nearest: Fn::If, Fn::Join, Fn::Split.", id="unknown"
        ),
        pytest.param(
            "{'Fn::Sub': a, b: 1}", "Fn::Sub stands beside other members, so it is not worked out here.", id="not alone"
        ),
        pytest.param(
            "{'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: x.json}}}",
            "Fn::Transform (AWS::Include) is run by CloudFormation alone. Write the definition out in the "
            'template, or register the machine by hand: sfn.register("name", "definition.asl.json").',
            id="Transform",
        ),
    ],
)
def test_what_can_not_be_worked_out(function: str, told: str, tmp_path: Path) -> None:
    text = machine_with(function, before=SECTIONS, more=RESOURCES)
    line = text.splitlines().index(next(line for line in text.splitlines() if "Result" in line)) + 1

    message = faults(tmp_path, text)

    first, fault = message.split("\n  ")
    assert first == "The template template.yaml can't be loaded, for 1 fault:"
    place, _, why = fault.partition(": ")
    location, _, why = why.partition(": ")
    assert place == f"template.yaml:{line}"
    assert location.startswith("/Resources/M/Properties/Definition/States/A/Result")
    assert why == told


def test_conditions_that_can_not_be_worked_out(tmp_path: Path) -> None:
    conditions = """\
Conditions:
  Round: !Not [!Condition About]
  About: !Condition Round
  Strange: {"Fn::Xor": [1, 2]}
  Short: !Equals [1]
  Plain: true
"""
    chosen = ", ".join(f"!If [{name}, 1, 2]" for name in ("Round", "Strange", "Short", "Plain"))

    message = faults(tmp_path, machine_with(f"[{chosen}]", before=conditions))

    assert message.split("\n  ") == [
        "The template template.yaml can't be loaded, for 4 faults:",
        "template.yaml:3: /Conditions/About/Condition: the condition 'Round' refers to itself",
        "template.yaml:4: /Conditions/Strange: a condition is one of Condition, Fn::Equals, Fn::And, Fn::Or, Fn::Not, "
        "not Fn::Xor.",
        "template.yaml:5: /Conditions/Short/Fn::Equals: Fn::Equals takes a list of 2.",
        "template.yaml:6: /Conditions/Plain: a condition is one of Condition, Fn::Equals, Fn::And, Fn::Or, Fn::Not, "
        "not a boolean.",
    ]


def test_what_no_machine_needs_may_be_wrong(tmp_path: Path) -> None:
    wrong = """\
  Wrong: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Nothing, X: !Select [9, []]}}
Outputs:
  Wrong: {Value: !GetAtt Nothing.Arn}
"""
    assert result_of(read(tmp_path, machine_with("1", more=wrong))) == 1
