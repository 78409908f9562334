"""Variables, modules, counts and names of a configuration; the right values are those of Terraform 1.11."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import ORDERS, machine, result_of, with_result, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

ACCOUNT = "123456789012"
SQS = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}"


def call(arguments: str, variables: str, output: str = "var.v") -> dict[str, str]:
    """Return a configuration with a call of a module, whose output is the result of the machine."""
    return {
        "main.tf": f'module "m" {{\n  source = "./m"\n{arguments}}}\n' + with_result("module.m.o"),
        "m/main.tf": f'{variables}output "o" {{ value = {output} }}\n',
    }


RESULTS = [
    pytest.param(call("  v = null\n", 'variable "v" { default = "d" }\n'), None, id="null of a call stays null"),
    pytest.param(
        call("  v = null\n", 'variable "v" {\n  default = "d"\n  nullable = false\n}\n'),
        "d",
        id="null of a call is the default if nullable is false",
    ),
    pytest.param(
        call("  v = null\n", 'variable "v" {\n  default = "d"\n  nullable = true\n}\n'), None, id="nullable is true"
    ),
    pytest.param(call("", 'variable "v" { default = "d" }\n'), "d", id="no argument"),
    pytest.param(
        call("  count = 2\n  v = count.index\n", 'variable "v" {}\n')
        | {"main.tf": call("  count = 2\n  v = count.index\n", "")["main.tf"].replace("module.m.o", "module.m[*].o")},
        [0, 1],
        id="a module with count",
    ),
    pytest.param(
        {
            "main.tf": 'variable "v" { default = 1 }\nvariable "w" {\n  default = 2\n  nullable = false\n}\n'
            'variable "x" {}\n' + with_result("[var.v, var.w, var.x]"),
            "terraform.tfvars": "v = null\nw = null\nx = null\n",
        },
        [None, 2, None],
        id="null in a tfvars file",
    ),
    pytest.param(
        {"main.tf": with_result("[terraform.workspace, basename(path.module), path.root == path.cwd]")},
        ["default", "{folder}", True],
        id="the workspace and paths",
    ),
    pytest.param(
        {
            "main.tf": 'resource "aws_x" "q" {\n  for_each = { a = 1 }\n  v = each.value\n}\n'
            + with_result('aws_x.q["a"].v')
        },
        1,
        id="for_each over a map",
    ),
    pytest.param(
        {
            "main.tf": 'resource "aws_x" "q" {\n  for_each = toset(["b", "a"])\n  v = each.key\n}\n'
            + with_result("[for key, x in aws_x.q : x.v]")
        },
        ["a", "b"],
        id="for_each over a set",
    ),
    pytest.param(
        {
            "main.tf": 'data "aws_region" "now" {}\ndata "aws_caller_identity" "me" {}\n'
            'data "aws_sqs_queue" "jobs" { name = "jobs" }\n'
            + with_result(
                "[data.aws_region.now.name, data.aws_caller_identity.me.account_id, data.aws_sqs_queue.jobs.url]"
            )
        },
        ["us-east-1", ACCOUNT, f"{SQS}/jobs"],
        id="data sources",
    ),
    pytest.param(
        {
            "main.tf": 'resource "aws_sqs_queue" "a" {}\nresource "aws_sqs_queue" "b" { name_prefix = "in-" }\n'
            'resource "aws_sqs_queue" "c" { count = 1 }\nresource "aws_x" "long_one" {}\n'
            'resource "aws_lambda_alias" "live" {\n  name = "live"\n'
            f'  function_name = "arn:aws:lambda:us-east-1:{ACCOUNT}:function:charge"\n}}\n'
            + with_result(
                "[aws_sqs_queue.a.name, aws_sqs_queue.b.name, aws_sqs_queue.c[0].name, aws_lambda_alias.live.arn, "
                "aws_x.long_one.colour]"
            )
        },
        ["a", "in-b", "c-0", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:charge:live", "long-one-colour"],
        id="names that AWS decides",
    ),
    pytest.param(
        {
            "main.tf": 'module "q" { source = "terraform-aws-modules/sqs/aws" }\n'
            'module "named" {\n  source = "terraform-aws-modules/sqs/aws"\n  name = "jobs"\n}\n'
            + with_result("[module.q.queue_url, module.named.queue_url, module.q.colour]")
        },
        [
            f"{SQS}/q",
            f"{SQS}/jobs",
            "q",
        ],
        id="outputs of a module from a registry",
    ),
    pytest.param(
        {"main.tf": 'variable "queue_url" {}\n' + with_result("var.queue_url")},
        f"{SQS}/queue-url",
        id="a variable of the root without a value",
    ),
]


@pytest.mark.parametrize(("files", "right"), RESULTS)
def test_value_in_a_definition(sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], right: object) -> None:
    wanted = json.loads(json.dumps(right).replace("{folder}", tmp_path.name))
    assert result_of(sfn_sync, write(tmp_path, files)) == wanted


FAULTS = [
    pytest.param(
        call("", 'variable "v" {}\n'),
        "main.tf:1: module.m has no argument 'v': the variable 'v' ({folder}/m/main.tf:1) has no default, so each "
        "call of the module needs it.",
        id="an argument that is missing",
    ),
    pytest.param(
        call("  w = 1\n", 'variable "v" { default = 1 }\n'),
        "main.tf:3: module.m has the argument 'w', and the module declares no such variable. Nearest: v.",
        id="an argument that is unknown",
    ),
    pytest.param(
        call("  v = null\n", 'variable "v" { nullable = false }\n'),
        "m/main.tf:2: var.v: the variable 'v' can't be null: it has nullable = false, and no default.",
        id="null where it is no value",
    ),
    pytest.param(
        call("", 'variable "v" { default = upper("a") }\n'),
        "m/main.tf:1: upper(\"a\"): the function 'upper' can't be called here: Terraform takes only plain values.",
        id="a call in a default",
    ),
    pytest.param(
        call("", 'variable "v" { default = local.a }\nlocals { a = 1 }\n'),
        "m/main.tf:1: local: the name 'local' can't be used here: Terraform takes only plain values.",
        id="a name in a default",
    ),
    pytest.param(
        {"main.tf": 'variable "v" {}\n' + with_result("var.v"), "terraform.tfvars": "v = path.module\n"},
        "terraform.tfvars:1: path: the name 'path' can't be used here: Terraform takes only plain values.",
        id="a name in a tfvars file",
    ),
    pytest.param(
        {"main.tf": 'module "m" { source = "./m" }\n' + machine()},
        "main.tf:1: the folder {folder}/m of module.m is missing.",
        id="the folder of a module is missing",
    ),
    pytest.param(
        call("", "", "1") | {"main.tf": 'module "m" { source = "./m" }\n' + with_result("module.m.p")},
        "main.tf:4: module.m.p: module.m has no output 'p'. Nearest: o.",
        id="an output that is not declared",
    ),
    pytest.param(
        {"main.tf": 'data "aws_region" "a" {}\n' + with_result("data.aws_region.b.name")},
        "main.tf:4: data.aws_region.b: the module declares no data source aws_region 'b'. Nearest: a.",
        id="a data source that is not declared",
    ),
    pytest.param(
        {"main.tf": machine(more="  count = -1\n")}, "main.tf:1: count is -1; it may be 0 to 10000.", id="count below 0"
    ),
    pytest.param(
        {"main.tf": machine(more='  for_each = ["a"]\n')},
        "main.tf:1: for_each needs a map or a set of strings, not a list. Write toset(...) around it.",
        id="for_each over a list",
    ),
    pytest.param(
        {"main.tf": machine(more="  for_each = toset([1])\n")},
        "main.tf:1: for_each needs a map or a set of strings, not a set.",
        id="for_each over a set of numbers",
    ),
    pytest.param(
        {"main.tf": machine(more="  for_each = null\n")},
        "main.tf:1: for_each needs a map or a set of strings, not null.",
        id="for_each over null",
    ),
]


@pytest.mark.parametrize(("files", "told"), FAULTS)
def test_fault_is_told_at_its_line(sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told.format(folder=tmp_path))):
        sfn_sync.load_terraform(write(tmp_path, files))


@pytest.mark.parametrize(
    ("nullable", "right"), [pytest.param("", None, id="nullable"), pytest.param("nullable = false\n", 1, id="not")]
)
def test_null_of_the_test_for_a_variable(sfn_sync: SfnSync, tmp_path: Path, nullable: str, right: object) -> None:
    files = {"main.tf": f'variable "v" {{\n  default = 1\n{nullable}}}\n' + with_result("var.v")}
    assert result_of(sfn_sync, write(tmp_path, files), variables={"v": None}) == right


def test_type_without_a_value_is_invented_in_checks_alone(sfn_sync: SfnSync, tmp_path: Path) -> None:
    from pytest_sfn_sync.fake.checked_files import machines_in

    files = {"main.tf": 'variable "v" { type = list(string) }\n' + with_result("var.v")}
    (check,) = machines_in(write(tmp_path, files) / "main.tf")
    assert check.check().refusal is None

    with pytest.raises(TemplateError, match=re.escape('Give it: load_terraform(..., variables={"v": ...})')):
        sfn_sync.load_terraform(tmp_path)


def test_output_of_the_test_wins(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = call("", "", "1")
    assert result_of(sfn_sync, write(tmp_path, files), resources={"module.m.o": "mine"}) == "mine"


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"aws_sqs_queue.q.arn": "mine"}, id="an attribute by its address"),
        pytest.param({"aws_sqs_queue.q": {"arn": "mine"}}, id="attributes by the address of the resource"),
        pytest.param({"aws_sqs_queue.q": "mine"}, id="a text is the ARN"),
    ],
)
def test_attribute_of_the_test_wins(sfn_sync: SfnSync, tmp_path: Path, given: dict[str, object]) -> None:
    files = {"main.tf": 'resource "aws_sqs_queue" "q" {}\n' + with_result("aws_sqs_queue.q.arn")}
    assert result_of(sfn_sync, write(tmp_path, files), resources=given) == "mine"


def test_two_names_by_one_address_are_two_resources(sfn_sync: SfnSync, tmp_path: Path) -> None:
    template = sfn_sync.load_terraform(write(tmp_path, {"main.tf": machine(more="  count = 2\n")}))
    assert list(template) == [f"{ORDERS}[0]", f"{ORDERS}[1]"]
    assert [one.name for one in template.values()] == ["orders-0", "orders-1"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {"main.tf": machine(more="  for_each = toset([for x in range(12) : tostring(x)])\n")},
            "for_each has 12 members; it may have 10",
            id="members of for_each",
        ),
        pytest.param(
            {
                "main.tf": 'module "a" {\n source = "./m0"\n count = 2\n}\n' + machine(),
                **{f"m{at}/main.tf": f'module "a" {{\n source = "../m{at + 1}"\n count = 2\n}}\n' for at in range(3)},
                "m3/main.tf": machine(),
            },
            "m1/main.tf:1: the modules fan out to more than 10 instances.",
            id="modules that call modules",
        ),
    ],
)
def test_what_fans_out_has_an_end(
    sfn_sync: SfnSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], told: str
) -> None:
    monkeypatch.setattr("pytest_sfn_sync.terraform.modules.MOST_INSTANCES", 10)
    monkeypatch.setattr("pytest_sfn_sync.terraform.deployment.MOST_INSTANCES", 10)
    with pytest.raises(TemplateError) as caught:
        sfn_sync.load_terraform(write(tmp_path, files))
    assert told in str(caught.value)
