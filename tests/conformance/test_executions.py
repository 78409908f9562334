"""Recorded executions, run as EXPRESS through StartSyncExecution: how they end, and their history."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSyncUsageError
from tests.conformance.cases import ABSENT, FOLDER, Case, executions, parameters
from tests.conformance.gaps import EVENT_GAPS, RESULT_GAPS
from tests.conformance.histories import as_express, details_difference, history_difference
from tests.conformance.judging import Note, judge, note
from tests.conformance.replay import Replayed, replay
from tests.conformance.rules import hinders_events, hinders_result

CASES = [case for case in executions() if "express-applicable" in case.tags]


@pytest.mark.parametrize("case", parameters(CASES))
def test_ends_as_on_aws(case: Case, client: Any, record_property: Note) -> None:
    note(record_property, "executions.json: results", case.tags)
    _skip_where_hindered(hinders_result(case))
    judge(case_id=case.id, difference=_tried(case, client, result_difference), gaps=RESULT_GAPS)


@pytest.mark.parametrize("case", parameters([case for case in CASES if case.events is not None]))
def test_has_the_history_of_aws(case: Case, client: Any, record_property: Note) -> None:
    note(record_property, "executions.json: events", case.tags)
    _skip_where_hindered(hinders_events(case))
    judge(case_id=case.id, difference=_tried(case, client, events_difference), gaps=EVENT_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("gaps", [RESULT_GAPS, EVENT_GAPS], ids=["results", "events"])
def test_every_gap_names_a_case_that_is_replayed(gaps: dict[str, str]) -> None:
    assert gaps.keys() <= {case.id for case in CASES}


def result_difference(case: Case, replayed: Replayed) -> str | None:
    """Compare status, output, error and cause."""
    return details_difference(as_express(case.expected), replayed.result, case.wildcards)


def events_difference(case: Case, replayed: Replayed) -> str | None:
    """Compare the histories."""
    return history_difference(case.events or [], replayed.execution.history, case.wildcards)


def _skip_where_hindered(reason: str | None) -> None:
    if reason is not None:
        pytest.skip(reason)


def _tried(case: Case, client: Any, difference: Any) -> str | None:
    """Compare a case; a machine or a call that is refused is a difference like any other."""
    try:
        replayed = replay(case, client)
    except (SfnSyncUsageError, ClientError) as refusal:
        return f"refused with {type(refusal).__name__}: {refusal}"
    told: str | None = difference(case, replayed)
    return told
