"""Replays the answers of Jayway json-path 2.0.0 in jsonpath.json: values, and which failure with which text.

They are held against the bare engine, `compile_jayway_path`: Jayway knows neither the context object nor variables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_jayway_path
from pytest_sfn_sync.asl.json_paths.path_faults import EvaluationFault, InvalidPath, NoSuchPath
from tests.conformance.cases import ABSENT, FOLDER
from tests.conformance.judging import Note, judge, note

GAPS: Final[dict[str, str]] = {}
"""Cases (document and path) that the engine answers otherwise, each with the reason."""

OUTCOMES: Final = ("value", "not_found", "invalid", "crash", "rejected")
CONTEXT: Final = "Current context is: "
"""What stands after it is printed by the JSON library of the recording, not by AWS's, where it is a container."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One path on one document, and what Jayway made of it: ``(outcome, value or text)``."""

    path: str
    document_name: str
    document: Any
    category: str
    definite: bool | None
    expected: tuple[str, Any]

    @property
    def id(self) -> str:
        """The name of the document and the path."""
        return f"{self.document_name} {self.path}"


def cases() -> Iterator[Case]:
    source = FOLDER / "jsonpath.json"
    recorded = json.loads(source.read_text(encoding="utf-8")) if source.exists() else {"documents": {}, "cases": []}
    for record in recorded["cases"]:
        outcome = next(name for name in OUTCOMES if name in record)
        yield Case(
            path=record["path"],
            document_name=record["document"],
            document=recorded["documents"][record["document"]],
            category=record["category"],
            definite=record.get("definite"),
            expected=(outcome, record[outcome]),
        )


def answer(case: Case) -> tuple[bool | None, tuple[str, Any]]:
    try:
        path = compile_jayway_path(case.path)
    except PathSyntaxError as fault:
        return None, ("rejected", fault.text)
    try:
        return path.definite, ("value", path.find(case.document))
    except NoSuchPath as miss:
        return path.definite, ("not_found", miss.text)
    except InvalidPath as fault:
        return path.definite, ("invalid", fault.text)
    except (EvaluationFault, AslError) as crash:
        return path.definite, ("crash", str(crash))


def same(left: Any, right: Any) -> bool:
    """Compare by JSON type: 1 is 1.0, but neither is true."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def difference(case: Case) -> str | None:
    definite, (outcome, found) = answer(case)
    if definite != case.definite:
        return f"definite is {definite}, not {case.definite}"
    if outcome == case.expected[0] and (outcome == "crash" or same(comparable(found), comparable(case.expected[1]))):
        return None
    return f"{outcome} {found!r}, not {case.expected[0]} {case.expected[1]!r}"


def comparable(answer: Any) -> Any:
    """Leave out how a container is printed at the end of a text."""
    if not isinstance(answer, str) or CONTEXT not in answer:
        return answer
    text, _, context = answer.partition(CONTEXT)
    return text if context.startswith(("{", "[")) else answer


@pytest.mark.skipif(not FOLDER.exists(), reason=ABSENT)
@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.id)
def test_the_engine_answers_as_jayway_did(case: Case, record_property: Note) -> None:
    note(record_property, "jsonpath.json", [case.category])
    judge(case_id=case.id, difference=difference(case), gaps=GAPS)
