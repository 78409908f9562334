"""Expressions that others evaluated on AWS, replayed: values, causes, and the rate of those that agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import QueryEvaluationError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled
from tests.asl.jsonata.gaps import MEASURED_GAPS

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

MEASURED = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "measured.json"
pytestmark = pytest.mark.skipif(not MEASURED.exists(), reason="needs the recorded data beside the project")

LEAST_RATE = 0.9


def cases() -> list[dict[str, Any]]:
    if not MEASURED.exists():
        return []
    return [case for case in json.loads(MEASURED.read_text()) if case["kind"] == "jsonata"]


def agrees(case: dict[str, Any]) -> bool:
    expected = case["expected"]
    expression = compiled(f"{{% {case['expression']} %}}", field=case["field"])
    try:
        value = expression.evaluate({"input": case["input"]}, QueryScope())
    except QueryEvaluationError as failure:
        return "error" in expected and expected["error"] == failure.error and is_cause(case, str(failure.cause))
    return "value" in expected and as_text(value) == as_text(expected["value"])


def is_cause(case: dict[str, Any], cause: str) -> bool:
    expected = case["expected"]
    located = f"An error occurred while executing the state '{case['state']}' (entered at the event id #2). {cause}"
    return expected.get("cause", located) == located and all(
        part in located for part in expected.get("causeContains", [])
    )


def as_text(value: JSON) -> str:
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in cases()])
def test_an_expression_gives_what_aws_gave(case: dict[str, Any]) -> None:
    if case["id"] in MEASURED_GAPS:
        pytest.xfail(MEASURED_GAPS[case["id"]])

    assert agrees(case)


def test_the_rate_of_agreement(capsys: pytest.CaptureFixture[str]) -> None:
    measured = cases()
    agreeing = sum(map(agrees, measured))

    with capsys.disabled():
        print(f"\nmeasured JSONata expressions: {agreeing} of {len(measured)} agree")
    assert agreeing >= LEAST_RATE * len(measured)
