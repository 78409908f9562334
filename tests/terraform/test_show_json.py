"""The JSON of terraform show: machines, names, values of the test, and what has no effect."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest

from pytest_sfn_sync import DefinitionError, SfnSync, TemplateError

DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
CHARGE = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
TASK = f'{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "{CHARGE}", "End": true}}}}}}'
ORDERS = "aws_sfn_state_machine.orders"


def machine(address: str = ORDERS, **values: Any) -> dict[str, Any]:
    values = {"type": "EXPRESS", "definition": DEFINITION, **values}
    return {
        "address": address,
        "mode": "managed",
        "type": "aws_sfn_state_machine",
        "name": address.rpartition(".")[2],
        "values": values,
    }


def function(address: str = "aws_lambda_function.charge", **values: Any) -> dict[str, Any]:
    kind, _, name = address.removeprefix("data.").rpartition(".")
    return {"address": address, "mode": "data" if "data." in address else "managed", "type": kind, "name": name} | {
        "values": values
    }


def plan(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"planned_values": {"root_module": {"resources": list(resources)}}, **more}


@pytest.mark.parametrize(
    "root",
    [
        pytest.param(plan(function(function_name="charge-card"), machine(definition=TASK)), id="a plan"),
        pytest.param({"values": plan(function(arn=CHARGE), machine(definition=TASK))["planned_values"]}, id="a state"),
        pytest.param(
            plan(
                machine(definition=TASK),
                prior_state={
                    "values": {
                        "root_module": {
                            "resources": [
                                function("data.aws_lambda_function.charge", arn=CHARGE) | {"name": "charge"},
                                function("aws_lambda_function.charge", arn="other"),
                            ]
                        }
                    }
                },
            ),
            id="a data source that the plan has read",
        ),
    ],
)
def test_mock_names_a_function_by_its_label(sfn_sync: SfnSync, root: dict[str, Any]) -> None:
    template = sfn_sync.load_terraform(root)
    charge = sfn_sync.mock_lambda("charge", returns=1)
    boto3.client("stepfunctions").start_sync_execution(stateMachineArn=template["orders"].arn)
    charge.assert_called_once()


def test_label_of_two_machines_is_no_name(sfn_sync: SfnSync) -> None:
    template = sfn_sync.load_terraform(plan(machine(name="a"), machine(f"module.m.{ORDERS}", name="b")))
    assert list(template) == [ORDERS, f"module.m.{ORDERS}"]
    with pytest.raises(KeyError):
        template["orders"]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        pytest.param({"name": "a"}, "a", id="a name"),
        pytest.param({"name_prefix": "in-"}, "in-orders", id="the beginning of a name"),
        pytest.param({}, "orders", id="no name"),
    ],
)
def test_name_of_a_machine(sfn_sync: SfnSync, values: dict[str, Any], name: str) -> None:
    (found,) = sfn_sync.load_terraform(plan(machine(**values))).values()
    assert found.name == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        pytest.param({f"{ORDERS}.name": "mine"}, "mine", id="an attribute by its address"),
        pytest.param({ORDERS: {"name": "mine"}}, "mine", id="attributes by the address of the resource"),
        pytest.param({ORDERS: "arn:aws:states:us-east-1:123456789012:stateMachine:mine"}, "mine", id="an ARN"),
    ],
)
def test_attribute_of_the_test_wins(sfn_sync: SfnSync, given: dict[str, Any], name: str) -> None:
    (found,) = sfn_sync.load_terraform(plan(machine(name="a")), resources=given).values()
    assert found.name == name


BROKEN = [
    pytest.param(plan(machine(definition=None)), "the plan: {orders}: its definition is missing.", id="no definition"),
    pytest.param(
        plan(
            machine(definition=None),
            resource_changes=[
                1,
                {"address": 1},
                {"address": ORDERS, "change": 1},
                {"address": "x", "change": {"after_unknown": False}},
                {"address": ORDERS, "change": {"after_unknown": {"definition": True}}},
            ],
        ),
        "the plan: {orders}: its definition is known only after apply. Load the folder with load_terraform, or set it: "
        'load_terraform(..., resources={{"{orders}": {{"definition": ...}}}}).',
        id="a definition after apply",
    ),
    pytest.param(plan(machine(definition="{")), "{orders}: its definition can't be read: it is not JSON", id="no JSON"),
    pytest.param(plan(machine(definition="1")), "its definition is not the JSON of an object.", id="no object"),
    pytest.param(
        plan(machine(type="express")),
        "{orders}: type is 'EXPRESS' or 'STANDARD', in capitals, not 'express'.",
        id="type",
    ),
    pytest.param(plan(machine(name="n" * 81)), "{orders}: name has 1 to 80 characters, not 81.", id="a long name"),
    pytest.param(plan(), "the plan has no state machines (aws_sfn_state_machine).", id="no machine"),
    pytest.param(
        plan(machine() | {"mode": "data"}, 1, {"address": 1}, {"address": "aws_x.q"}),
        "the plan has no state machines (aws_sfn_state_machine).",
        id="no machine that is managed",
    ),
    pytest.param(plan(machine() | {"values": None}), "its definition is missing.", id="no values"),
    pytest.param({"planned_values": {}}, "it has neither planned_values nor values.", id="no module"),
    pytest.param({"planned_values": {"root_module": {"resources": 1}}}, "has no state machines", id="no list"),
    pytest.param(plan(prior_state=1), "has no state machines", id="no prior state"),
    pytest.param(plan(prior_state={"values": {"root_module": 1}}), "has no state machines", id="no prior module"),
]


@pytest.mark.parametrize(("root", "told"), BROKEN)
def test_what_cant_be_loaded(sfn_sync: SfnSync, root: dict[str, Any], told: str) -> None:
    with pytest.raises((TemplateError, DefinitionError), match=re.escape(told.format(orders=ORDERS))):
        sfn_sync.load_terraform(root)


def test_broken_machine_leaves_the_others_alone(sfn_sync: SfnSync) -> None:
    template = sfn_sync.load_terraform(plan(machine(), machine("aws_sfn_state_machine.bad", definition=None)))
    assert (list(template), list(template.broken)) == ([ORDERS], ["aws_sfn_state_machine.bad"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            {"variables": {"a": 1}},
            "variables= has no effect on the plan: Terraform has put the values of variables into it already. Give "
            "them to `terraform plan`, or load the folder.",
            id="variables",
        ),
        pytest.param(
            {"resources": {f"{ORDERS}.nam": "a"}},
            f"resources= has '{ORDERS}.nam', which has no effect on the plan: Terraform has evaluated it already. "
            f"Nearest of what can be set: {ORDERS}.name, {ORDERS}.type, {ORDERS}.name_prefix.",
            id="an attribute that is not read",
        ),
        pytest.param(
            {"resources": {"aws_sqs_queue.q": {"url": "a"}}},
            "resources= has 'aws_sqs_queue.q', which has no effect on the plan",
            id="a resource that is not read",
        ),
    ],
)
def test_argument_without_effect_is_refused(sfn_sync: SfnSync, given: dict[str, Any], told: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(told)):
        sfn_sync.load_terraform(plan(machine()), **given)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(None, "plan.json can't be loaded: there is no file 'plan.json' in", id="no file"),
        pytest.param("{", "plan.json can't be loaded: it is not JSON", id="no JSON"),
        pytest.param("[]", "plan.json is no output of `terraform show -json`: it is not an object.", id="no object"),
    ],
)
def test_file_that_is_no_plan(sfn_sync: SfnSync, tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "plan.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match=re.escape(told)):
        sfn_sync.load_terraform(path)


PACK = "arn:aws:states:us-east-1:123456789012:activity:pack"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"name": "pack"}, id="of a plan, known by its name"),
        pytest.param({"name": "pack", "id": PACK}, id="of a state, by its id"),
        pytest.param({"name": "pack", "id": "old", "arn": PACK}, id="by its ARN"),
    ],
)
def test_activity_exists(sfn_sync: SfnSync, values: dict[str, Any]) -> None:
    sfn_sync.load_terraform(plan(machine(), function("aws_sfn_activity.pack", **values)))
    (activity,) = boto3.client("stepfunctions").list_activities()["activities"]
    assert (activity["activityArn"], activity["name"]) == (PACK, "pack")
    sfn_sync.mock_activity("aws_sfn_activity.pack", returns={}, optional=True)


def test_file_of_a_plan(sfn_sync: SfnSync, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan(machine())), encoding="utf-8")
    assert list(sfn_sync.load_terraform(path)) == [ORDERS]


def test_folder_that_is_missing(sfn_sync: SfnSync, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"The configuration .*no can't be loaded: there is no such folder\."):
        sfn_sync.load_terraform(tmp_path / "no")


def test_file_of_another_kind(sfn_sync: SfnSync, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {}", encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        sfn_sync.load_terraform(tmp_path / "template.yaml")
    assert str(caught.value).endswith(
        "template.yaml can't be loaded: it is no folder, no file *.tf and no plan in JSON. Templates of "
        "CloudFormation, SAM and the serverless framework are loaded with load_template."
    )
