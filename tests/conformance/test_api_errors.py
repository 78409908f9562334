"""Calls that AWS refused, of all operations, after the calls that set the scene."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync
from tests.conformance.cases import ABSENT, FOLDER, records
from tests.conformance.gaps import API_ERROR_GAPS
from tests.conformance.judging import Note, judge, note
from tests.conformance.replay import ACCOUNT
from tests.conformance.rules import hinders_requests
from tests.conformance.sequences import Sequence, differences, refused_sequence_of
from tests.service.answering import PASS

RECORDS = records("api_errors.json")
ABSENT_DATA = pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="no data")
REFUSALS = [pytest.param(refused_sequence_of(record), id=record["id"].replace("::", ".")) for record in RECORDS] or [
    ABSENT_DATA
]
BAD_INPUTS = [
    pytest.param(record, id=record["id"].replace("::", "."))
    for record in RECORDS
    if record["operation"] == "StartExecution" and record["error"]["code"] == "InvalidExecutionInput"
] or [ABSENT_DATA]


@pytest.mark.parametrize("sequence", REFUSALS)
def test_is_refused_as_by_aws(sequence: Sequence, client: Any, record_property: Note) -> None:
    last = len(sequence.steps) - 1
    note(record_property, "api_errors.json: all operations", [sequence.steps[last]["op"]])
    if hindrance := hinders_requests(step["params"] for step in sequence.steps):
        pytest.skip(hindrance)
    difference = dict(differences(sequence, client)).get(last)
    judge(case_id=sequence.id, difference=difference, gaps=API_ERROR_GAPS)


@pytest.mark.parametrize("record", BAD_INPUTS)
def test_start_sync_execution_reads_its_input_with_the_same_parser(record: dict[str, Any], client: Any) -> None:
    with SfnSync(account_id=ACCOUNT) as sfn:
        machine = sfn.register("orders", PASS)
        with pytest.raises(ClientError) as raised:
            client.start_sync_execution(stateMachineArn=machine.arn, input=record["params"]["input"])
    error = raised.value.response["Error"]
    assert (error["Code"], error["Message"]) == (record["error"]["code"], record["error"]["message"])


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_every_gap_names_an_api_error_case() -> None:
    assert API_ERROR_GAPS.keys() <= {record["id"] for record in RECORDS}
