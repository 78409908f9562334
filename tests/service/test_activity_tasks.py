"""Tasks of activities: the queue, the workers that claim them, their events, and what answers them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync, SfnSyncUsageError, TaskError, UnmockedTaskError
from pytest_sfn_sync.asl.pauses import Awaited
from pytest_sfn_sync.service import looks_in_vain
from tests.service.conftest import NOON
from tests.service.scenes import PREFIX, created, events, members, refused, started

PACK = f"{PREFIX}:activity:pack"


def packing(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "Resource": PACK, "End": True, **fields}}}


@pytest.fixture
def activity(client: Any) -> str:
    return str(client.create_activity(name="pack")["activityArn"])


def outcome(client: Any, arn: str) -> dict[str, Any]:
    described = client.describe_execution(executionArn=arn)
    return {name: described[name] for name in ("status", "output", "error", "cause") if name in described}


def history(client: Any, arn: str) -> list[tuple[str, Any]]:
    """Return type and details of the events between entering and leaving the state."""
    found = client.get_execution_history(executionArn=arn)["events"]
    return [
        (event["type"], next((value for name, value in event.items() if name.endswith("Details")), None))
        for event in found
        if event["type"].startswith("Activity")
    ]


def test_a_worker_gets_the_input_and_its_output_is_the_result(client: Any, activity: str) -> None:
    arn = started(client, created(client, definition=packing()), input={"box": 1})
    assert outcome(client, arn) == {"status": "RUNNING"}
    task = members(client.get_activity_task(activityArn=activity, workerName="Aino"))
    assert task.keys() == {"taskToken", "input"}
    assert json.loads(task["input"]) == {"box": 1}
    client.send_task_success(taskToken=task["taskToken"], output='{"packed": true}')
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '{"packed":true}'}
    assert history(client, arn) == [
        ("ActivityScheduled", {"resource": PACK, "input": '{"box":1}', "inputDetails": {"truncated": False}}),
        ("ActivityStarted", {"workerName": "Aino"}),
        ("ActivitySucceeded", {"output": '{"packed":true}', "outputDetails": {"truncated": False}}),
    ]
    assert [event[:2] for event in events(client, arn)] == [(1, 0), (2, 0), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6)]


def test_a_worker_without_a_name_leaves_the_details_empty(client: Any, activity: str) -> None:
    arn = started(client, created(client, definition=packing(TimeoutSeconds=60, HeartbeatSeconds=10)))
    task = client.get_activity_task(activityArn=activity)
    client.send_task_failure(taskToken=task["taskToken"], error="Torn", cause="the box")
    assert outcome(client, arn) == {"status": "FAILED", "error": "Torn", "cause": "the box"}
    scheduled, begun, failed = history(client, arn)
    assert (scheduled[1]["timeoutInSeconds"], scheduled[1]["heartbeatInSeconds"]) == (60, 10)
    assert begun == ("ActivityStarted", {})
    assert failed == ("ActivityFailed", {"error": "Torn", "cause": "the box"})


def test_without_a_task_the_answer_is_empty_at_once(client: Any, activity: str) -> None:
    assert members(client.get_activity_task(activityArn=activity)) == {}


def polled(client: Any, activity: str) -> str:
    while True:
        token = client.get_activity_task(activityArn=activity).get("taskToken")
        if token is not None:
            return str(token)


def test_code_that_polls_without_end_is_told(
    sfn: SfnSync, client: Any, activity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks_in_vain, "MOST_LOOKS_OF_A_TEST", 3)
    for _ in range(3):  # Time that passes shows that something goes on.
        client.get_activity_task(activityArn=activity)
        client.get_activity_task(activityArn=activity)
        sfn.advance(1)
    with pytest.raises(SfnSyncUsageError) as raised:
        polled(client, activity)
    assert str(raised.value) == (
        "GetActivityTask was called 3 times for the activity 'pack', which has no task. Meanwhile no execution was "
        "started, and no virtual time passed.\n"
        "Start an execution that comes to a Task of the activity before the code polls, and end the polling at an "
        "answer without a taskToken."
    )
    sfn.usage_errors.clear()
    assert members(client.get_activity_task(activityArn=activity)) == {}
    started(client, created(client, definition=packing()))
    assert polled(client, activity)


def test_a_handler_that_polls_without_end_is_told(
    sfn: SfnSync, client: Any, activity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks_in_vain, "MOST_LOOKS", 3)
    sfn.mock_task("Work", calls=lambda payload: polled(client, activity))
    state = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": True}
    caught = {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]}
    states = {"Work": {**state, **caught}, "Caught": {"Type": "Pass", "End": True}}
    machine = sfn.register("working", {"StartAt": "Work", "States": states}, type="STANDARD")
    with pytest.raises(SfnSyncUsageError) as raised:
        machine.run()
    assert str(raised.value).startswith(
        "The handler of the state 'Work' has called GetActivityTask 3 times for the activity 'pack', which has no "
        "task, and gets none: an execution goes on only after the handler has returned.\n"
        "Return from the handler, and let the test or the code under test do the worker's work."
    )
    sfn.usage_errors.clear()


def test_each_task_goes_to_one_worker_oldest_first(client: Any, activity: str) -> None:
    machine = created(client, definition=packing())
    for number in range(3):
        started(client, machine, input=number)
    inputs = [client.get_activity_task(activityArn=activity).get("input") for _ in range(4)]
    assert inputs == ["0", "1", "2", None]


def test_a_task_whose_execution_has_ended_is_not_given_to_a_worker(client: Any, activity: str) -> None:
    machine = created(client, definition=packing())
    stopped, waiting = started(client, machine, input=0), started(client, machine, input=1)
    client.stop_execution(executionArn=stopped)
    task = client.get_activity_task(activityArn=activity)
    assert task["input"] == "1"
    client.stop_execution(executionArn=waiting)
    with refused("TaskTimedOut", f"Task Timed Out: '{PACK}'"):
        client.send_task_success(taskToken=task["taskToken"], output="1")


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        pytest.param({"TimeoutSeconds": 30}, 30, id="the timeout"),
        pytest.param({"TimeoutSeconds": 30, "HeartbeatSeconds": 10}, 10, id="the heartbeat"),
    ],
)
def test_both_clocks_start_when_a_worker_claims_the_task(
    sfn: SfnSync, client: Any, activity: str, fields: dict[str, int], seconds: int
) -> None:
    arn = started(client, created(client, definition=packing(**fields)))
    sfn.advance(3600)
    client.get_activity_task(activityArn=activity)
    sfn.advance(seconds - 1)
    assert outcome(client, arn) == {"status": "RUNNING"}
    sfn.advance(1)
    assert outcome(client, arn) == {"status": "FAILED", "error": "States.Timeout"}
    assert history(client, arn)[-1] == ("ActivityTimedOut", {"error": "States.Timeout"})
    stopped = client.describe_execution(executionArn=arn)["stopDate"]
    assert stopped == NOON + timedelta(seconds=3600 + seconds)


def test_a_retry_is_queued_again(client: Any, activity: str) -> None:
    retry = [{"ErrorEquals": ["Torn"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    arn = started(client, created(client, definition=packing(Retry=retry)))
    first = client.get_activity_task(activityArn=activity)["taskToken"]
    client.send_task_failure(taskToken=first, error="Torn")
    second = client.get_activity_task(activityArn=activity)["taskToken"]
    assert first != second
    client.send_task_success(taskToken=second, output="2")
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": "2"}
    assert [type_ for type_, _ in history(client, arn)] == [
        "ActivityScheduled",
        "ActivityStarted",
        "ActivityFailed",
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
    ]


def test_an_activity_that_does_not_exist_fails_before_anything_is_scheduled(sfn: SfnSync, client: Any) -> None:
    client.create_activity(name="send")
    arn = started(client, created(client, definition=packing()))
    described = outcome(client, arn)
    assert (described["status"], described["error"]) == ("FAILED", "States.Runtime")
    assert described["cause"].endswith(f"Activity Does Not Exist: '{PACK}'")
    assert history(client, arn) == []
    assert sfn.notes == [
        f"The state 'Pack' failed with States.Runtime, as on AWS: there is no activity {PACK}. The activities there "
        f"are: {PREFIX}:activity:send. Create it with client.create_activity(name='pack'), or mock it with "
        "sfn_sync.mock_activity('pack', returns=...)."
    ]


MOCKS = {
    "an activity by its name": lambda sfn, **answer: sfn.mock_activity("pack", **answer),
    "an activity by its ARN": lambda sfn, **answer: sfn.mock_activity(PACK, **answer),
    "a resource": lambda sfn, **answer: sfn.mock_resource(PACK, **answer),
    "a state": lambda sfn, **answer: sfn.mock_task("Pack", **answer),
}


@pytest.mark.parametrize("mock", MOCKS.values(), ids=MOCKS)
def test_a_mock_answers_in_place_of_a_worker_and_needs_no_activity(sfn: SfnSync, client: Any, mock: Any) -> None:
    mock(sfn, returns={"packed": True}, takes=5)
    arn = started(client, created(client, definition=packing(TimeoutSeconds=5)), input={"box": 1})
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '{"packed":true}'}
    assert [type_ for type_, _ in history(client, arn)] == [
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
    ]
    assert sfn.mocks[0].payloads == [{"box": 1}]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            {"raises": TaskError("Torn", "no box")},
            {"status": "FAILED", "error": "Torn", "cause": "no box"},
            id="an error",
        ),
        pytest.param({"calls": lambda box: box + 1}, {"status": "SUCCEEDED", "output": "2"}, id="a function"),
        pytest.param({"returns": 1, "takes": 6}, {"status": "FAILED", "error": "States.Timeout"}, id="too late"),
    ],
)
def test_other_answers_of_a_mock(sfn: SfnSync, client: Any, answer: dict[str, Any], expected: dict[str, Any]) -> None:
    sfn.mock_activity("pack", **answer)
    arn = started(client, created(client, definition=packing(TimeoutSeconds=5)), input=1)
    assert outcome(client, arn) == expected


def test_a_mock_of_another_activity_does_not_answer(sfn: SfnSync, client: Any, activity: str) -> None:
    sfn.mock_activity("send", returns=1)
    sfn.mock_activity("pack", returns=1, when={"box": 2})
    arn = started(client, created(client, definition=packing()), input={"box": 1})
    assert outcome(client, arn) == {"status": "RUNNING"}


def test_a_mock_of_an_activity_does_not_answer_other_tasks(sfn: SfnSync, client: Any) -> None:
    sfn.mock_activity("pack", returns=1)
    sfn.mock_resource("sqs:sendMessage", returns={})
    sfn.mock_activity(f"{PREFIX}:activity:send", returns=1)
    definition = packing(Resource="arn:aws:states:::sns:publish", Parameters={"Message": "text", "TopicArn": "topic"})
    arn = created(client, definition=definition)
    with pytest.raises(UnmockedTaskError, match=r"mock_activity\('pack'\): for an activity, and this task has none"):
        started(client, arn)
    sfn.usage_errors.clear()


def test_only_an_activity_can_be_mocked_as_one(sfn: SfnSync) -> None:
    with pytest.raises(MockError) as raised:
        sfn.mock_activity("dynamodb:getItem", returns={})
    assert str(raised.value) == (
        "mock_activity('dynamodb:getItem'): this is not the name or the ARN of an activity. For another resource use "
        "mock_resource, for a state mock_task."
    )


def test_activities_and_tokens_of_the_fake_around_are_known(client: Any, activity: str) -> None:
    machine = created(client, definition=packing())
    outer = started(client, machine, input="outer")
    with SfnSync(account_id="111111111111"):
        assert [one["name"] for one in client.list_activities()["activities"]] == ["pack"]
        client.tag_resource(resourceArn=activity, tags=[{"key": "k", "value": "v"}])
        assert client.list_tags_for_resource(resourceArn=activity)["tags"] == [{"key": "k", "value": "v"}]
        assert client.create_activity(name="pack")["creationDate"] == NOON
        inner = started(client, machine, input="inner")
        tasks = [client.get_activity_task(activityArn=activity) for _ in range(2)]
        assert [task["input"] for task in tasks] == ['"inner"', '"outer"']
        for task in tasks:
            client.send_task_success(taskToken=task["taskToken"], output="1")
        assert [outcome(client, arn)["status"] for arn in (inner, outer)] == ["SUCCEEDED", "SUCCEEDED"]
        client.delete_activity(activityArn=activity)
        with refused("ActivityDoesNotExist"):
            client.describe_activity(activityArn=activity)


def sdk(action: str, parameters: dict[str, Any], **fields: Any) -> dict[str, Any]:
    end = {} if "Next" in fields else {"End": True}
    resource = f"arn:aws:states:::aws-sdk:sfn:{action}"
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, **end, **fields}


def test_a_machine_may_be_the_worker(sfn: SfnSync, client: Any, activity: str) -> None:
    worker = {
        "StartAt": "Get",
        "States": {
            "Get": sdk("getActivityTask", {"ActivityArn": activity, "WorkerName": "machine"}, Next="Beat"),
            "Beat": sdk("sendTaskHeartbeat", {"TaskToken.$": "$.TaskToken"}, ResultPath=None, Next="Send"),
            "Send": sdk("sendTaskSuccess", {"TaskToken.$": "$.TaskToken", "Output": {"packed": True}}),
        },
    }
    arn = started(client, created(client, definition=packing()))
    ran = started(client, created(client, "worker", worker))
    assert outcome(client, ran) == {"status": "SUCCEEDED", "output": "{}"}
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '{"packed":true}'}
    assert sfn.executions[-1].calls[0].answered_by == "GetActivityTask of this fake"


def test_a_machine_that_sends_an_unknown_token_gets_the_error_of_the_sdk(client: Any) -> None:
    state = sdk("sendTaskSuccess", {"TaskToken": "x", "Output": "1"})
    machine = created(client, definition={"StartAt": "Send", "States": {"Send": state}})
    described = outcome(client, started(client, machine))
    assert described["error"] == "Sfn.InvalidTokenException"
    assert described["cause"].startswith("Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: ")


def polling(activity: str, **fields: Any) -> dict[str, Any]:
    get = sdk("getActivityTask", {"ActivityArn": activity})
    return {"StartAt": "Get", "States": {"Get": {**get, **fields}}}


def test_a_machine_that_asks_first_waits_until_there_is_work(client: Any, activity: str) -> None:
    machine = created(client, "worker", polling(activity))
    first, second = started(client, machine), started(client, machine)
    assert [outcome(client, arn)["status"] for arn in (first, second)] == ["RUNNING", "RUNNING"]
    started(client, created(client, definition=packing()), input={"box": 1})
    output = json.loads(outcome(client, first)["output"])
    assert (output.keys(), output["Input"]) == ({"TaskToken", "Input"}, '{"box":1}')
    assert outcome(client, second) == {"status": "RUNNING"}
    client.stop_execution(executionArn=second)
    started(client, created(client, "more", packing()))
    assert client.get_activity_task(activityArn=activity)["input"] == "{}"


def test_without_work_the_answer_is_empty_after_a_minute(sfn: SfnSync, client: Any, activity: str) -> None:
    arn = started(client, created(client, "worker", polling(activity)))
    sfn.advance(59)
    assert outcome(client, arn) == {"status": "RUNNING"}
    sfn.advance(1)
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": "{}"}


def test_the_task_that_asks_may_time_out(sfn: SfnSync, client: Any, activity: str) -> None:
    arn = started(client, created(client, "worker", polling(activity, TimeoutSeconds=10)))
    sfn.advance(10)
    assert outcome(client, arn) == {"status": "FAILED", "error": "States.Timeout"}


def test_an_express_machine_that_asks_takes_its_minute_by_itself(sfn: SfnSync, client: Any, activity: str) -> None:
    machine = created(client, "worker", polling(activity), type="EXPRESS")
    response = client.start_sync_execution(stateMachineArn=machine)
    assert (response["status"], response["output"]) == ("SUCCEEDED", "{}")
    assert sfn.executions[-1].duration == 60


def test_asking_for_an_activity_that_does_not_exist_fails_at_once(client: Any) -> None:
    arn = started(client, created(client, "worker", polling(PACK)))
    assert outcome(client, arn)["error"] == "Sfn.ActivityDoesNotExistException"


def test_an_answer_that_was_asked_for_with_a_token_is_the_submission(sfn: SfnSync, client: Any, activity: str) -> None:
    resource = "arn:aws:states:::aws-sdk:sfn:getActivityTask.waitForTaskToken"
    asking = started(client, created(client, "asks", polling(activity, Resource=resource)))
    started(client, created(client, definition=packing()), input=1)
    (submitted,) = [
        event["taskSubmittedEventDetails"]
        for event in client.get_execution_history(executionArn=asking)["events"]
        if event["type"] == "TaskSubmitted"
    ]
    assert json.loads(submitted["output"])["Input"] == "1"
    token = next(task.token for task in sfn.pending if task.execution_arn == asking)
    client.send_task_success(taskToken=token, output='"done"')
    assert outcome(client, asking) == {"status": "SUCCEEDED", "output": '"done"'}


def test_a_mock_config_answers_in_place_of_a_worker(sfn: SfnSync, client: Any) -> None:
    sfn.use_mock_config(
        {
            "StateMachines": {"orders": {"TestCases": {"Packed": {"Pack": "Packed"}}}},
            "MockedResponses": {"Packed": {"0": {"Return": {"packed": True}}}},
        },
        "Packed",
    )
    arn = started(client, created(client, definition=packing()))
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '{"packed":true}'}


def test_a_mock_of_the_fake_around_answers_too(sfn: SfnSync, client: Any) -> None:
    sfn.mock_activity("pack", returns="outer")
    with SfnSync(account_id="111111111111"):
        arn = started(client, created(client, "inner", packing()))
        assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '"outer"'}


def test_of_many_threads_that_ask_each_gets_a_task_of_its_own(client: Any, activity: str) -> None:
    machine = created(client, definition=packing())
    for number in range(8):
        started(client, machine, input=number)
    with ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(client.get_activity_task, activityArn=activity) for _ in range(8)]
    assert sorted(task.result()["input"] for task in tasks) == [str(number) for number in range(8)]


def test_a_worker_that_was_not_fast_enough_gets_the_next_task(
    client: Any, activity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = created(client, definition=packing())
    for number in range(2):
        started(client, machine, input=number)
    claim = Awaited.claim

    def claimed_by_another(awaited: Awaited, worker: str | None) -> bool:
        monkeypatch.undo()
        claim(awaited, "another")
        return claim(awaited, worker)

    monkeypatch.setattr(Awaited, "claim", claimed_by_another)
    assert client.get_activity_task(activityArn=activity, workerName="slow")["input"] == "1"
