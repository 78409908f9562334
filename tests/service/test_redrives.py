"""RedriveExecution: where an execution goes on, its events, its members, and when it is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from tests.service.answering import ENDLESS
from tests.service.conftest import NOON
from tests.service.scenes import FAIL, PASS, PREFIX, created, events, members, refused, started, task

EXECUTION = f"{PREFIX}:execution:orders:one"


class Flaky:
    """A function that fails for some events as long as it is broken, and returns its event; it keeps its events."""

    def __init__(self, *broken: Any) -> None:
        self.broken = broken
        self.events: list[Any] = []

    def __call__(self, event: Any) -> Any:
        self.events.append(event)
        if event in self.broken:
            raise ValueError("broken")
        return event

    def mend(self) -> None:
        self.broken = ()
        self.events.clear()


def run(sfn: SfnSync, client: Any, states: dict[str, Any], input: Any = None, **machine: Any) -> Flaky:
    """Create a machine whose first state is the first of ``states``, and start it as the execution ``one``."""
    definition = {"StartAt": next(iter(states)), "States": states, **machine}
    started(client, created(client, definition=definition), name="one", input=input)
    return Flaky()


def flaky(sfn: SfnSync, name: str, *broken: Any) -> Flaky:
    function = Flaky(*broken)
    sfn.mock_lambda(name, calls=function)
    return function


def described(client: Any) -> dict[str, Any]:
    return members(client.describe_execution(executionArn=EXECUTION))


def redrive(client: Any, **arguments: Any) -> dict[str, Any]:
    return members(client.redrive_execution(executionArn=EXECUTION, **arguments))


def output(client: Any) -> Any:
    response = described(client)
    assert response["status"] == "SUCCEEDED", response
    return json.loads(response["output"])


def test_a_task_that_failed_is_scheduled_again_without_being_entered_again(sfn: SfnSync, client: Any) -> None:
    charge, ship = flaky(sfn, "charge"), flaky(sfn, "ship", 5)
    run(sfn, client, {"Charge": task("charge", Next="Ship"), "Ship": task("ship")}, 5)
    assert described(client)["status"] == "FAILED"
    ship.mend()

    assert redrive(client) == {"redriveDate": NOON}

    assert output(client) == 5
    assert (len(charge.events), ship.events) == (1, [5])
    assert events(client, EXECUTION)[6:] == [
        (7, 6, "TaskStateEntered"),
        (8, 7, "LambdaFunctionScheduled"),
        (9, 8, "LambdaFunctionStarted"),
        (10, 9, "LambdaFunctionFailed"),
        (11, 10, "ExecutionFailed"),
        (12, 11, "ExecutionRedriven"),
        (13, 7, "LambdaFunctionScheduled"),
        (14, 13, "LambdaFunctionStarted"),
        (15, 14, "LambdaFunctionSucceeded"),
        (16, 15, "TaskStateExited"),
        (17, 16, "ExecutionSucceeded"),
    ]
    history = client.get_execution_history(executionArn=EXECUTION)["events"]
    assert history[11]["executionRedrivenEventDetails"] == {"redriveCount": 1}


def test_describe_before_and_after(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", 5)
    run(sfn, client, {"Ship": task("ship")}, 5)
    before = described(client)
    assert (before["redriveCount"], before["redriveStatus"], before["error"]) == (0, "REDRIVABLE", "ValueError")
    assert before.keys().isdisjoint({"redriveDate", "redriveStatusReason", "output", "outputDetails"})
    ship.mend()
    redrive(client)
    after = described(client)
    assert (after["redriveCount"], after["redriveDate"], after["redriveStatus"]) == (1, NOON, "NOT_REDRIVABLE")
    assert after["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    assert after.keys().isdisjoint({"error", "cause"})
    listed = client.list_executions(stateMachineArn=f"{PREFIX}:stateMachine:orders")["executions"]
    assert [(item["redriveCount"], item["redriveDate"]) for item in listed] == [(1, NOON)]


@pytest.mark.parametrize(("wanted", "found"), [("REDRIVEN", ["one"]), ("NOT_REDRIVEN", ["two"])])
def test_list_executions_filters_by_redrives(sfn: SfnSync, client: Any, wanted: str, found: list[str]) -> None:
    machine = created(client, definition=FAIL)
    for name in ("one", "two"):
        started(client, machine, name=name)
    redrive(client)
    listed = client.list_executions(stateMachineArn=machine, redriveFilter=wanted)["executions"]
    assert [item["name"] for item in listed] == found


CONTEXT = {"Type": "Pass", "Parameters": {"execution.$": "$$.Execution", "seen.$": "$"}, "End": True}


def test_the_context_object_of_a_redriven_execution(sfn: SfnSync, client: Any) -> None:
    parameters = {
        "entered.$": "$$.State.EnteredTime",
        "retries.$": "$$.State.RetryCount",
        "count.$": "$$.Execution.RedriveCount",
    }
    fails = {"retries": 1, "count": 0, "entered": "2026-01-05T12:00:00.000Z"}
    ship = flaky(sfn, "ship", {**fails, "retries": 0}, fails)
    retry = [{"ErrorEquals": ["ValueError"], "IntervalSeconds": 60, "MaxAttempts": 1}]
    run(sfn, client, {"Ship": task("ship", Parameters=parameters, Retry=retry, Next="Last"), "Last": CONTEXT})
    assert [event["retries"] for event in ship.events] == [0, 1]
    ship.mend()
    redrive(client)
    # The time at which the state was entered is the old one, and RetryCount begins with 0 again.
    seen = {"entered": "2026-01-05T12:00:00.000Z", "retries": 0, "count": 1}
    assert ship.events == [seen]
    assert output(client)["seen"] == seen
    execution = output(client)["execution"]
    assert list(execution) == ["Id", "Input", "StartTime", "Name", "RoleArn", "RedriveCount", "RedriveTime"]
    assert (execution["RedriveCount"], execution["RedriveTime"]) == (1, "2026-01-05T12:01:00.000Z")


def test_retriers_have_all_their_attempts_again(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", 5)
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]
    run(sfn, client, {"Ship": task("ship", Retry=retry)}, 5)
    assert len(ship.events) == 3
    redrive(client)
    assert (described(client)["status"], len(ship.events)) == ("FAILED", 6)
    assert described(client)["redriveCount"] == 1


def test_the_catchers_of_the_state_that_failed_apply(sfn: SfnSync, client: Any) -> None:
    flaky(sfn, "ship", 5)
    catch = [{"ErrorEquals": ["Missing"], "Next": "Other"}]
    sfn.mock_task("Other", returns="other")
    run(sfn, client, {"Ship": task("ship", Catch=catch), "Other": task("other")}, 5)
    sfn.mock_task("Ship", raises="Missing")
    redrive(client)
    assert output(client) == "other"


def test_variables_are_those_of_the_moment_of_the_failure(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", {"total": 2})
    states = {
        "One": {"Type": "Pass", "Assign": {"total": 1, "kept": "yes"}, "Next": "Two"},
        "Two": {"Type": "Pass", "Assign": {"total": 2}, "Next": "Ship"},
        "Ship": task("ship", Parameters={"total.$": "$total"}, Next="Last"),
        "Last": {"Type": "Pass", "Parameters": {"total.$": "$total", "kept.$": "$kept"}, "End": True},
    }
    run(sfn, client, states)
    ship.mend()
    redrive(client)
    assert output(client) == {"total": 2, "kept": "yes"}


BRANCHES = {
    "Both": {
        "Type": "Parallel",
        "Branches": [
            {"StartAt": "Fast", "States": {"Fast": task("fast")}},
            {"StartAt": "Ship", "States": {"Ship": task("ship")}},
            {
                "StartAt": "Sleep",
                "States": {"Sleep": {"Type": "Wait", "Seconds": 9, "Next": "Late"}, "Late": task("late")},
            },
        ],
        "End": True,
    }
}


def test_of_a_parallel_only_the_branches_that_failed_or_were_aborted_go_on(sfn: SfnSync, client: Any) -> None:
    fast, ship, late = flaky(sfn, "fast"), flaky(sfn, "ship", 5), flaky(sfn, "late")
    run(sfn, client, BRANCHES, 5)
    ship.mend()
    redrive(client)
    assert output(client) == [5, 5, 5]
    assert (len(fast.events), len(ship.events), len(late.events)) == (1, 1, 1)
    types = [type_ for _, _, type_ in events(client, EXECUTION)]
    assert types.count("ParallelStateStarted") == types.count("ParallelStateEntered") == 1
    again = types[types.index("ExecutionRedriven") + 1 :]
    assert again == [
        "LambdaFunctionScheduled",
        "WaitStateEntered",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
        "TaskStateExited",
        "WaitStateExited",
        "TaskStateEntered",
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
        "TaskStateExited",
        "ParallelStateSucceeded",
        "ParallelStateExited",
        "ExecutionSucceeded",
    ]


def each(processor: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}


def test_of_a_map_the_iteration_that_failed_goes_on_and_the_rest_begins(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", 2)
    run(sfn, client, each({"StartAt": "Ship", "States": {"Ship": task("ship")}}, MaxConcurrency=1), [1, 2, 3])
    assert ship.events == [1, 2]
    ship.mend()
    redrive(client)
    assert output(client) == [1, 2, 3]
    assert ship.events == [2, 3]
    history = client.get_execution_history(executionArn=EXECUTION)["events"]
    steps = [
        (
            event["type"].removeprefix("MapIteration"),
            *(value["index"] for key, value in event.items() if key.startswith("mapIteration")),
        )
        for event in history
        if event["type"].startswith("MapIteration")
    ]
    assert steps == [
        ("Started", 0),
        ("Succeeded", 0),
        ("Started", 1),
        ("Failed", 1),
        ("Succeeded", 1),
        ("Started", 2),
        ("Succeeded", 2),
    ]


def test_a_task_of_any_depth_goes_on(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", 3)
    branch = {"StartAt": "Ship", "States": {"Ship": task("ship")}}
    parallel = {"Type": "Parallel", "Branches": [branch], "End": True}
    columns = {"Type": "Map", "ItemProcessor": {"StartAt": "Inner", "States": {"Inner": parallel}}, "End": True}
    rows = {"StartAt": "Columns", "States": {"Columns": columns}}
    run(sfn, client, each(rows, ItemsPath="$.rows"), {"rows": [[1, 2], [3, 4]]})
    ship.mend()
    redrive(client)
    assert output(client) == [[[1], [2]], [[3], [4]]]
    assert 1 not in ship.events
    assert ship.events[0] == 3


def test_variables_of_branches_are_kept_apart(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", {"own": 2, "outer": "o"})
    processor = {
        "StartAt": "Own",
        "States": {
            "Own": {"Type": "Pass", "Assign": {"own.$": "$"}, "Next": "Ship"},
            "Ship": task("ship", Parameters={"own.$": "$own", "outer.$": "$outer"}),
        },
    }
    states = {"First": {"Type": "Pass", "Assign": {"outer": "o"}, "Next": "Each"}, **each(processor)}
    run(sfn, client, states, [1, 2, 3])
    ship.mend()
    redrive(client)
    assert output(client) == [{"own": number, "outer": "o"} for number in (1, 2, 3)]


def test_a_map_that_is_retried_after_the_redrive_starts_all_iterations_again(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("ship", returns="ok")
    sfn.mock_lambda("ship", raises="Broken", when=2, times=2)
    retry = [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]
    once = each({"StartAt": "Ship", "States": {"Ship": task("ship")}}, MaxConcurrency=1, Retry=retry)
    run(sfn, client, once, [1, 2])
    assert described(client)["status"] == "FAILED"
    sfn.mock_lambda("ship", raises="Broken", when=2, times=1)
    redrive(client)
    assert output(client) == ["ok", "ok"]
    types = [type_ for _, _, type_ in events(client, EXECUTION)]
    assert types.count("MapStateStarted") == 3


@pytest.mark.parametrize(
    ("states", "again"),
    [
        pytest.param(
            {"Only": FAIL["States"]["Only"]}, ["FailStateEntered", "ExecutionFailed"], id="a Fail fails again"
        ),
        pytest.param(
            {
                "Only": {"Type": "Choice", "Choices": [{"Variable": "$.no", "IsPresent": True, "Next": "End"}]},
                "End": {"Type": "Succeed"},
            },
            ["ChoiceStateEntered", "ExecutionFailed"],
            id="a Choice is evaluated again",
        ),
        pytest.param(
            {"Only": {"Type": "Pass", "InputPath": "$.missing", "End": True}},
            ["PassStateEntered", "ExecutionFailed"],
            id="a Pass is entered again",
        ),
    ],
)
def test_states_without_work_are_entered_again(sfn: SfnSync, client: Any, states: Any, again: list[str]) -> None:
    run(sfn, client, states)
    before = len(events(client, EXECUTION))
    redrive(client)
    after = events(client, EXECUTION)[before:]
    assert [type_ for _, _, type_ in after] == ["ExecutionRedriven", *again]
    assert after[1][1] == 0  # as for the first time


def test_an_execution_that_timed_out_has_all_its_time_again(sfn: SfnSync, client: Any) -> None:
    states = {
        "Sleep": {"Type": "Wait", "Seconds": 50, "Next": "Ship"},
        "Ship": task("ship", Next="Sleep again"),
        "Sleep again": {"Type": "Wait", "Seconds": 50, "End": True},
    }
    ship = flaky(sfn, "ship")
    run(sfn, client, states, 5, TimeoutSeconds=80)
    assert described(client)["status"] == "TIMED_OUT"
    redrive(client)
    assert output(client) == 5
    assert len(ship.events) == 1
    assert described(client)["stopDate"] == NOON + timedelta(seconds=80 + 50)


def test_a_redriven_execution_may_time_out_again(sfn: SfnSync, client: Any) -> None:
    run(sfn, client, {"Sleep": {"Type": "Wait", "Seconds": 50, "End": True}}, TimeoutSeconds=20)
    redrive(client)
    assert described(client)["status"] == "TIMED_OUT"
    assert described(client)["stopDate"] == NOON + timedelta(seconds=40)


def test_the_definition_of_the_start_is_kept(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", 5)
    run(sfn, client, {"Ship": task("ship")}, 5)
    client.update_state_machine(stateMachineArn=f"{PREFIX}:stateMachine:orders", definition=json.dumps(FAIL))
    ship.mend()
    redrive(client)
    assert output(client) == 5


def test_a_result_that_was_too_large_runs_all_branches_again(sfn: SfnSync, client: Any) -> None:
    big = sfn.mock_lambda("big", returns="x" * 200_000)
    branches = [{"StartAt": name, "States": {name: task("big")}} for name in ("A", "B")]
    run(sfn, client, {"Both": {"Type": "Parallel", "Branches": branches, "End": True}})
    assert described(client)["error"] == "States.DataLimitExceeded"
    redrive(client)
    assert big.call_count == 4


def refusal(reason: str) -> str:
    return f"Execution {EXECUTION} invalid for redrive as: {reason}"


def test_an_execution_that_succeeded_is_refused(client: Any) -> None:
    started(client, created(client), name="one")
    with refused("ExecutionNotRedrivable", refusal("Execution is SUCCEEDED and cannot be redriven")):
        redrive(client)


def test_an_execution_that_runs_is_refused(sfn: SfnSync, client: Any) -> None:
    def redrive_itself(event: Any) -> None:
        with refused("ExecutionNotRedrivable", refusal("Execution is RUNNING and cannot be redriven")):
            redrive(client)

    sfn.mock_lambda("ship", calls=redrive_itself)
    run(sfn, client, {"Ship": task("ship")})
    assert described(client)["status"] == "SUCCEEDED"


def test_an_execution_of_a_deleted_machine_is_refused(client: Any) -> None:
    machine = created(client, definition=FAIL)
    started(client, machine, name="one")
    client.delete_state_machine(stateMachineArn=machine)
    reason = "State machine is in DELETING status"
    assert described(client)["redriveStatusReason"] == reason
    with refused("ExecutionNotRedrivable", refusal(reason)):
        redrive(client)


@pytest.mark.parametrize(
    ("days", "reason"), [(13, None), (15, "Execution redrivable period exceeded")], ids=["in time", "too late"]
)
def test_after_fourteen_days_it_is_refused(sfn: SfnSync, client: Any, days: int, reason: str | None) -> None:
    started(client, created(client, definition=FAIL), name="one")
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": days * 24 * 3600, "End": True}}}
    started(client, created(client, "other", wait))
    assert described(client).get("redriveStatusReason") == reason


def test_a_client_token_redrives_once(client: Any) -> None:
    started(client, created(client, definition=FAIL), name="one")
    first = redrive(client, clientToken="a")
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    started(client, created(client, "other", wait))
    assert redrive(client, clientToken="a") == first
    assert described(client)["redriveCount"] == 1
    assert redrive(client, clientToken="b") == {"redriveDate": NOON + timedelta(seconds=60)}
    assert described(client)["redriveCount"] == 2


def test_a_client_token_is_forgotten_after_fifteen_minutes(client: Any) -> None:
    started(client, created(client, definition=FAIL), name="one")
    redrive(client, clientToken="a")
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 901, "End": True}}}
    started(client, created(client, "other", wait))
    redrive(client, clientToken="a")
    assert described(client)["redriveCount"] == 2


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        pytest.param(
            f"{PREFIX}:express:orders:one:1",
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: express'",
            id="an Express execution",
        ),
        pytest.param("one", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: one'", id="no ARN"),
        pytest.param(
            EXECUTION, "ExecutionDoesNotExist", f"Execution Does Not Exist: '{EXECUTION}'", id="no such execution"
        ),
    ],
)
def test_other_arns_are_refused(client: Any, arn: str, code: str, message: str) -> None:
    with refused(code, message):
        client.redrive_execution(executionArn=arn)


def test_a_usage_error_after_a_redrive_is_raised_at_the_call(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("ship", raises="Broken", times=1)
    run(sfn, client, {"Ship": task("ship")})
    with pytest.raises(Exception, match="Ship"):
        redrive(client)
    assert described(client)["status"] == "ABORTED"
    sfn.usage_errors.clear()


def test_the_trace_shows_what_a_redriven_execution_did(sfn: SfnSync, client: Any) -> None:
    ship = flaky(sfn, "ship", 2)
    run(sfn, client, each({"StartAt": "Ship", "States": {"Ship": task("ship")}}, MaxConcurrency=1), [1, 2])
    ship.mend()
    redrive(client)
    execution = sfn.last_execution
    assert execution.status == "SUCCEEDED"
    assert "(failed)" not in execution.trace()


def test_an_aborted_execution_can_be_redriven(sfn: SfnSync, client: Any) -> None:
    def stop(event: Any) -> str:
        client.stop_execution(executionArn=EXECUTION)
        return "late"

    sfn.mock_lambda("ship", returns="ok")
    sfn.mock_lambda("ship", calls=stop, times=1)
    run(sfn, client, {"Ship": task("ship")})
    assert described(client)["status"] == "ABORTED"
    redrive(client)
    assert output(client) == "ok"


def test_pass_machines_have_nothing_to_redrive(client: Any) -> None:
    started(client, created(client, definition=PASS), name="one")
    assert described(client)["redriveStatus"] == "NOT_REDRIVABLE"


LONG = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 90_000_000, "End": True}}}


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        pytest.param(ENDLESS, "Execution history event limit exceeded", id="a history that is full"),
        pytest.param(LONG, "Execution has exceeded the max execution time", id="a year"),
    ],
)
def test_an_execution_that_reached_a_limit_is_refused(client: Any, definition: Any, reason: str) -> None:
    started(client, created(client, definition=definition), name="one")
    assert described(client)["redriveStatusReason"] == reason
    with refused("ExecutionNotRedrivable", f"Execution {EXECUTION} invalid for redrive as: {reason}"):
        redrive(client)


def test_the_thousand_and_first_redrive_is_refused(client: Any) -> None:
    started(client, created(client, definition=FAIL), name="one")
    for _ in range(1000):
        redrive(client)
    reason = "Execution redrive limit exceeded"
    with refused("ExecutionNotRedrivable", f"Execution {EXECUTION} invalid for redrive as: {reason}"):
        redrive(client)


def test_the_trace_and_the_duration_of_a_redriven_execution(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("a", responses=[TaskError("Busy"), TaskError("Busy"), {"n": 1}])
    retry = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 1}]
    run(sfn, client, {"A": task("a", Retry=retry)}, {"n": 1})
    minute = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    started(client, created(client, "clock", minute))
    redrive(client)
    execution = sfn.executions[0]
    assert (execution.status, execution.duration) == ("SUCCEEDED", 10.0)
    assert execution.trace().splitlines() == [
        "orders: SUCCEEDED after 10 s (execution one)",
        '  input   {"n": 1}',
        '        +0 s  A (Task): {"n": 1} -> {"n": 1}',
        "        +0 s    function a {\"n\": 1} -> error Busy, by mock_lambda('a')",
        "        +0 s    Retry[0] takes Busy, waits 10 s",
        "       +10 s    retry 1: function a {\"n\": 1} -> error Busy, by mock_lambda('a')",
        "       +10 s    redriven",
        '       +10 s    function a {"n": 1} -> {"n": 1}, by mock_lambda(\'a\')',
        '  output  {"n": 1}',
    ]


def test_a_state_that_is_entered_again_after_a_redrive_is_told_in_the_trace(sfn: SfnSync, client: Any) -> None:
    run(sfn, client, {"End": {"Type": "Fail", "Error": "Broken"}})
    redrive(client)
    lines = [line.strip() for line in sfn.executions[0].trace().splitlines()]
    assert lines[2:5] == ["+0 s  End (Fail): {} -> fails", "+0 s  redriven", "+0 s  End (Fail): {} -> fails"]
