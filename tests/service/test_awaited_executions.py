"""Standard executions that tasks start, and wait for with ``.sync`` and ``.sync:2``: results, errors, events, time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync, UnmockedTaskError
from tests.service.scenes import FUNCTION, events

START = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
ACCOUNT = "111111111111"
MACHINES = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:"
EXECUTIONS = f"arn:aws:states:us-east-1:{ACCOUNT}:execution:"
MILLISECONDS = int(START.timestamp() * 1000)
RESTING = {
    "StartAt": "Rest",
    "States": {
        "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Parameters": {"got.$": "$"}, "End": True},
    },
}
FAILING = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Out", "Cause": "of stock"}}}
LATE = {**RESTING, "TimeoutSeconds": 2}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=7, account_id=ACCOUNT) as sfn:
        yield sfn


def starting(pattern: str = ".sync", **fields: Any) -> dict[str, Any]:
    parameters = {"StateMachineArn": f"{MACHINES}child", "Name": "one", "Input": {"x": 1}, **fields.pop("also", {})}
    resource = f"arn:aws:states:::states:startExecution{pattern}"
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **fields}


def run(sfn: SfnSync, child: Any, state: dict[str, Any]) -> dict[str, Any]:
    """Run a parent with this state, and return its description."""
    sfn.register("child", child, type="STANDARD")
    parent = sfn.register("parent", {"StartAt": "Start", "States": {"Start": state}}, type="STANDARD")
    client = sfn.client()
    arn = client.start_execution(stateMachineArn=parent.arn, name="parent")["executionArn"]
    described: dict[str, Any] = client.describe_execution(executionArn=arn)
    return described


@pytest.mark.parametrize(
    ("pattern", "input_", "output"),
    [
        pytest.param(".sync", '{"x":1}', '{"got":{"x":1}}', id="JSON texts with .sync"),
        pytest.param(".sync:2", {"x": 1}, {"got": {"x": 1}}, id="documents with .sync:2"),
    ],
)
def test_the_result_is_the_description_of_the_execution(sfn: SfnSync, pattern: str, input_: Any, output: Any) -> None:
    parent = run(sfn, RESTING, starting(pattern))

    result = json.loads(parent["output"])
    assert result == {
        "ExecutionArn": f"{EXECUTIONS}child:one",
        "Input": input_,
        "InputDetails": {"Included": True},
        "Name": "one",
        "Output": output,
        "OutputDetails": {"Included": True},
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": MILLISECONDS,
        "StateMachineArn": f"{MACHINES}child",
        "Status": "SUCCEEDED",
        "StopDate": MILLISECONDS + 5000,
    }
    assert list(result) == sorted(result)
    assert (parent["stopDate"] - parent["startDate"]).total_seconds() == 5


@pytest.mark.parametrize("pattern", [".sync", ".sync:2"])
@pytest.mark.parametrize(
    ("child", "status", "members"),
    [
        pytest.param(FAILING, "FAILED", {"Error": "Out", "Cause": "of stock"}, id="that fails"),
        pytest.param(LATE, "TIMED_OUT", {}, id="that times out"),
    ],
)
def test_an_execution_without_success_fails_the_task(
    sfn: SfnSync, child: Any, status: str, members: dict[str, Any], pattern: str
) -> None:
    parent = run(sfn, child, starting(pattern))

    assert (parent["status"], parent["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(parent["cause"])
    assert " " not in parent["cause"].replace("of stock", "")
    assert {name: cause.get(name) for name in ("Status", "Error", "Cause")} == {
        "Status": status,
        "Error": None,
        "Cause": None,
        **members,
    }
    assert cause["Input"] == ({"x": 1} if pattern == ".sync:2" else '{"x":1}')
    assert cause["RedriveStatus"] == "REDRIVABLE"
    assert "Output" not in cause


def test_the_events_of_both_executions(sfn: SfnSync) -> None:
    parent = run(sfn, RESTING, starting())

    client = sfn.client()
    assert [type_ for *_, type_ in events(client, parent["executionArn"])] == [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    history = client.get_execution_history(executionArn=parent["executionArn"])["events"]
    details = history[4]["taskSubmittedEventDetails"]
    assert (details["resourceType"], details["resource"]) == ("states", "startExecution.sync")
    submitted = json.loads(details["output"])
    assert list(submitted) == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"]
    assert submitted["ExecutionArn"] == f"{EXECUTIONS}child:one"
    assert [(event["timestamp"] - START).total_seconds() for event in history[4:6]] == [0, 5]
    assert len(events(client, f"{EXECUTIONS}child:one")) == 6


def test_the_execution_is_listed_and_a_child_of_the_other(sfn: SfnSync) -> None:
    run(sfn, RESTING, starting())

    (listed,) = sfn.client().list_executions(stateMachineArn=f"{MACHINES}child")["executions"]
    assert (listed["name"], listed["status"]) == ("one", "SUCCEEDED")
    child, parent = sfn.executions
    assert parent.children == [child]
    assert (child.arn, child.output) == (f"{EXECUTIONS}child:one", {"got": {"x": 1}})
    assert parent.calls[0].answered_by == "state machine 'child'"


def test_an_input_of_null_is_an_empty_object(sfn: SfnSync) -> None:
    parent = run(sfn, RESTING, starting(also={"Input": None}))

    assert json.loads(parent["output"])["Input"] == "{}"


def test_input_is_not_changed(sfn: SfnSync) -> None:
    given = {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}

    parent = run(sfn, RESTING, starting(".sync:2", also={"Input": given}))

    expected = {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": parent["executionArn"]}
    assert json.loads(parent["output"])["Input"] == expected


@pytest.mark.parametrize(
    ("also", "error", "cause"),
    [
        pytest.param(
            {"StateMachineArn": f"{MACHINES}other"},
            "StepFunctions.StateMachineDoesNotExistException",
            f"State Machine Does Not Exist: '{MACHINES}other' (Service: AWSStepFunctions; Status Code: 400; "
            "Error Code: StateMachineDoesNotExist; Request ID: ",
            id="no such machine",
        ),
        pytest.param(
            {"Name": "used"},
            "StepFunctions.ExecutionAlreadyExistsException",
            f"Execution Already Exists: '{EXECUTIONS}child:used' (Service: AWSStepFunctions; Status Code: 400; "
            "Error Code: ExecutionAlreadyExists; Request ID: ",
            id="a name that was used before",
        ),
        pytest.param(
            {"StateMachineArn": f"{MACHINES}express"},
            "StepFunctions.StateMachineTypeNotSupportedException",
            "This operation is not supported by this type of state machine (Service: AWSStepFunctions; "
            "Status Code: 400; Error Code: StateMachineTypeNotSupported; Request ID: ",
            id="an Express machine",
        ),
    ],
)
def test_an_execution_that_cannot_start(sfn: SfnSync, also: dict[str, Any], error: str, cause: str) -> None:
    sfn.register("express", RESTING)
    sfn.register("child", RESTING, type="STANDARD").run({}, name="used")

    parent = run(sfn, RESTING, starting(also=also))

    assert parent["error"] == error
    assert parent["cause"].startswith(cause)
    assert "TaskSubmitted" not in [type_ for *_, type_ in events(sfn.client(), parent["executionArn"])]


def test_an_express_machine_is_named_in_a_note(sfn: SfnSync) -> None:
    sfn.register("express", RESTING)

    run(sfn, RESTING, starting(also={"StateMachineArn": f"{MACHINES}express"}))

    assert sfn.notes == [
        "The state 'Start' waits for the end of an execution of 'express', which is an Express machine. Step Functions "
        "waits so for Standard machines only. For an Express machine the Resource is "
        "arn:aws:states:::aws-sdk:sfn:startSyncExecution."
    ]


def test_a_retry_with_the_same_name_is_refused(sfn: SfnSync) -> None:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}]

    parent = run(sfn, FAILING, starting(Retry=retry))

    assert parent["error"] == "StepFunctions.ExecutionAlreadyExistsException"


def test_a_timeout_of_the_task_stops_the_execution(sfn: SfnSync) -> None:
    parent = run(sfn, RESTING, starting(TimeoutSeconds=2))

    assert (parent["status"], parent["error"]) == ("FAILED", "States.Timeout")
    described = sfn.client().describe_execution(executionArn=f"{EXECUTIONS}child:one")
    assert (described["status"], (described["stopDate"] - START).total_seconds()) == ("ABORTED", 2)
    assert [type_ for *_, type_ in events(sfn.client(), parent["executionArn"])][-3:] == [
        "TaskSubmitted",
        "TaskTimedOut",
        "ExecutionFailed",
    ]


@pytest.mark.parametrize(
    ("pattern", "status"),
    [pytest.param(".sync", "ABORTED", id="that is waited for"), pytest.param("", "SUCCEEDED", id="that is not")],
)
def test_a_machine_that_times_out_stops_only_an_execution(sfn: SfnSync, pattern: str, status: str) -> None:
    sfn.register("child", RESTING, type="STANDARD")
    states = {"Start": {**starting(pattern), "Next": "Rest"}, "Rest": {"Type": "Wait", "Seconds": 9, "End": True}}
    del states["Start"]["End"]
    parent = sfn.register("parent", {"TimeoutSeconds": 3, "StartAt": "Start", "States": states}, type="STANDARD").run(
        {}
    )

    assert (parent.status, parent.duration) == ("TIMED_OUT", 3)
    assert sfn.client().describe_execution(executionArn=f"{EXECUTIONS}child:one")["status"] == status


def test_a_branch_that_fails_stops_the_execution_of_another(sfn: SfnSync) -> None:
    rest = {"Type": "Wait", "Seconds": 1, "Next": "Stop"}
    branches = [
        {"StartAt": "One", "States": {"One": starting()}},
        {"StartAt": "Rest", "States": {"Rest": rest, "Stop": {"Type": "Fail", "Error": "Out"}}},
    ]
    parent = run(sfn, RESTING, {"Type": "Parallel", "Branches": branches, "End": True})

    assert (parent["status"], parent["error"]) == ("FAILED", "Out")
    assert sfn.client().describe_execution(executionArn=f"{EXECUTIONS}child:one")["status"] == "ABORTED"


def test_executions_of_branches_run_at_the_same_time(sfn: SfnSync) -> None:
    branches = [{"StartAt": name, "States": {name: starting(also={"Name": name})}} for name in ("one", "other")]
    parent = run(sfn, RESTING, {"Type": "Parallel", "Branches": branches, "End": True})

    assert (parent["stopDate"] - parent["startDate"]).total_seconds() == 5
    assert [child.duration for child in sfn.executions[:2]] == [5, 5]


def calling(function: str, seconds: int = 5) -> dict[str, Any]:
    rest = {"Type": "Wait", "Seconds": seconds} if seconds else {"Type": "Pass"}
    return {
        "StartAt": "Call",
        "States": {
            "Call": {"Type": "Task", "Resource": f"{FUNCTION}:{function}", "Next": "Rest"},
            "Rest": {**rest, "End": True},
        },
    }


@pytest.mark.parametrize(
    ("stopped", "seconds", "child", "parent"),
    [
        pytest.param("child:one", 5, "ABORTED", "FAILED", id="the execution itself"),
        pytest.param("parent:parent", 5, "ABORTED", "ABORTED", id="the one that waits for it"),
        pytest.param("parent:parent", 0, "SUCCEEDED", "ABORTED", id="the one that waits, while the execution ends"),
    ],
)
def test_a_handler_that_stops(sfn: SfnSync, stopped: str, seconds: int, child: str, parent: str) -> None:
    client = sfn.client()
    sfn.mock_lambda("stop", calls=lambda event: client.stop_execution(executionArn=EXECUTIONS + stopped) and None)

    described = run(sfn, calling("stop", seconds), starting())

    assert described["status"] == parent
    assert client.describe_execution(executionArn=f"{EXECUTIONS}child:one")["status"] == child
    if parent == "FAILED":
        assert described["error"] == "States.TaskFailed"
        assert json.loads(described["cause"])["Status"] == "ABORTED"


def test_a_usage_error_ends_both(sfn: SfnSync) -> None:
    with pytest.raises(UnmockedTaskError, match="state 'Call' in the state machine 'child'"):
        run(sfn, calling("unknown"), starting())

    assert [execution.status for execution in sfn.executions] == ["ABORTED", "ABORTED"]
    sfn.usage_errors.clear()


def test_starting_the_same_execution_twice_waits_for_the_first(sfn: SfnSync) -> None:
    branches = [{"StartAt": name, "States": {name: starting(".sync:2")}} for name in ("One", "Other")]

    parent = run(sfn, RESTING, {"Type": "Parallel", "Branches": branches, "End": True})

    first, second = json.loads(parent["output"])
    assert first == second
    assert first["StopDate"] == MILLISECONDS + 5000
    assert len(sfn.executions) == 2


def test_a_plain_start_of_the_same_execution_returns_it(sfn: SfnSync) -> None:
    branches = [{"StartAt": name, "States": {name: starting("")}} for name in ("One", "Other")]

    parent = run(sfn, RESTING, {"Type": "Parallel", "Branches": branches, "End": True})

    first, second = json.loads(parent["output"])
    assert first["ExecutionArn"] == second["ExecutionArn"] == f"{EXECUTIONS}child:one"
    assert len(sfn.executions) == 2


def test_a_machine_of_the_fake_around(sfn: SfnSync) -> None:
    sfn.register("child", RESTING, type="STANDARD")
    with SfnSync(start_time=START, account_id=ACCOUNT) as inner:
        definition = {"StartAt": "Start", "States": {"Start": starting(".sync:2")}}
        parent = inner.register("parent", definition, type="STANDARD").run({})

        assert parent.output["Output"] == {"got": {"x": 1}}
        assert len(inner.executions) == 2
        assert sfn.executions == []


def test_a_test_case_of_a_mock_file_for_the_execution(sfn: SfnSync) -> None:
    sfn.use_mock_config(
        {
            "StateMachines": {"child": {"TestCases": {"Good": {"Call": "Answer"}}}},
            "MockedResponses": {"Answer": {"0": {"Return": {"n": 5}}}},
        }
    )

    parent = run(sfn, calling("any"), starting(".sync:2", also={"StateMachineArn": f"{MACHINES}child#Good"}))

    assert json.loads(parent["output"])["Output"] == {"n": 5}


def test_an_execution_with_a_new_name_can_be_redriven(sfn: SfnSync) -> None:
    run(sfn, FAILING, starting())

    client = sfn.client()
    client.redrive_execution(executionArn=f"{EXECUTIONS}child:one")
    assert client.describe_execution(executionArn=f"{EXECUTIONS}child:one")["redriveCount"] == 1


def test_a_redriven_parent_starts_another_execution(sfn: SfnSync) -> None:
    state = starting()
    del state["Parameters"]["Name"]
    sfn.mock_lambda("pay", responses=[ValueError("late"), {}])
    parent = run(sfn, calling("pay"), state)

    assert parent["error"] == "States.TaskFailed"
    client = sfn.client()
    client.redrive_execution(executionArn=parent["executionArn"])
    assert client.describe_execution(executionArn=parent["executionArn"])["status"] == "SUCCEEDED"
    assert len(client.list_executions(stateMachineArn=f"{MACHINES}child")["executions"]) == 2


def test_an_express_machine_cannot_wait_for_an_execution(sfn: SfnSync) -> None:
    definition = json.dumps({"StartAt": "Start", "States": {"Start": starting()}})
    with pytest.raises(ClientError, match=r"Express state machine does not support '\.sync' service integration"):
        sfn.client().create_state_machine(
            name="parent", definition=definition, roleArn=f"arn:aws:iam::{ACCOUNT}:role/r", type="EXPRESS"
        )


ASKING = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
            "End": True,
        }
    },
}


class Asking:
    """A parent that waits for an execution that waits for a task token."""

    def __init__(self, sfn: SfnSync, **fields: Any) -> None:
        self.client = sfn.client()
        self.mock = sfn.mock_resource("sqs:sendMessage", returns={"MessageId": "m"}, optional=True)
        self.parent_arn = run(sfn, ASKING, starting(".sync:2", **fields))["executionArn"]

    @property
    def statuses(self) -> list[str]:
        arns = (self.parent_arn, f"{EXECUTIONS}child:one")
        return [self.client.describe_execution(executionArn=arn)["status"] for arn in arns]

    @property
    def token(self) -> str:
        return str(self.mock.payloads[-1]["MessageBody"]["token"])


def test_an_answer_lets_both_go_on(sfn: SfnSync) -> None:
    asking = Asking(sfn)
    assert asking.statuses == ["RUNNING", "RUNNING"]

    asking.client.send_task_success(taskToken=asking.token, output='{"n": 5}')

    assert asking.statuses == ["SUCCEEDED", "SUCCEEDED"]
    output = json.loads(asking.client.describe_execution(executionArn=asking.parent_arn)["output"])
    assert output["Output"] == {"n": 5}


def test_a_refusal_fails_both(sfn: SfnSync) -> None:
    asking = Asking(sfn)

    asking.client.send_task_failure(taskToken=asking.token, error="Refused")

    assert asking.statuses == ["FAILED", "FAILED"]
    described = asking.client.describe_execution(executionArn=asking.parent_arn)
    assert described["error"] == "States.TaskFailed"
    assert json.loads(described["cause"])["Error"] == "Refused"


@pytest.mark.parametrize(
    ("stopped", "statuses"),
    [
        pytest.param("parent:parent", ["ABORTED", "ABORTED"], id="the one that waits, and the execution with it"),
        pytest.param("child:one", ["FAILED", "ABORTED"], id="the execution, by which the task fails"),
    ],
)
def test_one_of_the_two_is_stopped(sfn: SfnSync, stopped: str, statuses: list[str]) -> None:
    asking = Asking(sfn)

    asking.client.stop_execution(executionArn=EXECUTIONS + stopped, error="E", cause="c")

    assert asking.statuses == statuses
    with pytest.raises(ClientError, match="TaskTimedOut"):
        asking.client.send_task_success(taskToken=asking.token, output="{}")


def test_time_does_not_jump_over_the_timeout_of_the_task(sfn: SfnSync) -> None:
    asking = Asking(sfn, TimeoutSeconds=60)

    assert asking.statuses == ["RUNNING", "RUNNING"]


@pytest.mark.parametrize("seconds", [5, 0], ids=["that goes on", "that has ended then"])
def test_a_handler_of_the_execution_answers_the_task(sfn: SfnSync, seconds: int) -> None:
    client = sfn.client()
    sfn.mock_lambda(
        "tell", calls=lambda event: client.send_task_success(taskToken=event["token"], output='"early"') and None
    )
    state = starting(also={"Input": {"token.$": "$$.Task.Token"}})

    parent = run(sfn, calling("tell", seconds), state)

    assert (parent["status"], parent["output"]) == ("SUCCEEDED", '"early"')
    assert parent["startDate"] == parent["stopDate"]
    child = client.describe_execution(executionArn=f"{EXECUTIONS}child:one")
    assert (child["status"], (child["stopDate"] - child["startDate"]).total_seconds()) == ("SUCCEEDED", seconds)


@pytest.mark.parametrize("pattern", ["", ".sync"])
def test_an_execution_that_starts_after_an_answer_is_a_child_too(sfn: SfnSync, pattern: str) -> None:
    sfn.register("child", RESTING, type="STANDARD")
    ask = {name: value for name, value in ASKING["States"]["Ask"].items() if name != "End"}  # type: ignore[index]
    definition = {"StartAt": "Ask", "States": {"Ask": {**ask, "Next": "Start"}, "Start": starting(pattern)}}
    mock = sfn.mock_resource("sqs:sendMessage", returns={"MessageId": "m"})
    parent = sfn.register("parent", definition, type="STANDARD").run({})
    assert parent.children == []

    sfn.client().send_task_success(taskToken=mock.payloads[0]["MessageBody"]["token"], output="{}")

    assert [child.name for child in parent.children] == ["one"]
    assert parent.status == "SUCCEEDED"


def test_an_execution_that_was_stopped_is_not_stopped_again_with_its_task(sfn: SfnSync) -> None:
    client = sfn.client()

    def stop(event: Any) -> None:
        client.stop_execution(executionArn=f"{EXECUTIONS}child:one", error="First")
        raise ValueError("the branch fails")

    sfn.mock_lambda("stop", calls=stop)
    branches = [
        {"StartAt": "One", "States": {"One": starting()}},
        {"StartAt": "Stop", "States": {"Stop": {"Type": "Task", "Resource": f"{FUNCTION}:stop", "End": True}}},
    ]
    parent = run(sfn, RESTING, {"Type": "Parallel", "Branches": branches, "End": True})

    assert parent["error"] == "ValueError"
    assert client.describe_execution(executionArn=f"{EXECUTIONS}child:one")["error"] == "First"
