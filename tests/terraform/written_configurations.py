"""Configurations that a test writes to a folder, and the values that their expressions have in a machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3

from pytest_sfn_sync import SfnSync

ORDERS = "aws_sfn_state_machine.orders"
SUCCEEDS = '"{\\"StartAt\\": \\"A\\", \\"States\\": {\\"A\\": {\\"Type\\": \\"Succeed\\"}}}"'
"""A definition as HCL has it."""


def machine(definition: str = SUCCEEDS, more: str = "", label: str = "orders") -> str:
    """Return a resource with an Express machine; ``more`` has lines of attributes."""
    return f'resource "aws_sfn_state_machine" "{label}" {{\n  type = "EXPRESS"\n{more}  definition = {definition}\n}}\n'


def with_result(expression: str) -> str:
    """Return a resource whose machine has an expression as the result of its one state."""
    return machine(
        f'jsonencode({{ StartAt = "A", States = {{ A = {{ Type = "Pass", Result = {expression}, End = true }} }} }})'
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files to a folder and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def result_of(sfn_sync: SfnSync, folder: Path, **given: Any) -> Any:
    """Load a folder and return what its machine made of the expression in it."""
    template = sfn_sync.load_terraform(folder, **given)
    made = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=template["orders"].arn)
    return json.loads(made["output"])
