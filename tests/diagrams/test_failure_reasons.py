"""What the page of an execution says of a state that failed: why nothing took its error, and its definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_sfn_sync import Execution, SfnSync, TaskError
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.diagrams.failure_reasons import failure_reasons
from pytest_sfn_sync.executions.state_visits import state_visits
from tests.diagrams.orders import START, execute
from tests.diagrams.pages import ReadPage
from tests.machines import CHARGE_ARN, machine_of

TASK: dict[str, Any] = {"Type": "Task", "Resource": CHARGE_ARN, "End": True}
BUSY = {"ErrorEquals": ["Card.Busy"], "MaxAttempts": 2}
DECLINED = {"ErrorEquals": ["Card.Declined"], "Next": "Sorry"}
FAILED = "So the execution failed."


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=1) as sfn:
        sfn.mock_lambda("charge-card", raises=TaskError("Card.Busy", "try later"))
        yield sfn


def reasons(execution: Execution, name: str) -> list[str]:
    nodes = {node.name: node for node in machine_graph(execution.machine.definition).all_nodes()}
    visit = next(visit for visit in state_visits(execution.run).all_visits() if visit.name == name)
    return failure_reasons(visit, nodes[name].fields)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(TASK, ["It has no Retry.", "It has no Catch.", FAILED], id="a task without both"),
        pytest.param(
            {**TASK, "Retry": [BUSY], "Catch": [DECLINED, {**DECLINED, "ErrorEquals": ["A", "B"]}]},
            [
                "It was retried by Retry[0] 2 times, and failed again.",
                "No catcher names Card.Busy (Catch[0]: Card.Declined; Catch[1]: A, B).",
                FAILED,
            ],
            id="retried, and not caught",
        ),
        pytest.param(
            {**TASK, "Retry": [{"ErrorEquals": ["Card.Slow"]}]},
            ["No retrier names Card.Busy (Retry[0]: Card.Slow).", "It has no Catch.", FAILED],
            id="no retrier names it",
        ),
        pytest.param(
            {**TASK, "Retry": [{**BUSY, "MaxAttempts": 0}]},
            [
                "No retrier could take Card.Busy, although Retry names Card.Busy.",
                "It has no Catch.",
                FAILED,
            ],
            id="a retrier without attempts",
        ),
        pytest.param(
            {**TASK, "Catch": [{"ErrorEquals": ["Card.Busy"], "ResultPath": "$.list.problem", "Next": "Sorry"}]},
            ["It has no Retry.", "Catch[0] took Card.Busy, but then failed.", FAILED],
            id="a catcher that fails",
        ),
        pytest.param(
            {**TASK, "InputPath": "$.gone", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]},
            [
                "It has no Retry.",
                "No catcher could take States.Runtime, although Catch names States.ALL.",
                FAILED,
            ],
            id="an error that nothing can catch",
        ),
        pytest.param({"Type": "Fail", "Error": "E"}, ["A Fail state always fails.", FAILED], id="a Fail"),
        pytest.param(
            {"Type": "Pass", "InputPath": "$.gone", "End": True},
            ["A Pass state has neither Retry nor Catch.", FAILED],
            id="a Pass",
        ),
        pytest.param({"Type": "Pass", "End": True}, [], id="a state that succeeds"),
    ],
)
def test_the_reasons(sfn: SfnSync, state: dict[str, Any], expected: list[str]) -> None:
    sorry = {"Sorry": {"Type": "Succeed"}} if "Catch" in state else {}

    execution = execute(sfn, {"StartAt": "Only", "States": {"Only": state, **sorry}}, {"list": [1]})

    assert reasons(execution, "Only") == expected


@pytest.mark.parametrize(
    ("container", "last"),
    [
        pytest.param(
            {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": machine_of({"Only": TASK})},
            "So iteration 0 of 'Around' failed.",
            id="in an iteration",
        ),
        pytest.param(
            {"Type": "Parallel", "Branches": [machine_of({"Only": TASK})]},
            "So branch 0 of 'Around' failed.",
            id="in a branch",
        ),
    ],
)
def test_a_state_within_another_one_fails_its_part(sfn: SfnSync, container: dict[str, Any], last: str) -> None:
    execution = execute(sfn, machine_of({"Around": container}), {"list": [1]})

    assert reasons(execution, "Only")[-1] == last
    assert reasons(execution, "Around")[-1] == FAILED


NASTY = "</details></script><script>alert(1)</script><img src=x onerror=alert(1)>"


def test_the_panel_of_a_failed_state_has_error_reasons_and_definition_as_text(sfn: SfnSync) -> None:
    state = {**TASK, "Comment": NASTY, "Catch": [{"ErrorEquals": [NASTY], "Next": NASTY}]}
    definition = {"StartAt": "Only", "States": {"Only": state, NASTY: {"Type": "Succeed"}}}
    sfn.reset()
    sfn.mock_lambda("charge-card", raises=TaskError("<b>", NASTY))

    page = ReadPage(execute(sfn, definition).to_html())

    panel = page.text.partition("Only failed close")[2]
    assert f"<b> {NASTY} It has no Retry. No catcher names <b> (Catch[0]: {NASTY}). So the execution failed." in panel
    assert f'Definition {{ "Type": "Task", "Resource": "{CHARGE_ARN}", "End": true, "Comment": "{NASTY}"' in panel
    assert page.elements.count("script") == 1
    assert "img" not in page.elements
