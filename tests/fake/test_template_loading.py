"""SfnSync.load_template: machines registered, functions mocked by logical id, and what is told of mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import DefinitionError, OptionError, SfnSync, SfnSyncUsageError, UnmockedTaskError
from pytest_sfn_sync.errors import TemplateError
from tests.test_imports import imported_by

TEMPLATE = """\
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  ChargeFunction:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: !Sub "charge-${Stage}"}
  ShipFunction:
    Type: AWS::Serverless::Function
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: orders
      Type: EXPRESS
      Definition:
        StartAt: Charge
        States:
          Charge: {Type: Task, Resource: !GetAtt ChargeFunction.Arn, Next: Ship}
          Ship:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: {FunctionName: !Ref ShipFunction, Payload.$: $}
            OutputPath: $.Payload
            End: true
"""
STANDARD = """\
Resources:
  Slow1A2B3C4D:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'}
  Sync:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: |
        {"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Parameters": {"StateMachineArn": "x"},
          "Resource": "arn:aws:states:::states:startExecution.sync:2"}}}
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE)
    return path


@pytest.fixture
def standard(tmp_path: Path) -> Path:
    path = tmp_path / "standard.template.yaml"
    path.write_text(STANDARD)
    return path


def run(sfn: SfnSync, arn: str, document: Any = None) -> Any:
    """Run a machine; give its output."""
    response = sfn.client().start_sync_execution(stateMachineArn=arn, input=json.dumps(document or {}))
    assert response["status"] == "SUCCEEDED", response
    return json.loads(response["output"])


def test_the_machines_are_registered_and_given_by_logical_id(template: Path) -> None:
    with SfnSync(region="eu-west-1") as sfn:
        loaded = sfn.load_template(template)

    assert dict(loaded) == {"Orders": sfn.machines[0]}
    assert loaded["Orders"] is loaded["orders"]
    assert loaded["Orders"].arn == "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
    assert loaded["Orders"].type == "EXPRESS"
    assert loaded["Orders"].source == str(template)
    assert sfn.templates == [loaded]
    assert loaded.notes == []
    assert loaded.made_up == {"ShipFunction": "ShipFunction"}
    assert repr(loaded) == f"<LoadedTemplate {loaded.file}: Orders>"


@pytest.mark.parametrize("mock_first", [True, False], ids=["mocked first", "loaded first"])
def test_functions_are_mocked_by_logical_id(mock_first: bool, template: Path) -> None:
    with SfnSync() as sfn:
        if not mock_first:
            loaded = sfn.load_template(template)
        charge = sfn.mock_lambda("ChargeFunction", returns={"receipt": 7})
        ship = sfn.mock_lambda("ShipFunction", calls=lambda event: {"shipped": event})
        if mock_first:
            loaded = sfn.load_template(template)

        assert run(sfn, loaded["Orders"].arn, {"amount": 5}) == {"shipped": {"receipt": 7}}

    charge.assert_called_once_with({"amount": 5})
    ship.assert_called_once_with({"receipt": 7})


def test_a_mock_that_comes_after_a_call_and_before_the_template(template: Path) -> None:
    with SfnSync() as sfn:
        sfn.mock_lambda("charge-dev", returns=1, times=1)
        sfn.mock_lambda("ShipFunction", returns=2)
        sfn.mock_lambda("ChargeFunction", returns=3)
        direct = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-dev", "End": True}
        machine = sfn.register("direct", {"StartAt": "A", "States": {"A": direct}})
        assert run(sfn, machine.arn) == 1

        sfn.load_template(template)

        assert run(sfn, machine.arn) == 3


@pytest.mark.parametrize(
    ("target", "is_meant"),
    [
        ("ChargeFunction", True),
        ("charge-dev", True),
        ("arn:aws:lambda:us-east-1:123456789012:function:ChargeFunction", True),
        ("arn:aws:lambda:us-east-1:999999999999:function:ChargeFunction", False),
        ("ChargeFunction:live", False),
        ("ChargeFunction:$LATEST", True),
        ("ShipFunction", False),
    ],
)
def test_which_mock_is_meant(target: str, is_meant: bool, template: Path) -> None:
    with SfnSync() as sfn:
        mock = sfn.mock_lambda(target, returns={})
        sfn.mock_task("Charge", returns={}, when=lambda payload: not is_meant)
        sfn.mock_task("Ship", returns={"Payload": {}})

        run(sfn, sfn.load_template(template)["Orders"].arn)

    assert mock.called is is_meant


def test_an_override_is_followed_by_the_logical_id(template: Path) -> None:
    arn = "arn:aws:lambda:eu-west-1:999999999999:function:real-charge:live"
    with SfnSync() as sfn:
        loaded = sfn.load_template(template, resources={"ChargeFunction": arn, "ShipFunction": "real-ship"})
        charge = sfn.mock_lambda("ChargeFunction", returns={})
        ship = sfn.mock_lambda("ShipFunction", returns={})
        run(sfn, loaded["Orders"].arn)

    assert loaded["Orders"].definition["States"]["Charge"]["Resource"] == arn
    assert (charge.call_count, ship.call_count) == (1, 1)


def test_real_handlers_by_logical_id(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "template_loading_handlers.py").write_text(
        "def charge(event, context):\n    return context.function_name\ndef ship(event):\n    return [event]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with SfnSync() as sfn:
        sfn.use_lambda_handlers(
            {
                "ChargeFunction": "template_loading_handlers:charge",
                "ShipFunction": "template_loading_handlers:ship",
            }
        )
        assert run(sfn, sfn.load_template(template)["Orders"].arn) == ["charge-dev"]


def test_a_task_without_a_mock_is_told_with_the_logical_id(template: Path) -> None:
    with SfnSync() as sfn:
        loaded = sfn.load_template(template)
        sfn.mock_lambda("ChargeFunction", returns={}, when={"amount": 6})
        sfn.mock_lambda("ShipFunctoin", returns={})
        with pytest.raises(UnmockedTaskError) as raised:
            run(sfn, loaded["Orders"].arn, {"amount": 5})
        sfn.usage_errors.clear()

    assert (
        str(raised.value)
        == """\
The Task of state 'Charge' in the state machine 'orders' has no mock.

  resource  arn:aws:lambda:us-east-1:123456789012:function:charge-dev
  function  charge-dev (ChargeFunction in its template)
  payload   {"amount": 5}

The mocks there are, nearest first:
  mock_lambda('ChargeFunction'): its when= does not accept the payload ($.amount: expected 6, got 5)
  mock_lambda('ShipFunctoin'): for another function

To mock it, write in the test
    sfn_sync.mock_lambda("ChargeFunction", returns={})
or above it
    @pytest.mark.sfn_lambda("ChargeFunction", returns={})"""
    )


def test_functions_of_the_cdk_are_mocked_without_the_hash(tmp_path: Path) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    definition = json.dumps({"StartAt": "C", "States": {"C": {**task, "Parameters": {"FunctionName": "@"}}}})
    before, _, after = definition.partition("@")
    machine = {"DefinitionString": {"Fn::Join": ["", [before, {"Fn::GetAtt": ["Charge1A2B3C4D", "Arn"]}, after]]}}
    resources = {
        "Charge1A2B3C4D": {"Type": "AWS::Lambda::Function", "Properties": {}},
        "Orders5E6F7A8B": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine},
    }
    path = tmp_path / "OrdersStack.template.json"
    path.write_text(json.dumps({"Resources": resources}))

    with SfnSync() as sfn:
        loaded = sfn.load_template(path, type="EXPRESS")
        with pytest.raises(UnmockedTaskError, match=r'sfn_sync\.mock_lambda\("Charge", returns=\{\}\)'):
            run(sfn, loaded["Orders"].arn)
        sfn.usage_errors.clear()
        charge = sfn.mock_lambda("Charge", returns=7)
        assert run(sfn, loaded["Orders5E6F7A8B"].arn)["Payload"] == 7
    assert charge.call_count == 1


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        pytest.param(None, {"Slow1A2B3C4D": "STANDARD", "Sync": "STANDARD"}, id="as the template says"),
        pytest.param({"Slow": "EXPRESS"}, {"Slow1A2B3C4D": "EXPRESS", "Sync": "STANDARD"}, id="of one machine"),
        pytest.param("STANDARD", {"Slow1A2B3C4D": "STANDARD", "Sync": "STANDARD"}, id="of all"),
    ],
)
def test_the_type(kind: Any, types: dict[str, str], standard: Path) -> None:
    with SfnSync() as sfn:
        loaded = sfn.load_template(standard, type=kind)

    assert {key: machine.type for key, machine in loaded.items()} == types


def test_a_machine_that_can_not_be_express_is_told_with_its_line_and_the_way_out(
    standard: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with SfnSync() as sfn:
        loaded = sfn.load_template("standard.template.yaml", type="EXPRESS")
    with pytest.raises(DefinitionError) as raised:
        loaded["Sync"]

    assert (
        str(raised.value)
        == """\
The machine 'Sync' of standard.template.yaml was not registered: Machine 'Sync' (standard.template.yaml) can't be \
registered: its definition has 1 fault:
  SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration at /States/A/Resource
      standard.template.yaml:10:23
      10 |           "Resource": "arn:aws:states:::states:startExecution.sync:2"}}}
         |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  The template says STANDARD. The type of the others alone: load_template(..., type={"Slow1A2B3C4D": "EXPRESS"})."""
    )
    (fault,) = raised.value.diagnostics
    assert (fault.line, fault.column) == (10, 23)


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        (
            "express",
            OptionError,
            "load_template gives the machine 'Slow1A2B3C4D' the type 'express'; write 'EXPRESS' or 'STANDARD'.",
        ),
        (
            {"Slo": "EXPRESS"},
            TemplateError,
            "type= has 'Slo', but standard.template.yaml has no such machine. Nearest: Slow1A2B3C4D, Sync.",
        ),
    ],
)
def test_a_wrong_type(
    kind: Any, error: type[Exception], told: str, standard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(standard.parent)
    with SfnSync() as sfn, pytest.raises(error) as raised:
        sfn.load_template(standard.name, type=kind)
    assert str(raised.value) == told


@pytest.mark.parametrize(
    ("path", "arguments", "told"),
    [
        (5, {}, "load_template takes the path of a template, not 5."),
        (
            "template.yaml",
            {"parameters": ["Stage"]},
            "load_template takes parameters= as a dict with names as its keys, not ['Stage'].",
        ),
        (
            "template.yaml",
            {"resources": {5: "x"}},
            "load_template takes resources= as a dict with names as its keys, not {5: 'x'}.",
        ),
    ],
)
def test_arguments_that_are_none(path: Any, arguments: dict[str, Any], told: str) -> None:
    with SfnSync() as sfn, pytest.raises(OptionError) as raised:
        sfn.load_template(path, **arguments)
    assert str(raised.value) == told


def test_faults_of_several_definitions_and_values_that_were_made_up(tmp_path: Path) -> None:
    machine = """\
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Wait, Timestamp: %s, End: true}}}
"""
    path = tmp_path / "template.yaml"
    path.write_text(
        "Parameters: {Launch: {Type: String}}\nResources:\n  Nested: {Type: AWS::CloudFormation::Stack}\n  A:\n"
        + machine % "!Ref Launch"
        + "  B:\n"
        + machine % "!ImportValue then"
        + "  C:\n"
        + machine % "nonsense"
        + "  D:\n"
        + machine % "!GetAtt Nested.Outputs.Moment"
    )
    with SfnSync() as sfn, pytest.raises(DefinitionError) as raised:
        sfn.load_template(path)

    assert [fault.location for fault in raised.value.diagnostics] == ["/States/A/Timestamp"] * 4
    hints = [line.strip() for line in str(raised.value).splitlines() if "is a guess" in line]
    assert hints == [
        "The value of 'Launch' is a guess, as neither the template nor the test contains it. Give it: "
        'load_template(..., parameters={"Launch": ...}).',
        "The value of 'then' is a guess, as neither the template nor the test contains it. Give it: "
        'load_template(..., resources={"then": ...}).',
        "The value of 'Nested.Outputs.Moment' is a guess, as neither the template nor the test contains it. Give it: "
        'load_template(..., resources={"Nested": {"Outputs.Moment": ...}}).',
    ]


def test_what_is_the_resource_of_a_task_gets_the_arn_of_a_function(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("""\
Parameters: {ChargeArn: {Type: String}, Name: {Type: String}}
Resources:
  Nested: {Type: AWS::CloudFormation::Stack}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: !Ref ChargeArn, Parameters: {arn: !Ref ChargeArn, name: !Ref Name}, Next: B}
          B: {Type: Task, Resource: !ImportValue "ship::arn", Next: C}
          C: {Type: Task, Resource: !GetAtt Nested.Outputs.Arn, End: true}
""")
    with SfnSync(region="eu-west-1") as sfn:
        template = sfn.load_template(path)
        charge = sfn.mock_lambda("ChargeArn", returns=1)
        for name in ("ship-arn", "Nested-Outputs-Arn"):
            sfn.mock_lambda(name, calls=lambda event: event + 1)
        assert template["M"].run({}).output == 3
    function = "arn:aws:lambda:eu-west-1:123456789012:function:"
    charge.assert_called_once_with({"arn": f"{function}ChargeArn", "name": "Name"})
    assert template.made_up == {
        "ChargeArn": f"{function}ChargeArn",
        "Name": "Name",
        "ship::arn": f"{function}ship-arn",
        "Nested.Outputs.Arn": f"{function}Nested-Outputs-Arn",
    }


def test_a_number_that_json_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n"
        "      DefinitionSubstitutions: {Limit: .inf}\n"
        "      Definition: {StartAt: A, TimeoutSeconds: '${Limit}', States: {A: {Type: Succeed}}}\n"
    )
    with SfnSync() as sfn, pytest.raises(DefinitionError) as raised:
        sfn.load_template(path)
    assert str(raised.value).splitlines()[1:] == ["  inf is not JSON at /TimeoutSeconds"]


def test_a_machine_that_the_template_does_not_have(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(template.parent)
    with SfnSync() as sfn:
        loaded = sfn.load_template("template.yaml")

    assert "Order" not in loaded
    assert loaded.get("Order") is None
    assert len(loaded) == 1
    with pytest.raises(SfnSyncUsageError) as raised:
        loaded["Order"]
    assert str(raised.value) == "template.yaml has no machine 'Order'. Nearest: Orders."


def test_a_machine_that_a_condition_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    conditions = "Conditions: {IsProd: !Equals [a, b]}\n"
    Path("t.yaml").write_text(conditions + TEMPLATE.replace("  Orders:\n", "  Orders:\n    Condition: IsProd\n"))
    with SfnSync() as sfn:
        loaded = sfn.load_template("t.yaml")

    with pytest.raises(TemplateError) as raised:
        loaded["Orders"]
    assert str(raised.value) == "t.yaml leaves the machine 'Orders' out: its condition IsProd is false."


def test_a_machine_of_the_template_runs_another(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("""\
Resources:
  Parent:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:sfn:startSyncExecution
            Parameters: {StateMachineArn: !Ref Child, Input: {a: 1}}
            End: true
  Child:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: !Sub "child-of-${AWS::StackName}"
      Definition: {StartAt: B, States: {B: {Type: Pass, End: true}}}
""")
    with SfnSync() as sfn:
        loaded = sfn.load_template(path, type="EXPRESS")

        assert run(sfn, loaded["Parent"].arn)["Output"] == '{"a":1}'

    assert sfn.last_execution.children[0].machine is loaded["Child"]


def test_text_that_looks_like_a_placeholder_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
        "      DefinitionString: !Sub |\n"
        '        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${!AWS::Region} ${!x}", "End": true}}}\n'
    )
    with SfnSync() as sfn:
        assert run(sfn, sfn.load_template(path, type="EXPRESS")["M"].arn) == "${AWS::Region} ${x}"


def test_a_region_and_an_account_that_are_given(template: Path) -> None:
    with SfnSync() as sfn:
        given = {"AWS::Region": "cn-north-1", "AWS::AccountId": "210987654321"}
        loaded = sfn.load_template(template, parameters=given)

    machine = loaded["Orders"]
    assert machine.arn == "arn:aws-cn:states:cn-north-1:210987654321:stateMachine:orders"
    assert machine.definition["States"]["Charge"]["Resource"] == (
        "arn:aws-cn:lambda:cn-north-1:210987654321:function:charge-dev"
    )


def test_a_template_may_be_loaded_again_with_other_parameters(template: Path) -> None:
    with SfnSync() as sfn:
        first = sfn.load_template(template)["Orders"]
        second = sfn.load_template(template, parameters={"Stage": "prod"}, replace=True)["Orders"]
        charge = sfn.mock_lambda("ChargeFunction", returns={})
        sfn.mock_lambda("ShipFunction", returns={})
        run(sfn, second.arn)

    assert first.arn == second.arn
    assert charge.calls[0].resource.endswith(":function:charge-prod")


def test_a_template_may_be_loaded_twice(template: Path) -> None:
    with SfnSync() as sfn:
        assert sfn.load_template(template)["Orders"] is sfn.load_template(str(template))["Orders"]
        with pytest.raises(DefinitionError, match="registered already, with another definition"):
            sfn.load_template(template, parameters={"Stage": "prod"})


def test_a_reset_forgets_templates_and_logical_ids(template: Path) -> None:
    with SfnSync() as sfn:
        sfn.load_template(template)
        sfn.reset()
        assert sfn.templates == []
        direct = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-dev", "End": True}
        machine = sfn.register("direct", {"StartAt": "A", "States": {"A": direct}})
        sfn.mock_lambda("ChargeFunction", returns=1)
        with pytest.raises(UnmockedTaskError, match="for another function"):
            run(sfn, machine.arn)
        sfn.usage_errors.clear()


def test_a_template_can_not_be_loaded_after_the_end(template: Path) -> None:
    with SfnSync() as sfn:
        pass
    with pytest.raises(SfnSyncUsageError, match=r"^load_template was called on an SfnSync whose with block has ended"):
        sfn.load_template(template)


# What it costs those who load none


def test_templates_are_imported_when_the_first_one_is_loaded() -> None:
    imported = imported_by("import pytest_sfn_sync.fake.sfn_sync; pytest_sfn_sync.fake.sfn_sync.SfnSync().__enter__()")

    assert {name for name in imported if name.startswith(("pytest_sfn_sync.templates", "yaml"))} == set()


WITH_ACTIVITY = """
Resources:
  Packing:
    Type: AWS::StepFunctions::Activity
    Properties: {Name: pack}
  Parcels:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      StateMachineType: STANDARD
      StateMachineName: parcels
      Definition:
        StartAt: Pack
        States:
          Pack: {Type: Task, Resource: !Ref Packing, End: true}
"""


def test_the_activities_of_a_template_exist(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    path = tmp_path / "template.yaml"
    path.write_text(WITH_ACTIVITY)
    with SfnSync(region="eu-west-1") as sfn:
        sfn.load_template(path)
        template = sfn.load_template(path, replace=True)
        (activity,) = sfn.client().list_activities()["activities"]
        assert activity["activityArn"] == "arn:aws:states:eu-west-1:123456789012:activity:pack"
        execution = template["Parcels"].run()
        assert execution.pending[0].activity_arn == activity["activityArn"]
        execution.pending[0].succeed("packed")
        execution.assert_succeeded(output="packed")
