"""Mock results that TestState accepted or refused, given to the check of mock results; the messages must be equal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.shapes import check_result
from pytest_sfn_sync.tasks.resources import resource_of
from tests.conformance.cases import ABSENT, FOLDER, records
from tests.conformance.judging import Note, note

SCHEMA_ERROR = "Mock result schema validation error: "


def needs_the_test_state_api(case: dict[str, Any]) -> bool:
    """Whether a case is about more than the result of a Task's mock held against the shape of its resource."""
    request, error = case["request"], case.get("error")
    definition = request["definition"]
    is_task = isinstance(definition, dict) and definition.get("Type") == "Task"
    has_result = "result" in request.get("mock", {})
    return not is_task or not has_result or (error is not None and not error["message"].startswith(SCHEMA_ERROR))


CASES = [case for case in records("test_state.json") if not needs_the_test_state_api(case)]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_there_are_cases_of_mock_validation() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_a_mock_result_passes_or_is_refused_as_by_test_state(case: dict[str, Any], record_property: Note) -> None:
    note(record_property, "test_state.json: mock validation", case["tags"])
    mock = case["request"]["mock"]
    integration = integration_of(resource_of(case["request"]["definition"]["Resource"]).key)
    assert integration is not None

    # TestState's own default is STRICT.
    mode = mock.get("fieldValidationMode", "STRICT").lower()
    fault = check_result(json.loads(mock["result"]), integration.shape("output"), mode)

    expected = case.get("error")
    assert (None if fault is None else fault.test_state_message) == (None if expected is None else expected["message"])
