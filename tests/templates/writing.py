"""Templates of a few lines, written to a folder and read: what the tests of this package have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.templates.stack import Environment
from pytest_sfn_sync.templates.template import ReadTemplate, read_template

REGION, ACCOUNT = "eu-west-1", "111122223333"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'


def read(
    folder: Path,
    text: str,
    *,
    name: str = "template.yaml",
    files: dict[str, str] | None = None,
    parameters: dict[str, Any] | None = None,
    resources: dict[str, Any] | None = None,
) -> ReadTemplate:
    """Write a template, with files beside it, and read it."""
    for file, content in {name: text, **(files or {})}.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    environment = Environment(
        region=REGION, account_id=ACCOUNT, partition="aws", parameters=parameters or {}, resources=resources or {}
    )
    return read_template(folder / name, environment)


def faults(folder: Path, text: str, **arguments: Any) -> str:
    """Read a template that has faults; give what is told of them, with paths from the template's folder."""
    with pytest.raises(TemplateError) as raised:
        read(folder, text, **arguments)
    return str(raised.value).replace(f"{folder}/", "")


def machine_with(result: str, *, more: str = "", before: str = "") -> str:
    """Write a SAM template of one machine, M, whose state A has a result, given as YAML on one line."""
    return f"""\
{before}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {{Type: Pass, End: true, Result: {result}}}
{more}"""


def result_of(template: ReadTemplate) -> Any:
    """Return the result of state A of the template's only machine."""
    (machine,) = template.machines
    return machine.definition["States"]["A"]["Result"]
