"""StartExecution, and what is described, listed and stopped of executions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError
from tests.service.conftest import NOON
from tests.service.scenes import FAIL, PASS, PREFIX, created, members, refused, started, task

MACHINE = f"{PREFIX}:stateMachine:orders"
EXECUTION = f"{PREFIX}:execution:orders:one"
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
TIMES_OUT = {**WAIT, "TimeoutSeconds": 10}
ALWAYS = {
    "executionArn": EXECUTION,
    "stateMachineArn": MACHINE,
    "name": "one",
    "startDate": NOON,
    "input": "{}",
    "inputDetails": {"included": True},
    "redriveCount": 0,
}


def described(client: Any, arn: str = EXECUTION, **arguments: Any) -> dict[str, Any]:
    return members(client.describe_execution(executionArn=arn, **arguments))


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            PASS,
            {
                "status": "SUCCEEDED",
                "stopDate": NOON,
                "output": "{}",
                "outputDetails": {"included": True},
                "redriveStatus": "NOT_REDRIVABLE",
                "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            },
            id="succeeded",
        ),
        pytest.param(
            FAIL, {"status": "FAILED", "stopDate": NOON, "error": "Broken", "redriveStatus": "REDRIVABLE"}, id="failed"
        ),
        pytest.param(
            TIMES_OUT,
            {"status": "TIMED_OUT", "stopDate": NOON + timedelta(seconds=10), "redriveStatus": "REDRIVABLE"},
            id="timed out: neither error nor cause",
        ),
        pytest.param(
            WAIT,
            {
                "status": "SUCCEEDED",
                "stopDate": NOON + timedelta(seconds=60),
                "output": "{}",
                "outputDetails": {"included": True},
                "redriveStatus": "NOT_REDRIVABLE",
                "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            },
            id="an hour passes at once",
        ),
    ],
)
def test_the_members_of_an_execution(client: Any, definition: Any, expected: dict[str, Any]) -> None:
    created(client, definition=definition)
    response = client.start_execution(stateMachineArn=MACHINE, name="one")
    assert members(response) == {"executionArn": EXECUTION, "startDate": NOON}
    assert described(client) == {**ALWAYS, **expected}


def test_metadata_only_leaves_the_data_out(client: Any) -> None:
    started(client, created(client), name="one")
    response = described(client, includedData="METADATA_ONLY")
    assert response.keys().isdisjoint({"input", "output"})
    assert response["status"] == "SUCCEEDED"


def test_the_input_keeps_its_text(client: Any) -> None:
    created(client)
    text = '{ "a" : 1.0,\n "b": [ ] }'
    client.start_execution(stateMachineArn=MACHINE, name="one", input=text)
    assert described(client)["input"] == described(client)["output"] == text


def test_a_generated_name_is_a_uuid(client: Any) -> None:
    name = started(client, created(client)).rpartition(":")[2]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", name)


@pytest.mark.parametrize(
    "again", [{}, {"input": "{}"}, {"input": '{"a": 1}'}], ids=["the same", "the default input", "another input"]
)
def test_a_name_that_has_ended_is_never_used_again(client: Any, again: dict[str, Any]) -> None:
    created(client)
    client.start_execution(stateMachineArn=MACHINE, name="one")
    with refused("ExecutionAlreadyExists", f"Execution Already Exists: '{EXECUTION}'"):
        client.start_execution(stateMachineArn=MACHINE, name="one", **again)


def test_starting_a_running_execution_again_returns_the_same_answer(sfn: SfnSync, client: Any) -> None:
    answers: list[Any] = []

    def start_again(event: Any) -> None:
        answers.append(members(client.start_execution(stateMachineArn=MACHINE, name="one")))
        with refused("ExecutionAlreadyExists"):
            client.start_execution(stateMachineArn=MACHINE, name="one", input="[]")

    sfn.mock_lambda("work", calls=start_again)
    created(client, definition={"StartAt": "Work", "States": {"Work": task("work")}})
    first = members(client.start_execution(stateMachineArn=MACHINE, name="one"))
    assert answers == [first]
    assert len(client.list_executions(stateMachineArn=MACHINE)["executions"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'", id="a name with a blank"),
        pytest.param(
            {"input": ""},
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Invalid execution input.'",
            id="an empty input",
        ),
        pytest.param({"input": "{"}, "InvalidExecutionInput", None, id="an input that is no JSON"),
        pytest.param(
            {"stateMachineArn": "orders"}, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: orders'", id="no ARN"
        ),
        pytest.param(
            {"stateMachineArn": f"{MACHINE}:9"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{MACHINE}:9'",
            id="no such version",
        ),
    ],
)
def test_what_start_refuses(client: Any, arguments: dict[str, Any], code: str, message: str | None) -> None:
    created(client)
    with refused(code, message):
        client.start_execution(**{"stateMachineArn": MACHINE, **arguments})
    assert client.list_executions(stateMachineArn=MACHINE)["executions"] == []


def test_an_express_execution_runs_and_is_found_by_no_operation(sfn: SfnSync, client: Any) -> None:
    done = sfn.mock_lambda("work", returns=1)
    machine = created(client, definition={"StartAt": "Work", "States": {"Work": task("work")}}, type="EXPRESS")
    arn = started(client, machine, name="one")
    assert re.fullmatch(rf"{PREFIX}:express:orders:one:[0-9a-f-]{{36}}", arn)
    assert done.call_count == 1
    message = "Invalid Arn: 'Resource type not valid in this context: express'"
    for operation in (client.describe_execution, client.stop_execution, client.get_execution_history):
        with refused("InvalidArn", message):
            operation(executionArn=arn)
    with refused("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"):
        client.list_executions(stateMachineArn=machine)
    started(client, machine, name="one")  # An Express machine refuses no name.
    assert [execution.status for execution in sfn.executions] == ["SUCCEEDED"] * 2


def test_start_sync_execution_refuses_a_standard_machine(client: Any) -> None:
    created(client)
    with refused("StateMachineTypeNotSupported"):
        client.start_sync_execution(stateMachineArn=MACHINE)


@pytest.mark.parametrize(
    "operation", ["describe_execution", "stop_execution", "get_execution_history", "list_map_runs"]
)
@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        pytest.param(EXECUTION, "ExecutionDoesNotExist", f"Execution Does Not Exist: '{EXECUTION}'", id="no execution"),
        pytest.param("one", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: one'", id="no ARN"),
        pytest.param(
            MACHINE,
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
            id="a machine",
        ),
    ],
)
def test_arns_that_name_no_execution(client: Any, operation: str, arn: str, code: str, message: str) -> None:
    with refused(code, message):
        getattr(client, operation)(executionArn=arn)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (None, ["three", "two", "one"]),
        ("SUCCEEDED", ["three", "one"]),
        ("FAILED", ["two"]),
        ("RUNNING", []),
        ("TIMED_OUT", []),
        ("ABORTED", []),
    ],
)
def test_executions_are_listed_newest_first_and_by_status(client: Any, status: str | None, found: list[str]) -> None:
    choice = {
        "StartAt": "Choose",
        "States": {
            "Choose": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.fails", "BooleanEquals": True, "Next": "Fail"}],
                "Default": "End",
            },
            "Fail": {"Type": "Fail"},
            "End": {"Type": "Succeed"},
        },
    }
    created(client, definition=choice)
    for name in ("one", "two", "three"):
        started(client, MACHINE, name=name, input={"fails": name == "two"})
    arguments = {} if status is None else {"statusFilter": status}
    listed = client.list_executions(stateMachineArn=MACHINE, **arguments)["executions"]
    assert [item["name"] for item in listed] == found
    for item in listed:
        assert item.keys() == {
            "executionArn",
            "stateMachineArn",
            "name",
            "status",
            "startDate",
            "stopDate",
            "redriveCount",
        }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({}, "Must provide a StateMachine ARN or MapRun ARN", id="no ARN"),
        pytest.param(
            {"stateMachineArn": MACHINE, "mapRunArn": f"{PREFIX}:mapRun:orders/Each:1"},
            "Must provide either a StateMachine ARN or a MapRun ARN",
            id="both",
        ),
        pytest.param({"stateMachineArn": MACHINE, "statusFilter": "PENDING_REDRIVE"}, None, id="PENDING_REDRIVE"),
    ],
)
def test_what_list_executions_refuses(client: Any, arguments: dict[str, Any], message: str | None) -> None:
    created(client)
    with refused("ValidationException", message):
        client.list_executions(**arguments)


@pytest.mark.parametrize(
    "given",
    [{}, {"error": "E"}, {"cause": "c"}, {"error": "E", "cause": "c"}],
    ids=["nothing", "error", "cause", "both"],
)
def test_an_execution_that_is_stopped(sfn: SfnSync, client: Any, given: dict[str, str]) -> None:
    dates: list[Any] = []
    sfn.mock_lambda("work", calls=lambda event: dates.append(client.stop_execution(executionArn=EXECUTION, **given)))
    never = sfn.mock_lambda("never", returns=1)
    started(
        client,
        created(client, definition={"StartAt": "A", "States": {"A": task("work", Next="B"), "B": task("never")}}),
        name="one",
    )
    response = described(client)
    assert (response["status"], response["stopDate"]) == ("ABORTED", dates[0]["stopDate"])
    assert {name: response[name] for name in ("error", "cause") if name in response} == given
    last = client.get_execution_history(executionArn=EXECUTION)["events"][-1]
    assert (last["type"], last["previousEventId"], last["executionAbortedEventDetails"]) == (
        "ExecutionAborted",
        0,
        given,
    )
    assert never.call_count == 0
    # Stopping it again changes nothing.
    assert client.stop_execution(executionArn=EXECUTION, error="Other")["stopDate"] == response["stopDate"]
    assert described(client) == response


def test_stopping_an_execution_that_has_succeeded_changes_nothing(client: Any) -> None:
    started(client, created(client, definition=WAIT), name="one")
    before = described(client)
    assert client.stop_execution(executionArn=EXECUTION)["stopDate"] == before["stopDate"]
    assert described(client) == before


def test_the_history_in_both_orders(client: Any) -> None:
    started(client, created(client), name="one")
    events = client.get_execution_history(executionArn=EXECUTION)["events"]
    assert [(event["id"], event["previousEventId"], event["type"]) for event in events] == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "PassStateEntered"),
        (3, 2, "PassStateExited"),
        (4, 3, "ExecutionSucceeded"),
    ]
    reverse = client.get_execution_history(executionArn=EXECUTION, reverseOrder=True)["events"]
    assert reverse == events[::-1]
    bare = client.get_execution_history(executionArn=EXECUTION, includeExecutionData=False)["events"]
    assert bare[1]["stateEnteredEventDetails"] == {"name": "Only"}


def test_an_execution_may_start_and_poll_another(sfn: SfnSync, client: Any) -> None:
    """A handler that starts a Standard execution sees it run once the handler has returned."""
    other = created(client, "other")

    def start_other(event: Any) -> str:
        return str(client.describe_execution(executionArn=started(client, other, name="two"))["status"])

    sfn.mock_lambda("work", calls=start_other)
    created(client, definition={"StartAt": "Work", "States": {"Work": task("work")}})
    started(client, MACHINE, name="one")
    assert described(client)["output"] == '"RUNNING"'
    assert described(client, f"{PREFIX}:execution:other:two")["status"] == "SUCCEEDED"


def test_a_usage_error_in_one_execution_aborts_only_that_one(sfn: SfnSync, client: Any) -> None:
    other = created(client, "other", {"StartAt": "T", "States": {"T": task("unmocked")}})
    sfn.mock_lambda("work", calls=lambda event: started(client, other, name="two"))
    created(client, definition={"StartAt": "Work", "States": {"Work": task("work")}})
    with pytest.raises(Exception, match="unmocked"):
        started(client, MACHINE, name="one")
    sfn.usage_errors.clear()
    assert described(client, f"{PREFIX}:execution:other:two")["status"] == "ABORTED"
    assert described(client)["status"] == "SUCCEEDED"


def test_test_state_of_a_choice(client: Any) -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Review"}],
        "Default": "Ship",
    }
    for total, following in ((101, "Review"), (100, "Ship")):
        response = client.test_state(definition=json.dumps(choice), input=json.dumps({"total": total}))
        assert members(response) == {
            "status": "SUCCEEDED",
            "output": f'{{"total":{total}}}',
            "nextState": following,
        }


def test_test_state_names_a_state_of_a_whole_machine(client: Any) -> None:
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Result": 2, "End": True}}
    definition = json.dumps({"StartAt": "A", "States": states})
    response = client.test_state(definition=definition, stateName="B", inspectionLevel="DEBUG")
    assert members(response) == {
        "status": "SUCCEEDED",
        "output": "2",
        "inspectionData": {
            "input": "{}",
            "result": "2",
            "afterResultSelector": "2",
            "afterResultPath": "2",
        },
    }
    with refused("ValidationException", "State not found in definition"):
        client.test_state(definition=definition, stateName="C")


def test_an_execution_that_starts_at_the_real_time_takes_virtual_time_only() -> None:
    with SfnSync(account_id="111111111111") as sfn:
        client = sfn.client()
        machine = created(client, definition=WAIT)
        for _ in range(50):
            started(client, machine)
        assert {execution.duration for execution in sfn.executions} == {60.0}


def test_an_execution_that_is_stopped_before_its_first_step(sfn: SfnSync, client: Any) -> None:
    other = created(client, "other")

    def start_and_stop(event: Any) -> None:
        arn = started(client, other, name="two")
        assert [event["type"] for event in client.get_execution_history(executionArn=arn)["events"]] == [
            "ExecutionStarted"
        ]
        client.stop_execution(executionArn=arn)

    sfn.mock_lambda("work", calls=start_and_stop)
    started(client, created(client, definition={"StartAt": "Work", "States": {"Work": task("work")}}), name="one")
    assert described(client)["status"] == "SUCCEEDED"
    arn = f"{PREFIX}:execution:other:two"
    assert described(client, arn)["status"] == "ABORTED"
    types = [event["type"] for event in client.get_execution_history(executionArn=arn)["events"]]
    assert types == ["ExecutionStarted", "ExecutionAborted"]


DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
UNSUPPORTED: dict[str, tuple[dict[str, Any], str]] = {
    "a distributed Map": (
        {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": DISTRIBUTED,
                "StartAt": "Inner",
                "States": {"Inner": {"Type": "Succeed"}},
            },
            "End": True,
        },
        "Machine 'orders': the Map state 'Only' is a distributed Map (ProcessorConfig has the Mode DISTRIBUTED), which "
        "can't be run here. Test the machine without that state, or the state by itself with TestState and a mock.",
    ),
    "a callback": (
        {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "queue", "MessageBody": "without a token"},
            "End": True,
        },
        "Machine 'orders': the Task 'Only' has the Resource 'arn:aws:states:::sqs:sendMessage.waitForTaskToken'. It "
        "waits for a task token, which can't be answered here. Test the machine without that state, or the state by "
        "itself with TestState and a mock.",
    ),
}


@pytest.mark.parametrize(("state", "message"), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_a_state_that_cannot_be_run_here_is_a_usage_error(
    sfn: SfnSync, client: Any, state: dict[str, Any], message: str
) -> None:
    sfn.mock_task("Only", returns={}, validate="none")
    created(client, definition={"StartAt": "Only", "States": {"Only": state}})
    with pytest.raises(SfnSyncUsageError) as raised:
        started(client, MACHINE, name="one", input=[1])
    assert str(raised.value) == message
    assert described(client)["status"] == "ABORTED"
    sfn.usage_errors.clear()


def test_executions_that_threads_start_take_their_own_time_only(sfn: SfnSync, client: Any) -> None:
    machine = created(client, definition=WAIT)

    def start_some(thread: int) -> list[str]:
        return [described(client, started(client, machine, name=f"{thread}-{n}"))["status"] for n in range(20)]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for found in pool.map(start_some, range(8)) for status in found]
    assert statuses == ["SUCCEEDED"] * 160
    assert {execution.duration for execution in sfn.executions} == {60.0}


def test_a_map_run_that_does_not_exist_is_refused(client: Any) -> None:
    arn = f"{PREFIX}:mapRun:orders/Each:1"
    with refused("ResourceNotFound", f"Resource not found: '{arn}'"):
        client.list_executions(mapRunArn=arn)


def test_the_trace_header_of_an_execution(client: Any) -> None:
    arn = started(client, created(client), traceHeader="Root=1-2-3")
    assert client.describe_execution(executionArn=arn)["traceHeader"] == "Root=1-2-3"


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(lambda client, arn: client.describe_execution(executionArn=arn), id="DescribeExecution"),
        pytest.param(lambda client, arn: client.get_execution_history(executionArn=arn), id="GetExecutionHistory"),
        pytest.param(
            lambda client, arn: client.list_executions(stateMachineArn=f"{PREFIX}:stateMachine:orders"),
            id="ListExecutions",
        ),
    ],
)
def test_a_handler_that_waits_for_an_execution_waits_for_ever(
    sfn: SfnSync, client: Any, look: Callable[[Any, str], Any]
) -> None:
    child = created(client)

    def wait(event: Any) -> None:
        arn = started(client, child, name="child")
        while True:
            look(client, arn)

    sfn.mock_lambda("a", calls=wait)
    parent = created(client, "parent", {"StartAt": "Call", "States": {"Call": task("a")}})
    with pytest.raises(SfnSyncUsageError) as raised:
        started(client, parent)
    assert str(raised.value) == (
        "The handler of the state 'Call' has looked 1,000 times at the execution 'child' of 'orders', which is RUNNING "
        "and stays so: an execution goes on only after the handler has returned.\n"
        "Return from the handler, and wait for the execution in the test, or in a state of the workflow."
    )
    sfn.usage_errors.clear()


def test_an_express_execution_is_told_to_be_one(sfn: SfnSync, client: Any) -> None:
    arn = started(client, sfn.register("quick", PASS).arn)
    with refused("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'"):
        client.describe_execution(executionArn=arn)
    with refused("InvalidArn"):
        client.describe_execution(executionArn="rubbish")
    assert sfn.notes == [
        f"InvalidArn was answered for '{arn}': the machine 'quick' is of type EXPRESS, and AWS describes, lists and "
        "stops executions of STANDARD machines only. register('quick', definition, type='STANDARD') makes one; without "
        "type=, it is EXPRESS."
    ]


def in_another_thread(call: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result(timeout=60)


@pytest.mark.parametrize("which", ["parent", "waiting"])
def test_another_thread_stops_an_execution_while_a_handler_runs(sfn: SfnSync, client: Any, which: str) -> None:
    """Such a handler may wait for the other thread."""
    definition = {"StartAt": "Call", "States": {"Call": task("a", Next="After"), "After": task("b")}}
    parent = created(client, "parent", definition)
    arns = {"parent": parent.replace("stateMachine", "execution") + ":one"}

    def handle(event: Any) -> dict[str, Any]:
        arns["waiting"] = started(client, created(client, definition=WAIT), name="two")
        stopped = in_another_thread(lambda: client.stop_execution(executionArn=arns[which], error="Enough"))
        return {"status": described(client, arns[which])["status"], "at": str(stopped["stopDate"] == NOON)}

    sfn.mock_lambda("a", calls=handle)
    after = sfn.mock_lambda("b", returns={"done": True})
    assert started(client, parent, name="one") == arns["parent"]
    response = described(client, arns[which])
    assert (response["status"], response["error"], response["stopDate"]) == ("ABORTED", "Enough", NOON)
    assert after.called is (which == "waiting")
    if which == "waiting":
        after.assert_called_once_with({"status": "ABORTED", "at": "True"})


def test_a_handler_that_waits_for_a_thread_that_starts_an_execution_is_told(sfn: SfnSync, client: Any) -> None:
    machine = created(client)
    sfn._service.account.timeline.patience = 0.05
    refusals: list[str] = []

    def start() -> None:
        with pytest.raises(SfnSyncUsageError) as raised:
            started(client, machine)
        refusals.append(str(raised.value))

    sfn.mock_lambda("a", calls=lambda event: in_another_thread(start))
    started(client, created(client, "parent", {"StartAt": "Call", "States": {"Call": task("a")}}))
    assert refusals == [
        "An execution can't start or go on: for 0.05 seconds, executions have gone on in another thread, where the "
        "handler of the state 'Call' runs.\n"
        "Executions run one at a time. Does the handler wait for this thread? Let it return first."
    ]
    sfn.usage_errors.clear()


def test_a_thread_that_starts_an_execution_waits_for_a_handler(sfn: SfnSync, client: Any) -> None:
    ready, statuses = Event(), list[str]()
    machine = created(client)

    def start() -> None:
        ready.wait(60)
        statuses.append(described(client, started(client, machine))["status"])

    sfn.mock_lambda("a", calls=lambda event: ready.set())
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(start)
        started(client, created(client, "parent", {"StartAt": "Call", "States": {"Call": task("a")}}))
        other.result(timeout=60)
    assert statuses == ["SUCCEEDED"]
