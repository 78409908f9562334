"""DescribeMapRun, ListMapRuns, UpdateMapRun, and the children of Map Runs as executions; measured but where said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.service.conftest import NOON
from tests.service.scenes import PREFIX, created, events, members, refused, started, task

EXECUTION = f"{PREFIX}:execution:orders:one"
CHILDREN = f"{PREFIX}:stateMachine:orders/rows"
WRITER = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "out"}}


def machine(type_: str = "STANDARD", **fields: Any) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": type_},
        "StartAt": "Work",
        "States": {"Work": task("work")},
    }
    each = {"Type": "Map", "Label": "rows", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True, **fields}
    return {"StartAt": "Each", "States": {"Each": each}}


def run(client: Any, *items: Any, **fields: Any) -> None:
    started(client, created(client, definition=machine(**fields)), name="one", input=list(items))


def failing_on(*broken: Any) -> Any:
    def work(event: Any) -> Any:
        if event in broken:
            raise ValueError("broken")
        return event

    return work


def only_map_run(client: Any) -> str:
    (map_run,) = client.list_map_runs(executionArn=EXECUTION)["mapRuns"]
    return str(map_run["mapRunArn"])


def described(client: Any) -> dict[str, Any]:
    return members(client.describe_map_run(mapRunArn=only_map_run(client)))


def counts(**given: int) -> dict[str, int]:
    names = ("pending", "running", "succeeded", "failed", "timedOut", "aborted")
    total = sum(given.values())
    end = {"total": total, "resultsWritten": total, "failuresNotRedrivable": 0, "pendingRedrive": 0}
    return {**dict.fromkeys(names, 0), **given, **end}


def children(client: Any, **arguments: Any) -> list[dict[str, Any]]:
    found = client.list_executions(mapRunArn=only_map_run(client), **arguments)["executions"]
    return list(found)


def of_status(client: Any, status: str) -> str:
    return next(str(child["executionArn"]) for child in children(client) if child["status"] == status)


def test_a_map_run_that_has_ended(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("work", calls=failing_on({"Items": [2, 3]}))
    run(client, 1, 2, 3, ItemBatcher={"MaxItemsPerBatch": 2}, ToleratedFailurePercentage=100)
    sfn.mock_lambda("work", calls=failing_on({"Items": [1, 2]}))
    started(client, f"{PREFIX}:stateMachine:orders", name="two", input=[1, 2, 3])
    (listed,) = client.list_map_runs(executionArn=f"{PREFIX}:execution:orders:two")["mapRuns"]
    assert listed == {
        "executionArn": f"{PREFIX}:execution:orders:two",
        "mapRunArn": listed["mapRunArn"],
        "stateMachineArn": CHILDREN,
        "startDate": NOON,
        "stopDate": NOON,
    }
    assert listed["mapRunArn"].startswith(f"{PREFIX}:mapRun:orders/rows:")
    assert members(client.describe_map_run(mapRunArn=listed["mapRunArn"])) == {
        "mapRunArn": listed["mapRunArn"],
        "executionArn": f"{PREFIX}:execution:orders:two",
        "status": "SUCCEEDED",
        "startDate": NOON,
        "stopDate": NOON,
        "maxConcurrency": 1,
        "toleratedFailurePercentage": 100.0,
        "toleratedFailureCount": 0,
        "itemCounts": counts(succeeded=1, failed=2),
        "executionCounts": counts(succeeded=1, failed=1),
        "redriveCount": 0,
    }


def test_a_map_run_that_runs(sfn: SfnSync, client: Any) -> None:
    seen: list[dict[str, Any]] = []

    def work(event: Any) -> Any:
        seen.append(described(client))
        return event

    sfn.mock_lambda("work", calls=work)
    run(client, 1, 2, 3)
    second = seen[1]
    assert (second["status"], "stopDate" in second) == ("RUNNING", False)
    assert {name: count for name, count in second["executionCounts"].items() if count} == {
        "succeeded": 1,
        "running": 1,
        "pending": 1,
        "total": 3,
    }
    (listed,) = client.list_map_runs(executionArn=EXECUTION)["mapRuns"]
    assert listed["stopDate"] == NOON


def test_a_map_run_that_runs_is_listed_without_an_end(sfn: SfnSync, client: Any) -> None:
    seen: list[dict[str, Any]] = []
    sfn.mock_lambda("work", calls=lambda event: seen.extend(client.list_map_runs(executionArn=EXECUTION)["mapRuns"]))
    run(client, 1)
    assert "stopDate" not in seen[0]


@pytest.mark.parametrize(
    ("update", "member", "value", "status"),
    [
        pytest.param({"toleratedFailureCount": 1}, "toleratedFailureCount", 1, "SUCCEEDED", id="the count"),
        pytest.param({"toleratedFailurePercentage": 50.0}, "toleratedFailurePercentage", 50.0, "SUCCEEDED", id="share"),
        pytest.param({"maxConcurrency": 2}, "maxConcurrency", 2, "FAILED", id="the concurrency"),
    ],
)
def test_a_map_run_that_runs_is_updated(
    sfn: SfnSync, client: Any, update: dict[str, Any], member: str, value: Any, status: str
) -> None:
    def work(event: Any) -> Any:
        if event == 1:
            client.update_map_run(mapRunArn=only_map_run(client), **update)
            raise ValueError("broken")
        return event

    sfn.mock_lambda("work", calls=work)
    run(client, 1, 2)
    assert (described(client)[member], described(client)["status"]) == (value, status)


def test_one_that_has_ended_is_not_updated(sfn: SfnSync, client: Any) -> None:
    # The text is an assumption.
    sfn.mock_lambda("work", returns=1)
    run(client, 1)
    with refused("ValidationException", "Map Run is SUCCEEDED and cannot be updated"):
        client.update_map_run(mapRunArn=only_map_run(client), maxConcurrency=1)


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        pytest.param(f"{PREFIX}:mapRun:orders/rows:no", "ResourceNotFound", None, id="none"),
        pytest.param(EXECUTION, "InvalidArn", None, id="an execution"),
    ],
)
def test_a_map_run_that_is_not_there(client: Any, arn: str, code: str, message: str | None) -> None:
    with refused(code, message):
        client.describe_map_run(mapRunArn=arn)
    with refused(code, message):
        client.list_executions(mapRunArn=arn)


def test_the_children_are_listed_by_their_map_run_only(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("work", calls=failing_on(2))
    run(client, 1, 2, 3)
    assert [
        one["name"] for one in client.list_executions(stateMachineArn=f"{PREFIX}:stateMachine:orders")["executions"]
    ] == ["one"]
    found = children(client)
    assert [(child["status"], child["itemCount"]) for child in found] == [("FAILED", 1), ("SUCCEEDED", 1)]
    assert {child["stateMachineArn"] for child in found} == {CHILDREN}
    assert {child["mapRunArn"] for child in found} == {only_map_run(client)}
    assert [child["status"] for child in children(client, statusFilter="FAILED")] == ["FAILED"]
    assert children(client, statusFilter="PENDING_REDRIVE") == []


@pytest.mark.parametrize(
    ("type_", "kind"),
    [pytest.param("STANDARD", "execution", id="Standard"), pytest.param("EXPRESS", "express", id="Express")],
)
def test_a_child_is_described(sfn: SfnSync, client: Any, type_: str, kind: str) -> None:
    sfn.mock_lambda("work", calls=failing_on(2))
    run(client, 1, 2, type_=type_)
    arn = of_status(client, "SUCCEEDED")
    assert arn.startswith(f"{PREFIX}:{kind}:orders/rows:")
    assert members(client.describe_execution(executionArn=arn)) == {
        "executionArn": arn,
        "stateMachineArn": CHILDREN,
        "name": arn.removeprefix(f"{PREFIX}:{kind}:orders/rows:"),
        "status": "SUCCEEDED",
        "startDate": NOON,
        "stopDate": NOON,
        "input": "1",
        "inputDetails": {"included": True},
        "output": "1",
        "outputDetails": {"included": True},
        "mapRunArn": only_map_run(client),
        "redriveCount": 0,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    }
    failed = client.describe_execution(executionArn=of_status(client, "FAILED"))
    assert (failed["error"], failed["redriveStatus"]) == ("ValueError", "REDRIVABLE_BY_MAP_RUN")
    assert events(client, arn)[:2] == [(1, 0, "ExecutionStarted"), (2, 0, "TaskStateEntered")]


def test_the_machine_of_a_child_is_the_processor(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("work", returns=1)
    run(client, 1)
    described = client.describe_state_machine_for_execution(executionArn=of_status(client, "SUCCEEDED"))
    assert (described["stateMachineArn"], described["name"], described["label"]) == (CHILDREN, "orders", "rows")
    assert described["mapRunArn"] == only_map_run(client)
    assert json.loads(described["definition"]) == {"StartAt": "Work", "States": {"Work": task("work")}}


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param(f"{PREFIX}:execution:orders/rows:no", id="no such name"),
        pytest.param(f"{PREFIX}:execution:orders/rows", id="no name"),
    ],
)
def test_a_child_that_is_not_there(sfn: SfnSync, client: Any, arn: str) -> None:
    sfn.mock_lambda("work", returns=1)
    run(client, 1)
    with refused("ExecutionDoesNotExist"):
        client.describe_execution(executionArn=arn)


def test_a_child_that_is_stopped_by_its_own_task(sfn: SfnSync, client: Any) -> None:
    # Assumption: a child that was stopped does not count against the thresholds.
    def work(event: Any) -> Any:
        if event == 2:
            client.stop_execution(executionArn=of_status(client, "RUNNING"), error="Stopped", cause="by hand")
        return event

    sfn.mock_lambda("work", calls=work)
    run(client, 1, 2, 3)
    output = json.loads(client.describe_execution(executionArn=EXECUTION)["output"])
    assert output == [1, {"Status": "ABORTED", "Error": "Stopped", "Cause": "by hand"}, 3]
    assert events(client, of_status(client, "ABORTED"))[-1][2] == "ExecutionAborted"
    again = client.stop_execution(executionArn=of_status(client, "ABORTED"))
    assert again["stopDate"] == NOON


def test_a_task_of_a_child_may_stop_the_execution_around_it(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("work", calls=lambda event: client.stop_execution(executionArn=EXECUTION) and event)
    run(client, 1, 2)
    assert client.describe_execution(executionArn=EXECUTION)["status"] == "ABORTED"
    assert [kind for _, _, kind in events(client, EXECUTION)][-2:] == ["MapRunStarted", "ExecutionAborted"]
    assert (described(client)["status"], [child["status"] for child in children(client)]) == ("ABORTED", ["ABORTED"])


@pytest.mark.parametrize("type_", ["STANDARD", "EXPRESS"])
def test_a_redrive_runs_what_did_not_succeed(sfn: SfnSync, client: Any, type_: str) -> None:
    sfn.mock_lambda("work", calls=failing_on(2))
    files = sfn.mock_result_writer("Each")
    run(client, 1, 2, 3, type_=type_, ResultWriter=WRITER)
    arn = only_map_run(client)
    again = sfn.mock_lambda("work", returns="again")
    client.redrive_execution(executionArn=EXECUTION)
    assert (again.payloads, only_map_run(client), described(client)["redriveCount"]) == ([2, 3], arn, 1)
    assert described(client)["redriveDate"] == NOON
    assert events(client, EXECUTION)[4:] == [
        (5, 4, "MapRunFailed"),
        (6, 5, "MapStateFailed"),
        (7, 6, "ExecutionFailed"),
        (8, 7, "ExecutionRedriven"),
        (9, 3, "MapRunRedriven"),
        (10, 9, "MapRunSucceeded"),
        (11, 10, "MapStateSucceeded"),
        (12, 9, "MapStateExited"),
        (13, 12, "ExecutionSucceeded"),
    ]
    folder = f"out/{arn.rpartition(':')[2]}"
    assert [file["Key"] for file in files.manifest["ResultFiles"]["SUCCEEDED"]] == [
        f"{folder}/SUCCEEDED_0.json",
        f"{folder}/Redrive-1/SUCCEEDED_0.json",
    ]
    assert [result["Output"] for result in files.results()] == ["1", '"again"', '"again"']
    redriven = {child["redriveCount"] for child in children(client)}
    assert redriven == {0, 1}


def test_a_standard_child_that_is_redriven_goes_on_where_it_failed(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("work", raises="Order.Refused")
    run(client, 1)
    arn = of_status(client, "FAILED")
    sfn.mock_lambda("work", returns="again")
    client.redrive_execution(executionArn=EXECUTION)
    assert events(client, arn)[5:] == [
        (6, 5, "ExecutionFailed"),
        (7, 6, "ExecutionRedriven"),
        (8, 2, "LambdaFunctionScheduled"),
        (9, 8, "LambdaFunctionStarted"),
        (10, 9, "LambdaFunctionSucceeded"),
        (11, 10, "TaskStateExited"),
        (12, 11, "ExecutionSucceeded"),
    ]


def test_a_reader_that_failed_starts_another_map_run(sfn: SfnSync, client: Any) -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}
    sfn.mock_lambda("work", calls=lambda event: event)
    sfn.mock_item_reader("Each", raises="NoSuchKey")
    run(client, ItemReader=reader)
    sfn.mock_item_reader("Each", items=[1])
    client.redrive_execution(executionArn=EXECUTION)
    assert client.describe_execution(executionArn=EXECUTION)["output"] == "[1]"
    assert len(client.list_map_runs(executionArn=EXECUTION)["mapRuns"]) == 2


def test_a_child_is_not_redriven_by_itself(sfn: SfnSync, client: Any) -> None:
    # The text is an assumption.
    sfn.mock_lambda("work", raises="Order.Refused")
    run(client, 1)
    arn = of_status(client, "FAILED")
    message = f"Execution {arn} invalid for redrive as: Execution is redrivable by its Map Run"
    with refused("ExecutionNotRedrivable", message):
        client.redrive_execution(executionArn=arn)


def test_the_map_runs_of_children_are_found(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("work", calls=lambda event: event)
    inner = {**machine()["States"]["Each"], "Label": "inner"}
    processor = {**inner["ItemProcessor"], "StartAt": "Inner", "States": {"Inner": inner}}
    run(client, [1, 2], ItemProcessor=processor)
    child = of_status(client, "SUCCEEDED")
    (nested,) = client.list_map_runs(executionArn=child)["mapRuns"]
    assert (nested["executionArn"], nested["stateMachineArn"]) == (child, f"{PREFIX}:stateMachine:orders/inner")
    assert client.describe_map_run(mapRunArn=nested["mapRunArn"])["itemCounts"]["succeeded"] == 2
    listed = client.list_executions(mapRunArn=nested["mapRunArn"])["executions"]
    machine_of_inner = client.describe_state_machine_for_execution(executionArn=listed[0]["executionArn"])
    assert json.loads(machine_of_inner["definition"])["StartAt"] == "Work"
