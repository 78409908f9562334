"""The machine as Terraform deploys it, from its folder; its function is mocked by address."""

from pathlib import Path

import boto3
import pytest

from pytest_sfn_sync import TaskError

INFRA = Path(__file__).parent / "infra"


@pytest.mark.parametrize(("stage", "calls"), [("dev", 2), ("prod", 4)])
def test_a_busy_function_is_called_again(sfn_sync, stage, calls):
    template = sfn_sync.load_terraform(INFRA, variables={"stage": stage})
    charge = sfn_sync.mock_lambda("aws_lambda_function.charge", raises=TaskError("Busy", "try again"))

    machine = template["aws_sfn_state_machine.orders"]
    response = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=machine.arn)

    assert response["error"] == "Busy"
    assert charge.call_count == calls
