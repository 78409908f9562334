"""Distributed Maps: their events, their children, the failures that they tolerate, and what a redrive does.

Measured and recorded values unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MICROSECONDS
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from tests.asl.distributed_maps import (
    GET,
    TASK,
    Objects,
    distributed,
    links,
    only_map_run,
    run_with_objects,
)
from tests.asl.machines import echo, fails, seconds, start_at

PREFIX = "An error occurred while executing the state 'Each' (entered at the event id #2). "
EXCEEDED = "The specified tolerated failure threshold was exceeded"
SUCCEED: JSON = {"Type": "Succeed"}


def failing(*payloads: JSON, takes: float = 0) -> Callable[[TaskCall], TaskAnswer]:
    """Fail the tasks with some payloads; answer the others with theirs."""

    def answer(call: TaskCall) -> TaskAnswer:
        if call.payload in payloads:
            return fails("Order.Refused", "no", takes=takes)
        return TaskAnswer(call.payload, takes=round(takes * MICROSECONDS))

    return answer


def test_the_history_has_the_map_run_and_nothing_of_the_children() -> None:
    run = run_with_objects(distributed(), [1, 2])
    assert links(run) == [
        "0>ExecutionStarted",
        "0>MapStateEntered",
        "2>MapStateStarted",
        "3>MapRunStarted",
        "4>MapRunSucceeded",
        "5>MapStateSucceeded",
        "4>MapStateExited",
        "7>ExecutionSucceeded",
    ]
    assert run.history.events[2][3] == {"length": 2}
    assert (run.output, run.calls) == ([1, 2], [])


@pytest.mark.parametrize("type_", ["STANDARD", "EXPRESS"])
def test_a_child_has_a_history_of_its_own(type_: str) -> None:
    map_run = only_map_run(run_with_objects(distributed(type=type_), ["a"]))
    (child,) = map_run.children
    assert child.run is not None
    assert links(child.run) == [
        "0>ExecutionStarted",
        "0>TaskStateEntered",
        "2>LambdaFunctionScheduled",
        "3>LambdaFunctionStarted",
        "4>LambdaFunctionSucceeded",
        "5>TaskStateExited",
        "6>ExecutionSucceeded",
    ]
    assert [(call.payload, call.iteration) for call in child.run.calls] == [("a", (0,))]


def test_the_length_is_0_with_a_reader() -> None:
    reader = {"Resource": GET, "Parameters": {"Bucket": "b", "Key": "file"}}
    run = run_with_objects(distributed(ItemReader=reader), {}, Objects(file="[1]"))
    assert (run.history.events[2][3], run.output) == ({"length": 0}, [1])


def test_a_reader_wins_over_a_path_that_finds_nothing() -> None:
    reader = {"Resource": GET, "Parameters": {"Bucket": "b", "Key": "file"}}
    definition = distributed(ItemReader=reader, ItemsPath="$.nothing")
    assert run_with_objects(definition, {}, Objects(file="[1]")).output == [1]


@pytest.mark.parametrize(
    ("type_", "arn"),
    [
        pytest.param("STANDARD", "arn:aws:states:us-east-1:123456789012:execution:machine/rows:", id="Standard"),
        pytest.param("EXPRESS", "arn:aws:states:us-east-1:123456789012:express:machine/rows:", id="Express"),
    ],
)
def test_the_context_object_of_a_child(type_: str, arn: str) -> None:
    states = ("Look", {"Type": "Pass", "Parameters": {"c.$": "$$"}})
    run = run_with_objects(distributed(states, type=type_, Label="rows"), ["item"])
    context = run.output[0]["c"]
    assert context["Execution"]["Id"].startswith(arn)
    assert {name: value for name, value in context["Execution"].items() if name in ("Input", "RedriveCount")} == {
        "Input": "item",
        "RedriveCount": 0,
    }
    assert context["StateMachine"] == {
        "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:machine/rows",
        "Name": "machine",
    }
    assert "Map" not in context


def test_children_see_no_variables() -> None:
    definition = distributed(("Look", {"Type": "Pass", "Parameters": {"v.$": "$v"}}))
    definition["States"]["Set"] = {"Type": "Pass", "Assign": {"v": 1}, "Next": "Each"}
    definition["StartAt"] = "Set"
    run = run_with_objects(definition, [1])
    child = only_map_run(run).children[0]
    assert child.run is not None
    assert (run.error, child.status, child.run.error) == (
        "States.ExceedToleratedFailureThreshold",
        "FAILED",
        "States.Runtime",
    )


def test_a_selector_sees_the_item_and_its_source() -> None:
    definition = distributed(ItemsPath="$.all", ItemSelector={"item.$": "$$.Map.Item", "n.$": "$.n"})
    run = run_with_objects(definition, {"all": ["a"], "n": 1})
    assert run.output == [{"n": 1, "item": {"Index": 0, "Value": "a", "Source": "STATE_DATA"}}]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param(None, [{"Key": "a", "Value": 1}, {"Key": "b", "Value": 2}], id="key and value"),
        pytest.param(
            {"i.$": "$$.Map.Item"},
            [
                {"i": {"Index": 0, "Key": "a", "Value": 1, "Source": "STATE_DATA"}},
                {"i": {"Index": 1, "Key": "b", "Value": 2, "Source": "STATE_DATA"}},
            ],
            id="a selector",
        ),
    ],
)
def test_the_members_of_an_object_are_items(selector: JSON, expected: list[JSON]) -> None:
    fields = {} if selector is None else {"ItemSelector": selector}
    assert run_with_objects(distributed(**fields), {"a": 1, "b": 2}).output == expected


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_the_items_of_jsonata_may_be_an_object() -> None:
    definition = distributed(
        ("Work", SUCCEED),
        Items="{% $states.input %}",
        QueryLanguage="JSONata",
        ItemSelector="{% $states.context.Map.Item.Key %}",
        MaxConcurrency="{% 1 %}",
        ToleratedFailurePercentage="{% 5 %}",
    )
    assert run_with_objects(definition, {"a": 1, "b": 2}).output == ["a", "b"]


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_a_reader_in_jsonata() -> None:
    config = {"InputType": "JSON", "ItemsPointer": "{% '/' & $states.input.at %}", "MaxItems": "{% 1 %}"}
    reader = {"Resource": GET, "Arguments": {"Bucket": "b", "Key": "{% $states.input.key %}"}, "ReaderConfig": config}
    definition = distributed(("Work", SUCCEED), QueryLanguage="JSONata", ItemReader=reader)
    run = run_with_objects(definition, {"key": "file", "at": "x"}, Objects(file='{"x": [1, 2]}'))
    assert run.output == [1]


@pytest.mark.skipif(find_spec("jlens") is None, reason="needs the engine of JSONata")
def test_a_selector_that_can_not_be_evaluated_fails_the_map_run() -> None:
    reader = {"Resource": GET, "Arguments": {"Bucket": "b", "Key": "file"}}
    definition = distributed(
        ("Work", SUCCEED), QueryLanguage="JSONata", ItemReader=reader, ItemSelector="{% $states.input.no.no + 'a' %}"
    )
    run = run_with_objects(definition, {}, Objects(file="[1]"))
    assert run.error == "States.QueryEvaluationError"
    types = [type_ for type_, _, _, _ in run.history.events]
    assert types[3:] == ["MapRunStarted", "MapRunFailed", "EvaluationFailed", "MapStateFailed", "ExecutionFailed"]


@pytest.mark.parametrize(
    ("fields", "failed", "status"),
    [
        pytest.param({}, [2], "FAILED", id="none is tolerated"),
        pytest.param({"ToleratedFailureCount": 0}, [2], "FAILED", id="0 is not set"),
        pytest.param({"ToleratedFailureCount": 2}, [1, 2], "SUCCEEDED", id="as many as the count"),
        pytest.param({"ToleratedFailureCount": 1}, [1, 2], "FAILED", id="more than the count"),
        pytest.param({"ToleratedFailurePercentage": 25}, [2], "SUCCEEDED", id="as much as the percentage"),
        pytest.param({"ToleratedFailurePercentage": 24.9}, [2], "FAILED", id="more than the percentage"),
        pytest.param({"ToleratedFailureCount": 3, "ToleratedFailurePercentage": 10}, [2], "FAILED", id="one of both"),
        pytest.param({"ToleratedFailurePercentage": 100}, [1, 2, 3, 4], "SUCCEEDED", id="all may fail"),
    ],
)
def test_tolerated_failures(fields: dict[str, JSON], failed: list[int], status: str) -> None:
    run = run_with_objects(distributed(**fields), [1, 2, 3, 4], invoke_task=failing(*failed))
    assert run.status == only_map_run(run).status == status
    if status == "FAILED":
        assert (run.error, run.cause) == ("States.ExceedToleratedFailureThreshold", EXCEEDED)
        assert links(run)[4:] == ["4>MapRunFailed", "5>MapStateFailed", "6>ExecutionFailed"]


def test_tolerated_failures_stand_in_the_result() -> None:
    run = run_with_objects(distributed(ToleratedFailureCount=1), [1, 2, 3], invoke_task=failing(2))
    assert run.output == [1, {"Status": "FAILED", "Error": "Order.Refused", "Cause": "no"}, 3]


def test_an_express_child_may_take_five_minutes() -> None:
    definition = distributed(("Wait", {"Type": "Wait", "Seconds": 301}), type="EXPRESS", ToleratedFailureCount=1)
    run = run_with_objects(definition, [1])
    assert (run.output, only_map_run(run).item_counts()["TIMED_OUT"], seconds(run)) == (
        [{"Status": "TIMED_OUT"}],
        1,
        300,
    )


def test_a_batch_that_fails_counts_with_all_its_items() -> None:
    definition = distributed(ItemBatcher={"MaxItemsPerBatch": 3}, ToleratedFailureCount=2)
    run = run_with_objects(definition, [1, 2, 3, 4], invoke_task=failing({"Items": [1, 2, 3]}))
    map_run = only_map_run(run)
    assert (run.error, map_run.total_items) == ("States.ExceedToleratedFailureThreshold", 4)
    assert map_run.item_counts()["FAILED"] == 3
    assert map_run.execution_counts()["FAILED"] == 1


@pytest.mark.parametrize(
    ("type_", "concurrency", "counts"),
    [
        pytest.param("STANDARD", 1, {"SUCCEEDED": 1, "FAILED": 1, "PENDING": 2}, id="Standard, one at a time"),
        pytest.param(
            "STANDARD", 3, {"SUCCEEDED": 1, "FAILED": 1, "ABORTED": 1, "PENDING": 1}, id="Standard, one started"
        ),
        pytest.param("EXPRESS", 1, {"SUCCEEDED": 1, "FAILED": 1, "PENDING": 2}, id="Express, one at a time"),
        pytest.param("EXPRESS", 3, {"SUCCEEDED": 2, "FAILED": 1, "PENDING": 1}, id="Express, one finishes"),
    ],
)
def test_the_other_children_when_too_many_have_failed(type_: str, concurrency: int, counts: dict[str, int]) -> None:
    definition = distributed(type=type_, MaxConcurrency=concurrency)
    run = run_with_objects(definition, [1, 2, 3, 4], invoke_task=failing(2))
    found = {status: count for status, count in only_map_run(run).execution_counts().items() if count}
    assert found == counts


def test_children_that_wait_are_stopped_when_another_one_fails() -> None:
    states = ("Wait", {"Type": "Wait", "SecondsPath": "$"}), ("Stop", {"Type": "Fail", "Error": "E"})
    run = run_with_objects(distributed(*states), [5, 1])
    waiting, failed = only_map_run(run).children
    assert waiting.run is not None
    assert (waiting.status, failed.status, seconds(run)) == ("ABORTED", "FAILED", 1)
    assert links(waiting.run)[-1] == "0>ExecutionAborted"


def test_children_run_at_the_same_time() -> None:
    run = run_with_objects(distributed(("Wait", {"Type": "Wait", "SecondsPath": "$"})), [5, 1, 3])
    assert seconds(run) == 5
    run = run_with_objects(distributed(("Wait", {"Type": "Wait", "SecondsPath": "$"}), MaxConcurrency=2), [5, 1, 3, 3])
    assert seconds(run) == 7


def test_a_branch_that_fails_stops_the_map_run_beside_it() -> None:
    each = distributed(("Wait", {"Type": "Wait", "Seconds": 9}))
    wait = start_at(("One", {"Type": "Wait", "Seconds": 1}), ("Fail", {"Type": "Fail", "Error": "E"}))
    both = {"Type": "Parallel", "Branches": [each, wait], "End": True}
    run = run_with_objects({"StartAt": "Both", "States": {"Both": both}}, [1])
    assert (run.error, only_map_run(run).status) == ("E", "ABORTED")
    types = [type_ for type_, _, _, _ in run.history.events]
    assert types[-3:] == ["MapStateAborted", "ParallelStateFailed", "ExecutionFailed"]


def test_an_exception_of_a_task_aborts_the_children() -> None:
    class BugError(Exception):
        pass

    def break_down(call: TaskCall) -> TaskAnswer:
        raise BugError

    with pytest.raises(BugError):
        run_with_objects(distributed(), [1], invoke_task=break_down)


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        pytest.param({"ToleratedFailureCountPath": "$.n"}, "ToleratedFailureCount cannot be negative.", id="count"),
        pytest.param(
            {"ToleratedFailurePercentagePath": "$.n"},
            "ToleratedFailurePercentage must be between 0 and 100.",
            id="percentage",
        ),
        pytest.param(
            {"ToleratedFailureCountPath": "$.text"},
            'The ToleratedFailureCountPath field refers to value "x" which is not a valid integer: $.text',
            id="no number",
        ),
    ],
)
def test_a_bad_threshold_fails_before_the_map_run(fields: dict[str, JSON], cause: str) -> None:
    run = run_with_objects(distributed(ItemsPath="$.all", **fields), {"all": [1], "n": -1, "text": "x"})
    assert links(run)[2:] == ["2>MapStateStarted", "3>ExecutionFailed"]
    assert (run.error, run.cause) == ("States.Runtime", PREFIX + cause)


def test_items_that_are_no_array_and_no_object() -> None:
    run = run_with_objects(distributed(ItemsPath="$.a"), {"a": 1})
    assert links(run)[2:] == ["2>ExecutionFailed"]
    assert run.cause == f'{PREFIX}Reference path "$.a" must point to array.'


def test_an_item_of_a_file_that_is_too_large() -> None:
    reader = {"Resource": GET, "Parameters": {"Bucket": "b", "Key": "file"}}
    run = run_with_objects(distributed(ItemReader=reader), {}, Objects(file=f'["{"x" * 262_200}"]'))
    assert (run.error, [type_ for type_, _, _, _ in run.history.events][-3:]) == (
        "States.DataLimitExceeded",
        ["MapRunFailed", "MapStateFailed", "ExecutionFailed"],
    )


def test_a_result_that_is_too_large() -> None:
    long = ("Long", {"Type": "Pass", "Result": "x" * 100_000})
    run = run_with_objects(distributed(long), [1, 2, 3])
    assert (run.error, only_map_run(run).status) == ("States.DataLimitExceeded", "SUCCEEDED")
    assert "returned a result with a size exceeding" in str(run.cause)


def test_a_retry_starts_another_map_run() -> None:
    answers = iter([fails("E"), TaskAnswer("done")])
    definition = distributed(Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}])
    run = run_with_objects(definition, [1], invoke_task=lambda call: next(answers))
    assert run.output == ["done"]
    assert [map_run.status for map_run in run.map_runs] == ["FAILED", "SUCCEEDED"]
    assert links(run)[4:7] == ["4>MapRunFailed", "5>MapStateStarted", "6>MapRunStarted"]


def test_maps_within_children_have_map_runs_of_their_own() -> None:
    inner = distributed(name="Inner", Label="inner")["States"]["Inner"]
    run = run_with_objects(distributed(("Inner", inner), Label="outer"), [[1, 2], [3]])
    assert run.output == [[1, 2], [3]]
    first = only_map_run(run).children[0]
    assert first.run is not None
    nested = only_map_run(first.run)
    assert nested.arn.startswith("arn:aws:states:us-east-1:123456789012:mapRun:machine/inner:")
    assert nested.children[1].run is not None
    assert [call.iteration for call in nested.children[1].run.calls] == [(0, 1)]


def test_the_label_that_is_made_is_the_same_in_every_run() -> None:
    first, second = (only_map_run(run_with_objects(distributed(), [1])) for _ in range(2))
    assert first.label == second.label
    assert first.label[14] == "3"


def test_batches_have_the_batch_input() -> None:
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"shop.$": "$.shop"}}
    definition = distributed(ItemsPath="$.all", ItemBatcher=batcher)
    run = run_with_objects(definition, {"all": [1, 2, 3], "shop": "s"})
    assert run.output == [
        {"BatchInput": {"shop": "s"}, "Items": [1, 2]},
        {"BatchInput": {"shop": "s"}, "Items": [3]},
    ]


def test_batch_limits_may_be_paths() -> None:
    batcher = {"MaxItemsPerBatchPath": "$.n", "MaxInputBytesPerBatchPath": "$.bytes"}
    definition = distributed(ItemsPath="$.all", ItemBatcher=batcher)
    run = run_with_objects(definition, {"all": [1, 2, 3, 4, 5], "n": "2", "bytes": 262144})
    assert run.output == [{"Items": [1, 2]}, {"Items": [3, 4]}, {"Items": [5]}]


def test_no_items_make_an_empty_result() -> None:
    run = run_with_objects(distributed(("Work", TASK)), [], invoke_task=echo)
    assert (run.output, only_map_run(run).children) == ([], [])
