"""What a test reads or hands in: changing it changes neither what is told of the run, nor any run that comes next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pytest_sfn_sync import Execution, SfnSync
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.tasks.mocks import TaskMock
from tests.machines import CHARGE_ARN, machine_of

DEFINITION = machine_of(
    {
        "Stock": {"Type": "Pass", "Result": {"items": [3, 1, 2], "by": {"sku": ["a"]}}, "ResultPath": "$.stock"},
        "Fixed": {"Type": "Pass", "Parameters": {"tiers": [[1], [2]], "in.$": "$"}, "Assign": {"kept.$": "$.in"}},
        "Invoke": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "price", "Payload": {"order.$": "$.in", "rates": [7, 19]}},
            "ResultPath": "$.priced",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.tiers",
            "ItemProcessor": machine_of({"Charge": {"Type": "Task", "Resource": CHARGE_ARN}}),
            "ResultPath": "$.charged",
        },
    }
)
INPUT = {"lines": [{"sku": "b"}, {"sku": "a"}], "note": None}
START = "2024-01-01T00:00:00Z"


class Scene(NamedTuple):
    """One run, and the handles that a test has on it."""

    sfn: SfnSync
    execution: Execution
    price: TaskMock
    charge: TaskMock
    response: dict[str, Any]


def run(sfn: SfnSync) -> dict[str, Any]:
    arn = sfn.machines[0].arn
    response: dict[str, Any] = sfn.client().start_sync_execution(
        stateMachineArn=arn, name="one", input=json.dumps(INPUT)
    )
    return response


def scene_of(sfn: SfnSync) -> Scene:
    sfn.register("orders", DEFINITION)
    price = sfn.mock_lambda("price", returns={"prices": [5, 4], "by": {"sku": [1]}})
    charge = sfn.mock_task("Charge", calls=lambda payload: {"charged": payload})
    response = run(sfn)
    return Scene(sfn, sfn.last_execution, price, charge, response)


def fake() -> SfnSync:
    return SfnSync(start_time=START, seed=1)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with fake() as sfn:
        yield scene_of(sfn)


def spoil(value: Any) -> None:
    """Change every container in a value that can be changed."""
    if isinstance(value, dict):
        for member in list(value.values()):
            spoil(member)
        for key in list(value):
            value[key] = "spoilt"
        value["more"] = "spoilt"
    elif isinstance(value, list):
        for member in list(value):
            spoil(member)
        value[:] = ["spoilt", *value[:-1]]


def without_ids(response: dict[str, Any]) -> dict[str, Any]:
    left_out = ("executionArn", "ResponseMetadata")
    return {name: member for name, member in response.items() if name not in left_out}


def told(execution: Execution) -> tuple[object, ...]:
    """Return what is told of a run without the values that a test has read before."""
    return (
        execution.trace(),
        execution.to_mermaid(),
        execution.status,
        execution.path,
        [execution.run.history.render_event(number) for number in range(1, len(execution.run.history) + 1)],
        [repr(call) for call in execution.calls],
    )


READ: dict[str, Callable[[Scene], Any]] = {
    "input": lambda scene: scene.execution.input,
    "output": lambda scene: scene.execution.output,
    "variables": lambda scene: scene.execution.variables,
    "history": lambda scene: scene.execution.history,
    "path": lambda scene: scene.execution.path,
    "calls": lambda scene: scene.execution.calls,
    "the payload of a call": lambda scene: scene.execution.calls[0].payload,
    "the arguments of a call of lambda:invoke": lambda scene: scene.execution.calls[0].arguments,
    "the arguments of another call": lambda scene: scene.execution.calls[1].arguments,
    "the result of a call of lambda:invoke, with the lists of its headers": lambda scene: (
        scene.execution.calls[0].result
    ),
    "the result of a handler": lambda scene: scene.execution.calls[1].result,
    "states": lambda scene: scene.execution.states,
    "the input of a state": lambda scene: scene.execution.state("Invoke").input,
    "the output of a state": lambda scene: scene.execution.state("Stock").output,
    "what a state assigned": lambda scene: scene.execution.state("Fixed").assigned,
    "the visits of a state": lambda scene: scene.execution.state("Charge").visits,
    "the input of a visit": lambda scene: scene.execution.state("Charge").visits[0].input,
    "the response that the fake keeps": lambda scene: scene.execution.response,
    "the response that the client returned": lambda scene: scene.response,
    "the calls of a mock": lambda scene: scene.price.calls,
    "the payload of a mock's call": lambda scene: scene.charge.calls[-1].payload,
    "the result of a mock's call": lambda scene: scene.price.calls[-1].result,
    "payloads": lambda scene: scene.price.payloads,
    "call_args": lambda scene: scene.price.call_args,
    "call_args_list": lambda scene: scene.charge.call_args_list,
    "the definition of a machine": lambda scene: scene.sfn.machines[0].definition,
    "the definition of an execution's machine": lambda scene: scene.execution.machine.definition,
    "machines": lambda scene: scene.sfn.machines,
    "mocks": lambda scene: scene.sfn.mocks,
    "the output of a state that was tested": lambda scene: (
        scene.sfn.machines[0].test_state("Stock", {"stock": 1}).output
    ),
    "the inspection of a state that was tested": lambda scene: (
        scene.sfn.machines[0].test_state("Stock", {"stock": 1}).inspection
    ),
}


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_changing_what_was_read_changes_nothing_else(scene: Scene, read: Callable[[Scene], Any]) -> None:
    before = told(scene.execution)
    response = without_ids(deepcopy(scene.response))
    output = json.loads(response["output"])

    spoil(read(scene))

    assert told(scene.execution) == before
    scene.execution.assert_succeeded(output=output)
    assert (scene.price.call_count, scene.charge.call_count) == (1, 2)
    scene.charge.assert_has_calls([[1], [2]])
    again = run(scene.sfn)
    assert set(json.loads(again["output"])) == set(output)
    assert {**json.loads(again["output"]), "priced": 0} == {**output, "priced": 0}
    assert json.loads(again["output"])["priced"]["Payload"] == output["priced"]["Payload"]
    assert [call.payload for call in scene.sfn.last_execution.calls][1:] == [[1], [2]]
    with fake() as sfn:
        assert without_ids(scene_of(sfn).response) == response
        assert sfn.machines[0].definition == DEFINITION


KEPT = {
    name: READ[name]
    for name in READ
    if name not in ("path", "calls", "states", "the calls of a mock", "payloads", "call_args_list", "machines", "mocks")
    and "state" not in name
    and "visit" not in name
}


@pytest.mark.parametrize("read", KEPT.values(), ids=KEPT)
def test_what_was_read_is_the_same_object_when_it_is_read_again(scene: Scene, read: Callable[[Scene], Any]) -> None:
    assert read(scene) is read(scene)


OTHERS: dict[str, tuple[Callable[[Execution], Any], Callable[[Execution], Any]]] = {
    "the output, by the input": (lambda one: one.output, lambda one: one.input),
    "the variables, by the output": (lambda one: one.variables, lambda one: one.output),
    "the output, by a state's output": (lambda one: one.output, lambda one: one.states[-1].output),
    "the input, by a state's input": (lambda one: one.input, lambda one: one.state("Stock").input),
    "a payload, by another one": (lambda one: one.calls[1].payload, lambda one: one.calls[0].payload),
    "a payload, by the arguments": (lambda one: one.calls[0].payload, lambda one: one.calls[0].arguments),
    "the output, by a result": (lambda one: one.output, lambda one: one.calls[0].result),
}


@pytest.mark.parametrize(("left", "changed"), OTHERS.values(), ids=OTHERS)
def test_changing_one_value_leaves_another(
    scene: Scene, left: Callable[[Execution], Any], changed: Callable[[Execution], Any]
) -> None:
    before = deepcopy(left(scene.execution))

    spoil(changed(scene.execution))

    assert left(scene.execution) == before


def spoiling(answer: Any) -> Callable[[Any], Any]:
    def handle(payload: Any) -> Any:
        spoil(payload)
        return answer

    return handle


def spoiling_handler(event: Any, context: Any) -> int:
    spoil(event)
    return 1


class Spoiler:
    """A matcher that changes what it is compared with."""

    def __eq__(self, other: object) -> bool:
        spoil(other)
        return True

    __hash__ = None  # type: ignore[assignment]


GETTING: dict[str, dict[str, Any]] = {
    "a handler": {"calls": spoiling(1)},
    "a handler with a context": {"calls": spoiling_handler},
    "a function of when=": {"returns": 1, "when": spoiling(True)},
    "a matcher of when=": {"returns": 1, "when": Spoiler()},
    "a matcher within when=": {"returns": 1, "when": {"order": Spoiler(), "rates": [7, 19]}},
}


@pytest.mark.parametrize("arguments", GETTING.values(), ids=GETTING)
def test_what_the_code_of_the_test_gets_is_a_copy(arguments: dict[str, Any]) -> None:
    with fake() as sfn:
        sfn.register("orders", DEFINITION)
        price = sfn.mock_lambda("price", **arguments)
        sfn.mock_task("Charge", returns=0)
        payload = {"order": {**INPUT, "stock": DEFINITION["States"]["Stock"]["Result"]}, "rates": [7, 19]}

        output = json.loads(run(sfn)["output"])
        price.assert_called_once_with({"order": Spoiler(), "rates": Spoiler()})
        sfn.last_execution.assert_succeeded(output={**output, "in": Spoiler()})

        assert price.payloads == [payload]
        assert output["in"] == payload["order"]
        assert output["priced"]["Payload"] == 1


HANDED_IN: dict[str, Callable[[SfnSync, Any], object]] = {
    "returns=": lambda sfn, value: sfn.mock_task("Charge", returns=value),
    "responses=": lambda sfn, value: sfn.mock_task("Charge", responses=[value, value]),
    "the list of responses=": lambda sfn, value: sfn.mock_task("Charge", responses=value["responses"]),
    "what a handler returns each time": lambda sfn, value: sfn.mock_task("Charge", calls=lambda payload: value),
    "when=": lambda sfn, value: sfn.mock_task("Charge", returns=1, when=value["a"]),
    "when= with a matcher": lambda sfn, value: sfn.mock_task("Charge", returns=1, when=[*value["a"], Spoiler()]),
    "a mock config": lambda sfn, value: sfn.use_mock_config(
        {
            "StateMachines": {"orders": {"TestCases": {"Ok": {"Charge": "R"}}}},
            "MockedResponses": {"R": {"0-9": {"Return": value}}},
        },
        case="Ok",
    ),
}
ONE_TASK = machine_of({"Charge": {"Type": "Task", "Resource": CHARGE_ARN}})


@pytest.mark.parametrize("hand_in", HANDED_IN.values(), ids=HANDED_IN)
def test_changing_what_was_handed_in_changes_no_answer(hand_in: Callable[[SfnSync, Any], object]) -> None:
    value: Any = {"a": [[1], {"b": 2}], "responses": [3, 3]}
    payload = [[1], {"b": 2}, 0] if hand_in is HANDED_IN["when= with a matcher"] else [[1], {"b": 2}]
    with fake() as sfn:
        machine = sfn.register("orders", ONE_TASK)
        hand_in(sfn, value)
        first = machine.run(payload)
        before = deepcopy(first.output)
        for changed in (first.output, first.calls[0].payload, first.calls[0].result):
            spoil(changed)
        if hand_in is not HANDED_IN["what a handler returns each time"]:
            spoil(value)

        assert machine.run(payload).output == before


def test_changing_an_input_the_variables_and_a_definition_changes_nothing() -> None:
    definition = machine_of({"Keep": {"Type": "Pass", "Parameters": {"in.$": "$", "var.$": "$kept", "c": [1]}}})
    given, variables = {"a": [1]}, {"kept": {"b": [2]}}
    with fake() as sfn:
        machine = sfn.register("orders", definition)
        execution = machine.run(given, variables=variables)
        for value in (definition, given, variables):
            spoil(value)

        assert execution.output == {"in": {"a": [1]}, "var": {"b": [2]}, "c": [1]}
        assert machine.run({}, variables={"kept": 0}).output == {"in": {}, "var": 0, "c": [1]}


def test_changing_the_result_of_a_mock_config_file_leaves_the_file_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "MockConfigFile.json"
    case = {"StateMachines": {"orders": {"TestCases": {"Ok": {"Charge": "R"}}}}}
    path.write_text(json.dumps({**case, "MockedResponses": {"R": {"0-9": {"Return": {"items": [3, 1, 2]}}}}}))

    for _ in range(2):
        with fake() as sfn:
            machine = sfn.register("orders", ONE_TASK)
            sfn.use_mock_config(path, case="Ok")
            for _ in range(2):
                execution = machine.run({})
                assert execution.output == {"items": [3, 1, 2]}
                execution.output["items"].sort()
                spoil(execution.calls[0].result)
                spoil(execution.history)


def test_a_result_is_missing_until_the_task_has_one() -> None:
    seen: list[Any] = []
    with fake() as sfn:
        machine = sfn.register("orders", ONE_TASK)

        def look(payload: Any) -> int:
            seen.append(charge.calls[0].result)
            return 5

        charge = sfn.mock_task("Charge", calls=look)
        call = machine.run([1]).calls[0]

    assert seen == [MISSING]
    assert call.result == 5
