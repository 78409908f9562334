"""Verdicts of AWS on definitions: which it accepts, and the diagnostics of those that it refuses, in AWS's order.

They are held against `parse_definition` with the integrations of this package, by which a definition is judged when
it is registered. The recorded ones are held against the operation that got them as well.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.parsing.definition_parser import InvalidDefinitionError, parse_definition
from pytest_sfn_sync.asl.parsing.definition_text import parse_definition_text
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations
from tests.conformance.cases import (
    ABSENT,
    FOLDER,
    ValidationCase,
    measured_validations,
    parameters,
    recorded_validations,
    records,
    speaks_jsonata,
)
from tests.conformance.gaps import API_ERROR_GAPS, VALIDATION_GAPS
from tests.conformance.judging import Note, judge, note
from tests.conformance.rules import JSONATA, NEEDS_JSONATA, hinders_measured
from tests.conformance.sequences import differences, verdict_sequence_of

INTEGRATIONS = KnownIntegrations()
MEASURED = measured_validations()
RECORDED = recorded_validations()
VERDICTS = [
    pytest.param(record, id=record["id"].replace("::", "."))
    for record in records("validation.json")
    # Machines that exist already are in api_sequences.json, with what happened before.
    if record.get("error", {}).get("code") != "StateMachineAlreadyExists"
] or [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="no data")]


@pytest.mark.parametrize("case", parameters(MEASURED))
def test_is_judged_as_measured(case: ValidationCase, record_property: Note) -> None:
    note(record_property, "measured.json: validation", [_language(case)])
    _compare(case)


@pytest.mark.parametrize("case", parameters(RECORDED))
def test_is_judged_as_recorded(case: ValidationCase, record_property: Note) -> None:
    note(record_property, "validation.json: definitions", [_language(case)])
    _compare(case)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_every_gap_names_a_definition() -> None:
    assert VALIDATION_GAPS.keys() <= {case.id for case in (*MEASURED, *RECORDED)}


@pytest.mark.parametrize("record", VERDICTS)
def test_the_operation_answers_as_recorded(record: dict[str, Any], client: Any, record_property: Note) -> None:
    note(record_property, "validation.json: operations", [record["operation"]])
    if speaks_jsonata(record["definition"]) and not JSONATA:
        pytest.skip(NEEDS_JSONATA)
    sequence = verdict_sequence_of(record)
    judge(
        case_id=record["id"],
        difference=dict(differences(sequence, client)).get(len(sequence.steps) - 1),
        gaps={**VALIDATION_GAPS, **API_ERROR_GAPS},
    )


def difference(case: ValidationCase) -> str | None:
    """Judge a definition and tell the first thing in which the verdict is not AWS's."""
    found = _diagnostics(case.wildcards.fill(case.definition), case.machine_type)
    if case.accepted or not found:
        return None if case.accepted is not bool(found) else f"accepted: {case.accepted}, got {_told(found)}"
    if case.message is not None:
        told = f"Invalid State Machine Definition: '{_told(found)}'"
        return case.wildcards.difference(case.message, told, "message")
    if case.diagnostics is None:
        return None
    if len(case.diagnostics) != len(found):
        return f"{len(case.diagnostics)} diagnostics, got {len(found)}: {_told(found)}"
    told_apart = (
        case.wildcards.difference(stated[member], getattr(ours, member), f"diagnostics[{index}].{member}")
        for index, (stated, ours) in enumerate(zip(case.diagnostics, found, strict=True))
        for member in stated
    )
    return next((told for told in told_apart if told is not None), None)


def _compare(case: ValidationCase) -> None:
    hindrance = hinders_measured(case)
    if hindrance is not None:
        pytest.skip(hindrance)
    judge(case_id=case.id, difference=difference(case), gaps=VALIDATION_GAPS)


def _diagnostics(definition: Any, machine_type: str) -> list[Diagnostic]:
    try:
        if isinstance(definition, str):
            parse_definition_text(definition, machine_type=machine_type, integrations=INTEGRATIONS)
        else:
            parse_definition(definition, machine_type=machine_type, integrations=INTEGRATIONS)
    except InvalidDefinitionError as refused:
        return refused.diagnostics
    return []


def _told(found: list[Diagnostic]) -> str:
    return ", ".join(map(str, found))


def _language(case: ValidationCase) -> str:
    return "jsonata" if case.uses_jsonata else "jsonpath"
