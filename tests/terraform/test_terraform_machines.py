"""Which machines a configuration has: instances, modules in modules, those that are left out, and broken ones."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import boto3
import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError
from tests.terraform.written_configurations import ORDERS, SUCCEEDS, machine, write

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

REMOTE = "terraform-aws-modules/step-functions/aws"
DEEP = f"${{{'(' * 3000}1{')' * 3000}}}"


def call(source: str, more: str = "", label: str = "m") -> str:
    return f'module "{label}" {{\n  source = "{source}"\n{more}}}\n'


@pytest.mark.parametrize(
    ("files", "left_out"),
    [
        pytest.param({"main.tf": machine(more="  count = 0\n", label="off")}, "aws_sfn_state_machine.off", id="count"),
        pytest.param(
            {"main.tf": machine(more="  for_each = {}\n", label="off")}, "aws_sfn_state_machine.off", id="for_each"
        ),
        pytest.param(
            {"main.tf": call(REMOTE, f"  create = false\n  definition = {SUCCEEDS}\n", "off")},
            "module.off.aws_sfn_state_machine.this[0]",
            id="create",
        ),
    ],
)
def test_machine_without_an_instance_is_left_out(
    sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], left_out: str
) -> None:
    template = sfn_sync.load_terraform(write(tmp_path, files | {"orders.tf": machine()}))
    assert list(template) == [ORDERS]
    assert any(note.startswith(f"{left_out} is left out: its ") for note in template.notes)


BROKEN = [
    pytest.param(
        {"main.tf": call("./m", "  count = nothing\n"), "m/main.tf": machine()},
        "module.m",
        "main.tf:3: ",
        id="a module",
    ),
    pytest.param(
        {"main.tf": call("./m", "  count = -1\n"), "m/main.tf": machine()},
        "module.m",
        "main.tf:1: count is -1",
        id="a count below 0",
    ),
    pytest.param(
        {"main.tf": call("./m", "  count = nothing\n"), "m/main.tf": call("./n"), "m/n/main.tf": machine()},
        "module.m",
        "main.tf:3: ",
        id="a module with a machine in a module",
    ),
    pytest.param({"main.tf": call(REMOTE, "  count = nothing\n")}, "module.m", "main.tf:3: ", id="a remote module"),
    pytest.param(
        {"main.tf": machine(more="  count = nothing\n", label="bad")},
        "aws_sfn_state_machine.bad",
        "main.tf:3: ",
        id="a count",
    ),
    pytest.param(
        {"main.tf": machine(f'"{DEEP}"', label="bad")},
        "aws_sfn_state_machine.bad",
        "main.tf:1: its expressions are nested too deep.",
        id="nested too deep",
    ),
]


@pytest.mark.parametrize(("files", "broken", "told"), BROKEN)
def test_what_may_be_a_machine_is_broken_not_left_out(
    sfn_sync: SfnSync, tmp_path: Path, files: dict[str, str], broken: str, told: str
) -> None:
    template = sfn_sync.load_terraform(write(tmp_path, files | {"orders.tf": machine()}))
    assert (list(template), list(template.broken)) == ([ORDERS], [broken])
    assert told in str(template.broken[broken])


def test_module_without_machines_is_left_out_with_a_note(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": call("./m", "  count = nothing\n") + machine(), "m/main.tf": "locals { a = 1 }\n"}
    template = sfn_sync.load_terraform(write(tmp_path, files))
    assert template.broken == {}
    assert any(note.startswith("module.m is left out: ") for note in template.notes)


def test_label_that_two_machines_have_is_no_name(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {
        "main.tf": call("./m") + machine(more='  name = "a"\n'),
        "m/main.tf": machine(more='  name = "b"\n'),
    }
    template = sfn_sync.load_terraform(write(tmp_path, files))
    assert list(template) == [ORDERS, f"module.m.{ORDERS}"]
    with pytest.raises(KeyError):
        template["orders"]


def test_function_that_cant_be_named_leaves_the_machines_alone(sfn_sync: SfnSync, tmp_path: Path) -> None:
    functions = (
        'resource "aws_lambda_function" "a" { function_name = nothing }\n'
        'data "aws_lambda_alias" "b" { function_name = nothing }\n'
    )
    lambda_ = call("terraform-aws-modules/lambda/aws", "  function_name = nothing\n")
    template = sfn_sync.load_terraform(write(tmp_path, {"main.tf": functions + lambda_ + machine()}))
    assert list(template) == [ORDERS]


def test_activities_exist_and_one_that_cant_be_named_leaves_the_machines_alone(
    sfn_sync: SfnSync, tmp_path: Path
) -> None:
    activities = (
        'resource "aws_sfn_activity" "pack" {\n  for_each = toset(["box", "bag"])\n  name = "pack-${each.key}"\n}\n'
        'resource "aws_sfn_activity" "odd" { name = nothing }\n'
    )
    states = '{ A = { Type = "Task", Resource = aws_sfn_activity.pack["box"].id, End = true } }'
    waiting = machine(f'jsonencode({{ StartAt = "A", States = {states} }})').replace("EXPRESS", "STANDARD")
    template = sfn_sync.load_terraform(write(tmp_path, {"main.tf": activities + waiting}))
    names = [activity["name"] for activity in sfn_sync.client().list_activities()["activities"]]
    assert sorted(names) == ["pack-bag", "pack-box"]
    execution = template["orders"].run()
    execution.pending[0].succeed("packed")
    execution.assert_succeeded(output="packed")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param(
            'resource "aws_sqs_queue" "a" {}\nresource "aws_sqs_queue" "b" {}\nresource "aws_sns_topic" "c" {}\n',
            "has no state machines (aws_sfn_state_machine). It has: aws_sns_topic, aws_sqs_queue (2).",
            id="other resources",
        ),
        pytest.param("locals { a = 1 }\n", "It has: no resources.", id="no resources"),
        pytest.param(
            machine("nothing"), "main.tf:3: nothing: the module has nothing that is called 'nothing'", id="broken"
        ),
    ],
)
def test_configuration_without_a_machine(sfn_sync: SfnSync, tmp_path: Path, code: str, told: str) -> None:
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told)):
        sfn_sync.load_terraform(write(tmp_path, {"main.tf": code}))


def test_file_stands_for_its_folder(sfn_sync: SfnSync, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "locals { a = 1 }\n", "orders.tf": machine()})
    assert list(sfn_sync.load_terraform(tmp_path / "main.tf")) == [ORDERS]


def test_the_activities_of_a_configuration_exist(sfn_sync: SfnSync, tmp_path: Path) -> None:
    activities = 'resource "aws_sfn_activity" "a" { name = "work" }\nresource "aws_sfn_activity" "b" { name = [] }\n'
    sfn_sync.load_terraform(write(tmp_path, {"main.tf": activities + machine()}))
    found = boto3.client("stepfunctions").list_activities()["activities"]
    assert [activity["name"] for activity in found] == ["work"]


def test_a_mock_names_an_activity_by_its_address(sfn_sync: SfnSync, tmp_path: Path) -> None:
    activity = 'resource "aws_sfn_activity" "work" {\n  name = "the-work"\n}\n'
    definition = (
        'jsonencode({ StartAt = "A", States = { '
        'A = { Type = "Task", Resource = aws_sfn_activity.work.id, End = true } } })'
    )
    text = activity + machine(definition).replace("EXPRESS", "STANDARD")
    template = sfn_sync.load_terraform(write(tmp_path, {"main.tf": text}))
    with SfnSync() as inner:
        assert not inner._mock_table.logical_ids.names_activity("aws_sfn_activity.other", "arn")
    sfn_sync.mock_activity("aws_sfn_activity.work", returns={"done": True})
    assert template[ORDERS].run({}).output == {"done": True}


def test_blocks_that_are_nested_too_deep(sfn_sync: SfnSync, tmp_path: Path) -> None:
    files = {"main.tf": "a {\n" * 5_000 + "}\n" * 5_000}
    with pytest.raises(TemplateError, match=r"main\.tf: its blocks are nested too deep"):
        sfn_sync.load_terraform(write(tmp_path, files))
