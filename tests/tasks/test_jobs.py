"""Tasks that wait for jobs with ``.sync``, whose mocks give the job as it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from pytest_sfn_sync import Execution, MockError, SfnSync, TaskError

START = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
BATCH = {"JobName": "n", "JobQueue": "q", "JobDefinition": "d"}
FAILED = {"JobId": "j-1", "JobName": "n", "Status": "FAILED", "StatusReason": "out of memory"}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=7) as sfn:
        yield sfn


def run(sfn: SfnSync, resource: str = "batch:submitJob", parameters: Any = BATCH, **fields: Any) -> Execution:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}.sync", "Parameters": parameters, "End": True}
    definition = {"StartAt": "Run", "States": {"Run": {**state, **fields}}}
    return sfn.register("jobs", definition, type="STANDARD").run({})


def types(execution: Execution) -> list[str]:
    return [event["type"] for event in execution.history][2:-1]


def submitted(execution: Execution) -> Any:
    (event,) = [event for event in execution.history if event["type"] == "TaskSubmitted"]
    return json.loads(event["taskSubmittedEventDetails"]["output"])


def test_a_job_that_ends(sfn: SfnSync) -> None:
    job = {"JobId": "j-1", "JobName": "n", "Status": "SUCCEEDED"}
    mock = sfn.mock_task("Run", returns=job, takes=600)

    execution = run(sfn)

    execution.assert_succeeded(output=job)
    assert execution.duration == 600
    assert types(execution) == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited"]
    answer = submitted(execution)
    assert (answer["JobId"], answer["JobName"]) == ("j-1", "n")
    assert answer["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert mock.payloads == [BATCH]


@pytest.mark.parametrize("by_resource", [False, True], ids=["a mock of the state", "a mock of the resource"])
def test_a_job_that_fails(sfn: SfnSync, by_resource: bool) -> None:
    if by_resource:
        sfn.mock_resource("batch:submitJob.sync", returns=FAILED)
    else:
        sfn.mock_task("Run", returns=FAILED)

    execution = run(sfn)

    execution.assert_failed(error="States.TaskFailed", cause=json.dumps(FAILED, separators=(",", ":")))
    assert types(execution) == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskFailed"]
    assert submitted(execution)["JobId"] == "j-1"


def test_a_job_that_fails_once_and_is_retried(sfn: SfnSync) -> None:
    sfn.mock_task("Run", responses=[FAILED, {"Status": "SUCCEEDED"}], takes=60)

    execution = run(sfn, Retry=[{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 30}])

    execution.assert_succeeded(output={"Status": "SUCCEEDED"})
    assert execution.duration == 150


@pytest.mark.parametrize(
    ("error", "events"),
    [
        pytest.param(
            TaskError("Batch.ClientException", "no such queue"),
            ["TaskScheduled", "TaskStarted", "TaskFailed"],
            id="of the service, so that there is no job",
        ),
        pytest.param(
            TaskError("States.TaskFailed", "{}"),
            ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskFailed"],
            id="of the job",
        ),
    ],
)
def test_an_error(sfn: SfnSync, error: TaskError, events: list[str]) -> None:
    sfn.mock_task("Run", raises=error)

    execution = run(sfn)

    execution.assert_failed(error=error.error, cause=error.cause)
    assert types(execution) == events


def test_a_task_of_ecs_that_was_not_placed(sfn: SfnSync) -> None:
    answer = {"Tasks": [], "Failures": [{"Reason": "RESOURCE:MEMORY"}]}
    sfn.mock_task("Run", returns=answer, validate="none")

    execution = run(sfn, "ecs:runTask", {"TaskDefinition": "d", "Cluster": "c"})

    execution.assert_failed(error="AmazonECS.Unknown")
    assert types(execution) == ["TaskScheduled", "TaskStarted", "TaskFailed"]


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        pytest.param({"TimeoutSeconds": 300}, 300, id="a timeout"),
        pytest.param({"HeartbeatSeconds": 60}, 60, id="a missed heartbeat"),
    ],
)
def test_a_timeout_is_for_the_whole_job(sfn: SfnSync, fields: dict[str, Any], seconds: int) -> None:
    sfn.mock_task("Run", returns={"Status": "SUCCEEDED"}, takes=600)

    execution = run(sfn, **fields)

    execution.assert_failed(error="States.Timeout")
    assert execution.duration == seconds
    assert types(execution)[-2:] == ["TaskSubmitted", "TaskTimedOut"]


def test_a_mock_file(sfn: SfnSync) -> None:
    sfn.use_mock_config(
        {
            "StateMachines": {"jobs": {"TestCases": {"Failing": {"Run": "Answer"}}}},
            "MockedResponses": {"Answer": {"0": {"Return": FAILED}}},
        },
        case="Failing",
    )

    execution = run(sfn)

    execution.assert_failed(error="States.TaskFailed")
    assert "TaskSubmitted" in types(execution)


def test_a_job_that_has_not_ended_is_refused(sfn: SfnSync) -> None:
    sfn.mock_task("Run", returns={"Status": "RUNNING"})

    with pytest.raises(MockError, match=r"A job in the state 'RUNNING' \(\$\.Status\) has not ended"):
        run(sfn)
    sfn.usage_errors.clear()


def test_a_mock_of_a_resource_is_checked_at_once(sfn: SfnSync) -> None:
    with pytest.raises(MockError, match="It is the answer of DescribeJobs"):
        sfn.mock_resource("batch:submitJob.sync", returns={"Jobs": []})


def test_a_token_ends_the_task_early(sfn: SfnSync) -> None:
    tokens: list[str] = []

    def submit(payload: Any) -> dict[str, Any]:
        tokens.append(payload["Parameters"]["token"])
        sfn.client().send_task_success(taskToken=tokens[0], output='"done"')
        return {"Status": "SUCCEEDED"}

    sfn.mock_task("Run", calls=submit, takes=600)

    execution = run(sfn, parameters={**BATCH, "Parameters": {"token.$": "$$.Task.Token"}})

    execution.assert_succeeded(output="done")
    assert execution.duration == 0


def test_branches_that_fail_together(sfn: SfnSync) -> None:
    sfn.mock_task("Run", returns={"Status": "SUCCEEDED"}, takes=60)
    job = {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": BATCH, "End": True}
    branches = [
        {"StartAt": "Run", "States": {"Run": job}},
        {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Out"}}},
    ]
    definition = {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}}

    execution = sfn.register("both", definition, type="STANDARD").run({})

    execution.assert_failed(error="Out")
    assert execution.duration == 0


def test_a_callback_of_ecs_that_was_not_placed(sfn: SfnSync) -> None:
    sfn.mock_resource("ecs:runTask", returns={"Tasks": [], "Failures": [{"Reason": "RESOURCE:CPU"}]})
    container = {"Name": "app", "Environment": [{"Name": "TOKEN", "Value.$": "$$.Task.Token"}]}
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken",
        "Parameters": {"TaskDefinition": "d", "Overrides": {"ContainerOverrides": [container]}},
        "End": True,
    }
    execution = sfn.register("asks", {"StartAt": "Ask", "States": {"Ask": state}}, type="STANDARD").run()
    cause = '{"Tasks":[],"Failures":[{"Reason":"RESOURCE:CPU"}]}'
    execution.assert_failed(error="AmazonECS.Unknown", cause=cause)
    assert types(execution) == ["TaskScheduled", "TaskStarted", "TaskFailed"]
