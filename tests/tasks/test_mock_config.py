"""Mock config files: how they are read, what is refused in them, and what a test case answers."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import MockError, UnmockedTaskError
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.tasks.mock_config.config_reading import read_mock_config
from pytest_sfn_sync.tasks.mock_table import Invoker, MockTable
from tests.machines import CHARGE_ARN, MAP, PARALLEL, machine_of

RETURN: Any = {"0": {"Return": {"receipt": 7}}}
BUSY_THEN_DONE: Any = {
    "0": {"Throw": {"Error": "Card.Busy", "Cause": "try later"}},
    "1-2": {"Throw": {"Error": "Card.Declined", "Cause": "no money"}},
    "3": {"Return": "done"},
}
PREPARE_AND_CHARGE = machine_of({"Prepare": {"Type": "Pass"}, "Charge": {"Type": "Task", "Resource": CHARGE_ARN}})


def config_of(responses: Any = RETURN, *, state: str = "Charge", machine: str = "orders") -> dict[str, Any]:
    """Make a config with one machine, the test case HappyPath, and one mocked response in it."""
    return {
        "StateMachines": {machine: {"TestCases": {"HappyPath": {state: "charged"}}}},
        "MockedResponses": {"charged": responses},
    }


def machine(definition: Any = PREPARE_AND_CHARGE) -> RegisteredMachine:
    return Registry().register("orders", definition)


def table_with(config: Any, case: str | None = "HappyPath") -> MockTable:
    table = MockTable(random=Random(7))
    table.mock_configs.use(read_mock_config(config), case)
    return table


def attempt(invoker: Invoker, state: str = "Charge", resource: str = CHARGE_ARN, number: int = 0) -> TaskAnswer:
    answer = invoker(TaskCall(state_name=state, resource=resource, payload={"amount": 5}, attempt=number))
    assert isinstance(answer, TaskAnswer)
    return answer


def refusal(config: Any) -> str:
    with pytest.raises(MockError) as raised:
        read_mock_config(config)
    return str(raised.value)


@pytest.mark.parametrize(
    ("config", "faults"),
    [
        pytest.param({}, ["/: the member 'StateMachines' is missing"], id="nothing at all"),
        pytest.param(
            {"StateMachine": {}, "StateMachines": {}},
            ["/StateMachine: there is no such member; nearest: 'StateMachines', 'MockedResponses'"],
            id="an unknown member at the top",
        ),
        pytest.param(
            {"StateMachines": {"orders": {"TestCase": {}}}},
            [
                "/StateMachines/orders: the member 'TestCases' is missing",
                "/StateMachines/orders/TestCase: there is no such member; nearest: 'TestCases'",
            ],
            id="an unknown member of a machine",
        ),
        pytest.param(
            {
                "StateMachines": {"orders": {"TestCases": {"HappyPath": {"Charge": "chargd"}}}},
                "MockedResponses": {"shipped": RETURN, "charged": RETURN},
            },
            [
                "/StateMachines/orders/TestCases/HappyPath/Charge: there is no MockedResponses entry 'chargd'; "
                "nearest: 'charged', 'shipped'"
            ],
            id="a mocked response that there isn't",
        ),
        pytest.param(
            {"StateMachines": {"orders": {"TestCases": {"HappyPath": {"Charge": "charged"}}}}},
            [
                "/StateMachines/orders/TestCases/HappyPath/Charge: there is no MockedResponses entry 'charged'; "
                "there are none"
            ],
            id="no mocked responses",
        ),
        pytest.param(
            {"StateMachines": {"orders": {"TestCases": {"a/b~c": {"Charge": {"0": {}}}}}}},
            [
                "/StateMachines/orders/TestCases/a~1b~0c/Charge: must be the name of a MockedResponses entry, "
                "not an object"
            ],
            id="a response in the place of its name",
        ),
        pytest.param(
            config_of({}),
            ['/MockedResponses/charged: must have an entry for at least one invocation, such as "0"'],
            id="a mocked response without entries",
        ),
        pytest.param(
            config_of([{"Return": 1}]),
            ["/MockedResponses/charged: must be an object, not an array"],
            id="a list of entries",
        ),
        pytest.param(
            config_of({"first": {"Return": 1}, "1 - 2": {"Return": 1}, "-1": {"Return": 1}}),
            [
                f'/MockedResponses/charged/{key}: an invocation is a number such as "0", or a range such as "1-2"; '
                "they count from 0"
                for key in ("first", "1 - 2", "-1")
            ],
            id="invocations that are no numbers",
        ),
        pytest.param(
            config_of({"2-0": {"Return": 1}}),
            ['/MockedResponses/charged/2-0: a range begins with the lower number: "0-2"'],
            id="a range the wrong way round",
        ),
        pytest.param(
            config_of({"0-2": {"Return": 1}, "2": {"Return": 1}, "1-5": {"Return": 1}, "3": {"Return": 1}}),
            [
                "/MockedResponses/charged/2: invocation 2 is answered by the entry '0-2' already",
                "/MockedResponses/charged/1-5: invocation 1 is answered by the entry '0-2' already",
            ],
            id="ranges that overlap",
        ),
        pytest.param(
            config_of({"0": {}, "1": {"Return": 1, "Throw": {"Error": "E", "Cause": "c"}}}),
            [
                "/MockedResponses/charged/0: must have exactly one of Return and Throw, it has neither",
                "/MockedResponses/charged/1: must have exactly one of Return and Throw, it has both",
            ],
            id="neither and both of Return and Throw",
        ),
        pytest.param(
            config_of(
                {"0": {"Throw": {"Error": "E"}}, "1": {"Throw": {"Error": "", "Cause": {}}}, "2": {"Throw": "E"}}
            ),
            [
                "/MockedResponses/charged/0/Throw: the member 'Cause' is missing",
                "/MockedResponses/charged/1/Throw/Cause: must be a string, not an object",
                '/MockedResponses/charged/1/Throw/Error: must be the name of an error, such as "Ship.Busy"',
                "/MockedResponses/charged/2/Throw: must be an object, not a string",
            ],
            id="Throw without Error and Cause",
        ),
    ],
)
def test_faults_are_told_all_at_once_with_their_place(config: Any, faults: list[str]) -> None:
    count = "is 1 fault" if len(faults) == 1 else f"are {len(faults)} faults"
    assert refusal(config) == "\n  ".join([f"In the mock config there {count}:", *faults])


def test_a_file_is_named_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "MockConfigFile.json"
    path.write_text("{}")

    assert refusal(path) == f"In {path} there is 1 fault:\n  /: the member 'StateMachines' is missing"


def test_a_file_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "MockConfigFile.json").write_text("{}")

    assert refusal(tmp_path / "MockConfig.json") == (
        f"There is no mock config file 'MockConfig.json' in {tmp_path}, which has MockConfigFile.json."
    )


def test_a_file_that_is_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "MockConfigFile.json"
    path.write_text('{"StateMachines": NaN}')

    assert refusal(path) == f"The mock config file {path} can't be read as JSON: NaN has no form in JSON."


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "MockConfigFile.json"
    path.write_text(json.dumps(config_of()))
    assert list(read_mock_config(path).machines) == ["orders"]
    path.write_text(json.dumps(config_of(machine="refunds")))
    assert list(read_mock_config(str(path)).machines) == ["refunds"]


@pytest.mark.parametrize(
    ("config", "text"),
    [
        pytest.param(7, "A mock config is a dict or the path of a JSON file, not 7.", id="a number"),
        pytest.param(
            {"StateMachines": {1: {}}},
            "The mock config is not JSON at $.StateMachines: the key 1 is not a string.",
            id="a dict that is no JSON",
        ),
    ],
)
def test_what_is_no_config_is_refused(config: Any, text: str) -> None:
    assert refusal(config) == text


def test_invocations_are_answered_in_turn_ranges_included() -> None:
    invoker = table_with(config_of(BUSY_THEN_DONE)).invoker(machine())

    assert [attempt(invoker) for _ in range(4)] == [
        TaskAnswer(None, "Card.Busy", "try later"),
        TaskAnswer(None, "Card.Declined", "no money"),
        TaskAnswer(None, "Card.Declined", "no money"),
        TaskAnswer("done"),
    ]


def test_every_execution_counts_from_0() -> None:
    table = table_with(config_of(BUSY_THEN_DONE))

    assert [attempt(table.invoker(machine())).error for _ in range(2)] == ["Card.Busy", "Card.Busy"]


def test_the_order_of_entries_in_the_file_does_not_matter() -> None:
    invoker = table_with(config_of({"1": {"Return": "second"}, "0": {"Return": "first"}})).invoker(machine())

    assert [attempt(invoker).result, attempt(invoker).result] == ["first", "second"]


def test_states_that_share_a_response_count_for_themselves() -> None:
    states = {name: {"Type": "Task", "Resource": CHARGE_ARN} for name in ("Charge", "Ship")}
    config = config_of()
    config["StateMachines"]["orders"]["TestCases"]["HappyPath"]["Ship"] = "charged"
    invoker = table_with(config).invoker(machine(machine_of(states)))

    assert attempt(invoker, "Charge") == attempt(invoker, "Ship") == TaskAnswer({"receipt": 7})


@pytest.mark.parametrize(
    ("resource", "returned", "result"),
    [
        pytest.param(
            CHARGE_ARN, {"StatusCode": 200, "Payload": {"ok": 1}}, {"ok": 1}, id="the response of Invoke, for an ARN"
        ),
        pytest.param(CHARGE_ARN, {"Payload": 1}, {"Payload": 1}, id="a result that only has a Payload"),
        pytest.param(
            CHARGE_ARN,
            {"StatusCode": 200, "Payload": 1, "more": 1},
            {"StatusCode": 200, "Payload": 1, "more": 1},
            id="a result with more than Invoke has",
        ),
        pytest.param(CHARGE_ARN, None, None, id="null"),
        pytest.param(
            "arn:aws:states:::lambda:invoke",
            {"StatusCode": 200, "Payload": 1},
            {"StatusCode": 200, "Payload": 1},
            id="the response of Invoke, for lambda:invoke",
        ),
    ],
)
def test_a_result_is_given_as_it_stands_but_a_functions_own_arn_gives_its_payload(
    resource: str, returned: Any, result: Any
) -> None:
    invoker = table_with(config_of({"0": {"Return": returned}})).invoker(machine())

    assert attempt(invoker, resource=resource) == TaskAnswer(result)


def test_running_out_is_a_usage_error() -> None:
    invoker = table_with(config_of({"0-1": {"Throw": {"Error": "Card.Busy", "Cause": "later"}}})).invoker(machine())
    attempt(invoker)
    attempt(invoker, number=1)

    with pytest.raises(MockError) as raised:
        attempt(invoker, number=2)
    assert str(raised.value) == (
        "The test case 'HappyPath' of the mock config has no answer to invocation 2 of the state 'Charge': its "
        "MockedResponses entry 'charged' answers 2, \"0-1\".\n"
        "  from     state 'Charge', retry 2\n"
        '  payload  {"amount": 5}\n'
        'Give /MockedResponses/charged an entry "2", or widen a range. Invocations count from 0 over the whole '
        "execution: retries, loops and Map iterations each take one."
    )


def test_a_gap_between_entries_is_a_usage_error_when_it_is_reached() -> None:
    invoker = table_with(config_of({"0": {"Return": 1}, "2": {"Return": 3}})).invoker(machine())
    attempt(invoker)

    with pytest.raises(MockError, match="no answer to invocation 1 of the state 'Charge'"):
        attempt(invoker)


@pytest.mark.parametrize(
    ("kind", "target", "answered"),
    [
        pytest.param("mock_task", "Charge", "by the mock", id="a mock of the state goes first"),
        pytest.param("mock_lambda", "charge-card", "by the file", id="a mock of the function comes after"),
        pytest.param("mock_resource", CHARGE_ARN, "by the file", id="a mock of the resource comes after"),
    ],
)
def test_the_case_stands_between_mocks_of_the_state_and_of_the_function(kind: str, target: str, answered: str) -> None:
    table = table_with(config_of({"0": {"Return": "by the file"}}))
    mock = table.add(kind, target, returns="by the mock")

    assert attempt(table.invoker(machine())).result == answered
    assert mock.called == (answered == "by the mock")


def test_a_mock_of_the_state_that_is_used_up_leaves_the_rest_to_the_case() -> None:
    table = table_with(config_of({"0": {"Return": "first of the file"}}))
    table.add("mock_task", "Charge", returns="by the mock", times=1)
    invoker = table.invoker(machine())

    assert [attempt(invoker).result, attempt(invoker).result] == ["by the mock", "first of the file"]


def test_states_that_the_case_leaves_out_are_for_other_mocks() -> None:
    states = {name: {"Type": "Task", "Resource": CHARGE_ARN} for name in ("Charge", "Ship")}
    table = table_with(config_of())
    table.add("mock_lambda", "charge-card", returns="by the mock")

    assert attempt(table.invoker(machine(machine_of(states))), "Ship").result == "by the mock"


def test_without_a_chosen_case_nothing_is_answered_and_the_message_tells_of_the_cases() -> None:
    invoker = table_with(config_of(), case=None).invoker(machine())

    with pytest.raises(UnmockedTaskError) as raised:
        attempt(invoker)
    assert (
        "There are no mocks.\n"
        "The test cases of the mock config for this machine are 'HappyPath', but none is chosen: write "
        "use_mock_config(..., case='HappyPath'), or call "
        "arn:aws:states:us-east-1:123456789012:stateMachine:orders#HappyPath.\n"
    ) in str(raised.value)


def test_a_state_that_the_chosen_case_leaves_out_is_told_with_those_that_it_mocks() -> None:
    invoker = table_with(config_of()).invoker(machine())

    with pytest.raises(UnmockedTaskError, match=r"The test case 'HappyPath' of the mock config mocks 'Charge'\."):
        attempt(invoker, "Ship")


@pytest.mark.parametrize(
    ("definition", "state", "fault"),
    [
        pytest.param(
            PREPARE_AND_CHARGE, "Chrage", "there is no state 'Chrage'; nearest: 'Charge'", id="a state that there isn't"
        ),
        pytest.param(
            PREPARE_AND_CHARGE,
            "Prepare",
            "the state 'Prepare' is of type Pass; only Task states are mocked",
            id="a state that is no Task",
        ),
        pytest.param(PARALLEL, "Chrage", "there is no state 'Chrage'; there are none", id="a machine without Tasks"),
    ],
)
def test_states_that_do_not_fit_the_machine_are_told_when_it_runs(definition: Any, state: str, fault: str) -> None:
    table = table_with(config_of(state=state))

    with pytest.raises(MockError) as raised:
        table.invoker(machine(definition))
    assert str(raised.value) == (
        "the mock config does not fit the state machine 'orders' as registered:\n"
        f"  /StateMachines/orders/TestCases/HappyPath/{state}: {fault}"
    )


def test_states_within_a_map_are_states_of_the_machine() -> None:
    assert attempt(table_with(config_of()).invoker(machine(MAP))) == TaskAnswer({"receipt": 7})


def test_a_case_that_no_machine_has_is_refused() -> None:
    with pytest.raises(MockError) as raised:
        table_with(config_of(), case="HapyPath")
    assert str(raised.value) == (
        "use_mock_config: no state machine of the mock config has the test case 'HapyPath'; nearest: 'HappyPath'."
    )


def test_the_config_that_was_put_to_use_last_comes_first() -> None:
    table = table_with(config_of({"0": {"Return": "first"}}))
    table.mock_configs.use(read_mock_config(config_of({"0": {"Return": "second"}})), "HappyPath")

    assert attempt(table.invoker(machine())).result == "second"


def test_a_config_of_other_machines_leaves_a_machine_to_earlier_ones() -> None:
    table = table_with(config_of())
    table.mock_configs.use(read_mock_config(config_of(machine="refunds")), "HappyPath")

    assert attempt(table.invoker(machine())).result == {"receipt": 7}
