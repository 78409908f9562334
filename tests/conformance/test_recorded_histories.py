"""Recorded executions in the form of the CLI: each is replayed on its own definition without a difference."""

from __future__ import annotations

import json
from typing import Final

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.conformance.cases import Case, executions, parameters
from tests.conformance.judging import Note, judge, note
from tests.conformance.recordings import cli_history
from tests.conformance.rules import hinders_events

CASES = [case for case in executions() if case.events is not None and "events-unordered" not in case.tags]
NOT_YET: Final = {
    "DISTRIBUTED": "has a distributed Map, whose children are not in its history",
}
_NO_NUMBER: Final = "the recording has a word in the place of the random number"
_NO_INPUT: Final = "the recording has a placeholder in the place of the input within the cause"
_NO_TIME: Final = "the recording has a word in the place of the timestamp that the state waits for"
_NO_REDRIVE_COUNT: Final = "recorded in 2023, before the context object of an execution had RedriveCount"
_SCENARIOS: Final = "scenarios/test_base_scenarios.py::TestBaseScenarios::"
GAPS: Final[dict[str, str]] = {
    "intrinsic_functions/test_math_operations.py::TestMathOperations::test_math_random#0": _NO_NUMBER,
    "intrinsic_functions/test_math_operations.py::TestMathOperations::test_math_random#1": _NO_NUMBER,
    "intrinsic_functions/test_math_operations.py::TestMathOperations::test_math_random#2": _NO_NUMBER,
    _SCENARIOS + "test_invalid_jsonpath[INVALID_JSONPATH_IN_STRING_EXPR_CONTEXTPATH]": _NO_INPUT,
    _SCENARIOS + "test_invalid_jsonpath[ST.INVALID_JSONPATH_IN_CAUSEPATH]": _NO_INPUT,
    _SCENARIOS + "test_lambda_service_invoke_with_retry_extended_input": _NO_REDRIVE_COUNT,
    _SCENARIOS + "test_wait_timestamp_jsonata[INVALID_ISO]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_jsonata[INVALID_TIME]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_jsonata[NANOSECONDS]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_jsonata[NO_Z]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_path[INVALID_DATE]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_path[INVALID_ISO]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_path[INVALID_TIME]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_path[NANOSECONDS]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_path[NO_T]": _NO_TIME,
    _SCENARIOS + "test_wait_timestamp_path[NO_Z]": _NO_TIME,
}


@pytest.mark.parametrize("case", parameters(CASES))
def test_a_recorded_execution_is_replayed(case: Case, record_property: Note) -> None:
    note(record_property, "executions.json: histories replayed", case.tags)
    hindrance = _not_yet(case) or hinders_events(case)
    if hindrance is not None:
        pytest.skip(hindrance)
    judge(case_id=case.id, difference=_difference(case), gaps=GAPS)


def _not_yet(case: Case) -> str | None:
    """Return why a case can't be replayed; the usage errors for distributed Maps are tested elsewhere."""
    return next((reason for part, reason in NOT_YET.items() if part in json.dumps(case.definition)), None)


def _difference(case: Case) -> str | None:
    with SfnSync() as sfn:
        try:
            machine = sfn.register("recorded", case.wildcards.fill(case.definition), type="STANDARD")
            sfn.use_history(cli_history(case)).replay(machine)
        except (AssertionError, SfnSyncUsageError) as difference:
            return f"{type(difference).__name__}: {difference}"
    return None
