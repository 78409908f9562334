"""The forms in which a template has a definition, and what is said of those that can't be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.templates.writing import PASS, faults, read

CHARGE = '{"StartAt": "C", "States": {"C": {"Type": "Task", "Resource": "${ChargeArn}", "End": true}}}'
CHARGE_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:Charge"
FUNCTION = "  Charge: {Type: AWS::Serverless::Function}\n"


def sam(properties: str, *, more: str = FUNCTION) -> str:
    """Write a SAM template of a machine with these properties, each line indented as they are."""
    return f"Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n{properties}{more}"


def cfn(properties: str, *, more: str = FUNCTION) -> str:
    """Write a CloudFormation template likewise."""
    return sam(properties, more=more).replace("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")


def in_json(properties: dict[str, Any]) -> str:
    """Write a template as the CDK does."""
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    return json.dumps({"Resources": {"M": machine, "Charge": {"Type": "AWS::Lambda::Function"}}}, indent=1)


SUBSTITUTIONS = "      DefinitionSubstitutions: {ChargeArn: !GetAtt Charge.Arn}\n"
ASL_YAML = """\
StartAt: C
States:
  C:
    Type: Task
    Resource: ${ChargeArn}
    End: true
"""


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param(
            sam(
                "      Definition:\n"
                "        StartAt: C\n"
                "        States: {C: {Type: Task, Resource: !GetAtt Charge.Arn, End: true}}\n"
            ),
            {},
            id="SAM: an object with functions",
        ),
        pytest.param(
            sam(f"      Definition: {CHARGE}\n{SUBSTITUTIONS}"), {}, id="SAM: an object with DefinitionSubstitutions"
        ),
        pytest.param(
            sam(f"      DefinitionUri: flows/c.asl.json\n{SUBSTITUTIONS}"),
            {"flows/c.asl.json": CHARGE},
            id="SAM: a file of JSON",
        ),
        pytest.param(
            sam(f"      DefinitionUri: ./c.asl.yaml\n{SUBSTITUTIONS}"),
            {"c.asl.yaml": ASL_YAML},
            id="SAM: a file of YAML",
        ),
        pytest.param(
            sam(f"      DefinitionUri: !Sub '${{AWS::Region}}.json'\n{SUBSTITUTIONS}"),
            {"eu-west-1.json": CHARGE},
            id="SAM: a file named by a function",
        ),
        pytest.param(
            cfn(f"      DefinitionString: '{CHARGE}'\n{SUBSTITUTIONS}"),
            {},
            id="a text with DefinitionSubstitutions",
        ),
        pytest.param(
            cfn(f"      DefinitionString: !Sub\n        - '{CHARGE}'\n        - {{ChargeArn: !GetAtt Charge.Arn}}\n"),
            {},
            id="a text by Sub with values",
        ),
        pytest.param(
            cfn(f"      DefinitionString: !Sub |\n        {CHARGE.replace('ChargeArn', 'Charge.Arn')}\n"),
            {},
            id="a text by Sub",
        ),
        pytest.param(
            cfn(f"      DefinitionString: !Sub '{CHARGE.replace('${', '${!')}'\n{SUBSTITUTIONS}"),
            {},
            id="a text by Sub whose literals are DefinitionSubstitutions",
        ),
        pytest.param(cfn(f"      Definition: {CHARGE}\n{SUBSTITUTIONS}"), {}, id="CloudFormation: an object"),
        pytest.param(
            cfn(
                "      DefinitionString: !ToJsonString\n"
                "        StartAt: C\n"
                "        States: {C: {Type: Task, Resource: !GetAtt Charge.Arn, End: true}}\n"
            ),
            {},
            id="a text made of an object",
        ),
        pytest.param(
            cfn(f"      DefinitionS3Location: c.json\n{SUBSTITUTIONS}"), {"c.json": CHARGE}, id="a file to be packaged"
        ),
        pytest.param(
            in_json(
                {
                    "DefinitionString": {
                        "Fn::Join": ["", [*CHARGE.partition("${ChargeArn}")[::2]]],
                    }
                }
            ).replace(
                json.dumps(CHARGE.partition("${ChargeArn}")[0]) + ",",
                json.dumps(CHARGE.partition("${ChargeArn}")[0]) + ', {"Fn::GetAtt": ["Charge", "Arn"]},',
            ),
            {},
            id="CDK: a text by Join",
        ),
        pytest.param(
            in_json(
                {
                    "DefinitionS3Location": {"Bucket": {"Fn::Sub": "assets-${AWS::Region}"}, "Key": "abc.json"},
                    "DefinitionSubstitutions": {"ChargeArn": {"Fn::GetAtt": ["Charge", "Arn"]}},
                }
            ),
            {"asset.abc.json": CHARGE},
            id="CDK: a file that is an asset",
        ),
    ],
)
def test_a_form(text: str, files: dict[str, str], tmp_path: Path) -> None:
    template = read(tmp_path, text, files=files, name="s.json" if text.startswith("{") else "template.yaml")

    (machine,) = template.machines
    assert machine.definition["States"]["C"] == {"Type": "Task", "Resource": CHARGE_ARN, "End": True}
    assert machine.literals == {}
    assert template.notes == []


@pytest.mark.parametrize(
    "name", ["template.yaml", "t.yml", "t.template", "t.template.yaml", "t.json", "t.template.json"]
)
def test_the_suffix_of_a_template(name: str, tmp_path: Path) -> None:
    text = in_json({"DefinitionString": PASS}) if name.endswith("json") else cfn(f"      DefinitionString: '{PASS}'\n")

    assert [machine.name for machine in read(tmp_path, text, name=name).machines] == ["M"]


def test_a_template_in_json_without_a_suffix_that_says_so(tmp_path: Path) -> None:
    assert len(read(tmp_path, "\n\t" + in_json({"DefinitionString": PASS}), name="stack.template").machines) == 1


@pytest.mark.parametrize(
    ("properties", "name", "kind"),
    [
        pytest.param("", "M", "STANDARD", id="neither name nor type"),
        pytest.param("      Name: orders\n      Type: EXPRESS\n", "orders", "EXPRESS", id="both"),
        pytest.param("      Name: !Sub '${AWS::Region}-m'\n", "eu-west-1-m", "STANDARD", id="a name by Sub"),
        pytest.param("      Type: !If [Same, EXPRESS, STANDARD]\n", "M", "EXPRESS", id="a type by a condition"),
    ],
)
def test_name_and_type(properties: str, name: str, kind: str, tmp_path: Path) -> None:
    text = sam(f"      Definition: {PASS}\n{properties}") + "Conditions: {Same: !Equals [a, a]}\n"

    (machine,) = read(tmp_path, text).machines

    assert (machine.key, machine.name, machine.type) == ("M", name, kind)


def test_a_name_that_can_not_be_worked_out(tmp_path: Path) -> None:
    template = read(tmp_path, sam(f"      Definition: {PASS}\n      Name: !Ref Nothing\n"))

    assert template.machines[0].name == "M"
    assert [note.replace(f"{tmp_path}/", "") for note in template.notes] == [
        "template.yaml:6: the Name of 'M' can't be worked out, so it is called 'M'"
    ]


def test_a_logical_id_that_is_too_long_for_a_name_is_cut(tmp_path: Path) -> None:
    text = cfn(f"      DefinitionString: '{PASS}'\n").replace("  M:", f"  {'M' * 90}:")

    assert read(tmp_path, text).machines[0].name == "M" * 80


def test_a_name_that_the_template_gives_is_not_cut(tmp_path: Path) -> None:
    template = read(tmp_path, sam(f"      Definition: {PASS}\n      Name: {'m' * 90}\n"))

    assert template.machines[0].name == "m" * 90


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param(
            f"      Definition: !If [Never, {{}}, !If [Never, {{}}, {PASS}]]\n", id="a definition in two conditions"
        ),
        pytest.param(
            f"      Definition: {PASS}\n      DefinitionUri: !If [Never, m.json, !Ref AWS::NoValue]\n",
            id="no file beside it",
        ),
        pytest.param(
            f"      Definition: {PASS}\n      DefinitionSubstitutions: !If [Never, {{A: b}}, !Ref AWS::NoValue]\n",
            id="no substitutions",
        ),
        pytest.param(f"      Definition: {PASS}\n      Type: !If [Never, EXPRESS, !Ref AWS::NoValue]\n", id="no type"),
        pytest.param(f"      Definition: {PASS}\n      Name: !If [Never, x, !Ref AWS::NoValue]\n", id="no name"),
        pytest.param(f"      Definition: {PASS}\n      Type: !Ref AWS::NoValue\n", id="without a condition"),
    ],
)
def test_properties_that_a_condition_gives_or_leaves_out(properties: str, tmp_path: Path) -> None:
    template = read(tmp_path, sam(properties) + "Conditions: {Never: !Equals [a, b]}\n")

    (machine,) = template.machines
    assert (machine.definition, machine.name, machine.type) == (json.loads(PASS), "M", "STANDARD")
    assert template.notes == []


EXPRESSION = """\
        StartAt: A
        QueryLanguage: JSONata
        States: {A: {Type: Pass, Output: "{% '${TableNmae} ${TableName}' %}", End: true}}
"""
IN_OUTPUT = "/Resources/M/Properties/Definition/States/A/Output"


def test_a_placeholder_in_an_expression_needs_a_value_where_the_machine_gives_values(tmp_path: Path) -> None:
    text = sam(f"      DefinitionSubstitutions: {{TableName: real}}\n      Definition:\n{EXPRESSION}")

    assert faults(tmp_path, text) == (
        "The template template.yaml can't be loaded, for 1 fault:\n"
        f"  template.yaml:9: {IN_OUTPUT}: ${{TableNmae}} has no value in DefinitionSubstitutions. Nearest: TableName. "
        + WAY_OUT.format("TableNmae")
    )
    given = read(tmp_path, text, parameters={"${TableNmae}": "${TableNmae}"}).machines[0]
    assert given.definition["States"]["A"]["Output"] == "{% '${TableNmae} real' %}"


def test_a_placeholder_in_an_expression_is_text_where_the_machine_gives_no_values(tmp_path: Path) -> None:
    (machine,) = read(tmp_path, sam(f"      Definition:\n{EXPRESSION}")).machines

    assert machine.definition["States"]["A"]["Output"] == "{% '${TableNmae} ${TableName}' %}"


@pytest.mark.parametrize("form", ["file", "text"])
def test_the_rule_for_expressions_holds_in_each_form(form: str, tmp_path: Path) -> None:
    definition = '{"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Output": "{% \'${Nmae}\' %}", "End": true}}}'  # noqa: E501
    (tmp_path / "m.asl.json").write_text(definition, encoding="utf-8")
    field = "DefinitionUri: m.asl.json" if form == "file" else f"DefinitionString: {json.dumps(definition)}"

    told = faults(tmp_path, cfn(f"      {field}\n      DefinitionSubstitutions: {{Name: real}}\n"))
    assert "${Nmae} has no value in DefinitionSubstitutions. Nearest: Name." in told
    assert read(tmp_path, cfn(f"      {field}\n")).notes == []


@pytest.mark.parametrize(
    ("files", "machine", "where"),
    [
        pytest.param(
            {"m.asl.json": '{"StartAt": "A", "States": {"${Who}": {}, "me": {}}}'},
            "DefinitionUri: m.asl.json",
            "/DefinitionUri",
            id="JSON",
        ),
        pytest.param(
            {"m.asl.yaml": "StartAt: A\nStates: {'${Who}': {}, me: {}}\n"},
            "DefinitionUri: m.asl.yaml",
            "/DefinitionUri",
            id="YAML",
        ),
        pytest.param({}, "Definition: {StartAt: A, States: {'${Who}': {}, me: {}}}", "/Definition/States", id="inline"),
    ],
)
def test_keys_that_become_one_are_refused(files: dict[str, str], machine: str, where: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    told = faults(tmp_path, sam(f"      {machine}\n      DefinitionSubstitutions: {{Who: me}}\n"))

    assert "the key 'me', filled in, stands twice in one object." in told
    assert f"{where}: " in told


def test_placeholders_in_a_definition_that_a_condition_gives(tmp_path: Path) -> None:
    text = cfn(
        "      DefinitionSubstitutions: {Who: me}\n"
        "      Definition: !If\n"
        "        - Never\n"
        "        - {}\n"
        "        - {StartAt: A, Comment: '${Who}', States: {A: {Type: Pass, Result: !If [Never, '', '${Who}']}}}\n"
    )
    (machine,) = read(tmp_path, text + "Conditions: {Never: !Equals [a, b]}\n").machines

    assert machine.definition["Comment"] == "me"
    assert machine.definition["States"]["A"]["Result"] == "me"


def test_a_machine_refers_to_another_by_its_arn(tmp_path: Path) -> None:
    child = f"  Child: {{Type: AWS::Serverless::StateMachine, Properties: {{Name: child, Definition: {PASS}}}}}\n"
    text = sam(
        "      Definition:\n"
        "        StartAt: A\n"
        "        States: {A: {Type: Pass, Result: [!Ref Child, !GetAtt Child.Name, !GetAtt M.Arn], End: true}}\n",
        more=child,
    )
    machine, _ = read(tmp_path, text).machines

    arn = "arn:aws:states:eu-west-1:111122223333:stateMachine"
    assert machine.definition["States"]["A"]["Result"] == [f"{arn}:child", "child", f"{arn}:M"]


def test_a_file_that_differs_in_case_is_loaded_and_noted(tmp_path: Path) -> None:
    template = read(tmp_path, sam("      DefinitionUri: Flows/M.json\n"), files={"flows/m.json": PASS})

    assert template.machines[0].source == str(tmp_path / "flows" / "m.json")
    assert template.notes == [
        "DefinitionUri says 'Flows/M.json', the file is 'flows/m.json': deploys only from a file system that is blind "
        "to case"
    ]


def test_a_file_above_the_template(tmp_path: Path) -> None:
    text = sam("      DefinitionUri: ../m.json\n")

    template = read(tmp_path, text, name="infra/template.yaml", files={"m.json": PASS})

    assert template.machines[0].source == str(tmp_path / "m.json")
    assert template.notes == []


@pytest.mark.parametrize(
    ("file", "text", "seconds"),
    [
        pytest.param("w.json", '{"Seconds": ${Pause}}', 5, id="bare in JSON: a number"),
        pytest.param("w.json", '{"Seconds": "${Pause}"}', 5, id="in quotes: a number where the language wants one"),
        pytest.param("w.json", '{"Comment": "${Pause}"}', "5", id="in quotes: a text elsewhere"),
        pytest.param("w.json", '{"Comment": "${Pause} s"}', "5 s", id="inside a text"),
        pytest.param("w.json", '{"${Pause}": 1}', 1, id="in a key"),
        pytest.param("w.yaml", "Seconds: ${Pause}", 5, id="bare in YAML: a number"),
        pytest.param("w.yaml", "Comment: '${Pause}'", "5", id="in quotes in YAML: a text"),
        pytest.param("w.json", '{"Comment": "${Flag}"}', "true", id="a boolean is a text"),
        pytest.param("w.json", '{"Comment": ${Flag}}', True, id="a bare boolean"),
        pytest.param("w.json", '{"Comment": "${a-b}"}', "dash", id="a name with a dash"),
        pytest.param("w.json", '{"Comment": {"Ref": "${a-b}"}}', {"Ref": "dash"}, id="no functions in a file"),
    ],
)
def test_what_a_substitution_becomes(file: str, text: str, seconds: Any, tmp_path: Path) -> None:
    properties = (
        f"      DefinitionUri: {file}\n      DefinitionSubstitutions: {{Pause: !Ref Pause, Flag: true, a-b: dash}}\n"
    )
    before = "Parameters: {Pause: {Type: Number, Default: 5}}\n"

    (machine,) = read(tmp_path, before + sam(properties), files={file: text}).machines

    assert list(machine.definition.values()) == [seconds]
    assert type(next(iter(machine.definition.values()))) is type(seconds)


def test_text_that_is_to_stay(tmp_path: Path) -> None:
    text = cfn(
        "      DefinitionString: !Sub |\n"
        '        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${!name} ${AWS::Region}", "End": '
        "true}}}\n"
    )
    (machine,) = read(tmp_path, text).machines

    assert machine.definition["States"]["A"]["Result"] == "${name} eu-west-1"
    assert machine.literals == {"name": "${name}"}


def test_a_placeholder_in_a_joined_text_stays_and_is_noted(tmp_path: Path) -> None:
    text = in_json({"DefinitionString": {"Fn::Join": ["", ['{"StartAt": "${a}", ', '"States": {}}']]}})

    template = read(tmp_path, text, name="s.json")

    assert template.machines[0].definition["StartAt"] == "${a}"
    assert [note.replace(f"{tmp_path}/", "") for note in template.notes] == [
        "s.json:6: /Resources/M/Properties/DefinitionString: ${a} has no value and stays as it is"
    ]


def test_values_for_placeholders_from_the_test(tmp_path: Path) -> None:
    text = sam("      DefinitionUri: c.json\n")
    parameters = {"${ChargeArn}": "${ChargeArn}", "${Pause}": 5}
    files = {"c.json": CHARGE.replace('"End"', '"TimeoutSeconds": ${Pause}, "End"')}

    (machine,) = read(tmp_path, text, files=files, parameters=parameters).machines

    assert machine.definition["States"]["C"]["Resource"] == "${ChargeArn}"
    assert machine.definition["States"]["C"]["TimeoutSeconds"] == 5
    assert machine.literals == {"ChargeArn": "${ChargeArn}"}


AT = "template.yaml:5: /Resources/M/Properties"
WAY_OUT = (
    'Add it there, or give it one: load_template(..., parameters={{"${{{0}}}": ...}}); to keep the text, give it '
    'as its own value: {{"${{{0}}}": "${{{0}}}"}}.'
)


@pytest.mark.parametrize(
    ("text", "files", "told"),
    [
        pytest.param(
            sam("      DefinitionUri: flows/order.json\n"),
            {"flows/orders.json": PASS, "flows/billing.json": PASS},
            f"{AT}/DefinitionUri: there is no 'flows/order.json': flows has orders.json, billing.json, but no "
            "'order.json'.",
            id="no such file",
        ),
        pytest.param(
            sam("      DefinitionUri: flows/order.json\n"),
            {},
            f"{AT}/DefinitionUri: there is no 'flows/order.json': its folder has template.yaml, but no 'flows'.",
            id="no such folder",
        ),
        pytest.param(
            sam("      DefinitionUri: .\n"), {}, f"{AT}/DefinitionUri: '.' is a folder, not a file.", id="a folder"
        ),
        pytest.param(
            sam("      DefinitionUri: m.json/x.json\n"),
            {"m.json": PASS},
            f"{AT}/DefinitionUri: there is no 'm.json/x.json': m.json is no folder.",
            id="a file in a file",
        ),
        pytest.param(
            sam("      DefinitionUri: {Bucket: b, Key: k.json}\n      Name: orders\n"),
            {},
            f"{AT}/DefinitionUri: the definition of 'M' is in S3 (s3://b/k.json), where it is not looked for. "
            'Name its file: load_template(..., definitions={"M": "definition.asl.json"}).',
            id="SAM: in S3",
        ),
        pytest.param(
            sam("      DefinitionUri: s3://b/k.json\n"),
            {},
            f"{AT}/DefinitionUri: the definition of 'M' is in S3 (s3://b/k.json), where it is not looked for. "
            'Name its file: load_template(..., definitions={"M": "definition.asl.json"}).',
            id="SAM: an address in S3",
        ),
        pytest.param(
            cfn("      DefinitionS3Location: {Bucket: b, Key: k.json}\n"),
            {},
            f"{AT}/DefinitionS3Location: the definition of 'M' is in S3 (s3://b/k.json), where it is not looked for. "
            'Name its file: load_template(..., definitions={"M": "definition.asl.json"}).',
            id="CloudFormation: in S3",
        ),
        pytest.param(
            cfn("      DefinitionS3Location: {Bucket: b}\n"),
            {},
            f"{AT}/DefinitionS3Location: the definition of 'M' is in S3 (s3://b), where it is not looked for. "
            'Name its file: load_template(..., definitions={"M": "definition.asl.json"}).',
            id="CloudFormation: somewhere in S3",
        ),
        pytest.param(
            sam("      DefinitionUri: !Ref Nope\n"),
            {},
            f"{AT}/DefinitionUri/Ref: Ref names neither a parameter nor a resource: 'Nope'. Nearest: Charge, M.",
            id="a path that can't be worked out",
        ),
        pytest.param(
            cfn("      DefinitionString: '{\"A\": NaN}'\n"),
            {},
            f"{AT}/DefinitionString: it is not JSON (NaN is not a JSON number).",
            id="a text with what is no number",
        ),
        pytest.param(
            sam("      DefinitionUri: m.json\n"),
            {"m.json": '{\n "StartAt": [}'},
            f"{AT}/DefinitionUri: m.json:2: it is not JSON (Expecting value at line 2, column 14).",
            id="a file that is not JSON",
        ),
        pytest.param(
            sam("      DefinitionUri: m.yaml\n"),
            {"m.yaml": "StartAt: A\nStates:\n  Yes: {}\n"},
            f"{AT}/DefinitionUri: m.yaml:3: the key Yes is a boolean in YAML, not a name; write it in quotes: 'Yes' "
            "(line 3, "
            "column 3).",
            id="a file with a key that is no name",
        ),
        pytest.param(
            sam("      DefinitionUri: m.json\n"),
            {"m.json": "[1]"},
            f"{AT}/DefinitionUri: a definition is an object, not a list, as m.json is.",
            id="a file that is no object",
        ),
        pytest.param(
            sam("      DefinitionUri: 5\n"), {}, f"{AT}/DefinitionUri: it is a path, not a number.", id="no path"
        ),
        pytest.param(
            sam(f"      DefinitionUri: c.json\n{SUBSTITUTIONS.replace('ChargeArn', 'ChargArn')}"),
            {"c.json": CHARGE},
            "c.json:1: /States/C/Resource: ${ChargeArn} has no value in DefinitionSubstitutions. Nearest: ChargArn. "
            + WAY_OUT.format("ChargeArn"),
            id="a placeholder without a value in a file",
        ),
        pytest.param(
            sam("      DefinitionUri: c.json\n"),
            {"c.json": '{\n "TimeoutSeconds":\n  ${T}}'},
            "c.json:2: /TimeoutSeconds: ${T} has no value in DefinitionSubstitutions. There are none. "
            + WAY_OUT.format("T"),
            id="a bare placeholder without a value",
        ),
        pytest.param(
            sam(f"      Definition:\n        StartAt: C\n        Comment: ${{X}}\n{SUBSTITUTIONS}"),
            {},
            "template.yaml:7: /Resources/M/Properties/Definition/Comment: ${X} has no value in "
            "DefinitionSubstitutions. "
            "Nearest: ChargeArn. " + WAY_OUT.format("X"),
            id="a placeholder without a value in the template",
        ),
        pytest.param(
            cfn(f"      DefinitionString: '{CHARGE}'\n"),
            {},
            f"{AT}/DefinitionString/States/C/Resource: ${{ChargeArn}} has no value in DefinitionSubstitutions. There "
            "are none. " + WAY_OUT.format("ChargeArn"),
            id="a placeholder without a value in a text",
        ),
        pytest.param(
            cfn('      DefinitionString: |\n        {"StartAt":\n         }\n'),
            {},
            "template.yaml:7: /Resources/M/Properties/DefinitionString: it is not JSON (Expecting value).",
            id="a text that is not JSON",
        ),
        pytest.param(
            cfn("      DefinitionString: {a: 1}\n"),
            {},
            f"{AT}/DefinitionString: it is a text, not an object.",
            id="no text",
        ),
        pytest.param(
            sam("      Definition: abc\n"),
            {},
            f"{AT}/Definition: a definition is an object, not a text.",
            id="no object",
        ),
        pytest.param(
            sam("      Definition:\n        StartAt: A\n        States:\n          No: {Type: Pass}\n"),
            {},
            "template.yaml:8: /Resources/M/Properties/Definition/States/No: the key No is a boolean in YAML, not a "
            "name; write "
            "it in quotes: 'No'",
            id="a state name that YAML takes for a boolean",
        ),
        pytest.param(
            sam("      Type: EXPRES\n      Definition: {}\n"),
            {},
            f"{AT}/Type: a state machine is 'EXPRESS' or 'STANDARD', not 'EXPRES'.",
            id="an unknown type",
        ),
        pytest.param(
            sam("      Definitions: {}\n"),
            {},
            "template.yaml:2: /Resources/M: it has no definition: one of Definition, DefinitionUri. Nearest: "
            "Definitions.",
            id="SAM: none",
        ),
        pytest.param(
            cfn("      RoleArn: x\n"),
            {},
            "template.yaml:2: /Resources/M: it has no definition: one of Definition, DefinitionString, "
            "DefinitionS3Location. Nearest: RoleArn.",
            id="CloudFormation: none",
        ),
        pytest.param(
            "Resources:\n  M: {Type: AWS::Serverless::StateMachine}\n",
            {},
            "template.yaml:2: /Resources/M: it has no definition: one of Definition, DefinitionUri.",
            id="no properties",
        ),
        pytest.param(
            sam("      Definition: !If [Sometimes, {}, {}]\n"),
            {},
            f"{AT}/Definition/Fn::If: there is no condition 'Sometimes'. There are none.",
            id="a condition that is not there",
        ),
        pytest.param(
            cfn("      DefinitionString: '\"m.json\"'\n"),
            {"m.json": PASS},
            f"{AT}/DefinitionString: a definition is an object, not a text.",
            id="a text in a text, which is no path",
        ),
        pytest.param(
            cfn("      DefinitionString: '[1]'\n"),
            {},
            f"{AT}/DefinitionString: a definition is an object, not a list.",
            id="a list in a text",
        ),
        pytest.param(
            cfn("      DefinitionString: !Join ['', []]\n"),
            {},
            f"{AT}/DefinitionString: it is not JSON (Expecting value).",
            id="a text of no parts",
        ),
        pytest.param(
            sam("      Definition: {}\n      DefinitionUri: m.json\n"),
            {},
            "template.yaml:2: /Resources/M: it has Definition and DefinitionUri, and one of them only may stand there.",
            id="two",
        ),
        pytest.param(
            sam("      Definition: {}\n      DefinitionSubstitutions: {A: [1], B: 2, C: !Ref Nope}\n"),
            {},
            "template.yaml:6: /Resources/M/Properties/DefinitionSubstitutions/C/Ref: Ref names neither a parameter nor "
            "a "
            "resource: 'Nope'. Nearest: Charge, M.\n"
            "  template.yaml:6: /Resources/M/Properties/DefinitionSubstitutions/A: DefinitionSubstitutions takes "
            "texts, "
            "numbers and booleans, not a list. Write a list as a text: !Join.",
            id="substitutions that are none",
        ),
        pytest.param(
            sam("      Definition: {}\n      DefinitionSubstitutions: [a]\n"),
            {},
            "template.yaml:6: /Resources/M/Properties/DefinitionSubstitutions: DefinitionSubstitutions is an object, "
            "not a list.",
            id="a list of substitutions",
        ),
    ],
)
def test_what_is_refused(
    text: str, files: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    message = faults(tmp_path, text, files=files)

    count = told.count("\n") + 1
    assert message == f"The template template.yaml can't be loaded, for {count} fault{'s' * (count > 1)}:\n  {told}"
