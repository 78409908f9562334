"""Executions as plain values, and their trace in words."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pytest_sfn_sync import Execution, SfnSync, TaskError
from tests.machines import CHARGE, CHARGE_WITH_RETRY, FAIL, MAP, PARALLEL, PASS, WAIT_TOO_LONG, machine_of

START = datetime(2024, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(start_time=START, seed=1) as sfn:
        yield sfn


def execute(sfn: SfnSync, definition: dict[str, Any], document: Any = None) -> Execution:
    machine = sfn.register("orders", definition)
    sfn.client().start_sync_execution(
        stateMachineArn=machine.arn, name="run-1", input=json.dumps({} if document is None else document)
    )
    return sfn.last_execution


def test_an_execution_that_succeeded(sfn: SfnSync) -> None:
    execution = execute(sfn, PARALLEL, {"amount": 5})

    assert execution.status == "SUCCEEDED"
    assert execution.name == "run-1"
    assert execution.machine is sfn.machines[0]
    assert execution.arn.startswith("arn:aws:states:us-east-1:123456789012:express:orders:run-1:")
    assert (execution.input, execution.output) == ({"amount": 5}, ["left", "right"])
    assert (execution.error, execution.cause, execution.note) == (None, None, None)
    assert execution.path == ["Both", "Left", "Wait", "Right"]
    assert (execution.started_at, execution.stopped_at) == (START, START + timedelta(seconds=5))
    assert execution.duration == 5.0
    assert (execution.calls, execution.children) == ([], [])


def test_an_execution_that_failed(sfn: SfnSync) -> None:
    execution = execute(sfn, FAIL)

    assert (execution.status, execution.output) == ("FAILED", None)
    assert (execution.error, execution.cause) == ("Order.Refused", "sold out")


def test_the_history_is_that_of_get_execution_history(sfn: SfnSync) -> None:
    execution = execute(sfn, PASS)

    assert [event["type"] for event in execution.history] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert execution.history[1] == {
        "id": 2,
        "previousEventId": 0,
        "type": "PassStateEntered",
        "timestamp": START,
        "stateEnteredEventDetails": {"name": "Greet", "input": "{}", "inputDetails": {"truncated": False}},
    }


def test_the_variables_are_those_of_the_end(sfn: SfnSync) -> None:
    states = {
        "Set": {"Type": "Pass", "Assign": {"total": 1, "kept": True}},
        "Raise": {"Type": "Pass", "Assign": {"total": 2}},
    }

    assert execute(sfn, machine_of(states)).variables == {"total": 2, "kept": True}


def test_the_response_is_what_the_client_got(sfn: SfnSync) -> None:
    machine = sfn.register("orders", PASS)
    response = sfn.client().start_sync_execution(stateMachineArn=machine.arn)
    response.pop("ResponseMetadata")

    assert sfn.last_execution.response == response


def test_the_trace_of_an_execution(sfn: SfnSync) -> None:
    assert repr(execute(sfn, PARALLEL)) == (
        "<Execution 'run-1' of 'orders': SUCCEEDED after 5 virtual seconds, path=['Both', 'Left', 'Wait', 'Right']>"
    )


def test_the_trace_of_a_failed_execution_has_its_error(sfn: SfnSync) -> None:
    assert repr(execute(sfn, FAIL)) == (
        "<Execution 'run-1' of 'orders': FAILED after 0 virtual seconds, error='Order.Refused'>"
    )


def test_trace_of_retry_and_catch(sfn: SfnSync) -> None:
    sfn.mock_lambda(
        "charge-card", responses=[TaskError("Card.Busy", "try later"), TaskError("Card.Declined", "no money")]
    )

    assert execute(sfn, CHARGE_WITH_RETRY, {"amount": 5}).trace() == (
        "orders: FAILED after 2 s (execution run-1)\n"
        '  input   {"amount": 5}\n'
        '        +0 s  Charge (Task): {"amount": 5} -> caught Card.Declined, '
        '{"amount": 5, "failure": {"Error": "Card.Declined", "Cause": "no money"}}\n'
        '        +0 s    function charge-card {"amount": 5} -> error Card.Busy: try later, '
        "by mock_lambda('charge-card')\n"
        "        +0 s    Retry[0] takes Card.Busy, waits 2 s\n"
        '        +2 s    retry 1: function charge-card {"amount": 5} -> error Card.Declined: no money, '
        "by mock_lambda('charge-card')\n"
        "        +2 s    Catch[0] takes Card.Declined, goes on to Refuse\n"
        '        +2 s  Refuse (Fail): {"amount": 5, "failure": {"Error": "Card.Declined", "Cause": "no money"}} '
        "-> fails\n"
        "  error   Order.Refused\n"
        "  cause   the card was declined"
    )


def test_trace_of_parallel_branches(sfn: SfnSync) -> None:
    assert execute(sfn, PARALLEL).trace() == (
        "orders: SUCCEEDED after 5 s (execution run-1)\n"
        "  input   {}\n"
        '        +0 s  Both (Parallel): {} -> ["left", "right"]\n'
        "        +0 s    branch 0\n"
        '        +0 s      Left (Pass): {} -> "left"\n'
        "        +0 s    branch 1\n"
        "        +0 s      Wait (Wait): {} -> {}\n"
        '        +5 s      Right (Pass): {} -> "right"\n'
        '  output  ["left", "right"]'
    )


def test_trace_of_a_map_that_is_retried(sfn: SfnSync) -> None:
    definition = copy.deepcopy(MAP)
    definition["States"]["Each"]["Retry"] = [{"ErrorEquals": ["Card.Busy"], "IntervalSeconds": 3}]
    sfn.mock_lambda("charge-card", responses=["a", TaskError("Card.Busy"), "b", "c"])

    assert execute(sfn, definition, [1, 2]).trace() == (
        "orders: SUCCEEDED after 3 s (execution run-1)\n"
        "  input   [1, 2]\n"
        '        +0 s  Each (Map): [1, 2] -> ["b", "c"]\n'
        "        +0 s    iteration 0\n"
        '        +0 s      Charge (Task): 1 -> "a"\n'
        "        +0 s        function charge-card 1 -> \"a\", by mock_lambda('charge-card')\n"
        "        +0 s    iteration 1 (failed)\n"
        "        +0 s      Charge (Task): 2 -> failed\n"
        "        +0 s        function charge-card 2 -> error Card.Busy, by mock_lambda('charge-card')\n"
        "        +0 s    Retry[0] takes Card.Busy, waits 3 s\n"
        "        +3 s    retry 1\n"
        "        +3 s    iteration 0\n"
        '        +3 s      Charge (Task): 1 -> "b"\n'
        "        +3 s        function charge-card 1 -> \"b\", by mock_lambda('charge-card')\n"
        "        +3 s    iteration 1\n"
        '        +3 s      Charge (Task): 2 -> "c"\n'
        "        +3 s        function charge-card 2 -> \"c\", by mock_lambda('charge-card')\n"
        '  output  ["b", "c"]'
    )


@pytest.mark.parametrize("max_concurrency", [0, 1, 7])
def test_trace_of_many_iterations_shows_the_first_and_those_that_failed(sfn: SfnSync, max_concurrency: int) -> None:
    definition = copy.deepcopy(MAP)
    definition["States"]["Each"]["MaxConcurrency"] = max_concurrency
    sfn.mock_lambda("charge-card", raises=TaskError("Card.Declined"), when=30)
    sfn.mock_lambda("charge-card", calls=lambda item: item, when=lambda item: item != 30)

    written = execute(sfn, definition, list(range(40))).trace()

    shown = [line.removeprefix("        +0 s").strip() for line in written.splitlines() if "iteration" in line]
    assert shown[:4] == ["iteration 0", "iteration 1", "iteration 2", "iteration 30 (failed)"]
    assert shown[4].startswith("... and ")
    assert "function charge-card 30 -> error Card.Declined" in written


def test_trace_of_containers_within_each_other(sfn: SfnSync) -> None:
    inner = machine_of(
        {
            "Inner": {
                "Type": "Parallel",
                "Branches": [copy.deepcopy(FAIL)],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "After"}],
            },
            "After": {"Type": "Pass", "Result": "went on"},
        }
    )
    definition = machine_of(
        {
            "Outer": {"Type": "Parallel", "Branches": [inner, copy.deepcopy(PASS)]},
            "Last": {"Type": "Pass", "InputPath": "$.nothing"},
        }
    )

    written = execute(sfn, definition).trace().splitlines()

    assert written[:13] == [
        "orders: FAILED after 0 s (execution run-1)",
        "  input   {}",
        '        +0 s  Outer (Parallel): {} -> ["went on", {"greeting": "hello"}]',
        "        +0 s    branch 0",
        "        +0 s      Inner (Parallel): {} -> "
        'caught Order.Refused, {"Error": "Order.Refused", "Cause": "sold out"}',
        "        +0 s        branch 0",
        "        +0 s          Stop (Fail): {} -> fails",
        "        +0 s        Catch[0] takes Order.Refused, goes on to After",
        '        +0 s      After (Pass): {"Error": "Order.Refused", "Cause": "sold out"} -> "went on"',
        "        +0 s    branch 1",
        '        +0 s      Greet (Pass): {} -> {"greeting": "hello"}',
        '        +0 s  Last (Pass): ["went on", {"greeting": "hello"}] -> failed',
        "  error   States.Runtime",
    ]


def test_trace_of_lambda_invoke_and_of_another_resource(sfn: SfnSync) -> None:
    invoke = {"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:charge-card", "Payload": {"amount": 5}}
    definition = machine_of(
        {
            "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": invoke},
            "Find": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
                "Parameters": {"Bucket": "b", "Key": "k"},
            },
        }
    )
    sfn.mock_task("Charge", returns={"Payload": "done"})
    sfn.mock_resource("aws-sdk:s3:getObject", returns={"Body": "text"}, takes=0.125)

    written = execute(sfn, definition).trace()

    invoked = '    lambda:invoke charge-card {"amount": 5} -> {"Payload": "done"}'
    got = '    aws-sdk:s3:getObject {"Bucket": "b", "Key": "k"} -> {"Body": "text"}'
    assert f"{invoked}, by mock_task('Charge')\n" in written
    assert f"{got}, by mock_resource('aws-sdk:s3:getObject')\n" in written
    assert written.startswith("orders: SUCCEEDED after 0.125 s ")


def test_trace_of_an_execution_that_timed_out(sfn: SfnSync) -> None:
    execution = execute(sfn, WAIT_TOO_LONG)

    assert execution.trace() == (
        "orders: TIMED_OUT after 150 s (execution run-1)\n"
        "  input   {}\n"
        "        +0 s  Wait (Wait): {} -> not left\n"
        f"  note    {execution.note}"
    )


def test_trace_of_a_long_run_is_cut_in_the_middle(sfn: SfnSync) -> None:
    definition = machine_of({f"Step{number}": {"Type": "Pass"} for number in range(400)})

    written = execute(sfn, definition).trace().splitlines()

    assert len(written) == 154
    assert "  Step74 (Pass): {} -> {}" in written[76]
    assert written[77].strip() == "... 250 more lines"
    assert "  Step325 (Pass): {} -> {}" in written[78]


def test_documents_in_a_trace_are_cut_in_the_middle(sfn: SfnSync) -> None:
    written = execute(sfn, PASS, {"text": "a" * 1000 + "z"}).trace().splitlines()[1]

    assert written == '  input   {"text": "' + "a" * 65 + " ...(918 characters)... " + "a" * 17 + 'z"}'


def test_the_assertions_are_methods_too(sfn: SfnSync) -> None:
    sfn.mock_lambda("charge-card", returns=1)
    execute(sfn, CHARGE)

    sfn.last_execution.assert_succeeded()
    sfn.last_execution.assert_succeeded(output=1)
    with pytest.raises(AssertionError, match="was expected to fail, but it ended as SUCCEEDED"):
        sfn.last_execution.assert_failed()
    with pytest.raises(AssertionError, match="was expected to time out, but it ended as SUCCEEDED"):
        sfn.last_execution.assert_timed_out()
