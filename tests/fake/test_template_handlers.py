"""The real handlers of a template's functions: their folders, their modules, their environment variables."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.errors import MockError, TemplateError

pytest.importorskip("yaml")

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Layers: [!Ref Shared]
    Environment: {Variables: {TABLE: !Ref Orders, STAGE: dev}}
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
  Charge:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: charge
      Handler: app.handler
      Layers: ["arn:aws:lambda:us-east-1:1:layer:x:1", !Ref Elsewhere]
      Environment: {Variables: {STAGE: test, LIMIT: 5}}
  Ship: {Type: AWS::Serverless::Function, Properties: {CodeUri: charge2/, Handler: app.handler}}
  Elsewhere: {Type: AWS::SQS::Queue}
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.main
      InlineCode: |
        import os
        AT_IMPORT = os.environ["TABLE"]
        def main(event, context):
            return [event, AT_IMPORT]
  Node: {Type: AWS::Serverless::Function, Properties: {CodeUri: node, Handler: app.handler, Runtime: nodejs20.x}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: Charge
        States:
          Charge: {Type: Task, Resource: !GetAtt Charge.Arn, ResultPath: $.charge, Next: Ship}
          Ship: {Type: Task, Resource: !GetAtt Ship.Arn, ResultPath: $.ship, Next: Inline}
          Inline: {Type: Task, Resource: !GetAtt Inline.Arn, InputPath: $.n, ResultPath: $.inline, End: true}
"""
APP = """\
import os
import names
from shared import twice

STAGE = os.environ["STAGE"]

def handler(event, context):
    import late
    return [names.NAME, late.NAME, STAGE, os.environ["TABLE"], twice(event["n"]), context.function_name]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"template.yaml": TEMPLATE, "layer/python/shared.py": "def twice(n): return 2 * n\n"}
    for place, name in (("charge", "charge"), ("charge2", "ship")):  # One name begins with the other.
        files |= {f"{place}/{module}.py": f"NAME = '{name}'\n" for module in ("names", "late")}
        files[f"{place}/app.py"] = APP
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "app", raising=False)
    return tmp_path


@pytest.fixture
def sfn(folder: Path) -> Iterator[SfnSync]:
    with SfnSync() as sfn:
        yield sfn


def test_each_function_has_its_own_modules_and_environment(sfn: SfnSync) -> None:
    template = sfn.load_template("template.yaml")
    mocks = template.use_handlers()
    path, modules, environment = list(sys.path), set(sys.modules), dict(os.environ)
    for n in (1, 2):
        assert template["M"].run({"n": n}).output == {
            "n": n,
            "charge": ["charge", "charge", "test", "Orders", 2 * n, "Charge"],
            "ship": ["ship", "ship", "dev", "Orders", 2 * n, "Ship"],
            "inline": [n, "Orders"],
        }
    assert (sys.path, dict(os.environ)) == (path, environment)
    assert {"app", "names", "late", "shared"}.isdisjoint(set(sys.modules) - modules)
    assert list(mocks) == ["Charge", "Ship", "Inline"]
    assert mocks["Ship"].calls[0].payload["n"] == 1


def test_lambda_s_own_variables_are_set_while_a_handler_runs(sfn: SfnSync) -> None:
    names = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_NAME")
    Path("charge/app.py").write_text(
        f"import os\ndef handler(event, context): return [os.environ[n] for n in {names}]\n"
    )
    template = sfn.load_template("template.yaml")
    template.use_handlers()
    output = template["M"].run({"n": 1}).output
    assert output["charge"] == ["us-east-1", "us-east-1", "Charge"]


def test_a_module_that_is_installed_is_shared_by_all(sfn: SfnSync, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("charge/this").mkdir()  # A folder of data, with the name of a module of the standard library.
    Path("charge/late.py").write_text("import this\nNAME = this.d['a']\n")
    monkeypatch.delitem(sys.modules, "this", raising=False)
    template = sfn.load_template("template.yaml")
    template.use_handlers()
    assert template["M"].run({"n": 1}).output["charge"][1] == "n"
    assert "this" in sys.modules
    monkeypatch.delitem(sys.modules, "this")


def test_mocks_of_some_functions(sfn: SfnSync) -> None:
    template = sfn.load_template("template.yaml")
    assert list(template.use_handlers("Ship")) == ["Ship"]
    sfn.mock_lambda("Charge", returns="mocked")
    assert template["M"].run({"n": 1}, stop_after="Ship").output["charge"] == "mocked"


def test_a_module_that_the_test_has_imported_is_used(sfn: SfnSync, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend("charge")
    for name in ("names", "late"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import names  # type: ignore[import-not-found]

    monkeypatch.setattr(names, "NAME", "patched")
    template = sfn.load_template("template.yaml")
    template.use_handlers()
    execution = template["M"].run({"n": 1})
    assert (execution.output["charge"][0], execution.output["ship"][0]) == ("patched", "ship")
    assert sys.modules["names"] is names
    del sys.modules["names"]


def test_the_environment_of_a_function(sfn: SfnSync) -> None:
    template = sfn.load_template("template.yaml", resources={"Orders": "orders-7"})
    assert template.environment("Charge") == {"TABLE": "orders-7", "STAGE": "test", "LIMIT": "5"}
    assert template.environment("Ship") == {"TABLE": "orders-7", "STAGE": "dev"}
    with pytest.raises(TemplateError) as raised:
        template.environment("Chrage")
    assert str(raised.value) == "template.yaml has no Lambda function 'Chrage'. Nearest: Charge, Ship, Node."


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        pytest.param("Environment: {Variables: {A: !Ref Nope}}", "Ref names neither a parameter", id="a reference"),
        pytest.param("Environment: [A]", "Environment is an object with the object Variables.", id="a list"),
    ],
)
def test_an_environment_that_can_not_be_worked_out(sfn: SfnSync, properties: str, told: str) -> None:
    text = TEMPLATE.replace("CodeUri: charge2/", f"CodeUri: charge2/, {properties}")
    Path("template.yaml").write_text(text)
    with pytest.raises(TemplateError) as raised:
        sfn.load_template("template.yaml").environment("Ship")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        pytest.param("CodeUri: nowhere", "there is no folder nowhere", id="a folder that is missing"),
        pytest.param("CodeUri: template.yaml", "template.yaml is no folder", id="a file"),
        pytest.param('CodeUri: "a\\0b"', "'a\\x00b' names no folder: a path can't have the character", id="no path"),
        pytest.param("CodeUri: s3://b/k", "its code is in S3", id="an address in S3"),
        pytest.param("Code: {S3Bucket: b, S3Key: k}", "its code is in S3", id="an object in S3"),
        pytest.param("CodeUri: !Ref Nope", "its CodeUri can't be worked out (Ref names neither", id="a reference"),
        pytest.param("PackageType: Image", "it is an image", id="an image"),
        pytest.param("Runtime: nodejs20.x", "its runtime is nodejs20.x", id="another language"),
        pytest.param("CodeUri: charge2, Handler: [x]", "it has no Handler", id="no handler"),
        pytest.param(
            "CodeUri: charge2, Layers: [!Ref L]", "its layer 'L' can't be used: there is no folder gone", id="a layer"
        ),
    ],
)
def test_functions_without_python_code(sfn: SfnSync, properties: str, told: str) -> None:
    handler = "" if "Handler" in properties else "Handler: app.handler, "
    text = TEMPLATE.replace("CodeUri: charge2/, Handler: app.handler", f"{handler}{properties}")
    layer = "  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: gone}}\n"
    Path("template.yaml").write_text(text.replace("  Charge:\n", f"{layer}  Charge:\n", 1))
    template = sfn.load_template("template.yaml")
    assert "Ship" not in template.use_handlers()
    with pytest.raises(TemplateError) as raised:
        template.use_handlers("Ship")
    assert str(raised.value).startswith(f"template.yaml has no Python code to run: Ship: {told}")


def test_no_function_has_python_code(sfn: SfnSync) -> None:
    Path("template.yaml").write_text(TEMPLATE.replace("python3.12", "java21"))
    with pytest.raises(TemplateError) as raised:
        sfn.load_template("template.yaml").use_handlers()
    assert str(raised.value) == (
        "template.yaml has no Python code to run: Charge: its runtime is java21; Ship: its runtime is java21; Inline: "
        "its runtime is java21; Node: its runtime is nodejs20.x. Mock them: mock_lambda."
    )


def test_code_in_the_template_without_the_handler(sfn: SfnSync) -> None:
    Path("template.yaml").write_text(TEMPLATE.replace("index.main", "index.mian"))
    with pytest.raises(MockError) as raised:
        sfn.load_template("template.yaml").use_handlers()
    assert str(raised.value) == "use_handlers: 'Inline': its code in the template has no function mian."


def test_variables_that_the_process_has_are_set_back(sfn: SfnSync, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "of the process")
    template = sfn.load_template("template.yaml")
    template.use_handlers("Charge")
    assert template["M"].run({"n": 1}, stop_after="Charge").output["charge"][2] == "test"
    assert os.environ["STAGE"] == "of the process"


def test_functions_of_terraform_have_no_code_here(sfn: SfnSync) -> None:
    machine = {
        "address": "aws_sfn_state_machine.m",
        "mode": "managed",
        "type": "aws_sfn_state_machine",
        "name": "m",
        "values": {"name": "m", "type": "EXPRESS", "definition": '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'},
    }
    function = {
        "address": "aws_lambda_function.f",
        "mode": "managed",
        "type": "aws_lambda_function",
        "name": "f",
        "values": {"function_name": "f", "arn": "arn:aws:lambda:us-east-1:123456789012:function:f"},
    }
    shown = {"format_version": "1.0", "values": {"root_module": {"resources": [machine, function]}}}
    configuration = sfn.load_terraform(shown)
    with pytest.raises(TemplateError, match="only templates have code, and this is a Terraform configuration"):
        configuration.use_handlers()
    with pytest.raises(TemplateError, match="is a Terraform configuration, whose functions have no environment here"):
        configuration.environment("aws_lambda_function.f")


def test_functions_of_the_cdk(sfn: SfnSync) -> None:
    def function(folder: str) -> dict[str, Any]:
        return {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": {"Fn::Sub": "b-${AWS::Region}"}, "S3Key": "1.zip"},
                "Handler": "app.handler",
                "Runtime": "python3.12",
                "Environment": {"Variables": {"STAGE": "cdk", "TABLE": "t"}},
            },
            "Metadata": {"aws:asset:path": folder, "aws:asset:property": "Code"},
        }

    definition = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "End": True}}}
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineType": "EXPRESS",
            "DefinitionString": json.dumps(definition),
            "DefinitionSubstitutions": {"Fn": {"Fn::GetAtt": ["Charge1234ABCD", "Arn"]}},
        },
    }
    Path("charge").rename("asset.1")
    Path("asset.1/shared.py").write_text("def twice(n): return -n\n")
    resources = {"Charge1234ABCD": function("asset.1"), "Gone1234ABCD": function("asset.2"), "M": machine}
    template = sfn.load_template({"Resources": resources})
    assert list(template.use_handlers()) == ["Charge"]
    assert template["M"].run({"n": 1}).output == ["charge", "charge", "cdk", "t", -1, "Charge1234ABCD"]
    with pytest.raises(TemplateError, match=r"Gone: there is no folder asset\.2\."):
        template.use_handlers("Gone")


def test_a_function_of_cloudformation_with_its_code_in_the_template(sfn: SfnSync) -> None:
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Code": {"ZipFile": "def handler(event, context): return 7"}, "Runtime": "python3.12"},
    }
    task = {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]}, "End": True}
    definition = {"StartAt": "A", "States": {"A": task}}
    machine = {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": definition}}
    template = sfn.load_template({"Resources": {"F": function, "M": machine}}, type="EXPRESS")
    template.use_handlers()
    assert template["M"].run({}).output == 7
