"""Tasks that fail, and Retry and Catch around them, on the virtual clock."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskAnswer
from tests.asl.machines import ECHO, answers, event_types, fails, run, seconds, start_at

INVOKE = "arn:aws:states:::lambda:invoke"
RETRY: JSON = [{"ErrorEquals": ["States.ALL"]}]


def task(**fields: JSON) -> JSON:
    return {"Type": "Task", "Resource": ECHO, **fields}


def test_a_retry_waits_on_the_virtual_clock() -> None:
    finished = run(start_at(("T", task(Retry=RETRY))), {}, answers(fails("Boom"), fails("Boom"), fails("Boom"), 1))
    assert (finished.status, finished.output, seconds(finished)) == ("SUCCEEDED", 1, 7)
    assert [(call.attempt, call.error, call.at.second) for call in finished.calls] == [
        (0, "Boom", 20),
        (1, "Boom", 21),
        (2, "Boom", 23),
        (3, None, 27),
    ]


def test_retries_that_are_used_up_leave_the_last_error() -> None:
    finished = run(
        start_at(("T", task(Retry=[{"ErrorEquals": ["Boom"], "MaxAttempts": 1}]))),
        {},
        answers(fails("Boom", "first"), fails("Boom", "second")),
    )
    assert (finished.status, finished.error, finished.cause) == ("FAILED", "Boom", "second")


def test_parameters_are_evaluated_anew_at_each_attempt() -> None:
    count = task(Parameters={"n.$": "$$.State.RetryCount"}, Retry=RETRY)
    finished = run(start_at(("T", count)), {}, answers(fails("A"), fails("B"), "done"))
    assert [call.payload for call in finished.calls] == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_counts_start_again_when_the_state_is_entered_again() -> None:
    definition = start_at(
        (
            "T",
            task(Retry=[{"ErrorEquals": ["Boom"], "MaxAttempts": 1}], Catch=[{"ErrorEquals": ["Boom"], "Next": "C"}]),
        ),
        (
            "C",
            {
                "Type": "Choice",
                "Choices": [{"Variable": "$$.State.Name", "StringEquals": "x", "Next": "End"}],
                "Default": "T2",
            },
        ),
        ("T2", task(Retry=[{"ErrorEquals": ["Boom"], "MaxAttempts": 1}])),
        ("End", {"Type": "Succeed"}),
    )
    finished = run(definition, {}, answers(fails("Boom")))
    assert len(finished.calls) == 4


@pytest.mark.parametrize(
    ("catch", "expected"),
    [
        pytest.param({}, {"Error": "Boom", "Cause": "why"}, id="the error output by default"),
        pytest.param(
            {"ResultPath": "$.error"}, {"n": 1, "error": {"Error": "Boom", "Cause": "why"}}, id="by ResultPath"
        ),
        pytest.param({"ResultPath": None}, {"n": 1}, id="nowhere with null"),
    ],
)
def test_a_catcher_hands_on(catch: JSON, expected: JSON) -> None:
    caught = task(
        InputPath="$.n", OutputPath="$.no.such", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C", **catch}]
    )
    definition = start_at(("T", caught), ("C", {"Type": "Pass"}))
    finished = run(definition, {"n": 1}, answers(fails("Boom", "why")))
    assert finished.output == expected


def test_a_cause_that_is_absent_is_empty_in_the_error_output() -> None:
    caught = task(TimeoutSeconds=3, Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "C"}])
    finished = run(start_at(("T", caught), ("C", {"Type": "Pass"})), {}, lambda call: TaskAnswer(1, takes=5_000_000))
    assert (finished.output, seconds(finished)) == ({"Error": "States.Timeout", "Cause": ""}, 3)


def test_a_catcher_assigns_from_the_error_output() -> None:
    caught = task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C", "Assign": {"why.$": "$.Cause"}}])
    assert run(start_at(("T", caught), ("C", {"Type": "Pass"})), {}, answers(fails("Boom", "because"))).variables == {
        "why": "because"
    }


def test_a_state_that_fails_assigns_nothing() -> None:
    failing = task(Assign={"result.$": "$"}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C"}])
    assert run(start_at(("T", failing), ("C", {"Type": "Pass"})), {}, answers(fails("Boom"))).variables == {}


def test_a_bad_path_is_neither_retried_nor_caught() -> None:
    bad = task(Parameters={"a.$": "$.no"}, Retry=RETRY, Catch=[{"ErrorEquals": ["States.ALL", "x"][:1], "Next": "C"}])
    finished = run(start_at(("T", bad), ("C", {"Type": "Pass"})))
    assert (finished.error, finished.calls, seconds(finished)) == ("States.Runtime", [], 0)


@pytest.mark.parametrize(
    ("resource", "subject"),
    [(INVOKE, "lambda"), (ECHO, ECHO)],
    ids=["an integration's type", "a function's ARN"],
)
def test_a_result_past_the_payload_limit_can_be_caught(resource: str, subject: str) -> None:
    caught = {**task(), "Resource": resource, "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "C"}]}
    finished = run(start_at(("T", caught), ("C", {"Type": "Pass"})), {}, answers("x" * 262_143))
    assert finished.output == {
        "Error": "States.DataLimitExceeded",
        "Cause": f"The state/task '{subject}' returned a result with a size exceeding the maximum number of bytes "
        "service limit.",
    }


def test_the_largest_result_passes() -> None:
    assert run(start_at(("T", task())), {}, answers("x" * 262_142)).status == "SUCCEEDED"


def test_a_heartbeat_that_is_missed_is_a_timeout_with_a_name_of_its_own() -> None:
    beating = task(
        TimeoutSeconds=60,
        HeartbeatSeconds=2,
        Catch=[{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "C"}],
    )
    finished = run(start_at(("T", beating), ("C", {"Type": "Pass"})), {}, lambda call: TaskAnswer(1, takes=9_000_000))
    assert (finished.output, seconds(finished)) == ({"Error": "States.Timeout", "Cause": ""}, 2)


@pytest.mark.parametrize(
    ("resource", "types"),
    [
        pytest.param(
            ECHO,
            [
                "LambdaFunctionScheduled",
                "LambdaFunctionStarted",
                "LambdaFunctionFailed",
                "LambdaFunctionScheduled",
                "LambdaFunctionStarted",
                "LambdaFunctionSucceeded",
            ],
            id="a function's ARN",
        ),
        pytest.param(
            INVOKE,
            ["TaskScheduled", "TaskStarted", "TaskFailed", "TaskScheduled", "TaskStarted", "TaskSucceeded"],
            id="an integration",
        ),
    ],
)
def test_the_events_of_a_retry(resource: str, types: list[str]) -> None:
    finished = run(start_at(("T", {**task(Retry=RETRY), "Resource": resource})), {}, answers(fails("Boom"), "done"))
    assert event_types(finished) == [
        "ExecutionStarted",
        "TaskStateEntered",
        *types,
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert [previous for _, previous, _, _ in finished.history.events] == [0, 0, 2, 3, 4, 5, 6, 7, 8, 9]
