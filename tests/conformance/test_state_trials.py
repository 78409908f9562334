"""TestState: the answers and the refusals that were recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync
from tests.conformance.cases import ABSENT, FOLDER, records
from tests.conformance.gaps import TEST_STATE_GAPS
from tests.conformance.handlers import HANDLERS
from tests.conformance.judging import Note, judge, note
from tests.conformance.rules import hinders_requests
from tests.conformance.sequences import ACCOUNT
from tests.conformance.wildcards import Wildcards, parsed

CASES = records("test_state.json")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"].replace("::", ".")) for case in CASES])
def test_is_answered_as_by_aws(case: dict[str, Any], client: Any, record_property: Note) -> None:
    note(record_property, "test_state.json: answers", case["tags"])
    if hindrance := hinders_requests([case["request"]]):
        pytest.skip(hindrance)
    judge(case_id=case["id"], difference=difference(case, client), gaps=TEST_STATE_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_every_gap_names_a_case() -> None:
    assert TEST_STATE_GAPS.keys() <= {case["id"] for case in CASES}


def difference(case: dict[str, Any], client: Any) -> str | None:
    """Send the request of a case and tell the first difference of the answer."""
    wildcards = Wildcards.of(case)
    request = wildcards.fill(case["request"])
    with SfnSync(account_id=ACCOUNT) as sfn:
        for function, source in case.get("handlers", {}).items():
            HANDLERS[source](sfn, wildcards.fill(function), "optimized:lambda:invoke" in case["tags"])
        try:
            answer = client.test_state(**{**request, "definition": json.dumps(request["definition"])})
        except ClientError as refused:
            error = refused.response["Error"]
            told = {"code": error["Code"], "message": error["Message"]}
            expected = case.get("error", {"code": None})
            return wildcards.difference({name: expected[name] for name in told if name in expected}, told, "error")
    if "error" in case:
        return f"was not refused with {case['error']}"
    answer.pop("ResponseMetadata")
    for part in (answer, answer.get("inspectionData", {})):
        part.update({name: parsed(value) for name, value in part.items() if isinstance(value, str)})
    return wildcards.difference(case["response"], answer, "response")
