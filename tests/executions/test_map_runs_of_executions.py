"""What a test sees of the children of distributed Maps: values, traces, pictures, counts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_sfn_sync import Execution, SfnSync
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.diagrams.counts import counts_of
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.executions.ran import ran_in
from tests.machines import CHARGE_ARN

WORK: dict[str, Any] = {"Type": "Task", "Resource": CHARGE_ARN, "End": True}


def machine(type_: str = "STANDARD", **fields: Any) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": type_},
        "StartAt": "Check",
        "States": {
            "Check": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "NumericGreaterThan": 0, "Next": "Work"}],
                "Default": "Skip",
            },
            "Work": WORK,
            "Skip": {"Type": "Succeed"},
        },
    }
    each = {"Type": "Map", "ItemProcessor": processor, "End": True, "ToleratedFailurePercentage": 90, **fields}
    return {"StartAt": "Each", "States": {"Each": each}}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=1) as sfn:
        yield sfn


def run(sfn: SfnSync, *items: Any, **fields: Any) -> Execution:
    def work(event: Any) -> Any:
        if event in (2, 4, 5, 6, 7):
            raise ValueError(f"no {event}")
        return event

    sfn.mock_lambda("charge-card", calls=work)
    return sfn.register("orders", machine(**fields), type="STANDARD").run(list(items))


def test_the_children_are_executions(sfn: SfnSync) -> None:
    execution = run(sfn, 1, 2, 0)
    (map_run,) = execution.map_runs
    assert repr(map_run) == "<Map Run of 'Each': SUCCEEDED, 2 SUCCEEDED, 1 FAILED>"
    assert (map_run.state, map_run.status, map_run.arn.split(":")[5]) == ("Each", "SUCCEEDED", "mapRun")
    assert map_run.item_counts == map_run.execution_counts
    first, second, third = map_run.executions
    assert (first.input, first.output, first.path) == (1, 1, ["Check", "Work"])
    assert (second.status, second.error, third.path) == ("FAILED", "ValueError", ["Check", "Skip"])
    assert map_run.failed == [second]
    assert map_run.executions[0] is first
    assert sfn.mocks[0].calls[1].execution is second
    assert first.map_runs == []
    second.assert_failed(error="ValueError")


def test_no_children(sfn: SfnSync) -> None:
    assert repr(run(sfn).map_runs) == "[<Map Run of 'Each': SUCCEEDED, no child executions>]"


def test_a_redriven_express_child_is_another_execution(sfn: SfnSync) -> None:
    execution = run(sfn, 2, type_="EXPRESS", ToleratedFailurePercentage=0)
    (map_run,) = execution.map_runs
    (before,) = map_run.executions
    sfn.mock_lambda("charge-card", returns="again")
    sfn.client().redrive_execution(executionArn=execution.arn)
    (after,) = map_run.executions
    assert (before.status, after.status, after.arn == before.arn) == ("FAILED", "SUCCEEDED", False)


def test_the_trace_has_a_line_for_the_map_run_and_the_first_failures(sfn: SfnSync) -> None:
    lines = run(sfn, 1, 2, 3, 4, 5, 6, 7).trace().splitlines()
    assert lines[3] == "        +0 s    Map Run: 7 child executions (2 succeeded, 5 failed)"
    assert [line.partition(" ValueError: ")[0] for line in lines[4:7]] == [
        "        +0 s      child 1: 2 -> failed",
        "        +0 s      child 3: 4 -> failed",
        "        +0 s      child 4: 5 -> failed",
    ]
    assert lines[7] == "                  ... and 2 more that failed"


def test_the_trace_of_batches_and_of_children_without_an_error(sfn: SfnSync) -> None:
    definition = machine(ItemBatcher={"MaxItemsPerBatch": 2}, ToleratedFailurePercentage=100)
    definition["States"]["Each"]["ItemProcessor"] |= {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail"}}}
    execution = sfn.register("orders", definition, type="STANDARD").run([1, 2, 3])
    lines = execution.trace().splitlines()
    assert lines[3:5] == [
        "        +0 s    Map Run: 2 child executions for 3 items (2 failed)",
        '        +0 s      child 0: {"Items": [1, 2]} -> failed',
    ]


def test_the_trace_of_no_children_and_of_one(sfn: SfnSync) -> None:
    assert "    Map Run: 0 child executions\n" in run(sfn).trace()
    execution = sfn.register("one", machine(), type="STANDARD").run([1])
    assert "    Map Run: 1 child execution (1 succeeded)\n" in execution.trace()


def test_each_retry_has_its_map_run(sfn: SfnSync) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 2}]
    lines = run(sfn, 2, ToleratedFailurePercentage=0, Retry=retry).trace().splitlines()
    assert [line for line in lines if "Map Run" in line or "retry" in line] == [
        "        +0 s    Map Run: 1 child execution (1 failed)",
        "        +2 s    retry 1",
        "        +2 s    Map Run: 1 child execution (1 failed)",
    ]


def test_the_states_of_children_are_counted(sfn: SfnSync) -> None:
    execution = run(sfn, 1, 2, 0)
    ran = ran_in(execution.run)
    assert ran.runs == 1
    assert ran.entered == {"Each": 1, "Check": 3, "Work": 2, "Skip": 1}
    inner = "/States/Each/ItemProcessor/States"
    assert ran.taken == {f"{inner}/Check/Choices[0]": 2, f"{inner}/Check/Default": 1}
    counts = counts_of(execution.run, machine_graph(execution.machine.definition))
    assert counts.outcomes[f"{inner}/Work"] == {"succeeded": 1, "failed": 1}
    assert counts.outcomes["/States/Each"] == {"succeeded": 1}


def test_pictures_show_what_the_children_did(sfn: SfnSync) -> None:
    execution = run(sfn, 1, 2, 0)
    assert "Check<br>Choice, 3 times" in execution.to_mermaid()
    child = execution.map_runs[0].executions[2]
    assert "Skip<br>Succeed" in child.to_mermaid()
    assert child.trace().splitlines()[2:4] == [
        "        +0 s  Check (Choice): 0 -> 0",
        "        +0 s    Default goes on to Skip",
    ]


def test_the_execution_of_a_call_is_gone_with_its_fake() -> None:
    with SfnSync() as fake:
        mock = fake.mock_lambda("charge-card", returns=1)
        fake.register("orders", machine(), type="STANDARD").run([1])
        call = mock.calls[0]
        fake.executions.clear()
        fake.reset()
        recorders.clear()
    del fake
    gc.collect()
    with pytest.raises(ReferenceError, match="is not kept any more"):
        _ = call.execution


def test_children_that_never_started_are_not_counted(sfn: SfnSync) -> None:
    execution = run(sfn, 2, 1, MaxConcurrency=1, ToleratedFailurePercentage=0)
    assert ran_in(execution.run).entered == {"Each": 1, "Check": 1, "Work": 1}
    assert execution.map_runs[0].execution_counts["PENDING"] == 1
    assert len(execution.map_runs[0].executions) == 1
