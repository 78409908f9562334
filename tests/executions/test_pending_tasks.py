"""The tasks that wait for the outside, and the author's door to answer them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import pytest

from pytest_sfn_sync import Execution, MockError, PendingTask, SfnSync, SfnSyncUsageError
from pytest_sfn_sync.service import looks_in_vain
from pytest_sfn_sync.shown_text import shown_value
from tests.service.conftest import NOON

ASK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
ACTIVITY = "arn:aws:states:us-east-1:111111111111:activity:pack"
PARAMETERS = {"QueueUrl": "queue", "MessageBody.$": "$$.Task.Token"}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(account_id="111111111111", region="us-east-1", start_time=NOON, seed=1) as sfn:
        yield sfn


def asked(sfn: SfnSync, name: str = "approval", **fields: Any) -> Execution:
    """Run a machine that waits for an answer to its token."""
    state = {"Type": "Task", "Resource": ASK, "Parameters": PARAMETERS, "End": True, **fields}
    sfn.mock_task("Ask", submits={})
    return sfn.register(name, {"StartAt": "Ask", "States": {"Ask": state}}, type="STANDARD").run()


def packed(sfn: SfnSync, **fields: Any) -> Execution:
    """Run a machine whose task waits for a worker."""
    sfn.client().create_activity(name="pack")
    state = {"Type": "Task", "Resource": ACTIVITY, "End": True, **fields}
    machine = sfn.register("packing", {"StartAt": "Pack", "States": {"Pack": state}}, type="STANDARD")
    return machine.run({"box": 1})


def only(pending: list[PendingTask]) -> PendingTask:
    (task,) = pending
    return task


def test_a_callback_shows_what_waits_since_when_and_until_when(sfn: SfnSync) -> None:
    execution = asked(sfn, TimeoutSeconds=60, HeartbeatSeconds=20)
    task = only(execution.pending)
    body = {"QueueUrl": "queue", "MessageBody": task.token}
    assert (task.kind, task.state, task.payload) == ("callback", "Ask", body)
    assert (task.since, task.deadline) == (NOON, NOON + timedelta(seconds=20))
    assert (task.execution_arn, task.activity_arn, task.is_claimed) == (execution.arn, None, False)
    assert task.token == sfn.mocks[0].calls[0].token
    assert repr(task) == f"<PendingTask 'Ask': callback {shown_value(body)}>"


def test_without_a_timeout_there_is_no_deadline(sfn: SfnSync) -> None:
    assert only(asked(sfn).pending).deadline is None


@pytest.mark.parametrize("output", [{"approved": True}, "yes", None, [1.5]])
def test_succeed_gives_the_result_and_the_execution_goes_on(sfn: SfnSync, output: Any) -> None:
    execution = asked(sfn)
    only(execution.pending).succeed(output)
    execution.assert_succeeded(output=output)
    assert execution.pending == sfn.pending == []
    assert execution.calls[0].answered_by == "pending.succeed"


@pytest.mark.parametrize(
    ("arguments", "error", "cause"),
    [
        pytest.param(("Refused", "by hand"), "Refused", "by hand", id="error and cause"),
        pytest.param(("Refused",), "Refused", None, id="an error"),
        pytest.param((), None, None, id="neither"),
    ],
)
def test_fail_gives_the_error(sfn: SfnSync, arguments: tuple[str, ...], error: str | None, cause: str | None) -> None:
    execution = asked(sfn)
    only(execution.pending).fail(*arguments)
    execution.assert_failed(error=error, cause=cause)
    shown = (error or "without a name") + ("" if cause is None else f": {cause}")
    assert f"-> error {shown}, by pending.fail" in execution.trace()


def test_a_failure_without_a_name_is_caught_by_all(sfn: SfnSync) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]
    state = {"Type": "Task", "Resource": ASK, "Parameters": PARAMETERS, "Catch": catch, "End": True}
    definition = {"StartAt": "Ask", "States": {"Ask": state, "Done": {"Type": "Succeed"}}}
    sfn.mock_task("Ask", submits={})
    execution = sfn.register("caught", definition, type="STANDARD").run()
    only(execution.pending).fail()
    execution.assert_succeeded(output={"Error": "", "Cause": ""})


def test_advance_lets_a_timeout_strike_and_nothing_sleeps(sfn: SfnSync) -> None:
    execution = asked(sfn, TimeoutSeconds=60)
    sfn.advance(59)
    assert execution.status == "RUNNING"
    sfn.advance(seconds=1)
    execution.assert_failed(error="States.Timeout", cause=None)
    assert execution.duration == 60


def test_a_heartbeat_restarts_its_own_clock_only(sfn: SfnSync) -> None:
    execution = asked(sfn, TimeoutSeconds=100, HeartbeatSeconds=40)
    task = only(execution.pending)
    for _ in range(2):
        sfn.advance(39)
        task.heartbeat()
    assert task.deadline == NOON + timedelta(seconds=100)
    sfn.advance(22)
    execution.assert_failed(error="States.Timeout")
    assert execution.duration == 100


def test_a_missed_heartbeat_is_matched_by_its_own_name(sfn: SfnSync) -> None:
    catch = [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Late"}]
    state = {
        "Type": "Task",
        "Resource": ASK,
        "Parameters": PARAMETERS,
        "HeartbeatSecondsPath": "$.beat",
        "Catch": catch,
        "End": True,
    }
    definition = {"StartAt": "Ask", "States": {"Ask": state, "Late": {"Type": "Pass", "End": True}}}
    sfn.mock_task("Ask", submits={})
    execution = sfn.register("beating", definition, type="STANDARD").run({"beat": 60})
    sfn.advance(61)
    execution.assert_path("Ask", "Late")


def test_a_machine_times_out_while_a_task_waits(sfn: SfnSync) -> None:
    state = {"Type": "Task", "Resource": ASK, "Parameters": PARAMETERS, "End": True}
    sfn.mock_task("Ask", submits={})
    definition = {"StartAt": "Ask", "TimeoutSeconds": 30, "States": {"Ask": state}}
    execution = sfn.register("short", definition, type="STANDARD").run()
    assert execution.status == "RUNNING"
    sfn.advance(30)
    execution.assert_timed_out()
    assert execution.pending == []


def test_an_activity_waits_for_its_worker_without_a_deadline(sfn: SfnSync) -> None:
    execution = packed(sfn, TimeoutSeconds=60)
    sfn.advance(3600)
    task = only(execution.pending)
    assert (task.kind, task.activity_arn, task.payload, task.deadline) == ("activity", ACTIVITY, {"box": 1}, None)
    claimed = sfn.client().get_activity_task(activityArn=ACTIVITY)
    assert (claimed["taskToken"], task.is_claimed) == (task.token, True)
    assert task.deadline == NOON + timedelta(seconds=3660)
    sfn.advance(60)
    execution.assert_failed(error="States.Timeout")


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        pytest.param(lambda task: task.succeed("packed"), "ActivitySucceeded", id="success"),
        pytest.param(lambda task: task.fail("Broken"), "ActivityFailed", id="failure"),
    ],
)
def test_an_answer_to_unclaimed_work_claims_it(sfn: SfnSync, answer: Any, last: str) -> None:
    execution = packed(sfn)
    answer(only(execution.pending))
    types = [event["type"] for event in execution.history]
    assert types[2:5] == ["ActivityScheduled", "ActivityStarted", last]


def test_a_heartbeat_claims_too(sfn: SfnSync) -> None:
    execution = packed(sfn, HeartbeatSeconds=10)
    only(execution.pending).heartbeat()
    sfn.advance(10)
    execution.assert_failed(error="States.Timeout")


def test_pending_of_the_fake_has_all_executions_in_order(sfn: SfnSync) -> None:
    first, second = asked(sfn, "one"), asked(sfn, "two")
    assert [task.execution_arn for task in sfn.pending] == [first.arn, second.arn]
    sfn.pending[1].succeed("second")
    assert (first.status, second.status) == ("RUNNING", "SUCCEEDED")
    assert only(sfn.pending).execution_arn == first.arn


CLOSED = {
    "was answered": lambda sfn, task: task.succeed(1),
    "timed out, was retried, or its execution ended": lambda sfn, task: sfn.advance(60),
}


@pytest.mark.parametrize(("end", "close"), CLOSED.items(), ids=CLOSED)
@pytest.mark.parametrize("method", ["succeed", "fail", "heartbeat"])
def test_a_task_that_waits_no_more_is_a_usage_error(sfn: SfnSync, end: str, close: Any, method: str) -> None:
    task = only(asked(sfn, TimeoutSeconds=60).pending)
    close(sfn, task)
    with pytest.raises(SfnSyncUsageError) as raised:
        getattr(task, method)(*([2] if method == "succeed" else []))
    assert str(raised.value) == f"pending.{method}: the task of the state 'Ask' does not wait any more: it {end}."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"error": 5}, "pending.fail takes error as a str, not 5."),
        ({"error": "E", "cause": {}}, "pending.fail takes cause as a str, not {}."),
    ],
)
def test_fail_takes_texts(sfn: SfnSync, arguments: Any, message: str) -> None:
    task = only(asked(sfn).pending)
    with pytest.raises(SfnSyncUsageError) as raised:
        task.fail(**arguments)
    assert str(raised.value) == message


def test_succeed_takes_a_document(sfn: SfnSync) -> None:
    task = only(asked(sfn).pending)
    with pytest.raises(SfnSyncUsageError, match=r"pending\.succeed"):
        task.succeed({1, 2})


def test_advance_within_a_handler_is_a_usage_error(sfn: SfnSync) -> None:
    state = {"Type": "Task", "Resource": ASK, "Parameters": PARAMETERS, "End": True}
    machine = sfn.register("early", {"StartAt": "Ask", "States": {"Ask": state}}, type="STANDARD")
    sfn.mock_task("Ask", submits=lambda sent: sfn.advance(1))
    with pytest.raises(SfnSyncUsageError) as raised:
        machine.run()
    assert str(raised.value) == (
        "advance was called by the handler of a task, while executions take steps. Call it when the call that started "
        "them has returned. For the time that a task takes, write takes=... at its mock."
    )


@pytest.mark.parametrize("seconds", [-1, "60", None])
def test_advance_takes_seconds(sfn: SfnSync, seconds: Any) -> None:
    with pytest.raises(MockError, match="advance takes seconds of virtual time, 0 or more"):
        sfn.advance(seconds)


TRACES = {
    "a callback": (asked, {}, "Ask waits for an answer to its task token since +0 s"),
    "a callback with a timeout": (
        asked,
        {"TimeoutSeconds": 60},
        "Ask waits for an answer to its task token since +0 s, times out at +60 s",
    ),
    "a worker": (packed, {}, "Pack waits for a worker of pack since +0 s"),
}


@pytest.mark.parametrize(("start", "fields", "line"), TRACES.values(), ids=TRACES)
def test_the_trace_shows_what_waits_and_the_line_that_answers_it(
    sfn: SfnSync, start: Any, fields: dict[str, Any], line: str
) -> None:
    execution = start(sfn, **fields)
    sfn.advance(5)
    lines = execution.trace().splitlines()
    assert lines[0] == f"{execution.machine.name}: RUNNING after 5 s (execution {execution.name})"
    assert lines[-1] == f"  waits   {line}; sfn_sync.pending[0].succeed(...) answers it"


def test_the_trace_of_a_claimed_task_waits_for_its_worker(sfn: SfnSync) -> None:
    execution = packed(sfn)
    sfn.client().get_activity_task(activityArn=ACTIVITY)
    assert "Pack waits for the answer of its worker since +0 s;" in execution.trace()


def test_the_trace_shows_what_answered(sfn: SfnSync) -> None:
    execution = asked(sfn)
    sfn.client().send_task_success(taskToken=sfn.pending[0].token, output='"yes"')
    assert '-> "yes", by SendTaskSuccess' in execution.trace()


@pytest.mark.parametrize(
    ("check", "expectation"),
    [
        (lambda execution: execution.assert_succeeded(), "was expected to succeed"),
        (lambda execution: execution.assert_failed(error="E"), 'was expected to fail with "E"'),
        (lambda execution: execution.assert_timed_out(), "was expected to time out"),
    ],
)
def test_an_assertion_on_a_running_execution_says_that_it_waits(sfn: SfnSync, check: Any, expectation: str) -> None:
    execution = asked(sfn)
    with pytest.raises(AssertionError) as raised:
        check(execution)
    first, *_, last = str(raised.value).splitlines()
    assert first == f"The execution of 'approval' {expectation}, but it is RUNNING: it waits."
    assert last.endswith("sfn_sync.pending[0].succeed(...) answers it")


def test_a_payload_that_a_test_changes_is_a_copy(sfn: SfnSync) -> None:
    task = only(asked(sfn).pending)
    task.payload["QueueUrl"] = "another"
    assert task.payload == {"QueueUrl": "queue", "MessageBody": task.token}


def test_a_state_that_waits_is_shown_as_that(sfn: SfnSync) -> None:
    execution = asked(sfn)
    assert execution.state("Ask").outcome == "waits"
    assert "Ask (Task): {} -> waits" in execution.trace()
    mermaid = execution.to_mermaid()
    assert "classDef waits fill:#ddf4ff,stroke:#0969da" in mermaid
    assert "class s1 waits" in mermaid
    only(execution.pending).succeed(1)
    assert execution.state("Ask").outcome == "succeeded"


@pytest.mark.skipif(find_spec("graphlay") is None, reason="needs the layout of graphs")
def test_a_page_shows_what_waits_and_what_answered(sfn: SfnSync) -> None:
    execution = asked(sfn)
    page = execution.to_html()
    assert 'class="badge waits">RUNNING<' in page
    assert "Ask waits for an answer to its task token since +0 s" in page
    only(execution.pending).succeed(1)
    assert "by pending.succeed" in execution.to_html()


NOWHERE = {"QueueUrl": "queue", "MessageBody": "$$.Task.Token"}


@pytest.mark.parametrize("method", ["succeed", "fail", "heartbeat"])
def test_nobody_can_answer_a_token_that_was_handed_to_nobody(sfn: SfnSync, method: str) -> None:
    task = only(asked(sfn, Parameters=NOWHERE).pending)
    arguments = ["done"] if method == "succeed" else []
    with pytest.raises(SfnSyncUsageError) as raised:
        getattr(task, method)(*arguments)
    assert str(raised.value) == (
        f"pending.{method}: the Task of state 'Ask' hands its task token to nobody: the token is not in its Parameters "
        "or Arguments. On AWS nobody could answer, and the task would wait until it times out.\n"
        'Write "token.$": "$$.Task.Token" among the Parameters, or "{% $states.context.Task.Token %}" in JSONata. If '
        "the token is there in another form, answer by a client: client.send_task_success(taskToken=pending.token)."
    )


def test_a_mock_can_not_give_the_result_of_a_task_that_nobody_could_end(sfn: SfnSync) -> None:
    state = {"Type": "Task", "Resource": ASK, "Parameters": NOWHERE, "End": True}
    machine = sfn.register("approval", {"StartAt": "Ask", "States": {"Ask": state}}, type="STANDARD")
    mock = sfn.mock_task("Ask", returns={"approved": True})
    with pytest.raises(MockError) as raised:
        machine.run()
    assert str(raised.value) == (
        "mock_task('Ask') gives the result of a Task that waits for a task token, and hands it to nobody: the token is "
        "not in its Parameters or Arguments. On AWS nobody could answer, and the Task would wait until it times out.\n"
        "  from     state 'Ask'\n"
        'Write "token.$": "$$.Task.Token" among the Parameters, or "{% $states.context.Task.Token %}" in JSONata. '
        "To test the timeout, mock it with submits={} and advance the time."
    )
    sfn.usage_errors.clear()
    mock.remove()
    sfn.mock_task("Ask", raises="States.Timeout")
    machine.run().assert_failed(error="States.Timeout")


def test_code_that_polls_an_execution_that_nothing_answers_is_told(
    sfn: SfnSync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks_in_vain, "MOST_LOOKS_OF_A_TEST", 20)
    execution, client = asked(sfn), sfn.client()

    def poll() -> None:
        while client.describe_execution(executionArn=execution.arn)["status"] == "RUNNING":
            pass

    with pytest.raises(SfnSyncUsageError) as raised:
        poll()
    assert str(raised.value) == (
        f"The execution {execution.name!r} of 'approval' was looked at 20 times, while it is RUNNING and waits for an "
        "answer that nothing gives:\n"
        "  Ask waits for an answer to its task token since +0 s; sfn_sync.pending[0].succeed(...) answers it\n"
        "Answer it before or while the code polls, or let its timeout strike: sfn_sync.advance(seconds=...)."
    )
    sfn.usage_errors.clear()
    assert client.describe_execution(executionArn=execution.arn)["status"] == "RUNNING"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param({"error": "e" * 257}, "error with 256 characters at most", id="a name"),
        pytest.param({"error": "E", "cause": "c" * 32_769}, "cause with 32,768 characters at most", id="a cause"),
    ],
)
def test_a_failure_has_the_limits_of_the_service(sfn: SfnSync, arguments: dict[str, str], told: str) -> None:
    task = only(asked(sfn).pending)
    with pytest.raises(SfnSyncUsageError) as refused:
        task.fail(**arguments)
    given = len(arguments[told.split()[0]])
    assert str(refused.value) == f"pending.fail takes {told}, as SendTaskFailure does: this one has {given:,}."


@pytest.mark.parametrize("method", ["succeed", "fail", "heartbeat"])
def test_after_the_end_of_the_fake_nothing_can_be_answered(method: str) -> None:
    with SfnSync() as sfn:
        execution = asked(sfn)
    (task,) = execution.pending
    with pytest.raises(SfnSyncUsageError) as refused:
        getattr(task, method)(*[{}][: method == "succeed"])
    assert str(refused.value) == (
        f"pending.{method} was called after the fake of the task of the state 'Ask' has ended: its execution can't go "
        "on any more. Call it within the test, or within the with block."
    )
    assert execution.status == "RUNNING"


def test_an_execution_that_waits_has_lasted_until_now(sfn: SfnSync) -> None:
    execution = asked(sfn)
    sfn.advance(seconds=600)
    assert (execution.status, execution.duration) == ("RUNNING", 600)
