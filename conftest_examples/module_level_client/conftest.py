"""Registers the machine for every test, and tells the code under test its ARN as the deployment would."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def greeting_machine(sfn_sync, monkeypatch):
    machine = sfn_sync.register("greeting", Path(__file__).parent / "greeting.asl.json")
    monkeypatch.setenv("GREETING_ARN", machine.arn)
    return machine
