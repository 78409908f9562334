"""Values that are made up: whatever Terraform may do with what they stand for can be done with them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TemplateError
from pytest_sfn_sync.fake.checked_files import machines_in
from pytest_sfn_sync.terraform.guessed_values import is_plural
from tests.terraform.written_configurations import SUCCEEDS, machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

SOURCES = """
data "terraform_remote_state" "net" {
  backend = "s3"
}
data "aws_subnets" "d" {}
data "aws_ssm_parameter" "p" {
  name = "/p"
}
module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
}
resource "random_integer" "r" {
  min = 1
  max = 2
}
variable "shape" {}
"""
ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        pytest.param("data.terraform_remote_state.net.outputs.lambda_arn", f"{ARN}lambda-arn", id="a remote state"),
        pytest.param('data.terraform_remote_state.net.outputs["stage"]', "stage", id="by its name in brackets"),
        pytest.param("data.terraform_remote_state.net.outputs.vpc.subnet_ids", ["subnet-ids"], id="an object in it"),
        pytest.param("data.aws_subnets.d.ids", ["d-ids"], id="a list, by its name"),
        pytest.param("data.aws_subnets.d.ids[1]", "d-ids-1", id="an item of a list"),
        pytest.param("length(data.aws_subnets.d.ids)", 1, id="the length of a list"),
        pytest.param("length(data.aws_ssm_parameter.p.value)", 1, id="the length of what may be a list"),
        pytest.param('join(",", data.aws_subnets.d.ids)', "d-ids", id="a list that is joined"),
        pytest.param("[for s in module.vpc.private_subnets : s]", ["vpc"], id="the output of a module from elsewhere"),
        pytest.param("[for s in data.aws_ssm_parameter.p.value : s]", ["p-value"], id="a list, whatever its name"),
        pytest.param('concat(["a"], data.aws_ssm_parameter.p.value)', ["a", "p-value"], id="a list in a list"),
        pytest.param("jsondecode(data.aws_ssm_parameter.p.value).arn", f"{ARN}arn", id="the JSON of a parameter"),
        pytest.param("yamldecode(data.aws_ssm_parameter.p.value).a", "a", id="the YAML of a parameter"),
        pytest.param("merge({ a = 1 }, data.aws_ssm_parameter.p.value)", {"a": 1}, id="an object that is merged"),
        pytest.param("random_integer.r.result + 1", 2, id="a number"),
        pytest.param('data.aws_ssm_parameter.p.value ? "on" : "off"', "off", id="a bool"),
        pytest.param("aws_lambda_function.f.timeout", 3, id="a default of the provider"),
        pytest.param("var.shape.size", "size", id="an attribute of a variable without a type"),
    ],
)
def test_a_guess_has_what_is_asked_of_it(sfn_sync: SfnSync, tmp_path: Path, expression: str, result: Any) -> None:
    assert result_of(sfn_sync, write(tmp_path, {"main.tf": SOURCES + with_result(expression)})) == result


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"data.terraform_remote_state.net.outputs.subnets": ["a", "b"]}, id="by its own address"),
        pytest.param(
            {"data.terraform_remote_state.net.outputs": {"subnets": ["a", "b"]}}, id="in the object around it"
        ),
    ],
)
def test_the_test_can_give_a_part_of_a_guess(sfn_sync: SfnSync, tmp_path: Path, given: dict[str, Any]) -> None:
    expression = "data.terraform_remote_state.net.outputs.subnets[1]"
    folder = write(tmp_path, {"main.tf": SOURCES + with_result(expression)})
    assert result_of(sfn_sync, folder, resources=given) == "b"


@pytest.mark.parametrize(
    ("name", "is_list"),
    [("subnet_ids", True), ("private_subnets", True), ("names", True), ("kids_name", False), ("status", False)],
)
def test_names_that_speak_of_a_list(name: str, is_list: bool) -> None:
    assert is_plural(name) is is_list


def test_a_variable_of_strings_is_a_string_whatever_its_name(sfn_sync: SfnSync, tmp_path: Path) -> None:
    text = 'variable "bucket_names" {\n  type = string\n}\n' + with_result("var.bucket_names")
    assert result_of(sfn_sync, write(tmp_path, {"main.tf": text})) == "bucket-names"


@pytest.mark.parametrize(
    ("type_", "expression"),
    [
        pytest.param("list(string)", "var.v[1]", id="a list"),
        pytest.param("tuple([string])", "var.v[0]", id="a tuple"),
        pytest.param("map(string)", 'var.v["a"]', id="a map"),
        pytest.param("object({ a = string })", "var.v.a", id="an object"),
        pytest.param("set(string)", "tolist(var.v)[0]", id="a set"),
        pytest.param("number", "var.v + 1", id="a number"),
    ],
)
def test_a_check_makes_up_variables_of_all_types(tmp_path: Path, type_: str, expression: str) -> None:
    text = f'variable "v" {{\n  type = {type_}\n}}\n' + with_result(expression)
    (check,) = machines_in(write(tmp_path, {"main.tf": text}) / "main.tf")
    assert (check.left_out, check.check().diagnostics) == (None, ())


@pytest.mark.parametrize("over", ["toset(var.names)", "var.by_name", "data.x.y.map_of_all"])
def test_a_check_makes_one_machine_of_a_for_each_that_is_not_known(tmp_path: Path, over: str) -> None:
    variables = (
        'data "x" "y" {}\nvariable "names" {\n  type = list(string)\n}\nvariable "by_name" {\n  type = map(string)\n}\n'
    )
    text = variables + machine(more=f"  for_each = {over}\n  name = each.key\n")
    (check,) = machines_in(write(tmp_path, {"main.tf": text}) / "main.tf")
    assert (check.left_out, check.check().diagnostics) == (None, ())


@pytest.mark.parametrize("item", ["", "[0]"])
def test_a_check_leaves_out_a_machine_whose_definition_only_the_caller_has(tmp_path: Path, item: str) -> None:
    text = 'variable "definition" {}\n' + machine(f"var.definition{item}")
    (check,) = machines_in(write(tmp_path, {"main.tf": text}) / "main.tf")
    assert check.left_out == (
        "aws_sfn_state_machine.orders is left out: its definition is var.definition, which has no value here"
    )


def test_a_check_tells_of_a_machine_that_a_count_leaves_out(tmp_path: Path) -> None:
    text = 'variable "on" {\n  default = false\n}\n' + machine(more="  count = var.on ? 1 : 0\n")
    (check,) = machines_in(write(tmp_path, {"main.tf": text}) / "main.tf")
    assert check.left_out == "aws_sfn_state_machine.orders is left out: its count makes none"


def test_a_definition_that_is_made_up_can_not_run(sfn_sync: SfnSync, tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": 'variable "definition" {}\n' + machine("var.definition")})
    with pytest.raises(TemplateError) as caught:
        sfn_sync.load_terraform(folder)
    assert (
        "its definition is var.definition, which has no value here. "
        'Give it: variables={"definition": ...}. (needed by aws_sfn_state_machine.orders)' in str(caught.value)
    )
    template = sfn_sync.load_terraform(folder, variables={"definition": SUCCEEDS[1:-1].replace("\\", "")})
    assert template["orders"].run().status == "SUCCEEDED"
