"""Reads the real definitions from the sibling folder `shared/workflows` and gives them names and types.

Nothing is judged here: which verdicts are known to be wrong is said in `workflow_gaps`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conformance.cases import speaks_jsonata

FILE = Path(__file__).resolve().parents[3] / "shared" / "workflows" / "workflows.json"
ABSENT = f"the real definitions are not here: looked for {FILE}"

FUNCTION_ARN: Final = "arn:aws:lambda:us-east-1:123456789012:function:f"
_WITH_A_SERVICE: Final = re.compile(r"arn:[^:]+:\w+:")


@dataclass(frozen=True, kw_only=True)
class WorkflowCase:
    """One definition, and whether somebody holds it to be valid: ``None`` where nobody vouches."""

    id: str
    definition: Any
    is_express_applicable: bool
    is_valid: bool | None
    tags: frozenset[str]

    @property
    def type(self) -> str:
        """The type to register it as; an Express machine wherever it may be one."""
        return "EXPRESS" if self.is_express_applicable else "STANDARD"

    @property
    def runnable_definition(self) -> Any:
        """The definition with a function's ARN in place of each ``Resource`` that is no ARN, as in ASL's own tests."""
        return _with_arns(self.definition)

    @property
    def uses_jsonata(self) -> bool:
        """Whether any state of the machine, or the machine itself, speaks JSONata."""
        return speaks_jsonata(self.definition)


def workflows() -> list[WorkflowCase]:
    """Read workflows.json; none where it is absent."""
    return [_case(record) for record in json.loads(FILE.read_text(encoding="utf-8"))] if FILE.is_file() else []


def parameters(cases: Sequence[WorkflowCase]) -> list[Any]:
    """Make the parameters of a test out of cases; a single skipped one where the file is absent."""
    if not FILE.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="no data")]
    return [pytest.param(case, id=case.id.replace("::", ".")) for case in cases]


def _case(record: dict[str, Any]) -> WorkflowCase:
    return WorkflowCase(
        id=record["id"],
        definition=record.get("definition_resolved", record["definition"]),
        is_express_applicable=record["express_applicable"],
        is_valid=record["valid_expected"],
        tags=frozenset({record["query_language"].lower(), "published" if record["real"] else "test data"}),
    )


def _with_arns(document: Any) -> Any:
    if isinstance(document, list):
        return [_with_arns(item) for item in document]
    if not isinstance(document, dict):
        return document
    filled = {key: _with_arns(value) for key, value in document.items()}
    resource = filled.get("Resource")
    if filled.get("Type") == "Task" and isinstance(resource, str) and not _WITH_A_SERVICE.match(resource):
        filled["Resource"] = FUNCTION_ARN
    return filled
