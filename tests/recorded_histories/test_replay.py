"""A recorded execution answers the tasks of a test, and its replay finds the first step that differs."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync, SfnSyncUsageError, TaskError, UnmockedTaskError
from pytest_sfn_sync.recorded_histories.generated_values import GeneratedValues
from pytest_sfn_sync.recorded_histories.recorded_visits import RecordedBranch, RecordedVisit
from pytest_sfn_sync.recorded_histories.replay_differences import ReplayComparison
from tests.machines import CHARGE_ARN, machine_of
from tests.recorded_histories.histories import (
    BUSY_ONCE,
    DECLINED,
    DESCRIBED,
    GIVEN,
    ORDERS,
    TIMED_OUT,
    event,
    log_event,
)


def changed(path: str, value: Any, definition: Any = ORDERS) -> Any:
    """Return the definition with another value at a place; None takes it out."""
    result = copy.deepcopy(definition)
    *keys, last = path.split("/")
    place = result["States"]
    for key in keys:
        place = place[int(key) if key.isdigit() else key]
    if value is None:
        place.pop(last)
    else:
        place[last] = value
    return result


def limited(scheduled: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a schedule with the limit of the definition."""
    (name,) = (name for name in scheduled if name.endswith("EventDetails"))
    return {**scheduled, name: {**scheduled[name], "timeoutInSeconds": 9}}


def with_timeout() -> Any:
    return changed("Charge/TimeoutSeconds", 9)


@pytest.mark.parametrize(
    ("events", "definition", "path", "seconds"),
    [
        pytest.param(BUSY_ONCE, ORDERS, ["Charge", "Save"], 6, id="a retry"),
        pytest.param(DECLINED, ORDERS, ["Charge", "Decline"], 1, id="a caught error"),
        pytest.param(TIMED_OUT, with_timeout(), ["Charge"], 9, id="a timeout"),
        pytest.param(
            [log_event(one) for one in BUSY_ONCE], ORDERS, ["Charge", "Save"], 6, id="the logs of an Express machine"
        ),
    ],
)
def test_a_replay_repeats_what_happened(events: Any, definition: Any, path: list[str], seconds: float) -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", definition)
        execution = sfn.use_history(events).replay(machine)

        assert execution.path == path
        assert execution.duration == seconds
        assert sfn.executions == [execution]


def test_recorded_answers_are_those_of_a_test_too() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", ORDERS)
        recorded = sfn.use_history({"events": BUSY_ONCE}, DESCRIBED)
        execution = machine.run({"amount": 7})

        assert sfn.histories == [recorded]
        assert execution.output["payment"] == {"receipt": "R-7"}
        assert [call.answered_by for call in execution.calls] == ["history the history"] * 3


def test_a_mock_comes_before_the_recorded_answers_and_a_reset_takes_them_out() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", ORDERS)
        sfn.use_history(BUSY_ONCE)
        sfn.mock_task("Charge", returns={"receipt": "R-9"})
        assert machine.run(GIVEN).output["payment"] == {"receipt": "R-9"}

        sfn.reset()
        assert sfn.histories == []
        with pytest.raises(UnmockedTaskError):
            sfn.register("orders", ORDERS).run(GIVEN)


def test_the_answers_are_for_the_machine_that_the_recording_names() -> None:
    with SfnSync() as sfn:
        sfn.use_history(BUSY_ONCE, DESCRIBED)
        with pytest.raises(UnmockedTaskError):
            sfn.register("others", ORDERS).run(GIVEN)


def test_a_replay_may_be_on_a_machine_of_another_name() -> None:
    with SfnSync() as sfn:
        sfn.register("orders-v2", ORDERS)
        execution = sfn.use_history(BUSY_ONCE, DESCRIBED, machine="orders-v2").replay()
        assert execution.name == "order-1"


CAUGHT = [
    {"ErrorEquals": ["Card.Declined"], "Next": "Save", "ResultPath": "$.problem"},
    {"ErrorEquals": ["States.ALL"], "Next": "Decline"},
]


@pytest.mark.parametrize(
    ("events", "definition", "message"),
    [
        pytest.param(
            BUSY_ONCE,
            changed("Charge/ResultPath", "$.charge"),
            [
                "first at state 'Charge': output.",
                '  recorded  {"amount": 5, "payment": {"receipt": "R-7"}}',
                '  replayed  {"amount": 5, "charge": {"receipt": "R-7"}}',
                "Differences:",
                '  $.payment: expected {"receipt": "R-7"}, but it is absent',
                '  $.charge: not expected, but it is {"receipt": "R-7"}',
                "Recorded before it: nothing.",
            ],
            id="another output",
        ),
        pytest.param(
            BUSY_ONCE,
            changed("Save/Parameters/MessageBody.$", "States.Format('{}!', $.payment.receipt)"),
            [
                "first at state 'Save': task input.",
                '  recorded  {"QueueUrl": "https://queue", "MessageBody": "R-7"}',
                '  replayed  {"QueueUrl": "https://queue", "MessageBody": "R-7!"}',
                "Differences:",
                '  $.MessageBody: expected "R-7", got "R-7!"',
                "Recorded before it: state 'Charge', state 'Save'.",
            ],
            id="another task input",
        ),
        pytest.param(
            BUSY_ONCE,
            changed("Charge/Retry/0/MaxAttempts", 0),
            [
                "first at state 'Charge': number of attempts of the task.",
                "  recorded  2",
                "  replayed  1",
                "Recorded before it: nothing.",
            ],
            id="no retry",
        ),
        pytest.param(
            DECLINED,
            changed("Charge/Retry/0/ErrorEquals", ["States.ALL"]),
            [
                "first at state 'Charge': number of attempts of the task.",
                "  recorded  1",
                "  replayed  2",
                "The replay ended there: The recorded execution of the history has no answer for state 'Charge', retry "
                "1: it has 1 attempt of this state. To answer it, write sfn_sync.mock_task('Charge', returns=...).",
                "Recorded before it: nothing.",
            ],
            id="one retry more",
        ),
        pytest.param(
            DECLINED,
            changed("Charge/Catch", CAUGHT),
            [
                "first at the state after 'Charge': path.",
                "  recorded  'Decline'",
                "  replayed  'Save'",
                "Recorded before it: state 'Charge'.",
            ],
            id="another way after an error",
        ),
        pytest.param(
            DECLINED,
            changed("Decline/Error", "Refused"),
            [
                "first at the end, which came in state 'Decline': error.",
                '  recorded  "OrderDeclined"',
                '  replayed  "Refused"',
                "Differences:",
                '  $: expected "OrderDeclined", got "Refused"',
                "Recorded before it: state 'Charge', state 'Decline'.",
            ],
            id="another error at the end",
        ),
        pytest.param(
            BUSY_ONCE,
            machine_of({"First": {"Type": "Pass"}, **ORDERS["States"]}),
            [
                "first at the first state: path.",
                "  recorded  'Charge'",
                "  replayed  'First'",
                "Recorded before it: nothing.",
            ],
            id="another first state",
        ),
        pytest.param(
            BUSY_ONCE,
            machine_of(
                {
                    "Charge": {
                        key: value for key, value in ORDERS["States"]["Charge"].items() if key not in ("Next", "Catch")
                    }
                }
            ),
            [
                "first at the state after 'Charge': path.",
                "  recorded  'Save'",
                "  replayed  no further state",
                "Recorded before it: state 'Charge'.",
            ],
            id="a state less",
        ),
        pytest.param(
            BUSY_ONCE,
            changed("Save/Resource", "arn:aws:states:::aws-sdk:sqs:sendMessage"),
            [
                "first at state 'Save': resource.",
                '  recorded  {"Resource": "sqs:sendMessage"}',
                '  replayed  {"Resource": "aws-sdk:sqs:sendMessage"}',
                "Differences:",
                '  $.Resource: expected "sqs:sendMessage", got "aws-sdk:sqs:sendMessage"',
                "Recorded before it: state 'Charge', state 'Save'.",
            ],
            id="another integration",
        ),
        pytest.param(
            BUSY_ONCE,
            changed("Charge/Resource", CHARGE_ARN.replace("charge", "debit")),
            [
                "first at state 'Charge': resource.",
                '  recorded  {"Resource": "function charge-card"}',
                '  replayed  {"Resource": "function debit-card"}',
                "Differences:",
                '  $.Resource: expected "function charge-card", got "function debit-card"',
                "Recorded before it: state 'Charge'.",
            ],
            id="another function",
        ),
        pytest.param(
            BUSY_ONCE,
            changed("Charge/Credentials", {"RoleArn": "arn:aws:iam::123456789012:role/charging"}),
            [
                "first at state 'Charge': credentials.",
                "  recorded  none",
                '  replayed  {"roleArn": "arn:aws:iam::123456789012:role/charging"}',
                "Recorded before it: state 'Charge'.",
            ],
            id="a role that the task had not",
        ),
        pytest.param(
            [*TIMED_OUT[:2], limited(TIMED_OUT[2]), *TIMED_OUT[3:]],
            changed("Charge/TimeoutSeconds", 60),
            [
                "first at state 'Charge': timeout.",
                '  recorded  {"TimeoutSeconds": 9}',
                '  replayed  {"TimeoutSeconds": 60}',
                "Differences:",
                "  $.TimeoutSeconds: expected 9, got 60",
                "Recorded before it: state 'Charge'.",
            ],
            id="another limit of a task that timed out",
        ),
        pytest.param(
            DECLINED,
            changed("Charge/Catch/0/ErrorEquals", ["Other.Error"]),
            [
                "first at state 'Charge': output.",
                '  recorded  {"amount": 5, "problem": {"Error": "Card.Declined", "Cause": "no money"}}',
                "  replayed  none: the error Card.Declined was not caught",
                "Recorded before it: nothing.",
            ],
            id="an error that is not caught any more",
        ),
    ],
)
def test_the_first_step_that_differs_is_told(events: Any, definition: Any, message: list[str]) -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", definition)
        history = sfn.use_history(events)
        with pytest.raises(AssertionError) as differs:
            history.replay(machine)

    text, _, trace = str(differs.value).partition("\n\n")
    assert text.splitlines() == [
        "The replay of the history on the machine 'orders' differs from the recorded execution " + message[0],
        *message[1:],
    ]
    assert trace.startswith("orders: ")


def test_a_mock_that_answers_otherwise_is_a_difference() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", ORDERS)
        history = sfn.use_history(BUSY_ONCE)
        sfn.mock_task("Save", raises=TaskError("SQS.SdkClientException"))
        with pytest.raises(AssertionError) as differs:
            history.replay(machine)

    expected = "first at state 'Save': error.\n  recorded  none\n  replayed  \"SQS.SdkClientException\"\n"
    assert expected in str(differs.value)


@pytest.mark.parametrize(
    ("path", "is_ignored"),
    [
        pytest.param("$.a", True, id="the path"),
        pytest.param("$", True, id="a path above"),
        pytest.param("$.a.b[0]", True, id="a path with an index"),
        pytest.param("$.a.b", True, id="the list"),
        pytest.param("$.a.bc", False, id="another name that begins alike"),
        pytest.param("$.a.b[1]", False, id="another item"),
    ],
)
def test_what_differs_at_an_ignored_path_or_beneath_does_not_count(path: str, is_ignored: bool) -> None:
    comparison = ReplayComparison(GeneratedValues({}), [path])
    found = comparison.value(1, "the end", "output", {"a": {"b": [1]}}, {"a": {"b": [2]}})

    assert (found is None) is is_ignored


def test_paths_that_are_ignored_do_not_count() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", changed("Save/Parameters/QueueUrl", "https://test-queue"))
        sfn.use_history(BUSY_ONCE).replay(machine, ignoring=["$.QueueUrl"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"machine": "order"},
            "replay: there is no registered machine 'order'. Registered: 'orders', 'others'.",
            id="an unknown machine",
        ),
        pytest.param(
            {}, "replay needs a machine, as the recording names none. Registered: 'orders', 'others'.", id="no machine"
        ),
        pytest.param(
            {"machine": "orders", "ignoring": "$.QueueUrl"},
            "replay: ignoring= takes a list of paths such as ['$.TableName'], not '$.QueueUrl'.",
            id="a path that is no list",
        ),
    ],
)
def test_mistakes_in_a_replay_are_usage_errors(arguments: dict[str, Any], message: str) -> None:
    with SfnSync() as sfn:
        sfn.register("orders", ORDERS)
        sfn.register("others", ORDERS)
        history = sfn.use_history(BUSY_ONCE)
        with pytest.raises(MockError) as refused:
            history.replay(**arguments)

    assert str(refused.value) == message


def test_a_history_can_not_be_replayed_after_its_fake() -> None:
    with SfnSync() as sfn:
        sfn.register("orders", ORDERS)
        history = sfn.use_history(BUSY_ONCE)
    del sfn
    with pytest.raises(SfnSyncUsageError, match="replay was called for an SfnSync that is gone"):
        history.replay()


def test_a_usage_error_of_the_definition_is_raised_as_it_is() -> None:
    inline = {
        "Type": "Map",
        "ItemProcessor": machine_of({"One": {"Type": "Pass"}}),
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}},
    }
    with SfnSync() as sfn:
        machine = sfn.register("orders", machine_of({"All": inline, **ORDERS["States"]}), type="STANDARD")
        history = sfn.use_history(BUSY_ONCE)
        with pytest.raises(SfnSyncUsageError) as refused:
            history.replay(machine)

    assert "All" in str(refused.value)


LOOP = machine_of(
    {
        "Each": {
            "Type": "Map",
            "ItemProcessor": machine_of({"Charge": {"Type": "Task", "Resource": CHARGE_ARN}}),
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                machine_of({"Left": {"Type": "Pass"}}),
                machine_of({"Right": {"Type": "Pass", "Assign": {"side": "right"}}}),
            ],
        },
    }
)


def in_map_and_parallel() -> list[dict[str, Any]]:
    """Return a history in which two iterations, and then two branches, interleave."""
    given: list[Any] = [1, 2]
    results: list[Any] = ["a", "b"]
    return [
        event(1, "ExecutionStarted", {"input": given}),
        event(2, "MapStateEntered", {"name": "Each", "input": given}, previous=0),
        event(3, "MapStateStarted", {"length": 2}),
        event(4, "MapIterationStarted", {"name": "Each", "index": 0}, previous=3),
        event(5, "TaskStateEntered", {"name": "Charge", "input": 1}, previous=4),
        event(6, "MapIterationStarted", {"name": "Each", "index": 1}, previous=3),
        event(7, "TaskStateEntered", {"name": "Charge", "input": 2}, previous=6),
        event(8, "LambdaFunctionScheduled", {"input": 1, "resource": CHARGE_ARN}, previous=5),
        event(9, "LambdaFunctionScheduled", {"input": 2, "resource": CHARGE_ARN}, previous=7),
        event(10, "LambdaFunctionStarted", previous=9),
        event(11, "LambdaFunctionSucceeded", {"output": "b"}, previous=10, at=1),
        event(12, "TaskStateExited", {"name": "Charge", "output": "b"}, previous=11, at=1),
        event(13, "MapIterationSucceeded", {"name": "Each", "index": 1}, previous=12, at=1),
        event(14, "LambdaFunctionStarted", previous=8, at=1),
        event(15, "LambdaFunctionSucceeded", {"output": "a"}, previous=14, at=2),
        event(16, "TaskStateExited", {"name": "Charge", "output": "a"}, previous=15, at=2),
        event(17, "MapIterationSucceeded", {"name": "Each", "index": 0}, previous=16, at=2),
        event(18, "MapStateSucceeded", previous=17, at=2),
        event(19, "MapStateExited", {"name": "Each", "output": results}, previous=17, at=2),
        event(20, "ParallelStateEntered", {"name": "Both", "input": results}, previous=19, at=2),
        event(21, "ParallelStateStarted", previous=20, at=2),
        event(22, "PassStateEntered", {"name": "Left", "input": results}, previous=21, at=2),
        event(23, "PassStateEntered", {"name": "Right", "input": results}, previous=21, at=2),
        event(
            24,
            "PassStateExited",
            {"name": "Right", "output": results, "assignedVariables": {"side": '"right"'}},
            previous=23,
            at=2,
        ),
        event(25, "PassStateExited", {"name": "Left", "output": results}, previous=22, at=2),
        event(26, "ParallelStateSucceeded", previous=25, at=2),
        event(27, "ParallelStateExited", {"name": "Both", "output": [results, results]}, previous=26, at=2),
        event(28, "ExecutionSucceeded", {"output": [results, results]}, previous=27, at=2),
    ]


def test_iterations_and_branches_are_replayed_where_they_belong() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", LOOP)
        execution = sfn.use_history(in_map_and_parallel()).replay(machine)

        assert [(call.iteration, call.result) for call in execution.calls] == [((0,), "a"), ((1,), "b")]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        pytest.param(
            "Each/ItemSelector",
            {"item.$": "$$.Map.Item.Value"},
            "first at state 'Charge', iteration 0: input.\n  recorded  1\n  replayed  {\"item\": 1}",
            id="the input of an iteration",
        ),
        pytest.param(
            "Both/Branches/1/States/Right/Assign",
            {"side": "left"},
            'first at state \'Right\': assigned variables.\n  recorded  {"side": "right"}\n',
            id="a variable in a branch",
        ),
        pytest.param(
            "Both/Branches/1/StartAt", "Third", "first at the first state within 'Both': path.", id="a path in a branch"
        ),
    ],
)
def test_a_difference_in_an_iteration_or_a_branch_is_told_with_its_place(path: str, value: Any, message: str) -> None:
    definition = changed(path, value, LOOP)
    if value == "Third":
        definition["States"]["Both"]["Branches"][1]["States"]["Third"] = {"Type": "Pass", "Next": "Right"}
    with SfnSync() as sfn:
        machine = sfn.register("orders", definition)
        history = sfn.use_history(in_map_and_parallel())
        with pytest.raises(AssertionError) as differs:
            history.replay(machine)

    assert message in str(differs.value)


def test_an_iteration_that_was_not_recorded_has_no_answer() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", LOOP)
        sfn.use_history(in_map_and_parallel())
        with pytest.raises(MockError) as refused:
            machine.run([1, 2, 3])

    assert str(refused.value) == (
        "The recorded execution of the history has no answer for state 'Charge', iteration 2: it has no attempt of "
        "this state in this iteration, but in: 0, 1. To answer it, write sfn_sync.mock_task('Charge', returns=...)."
    )


def generating(second: str) -> Any:
    return machine_of(
        {
            "Make": {
                "Type": "Pass",
                "Parameters": {
                    "id.$": "States.UUID()",
                    "n.$": "States.MathRandom(1, 1000000)",
                    "at.$": "$$.State.EnteredTime",
                },
            },
            "Use": {"Type": "Pass", "Parameters": {"text.$": second, "n.$": "$.n", "again.$": "$$.State.EnteredTime"}},
        }
    )


RECORDED_ID = "0a1b2c3d-0000-4000-8000-000000000001"


def generated() -> list[dict[str, Any]]:
    made = {"id": RECORDED_ID, "n": 17, "at": "2026-03-02T08:00:00.010Z"}
    used = {"text": f"id {RECORDED_ID}", "n": 17, "again": "2026-03-02T08:00:00.030Z"}
    return [
        event(1, "ExecutionStarted", {"input": {}}),
        event(2, "PassStateEntered", {"name": "Make", "input": {}}, previous=0),
        event(3, "PassStateExited", {"name": "Make", "output": made}),
        event(4, "PassStateEntered", {"name": "Use", "input": made}),
        event(5, "PassStateExited", {"name": "Use", "output": used}),
        event(6, "ExecutionSucceeded", {"output": used}),
    ]


def test_values_that_are_made_anew_are_followed() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", generating("States.Format('id {}', $.id)"))
        sfn.use_history(generated()).replay(machine)


def test_a_made_value_of_another_kind_is_a_difference() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", generating("$.n"))
        history = sfn.use_history(generated())
        with pytest.raises(AssertionError, match="first at state 'Use': output"):
            history.replay(machine)


ID = "0a1b2c3d-0000-4000-8000-00000000000"
"""An id without its last digit."""


def values_of(**fields: Any) -> GeneratedValues:
    """Return the comparison of values for a machine whose state Make has these fields."""
    states = {"Make": {"Type": "Pass", **fields}, "Use": {"Type": "Pass"}}
    return GeneratedValues({"StartAt": "Make", "States": states}, ["run-1"])


def test_one_recorded_value_may_be_two_in_the_replay() -> None:
    values = values_of(Parameters={"id.$": "States.UUID()"})
    assert values.differences(["one-value"] * 2, [f"{ID}1", f"{ID}2"], "Make") == []
    assert values.differences(["one-value", 5, 5.5], [f"{ID}2", 5, 5.5], "Use") == []
    assert len(values.differences(["one-value"], [f"{ID}6"], "Use")) == 1
    assert len(values.differences([5], [6], "Use")) == 1
    assert len(values.differences([[1]], [[1, 2]], "Make")) == 1


@pytest.mark.parametrize(
    ("source", "recorded", "replayed", "differ"),
    [
        pytest.param("States.UUID()", f"order {ID}1", f"order {ID}2", False, id="an id in a text"),
        pytest.param("States.UUID()", f"order {ID}1", f"bill {ID}2", True, id="another text around an id"),
        pytest.param("States.UUID()", "queue-1", "queue-2", True, id="a literal beside an id"),
        pytest.param("States.UUID()", 5, 6, True, id="a number beside an id"),
        pytest.param("$$.Execution.Name", "order-7", "run-1", False, id="the name of the execution"),
        pytest.param("$$.State.Name", "Make", "Made", True, id="a name of the definition"),
        pytest.param("States.MathRandom(1, 9)", 5, 6, False, id="a random number"),
        pytest.param("States.MathRandom(1, 9)", "five", 6, True, id="a number in the place of a text"),
        pytest.param("States.Hash(States.UUID(), 'MD5')", "ab", "cd", False, id="a digest"),
    ],
)
def test_a_value_may_differ_only_if_it_was_made_anew(source: str, recorded: Any, replayed: Any, differ: bool) -> None:
    found = values_of(Parameters={"made.$": source}).differences([recorded], [replayed], "Make")

    assert bool(found) is differ


def with_rounds(*sizes: int) -> RecordedBranch:
    """Return a branch with a Map whose attempts have these numbers of iterations."""
    outermost = RecordedBranch()
    visit = RecordedVisit(name="Each", type="Map", event=2, branch=outermost, input=[])
    visit.rounds = [[RecordedBranch(index=index, container=visit) for index in range(size)] for size in sizes]
    outermost.visits.append(visit)
    return outermost


@pytest.mark.parametrize(
    ("recorded", "replayed", "expected"),
    [
        pytest.param(with_rounds(2), with_rounds(2), None, id="the same"),
        pytest.param(with_rounds(2), with_rounds(1), ("number of iterations", "2", "1"), id="iterations"),
        pytest.param(with_rounds(2, 2), with_rounds(2), ("number of attempts of the state", "2", "1"), id="attempts"),
    ],
)
def test_numbers_of_iterations_are_compared(recorded: Any, replayed: Any, expected: Any) -> None:
    found = ReplayComparison(GeneratedValues({})).first(recorded, replayed)

    assert expected == (None if found is None else (found.what, found.recorded, found.replayed))


def test_a_long_list_of_differences_is_cut() -> None:
    comparison = ReplayComparison(GeneratedValues({}))
    found = comparison.value(1, "the end", "output", [0] * 20, [1] * 20)

    assert found is not None
    assert found.details[-2:] == ("$[7]: expected 0, got 1", "... and more")


WORK = {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:work"}
ACTIVITY = machine_of({"Work": WORK})
WORKED = [
    event(1, "ExecutionStarted", {"input": {}}),
    event(2, "TaskStateEntered", {"name": "Work", "input": {}}, previous=0),
    event(3, "ActivityScheduled", {"input": {}, "resource": "arn:aws:states:us-east-1:123456789012:activity:work"}),
    event(4, "ActivityStarted", {"workerName": "w"}),
    event(5, "ActivitySucceeded", {"output": "done"}),
    event(6, "TaskStateExited", {"name": "Work", "output": "done"}),
    event(7, "ExecutionSucceeded", {"output": "done"}),
]


def test_the_answer_of_an_activity_is_replayed() -> None:
    with SfnSync() as sfn:
        sfn.register("orders", ACTIVITY, type="STANDARD")
        assert sfn.use_history([{**one, "timestamp": None} for one in WORKED]).replay().output == "done"


def test_an_error_of_an_expression_is_compared() -> None:
    undefined = {"error": "States.QueryEvaluationError", "cause": "nothing", "state": "Greet"}
    events = [
        event(1, "ExecutionStarted", {"input": {}}),
        event(2, "PassStateEntered", {"name": "Greet", "input": {}}, previous=0),
        event(3, "EvaluationFailed", undefined),
        event(4, "ExecutionFailed", {"error": "States.QueryEvaluationError", "cause": "nothing"}),
    ]
    with SfnSync() as sfn:
        sfn.register("orders", machine_of({"Greet": {"Type": "Pass"}}))
        with pytest.raises(
            AssertionError, match=r'error\.\n  recorded  "States\.QueryEvaluationError"\n  replayed  none'
        ):
            sfn.use_history(events).replay()


def test_a_task_that_is_answered_from_outside_and_was_not_recorded_ends_the_replay() -> None:
    with SfnSync() as sfn:
        sfn.register(
            "orders",
            machine_of({"First": {**WORK, "Next": "Charge"}, **ORDERS["States"]}),
            type="STANDARD",
        )
        with pytest.raises(AssertionError, match="differs from the recorded execution first at the first state: path"):
            sfn.use_history(BUSY_ONCE).replay()


def test_a_mistake_in_a_mock_is_raised_as_it_is() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", ORDERS)
        history = sfn.use_history(BUSY_ONCE)
        sfn.mock_task("Save", calls=lambda payload: 1 // 0)
        with pytest.raises(MockError, match="raised ZeroDivisionError"):
            history.replay(machine)

        assert [execution.status for execution in sfn.executions] == ["ABORTED"]


def test_branches_may_be_entered_in_another_order() -> None:
    events = in_map_and_parallel()
    left, right = events[21], events[22]
    left["id"], right["id"] = 23, 22
    events[23]["previousEventId"], events[24]["previousEventId"] = 22, 23
    with SfnSync() as sfn:
        machine = sfn.register("orders", LOOP)
        execution = sfn.use_history(events).replay(machine)

        assert sfn.histories[0].path == ["Each", "Charge", "Charge", "Both", "Right", "Left"]
        assert execution.path == ["Each", "Charge", "Charge", "Both", "Left", "Right"]
