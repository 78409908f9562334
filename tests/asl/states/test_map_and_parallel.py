"""Parallel and Map: results, failures, scopes, concurrency, events."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_NESTING
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from tests.asl.machines import ECHO, event_types, fails, run, seconds, start_at

TASK: JSON = {"Type": "Task", "Resource": ECHO}
WAIT: JSON = {"Type": "Wait", "SecondsPath": "$"}


def mapping(*states: tuple[str, JSON], **fields: JSON) -> JSON:
    return start_at(("M", {"Type": "Map", "ItemProcessor": start_at(*states), **fields}))


def parallel(*branches: JSON, **fields: JSON) -> JSON:
    return {"Type": "Parallel", "Branches": list(branches), **fields}


def test_a_parallel_gives_its_branches_outputs_in_their_order() -> None:
    branches = parallel(
        start_at(("Slow", {"Type": "Wait", "Seconds": 5})),
        start_at(("Fast", {"Type": "Pass", "Result": "fast"})),
        Parameters={"n": 1},
    )
    finished = run(start_at(("P", branches)), {"ignored": True})
    assert (finished.output, seconds(finished)) == ([{"n": 1}, "fast"], 5)


def test_a_branch_that_fails_early_prevents_what_others_would_have_done_later() -> None:
    branches = parallel(
        start_at(("W1", {"Type": "Wait", "Seconds": 1}), ("F", {"Type": "Fail", "Error": "E", "Cause": "c"})),
        start_at(("W10", {"Type": "Wait", "Seconds": 10}), ("Late", TASK)),
    )
    finished = run(start_at(("P", branches)))
    assert (finished.error, finished.cause, seconds(finished), finished.calls) == ("E", "c", 1, [])
    assert event_types(finished)[-4:] == [
        "FailStateEntered",
        "WaitStateAborted",
        "ParallelStateFailed",
        "ExecutionFailed",
    ]


def test_a_failed_branch_is_caught_under_its_own_error() -> None:
    caught = parallel(
        start_at(("F", {"Type": "Fail", "Error": "BranchFailure", "Cause": "exploded"})),
        Catch=[
            {"ErrorEquals": ["States.BranchFailed"], "Next": "No"},
            {"ErrorEquals": ["States.TaskFailed"], "Next": "Yes", "ResultPath": "$.e"},
        ],
    )
    definition = start_at(("P", caught), ("No", {"Type": "Pass", "Result": "no"}), ("Yes", {"Type": "Pass"}))
    assert run(definition, {"n": 1}).output == {"n": 1, "e": {"Error": "BranchFailure", "Cause": "exploded"}}


def test_a_retry_of_a_parallel_starts_all_branches_again() -> None:
    attempts: list[str] = []

    def second_time_lucky(call: TaskCall) -> TaskAnswer:
        attempts.append(call.state_name)
        return fails("Boom") if len(attempts) <= 2 else TaskAnswer("ok")

    retried = parallel(
        start_at(("A", TASK)), start_at(("B", TASK)), Retry=[{"ErrorEquals": ["Boom"], "IntervalSeconds": 2}]
    )
    finished = run(start_at(("P", retried)), {}, second_time_lucky)
    assert (finished.output, attempts, seconds(finished)) == (["ok", "ok"], ["A", "B", "A", "B"], 2)


def test_a_map_gives_the_outputs_in_the_order_of_its_items() -> None:
    finished = run(mapping(("W", WAIT)), [3, 1, 2])
    assert (finished.output, seconds(finished)) == ([3, 1, 2], 3)


def test_no_items_no_iterations() -> None:
    finished = run(mapping(("W", WAIT)), [])
    assert finished.output == []
    assert [(type_, previous) for type_, previous, _, _ in finished.history.events[2:5]] == [
        ("MapStateStarted", 2),
        ("MapStateSucceeded", 3),
        ("MapStateExited", 3),
    ]


@pytest.mark.parametrize(
    ("fields", "items", "expected"),
    [
        pytest.param({"MaxConcurrency": 1}, 4, 40, id="one after the other"),
        pytest.param({"MaxConcurrency": 2}, 4, 20, id="two at a time"),
        pytest.param({}, 40, 10, id="forty at once without a limit"),
        pytest.param({}, 41, 20, id="and no more than forty"),
        pytest.param({"MaxConcurrency": 1000}, 41, 20, id="whatever the machine wants"),
    ],
)
def test_max_concurrency_decides_how_long_a_map_takes(fields: JSON, items: int, expected: float) -> None:
    assert seconds(run(mapping(("W", WAIT), **fields), [10] * items)) == expected


def test_an_item_selector_sees_the_item_and_the_states_input() -> None:
    selector = {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value.x", "all.$": "$.k"}
    finished = run(
        mapping(("E", {"Type": "Pass"}), ItemsPath="$.items", ItemSelector=selector), {"items": [{"x": "a"}], "k": 9}
    )
    assert finished.output == [{"i": 0, "v": "a", "all": 9}]


def test_inner_states_cannot_read_the_item_of_the_context_object() -> None:
    finished = run(mapping(("E", {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index"}})), [1])
    assert finished.error == "States.Runtime"


@pytest.mark.parametrize("legacy", [{"Iterator": start_at(("E", {"Type": "Pass"}))}])
def test_the_legacy_fields_still_work(legacy: JSON) -> None:
    state = {"Type": "Map", "Parameters": {"v.$": "$$.Map.Item.Value"}, **legacy}
    assert run(start_at(("M", state)), [1]).output == [{"v": 1}]


def test_variables_of_an_iteration_are_its_own() -> None:
    definition = start_at(
        ("Set", {"Type": "Pass", "Assign": {"outer": "o"}}),
        (
            "M",
            {
                "Type": "Map",
                "ItemProcessor": start_at(
                    ("A", {"Type": "Pass", "Assign": {"inner.$": "$"}}),
                    ("B", {"Type": "Pass", "Parameters": {"inner.$": "$inner", "outer.$": "$outer"}}),
                ),
            },
        ),
    )
    finished = run(definition, [1, 2])
    assert finished.output == [{"inner": 1, "outer": "o"}, {"inner": 2, "outer": "o"}]
    assert finished.variables == {"outer": "o"}


def test_the_first_iteration_that_fails_is_the_maps_failure() -> None:
    finished = run(mapping(("T", TASK)), [1, 2, 3], lambda call: fails("E", f"item {call.payload}"))
    assert (finished.error, finished.cause) == ("E", "item 1")
    assert event_types(finished)[-8:] == [
        "MapIterationFailed",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapStateFailed",
        "ExecutionFailed",
    ]


@pytest.mark.parametrize(
    ("fields", "error", "output"),
    [
        pytest.param({"ToleratedFailureCount": 2}, None, [1, 4], id="a count that suffices"),
        pytest.param(
            {"ToleratedFailureCount": 1}, "States.ExceedToleratedFailureThreshold", None, id="a count that does not"
        ),
        pytest.param({"ToleratedFailurePercentage": 50}, None, [1, 4], id="a percentage that suffices"),
        pytest.param({"ToleratedFailureCount": 0}, "Odd", None, id="a count of 0 is none"),
    ],
)
def test_tolerated_failures(fields: JSON, error: str | None, output: JSON) -> None:
    def picky(call: TaskCall) -> TaskAnswer:
        return fails("Odd") if call.payload in (2, 3) else TaskAnswer(call.payload)

    finished = run(mapping(("T", TASK), **fields), [1, 2, 3, 4], picky)
    assert finished.error == error
    if error is None:
        assert finished.output == output


@pytest.mark.parametrize(
    ("fields", "document", "cause"),
    [
        pytest.param({}, {}, 'Reference path "$" must point to array.', id="an input that is no array"),
        pytest.param({"ItemsPath": "$.i"}, {"i": 1}, 'Reference path "$.i" must point to array.', id="items"),
        pytest.param(
            {"ItemsPath": "$.i", "MaxConcurrencyPath": "$.c"},
            {"i": [1], "c": {}},
            'The MaxConcurrencyPath field refers to value "{}" which is not a valid integer: $.c',
            id="concurrency",
        ),
        pytest.param(
            {"ItemsPath": "$.i", "ToleratedFailureCountPath": "$.c"},
            {"i": [1], "c": -1},
            "ToleratedFailureCount cannot be negative.",
            id="a negative count",
        ),
        pytest.param(
            {"ItemsPath": "$.i", "ToleratedFailurePercentagePath": "$.c"},
            {"i": [1], "c": 100.1},
            "ToleratedFailurePercentage must be between 0 and 100.",
            id="a percentage past 100",
        ),
        pytest.param(
            {"ItemsPath": "$.i", "ToleratedFailurePercentagePath": "$.c"},
            {"i": [1], "c": "x"},
            'The ToleratedFailurePercentagePath field refers to value "x" which is not a valid float: $.c',
            id="a percentage that is no number",
        ),
    ],
)
def test_values_that_a_map_cannot_use(fields: JSON, document: JSON, cause: str) -> None:
    finished = run(mapping(("E", {"Type": "Pass"}), **fields), document)
    assert finished.error == "States.Runtime"
    assert finished.cause == f"An error occurred while executing the state 'M' (entered at the event id #2). {cause}"


@pytest.mark.parametrize(
    ("document", "cause"),
    [
        pytest.param({"a": 1}, 'Unable to apply step "no" to input {"a":1}', id="an object without them"),
        pytest.param("a", 'Unable to apply ReferencePath $.no.items to input "a"', id="a text"),
    ],
)
def test_items_that_are_not_there_are_a_reference_path_conflict(document: JSON, cause: str) -> None:
    finished = run(mapping(("E", {"Type": "Pass"}), ItemsPath="$.no.items"), document)
    assert (finished.error, finished.cause) == ("States.ReferencePathConflict", cause)


def test_the_events_of_iterations_one_after_the_other() -> None:
    finished = run(mapping(("E", {"Type": "Pass"}), MaxConcurrency=1), ["a", "b"])
    assert [(type_, previous) for type_, previous, _, _ in finished.history.events] == [
        ("ExecutionStarted", 0),
        ("MapStateEntered", 0),
        ("MapStateStarted", 2),
        ("MapIterationStarted", 3),
        ("PassStateEntered", 4),
        ("PassStateExited", 5),
        ("MapIterationSucceeded", 6),
        ("MapIterationStarted", 6),
        ("PassStateEntered", 8),
        ("PassStateExited", 9),
        ("MapIterationSucceeded", 10),
        ("MapStateSucceeded", 11),
        ("MapStateExited", 11),
        ("ExecutionSucceeded", 13),
    ]


def test_iterations_at_once_schedule_all_their_tasks_before_the_first_starts() -> None:
    finished = run(mapping(("T", TASK)), [1, 2])
    assert event_types(finished)[3:11] == [
        "MapIterationStarted",
        "MapIterationStarted",
        "TaskStateEntered",
        "LambdaFunctionScheduled",
        "TaskStateEntered",
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]
    assert [call.iteration for call in finished.calls] == [(0,), (1,)]


def test_nested_maps_know_their_way() -> None:
    inner = {"Type": "Map", "ItemProcessor": start_at(("T", TASK))}
    finished = run(mapping(("I", inner)), [[1], [2, 3]])
    assert finished.output == [[1], [2, 3]]
    assert sorted(call.iteration for call in finished.calls) == [(0, 0), (1, 0), (1, 1)]


def test_an_item_selector_that_fails_lets_no_iteration_start() -> None:
    selector = {"v.$": "$$.Map.Item.Value.x"}
    finished = run(mapping(("W", {"Type": "Wait", "Seconds": 9}), ItemSelector=selector), [{"x": 1}, {"y": 2}])
    assert (finished.error, seconds(finished)) == ("States.Runtime", 0)
    assert event_types(finished) == ["ExecutionStarted", "MapStateEntered", "ExecutionFailed"]


def test_states_may_be_nested_as_deep_as_the_limit() -> None:
    definition = start_at(("Inmost", {"Type": "Pass", "Result": "deep"}))
    for level in range(MAX_NESTING):
        definition = start_at((f"P{level}", parallel(definition)))
    output = run(definition).output
    for _ in range(MAX_NESTING):
        (output,) = output
    assert output == "deep"
