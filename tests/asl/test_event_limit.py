"""The most events that a history may have: the last one is ``ExecutionFailed``, and no catcher takes the error."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.parsing.definition_parser import parse_definition
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import TaskAnswer
from tests.asl.machines import IDENTITY, START

MOST = 20
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work"
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
CAUGHT = {"Type": "Pass", "End": True}
LOOP = {
    "StartAt": "Again",
    "States": {
        "Again": {"Type": "Pass", "Next": "More"},
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.done", "IsPresent": True, "Next": "Done"}],
            "Default": "Again",
        },
        "Done": {"Type": "Succeed"},
    },
}


def run(definition: Any, *answers: TaskAnswer, document: Any = None) -> Run:
    finished = Run(status="RUNNING", input=document or {}, started_at=START, stopped_at=START, history=History())
    upcoming = iter(answers)
    running = Running(
        parse_definition(definition),
        finished,
        identity=IDENTITY,
        invoke_task=lambda call: next(upcoming, TaskAnswer(None, "Busy")),
        random=Random(0),
        most_events=MOST,
    )
    running.run_on()
    return finished


def passes(count: int, **last: Any) -> dict[str, Any]:
    names = [f"P{number}" for number in range(count)]
    states: dict[str, Any] = {
        name: {"Type": "Pass", "Next": after} for name, after in zip(names, [*names[1:], "Last"], strict=True)
    }
    return {"StartAt": names[0], "States": {**states, "Last": {"Type": "Pass", "End": True, **last}}}


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(LOOP, id="a loop"),
        pytest.param(passes(9), id="a machine whose last event has no room"),
        pytest.param(passes(8, Type="Task", Resource=FUNCTION), id="a task whose failure has no room"),
        pytest.param(
            {
                "StartAt": "Work",
                "States": {
                    "Work": {
                        "Type": "Task",
                        "Resource": FUNCTION,
                        "End": True,
                        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 100, "BackoffRate": 1}],
                    }
                },
            },
            id="retries",
        ),
        pytest.param(
            {
                "StartAt": "All",
                "States": {
                    "All": {"Type": "Parallel", "Branches": [LOOP], "Catch": CATCH, "End": True},
                    "Caught": CAUGHT,
                },
            },
            id="a branch, whose error is not caught",
        ),
        pytest.param(
            {
                "StartAt": "Each",
                "States": {
                    "Each": {
                        "Type": "Map",
                        "ItemsPath": "$.items",
                        "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}},
                        "Catch": CATCH,
                        "End": True,
                    },
                    "Caught": CAUGHT,
                },
            },
            id="iterations, of which each has its events",
        ),
    ],
)
def test_the_last_event_is_the_failure(definition: Any) -> None:
    finished = run(definition, document={"items": list(range(50))})

    assert (finished.status, finished.error, finished.cause) == (
        "FAILED",
        "States.Runtime",
        f"The execution reached the maximum number of history events ({MOST}).",
    )
    events = finished.history.render()
    assert (len(events), events[-1]["type"], events[-1]["previousEventId"]) == (MOST, "ExecutionFailed", MOST - 1)
    assert (finished.note or "").endswith("does the workflow loop without end?")


@pytest.mark.parametrize(
    ("count", "answer", "status", "events"),
    [
        pytest.param(6, TaskAnswer(1), "SUCCEEDED", 19, id="room for one more"),
        pytest.param(7, TaskAnswer(None, "Out"), "FAILED", 20, id="a failure that is the last event"),
        pytest.param(7, TaskAnswer(1), "FAILED", 20, id="a success that has no room"),
    ],
)
def test_a_history_that_is_nearly_full(count: int, answer: TaskAnswer, status: str, events: int) -> None:
    finished = run(passes(count, Type="Task", Resource=FUNCTION), answer)

    assert (finished.status, len(finished.history)) == (status, events)
    assert finished.error == (None if status == "SUCCEEDED" else answer.error or "States.Runtime")
