"""Templates that a program made, folders of the CDK's output, and the arguments ``only=`` and ``definitions=``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync
from pytest_sfn_sync.errors import OptionError, TemplateError

FUNCTION: dict[str, Any] = {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.12"}}
ARN: dict[str, Any] = {"Fn::GetAtt": ["Charge9270CBC0", "Arn"]}
ORDERS: dict[str, Any] = {
    "Type": "AWS::StepFunctions::StateMachine",
    "Properties": {
        "StateMachineType": "EXPRESS",
        "DefinitionString": {
            "Fn::Join": ["", ['{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"', ARN, '","End":true}}}']]
        },
    },
}
IN_S3: dict[str, Any] = {
    "Type": "AWS::StepFunctions::StateMachine",
    "Properties": {
        "StateMachineType": "EXPRESS",
        "DefinitionS3Location": {"Bucket": {"Fn::Sub": "b-${AWS::AccountId}"}, "Key": "v1/flow.asl.json"},
        "DefinitionSubstitutions": {"Fn": ARN},
    },
}
FLOW: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "End": True}}}


def template(**machines: Any) -> dict[str, Any]:
    return {"Resources": {"Charge9270CBC0": FUNCTION, **machines}}


@pytest.fixture
def sfn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SfnSync]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    with SfnSync() as sfn:
        yield sfn


def write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_a_template_as_a_dict(sfn: SfnSync) -> None:
    loaded = sfn.load_template(template(Orders1234ABCD=ORDERS))
    sfn.mock_lambda("Charge", returns={"receipt": 7})
    assert loaded["Orders"].run({}).output == {"receipt": 7}
    assert loaded.file == "(a dict)"


def test_a_fault_in_a_dict_has_no_line(sfn: SfnSync) -> None:
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Pas", "End": true}}}'
    text = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": definition}}
    inline = {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": json.loads(definition)}}
    for machine in (text, inline):
        with pytest.raises(DefinitionError) as raised:
            sfn.load_template(template(M=machine))
        assert str(raised.value).splitlines()[:3] == [
            "Machine 'M' can't be registered: its definition has 1 fault:",
            "  SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, "
            "Fail, Choice, Parallel, Map] at /States/A/Type",
            "      Did you mean 'Pass'?",
        ]


def test_a_dict_that_is_no_template(sfn: SfnSync) -> None:
    with pytest.raises(OptionError) as raised:
        sfn.load_template({"Resources": {1, 2}})
    assert str(raised.value).startswith("load_template can't use the template that it is given as a dict: ")
    with pytest.raises(TemplateError) as told:
        sfn.load_template(FLOW)
    assert "it is a definition, not a template" in str(told.value)


def test_a_definition_with_a_function_of_cloudformation_is_told_of_load_template(sfn: SfnSync) -> None:
    for definition, place in (
        (ORDERS["Properties"]["DefinitionString"], "Fn::Join at /"),
        (
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ARN, "End": True}}},
            "Fn::GetAtt at /States/A/Resource",
        ),
        ({"StartAt": "A", "States": [{"Ref": "X"}]}, "Ref at /States[0]"),
    ):
        with pytest.raises(DefinitionError) as raised:
            sfn.register("orders", definition)
        assert str(raised.value).endswith(
            f"{place} is a function of CloudFormation. load_template works it out: give it the whole template, also as "
            "a dict such as Template.from_stack(stack).to_json()."
        )


# only=


def test_only_some_machines(sfn: SfnSync) -> None:
    broken = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": "{"}}
    loaded = sfn.load_template(template(Orders1234ABCD=ORDERS, Broken=broken, Other=ORDERS), only=["Orders"])
    assert (list(loaded), loaded.broken) == (["Orders1234ABCD"], {})


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        pytest.param(
            {"only": ["Order"]},
            TemplateError,
            "only= has 'Order', but (a dict) has no such machine. Nearest: Orders, Orders1234ABCD.",
            id="another machine",
        ),
        pytest.param(
            {"only": "Orders"},
            OptionError,
            "load_template takes only= as a list of machines, not 'Orders'.",
            id="a text as the list",
        ),
        pytest.param(
            {"definitions": {"Orders": "x.json"}},
            TemplateError,
            "definitions= has 'Orders', but the template itself has its definition.",
            id="a definition of a machine that has one",
        ),
        pytest.param(
            {"definitions": {"Ordres": "x.json"}},
            TemplateError,
            "definitions= has 'Ordres', but no machine has it. Nearest: Orders.",
            id="a definition of another machine",
        ),
        pytest.param(
            {"definitions": ["x.json"]},
            OptionError,
            "load_template takes definitions= as a dict of paths by machine, not ['x.json'].",
            id="definitions that are no dict",
        ),
        pytest.param(
            {"definitions": {"Orders": {}}},
            OptionError,
            "load_template takes definitions= as a dict of paths by machine; it has {} for 'Orders'.",
            id="a definition that is no path",
        ),
    ],
)
def test_wrong_arguments(sfn: SfnSync, arguments: dict[str, Any], error: type[Exception], told: str) -> None:
    with pytest.raises(error) as raised:
        sfn.load_template(template(Orders1234ABCD=ORDERS), **arguments)
    assert str(raised.value).splitlines()[-1].strip() == told


# Definitions in S3


def test_a_definition_in_s3_is_given(sfn: SfnSync) -> None:
    write(Path("deep/other.json"), FLOW)
    for name in ("InS3", "InS31234ABCD"):
        loaded = sfn.load_template(template(InS31234ABCD=IN_S3), definitions={name: "deep/other.json"}, replace=True)
        sfn.mock_lambda("Charge", returns=1)
        assert loaded["InS3"].run({}).output == 1
        assert loaded.notes == []


def test_a_definition_in_s3_is_found_by_its_name(sfn: SfnSync) -> None:
    write(Path("deep/flow.asl.json"), FLOW)
    loaded = sfn.load_template(template(InS3=IN_S3))
    assert loaded.notes == [
        "(a dict): s3://b-123456789012/v1/flow.asl.json is read from deep/flow.asl.json, which has its name"
    ]


def test_a_definition_in_s3_is_found_in_the_folder_around_the_template(sfn: SfnSync) -> None:
    write(Path("infra/template.json"), template(InS3=IN_S3))
    write(Path("flows/flow.asl.json"), FLOW)
    write(Path("flows/node_modules/flow.asl.json"), FLOW)
    assert list(sfn.load_template("infra/template.json")) == ["InS3"]


def test_several_files_of_the_name(sfn: SfnSync) -> None:
    for folder in ("a", "b"):
        write(Path(folder, "flow.asl.json"), FLOW)
    with pytest.raises(TemplateError) as raised:
        sfn.load_template(template(InS3=IN_S3))
    assert str(raised.value).endswith(
        "the definition of 'InS3' is in S3 (s3://b-123456789012/v1/flow.asl.json), where it is not looked for. Files "
        "of that name: a/flow.asl.json, b/flow.asl.json. Name its file: "
        'load_template(..., definitions={"InS3": "definition.asl.json"}).'
    )


def test_a_given_definition_that_is_missing(sfn: SfnSync) -> None:
    with pytest.raises(TemplateError) as raised:
        sfn.load_template(template(InS3=IN_S3), definitions={"InS3": "deep/other.json"})
    assert "there is no 'deep/other.json': deep has nothing, but no 'other.json'." in str(raised.value)


def test_a_given_definition_that_is_no_path(sfn: SfnSync) -> None:
    for path, why in (("a\0b", "a path can't have the character"), ("x" * 5_000, "it has 5,000 characters")):
        with pytest.raises(TemplateError, match=f"names no file: {why}"):
            sfn.load_template(template(InS3=IN_S3), definitions={"InS3": path})


def test_a_given_definition_beside_the_template(sfn: SfnSync) -> None:
    write(Path("infra/template.json"), template(InS3=IN_S3))
    write(Path("infra/other.json"), FLOW)
    assert list(sfn.load_template("infra/template.json", definitions={"InS3": "other.json"})) == ["InS3"]


# Folders of the CDK


def manifest(**artifacts: Any) -> dict[str, Any]:
    return {"version": "36.0.0", "artifacts": artifacts}


def stack_of(file: str) -> dict[str, Any]:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}


STAGE = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
OTHERS = {"Tree": {"type": "cdk:tree"}, "Strange": 3, "Empty": {"type": "cdk:cloud-assembly"}}


def test_the_folder_of_one_stack(sfn: SfnSync) -> None:
    folder = Path("cdk.out")
    write(
        folder / "manifest.json",
        manifest(App=stack_of("App.template.json"), Net=stack_of("Net.template.json"), **OTHERS),
    )
    write(folder / "App.template.json", template(Orders1234ABCD=ORDERS))
    write(folder / "Net.template.json", template())
    loaded = sfn.load_template(
        folder, resources={"Charge": {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:x"}}
    )
    assert list(loaded) == ["Orders1234ABCD"]


def test_the_folder_of_several_stacks_and_a_stage(sfn: SfnSync) -> None:
    folder = Path("cdk.out")
    write(folder / "manifest.json", manifest(App=stack_of("App.template.json"), Stage=STAGE))
    write(folder / "App.template.json", template(Orders1234ABCD=ORDERS, Same=named("a")))
    write(folder / "assembly-Prod" / "manifest.json", manifest(Bill=stack_of("Bill.template.json")))
    broken = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": 3}}
    write(folder / "assembly-Prod" / "Bill.template.json", template(Same=named("b"), Broken=broken))
    loaded = sfn.load_template(folder)
    assert list(loaded) == ["Orders1234ABCD", "App.Same", "Bill.Same"]
    assert list(loaded.broken) == ["Broken"]
    assert (loaded["a"].name, loaded["App.Orders1234ABCD"].name) == ("a", "Orders1234ABCD")
    with pytest.raises(TemplateError) as raised:
        sfn.load_template(folder, parameters={"P": "x"})
    assert "The folder cdk.out has several stacks with state machines: App, Bill. parameters=, resources= and " in str(
        raised.value
    )


def named(name: str) -> dict[str, Any]:
    return {**ORDERS, "Properties": {**ORDERS["Properties"], "StateMachineName": name}}


def test_a_folder_without_a_manifest(sfn: SfnSync) -> None:
    write(Path("out/App.template.json"), template(Orders=ORDERS))
    write(Path("out/AppNested.nested.template.json"), template(Nested=ORDERS))
    assert list(sfn.load_template("out")) == ["Orders"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {},
            "The template deep can't be loaded: it is a folder, not a file, and no output of the CDK: it has no "
            "*.template.json.",
            id="none",
        ),
        pytest.param(
            {"A.template.json": template()},
            "No template in the folder deep has state machines. It has: A.template.json.",
            id="templates without machines",
        ),
        pytest.param(
            {"manifest.json": []},
            "The template deep can't be loaded: it is a folder, not a file, and no output of the CDK: it has no "
            "*.template.json.",
            id="a manifest of another form",
        ),
    ],
)
def test_a_folder_without_machines(sfn: SfnSync, files: dict[str, Any], told: str) -> None:
    for name, content in files.items():
        write(Path("deep", name), content)
    with pytest.raises(TemplateError) as raised:
        sfn.load_template("deep")
    assert str(raised.value) == told


def test_a_folder_that_contains_itself_or_a_missing_one(sfn: SfnSync) -> None:
    stages = {f"S{n}": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}} for n in range(50)}
    gone = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "gone"}}
    write(Path("deep/manifest.json"), manifest(App=stack_of("App.template.json"), Gone=gone, **stages))
    write(Path("deep/App.template.json"), template(Orders=ORDERS))
    assert list(sfn.load_template("deep")) == ["Orders"]


def test_a_stack_that_can_not_be_read(sfn: SfnSync) -> None:
    write(Path("deep/manifest.json"), manifest(Gone=stack_of("Gone.template.json")))
    with pytest.raises(TemplateError, match=r"The template deep/Gone.template.json can't be loaded: there is no "):
        sfn.load_template("deep")
    Path("deep/Gone.template.json").write_text("{")
    with pytest.raises(TemplateError, match=r"The template deep/Gone.template.json can't be loaded: it is not JSON "):
        sfn.load_template("deep")
    write(Path("deep/Gone.template.json"), [])
    with pytest.raises(TemplateError, match=r"It has: Gone\.template\.json\."):
        sfn.load_template("deep")


def test_a_manifest_that_can_not_be_read(sfn: SfnSync) -> None:
    Path("deep/manifest.json").write_text("{")
    with pytest.raises(TemplateError) as raised:
        sfn.load_template("deep")
    assert str(raised.value).startswith("The folder deep can't be loaded: manifest.json: it is not JSON (")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("deep/main.tf", "", id="a file"),
        pytest.param("deep/main.tf.json", {}, id="a file of JSON"),
        pytest.param("deep/plan.json", {"terraform_version": "1.11.4", "values": {}}, id="a plan"),
    ],
)
def test_what_is_of_terraform_is_left_to_its_own_method(sfn: SfnSync, name: str, content: object) -> None:
    write(Path(name), content)
    folders = ["deep"] * name.endswith((".tf", ".tf.json"))
    for path in [name, *folders]:
        with pytest.raises(TemplateError) as caught:
            sfn.load_template(path)
        assert str(caught.value) == (
            f"The template {path} can't be loaded: it is of Terraform. Load it with load_terraform."
        )
