"""Tasks that start another machine: in the same virtual time, recorded and linked, with AWS's results and errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError, UnmockedTaskError
from pytest_sfn_sync.executions.execution import Execution

START = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
MACHINES = "arn:aws:states:us-east-1:123456789012:stateMachine:"
SYNC = "aws-sdk:sfn:startSyncExecution"
WAITING = {
    "StartAt": "Rest",
    "States": {
        "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Parameters": {"got.$": "$"}, "End": True},
    },
}
FAILING = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Out", "Cause": "of stock"}}}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=7) as sfn:
        yield sfn


def starting(resource: str, child: str, parameters: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    given = {"StateMachineArn": child if child.startswith("arn:") else MACHINES + child, **(parameters or {})}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": given, "End": True, **fields}


def run(sfn: SfnSync, state: dict[str, Any], text: str = "{}") -> Execution:
    machine = sfn.register("parent", {"StartAt": "Start", "States": {"Start": state}})
    sfn.client().start_sync_execution(stateMachineArn=machine.arn, input=text)
    return sfn.last_execution


def test_a_child_runs_in_the_virtual_time_of_its_parent(sfn: SfnSync) -> None:
    sfn.register("child", WAITING)

    parent = run(sfn, starting(SYNC, "child", {"Input": {"x": 1}, "Name": "one"}))

    (child,) = parent.children
    assert sfn.executions == [child, parent]
    assert (parent.duration, child.duration) == (5.0, 5.0)
    assert child.output == {"got": {"x": 1}}
    assert parent.output == {
        "BillingDetails": {"BilledDurationInMilliseconds": 5000, "BilledMemoryUsedInMB": 64},
        "ExecutionArn": child.arn,
        "Input": '{"x":1}',
        "InputDetails": {"Included": True},
        "Name": "one",
        "Output": '{"got":{"x":1}}',
        "OutputDetails": {"Included": True},
        "StartDate": "2024-05-01T12:00:00Z",
        "StateMachineArn": MACHINES + "child",
        "Status": "SUCCEEDED",
        "StopDate": "2024-05-01T12:00:05Z",
    }
    assert list(parent.output) == sorted(parent.output)


def test_children_of_branches_run_at_the_same_virtual_time(sfn: SfnSync) -> None:
    sfn.register("child", WAITING)
    branches = [{"StartAt": name, "States": {name: starting(SYNC, "child")}} for name in ("One", "Other")]

    parent = run(sfn, {"Type": "Parallel", "Branches": branches, "End": True})

    assert parent.duration == 5.0
    assert [child.started_at for child in parent.children] == [START, START]


def test_a_child_that_fails_does_not_fail_the_task(sfn: SfnSync) -> None:
    sfn.register("child", FAILING)

    parent = run(sfn, starting(SYNC, "child"))

    assert parent.status == "SUCCEEDED"
    assert {name: parent.output[name] for name in ("Status", "Error", "Cause")} == {
        "Status": "FAILED",
        "Error": "Out",
        "Cause": "of stock",
    }
    assert "Output" not in parent.output


def test_a_task_may_lose_patience_with_a_child(sfn: SfnSync) -> None:
    sfn.register("child", WAITING)

    parent = run(sfn, starting(SYNC, "child", TimeoutSeconds=2))

    assert (parent.error, parent.duration) == ("States.Timeout", 2.0)


@pytest.mark.parametrize(
    ("resource", "metadata", "date"),
    [
        pytest.param(
            "states:startExecution", ["SdkHttpMetadata", "SdkResponseMetadata"], 1_714_564_800_000, id="optimized"
        ),
        pytest.param("aws-sdk:sfn:startExecution", [], "2024-05-01T12:00:00Z", id="of the SDK"),
    ],
)
@pytest.mark.parametrize("definition", [pytest.param(WAITING, id="that waits"), pytest.param(FAILING, id="that fails")])
def test_a_child_that_nobody_waits_for(
    sfn: SfnSync, definition: Any, resource: str, metadata: list[str], date: object
) -> None:
    sfn.register("child", definition)

    parent = run(sfn, starting(resource, "child"))

    (child,) = parent.children
    assert (parent.status, parent.duration) == ("SUCCEEDED", 0)
    assert list(parent.output) == ["ExecutionArn", *metadata, "StartDate"]
    assert parent.output["ExecutionArn"] == child.arn
    assert parent.output["StartDate"] == date


@pytest.mark.parametrize(
    ("resource", "child", "parameters", "error", "cause"),
    [
        pytest.param(
            SYNC,
            "other",
            {},
            "Sfn.StateMachineDoesNotExistException",
            f"State Machine Does Not Exist: '{MACHINES}other' (Service: Sfn, Status Code: 400, Request ID: <id>) "
            "(SDK Attempt Count: 1)",
            id="no such machine",
        ),
        pytest.param(
            "states:startExecution",
            "other",
            {},
            "StepFunctions.StateMachineDoesNotExistException",
            f"State Machine Does Not Exist: '{MACHINES}other' (Service: AWSStepFunctions; Status Code: 400; "
            "Error Code: StateMachineDoesNotExist; Request ID: <id>; Proxy: null)",
            id="no such machine, optimized",
        ),
        pytest.param(
            SYNC,
            "standard",
            {},
            "Sfn.StateMachineTypeNotSupportedException",
            "This operation is not supported by this type of state machine "
            "(Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)",
            id="a Standard machine",
        ),
        pytest.param(
            SYNC,
            "child",
            {"Input": ""},
            "Sfn.InvalidExecutionInputException",
            "Invalid State Machine Execution Input: 'Invalid execution input.' "
            "(Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)",
            id="an empty input",
        ),
        pytest.param(
            SYNC,
            "child",
            {"Name": "a b"},
            "Sfn.InvalidNameException",
            "Invalid Name: 'a b' (Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)",
            id="an invalid name",
        ),
    ],
)
def test_a_refusal(sfn: SfnSync, resource: str, child: str, parameters: Any, error: str, cause: str) -> None:
    sfn.register("child", WAITING)
    sfn.register("standard", WAITING, type="STANDARD")

    parent = run(sfn, starting(resource, child, parameters))

    before, after = cause.split("<id>")
    cause = parent.cause or ""
    assert parent.error == error
    assert cause.startswith(before)
    assert cause.endswith(after)
    assert parent.children == []


def test_input_of_null_is_absent(sfn: SfnSync) -> None:
    sfn.register("child", WAITING)

    assert run(sfn, starting(SYNC, "child", {"Input": None})).children[0].output == {"got": {}}


def test_a_mock_wins(sfn: SfnSync) -> None:
    sfn.register("child", WAITING)
    mock = sfn.mock_task("Start", returns={"Status": "SUCCEEDED", "Output": "{}"}, validate="none")

    parent = run(sfn, starting(SYNC, "child"))

    assert (mock.call_count, parent.children, parent.duration) == (1, [], 0)


def test_an_express_execution_starts_a_standard_one(sfn: SfnSync) -> None:
    sfn.register("standard", WAITING, type="STANDARD")
    resting = {"Type": "Wait", "Seconds": 3, "Next": "Start"}
    states = {"Rest": resting, "Start": starting("states:startExecution", "standard")}

    machine = sfn.register("parent", {"StartAt": "Rest", "States": states})
    parent = machine.run({})

    (child,) = parent.children
    assert (parent.status, parent.duration) == ("SUCCEEDED", 3.0)
    assert ((child.started_at - START).total_seconds(), child.duration) == (3.0, 5.0)
    described = sfn.client().describe_execution(executionArn=parent.output["ExecutionArn"])
    assert (described["status"], described["output"]) == ("SUCCEEDED", '{"got":{}}')


def test_an_unmocked_task_of_a_child_is_reported(sfn: SfnSync) -> None:
    pay = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": True}
    sfn.register("child", {"StartAt": "Pay", "States": {"Pay": pay}})

    with pytest.raises(UnmockedTaskError, match="state 'Pay' in the state machine 'child'"):
        run(sfn, starting(SYNC, "child"))
    assert [execution.status for execution in sfn.executions] == ["ABORTED", "ABORTED"]
    sfn.usage_errors.clear()


@pytest.mark.parametrize("resource", [SYNC, "states:startExecution"])
def test_a_machine_that_starts_itself_without_end(sfn: SfnSync, resource: str) -> None:
    with pytest.raises(SfnSyncUsageError) as refused:
        run(sfn, starting(resource, "parent"))

    assert str(refused.value) == (
        "Executions are nested 20 deep, the most that this fake allows: the state 'Start' would start 'parent' once "
        "more (... parent -> parent -> parent -> parent).\n"
        "Does a machine start itself without end? Give it a state that ends the recursion, or mock the Task:\n"
        '    sfn_sync.mock_task("Start", returns={})'
    )
    sfn.usage_errors.clear()


def test_machines_that_start_each_other_twice_without_end(sfn: SfnSync) -> None:
    def twice(child: str) -> dict[str, Any]:
        start = starting("states:startExecution", child)
        branches = [{"StartAt": f"Start{at}", "States": {f"Start{at}": start}} for at in range(2)]
        return {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}}

    sfn.register("left", twice("right"), type="STANDARD")
    right = sfn.register("right", twice("left"), type="STANDARD")
    with pytest.raises(SfnSyncUsageError, match="Machines have started themselves 1,000 times, the most that this"):
        right.run({})
    sfn.usage_errors.clear()


def test_a_recursion_that_ends(sfn: SfnSync) -> None:
    again = starting(SYNC, "parent", {"Input": {"left.$": "States.MathAdd($.left, -1)"}})
    definition = {
        "StartAt": "More",
        "States": {
            "More": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.left", "NumericEquals": 0, "Next": "Done"}],
                "Default": "Again",
            },
            "Again": again,
            "Done": {"Type": "Succeed"},
        },
    }
    machine = sfn.register("parent", definition)

    sfn.client().start_sync_execution(stateMachineArn=machine.arn, input='{"left": 15}')

    assert len(sfn.executions) == 16
    assert sfn.last_execution.status == "SUCCEEDED"


def test_executions_that_run_at_the_same_time_interleave(sfn: SfnSync) -> None:
    for name, seconds in (("slow", 5), ("quick", 2)):
        step = {"Type": "Task", "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{name}"}
        rest = {"Type": "Wait", "Seconds": seconds}
        states = {
            f"{name}1": {**step, "Next": f"{name}Rest"},
            f"{name}Rest": {**rest, "Next": f"{name}2"},
            f"{name}2": {**step, "End": True},
        }
        sfn.register(name, {"StartAt": f"{name}1", "States": states})
        sfn.mock_lambda(name, returns={})
    branches = [
        {"StartAt": f"Start {name}", "States": {f"Start {name}": starting(SYNC, name)}} for name in ("slow", "quick")
    ]
    execution = run(sfn, {"Type": "Parallel", "Branches": branches, "End": True})
    calls = sorted(
        (call for child in execution.children for call in child.calls), key=lambda call: (call.at, call.state_name)
    )
    log = [(call.state_name, (call.at - START).total_seconds()) for call in calls]
    assert log == [("quick1", 0.0), ("slow1", 0.0), ("quick2", 2.0), ("slow2", 5.0)]
    assert [child.machine.name for child in execution.children] == ["slow", "quick"]
    assert execution.duration == 5.0
    ended = [ended.machine.name for ended in sfn.executions]
    assert ended == ["quick", "slow", "parent"]


def test_a_task_that_is_out_of_time_leaves_its_execution_to_itself(sfn: SfnSync) -> None:
    sfn.register("waiting", WAITING)
    execution = run(sfn, starting(SYNC, "waiting", TimeoutSeconds=2))
    assert (execution.status, execution.error, execution.duration) == ("FAILED", "States.Timeout", 2.0)
    (child,) = execution.children
    assert (child.status, child.duration) == ("SUCCEEDED", 5.0)


def test_an_express_execution_whose_task_is_cut_off_runs_on(sfn: SfnSync) -> None:
    sfn.register("child", WAITING)
    start = starting(f"{SYNC}.waitForTaskToken", "child", TimeoutSeconds=2)
    parent = sfn.register("parent", {"StartAt": "Start", "States": {"Start": start}}, type="STANDARD").run({})

    assert (parent.error, parent.duration) == ("States.Timeout", 2.0)
    (child,) = parent.children
    assert (child.status, child.duration) == ("SUCCEEDED", 5.0)


def test_a_handler_that_starts_its_own_machine_without_end(sfn: SfnSync) -> None:
    pay = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": True}
    machine = sfn.register("again", {"StartAt": "Pay", "States": {"Pay": pay}}, type="STANDARD")
    client = sfn.client()
    sfn.mock_lambda("pay", calls=lambda event: client.start_execution(stateMachineArn=machine.arn)["executionArn"])
    with pytest.raises(SfnSyncUsageError, match="Executions have started each other 1,000 times, the most that this"):
        machine.run({})
    sfn.usage_errors.clear()


def test_a_handler_that_runs_its_own_machine_without_end(sfn: SfnSync) -> None:
    pay = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": True}
    machine = sfn.register("again", {"StartAt": "Pay", "States": {"Pay": pay}})
    sfn.mock_lambda("pay", calls=lambda event: machine.run({}).status)
    with pytest.raises(SfnSyncUsageError, match="Is there a handler that runs the machine whose task it does"):
        machine.run({})
    sfn.usage_errors.clear()
