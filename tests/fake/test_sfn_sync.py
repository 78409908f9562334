"""SfnSync as a context manager: what is in force when, what it keeps, what it tells at the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pytest_sfn_sync import (
    MockError,
    OptionError,
    PendingTaskError,
    SfnSync,
    SfnSyncUsageError,
    TaskError,
    UnmockedTaskError,
    UnsupportedOperationError,
    UnusedMockError,
)
from pytest_sfn_sync.botocore_hook import innermost
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.service.operations import OPERATIONS
from tests.machines import CHARGE, CHARGE_ARN, PASS, machine_of


def start(sfn: SfnSync, arn: str, document: Any = None) -> dict[str, Any]:
    response: dict[str, Any] = sfn.client().start_sync_execution(
        stateMachineArn=arn, input=json.dumps({} if document is None else document)
    )
    return response


def test_a_client_is_answered_within_the_block() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("greeting", PASS)
        response = start(sfn, machine.arn)

    assert response["status"] == "SUCCEEDED"
    assert json.loads(response["output"]) == {"greeting": "hello"}
    assert innermost() is None


def test_a_definition_may_be_a_dict_a_text_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "greeting.asl.json"
    path.write_text(json.dumps(PASS), encoding="utf-8")
    with SfnSync() as sfn:
        definitions: dict[str, Any] = {"dict": PASS, "text": json.dumps(PASS), "path": path, "name": str(path)}
        for name, definition in definitions.items():
            assert start(sfn, sfn.register(name, definition).arn)["status"] == "SUCCEEDED"

        assert [machine.name for machine in sfn.machines] == ["dict", "text", "path", "name"]


def test_executions_are_kept_in_the_order_in_which_they_ended() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("greeting", PASS)
        responses = [start(sfn, machine.arn, number) for number in range(3)]

    assert [execution.arn for execution in sfn.executions] == [response["executionArn"] for response in responses]
    assert sfn.last_execution is sfn.executions[-1]


def test_the_last_execution_is_asked_for_too_early() -> None:
    with SfnSync() as sfn, pytest.raises(SfnSyncUsageError, match=r"^No execution has run yet\.$"):
        _ = sfn.last_execution


def test_the_innermost_fake_answers() -> None:
    with SfnSync() as outer:
        machine = outer.register("greeting", PASS)
        with SfnSync() as inner:
            inner.register("greeting", machine_of({"Other": {"Type": "Pass"}}))
            start(inner, machine.arn)
        start(outer, machine.arn)

    assert [execution.path for execution in inner.executions] == [["Other"]]
    assert [execution.path for execution in outer.executions] == [["Greet"]]


def test_threads_of_the_code_under_test_are_answered() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("greeting", PASS)
        client = sfn.client()
        threads = [
            threading.Thread(target=lambda: client.start_sync_execution(stateMachineArn=machine.arn)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [execution.status for execution in sfn.executions] == ["SUCCEEDED"] * 4


def test_a_client_made_without_the_hook_can_be_attached() -> None:
    client = boto3.client(
        "stepfunctions", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    with SfnSync() as sfn:
        machine = sfn.register("greeting", PASS)
        sfn.attach(client)
        sfn.attach(client)
        client.start_sync_execution(stateMachineArn=machine.arn)

    assert len(sfn.executions) == 1


def test_a_client_takes_boto3s_arguments() -> None:
    with SfnSync(region="eu-west-1") as sfn:
        assert sfn.client().meta.region_name == "eu-west-1"
        assert sfn.client(region_name="us-west-2").meta.region_name == "us-west-2"


def test_region_and_account_are_those_of_the_machines() -> None:
    with SfnSync(region="eu-west-1", account_id="111122223333") as sfn:
        machine = sfn.register("greeting", PASS)
        response = start(sfn, machine.arn)

    assert machine.arn == "arn:aws:states:eu-west-1:111122223333:stateMachine:greeting"
    assert response["executionArn"].startswith("arn:aws:states:eu-west-1:111122223333:express:greeting:")


def test_every_execution_starts_at_the_start_time() -> None:
    start_time = datetime(2024, 2, 29, 12, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))
    with SfnSync(start_time=start_time) as sfn:
        machine = sfn.register("waiting", machine_of({"Wait": {"Type": "Wait", "Seconds": 5}}))
        responses = [start(sfn, machine.arn) for _ in range(2)]

    assert [response["startDate"] for response in responses] == [start_time] * 2
    assert [response["stopDate"] for response in responses] == [start_time + timedelta(seconds=5)] * 2


def test_without_a_start_time_executions_start_at_the_real_time() -> None:
    before = datetime.now(timezone.utc)
    with SfnSync() as sfn:
        start(sfn, sfn.register("greeting", PASS).arn)

    assert before <= sfn.last_execution.started_at <= datetime.now(timezone.utc)


def test_a_seed_makes_generated_values_repeatable() -> None:
    definition = machine_of({"Draw": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}}})

    def drawn(seed: Any) -> tuple[Any, str]:
        with SfnSync(seed=seed) as sfn:
            start(sfn, sfn.register("drawing", definition).arn)
        return sfn.last_execution.output, sfn.last_execution.arn

    assert drawn(1) == drawn(1) != drawn("other")


def test_an_execution_that_a_handler_starts_is_a_child() -> None:
    with SfnSync() as sfn:
        child = sfn.register("greeting", PASS)
        parent = sfn.register("orders", CHARGE)
        sfn.mock_lambda("charge-card", calls=lambda event: start(sfn, child.arn)["status"])
        start(sfn, parent.arn)
        start(sfn, child.arn)

    first, second, third = sfn.executions
    assert [execution.machine.name for execution in (first, second, third)] == ["greeting", "orders", "greeting"]
    assert second.children == [first]
    assert (first.children, third.children) == ([], [])
    assert second.calls[0].execution is second


def test_calls_are_kept_by_the_mock_and_by_the_execution() -> None:
    with SfnSync() as sfn:
        charge = sfn.mock_lambda("charge-card", returns={"receipt": 7}, takes=0.25)
        start(sfn, sfn.register("orders", CHARGE).arn, {"amount": 5})

    (call,) = charge.calls
    assert sfn.last_execution.calls == [call]
    assert (call.state_name, call.resource, call.payload) == ("Charge", CHARGE_ARN, {"amount": 5})
    assert (call.attempt, call.iteration, call.result, call.error) == (0, (), {"receipt": 7}, None)
    assert call.execution is sfn.last_execution
    assert call.at == sfn.last_execution.started_at
    assert sfn.last_execution.duration == 0.25


def test_a_mocked_resource_and_a_mocked_state() -> None:
    definition = machine_of(
        {
            "Find": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:getItem",
                "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}},
            },
            "Ship": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl": "q", "MessageBody": "m"},
            },
        }
    )
    with SfnSync() as sfn:
        find = sfn.mock_resource("dynamodb:getItem", calls=lambda parameters: {"Item": parameters["Key"]})
        sfn.mock_task("Ship", returns={"MessageId": "1"})
        start(sfn, sfn.register("orders", definition).arn)

    sfn.last_execution.assert_succeeded(output={"MessageId": "1"})
    find.assert_called_once_with({"TableName": "orders", "Key": {"id": {"S": "1"}}})


def test_an_unmocked_task_ends_the_call_with_a_usage_error() -> None:
    with pytest.raises(UnmockedTaskError) as raised, SfnSync() as sfn:
        start(sfn, sfn.register("orders", CHARGE).arn)

    assert "has no mock" in str(raised.value)
    assert [execution.status for execution in sfn.executions] == ["ABORTED"]


def test_no_retry_and_no_catch_sees_a_usage_error() -> None:
    definition = machine_of(
        {
            "Charge": {
                "Type": "Task",
                "Resource": CHARGE_ARN,
                "Retry": [{"ErrorEquals": ["States.ALL"]}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
            },
            "Caught": {"Type": "Succeed"},
        }
    )
    with pytest.raises(UnmockedTaskError), SfnSync() as sfn:
        start(sfn, sfn.register("orders", definition).arn)

    assert sfn.last_execution.path == ["Charge"]


@contextmanager
def raises_in_the_end(kind: type[BaseException], **options: Any) -> Iterator[tuple[SfnSync, pytest.ExceptionInfo[Any]]]:
    """A fake whose block is expected to end with an exception."""
    with pytest.raises(kind) as raised, SfnSync(**options) as sfn:
        yield sfn, raised


def swallow(sfn: SfnSync, arn: str) -> None:
    """The code under test, which takes any failure for a bad day of AWS."""
    try:
        start(sfn, arn)
    except Exception:  # what careless code does
        return


def test_a_usage_error_that_was_swallowed_is_raised_again() -> None:
    with pytest.raises(UnmockedTaskError) as raised, SfnSync() as sfn:
        swallow(sfn, sfn.register("orders", CHARGE).arn)

    assert raised.value is sfn.usage_errors[0]


def test_the_same_usage_error_is_raised_again_once() -> None:
    with raises_in_the_end(UnmockedTaskError) as (sfn, raised):
        arn = sfn.register("orders", CHARGE).arn
        swallow(sfn, arn)
        swallow(sfn, arn)

    assert raised.value is sfn.usage_errors[1]


def test_different_usage_errors_are_told_together() -> None:
    with raises_in_the_end(SfnSyncUsageError) as (sfn, raised):
        swallow(sfn, sfn.register("orders", CHARGE).arn)
        sfn.mock_lambda("charge-card", responses=[1])
        swallow(sfn, sfn.register("orders", CHARGE).arn)
        swallow(sfn, sfn.register("orders", CHARGE).arn)

    assert type(raised.value) is SfnSyncUsageError
    text = str(raised.value)
    assert text.startswith("2 usage errors were raised in calls and swallowed there.\n\n1. The Task of state 'Charge'")
    assert "\n\n2. mock_lambda('charge-card') has run out of responses: it was given 1, and call 2 came.\n" in text


def test_a_usage_error_is_not_raised_again_while_it_propagates() -> None:
    with raises_in_the_end(RuntimeError) as (sfn, raised):
        try:
            start(sfn, sfn.register("orders", CHARGE).arn)
        except UnmockedTaskError as error:
            raise RuntimeError("wrapped") from error

    assert isinstance(raised.value.__cause__, UnmockedTaskError)


def test_a_swallowed_usage_error_is_told_even_where_the_test_fails_for_another_reason() -> None:
    with raises_in_the_end(UnmockedTaskError) as (sfn, raised):
        swallow(sfn, sfn.register("orders", CHARGE).arn)
        assert sfn.executions == [], "no receipt"

    assert isinstance(raised.value.__context__, AssertionError)


def test_a_test_that_expects_a_usage_error_clears_the_list() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", CHARGE)
        with pytest.raises(UnmockedTaskError):
            start(sfn, machine.arn)
        sfn.usage_errors.clear()


def test_an_operation_of_a_newer_botocore_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(OPERATIONS, "ListExecutions")
    with pytest.raises(UnsupportedOperationError, match="called ListExecutions of Step Functions"), SfnSync() as sfn:
        sfn.client().list_executions(stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:orders")


def test_unused_mocks_are_told_where_that_is_asked() -> None:
    with raises_in_the_end(UnusedMockError, assert_all_mocks_used=True) as (sfn, raised):
        sfn.mock_lambda("charge-card", returns=1)
        sfn.mock_task("Ship", returns=1)
        start(sfn, sfn.register("orders", CHARGE).arn)

    assert str(raised.value) == (
        "1 of 2 mocks was never called:\n"
        "  mock_task('Ship')\n"
        "Executions that ran: orders (SUCCEEDED).\n"
        "Take them out, write optional=True for those that not every test needs, or leave assert_all_mocks_used "
        "out."
    )


ASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "queue", "MessageBody": {"token.$": "$$.Task.Token"}},
    "TimeoutSeconds": 60,
    "End": True,
}


def asked(sfn: SfnSync, name: str) -> None:
    """Start an execution that waits for an answer to its token."""
    sfn.mock_task("Ask", submits={})
    sfn.register(name, {"StartAt": "Ask", "States": {"Ask": ASK}}, type="STANDARD").run(name="one")


def test_tasks_that_still_wait_are_told_where_that_is_asked() -> None:
    with raises_in_the_end(PendingTaskError, assert_no_pending=True) as (sfn, raised):
        asked(sfn, "orders")

    assert str(raised.value) == (
        "1 task waits for an answer at the end of the test:\n"
        "  orders:one: Ask waits for an answer to its task token since +0 s, times out at +60 s; "
        "sfn_sync.pending[0].succeed(...) answers it\n"
        "Answer them in the test, stop their executions, mock the tasks with returns=..., or leave assert_no_pending "
        "out."
    )


def test_several_tasks_that_still_wait_are_told_together() -> None:
    with raises_in_the_end(PendingTaskError, assert_no_pending=True) as (sfn, raised):
        asked(sfn, "orders")
        asked(sfn, "refunds")

    first, *rest = str(raised.value).splitlines()
    assert first == "2 tasks wait for an answer at the end of the test:"
    assert [line.partition(":one:")[0].strip() for line in rest[:2]] == ["orders", "refunds"]


def test_tasks_that_were_answered_are_not_told() -> None:
    with SfnSync(assert_no_pending=True) as sfn:
        asked(sfn, "orders")
        sfn.pending[0].succeed("yes")


def test_tasks_that_wait_are_no_error_unless_that_is_asked() -> None:
    with SfnSync() as sfn:
        asked(sfn, "orders")


WRAP = {"Type": "Pass", "End": True}


@pytest.mark.parametrize(
    ("mocked", "message"),
    [
        pytest.param(
            {"Chrage": {}},
            "mock_task('Chrage') was never called: no registered machine has a state of this name. Nearest: 'Charge' "
            "of 'orders', 'Ship' of 'parcels'.\n"
            "Correct the name, or write optional=True at a mock that not every test needs.",
            id="a misspelt name",
        ),
        pytest.param(
            {"Wrap": {}, "Shop": {}},
            "mock_task('Wrap') was never called: the state 'Wrap' of 'parcels' is of type Pass, and only Task states "
            "are mocked.\n"
            "mock_task('Shop') was never called: no registered machine has a state of this name. Nearest: 'Ship' of "
            "'parcels', 'Charge' of 'orders'.\n"
            "Correct the name, or write optional=True at a mock that not every test needs.",
            id="another type of state, and a misspelt name",
        ),
    ],
)
def test_mocks_of_states_that_no_machine_has_are_told(mocked: dict[str, Any], message: str) -> None:
    with raises_in_the_end(MockError) as (sfn, raised):
        for state, arguments in mocked.items():
            sfn.mock_task(state, returns=1, **arguments)
        run_orders_and_register_parcels(sfn)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("state", "arguments", "runs"),
    [
        pytest.param("Chrage", {"optional": True}, True, id="an optional mock"),
        pytest.param("Chrage", {}, False, id="without an execution"),
        pytest.param("Ship", {}, True, id="a state of another machine"),
        pytest.param("Each", {}, True, id="a state within a Map"),
    ],
)
def test_other_mocks_of_states_are_not_told(state: str, arguments: dict[str, Any], runs: bool) -> None:
    with SfnSync() as sfn:
        sfn.mock_task(state, returns=1, **arguments)
        if runs:
            run_orders_and_register_parcels(sfn)


def test_a_mock_of_an_absent_state_is_not_told_where_a_usage_error_ended_the_execution() -> None:
    with SfnSync() as sfn:
        sfn.mock_task("Chrage", returns=1)
        with pytest.raises(UnmockedTaskError):
            start(sfn, sfn.register("orders", CHARGE).arn)
        sfn.usage_errors.clear()


def test_a_mock_of_an_absent_state_is_not_told_where_the_block_fails_anyway() -> None:
    with raises_in_the_end(AssertionError) as (sfn, raised):
        sfn.mock_task("Chrage", returns=1)
        run_orders_and_register_parcels(sfn)
        assert not sfn.executions, "the test's own"

    assert str(raised.value).startswith("the test's own")


def run_orders_and_register_parcels(sfn: SfnSync) -> None:
    ship = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ship", "Next": "Wrap"}
    each = {
        "Type": "Map",
        "ItemProcessor": {"StartAt": "Each", "States": {"Each": {**ship, "Next": "Last"}, "Last": WRAP}},
        "Next": "Ship",
    }
    if any(mock.target.text == "Each" for mock in sfn.mocks):
        states = {"All": each, "Ship": ship, "Wrap": WRAP}
        sfn.register("parcels", {"StartAt": "All", "States": states})
    else:
        sfn.register("parcels", {"StartAt": "Ship", "States": {"Ship": ship, "Wrap": WRAP}})
    sfn.mock_lambda("charge-card", returns=1)
    start(sfn, sfn.register("orders", CHARGE).arn)


def test_unused_injected_errors_are_told_where_unused_mocks_are() -> None:
    with raises_in_the_end(UnusedMockError, assert_all_mocks_used=True) as (sfn, raised):
        orders = sfn.register("orders", PASS)
        sfn.inject_error("ThrottlingException", machine=orders, operation="StopExecution")
        sfn.inject_error("ThrottlingException", operation="ListActivities", optional=True)
        start(sfn, orders.arn)
    assert str(raised.value) == (
        "1 of 2 injected errors was never answered:\n"
        f"  <InjectedError ThrottlingException in StopExecution for {orders.arn}, at most 1x, answered 0x>\n"
        "Executions that ran: orders (SUCCEEDED).\n"
        "Take them out, write optional=True for those that not every test needs, or leave assert_all_mocks_used "
        "out."
    )


@pytest.mark.parametrize("machine", ["ordres", "arn:aws:states:us-east-1:123456789012:stateMachine:ordres:1"])
def test_an_injected_error_for_a_machine_that_nobody_has_is_told(machine: str) -> None:
    with raises_in_the_end(MockError) as (sfn, raised):
        orders = sfn.register("orders", PASS)
        sfn.inject_error("ExecutionLimitExceeded", machine=machine)
        start(sfn, orders.arn)
    near = repr(orders.arn if ":" in machine else "orders")
    assert str(raised.value) == (
        f"<InjectedError ExecutionLimitExceeded for {machine}, at most 1x, answered 0x>: no machine of that name or "
        f"ARN is registered. Nearest: {near}.\n"
        "Correct the machine, or write optional=True at an error that not every test needs."
    )


@pytest.mark.parametrize("machine", ["orders", "arn:aws:states:us-east-1:123456789012:stateMachine:orders:live"])
def test_an_injected_error_for_a_known_machine_may_be_unused(machine: str) -> None:
    with SfnSync() as sfn:
        start(sfn, sfn.register("orders", PASS).arn)
        sfn.inject_error("ExecutionLimitExceeded", machine=machine)
        sfn.inject_error("ExecutionLimitExceeded", machine="ordres", optional=True)


def test_an_injected_error_may_be_for_a_machine_where_none_is_registered() -> None:
    with SfnSync() as sfn:
        sfn.inject_error("ExecutionLimitExceeded", machine="orders")


def test_unused_mocks_are_not_told_where_the_block_fails_anyway() -> None:
    with raises_in_the_end(AssertionError, assert_all_mocks_used=True) as (sfn, raised):
        sfn.mock_task("Ship", returns=1)
        assert sfn.executions, "first"

    assert str(raised.value).startswith("first")


def test_injected_errors_are_raised_by_the_client() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("greeting", PASS)
        client = sfn.client(config=Config(retries={"max_attempts": 0}))
        sfn.inject_error("ThrottlingException", times=1)
        with pytest.raises(ClientError, match="Rate exceeded"):
            client.start_sync_execution(stateMachineArn=machine.arn)

        assert client.start_sync_execution(stateMachineArn=machine.arn)["status"] == "SUCCEEDED"


def test_raises_expects_a_service_error() -> None:
    with SfnSync() as sfn:
        client = sfn.client()
        with sfn.raises("StateMachineDoesNotExist", match="State Machine Does Not Exist: '.*:orders'") as expected:
            client.start_sync_execution(stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:orders")

    assert isinstance(expected.value, client.exceptions.StateMachineDoesNotExist)


def test_raises_fails_where_nothing_or_something_else_is_raised() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("greeting", PASS)
        nothing_raised = r"^InvalidName was expected, but no call raised it\.$"
        with pytest.raises(AssertionError, match=nothing_raised), sfn.raises("InvalidName"):
            start(sfn, machine.arn)
        another_raised = r"^InvalidName was expected, but the call ended with InvalidArn: "
        with pytest.raises(AssertionError, match=another_raised), sfn.raises("InvalidName"):
            start(sfn, "not an arn")
        with pytest.raises(AssertionError) as failed, sfn.raises("InvalidArn", match="nothing like it"):
            start(sfn, "not an arn")
        with pytest.raises(KeyError), sfn.raises("InvalidArn"):
            raise KeyError("another kind of error")

    assert str(failed.value) == (
        "InvalidArn was raised as expected, but its message does not match.\n"
        "  match    nothing like it\n"
        "  message  Invalid Arn: 'Invalid ARN prefix: not an arn'"
    )


def test_raises_refuses_codes_that_there_are_not() -> None:
    with SfnSync() as sfn, pytest.raises(MockError, match="Nearest: StateMachineDoesNotExist"):
        sfn.raises("StateMachineDoesntExist")


def test_reset_forgets_everything() -> None:
    with SfnSync(seed=1) as sfn:
        machine = sfn.register("orders", CHARGE)
        swallow(sfn, machine.arn)
        sfn.mock_lambda("charge-card", returns=1)
        sfn.inject_error("ThrottlingException")
        sfn.reset()

        assert (sfn.executions, sfn.machines, sfn.mocks, sfn.usage_errors) == ([], [], [], [])
        with sfn.raises("StateMachineDoesNotExist"):
            start(sfn, machine.arn)


def test_mocks_made_after_a_reset_answer_in_place_of_those_before() -> None:
    with SfnSync() as sfn:
        answers = []
        for receipt in (1, 2):
            sfn.mock_lambda("charge-card", returns={"receipt": receipt})
            answers.append(json.loads(start(sfn, sfn.register("orders", CHARGE).arn)["output"]))
            sfn.reset()

    assert answers == [{"receipt": 1}, {"receipt": 2}]


def test_a_fake_can_be_prepared_before_its_block_and_read_after_it() -> None:
    sfn = SfnSync()
    machine = sfn.register("orders", CHARGE)
    charge = sfn.mock_lambda("charge-card", raises=TaskError("Card.Declined"))
    with sfn:
        start(sfn, machine.arn)

    assert charge.call_count == 1
    sfn.last_execution.assert_failed(error="Card.Declined", cause=None)


def test_a_fake_can_be_entered_once() -> None:
    sfn = SfnSync()
    with sfn, pytest.raises(SfnSyncUsageError, match=r"^This SfnSync is active already"):
        sfn.__enter__()
    with pytest.raises(SfnSyncUsageError, match=r"^This SfnSync has ended already"):
        sfn.__enter__()


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda sfn: sfn.register("greeting", PASS), id="register"),
        pytest.param(lambda sfn: sfn.mock_task("Charge", returns=1), id="mock_task"),
        pytest.param(lambda sfn: sfn.mock_lambda("charge-card", returns=1), id="mock_lambda"),
        pytest.param(lambda sfn: sfn.mock_resource("dynamodb:getItem", returns=1), id="mock_resource"),
        pytest.param(lambda sfn: sfn.mock_activity("pack", returns=1), id="mock_activity"),
        pytest.param(lambda sfn: sfn.advance(1), id="advance"),
        pytest.param(lambda sfn: sfn.inject_error("ThrottlingException"), id="inject_error"),
        pytest.param(lambda sfn: sfn.reset(), id="reset"),
    ],
)
def test_a_fake_is_used_after_its_block(use: Any, request: pytest.FixtureRequest) -> None:
    with SfnSync() as sfn:
        pass

    with pytest.raises(SfnSyncUsageError, match="was called on an SfnSync whose with block has ended"):
        use(sfn)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"region": "europe"}, "region='europe': a region is written like 'eu-west-1'."),
        ({"account_id": 123}, "account_id=123: an account id is a string of 12 digits."),
        (
            {"start_time": datetime(2024, 1, 1)},
            "start_time=datetime.datetime(2024, 1, 1, 0, 0): a start time is a datetime with a time zone or a text "
            "such as '2024-05-01T12:00:00Z'; None is the real time.",
        ),
        ({"seed": 1.5}, "seed=1.5: a seed is an int or a str, or None."),
        ({"seed": "\ud83d"}, "seed='\\ud83d': a seed is an int or a str, or None."),
        ({"assert_all_mocks_used": 1}, "assert_all_mocks_used=1: it is True or False."),
        ({"unsupported_operations": "ignore"}, "unsupported_operations='ignore': it is 'raise' or 'pass'."),
    ],
)
def test_an_option_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as refused:
        SfnSync(**options)

    assert str(refused.value) == message


def test_a_fake_tells_its_state() -> None:
    with SfnSync() as sfn:
        sfn.register("greeting", PASS)
        sfn.mock_task("Charge", returns=1)

        assert repr(sfn) == "<SfnSync active: 1 machines, 1 mocks, 0 executions>"


def test_a_fake_of_options_is_the_one_of_the_same_arguments() -> None:
    given: dict[str, Any] = {
        "region": "eu-west-1",
        "account_id": "111122223333",
        "start_time": datetime(2024, 1, 2, tzinfo=timezone.utc),
        "seed": 5,
        "assert_all_mocks_used": True,
        "assert_no_pending": True,
        "unsupported_operations": "pass",
        "validate_mocks": "strict",
        "work_budget": 90_000_000,
    }
    assert given.keys() == set(Options.__slots__)
    options = Options(**given)
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    runs = []
    for fake in (SfnSync._of(options), SfnSync(**given)):
        assert fake.options == options
        with fake as sfn:
            arn = sfn.register("a", definition).arn
            answer = sfn.client().start_sync_execution(stateMachineArn=arn)
        runs.append((arn, answer["executionArn"], answer["startDate"]))
    assert runs[0] == runs[1]
