"""Real definitions: whether they are accepted or refused as by AWS, and that those that may be Express run to an end.

Nobody recorded what AWS made of them. Held is what can be told without it: the verdicts that can be argued for; that a
run ends as a workflow does, never in an error of ours; and that it succeeds with an input and results that it asks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, Final

import pytest

from pytest_sfn_sync import Execution, SfnSync, TaskError
from pytest_sfn_sync.errors import DefinitionError
from tests.conformance.generated_mocks import Generator, mock_tasks
from tests.conformance.judging import Note, judge, note
from tests.conformance.needed_paths import Needs, states_of
from tests.conformance.rules import JSONATA, NEEDS_JSONATA
from tests.conformance.workflow_cases import ABSENT, FILE, WorkflowCase, parameters, workflows
from tests.conformance.workflow_gaps import (
    ACCEPTED_THOUGH_MARKED_INVALID,
    DIAGNOSES,
    ENDS_WITHOUT_SUCCESS,
    NOT_RUN,
    REFUSED_THOUGH_MARKED_VALID,
    RUN_GAPS,
    TOO_LARGE,
    VALIDITY_GAPS,
)

pytestmark = pytest.mark.filterwarnings("ignore::pytest_sfn_sync.DefinitionWarning")

CASES = workflows()
VALID = [case for case in CASES if case.is_valid is True]
INVALID = [case for case in CASES if case.is_valid is False]
UNVOUCHED = [case for case in CASES if case.is_valid is None]
EXPRESS = [case for case in CASES if case.is_express_applicable and case.is_valid is not False]

VALIDITY: Final = "workflows.json: validity"
RUNS: Final = "workflows.json: runs"
ENDS: Final = "workflows.json: ends of runs"

VARIANTS: Final = 6
"""How many generated inputs are tried until a machine succeeds."""

LAST_EVENTS: Final = {
    "SUCCEEDED": "ExecutionSucceeded",
    "FAILED": "ExecutionFailed",
    "TIMED_OUT": "ExecutionTimedOut",
}
"""By status: the event that a history ends with."""

FAULT: Final = re.compile(r"^  [A-Z_]+: .*$", re.MULTILINE)
"""A line of a refusal that tells of a fault; lines with hints are indented further."""

MOST_CALLS: Final = 10_000
"""The history of an execution that called more tasks is not looked at: it would take seconds."""

Mock = Callable[[SfnSync, Any, Needs], None]


@pytest.mark.parametrize("case", parameters(VALID))
def test_what_is_deployable_is_accepted(case: WorkflowCase, record_property: Note) -> None:
    note(record_property, VALIDITY, ["marked valid", *case.tags])
    refusal = refusal_of(case)
    if case.id in REFUSED_THOUGH_MARKED_VALID:
        right = REFUSED_THOUGH_MARKED_VALID[case.id]
        assert refusal is not None, f"accepted now: remove it from the list ({right.reason})"
        assert [fault for fault in FAULT.findall(refusal) if right.fault not in fault] == []
        return
    judge(case_id=case.id, difference=refusal, gaps=VALIDITY_GAPS)


@pytest.mark.parametrize("case", parameters(INVALID))
def test_what_is_invalid_is_refused_with_a_diagnosis(case: WorkflowCase, record_property: Note) -> None:
    note(record_property, VALIDITY, ["marked invalid", *case.tags])
    refusal = refusal_of(case)
    if case.id in ACCEPTED_THOUGH_MARKED_INVALID:
        assert refusal is None, f"refused now: remove it from the list ({ACCEPTED_THOUGH_MARKED_INVALID[case.id]})"
        return
    is_told = refusal is not None and DIAGNOSES[case.id] in refusal
    difference = None if is_told else f"nothing says {DIAGNOSES[case.id]!r}: {refusal or 'it is accepted'}"
    judge(case_id=case.id, difference=difference, gaps=VALIDITY_GAPS)


@pytest.mark.parametrize("case", parameters(UNVOUCHED))
def test_what_nobody_vouches_for_is_accepted_or_refused(case: WorkflowCase, record_property: Note) -> None:
    note(record_property, VALIDITY, ["nobody vouches", *case.tags])
    refusal_of(case)  # anything but a DefinitionError fails


@pytest.mark.parametrize("case", parameters(EXPRESS))
def test_runs_to_an_end_with_an_empty_input(case: WorkflowCase, client: Any, record_property: Note) -> None:
    note(record_property, RUNS, ["empty input", *case.tags])
    _skip_where_too_large(case)
    response = run(case, client, lambda _: {}, lambda sfn, definition, needs: mock_tasks(sfn, definition, needs, 0))
    note(record_property, ENDS, [f"empty input: {response['status']}"])


@pytest.mark.parametrize("case", parameters(EXPRESS))
def test_runs_to_an_end_where_every_task_fails(case: WorkflowCase, client: Any, record_property: Note) -> None:
    note(record_property, RUNS, ["failing tasks", *case.tags])
    _skip_where_too_large(case)
    response = run(case, client, lambda needs: Generator(needs, 0).input(), _mock_failures)
    note(record_property, ENDS, [f"failing tasks: {response['status']}"])


@pytest.mark.parametrize("case", parameters(EXPRESS))
def test_succeeds_with_what_it_asks_for(case: WorkflowCase, client: Any, record_property: Note) -> None:
    note(record_property, RUNS, ["generated input", *case.tags])
    response: dict[str, Any] = {}
    for variant in range(VARIANTS):
        response = _run_variant(case, client, variant)
        if response["status"] == "SUCCEEDED":
            break
    note(record_property, ENDS, [f"generated input: {response['status']}"])
    succeeds = response["status"] == "SUCCEEDED"
    if case.id in ENDS_WITHOUT_SUCCESS:
        assert not succeeds, f"succeeds now: remove it from the list ({ENDS_WITHOUT_SUCCESS[case.id]})"
        return
    difference = None if succeeds else f"{response['status']}: {response.get('error')}: {response.get('cause')}"
    judge(case_id=case.id, difference=difference, gaps=RUN_GAPS)


@pytest.mark.skipif(not FILE.is_file(), reason=ABSENT)
@pytest.mark.parametrize(
    ("told", "cases"),
    [
        pytest.param(REFUSED_THOUGH_MARKED_VALID, VALID, id="refused though marked valid"),
        pytest.param(ACCEPTED_THOUGH_MARKED_INVALID, INVALID, id="accepted though marked invalid"),
        pytest.param(VALIDITY_GAPS, CASES, id="validity gaps"),
        pytest.param(DIAGNOSES, INVALID, id="diagnoses"),
        pytest.param(ENDS_WITHOUT_SUCCESS, EXPRESS, id="ends without success"),
        pytest.param(RUN_GAPS, EXPRESS, id="run gaps"),
        pytest.param(TOO_LARGE, EXPRESS, id="too large"),
        pytest.param(NOT_RUN, EXPRESS, id="not run"),
    ],
)
def test_every_list_names_definitions_that_there_are(told: dict[str, object], cases: list[WorkflowCase]) -> None:
    assert told.keys() <= {case.id for case in cases}


def refusal_of(case: WorkflowCase) -> str | None:
    """Register a definition and give the text of its refusal; None where it is accepted."""
    _skip_without_jsonata(case)
    with SfnSync() as sfn:
        try:
            sfn.register("real", case.definition, type=case.type)
        except DefinitionError as refused:
            return str(refused)
    return None


def run(case: WorkflowCase, client: Any, make_input: Callable[[Needs], Any], mock: Mock) -> dict[str, Any]:
    """Run a machine through a boto3 client and hold that it ends as a workflow does; give the response."""
    _skip_without_jsonata(case)
    with SfnSync(start_time=datetime(2026, 1, 1, tzinfo=timezone.utc), seed=1) as sfn:
        try:
            machine = sfn.register("real", case.runnable_definition)
        except DefinitionError:
            pytest.skip("it is refused, which the tests of validity judge")
        if case.id in NOT_RUN:
            pytest.skip(NOT_RUN[case.id])
        needs = Needs(machine.definition)
        mock(sfn, machine.definition, needs)
        given = json.dumps(make_input(needs))
        response: dict[str, Any] = client.start_sync_execution(stateMachineArn=machine.arn, input=given)
        _hold_that_it_ended(response, sfn.last_execution)
    return response


def _run_variant(case: WorkflowCase, client: Any, variant: int) -> dict[str, Any]:
    return run(
        case,
        client,
        lambda needs: Generator(needs, variant).input(),
        lambda sfn, definition, needs: mock_tasks(sfn, definition, needs, variant),
    )


def _mock_failures(sfn: SfnSync, definition: Any, needs: Needs) -> None:
    for name, state, _ in states_of(definition):
        if state["Type"] == "Task":
            sfn.mock_task(name, raises=TaskError("Generated.Error", '{"generated": true}'), takes=0.5)


def _hold_that_it_ended(response: dict[str, Any], execution: Execution) -> None:
    status = response["status"]
    assert status in LAST_EVENTS
    assert execution.status == status
    assert ("output" in response) is (status == "SUCCEEDED")
    if status == "SUCCEEDED":
        assert json.loads(response["output"]) == execution.output
    if len(execution.calls) < MOST_CALLS:
        history = execution.history
        assert history[-1]["type"] == LAST_EVENTS[status]
        assert [event["id"] for event in history] == list(range(1, len(history) + 1))


def _skip_without_jsonata(case: WorkflowCase) -> None:
    if case.uses_jsonata and not JSONATA:
        pytest.skip(NEEDS_JSONATA)


def _skip_where_too_large(case: WorkflowCase) -> None:
    if case.id in TOO_LARGE:
        pytest.skip(f"it is run once only: {TOO_LARGE[case.id]}")
