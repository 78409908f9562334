"""SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat: the answers to Tasks that wait for a task token."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync, TaskError, UnmockedTaskError
from tests.service.conftest import NOON
from tests.service.scenes import FUNCTION, created, events, refused, started

SEND = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
GONE = "Task Timed Out: 'Provided task does not exist anymore'"
SUBMITTED = {"MessageId": "one", "MD5OfMessageBody": "body"}


def asking(**fields: Any) -> dict[str, Any]:
    """Return a machine that sends its token to a queue, and waits."""
    parameters = {"QueueUrl": "queue", "MessageBody": {"token.$": "$$.Task.Token"}}
    return {"StartAt": "Ask", "States": {"Ask": task_state(Parameters=parameters, **fields)}}


def task_state(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": SEND, "End": True, **fields}


@pytest.fixture
def asked(sfn: SfnSync, client: Any) -> str:
    """Start an execution that waits, and return its ARN."""
    sfn.mock_task("Ask", submits=SUBMITTED)
    return started(client, created(client, definition=asking()))


def token_of(sfn: SfnSync, attempt: int = -1) -> str:
    """Return the token of an attempt, as the queue got it."""
    body = sfn.mocks[0].calls[attempt].payload["MessageBody"]
    assert isinstance(body["token"], str)
    return body["token"]


def outcome(client: Any, arn: str) -> dict[str, Any]:
    described = client.describe_execution(executionArn=arn)
    return {name: described[name] for name in ("status", "output", "error", "cause") if name in described}


def test_the_execution_waits_for_its_token(client: Any, asked: str) -> None:
    assert outcome(client, asked) == {"status": "RUNNING"}
    assert events(client, asked) == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "TaskStateEntered"),
        (3, 2, "TaskScheduled"),
        (4, 3, "TaskStarted"),
        (5, 4, "TaskSubmitted"),
    ]


def test_the_events_have_the_resource_with_its_pattern_and_the_answer_of_the_service(client: Any, asked: str) -> None:
    history = client.get_execution_history(executionArn=asked)["events"]
    scheduled, running, submitted = (
        event[f"{event['type'][0].lower()}{event['type'][1:]}EventDetails"] for event in history[2:]
    )
    assert (scheduled["resourceType"], scheduled["resource"]) == ("sqs", "sendMessage.waitForTaskToken")
    assert running == {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}
    assert json.loads(submitted["output"]) == SUBMITTED


def test_a_token_is_long_and_opaque(sfn: SfnSync, asked: str) -> None:
    token = token_of(sfn)
    assert token.startswith("AQC")
    assert 400 < len(token) <= 2048
    assert sfn.mocks[0].calls[0].token == token


@pytest.mark.parametrize(
    "output", [pytest.param(value, id=json.dumps(value)) for value in ({"approved": True}, "yes", None, 1.5, [1])]
)
def test_the_output_that_is_sent_is_the_result(sfn: SfnSync, client: Any, asked: str, output: Any) -> None:
    client.send_task_success(taskToken=token_of(sfn), output=json.dumps(output))
    assert outcome(client, asked) == {"status": "SUCCEEDED", "output": json.dumps(output, separators=(",", ":"))}
    assert events(client, asked)[5:] == [
        (6, 5, "TaskSucceeded"),
        (7, 6, "TaskStateExited"),
        (8, 7, "ExecutionSucceeded"),
    ]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"error": "Refused", "cause": "by hand"}, id="error and cause"),
        pytest.param({"error": "Refused"}, id="an error"),
        pytest.param({"cause": "by hand"}, id="a cause"),
        pytest.param({}, id="neither"),
    ],
)
def test_the_error_that_is_sent_fails_the_task(sfn: SfnSync, client: Any, asked: str, sent: dict[str, str]) -> None:
    client.send_task_failure(taskToken=token_of(sfn), **sent)
    assert outcome(client, asked) == {"status": "FAILED", **sent}
    last_two = client.get_execution_history(executionArn=asked)["events"][-2:]
    assert [event["type"] for event in last_two] == ["TaskFailed", "ExecutionFailed"]
    assert last_two[1]["executionFailedEventDetails"] == sent


CLOSED = {
    "answered": lambda sfn, client, arn: client.send_task_success(taskToken=token_of(sfn), output="1"),
    "failed": lambda sfn, client, arn: client.send_task_failure(taskToken=token_of(sfn)),
    "stopped": lambda sfn, client, arn: client.stop_execution(executionArn=arn),
}


@pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED)
@pytest.mark.parametrize("call", ["send_task_success", "send_task_failure", "send_task_heartbeat"])
def test_a_token_that_is_closed_is_refused(sfn: SfnSync, client: Any, asked: str, close: Any, call: str) -> None:
    close(sfn, client, asked)
    before = outcome(client, asked)
    with refused("TaskTimedOut", GONE):
        getattr(client, call)(taskToken=token_of(sfn), **({"output": "2"} if call == "send_task_success" else {}))
    assert outcome(client, asked) == before


def test_the_order_of_refusals_is_token_output_time(sfn: SfnSync, client: Any, asked: str) -> None:
    token = token_of(sfn)
    with refused("InvalidToken", "Invalid Token: 'Invalid token'"):
        client.send_task_success(taskToken="unknown", output="no JSON")
    with refused("InvalidOutput", "Invalid Output: 'no JSON' is not valid JSON."):
        client.send_task_success(taskToken=token, output="no JSON")
    client.send_task_success(taskToken=token, output='"still open"')
    with refused("InvalidOutput"):
        client.send_task_success(taskToken=token, output="no JSON")
    for call in (client.send_task_failure, client.send_task_heartbeat):
        with refused("InvalidToken"):
            call(taskToken="unknown")


def test_each_attempt_has_a_token_of_its_own_and_closes_the_one_before(sfn: SfnSync, client: Any) -> None:
    sfn.mock_task("Ask", submits=SUBMITTED)
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    arn = started(client, created(client, definition=asking(Retry=retry)))
    client.send_task_failure(taskToken=token_of(sfn, 0), error="Again")
    with refused("TaskTimedOut"):
        client.send_task_success(taskToken=token_of(sfn, 0), output="1")
    assert token_of(sfn, 0) != token_of(sfn, 1)
    client.send_task_success(taskToken=token_of(sfn, 1), output="2")
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": "2"}


def test_the_context_object_has_a_token_in_such_a_task_only(sfn: SfnSync, client: Any) -> None:
    sfn.mock_task("Ask", returns=1)
    definition = asking(Next="Look", ResultSelector={"token.$": "$$.Task.Token"})
    del definition["States"]["Ask"]["End"]
    definition["States"]["Look"] = {"Type": "Pass", "Parameters": {"context.$": "$$"}, "OutputPath": "$", "End": True}
    described = outcome(client, started(client, created(client, definition=definition)))
    assert "Task" not in json.loads(described["output"])["context"]
    (execution,) = sfn.executions
    assert execution.state("Ask").output == {"token": token_of(sfn)}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param({"returns": {"ok": 1}}, {"status": "SUCCEEDED", "output": '{"ok":1}'}, id="returns"),
        pytest.param({"responses": [2]}, {"status": "SUCCEEDED", "output": "2"}, id="responses"),
        pytest.param(
            {"calls": lambda sent: sent["QueueUrl"]}, {"status": "SUCCEEDED", "output": '"queue"'}, id="calls"
        ),
        pytest.param(
            {"raises": TaskError("Refused", "no")}, {"status": "FAILED", "error": "Refused", "cause": "no"}, id="raises"
        ),
        pytest.param({"returns": 1, "takes": 60}, {"status": "SUCCEEDED", "output": "1"}, id="in time"),
        pytest.param({"returns": 1, "takes": 61}, {"status": "FAILED", "error": "States.Timeout"}, id="too late"),
    ],
)
def test_a_mock_of_the_state_gives_the_final_result(
    sfn: SfnSync, client: Any, answer: dict[str, Any], expected: dict[str, Any]
) -> None:
    sfn.mock_task("Ask", **answer)
    arn = started(client, created(client, definition=asking(TimeoutSeconds=60)))
    assert outcome(client, arn) == expected
    assert [type_ for _, _, type_ in events(client, arn)][2:5] == ["TaskScheduled", "TaskStarted", "TaskSubmitted"]


SUBMISSIONS = {
    "a resource with the pattern": lambda sfn: sfn.mock_resource("sqs:sendMessage.waitForTaskToken", returns=SUBMITTED),
    "the request alone": lambda sfn: sfn.mock_resource("sqs:sendMessage", returns=SUBMITTED),
    "a handler that submits": lambda sfn: sfn.mock_task("Ask", submits=lambda sent: SUBMITTED),
}


@pytest.mark.parametrize("mock", SUBMISSIONS.values(), ids=SUBMISSIONS)
def test_a_mock_of_the_service_submits_and_the_task_waits(sfn: SfnSync, client: Any, mock: Any) -> None:
    mock(sfn)
    arn = started(client, created(client, definition=asking()))
    client.send_task_success(taskToken=token_of(sfn), output='"done"')
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '"done"'}


def invoking() -> dict[str, Any]:
    """Return a machine that calls a function with its token, and waits."""
    parameters = {"FunctionName": f"{FUNCTION}:notify", "Payload": {"token.$": "$$.Task.Token"}}
    resource = "arn:aws:states:::lambda:invoke.waitForTaskToken"
    return {"StartAt": "Ask", "States": {"Ask": task_state(Resource=resource, Parameters=parameters)}}


def test_what_a_function_returns_is_seen_in_the_submission_only(sfn: SfnSync, client: Any) -> None:
    notify = sfn.mock_lambda("notify", returns={"sent": True})
    arn = started(client, created(client, definition=invoking()))
    assert outcome(client, arn) == {"status": "RUNNING"}
    submitted = client.get_execution_history(executionArn=arn)["events"][-1]["taskSubmittedEventDetails"]
    assert json.loads(submitted["output"])["Payload"] == {"sent": True}
    client.send_task_success(taskToken=notify.payloads[0]["token"], output="1")
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": "1"}


def test_a_function_that_raises_fails_the_task_at_once(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("notify", raises=ValueError("no address"))
    arn = started(client, created(client, definition=invoking()))
    described = outcome(client, arn)
    assert (described["status"], described["error"]) == ("FAILED", "ValueError")
    assert "TaskSubmitted" not in [type_ for _, _, type_ in events(client, arn)]


def test_an_answer_from_inside_the_handler_is_taken_when_it_has_returned(sfn: SfnSync, client: Any) -> None:
    seen: list[str] = []

    def notify(event: Any) -> None:
        client.send_task_success(taskToken=event["token"], output='"at once"')
        seen.extend(execution["status"] for execution in client.list_executions(stateMachineArn=machine)["executions"])
        with refused("TaskTimedOut"):
            client.send_task_success(taskToken=event["token"], output="2")

    sfn.mock_lambda("notify", calls=notify)
    machine = created(client, definition=invoking())
    arn = started(client, machine)
    assert seen == ["RUNNING"]
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '"at once"'}
    assert [type_ for _, _, type_ in events(client, arn)][4:6] == ["TaskSubmitted", "TaskSucceeded"]


def test_a_thread_of_the_handler_may_answer_while_the_handler_waits_for_it(sfn: SfnSync, client: Any) -> None:
    def notify(event: Any) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(client.send_task_success, taskToken=event["token"], output="1").result(timeout=30)

    sfn.mock_lambda("notify", calls=notify)
    arn = started(client, created(client, definition=invoking()))
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": "1"}


def test_threads_may_answer_many_executions(sfn: SfnSync, client: Any) -> None:
    notify = sfn.mock_lambda("notify", returns=None)
    machine = created(client, definition=invoking())
    arns = [started(client, machine) for _ in range(20)]
    with ThreadPoolExecutor(4) as pool:
        sent = [
            pool.submit(client.send_task_success, taskToken=payload["token"], output=str(number))
            for number, payload in enumerate(notify.payloads)
        ]
    assert all(one.result() for one in sent)
    assert [outcome(client, arn)["output"] for arn in arns] == [str(number) for number in range(20)]


def test_submits_is_for_tasks_with_a_token_only(sfn: SfnSync, client: Any) -> None:
    sfn.mock_task("Ask", submits=SUBMITTED)
    definition = asking(Resource="arn:aws:states:::sqs:sendMessage")
    definition["States"]["Ask"]["Parameters"] = {"QueueUrl": "queue", "MessageBody": "text"}
    arn = created(client, definition=definition)
    with pytest.raises(MockError) as raised:
        started(client, arn)
    assert str(raised.value) == (
        "mock_task('Ask'): submits= is for a Task that waits for a task token, and the state 'Ask' has the Resource "
        "arn:aws:states:::sqs:sendMessage. Give its result with returns=."
    )
    sfn.usage_errors.clear()


def test_without_a_mock_the_message_names_both_ways_out(sfn: SfnSync, client: Any) -> None:
    arn = created(client, definition=asking())
    with pytest.raises(UnmockedTaskError) as raised:
        started(client, arn)
    assert (
        str(raised.value).partition("There are no mocks.\n")[2]
        == """
It waits for a task token. To give its result at once, write in the test
    sfn_sync.mock_task("Ask", returns={})
or above it
    @pytest.mark.sfn_task("Ask", returns={})
or, to let it wait until SendTaskSuccess, or sfn_sync.pending, answers it,
    sfn_sync.mock_task("Ask", submits={})
or, to send it to moto or another fake of the service,
    sfn_sync.use_clients("sqs")"""
    )
    sfn.usage_errors.clear()


def test_an_exception_that_ends_the_execution_reaches_who_answered(sfn: SfnSync, client: Any) -> None:
    sfn.mock_task("Ask", submits=SUBMITTED, times=1)
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    arn = started(client, created(client, definition=asking(Retry=retry)))
    with pytest.raises(UnmockedTaskError, match="used up"):
        client.send_task_failure(taskToken=token_of(sfn), error="Again")
    assert outcome(client, arn)["status"] == "ABORTED"
    assert len(sfn.usage_errors) == 1
    sfn.usage_errors.clear()


def test_a_handler_that_fails_to_submit_fails_the_task(sfn: SfnSync, client: Any) -> None:
    def submit(sent: Any) -> None:
        raise TaskError("SQS.AmazonSQSException", "no queue")

    sfn.mock_task("Ask", submits=submit)
    arn = started(client, created(client, definition=asking()))
    assert outcome(client, arn) == {"status": "FAILED", "error": "SQS.AmazonSQSException", "cause": "no queue"}
    assert "TaskSubmitted" not in [type_ for _, _, type_ in events(client, arn)]


def test_a_mock_config_gives_the_final_result(sfn: SfnSync, client: Any) -> None:
    sfn.use_mock_config(
        {
            "StateMachines": {"orders": {"TestCases": {"Approved": {"Ask": "Approved"}}}},
            "MockedResponses": {"Approved": {"0": {"Return": {"approved": True}}}},
        },
        "Approved",
    )
    arn = started(client, created(client, definition=asking()))
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '{"approved":true}'}


def test_a_mocked_callback_of_the_sdk_integration_has_an_empty_submission(sfn: SfnSync, client: Any) -> None:
    sfn.mock_task("Ask", returns=1)
    definition = asking(Resource="arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken")
    arn = started(client, created(client, definition=definition))
    details = [
        event.get("taskSubmittedEventDetails") for event in client.get_execution_history(executionArn=arn)["events"]
    ]
    (submitted,) = filter(None, details)
    assert (submitted["resourceType"], submitted["output"]) == ("aws-sdk:sqs", "{}")


def test_an_answer_while_a_mock_takes_its_time_ends_the_task(sfn: SfnSync, client: Any) -> None:
    def answer(event: Any) -> None:
        client.send_task_success(taskToken=token_of(sfn), output='"early"')

    sfn.mock_task("Ask", returns="late", takes=60)
    sfn.mock_lambda("notify", calls=answer, takes=5)
    send = {"Type": "Task", "Resource": f"{FUNCTION}:notify", "End": True}
    rest = {"Type": "Wait", "Seconds": 10, "Next": "Send"}
    branches = [asking(), {"StartAt": "Rest", "States": {"Rest": rest, "Send": send}}]
    definition = {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}}
    arn = started(client, created(client, definition=definition))
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '["early",null]'}
    assert sfn.executions[-1].duration == 15


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_jsonata_reads_the_token_and_computes_the_timeouts(sfn: SfnSync, client: Any) -> None:
    state = task_state(
        Arguments={"QueueUrl": "queue", "MessageBody": {"token": "{% $states.context.Task.Token %}"}},
        TimeoutSeconds="{% $states.input.seconds * 10 %}",
        HeartbeatSeconds="{% $states.input.seconds %}",
        Output="{% {'result': $states.result, 'same': $states.context.Task.Token} %}",
    )
    sfn.mock_task("Ask", submits=SUBMITTED)
    machine = created(client, definition={"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": state}})
    arn = started(client, machine, input={"seconds": 20})
    (task,) = sfn.pending
    assert (task.deadline, task.token) == (NOON + timedelta(seconds=20), token_of(sfn))
    client.send_task_success(taskToken=task.token, output="7")
    assert json.loads(outcome(client, arn)["output"]) == {"result": 7, "same": task.token}


def test_a_redriven_task_has_a_new_token(sfn: SfnSync, client: Any, asked: str) -> None:
    client.send_task_failure(taskToken=token_of(sfn), error="Refused")
    client.redrive_execution(executionArn=asked)
    assert [task.token for task in sfn.pending] == [token_of(sfn)]
    assert token_of(sfn, 0) != token_of(sfn, 1)
    with refused("TaskTimedOut"):
        client.send_task_success(taskToken=token_of(sfn, 0), output="1")
    client.send_task_success(taskToken=token_of(sfn, 1), output="2")
    assert outcome(client, asked) == {"status": "SUCCEEDED", "output": "2"}
    assert [type_ for _, _, type_ in events(client, asked)].count("TaskStateEntered") == 1


def test_a_live_client_submits(sfn: SfnSync, client: Any) -> None:
    moto, boto3 = pytest.importorskip("moto"), pytest.importorskip("boto3")
    with moto.mock_aws():
        sqs = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        queue = sqs.create_queue(QueueName="approvals")["QueueUrl"]
        sfn.use_client("sqs", sqs)
        definition = asking()
        definition["States"]["Ask"]["Parameters"]["QueueUrl"] = queue
        arn = started(client, created(client, definition=definition))
        (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    client.send_task_success(taskToken=json.loads(message["Body"])["token"], output='"by mail"')
    assert outcome(client, arn) == {"status": "SUCCEEDED", "output": '"by mail"'}


def test_an_answer_by_the_token_counts_more_than_what_the_handler_returns(sfn: SfnSync, client: Any) -> None:
    def handle(sent: Any) -> str:
        client.send_task_failure(taskToken=sent["MessageBody"]["token"], error="Refused")
        return "ignored"

    sfn.mock_task("Ask", calls=handle)
    arn = started(client, created(client, definition=asking()))
    assert outcome(client, arn) == {"status": "FAILED", "error": "Refused"}


def test_of_many_threads_that_answer_one_token_the_first_counts(sfn: SfnSync, client: Any, asked: str) -> None:
    token = token_of(sfn)
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(client.send_task_success, taskToken=token, output=str(n)) for n in range(8)]
    accepted = [n for n, one in enumerate(sent) if one.exception() is None]
    assert len(accepted) == 1
    assert outcome(client, asked) == {"status": "SUCCEEDED", "output": str(accepted[0])}


def test_the_token_of_another_region_is_unknown(sfn: SfnSync, client: Any, asked: str) -> None:
    elsewhere = sfn.client(region_name="eu-west-1")
    with refused("InvalidToken", "Invalid Token: 'Invalid token'"):
        elsewhere.send_task_success(taskToken=token_of(sfn), output="{}")
    client.send_task_success(taskToken=token_of(sfn), output="{}")
