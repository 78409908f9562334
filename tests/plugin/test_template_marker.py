"""The marker sfn_template: its template is loaded before the mocks, and the nearest marker of a path wins."""

from __future__ import annotations

import json

import pytest

from tests.plugin.conftest import PLAIN, RunProject

TEMPLATE = """\
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  ChargeFunction:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: !Sub "charge-${Stage}"}
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: orders
      Type: EXPRESS
      Definition:
        StartAt: Charge
        States:
          Charge: {Type: Task, Resource: !GetAtt ChargeFunction.Arn, End: true}
"""


def test_a_template_by_marker(pytester: pytest.Pytester, run_project: RunProject) -> None:
    (pytester.path / "infra").mkdir()
    (pytester.path / "infra" / "template.yaml").write_text(TEMPLATE)
    result = run_project(
        """
pytestmark = pytest.mark.sfn_template("infra/template.yaml", parameters={"Stage": "module"})

def resource(sfn_sync):
    return sfn_sync.templates[0]["Orders"].definition["States"]["Charge"]["Resource"]

@pytest.mark.sfn_lambda("ChargeFunction", returns={"receipt": 7})
def test_of_the_module(sfn_sync):
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
    assert resource(sfn_sync).endswith(":charge-module")

FUNCTION = "arn:aws:lambda:::function:x"

@pytest.mark.sfn_template("infra/template.yaml", type="STANDARD", resources={"ChargeFunction": FUNCTION})
def test_the_nearest_wins(sfn_sync):
    assert [machine.type for machine in sfn_sync.machines] == ["STANDARD"]
    assert resource(sfn_sync) == FUNCTION
"""
    )

    result.assert_outcomes(passed=2)


def test_a_wrong_marker_names_itself_and_the_test(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_template("none.yaml")
def test_missing(): pass

@pytest.mark.sfn_template("none.yaml", parameter={})
def test_argument(): pass
"""
    )

    result.assert_outcomes(errors=2)
    at = "@pytest.mark.sfn_template at test_project.py"
    result.stdout.fnmatch_lines_random(
        [
            f"{at}::test_missing: The template none.yaml can't be loaded: there is no 'none.yaml': *",
            f"{at}::test_argument: there is no argument 'parameter'. Did you mean 'parameters'? *",
        ]
    )


def test_the_folder_of_the_cdk_by_marker_and_by_ini_option(pytester: pytest.Pytester) -> None:
    folder = pytester.path / "cdk.out"
    folder.mkdir()
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'},
    }
    (folder / "App.template.json").write_text(json.dumps({"Resources": {"M": machine}}))
    (pytester.path / "tests").mkdir()
    test = "import pytest\n@pytest.mark.sfn_template('cdk.out', type='EXPRESS')\ndef test_it(sfn_sync):\n"
    test += "    assert list(sfn_sync.templates[0]) == ['M']\n"
    (pytester.path / "tests" / "test_it.py").write_text(test)
    pytester.makeini("[pytest]\n")
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)
    pytester.makeini("[pytest]\nsfn_sync_templates = cdk.out\n")
    client = (
        "import boto3\ndef test_it(sfn_sync):\n    machines = boto3.client('stepfunctions').list_state_machines()\n"
    )
    client += "    assert [one['name'] for one in machines['stateMachines']] == ['M']\n"
    (pytester.path / "tests" / "test_it.py").write_text(client)
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)
