"""Waits, timeouts and the limits of an execution, on the virtual clock."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_TRANSITIONS
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from tests.asl.machines import ECHO, event_types, fails, run, seconds, start_at


def wait(**fields: JSON) -> JSON:
    return start_at(("W", {"Type": "Wait", **fields}))


@pytest.mark.parametrize(
    ("fields", "document", "expected"),
    [
        pytest.param({"Seconds": 5}, {}, 5, id="five seconds are five seconds"),
        pytest.param({"Seconds": 0}, {}, 0, id="no time at all"),
        pytest.param({"SecondsPath": "$.s"}, {"s": 3}, 3, id="seconds by path"),
        pytest.param({"SecondsPath": "$.s"}, {"s": "3"}, 3, id="a numeric string by path"),
        pytest.param({"Timestamp": "2023-11-14T22:13:30Z"}, {}, 10, id="until a timestamp"),
        pytest.param({"Timestamp": "2023-11-14T23:13:30.25+01:00"}, {}, 10, id="with an offset and a fraction"),
        pytest.param({"Timestamp": "2023-11-14T22:13:20.999Z"}, {}, 0, id="a fraction of the present second"),
        pytest.param({"Timestamp": "2001-01-01T00:00:00Z"}, {}, 0, id="a timestamp that is past"),
        pytest.param({"TimestampPath": "$.at"}, {"at": "2023-11-14T22:13:30.000000Z"}, 10, id="a timestamp by path"),
        pytest.param({"TimestampPath": "$.at"}, {"at": "2023-11-14T22:13:30.999999999Z"}, 10, id="its fraction is cut"),
    ],
)
def test_a_wait_takes(fields: JSON, document: JSON, expected: float) -> None:
    finished = run(wait(**fields), document)
    assert (finished.status, seconds(finished)) == ("SUCCEEDED", expected)


@pytest.mark.parametrize(
    ("fields", "document", "cause"),
    [
        pytest.param(
            {"SecondsPath": "$.s"}, {}, "The SecondsPath parameter does not reference an input value: $.s", id="absent"
        ),
        pytest.param(
            {"SecondsPath": "$.s"},
            {"s": -1},
            "The SecondsPath parameter references a negative value: $.s == -1",
            id="negative",
        ),
        pytest.param(
            {"SecondsPath": "$.s"},
            {"s": -1.5},
            "The SecondsPath parameter cannot be parsed as a long value: $.s == -1.5",
            id="a fraction",
        ),
        pytest.param(
            {"SecondsPath": "$.s"},
            {"s": {"raw": "3"}},
            'The SecondsPath parameter cannot be parsed as a long value: $.s == {"raw":"3"}',
            id="an object",
        ),
        pytest.param(
            {"TimestampPath": "$.at"},
            {},
            "The TimestampPath parameter does not reference an input value: $.at",
            id="no timestamp",
        ),
        pytest.param(
            {"TimestampPath": "$.at"},
            {"at": 1735689600000},
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            "$.at == 1735689600000",
            id="a number for a timestamp",
        ),
        pytest.param(
            {"TimestampPath": "$.at"},
            {"at": "2023-11-14 22:13:30Z"},
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            "$.at == 2023-11-14 22:13:30Z",
            id="a timestamp without a T",
        ),
        pytest.param(
            {"Timestamp": "2123-11-14T22:13:30Z"}, {}, "Wait state delay is too long.", id="a timestamp too far away"
        ),
    ],
)
def test_a_wait_that_cannot_be_understood(fields: JSON, document: JSON, cause: str) -> None:
    finished = run(wait(**fields), document)
    assert finished.error == "States.Runtime"
    assert finished.cause == f"An error occurred while executing the state 'W' (entered at the event id #2). {cause}"


LOOP: JSON = {
    "StartAt": "Ready?",
    "States": {
        "Ready?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.ready", "BooleanEquals": True, "Next": "Done"}],
            "Default": "Again",
        },
        "Done": {"Type": "Succeed"},
    },
}


def looping(again: JSON) -> JSON:
    return {**LOOP, "States": {**LOOP["States"], "Again": {**again, "Next": "Ready?"}}}


def test_a_loop_through_waits_times_out_after_five_minutes() -> None:
    finished = run(looping({"Type": "Wait", "Seconds": 7}), {"ready": False})
    assert (finished.status, finished.error, finished.cause, finished.output) == ("TIMED_OUT", None, None, None)
    assert seconds(finished) == 300
    assert finished.note == "timed out after 300 virtual seconds"
    assert finished.history.events[-1][:2] == ("ExecutionTimedOut", 0)


def test_a_loop_without_a_wait_is_ended_in_the_same_way() -> None:
    finished = run(looping({"Type": "Pass"}), {"ready": False})
    assert (finished.status, seconds(finished)) == ("TIMED_OUT", 300)
    assert finished.note == (
        "ended after 100,000 state transitions, the most that a run may make; the last state entered was 'Again': "
        "does the workflow loop without a Wait?"
    )
    assert sum(type_.endswith("Entered") for type_ in event_types(finished)) == MAX_TRANSITIONS


def test_the_machines_own_timeout_cuts_a_wait() -> None:
    finished = run({**wait(Seconds=60), "TimeoutSeconds": 5})
    assert (finished.status, seconds(finished)) == ("TIMED_OUT", 5)
    assert event_types(finished) == ["ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"]


def test_no_timeout_of_the_machine_reaches_past_five_minutes() -> None:
    finished = run({**wait(Seconds=600), "TimeoutSeconds": 3600})
    assert (finished.status, seconds(finished)) == ("TIMED_OUT", 300)


def test_an_hour_of_retries_beside_a_wait_ends_at_the_limit_and_costs_nothing() -> None:
    retried = {
        "Type": "Task",
        "Resource": ECHO,
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 600, "MaxAttempts": 6, "BackoffRate": 1}],
    }
    parallel = {
        "Type": "Parallel",
        "Branches": [start_at(("T", retried)), start_at(("W", {"Type": "Wait", "Seconds": 3600}))],
    }
    finished = run(start_at(("P", parallel)), {}, lambda call: fails("Boom"))
    assert (finished.status, seconds(finished), len(finished.calls)) == ("TIMED_OUT", 300, 1)


@pytest.mark.parametrize(
    ("takes", "status"), [(5, "SUCCEEDED"), (5.000001, "FAILED")], ids=["just in time", "a microsecond late"]
)
def test_a_tasks_timeout(takes: float, status: str) -> None:
    definition = start_at(("T", {"Type": "Task", "Resource": ECHO, "TimeoutSeconds": 5}))

    def slow(call: TaskCall) -> TaskAnswer:
        return TaskAnswer(1, takes=round(takes * 1_000_000))

    finished = run(definition, {}, slow)
    assert (finished.status, seconds(finished)) == (status, 5)
    if status == "FAILED":
        assert (finished.error, finished.cause) == ("States.Timeout", None)


def test_a_timeout_by_path() -> None:
    definition = start_at(("T", {"Type": "Task", "Resource": ECHO, "TimeoutSecondsPath": "$.t"}))
    finished = run(definition, {"t": 2}, lambda call: TaskAnswer(1, takes=3_000_000))
    assert (finished.error, seconds(finished)) == ("States.Timeout", 2)
