"""What the projects of the plugin tests have in common."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PACKAGE_PARENT = Path(__file__).resolve().parents[2]

CHARGE_MODULE = """
import json
import boto3
import pytest

client = boto3.client("stepfunctions")

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"

CHARGE = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-card",
            "End": True,
        }
    },
}

def place_order():
    response = client.start_sync_execution(stateMachineArn=ARN, name="run-1", input='{"amount": 5}')
    return response["status"], json.loads(response.get("output", "null"))
"""


def without_aws_configuration(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Take away whatever AWS configuration the machine has, and let a subprocess find this package."""
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(variable, str(home / "absent"))
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE_PARENT))
