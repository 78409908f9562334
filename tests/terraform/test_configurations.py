"""Small configurations in the forms that repositories have: each loads, and its machine runs with mocks by address."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from pytest_sfn_sync.fake.checked_files import each_once, machines_in
from pytest_sfn_sync.fake.definition_search import search

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

FUNCTION = 'resource "aws_lambda_function" "charge" {\n  function_name = "charge-card"\n}\n'
TASK = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "%s", "End": true}}}'
HCL_TASK = '{ StartAt = "A", States = { A = { Type = "Task", Resource = %s, End = true } } }'
ARN = "aws_lambda_function.charge.arn"
CHARGE = "aws_lambda_function.charge"
ORDERS = "aws_sfn_state_machine.orders"


def machine(definition: str, more: str = "") -> str:
    return f'resource "aws_sfn_state_machine" "orders" {{\n  type = "EXPRESS"\n{more}  definition = {definition}\n}}\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


CONFIGURATIONS = [
    pytest.param(
        {
            "main.tf": FUNCTION + machine(f'templatefile("${{path.module}}/o.json", {{ fn = {ARN} }})'),
            "o.json": TASK % "${fn}",
        },
        CHARGE,
        id="templatefile",
    ),
    pytest.param({"main.tf": FUNCTION + machine(f"jsonencode({HCL_TASK % ARN})")}, CHARGE, id="jsonencode"),
    pytest.param({"main.tf": FUNCTION + machine(f"<<EOT\n{TASK % f'${{{ARN}}}'}\nEOT")}, CHARGE, id="a heredoc"),
    pytest.param(
        {"main.tf": FUNCTION + machine(f"<<-EOT\n    {TASK % f'${{{ARN}}}'}\n  EOT")}, CHARGE, id="an indented one"
    ),
    pytest.param(
        {"main.tf": FUNCTION + f"locals {{ d = {HCL_TASK % ARN} }}\n" + machine("jsonencode(local.d)")},
        CHARGE,
        id="a local",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION + machine('file("o.json")'),
            "o.json": TASK % "arn:aws:lambda:us-east-1:123456789012:function:charge-card",
        },
        CHARGE,
        id="file",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION + machine('replace(file("o.json"), "FN", aws_lambda_function.charge.arn)'),
            "o.json": TASK % "FN",
        },
        CHARGE,
        id="replace in a file",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION + machine(f'jsonencode(yamldecode(templatefile("o.yaml", {{ fn = {ARN} }})))'),
            "o.yaml": "StartAt: A\nStates:\n  A: {Type: Task, Resource: '${fn}', End: true}\n",
        },
        CHARGE,
        id="yamldecode of a template",
        marks=pytest.mark.skipif(find_spec("yaml") is None, reason="needs the reader of YAML"),
    ),
    pytest.param(
        {
            "variables.tf": 'variable "fn" {\n  type = string\n  default = "x"\n}\n',
            "terraform.tfvars": 'fn = "wrong"\n',
            "b.auto.tfvars": 'fn = "charge-card"\n',
            "main.tf": FUNCTION
            + machine("<<EOT\n" + TASK % "arn:aws:lambda:us-east-1:123456789012:function:${var.fn}" + "\nEOT"),
        },
        CHARGE,
        id="tfvars, the later file wins",
    ),
    pytest.param(
        {"main.tf": FUNCTION + machine(f"jsonencode({HCL_TASK % f'true ? {ARN} : null'})", "  count = 1\n")},
        CHARGE,
        id="count and a conditional",
    ),
    pytest.param(
        {"main.tf": FUNCTION + machine(f"jsonencode({HCL_TASK % ARN})", '  for_each = toset(["a"])\n')},
        CHARGE,
        id="for_each",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION
            + machine(
                f'jsonencode({{ StartAt = "A", States = {{ for s in ["A"] : s => '
                f'{{ Type = "Task", Resource = {ARN}, End = true }} if s != "" }} }})'
            )
        },
        CHARGE,
        id="for over states",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION.replace("{\n", "{\n  count = 2\n", 1)
            + machine(f"jsonencode({HCL_TASK % 'element(aws_lambda_function.charge[*].arn, 0)'})")
        },
        "aws_lambda_function.charge[0]",
        id="a splat",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION
            + machine(
                '<<EOT\n{"StartAt": "A", "States": {%{ for s in ["A"] ~}\n "${s}": {"Type": "Task", '
                '%{ if s == "A" }"Resource": "${aws_lambda_function.charge.arn}"%{ else }"x": 1%{ endif }, '
                '"End": true}\n%{ endfor ~}\n}}\nEOT'
            )
        },
        CHARGE,
        id="directives",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION
            + machine(
                f'"{(TASK % "FN").replace(chr(34), chr(92) + chr(34))}"'.replace(
                    "FN", "${aws_lambda_function.charge.qualified_arn}"
                )
            )
        },
        CHARGE,
        id="a quoted string, and a qualified ARN",
    ),
    pytest.param(
        {
            "main.tf": 'module "m" {\n  source = "./flow"\n  fn = aws_lambda_function.charge.arn\n}\n' + FUNCTION,
            "flow/main.tf": 'variable "fn" {}\n' + machine(f"jsonencode({HCL_TASK % 'var.fn'})"),
        },
        CHARGE,
        id="a child module",
    ),
    pytest.param(
        {
            "main.tf": 'module "fns" { source = "./fns" }\n' + machine(f"jsonencode({HCL_TASK % 'module.fns.arn'})"),
            "fns/main.tf": FUNCTION + 'output "arn" { value = aws_lambda_function.charge.arn }\n',
        },
        "module.fns.aws_lambda_function.charge",
        id="an output of a child module",
    ),
    pytest.param(
        {
            "main.tf": FUNCTION + 'module "orders" {\n  source = "terraform-aws-modules/step-functions/aws"\n'
            f'  name = "orders"\n  type = "express"\n  definition = jsonencode({HCL_TASK % ARN})\n}}\n'
        },
        CHARGE,
        id="the module of terraform-aws-modules",
    ),
    pytest.param(
        {
            "main.tf": 'data "aws_lambda_function" "charge" { function_name = "charge-card" }\n'
            + machine(f"jsonencode({HCL_TASK % 'data.aws_lambda_function.charge.arn'})")
        },
        "data.aws_lambda_function.charge",
        id="a data source",
    ),
    pytest.param(
        {
            "main.tf": 'module "charge" {\n  source = "terraform-aws-modules/lambda/aws"\n'
            '  function_name = "charge-card"\n}\n'
            + machine(f"jsonencode({HCL_TASK % 'module.charge.lambda_function_arn'})")
        },
        "module.charge",
        id="a function of a remote module",
    ),
]


@pytest.mark.parametrize(("files", "function"), CONFIGURATIONS)
def test_machine_runs_with_a_mock_by_address(
    sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], function: str
) -> None:
    template = sfn_sync.load_terraform(write(tmp_path, files))
    (key,) = template
    (found,) = template.values()
    assert "aws_sfn_state_machine." in key
    assert template["orders"] is found
    charge = sfn_sync.mock_lambda(function, returns={"paid": True})

    made = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=found.arn, input="{}")

    assert json.loads(made["output"]) == {"paid": True}
    charge.assert_called_once_with({})


FAULTS = [
    pytest.param(
        {"main.tf": machine('templatefile("o.json", {})'), "o.json": '{\n"StartAt": "A",\n"States": ${states}\n}'},
        "o.json:3: states: the call of templatefile has no value for 'states'. Nearest: there are none.",
        id="a template without its value",
    ),
    pytest.param(
        {"main.tf": machine('templatefile("o.json", {})'), "o.json": '{\n"StartAt": A\n}'},
        "o.json:2: it is not JSON",
        id="a template that is not JSON",
    ),
    pytest.param(
        {"main.tf": 'variable "limit" {\n  type = number\n}\n' + machine("jsonencode({ A = var.limit })")},
        "main.tf:6: var.limit: the variable 'limit' (number) has no default and no value. "
        'Give it: load_terraform(..., variables={"limit": ...}).',
        id="a number without a value",
    ),
    pytest.param(
        {"main.tf": "locals {\n  a = local.b\n  b = local.a\n}\n" + machine("local.a")},
        "main.tf:3: local.a: it needs itself: local.a -> local.b -> local.a.",
        id="a circle",
    ),
    pytest.param(
        {"main.tf": machine('bcrypt("x")')},
        "main.tf:3: bcrypt(\"x\"): the function 'bcrypt' of Terraform is not supported here.",
        id="a function that is not supported",
    ),
    pytest.param(
        {"main.tf": machine("aws_sqs_queue.jobs.url")},
        "main.tf:3: aws_sqs_queue: the module has nothing that is called 'aws_sqs_queue'.",
        id="a resource that is not declared",
    ),
    pytest.param(
        {"main.tf": machine("{ StartAt = 1 }")},
        "main.tf:1: definition is a string of JSON, not an object. Write jsonencode(...) around it.",
        id="an object without jsonencode",
    ),
    pytest.param(
        {"main.tf": machine('replace("a", "/(/", "b")')},
        'main.tf:3: replace("a", "/(/", "b"): \'(\' is no regular expression of RE2: missing )',
        id="a regular expression that is none",
    ),
    pytest.param(
        {"main.tf": 'module "m" { source = "./" }\n' + machine("module.m.x")}, "calls itself", id="a module in itself"
    ),
    pytest.param({"main.tf": "x = [\n"}, "main.tf", id="a file that is not HCL"),
    pytest.param({"readme.md": "x"}, "the folder has no *.tf file.", id="an empty folder"),
]


@pytest.mark.parametrize(("files", "told"), FAULTS)
def test_fault_is_told_at_its_line(sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises((TemplateError, DefinitionError)) as caught:
        sfn_sync.load_terraform(write(tmp_path, files))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        pytest.param(
            {
                "main.tf": machine('templatefile("o.json", { on = true })'),
                "o.json": '{\n"StartAt": "A",\n%{ if on ~}\n"Comment": "x",\n%{ endif ~}\n'
                '"States": {\n"A": {"Type": "Pass",\n"Next": "B"}}\n}',
            },
            "o.json:8",
            id="in the file of templatefile",
        ),
        pytest.param(
            {
                "main.tf": machine(
                    '<<-EOT\n  {"StartAt": "A",\n   "States": {"A": {\n "Type": "Pass", "Next": "B"}}}\n  EOT'
                )
            },
            "main.tf:6",
            id="in a heredoc",
        ),
        pytest.param(
            {
                "main.tf": machine(
                    'jsonencode({\n  StartAt = "A"\n  States = { A = {\n    Type = "Pass"\n    Next = "B"\n} } })'
                )
            },
            "main.tf:7",
            id="in an object of jsonencode",
        ),
    ],
)
def test_fault_of_a_definition_has_its_line(
    sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], line: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        sfn_sync.load_terraform(write(tmp_path, files))
    assert line in str(caught.value)


def test_broken_machine_leaves_the_others_alone(sfn_sync: SfnSync, tmp_path: Path) -> None:
    good = machine(f"jsonencode({HCL_TASK % ARN})")
    bad = machine("var.none").replace('"orders"', '"bad"')
    template = sfn_sync.load_terraform(write(tmp_path, {"main.tf": FUNCTION + good + bad}))

    assert list(template) == [ORDERS]
    assert list(template.broken) == ["aws_sfn_state_machine.bad"]
    assert template.made_up == {ARN: "arn:aws:lambda:us-east-1:123456789012:function:charge-card"}


def test_resources_sets_an_attribute(sfn_sync: SfnSync, tmp_path: Path) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:other"
    files = {"main.tf": FUNCTION + machine(f"jsonencode({HCL_TASK % ARN})")}
    template = sfn_sync.load_terraform(write(tmp_path, files), resources={ARN: arn})

    assert template.made_up == {}
    charge = sfn_sync.mock_lambda("other", returns=1)
    boto3.client("stepfunctions").start_sync_execution(stateMachineArn=template["orders"].arn)
    charge.assert_called_once()


def test_resource_that_no_machine_needs_is_refused(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": FUNCTION + machine(f"jsonencode({HCL_TASK % ARN})")}
    with pytest.raises(TemplateError, match=r"resources= has 'aws_x\.y\.z', but no machine of .* needs it"):
        sfn_sync.load_terraform(write(tmp_path, files), resources={"aws_x.y.z": "a"})


def test_variable_that_is_not_declared_is_refused(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": 'variable "stage" {}\n' + machine("var.stage")}
    with pytest.raises(TemplateError, match=r"variables= has 'stag', .* Nearest: stage\."):
        sfn_sync.load_terraform(write(tmp_path, files), variables={"stag": "a"})


def plan(definition: str | None) -> dict[str, Any]:
    values = {"name": "orders", "type": "EXPRESS", **({} if definition is None else {"definition": definition})}
    own = {"address": f"module.m.{ORDERS}", "type": "aws_sfn_state_machine", "name": "orders", "values": values}
    return {
        "planned_values": {"root_module": {"child_modules": [{"address": "module.m", "resources": [own]}]}},
        "resource_changes": [{"address": own["address"], "change": {"after_unknown": {"definition": True}}}],
    }


def test_plan_is_read_without_the_files(sfn_sync: SfnSync) -> None:
    template = sfn_sync.load_terraform(plan('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'))
    assert list(template) == [f"module.m.{ORDERS}"]
    made = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=template["orders"].arn)
    assert made["status"] == "SUCCEEDED"


def test_definition_that_is_known_after_apply_is_named(sfn_sync: SfnSync) -> None:
    with pytest.raises((TemplateError, DefinitionError), match="its definition is known only after apply"):
        sfn_sync.load_terraform(plan(None))


@pytest.mark.parametrize(
    ("module", "told"),
    [
        pytest.param(None, 'pip install "pytest-sfn-sync[terraform]"', id="not installed"),
        pytest.param(ModuleType("hcl2"), "It is that of bc-python-hcl2", id="the other package of this name"),
    ],
)
def test_reader_that_is_missing_is_named(
    sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType | None, told: str
) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", module)
    with pytest.raises(TemplateError, match=re.escape(told)):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": FUNCTION}))


def test_folder_is_one_template_for_validation(tmp_path: Path) -> None:
    child = machine("var.definition").replace('"orders"', '"inner"')
    files = {
        "main.tf": FUNCTION + 'module "m" {\n  source = "./m"\n  definition = "{}"\n}\n',
        "orders.tf": machine(f"jsonencode({HCL_TASK % ARN})"),
        "m/main.tf": 'variable "definition" {}\n' + child,
    }
    (path,) = search(write(tmp_path, files)).files
    found = {check.name: check.check() for check in machines_in(path)}

    assert path == tmp_path / "main.tf"
    assert found[ORDERS].refusal is None
    assert found["module.m.aws_sfn_state_machine.inner"].refusal is not None


def test_relative_folder_is_the_root_module(sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "infra/main.tf": FUNCTION + machine(f'templatefile("${{path.module}}/o.json", {{ fn = {ARN} }})'),
        "infra/o.json": TASK % "${fn}",
    }
    monkeypatch.chdir(write(tmp_path, files))

    assert list(sfn_sync.load_terraform("infra")) == [ORDERS]
    assert each_once([Path("infra/main.tf"), Path("infra/o.json")]) == [Path("infra/main.tf")]


def test_form_of_json_is_read(sfn_sync: SfnSync, tmp_path: Path) -> None:
    own = {"name": "orders", "type": "EXPRESS", "definition": TASK % "${aws_lambda_function.charge.arn}"}
    root = {
        "resource": {
            "aws_lambda_function": {"charge": {"function_name": "charge-card"}},
            "aws_sfn_state_machine": {"orders": own},
        }
    }
    template = sfn_sync.load_terraform(write(tmp_path, {"main.tf.json": json.dumps(root)}))
    sfn_sync.mock_lambda(CHARGE, returns=1)

    made = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=template["orders"].arn)

    assert made["output"] == "1"
