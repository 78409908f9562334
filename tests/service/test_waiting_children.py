"""Children of Map Runs that wait for the outside: answered, stopped, and started by a change of the concurrency."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.service.scenes import created, started
from tests.service.test_map_runs import EXECUTION, children, described, of_status, only_map_run

WAITS = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "q", "MessageBody": {"item.$": "$", "token.$": "$$.Task.Token"}},
    "HeartbeatSeconds": 60,
    "End": True,
}


def run(sfn: SfnSync, client: Any, *items: Any, type_: str = "STANDARD", **fields: Any) -> dict[Any, str]:
    """Run a Map whose children wait; return the token of each item, which is filled as they start."""
    tokens: dict[Any, str] = {}

    def send(parameters: Any) -> Any:
        tokens[parameters["MessageBody"]["item"]] = parameters["MessageBody"]["token"]
        return {"MessageId": "m", "MD5OfMessageBody": "x"}

    sfn.mock_resource("sqs:sendMessage", calls=send)
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": type_},
        "StartAt": "Ask",
        "States": {"Ask": WAITS},
    }
    each = {"Type": "Map", "Label": "rows", "ItemProcessor": processor, "End": True, **fields}
    machine = created(client, definition={"StartAt": "Each", "States": {"Each": each}})
    started(client, machine, name="one", input=list(items))
    return tokens


def counts(client: Any) -> dict[str, int]:
    found = described(client)["executionCounts"]
    return {name: count for name, count in found.items() if count and name not in ("total", "resultsWritten")}


def answer(client: Any, token: str, output: Any) -> None:
    client.send_task_success(taskToken=token, output=json.dumps(output))


def test_children_wait_for_their_own_answers(sfn: SfnSync, client: Any) -> None:
    tokens = run(sfn, client, 1, 2, 3, MaxConcurrency=2)
    assert (list(tokens), counts(client)) == ([1, 2], {"running": 2, "pending": 1})
    answer(client, tokens[2], "b")
    assert (list(tokens), counts(client)) == ([1, 2, 3], {"running": 2, "succeeded": 1})
    answer(client, tokens[3], "c")
    answer(client, tokens[1], "a")
    assert json.loads(client.describe_execution(executionArn=EXECUTION)["output"]) == ["a", "b", "c"]


def test_a_larger_concurrency_starts_more_children(sfn: SfnSync, client: Any) -> None:
    tokens = run(sfn, client, 1, 2, 3, MaxConcurrency=1)
    client.update_map_run(mapRunArn=only_map_run(client), maxConcurrency=3)
    assert (list(tokens), counts(client)) == ([1, 2, 3], {"running": 3})


def test_a_smaller_concurrency_starts_no_other_child_until_there_is_room(sfn: SfnSync, client: Any) -> None:
    tokens = run(sfn, client, 1, 2, 3, MaxConcurrency=2)
    client.update_map_run(mapRunArn=only_map_run(client), maxConcurrency=1)
    answer(client, tokens[1], 1)
    assert counts(client) == {"running": 1, "succeeded": 1, "pending": 1}
    answer(client, tokens[2], 2)
    assert counts(client) == {"running": 1, "succeeded": 2}


def test_a_child_that_waits_is_stopped(sfn: SfnSync, client: Any) -> None:
    tokens = run(sfn, client, 1, 2)
    client.stop_execution(executionArn=of_status(client, "RUNNING"), error="Stopped")
    assert counts(client) == {"running": 1, "aborted": 1}
    answered = 0
    for token in tokens.values():
        try:
            answer(client, token, "done")
            answered += 1
        except client.exceptions.TaskTimedOut:
            pass
    assert answered == 1
    output = json.loads(client.describe_execution(executionArn=EXECUTION)["output"])
    assert sorted(map(str, output)) == ["done", "{'Status': 'ABORTED', 'Error': 'Stopped'}"]


def test_the_execution_around_children_that_wait_is_stopped(sfn: SfnSync, client: Any) -> None:
    run(sfn, client, 1, 2)
    client.stop_execution(executionArn=EXECUTION)
    assert described(client)["status"] == "ABORTED"
    assert [child["status"] for child in children(client)] == ["ABORTED", "ABORTED"]


def test_one_failed_answer_stops_the_children_that_wait(sfn: SfnSync, client: Any) -> None:
    tokens = run(sfn, client, 1, 2)
    client.send_task_failure(taskToken=tokens[2], error="Refused", cause="no")
    assert counts(client) == {"failed": 1, "aborted": 1}
    assert client.describe_execution(executionArn=EXECUTION)["error"] == "States.ExceedToleratedFailureThreshold"


def test_a_missed_heartbeat_is_tolerated(sfn: SfnSync, client: Any) -> None:
    tokens = run(sfn, client, 1, 2, ToleratedFailureCount=1)
    sfn.advance(seconds=30)
    client.send_task_heartbeat(taskToken=tokens[2])
    sfn.advance(seconds=31)
    assert counts(client) == {"running": 1, "failed": 1}
    answer(client, tokens[2], "done")
    output = json.loads(client.describe_execution(executionArn=EXECUTION)["output"])
    assert output == [{"Status": "FAILED", "Error": "States.Timeout"}, "done"]


@pytest.mark.parametrize("item", [1, 2])
def test_a_redriven_child_waits_again(sfn: SfnSync, client: Any, item: int) -> None:
    tokens = run(sfn, client, 1, 2)
    client.send_task_failure(taskToken=tokens[item], error="Refused")
    before = dict(tokens)
    client.redrive_execution(executionArn=EXECUTION)
    assert counts(client) == {"running": 2}
    assert all(tokens[one] != before[one] for one in tokens)
    for one in (1, 2):
        answer(client, tokens[one], one)
    assert client.describe_execution(executionArn=EXECUTION)["output"] == "[1,2]"


def test_the_tasks_of_children_are_pending_in_the_execution_around_them(sfn: SfnSync, client: Any) -> None:
    run(sfn, client, *range(1, 13))
    execution = sfn.last_execution
    assert [task.payload["MessageBody"]["item"] for task in execution.pending] == list(range(1, 13))
    assert [len(child.pending) for child in execution.map_runs[0].executions] == [1] * 12
    waits = [line for line in execution.trace().splitlines() if line.startswith("  waits")]
    assert waits[0].startswith("  waits   Ask waits for an answer to its task token since +0 s, times out at +60 s; ")
    assert waits[10:] == ["  waits   ... and 2 more tasks"]
    for task in execution.pending:
        task.succeed("done")
    assert (execution.status, execution.pending) == ("SUCCEEDED", [])
