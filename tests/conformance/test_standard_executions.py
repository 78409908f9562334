"""Recorded executions, run as STANDARD through the operations: create, start, describe, and read the history."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSyncUsageError
from tests.conformance.cases import ABSENT, FOLDER, Case, executions, parameters
from tests.conformance.gaps import AWAITED_GAPS, EVENT_GAPS, STANDARD_GAPS
from tests.conformance.histories import details_difference, history_difference
from tests.conformance.judging import Note, judge, note
from tests.conformance.replay import replay_through_api
from tests.conformance.rules import hinders_events, hinders_result

NOT_YET = {
    "DISTRIBUTED": "has a distributed Map, which is not supported yet",
}
"""By a text of the definition: the reason why a case is not replayed."""

RECORDED_AS_EXPRESS = {"express-async", "sync-execution"}
CASES = [case for case in executions() if not RECORDED_AS_EXPRESS & case.tags]
REPLAYED = [case for case in CASES if case.tags & {"express-applicable", "wait-for-task-token", "activity"}]
AWAITING = [case for case in CASES if case.waits_for_executions]


@pytest.mark.parametrize("case", parameters(REPLAYED))
def test_ends_as_on_aws_with_its_history(case: Case, client: Any, record_property: Note) -> None:
    note(record_property, "executions.json: as STANDARD", case.tags)
    hindrance = hinders_result(case)
    if hindrance is not None:
        pytest.skip(hindrance)
    judge(case_id=case.id, difference=_difference(case, client), gaps={**EVENT_GAPS, **STANDARD_GAPS})


@pytest.mark.parametrize("case", parameters(AWAITING))
def test_a_task_waits_for_an_execution_as_on_aws(case: Case, client: Any, record_property: Note) -> None:
    note(record_property, "executions.json: STANDARD only, .sync", case.tags)
    judge(case_id=case.id, difference=_difference(case, client), gaps=AWAITED_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_the_others_need_what_is_not_supported_yet() -> None:
    others = [json.dumps(case.definition) for case in CASES if case not in REPLAYED + AWAITING]
    assert [text for text in others if not any(reason in text for reason in NOT_YET)] == []


def _difference(case: Case, client: Any) -> str | None:
    try:
        result, events = replay_through_api(case, client)
    except (SfnSyncUsageError, ClientError) as refusal:
        return f"refused with {type(refusal).__name__}: {refusal}"
    difference = details_difference(case.expected, result, case.wildcards)
    if difference is not None or hinders_events(case) is not None:
        return difference
    return history_difference(case.events or [], events, case.wildcards, machine_type="STANDARD")
