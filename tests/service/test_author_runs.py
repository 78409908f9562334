"""Runs that the author asks for without a client: machines, parts of machines, and single states."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.author_runs import run_machine, try_state_of
from pytest_sfn_sync.tasks.task_error import TaskError
from tests.service.answering import NOON, PASS, Answering

MACHINE: dict[str, Any] = {
    "StartAt": "Price",
    "States": {
        "Price": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:price",
            "ResultPath": "$.price",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["Gone"], "ResultPath": "$.why", "Next": "Sorry"}],
            "Next": "IsLarge",
        },
        "IsLarge": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.price", "NumericGreaterThan": 100, "Next": "Each"}],
            "Default": "Done",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.lines",
            "ItemProcessor": {
                "StartAt": "Pack",
                "States": {
                    "Pack": {"Type": "Pass", "Result": "packed", "Next": "Send"},
                    "Send": {"Type": "Pass", "End": True},
                },
            },
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Sorry": {"Type": "Fail", "Error": "Sorry"},
    },
}


class Author:
    """A service with one machine, whose tasks return ``price`` or raise it."""

    def __init__(self, price: Any = 120, **register: Any) -> None:
        self.calls: list[TaskCall] = []
        self.price = price
        self.answering = Answering(self.invoke)
        self.machine: RegisteredMachine = self.answering.registry.register("orders", MACHINE, **register)
        self.account = self.answering.service.account

    def invoke(self, call: TaskCall) -> TaskAnswer:
        self.calls.append(call)
        if isinstance(self.price, TaskError):
            return TaskAnswer(None, self.price.error, self.price.cause)
        return TaskAnswer(self.price)

    def run(self, input: Any = None, **arguments: Any) -> Any:
        return run_machine(self.account, self.machine, {"lines": [1, 2]} if input is None else input, **arguments)

    def try_state(self, state: str, input: Any, **arguments: Any) -> Any:
        return try_state_of(self.account, self.machine, state, input, **arguments)


@pytest.mark.parametrize("machine_type", ["EXPRESS", "STANDARD"])
def test_a_machine_is_run_with_documents(machine_type: str) -> None:
    author = Author(type=machine_type)
    execution = author.run({"lines": [1]}, name="first")
    assert (execution.status, execution.output, execution.name) == ("SUCCEEDED", ["packed"], "first")
    assert author.answering.executions == [execution]


@pytest.mark.parametrize(
    ("arguments", "path", "output"),
    [
        pytest.param({"start_at": "Done"}, ["Done"], {"price": 7}, id="from a state on"),
        pytest.param({"start_at": "Pack"}, ["Pack", "Send"], "packed", id="from a state of a Map's processor on"),
        pytest.param({"stop_after": "Price"}, ["Price"], {"price": 120}, id="up to a task"),
        pytest.param(
            {"start_at": "IsLarge", "stop_after": "IsLarge"}, ["IsLarge"], {"price": 7}, id="a Choice by its Default"
        ),
        pytest.param({"start_at": "Pack", "stop_after": "Pack"}, ["Pack"], "packed", id="one state of a processor"),
    ],
)
def test_a_part_of_a_machine_is_run(arguments: dict[str, Any], path: list[str], output: Any) -> None:
    execution = Author().run({"price": 7}, **arguments)
    assert (execution.status, execution.path, execution.output) == ("SUCCEEDED", path, output)


def test_a_part_ends_after_a_choice_rule_and_after_a_catcher() -> None:
    chosen = Author().run({"price": 500}, start_at="IsLarge", stop_after="IsLarge")
    assert (chosen.status, chosen.path) == ("SUCCEEDED", ["IsLarge"])
    caught = Author(TaskError("Gone", "no more")).run({}, stop_after="Price")
    assert (caught.status, caught.path) == ("SUCCEEDED", ["Price"])
    assert caught.output == {"why": {"Error": "Gone", "Cause": "no more"}}


def test_variables_are_set_before_the_first_state() -> None:
    answering = Answering()
    machine = answering.registry.register(
        "sums", {"StartAt": "S", "States": {"S": {"Type": "Pass", "Parameters": {"sum.$": "$total"}, "End": True}}}
    )
    execution = run_machine(answering.service.account, machine, {}, variables={"total": 5})
    assert execution.output == {"sum": 5}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"start_at": "Prize"},
            "Machine 'orders' has no state 'Prize'. Nearest: 'Price', 'IsLarge', 'Each'.",
            id="an unknown state to start at",
        ),
        pytest.param(
            {"start_at": "Pack", "stop_after": "Done"},
            "Machine 'orders' has no state 'Done' among those of 'Pack'. Nearest: 'Send', 'Pack'.",
            id="an end in another set of states",
        ),
        pytest.param(
            {"name": "a b"}, "Machine 'orders' can't be run: Invalid Name: 'a b'", id="a name that AWS refuses"
        ),
        pytest.param(
            {"input": "x" * 262_143},
            "Machine 'orders' can't be run: the input has 262,145 bytes, and AWS takes 262,144 at most.",
            id="an input that AWS refuses",
        ),
        pytest.param(
            {"variables": {"states": 1}},
            "Machine 'orders' can't be run: Cannot assign to reserved variable '$states'.",
            id="a reserved variable",
        ),
        pytest.param(
            {"variables": {"1a": 1}},
            "Machine 'orders' can't be run: Invalid variable name '1a': the variable name contains invalid characters.",
            id="an invalid name of a variable",
        ),
        pytest.param(
            {"stop_after": "Sorry"},
            "Machine 'orders' was run with stop_after='Sorry', and ended without that state.\n"
            "  entered  Price -> IsLarge -> Each -> Done\n"
            "Give it an input that leads there, or take stop_after= out.",
            id="an end that was not reached",
        ),
    ],
)
def test_wrong_arguments_of_a_run(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SfnSyncUsageError) as raised:
        Author().run(**{"input": {"lines": []}, **arguments})
    assert str(raised.value) == message


def test_an_execution_that_failed_before_its_end_is_no_mistake() -> None:
    execution = Author(TaskError("Broken")).run({}, stop_after="Each")
    assert (execution.status, execution.path) == ("FAILED", ["Price"])


def test_a_machine_that_was_deleted_is_not_run() -> None:
    author = Author()
    author.account.delete(author.machine)
    with pytest.raises(SfnSyncUsageError) as raised:
        author.run()
    assert str(raised.value) == "Machine 'orders' can't be run: it was deleted."


PUT: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::dynamodb:putItem",
    "Parameters": {"TableName": "t", "Item": {"i": {"S": "x"}}},
    "End": True,
}
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:pack"
INVOKE = {**PUT, "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "price"}}
FUNCTION = {**MACHINE["States"]["Price"], "Next": "Done", "Catch": []}
CHECKED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        PUT,
        {"raises": "DynamoDB.ConditionalCheckFailed"},
        "test_state('Only', raises='DynamoDB.ConditionalCheckFailed') in state 'Only': ",
    ),
    (PUT, {"returns": {"attributes": {}}}, "test_state('Only', returns=...): its result is not one that "),
    (INVOKE, {"raises": "Lambda.ServiceExcepton"}, "test_state('Only', raises='Lambda.ServiceExcepton') in state "),
    (INVOKE, {"returns": {"Payload": {}, "StatusCode": "x"}}, "test_state('Only', returns=...): its result is not one"),
    (FUNCTION, {"raises": "Lambda.ServiceExcepton"}, "test_state('Only', raises='Lambda.ServiceExcepton') in state "),
]


@pytest.mark.parametrize(("state", "arguments", "begin"), CHECKED)
def test_the_outcome_of_a_trial_is_checked_as_a_mock_is(
    state: dict[str, Any], arguments: dict[str, Any], begin: str
) -> None:
    answering = Answering()
    definition = {"StartAt": "Only", "States": {"Only": state, "Done": {"Type": "Succeed"}}}
    if "Next" not in state:
        del definition["States"]["Done"]  # type: ignore[attr-defined]
    machine = answering.registry.register("orders", definition)
    with pytest.raises(MockError) as raised:
        try_state_of(answering.service.account, machine, "Only", {}, **arguments)
    assert str(raised.value).startswith(begin)
    unchecked = try_state_of(answering.service.account, machine, "Only", {}, mode="none", **arguments)
    assert unchecked.status == ("FAILED" if "raises" in arguments else "SUCCEEDED")


@pytest.mark.parametrize(
    ("state", "arguments", "status"),
    [
        pytest.param(
            INVOKE, {"returns": {"Payload": 1, "StatusCode": 200}}, "SUCCEEDED", id="the response of a function"
        ),
        pytest.param({**PUT, "Resource": ACTIVITY}, {"returns": 1}, "SUCCEEDED", id="the result of an activity"),
        pytest.param({**PUT, "Resource": ACTIVITY}, {"raises": "Gone"}, "FAILED", id="the error of an activity"),
        pytest.param(
            {"Type": "Parallel", "Branches": [PASS], "End": True}, {"raises": "Gone"}, "FAILED", id="that of a Parallel"
        ),
    ],
)
def test_outcomes_of_a_trial_that_a_mock_accepts(state: dict[str, Any], arguments: dict[str, Any], status: str) -> None:
    answering = Answering()
    machine = answering.registry.register("orders", {"StartAt": "Own", "States": {"Own": state}}, type="STANDARD")
    assert try_state_of(answering.service.account, machine, "Own", {}, **arguments).status == status


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"input": "x" * 262_143},
            "The state 'Price' of 'orders' can't be tested: the input has 262,145 bytes, and AWS takes 262,144 at "
            "most.",
            id="an input that AWS refuses",
        ),
        pytest.param(
            {"variables": {"states": 1}},
            "The state 'Price' of 'orders' can't be tested: Cannot assign to reserved variable '$states'.",
            id="a reserved variable",
        ),
    ],
)
def test_what_testing_a_state_refuses(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SfnSyncUsageError) as raised:
        Author().try_state("Price", **{"input": {}, **arguments})
    assert str(raised.value) == message


@pytest.mark.parametrize("machine_type", ["EXPRESS", "STANDARD"])
def test_a_run_starts_when_the_author_asks_for_it(machine_type: str) -> None:
    times = iter(range(NOON, NOON + 100_000_000, 1_000_000))
    account = Account(registry=Registry(), start=Answering().service.start_sync_execution, now=lambda: next(times),
                      random=Random(0))  # fmt: skip
    machine = account.registry.register("orders", PASS, type=machine_type)
    first, second = (run_machine(account, machine, {}) for _ in range(2))
    assert second.run.started_at > first.run.stopped_at


def test_the_name_of_a_standard_execution_is_used_once() -> None:
    author = Author(type="STANDARD")
    author.run(name="first")
    with pytest.raises(SfnSyncUsageError, match=r"an execution 'first' exists already"):
        author.run(name="first")


@pytest.mark.parametrize(
    ("state", "input", "arguments", "expected"),
    [
        pytest.param(
            "IsLarge", {"price": 101}, {}, ("SUCCEEDED", {"price": 101}, "Each"), id="a Choice by one of its rules"
        ),
        pytest.param("IsLarge", {"price": 1}, {}, ("SUCCEEDED", {"price": 1}, "Done"), id="a Choice by its Default"),
        pytest.param(
            "Price", {}, {"returns": 3}, ("SUCCEEDED", {"price": 3}, "IsLarge"), id="a task with a result of its own"
        ),
        pytest.param("Price", {}, {}, ("SUCCEEDED", {"price": 120}, "IsLarge"), id="a task with the mocks of the test"),
        pytest.param("Price", {}, {"raises": "Busy"}, ("RETRIABLE", None, None), id="an error that a retrier takes"),
        pytest.param(
            "Price", {}, {"raises": "Busy", "retries": 2}, ("FAILED", None, None), id="a retrier that is used up"
        ),
        pytest.param(
            "Price",
            {},
            {"raises": TaskError("Gone", "no more")},
            ("CAUGHT_ERROR", {"why": {"Error": "Gone", "Cause": "no more"}}, "Sorry"),
            id="an error that a catcher takes",
        ),
        pytest.param(
            "Each",
            {"lines": [1, 2]},
            {"returns": ["a", "b"]},
            ("SUCCEEDED", ["a", "b"], "Done"),
            id="a Map with results",
        ),
        pytest.param("Pack", {}, {}, ("SUCCEEDED", "packed", "Send"), id="a state of a processor"),
        pytest.param("Sorry", {}, {}, ("FAILED", None, None), id="a Fail"),
    ],
)
def test_one_state_is_tried(state: str, input: Any, arguments: dict[str, Any], expected: tuple[Any, ...]) -> None:
    result = Author().try_state(state, input, **arguments)
    assert (result.status, result.output, result.next_state) == expected


def test_the_inspection_has_documents() -> None:
    result = Author().try_state("Price", {"a": 1}, returns=3)
    assert result.inspection == {
        "input": {"a": 1},
        "afterInputPath": {"a": 1},
        "afterParameters": {"a": 1},
        "result": 3,
        "afterResultSelector": 3,
        "afterResultPath": {"a": 1, "price": 3},
    }


def test_variables_and_the_context_object_of_a_trial() -> None:
    answering = Answering()
    sums = {
        **MACHINE["States"]["Price"],
        "Parameters": {"total.$": "$total", "name.$": "$$.Execution.Name"},
        "Next": "Sorry",
        "Catch": [],
    }
    definition = {"StartAt": "Sum", "States": {"Sum": sums, "Sorry": {"Type": "Succeed"}}}
    machine = answering.registry.register("sums", definition)
    account = answering.service.account
    context = {"Execution": {"Name": "first"}}
    result = try_state_of(account, machine, "Sum", {}, returns=3, variables={"total": 5}, context=context)
    assert result.inspection["afterParameters"] == {"total": 5, "name": "first"}
    assert result.inspection["variables"] == {"total": 5}


def test_the_lists_and_numbers_of_a_map_are_documents() -> None:
    answering = Answering()
    each = {
        "Type": "Map",
        "ItemProcessor": PASS,
        "ItemSelector": {"v.$": "$$.Map.Item.Value"},
        "End": True,
    }
    machine = answering.registry.register("each", {"StartAt": "Each", "States": {"Each": each}})
    result = try_state_of(answering.service.account, machine, "Each", ["a"], returns=["b"])
    assert result.inspection["afterItemsPath"] == ["a"]
    assert result.inspection["afterItemSelector"] == [{"v": "a"}]
    assert result.inspection["maxConcurrency"] == 0


def test_a_usage_error_aborts_an_express_execution_of_the_author() -> None:
    def refuse(call: TaskCall) -> TaskAnswer:
        raise MockError("no mock")

    answering = Answering(refuse)
    machine = answering.registry.register("orders", MACHINE, type="EXPRESS")
    with pytest.raises(MockError, match=r"^no mock$"):
        run_machine(answering.service.account, machine, {})
    (execution,) = answering.executions
    assert execution.status == "ABORTED"


@pytest.mark.parametrize(
    ("state", "arguments", "kind", "message"),
    [
        pytest.param(
            "Prize",
            {},
            SfnSyncUsageError,
            "The state 'Prize' of 'orders' can't be tested: State not found in definition",
            id="an unknown state",
        ),
        pytest.param(
            "Done",
            {"returns": 1},
            SfnSyncUsageError,
            "The state 'Done' of 'orders' can't be tested: State type 'Succeed' is not supported when a mock is "
            "specified",
            id="a result for a state that does no work",
        ),
        pytest.param(
            "Price", {"returns": 1, "raises": "Busy"}, MockError, "test_state takes returns= or raises=, not both.",
            id="a result and an error",
        ),
    ],
)  # fmt: skip
def test_wrong_arguments_of_a_trial(state: str, arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as raised:
        Author().try_state(state, {}, **arguments)
    assert str(raised.value) == message


def test_the_states_of_an_execution_are_values() -> None:
    author = Author(TaskError("Busy"))
    execution = author.run()
    price = execution.state("Price")
    assert (price.type, price.input, price.retries, price.outcome) == ("Task", {"lines": [1, 2]}, 2, "failed")
    assert (price.error, price.caught) == ("Busy", None)
    assert (price.entered_at.timestamp() * 1_000_000) == pytest.approx(NOON)
    assert [state.name for state in execution.states] == ["Price"]


def test_each_visit_of_a_state_is_a_value() -> None:
    execution = Author().run()
    pack = execution.state("Pack")
    assert [(visit.input, visit.iteration) for visit in pack.visits] == [(1, (0,)), (2, (1,))]
    assert pack == pack.visits[-1]
    assert (pack.output, pack.left_at) == ("packed", pack.entered_at)


def test_a_state_that_was_not_entered_fails_with_the_trace() -> None:
    execution = Author().run()
    with pytest.raises(AssertionError, match=r"^The state 'Sorry' was not entered.\n\norders: SUCCEEDED"):
        execution.state("Sorry")
    with pytest.raises(SfnSyncUsageError) as raised:
        execution.state("Packs")
    assert str(raised.value) == "Machine 'orders' has no state 'Packs'. Nearest: 'Pack', 'Each', 'Price'."


def test_the_path_is_asserted() -> None:
    execution = Author(7).run()
    execution.assert_path("Price", "IsLarge", "Done")
    with pytest.raises(AssertionError) as raised:
        execution.assert_path("Price", "Each", "Done")
    assert str(raised.value).startswith(
        "The path of 'orders' differs at step 2: expected Each, came to IsLarge.\n"
        "  expected  Price -> Each -> Done\n"
        "  entered   Price -> IsLarge -> Done\n\n"
        "orders: SUCCEEDED"
    )
    with pytest.raises(AssertionError, match=r"differs at step 3: expected the end, came to Done"):
        execution.assert_path("Price", "IsLarge")
