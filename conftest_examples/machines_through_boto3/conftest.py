"""The fixture of a team that used moto: it creates the machine through boto3. Only the argument sfn_sync is new."""

from pathlib import Path

import boto3
import pytest


@pytest.fixture
def state_machine_arn(sfn_sync):
    client = boto3.client("stepfunctions")
    machine = client.create_state_machine(
        name="invoices",
        definition=(Path(__file__).parent / "invoices.asl.json").read_text(),
        roleArn="arn:aws:iam::123456789012:role/invoices",
        tags=[{"key": "team", "value": "billing"}],
    )
    return machine["stateMachineArn"]
