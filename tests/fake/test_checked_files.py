"""Definitions checked from outside a test: `validate_definition`, and the machines of files, templates and folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import DefinitionError, Diagnostic, validate_definition
from pytest_sfn_sync.errors import OptionError
from pytest_sfn_sync.fake.checked_files import MachineCheck, each_once, machines_in
from pytest_sfn_sync.options import Options
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE

PASS: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
WARNED: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "$.x", "End": True}}}
SYNC: dict[str, Any] = {
    "StartAt": "T",
    "States": {
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::ecs:runTask.sync",
            "Parameters": {"TaskDefinition": "t"},
            "End": True,
        }
    },
}


def told(found: list[Diagnostic]) -> list[str]:
    return [f"{one.severity} {one.code} {one.location}" for one in found]


# validate_definition


@pytest.mark.parametrize("as_", [dict, str, "yaml", Path])
def test_a_definition_of_any_form(as_: Any, tmp_path: Path) -> None:
    definition: Any = PASS
    if as_ is str:
        definition = json.dumps(PASS)
    elif as_ == "yaml":
        definition = "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n"
    elif as_ is Path:
        definition = tmp_path / "orders.asl.json"
        definition.write_text(json.dumps(PASS))
    assert validate_definition(definition) == []


def test_errors_come_before_warnings() -> None:
    both = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "$.x", "Next": "B"}}}
    assert told(validate_definition(both)) == [
        "ERROR MISSING_TRANSITION_TARGET /States/A/Next",
        "ERROR MISSING_END_STATE None",
        "WARNING PASS_RESULT_IS_STATIC /States/A/Result",
    ]
    assert told(validate_definition(WARNED)) == ["WARNING PASS_RESULT_IS_STATIC /States/A/Result"]


def test_each_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    path.write_text('{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "Nap": 1, "End": true}}}')
    (found,) = validate_definition(path)
    assert (found.file, found.line, found.column) == (str(path), 2, 35)
    (found,) = validate_definition(json.loads(path.read_text()))
    assert (found.file, found.line, found.column) == (None, None, None)


@pytest.mark.parametrize(("type_", "count"), [("EXPRESS", 1), ("STANDARD", 0)])
def test_the_type_of_the_machine(type_: str, count: int) -> None:
    assert len(validate_definition(SYNC, type=type_)) == count


def test_the_type_is_express_where_nothing_is_said() -> None:
    (found,) = validate_definition(SYNC)
    assert found.message == "Express state machine does not support '.sync' service integration"


def test_a_type_that_is_none() -> None:
    with pytest.raises(OptionError) as raised:
        validate_definition(PASS, type="express")
    assert "'express'; write 'EXPRESS' or 'STANDARD'" in str(raised.value)


def test_placeholders() -> None:
    definition = '{"StartAt": "${Start}", "Comment": "${AWS::Region}", "States": {"A": {"Type": "Succeed"}}}'
    assert validate_definition(definition, substitutions={"Start": "A"}) == []
    assert told(validate_definition(definition, substitutions={"Start": "B"}))[0] == (
        "ERROR MISSING_TRANSITION_TARGET /StartAt"
    )


@pytest.mark.parametrize(
    ("definition", "why"),
    [
        pytest.param("nowhere.asl.json", "there is no file 'nowhere.asl.json'", id="no file"),
        pytest.param('{"StartAt": "${Start}"}', "1 placeholder has no value", id="a placeholder without a value"),
        pytest.param("StartAt: [\n", "it is not YAML", id="no YAML"),
        pytest.param(["A"], "a definition is a dict, JSON or YAML text, or a path", id="a list"),
        pytest.param({"StartAt": {1}}, "a set is not JSON at /StartAt", id="what is no JSON"),
        pytest.param({1: "A"}, "the key 1 is an int, not a string at /", id="a key that is no string"),
        pytest.param(
            '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1e999, "End": true}}}',
            "inf is not JSON at /States/A/Seconds",
            id="a number without end",
        ),
    ],
)
def test_what_cannot_be_read_is_raised(definition: Any, why: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        validate_definition(definition)
    assert why in str(raised.value)
    assert raised.value.diagnostics == ()


def test_text_that_is_no_json_is_a_diagnostic_of_aws() -> None:
    (found,) = validate_definition('{"StartAt": }')
    assert (found.code, found.line, found.is_error) == ("INVALID_JSON_DESCRIPTION", 1, True)


def test_integrations_are_known() -> None:
    resource = "arn:aws:states:::aws-sdk:s3:getObjct"
    task = {"Type": "Task", "Resource": resource, "Parameters": {}, "End": True}
    (found,) = validate_definition({"StartAt": "T", "States": {"T": task}})
    assert "is not recognized" in found.message
    assert found.hint is not None
    assert found.hint.startswith("The service 's3' has no action 'getObjct'.")


def test_expressions_are_read() -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% [1 %}", "End": True}
    (found,) = validate_definition({"StartAt": "A", "States": {"A": state}})
    assert (found.code, found.text, found.position) == ("INVALID_JSONATA_EXPRESSION", "{% [1 %}", 5)


# Files


def write(folder: Path, **files: Any) -> None:
    """Write files; their names have ``__`` for ``/`` and ``_`` for ``.``."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def outcome(machine: MachineCheck) -> str:
    checked = machine.check()
    return "valid" if checked.refusal is None else str(checked.refusal)


TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: STANDARD
      DefinitionUri: orders.asl.json
      DefinitionSubstitutions: {Task: t}
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Nap: 1, End: true}
"""
WITHOUT_MACHINES = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n"
WITH_PLACEHOLDERS = {
    **SYNC,
    "States": {"T": {**SYNC["States"]["T"], "Parameters": {"TaskDefinition": "${Task}"}}},
}


def test_a_definition_file_is_one_machine(tmp_path: Path) -> None:
    write(tmp_path, orders_asl_json=PASS)
    (machine,) = machines_in(tmp_path / "orders.asl.json")
    assert (machine.name, machine.source, outcome(machine)) == ("orders", tmp_path / "orders.asl.json", "valid")


def test_a_file_is_read_when_it_is_checked(tmp_path: Path) -> None:
    write(tmp_path, orders_asl_json=PASS)
    (machine,) = machines_in(tmp_path / "orders.asl.json")
    write(tmp_path, orders_asl_json={**PASS, "Nap": 1})
    assert "Field 'Nap' is not supported" in outcome(machine)


def test_placeholders_of_a_file_are_filled_in_with_what_fits(tmp_path: Path) -> None:
    write(tmp_path, orders_asl_json=WITH_PLACEHOLDERS)
    (machine,) = machines_in(tmp_path / "orders.asl.json", machine_type="STANDARD")
    assert outcome(machine) == "valid"


# Types


@pytest.mark.parametrize(
    ("state", "hints"),
    [
        pytest.param({"Resource": "arn:aws:states:us-east-1:123456789012:activity:a"}, True, id="an activity"),
        pytest.param(
            {
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {"QueueUrl": "u", "MessageBody.$": "$$.Task.Token"},
            },
            True,
            id="a task token",
        ),
        pytest.param(
            {"Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "a"}},
            True,
            id="a nested execution",
        ),
        pytest.param({"Resource": "arn:aws:states:::ecs:runTask.sync", "Nap": 1}, False, id="another fault besides"),
        pytest.param({"Resource": "Express state machine does not support"}, False, id="AWS's words in the definition"),
    ],
)
def test_which_faults_are_about_the_type(state: dict[str, Any], hints: bool, tmp_path: Path) -> None:
    task = {"Type": "Task", "Parameters": {"TaskDefinition": "t"}, "End": True, **state}
    write(tmp_path, orders_asl_json={"StartAt": "T", "States": {"T": task}})
    (machine,) = machines_in(tmp_path / "orders.asl.json", machine_type="EXPRESS")
    assert ("Is it a Standard machine?" in outcome(machine)) is hints
    (machine,) = machines_in(tmp_path / "orders.asl.json")
    assert (outcome(machine) == "valid") is hints


def test_a_distributed_map_is_about_the_type(tmp_path: Path) -> None:
    processor = {**PASS, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}}
    write(
        tmp_path,
        orders_asl_json={"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": processor, "End": True}}},
    )
    (machine,) = machines_in(tmp_path / "orders.asl.json", machine_type="EXPRESS")
    assert "Is it a Standard machine?" in outcome(machine)
    (machine,) = machines_in(tmp_path / "orders.asl.json")
    assert outcome(machine) == "valid"


def test_faults_about_express_alone_hint_at_the_type(tmp_path: Path) -> None:
    write(tmp_path, orders_asl_json=SYNC)
    (machine,) = machines_in(tmp_path / "orders.asl.json", machine_type="EXPRESS")
    assert outcome(machine).endswith(
        "Is it a Standard machine? Then write sfn_sync_definitions_type = STANDARD in the ini file, or after -o."
    )
    refusal = machine.check().refusal
    assert refusal is not None
    assert [found.location for found in refusal.diagnostics] == ["/States/T/Resource"]


def test_other_faults_do_not(tmp_path: Path) -> None:
    write(tmp_path, orders_asl_json={**SYNC, "Nap": 1}, broken_asl_json="{")
    for name in ("orders.asl.json", "broken.asl.json"):
        (machine,) = machines_in(tmp_path / name)
        assert "Standard" not in outcome(machine)


def test_a_definition_of_unknown_type_with_what_only_standard_has_is_checked_as_standard(tmp_path: Path) -> None:
    write(tmp_path, orders_json={**SYNC, "Nap": 1})
    (machine,) = machines_in(tmp_path / "orders.json")
    refusal = machine.check().refusal
    assert refusal is not None
    assert told(list(refusal.diagnostics)) == ["ERROR SCHEMA_VALIDATION_FAILED /"]


PLACES = """{"StartAt": "A", "States": {
  "A": {"Type": "Task", "Resource": "${ charge.arn }", "Retry": ${retry}, "Catch": ${ catch }, "Next": "B"},
  "B": {"Type": "Parallel", "Branches": ${branches}, "ResultPath": "${where}", "Next": "C"},
  "C": {"Type": "Map", "ItemsPath": "${items}", "ItemProcessor": ${each}, "MaxConcurrency": ${most}, "Next": "D"},
  "D": {"Type": "Choice", "Choices": [
     {"Variable": "${path}", "NumericEquals": ${n}, "Next": "E"},
     {"Variable": "$.x", "BooleanEquals": ${flag}, "Next": "E"},
     {"Variable": "$.x", "TimestampLessThan": "${then}", "Next": "E"}], "Default": "E"},
  "E": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": ${seconds}, "Parameters": {
     "FunctionName": "${charge}", "Payload": {"id.$": "${id}", "limit": ${limit}}}, "ResultSelector": ${selector},
     "Retry": [{"ErrorEquals": ${errors}, "MaxAttempts": ${attempts}}], "End": ${end}}}}"""


def test_placeholders_get_values_that_fit_their_places(tmp_path: Path) -> None:
    write(tmp_path, orders_json=PLACES)
    (machine,) = machines_in(tmp_path / "orders.json")
    assert outcome(machine) == "valid"


def test_placeholders_lead_to_states(tmp_path: Path) -> None:
    states = """{"StartAt": "${first}", "States": {
      "A": {"Type": "Pass", "Next": "${second}", "Result": {"Next": "${AWS::Region}"}},
      "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "${third}"}], "Default": "${x}"},
      "C": {"Type": "Map", "ItemProcessor": {"StartAt": "${inner}", "States": {"D": {"Type": "Succeed"}}}, "End": true}
    }}"""
    write(tmp_path, orders_json=states, empty_json='{"StartAt": "${first}", "States": {}}')
    (machine,) = machines_in(tmp_path / "orders.json")
    assert outcome(machine) == "valid"
    (machine,) = machines_in(tmp_path / "empty.json")
    assert "its definition has" in outcome(machine)


@pytest.mark.parametrize(
    "expression",
    [
        "${Flag}",
        "$count(['a', \"b\"]) > ${n}",
        "$states.input.${field} = '${text}'",
        '$string(${n} + 1) & "${AWS::Region}"',
        "$states.input.a${b}",
    ],
)
def test_placeholders_in_expressions_get_operands(expression: str, tmp_path: Path) -> None:
    pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}
    write(tmp_path, orders_json={"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}})
    (machine,) = machines_in(tmp_path / "orders.json")
    assert outcome(machine) == "valid"


def test_the_machines_of_a_template_have_its_types_and_substitutions(tmp_path: Path) -> None:
    write(tmp_path, template_yaml=TEMPLATE, orders_asl_json=WITH_PLACEHOLDERS)
    orders, inline = machines_in(tmp_path / "template.yaml")
    assert (orders.name, orders.source, outcome(orders)) == ("Orders", tmp_path / "orders.asl.json", "valid")
    assert (inline.name, inline.source) == ("Inline", tmp_path / "template.yaml")
    assert outcome(inline).splitlines()[1:] == [
        "  SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A",
        f"      {tmp_path / 'template.yaml'}:15:27",
        "      15 |           A: {Type: Pass, Nap: 1, End: true}",
        "         |                           ^^^",
    ]


def test_what_a_template_leaves_open_is_filled_in_with_what_fits(tmp_path: Path) -> None:
    template = """\
Parameters: {ChargeArn: {Type: String}, Pause: {Type: Number}, Start: {Type: String}}
Resources:
  Nested: {Type: AWS::CloudFormation::Stack}
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: !Ref Start
        States:
          Start: {Type: Task, Resource: !Ref ChargeArn, Next: Ship}
          Ship: {Type: Task, Resource: !GetAtt Nested.Outputs.ShipArn, Next: Tell}
          Tell: {Type: Task, Resource: !ImportValue tell-arn, Next: Rest}
          Rest: {Type: Wait, Seconds: !Ref Pause, Next: Until}
          Until: {Type: Wait, Timestamp: !ImportValue then, End: true}
"""
    write(tmp_path, template_yaml=template)
    (orders,) = machines_in(tmp_path / "template.yaml")
    assert outcome(orders) == "valid"


def test_a_template_of_any_name_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    text = TEMPLATE.replace("DefinitionUri: orders.asl.json", "Definition: {StartAt: A, States: {A: {Type: Succeed}}}")
    write(tmp_path, stack_yaml=text, stack_cfn=text, stack_json={"Resources": {"M": {"Type": "AWS::X::Y"}}})
    for name in ("stack.yaml", "stack.cfn"):
        assert [machine.name for machine in machines_in(tmp_path / name)] == ["Orders", "Inline"]
    (machine,) = machines_in(tmp_path / "stack.json")
    assert machine.left_out == outcome(machine)
    assert "stack.json has no state machines. It has: AWS::X::Y." in outcome(machine)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("Resources: {M: [}", "it is not YAML", id="no YAML"),
        pytest.param(WITHOUT_MACHINES, "state machine", id="no machines in it"),
        pytest.param("just text", "Definition must be a valid JSON object", id="no template"),
        pytest.param("a: " + "[" * 700 + "]" * 700, "nested too deeply", id="nested without end"),
    ],
)
def test_a_template_that_cannot_be_read_says_why(text: str, why: str, tmp_path: Path) -> None:
    write(tmp_path, template_yaml=text)
    (machine,) = machines_in(tmp_path / "template.yaml")
    assert why in outcome(machine)


def test_a_machine_that_cannot_be_read_is_checked_beside_the_others(tmp_path: Path) -> None:
    write(tmp_path, template_yaml=TEMPLATE.replace("Nap: 1, ", ""))
    inline, orders = machines_in(tmp_path / "template.yaml")
    assert [inline.name, orders.name] == ["Inline", "Orders"]
    assert outcome(inline) == "valid"
    assert "there is no 'orders.asl.json'" in outcome(orders)


def test_a_template_with_machines_that_can_not_be_read_says_so_as_a_template(tmp_path: Path) -> None:
    write(tmp_path, stack_yaml="Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: [\n")
    (machine,) = machines_in(tmp_path / "stack.yaml")
    assert machine.name == "stack.yaml"
    assert outcome(machine).startswith(f"The template {tmp_path}/stack.yaml can't be loaded: it is not YAML (")


def test_a_configuration_that_can_not_be_read_says_so(tmp_path: Path) -> None:
    pytest.importorskip("hcl2")
    (tmp_path / "main.tf").write_text('resource "aws_sfn_state_machine" "m" {')
    (machine,) = machines_in(tmp_path / "main.tf")
    assert machine.name == "main.tf"
    assert "can't be loaded" in outcome(machine)


def test_a_definition_with_directives_is_left_to_its_configuration(tmp_path: Path) -> None:
    write(tmp_path, flow_json_tftpl='{"StartAt": "A", "States": {%{ for a in b }%{ endfor }}}')
    [machine] = machines_in(tmp_path / "flow.json.tftpl")
    assert machine.left_out == (
        "flow.json.tftpl has the mark '%{ for' of a template language, and is no definition before a tool has rendered "
        "it. For a file of templatefile(), check the folder of the Terraform configuration that calls it. For other "
        "tools, check the rendered file."
    )


def test_the_machines_of_a_plan_of_terraform(tmp_path: Path) -> None:
    values = {"name": "orders", "type": "EXPRESS", "definition": json.dumps(PASS)}
    resource = {"address": "aws_sfn_state_machine.o", "type": "aws_sfn_state_machine", "name": "o", "values": values}
    plan = {"terraform_version": "1.11.4", "planned_values": {"root_module": {"resources": [resource]}}}
    write(tmp_path, plan_json=plan)
    assert [(machine.name, outcome(machine)) for machine in machines_in(tmp_path / "plan.json")] == [
        ("aws_sfn_state_machine.o", "valid")
    ]


def test_a_plan_whose_only_definition_is_not_known_is_left_out(tmp_path: Path) -> None:
    resource = {"address": "aws_sfn_state_machine.o", "type": "aws_sfn_state_machine", "name": "o", "values": {}}
    change = {"address": "aws_sfn_state_machine.o", "change": {"after_unknown": {"definition": True}}}
    planned = {"root_module": {"resources": [resource]}}
    write(tmp_path, plan_json={"terraform_version": "1.11.4", "planned_values": planned, "resource_changes": [change]})
    [machine] = machines_in(tmp_path / "plan.json")
    assert machine.left_out is not None
    assert "aws_sfn_state_machine.o: its definition is known only after apply." in machine.left_out


def test_a_definition_in_s3_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, template_yaml=TEMPLATE.replace("orders.asl.json", "s3://bucket/key.json").replace("Nap: 1, ", ""))
    inline, orders = machines_in(tmp_path / "template.yaml")
    assert (outcome(inline), inline.left_out) == ("valid", None)
    assert orders.left_out is not None
    assert "/Resources/Orders/Properties/DefinitionUri: the definition of 'Orders' is in S3" in orders.left_out


WITH_CONDITION = """
Conditions:
  Never: !Equals [a, b]
Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Condition: Never
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
"""


def test_machines_that_a_condition_leaves_out_are_told_in_nested_stacks_too(tmp_path: Path) -> None:
    parent = "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: child.yaml}\n"
    write(tmp_path, child_yaml=WITH_CONDITION, parent_yaml=parent)
    for name, key in (("child.yaml", "Orders"), ("parent.yaml", "Child.Orders")):
        (machine,) = machines_in(tmp_path / name)
        assert machine.left_out == f"{key} is left out: its condition Never is false"


def test_regions_are_those_of_the_options(tmp_path: Path) -> None:
    wait = {"Type": "Wait", "Timestamp": "${AWS::Region}", "End": True}
    write(tmp_path, orders_asl_json={"StartAt": "A", "States": {"A": wait}})
    (machine,) = machines_in(tmp_path / "orders.asl.json", options=Options(region="cn-north-1"))
    assert "String does not match RFC3339 timestamp" in outcome(machine)


# Several files, and folders


def test_a_file_that_belongs_to_a_template_is_checked_as_its_part(tmp_path: Path) -> None:
    write(tmp_path, template_yaml=TEMPLATE, orders_asl_json=WITH_PLACEHOLDERS, other_asl_json=PASS)
    orders, other, template = (tmp_path / name for name in ("orders.asl.json", "other.asl.json", "template.yaml"))
    assert each_once([orders, other, orders, template]) == [other, template]
    assert each_once([orders, other, orders]) == [orders, other]
