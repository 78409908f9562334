"""Executions and expressions that other people measured on AWS and published, run through StartSyncExecution."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.conformance.cases import (
    ABSENT,
    FOLDER,
    MeasuredCase,
    measured_executions,
    measured_expressions,
    parameters,
)
from tests.conformance.gaps import EXPRESSION_GAPS, MEASURED_GAPS
from tests.conformance.judging import Note, judge, note
from tests.conformance.rules import hinders_measured
from tests.conformance.wildcards import Wildcards, parsed

CASES = measured_executions()
EXPRESSIONS = measured_expressions()
ANY_DEFINITION = {"StartAt": "Only", "States": {"Only": {"Type": "Succeed"}}}
LITERAL = Wildcards()


@pytest.mark.parametrize("case", parameters(CASES))
def test_ends_as_measured(case: MeasuredCase, client: Any, record_property: Note) -> None:
    note(record_property, "measured.json: executions", ["jsonata" if case.uses_jsonata else "jsonpath"])
    _compare(case, client, MEASURED_GAPS)


@pytest.mark.parametrize("case", parameters(EXPRESSIONS))
def test_an_expression_gives_what_was_measured(case: MeasuredCase, client: Any, record_property: Note) -> None:
    note(record_property, "measured.json: jsonata")
    _compare(case, client, EXPRESSION_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
@pytest.mark.parametrize(
    ("gaps", "cases"),
    [
        pytest.param(MEASURED_GAPS, CASES, id="executions"),
        pytest.param(EXPRESSION_GAPS, EXPRESSIONS, id="expressions"),
    ],
)
def test_every_gap_names_a_measured_case(gaps: dict[str, str], cases: list[MeasuredCase]) -> None:
    assert gaps.keys() <= {case.id for case in cases}


def _compare(case: MeasuredCase, client: Any, gaps: dict[str, str]) -> None:
    hindrance = hinders_measured(case)
    if hindrance is not None:
        pytest.skip(hindrance)
    judge(case_id=case.id, difference=difference(case, client), gaps=gaps)


def difference(case: MeasuredCase, client: Any) -> str | None:
    """Run a case and tell the first thing stated of it that does not hold."""
    try:
        answer = _run(case, client)
    except SfnSyncUsageError as refusal:
        return f"refused with {type(refusal).__name__}: {refusal}"
    told = (STATEMENTS[name](stated, answer) for name, stated in case.expected.items())
    return next((found for found in told if found is not None), None)


def _run(case: MeasuredCase, client: Any) -> dict[str, Any]:
    """What the client gets, with the output parsed; a refused call gives its code as ``apiError``."""
    with SfnSync() as sfn:
        machine = sfn.register("measured", case.definition or ANY_DEFINITION, type="EXPRESS")
        arn = (case.state_machine_arn or "<arn>").replace("<arn>", machine.arn)
        try:
            answer: dict[str, Any] = client.start_sync_execution(stateMachineArn=arn, input=json.dumps(case.input))
        except ClientError as refused:
            return {"apiError": refused.response["Error"]["Code"]}
    if "output" in answer:
        answer["output"] = parsed(answer["output"])
    return answer


def _member(name: str) -> Callable[[Any, dict[str, Any]], str | None]:
    def compare(stated: Any, answer: dict[str, Any]) -> str | None:
        if name not in answer:
            return f"no {name!r} in {answer!r}"
        return LITERAL.difference(stated, answer[name], name)

    return compare


def _cause_contains(stated: Any, answer: dict[str, Any]) -> str | None:
    parts = [stated] if isinstance(stated, str) else stated
    missing = [part for part in parts if part not in answer.get("cause", "")]
    return f"cause {answer.get('cause')!r} does not contain {missing!r}" if missing else None


def _output_matches(stated: dict[str, str], answer: dict[str, Any]) -> str | None:
    output = answer.get("output", {})
    wrong = [name for name, pattern in stated.items() if not re.search(pattern, str(output.get(name, "")))]
    return f"output {output!r} does not match in {wrong!r}" if wrong else None


def _absent(stated: list[str], answer: dict[str, Any]) -> str | None:
    present = [name for name in stated if name in answer]
    return f"{present!r} should be absent from {answer!r}" if present else None


STATEMENTS: dict[str, Callable[[Any, dict[str, Any]], str | None]] = {
    "status": _member("status"),
    "output": _member("output"),
    "error": _member("error"),
    "cause": _member("cause"),
    "apiError": _member("apiError"),
    "causeContains": _cause_contains,
    "outputMatches": _output_matches,
    "absent": _absent,
}
