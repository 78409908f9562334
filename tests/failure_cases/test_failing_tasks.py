"""The failure cases of definitions: which there are, how they are named, and what a run of one does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import FailureCase, MockError, SfnSync, failures
from tests.machines import CHARGE_ARN, machine_of
from tests.recorded_histories.histories import ORDERS

TASK: dict[str, Any] = {"Type": "Task", "Resource": CHARGE_ARN}


def handling(retry: Any = (), catch: Any = ()) -> dict[str, Any]:
    return {**TASK, "Retry": list(retry), "Catch": list(catch)}


def names(definition: Any, **arguments: Any) -> list[str]:
    return [case.name for case in failures(definition, **arguments)]


REFUND = machine_of(
    {
        "Charge": handling(catch=[{"ErrorEquals": ["Card.Declined"], "Next": "Refund"}]) | {"Next": "Done"},
        "Refund": handling(catch=[{"ErrorEquals": ["States.ALL"], "Next": "Tell"}]) | {"Next": "Done"},
        "Tell": {**TASK, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }
)

INNER = machine_of(
    {
        "Each": {
            "Type": "Map",
            "ItemProcessor": machine_of(
                {
                    "Pick": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$", "IsNull": True, "Next": "Left"}],
                        "Default": "Right",
                    },
                    "Left": {"Type": "Pass", "End": True},
                    "Right": {**TASK, "End": True},
                }
            ),
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Both"}],
            "Next": "End",
        },
        "End": {"Type": "Succeed"},
        "Both": {
            "Type": "Parallel",
            "Branches": [machine_of({"Left2": {"Type": "Pass"}}), machine_of({"Right2": TASK})],
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "End"}],
        },
    }
)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            ORDERS,
            [
                "Charge-Gateway.Busy",
                "Charge-Card.Declined",
                "Charge-UnnamedError",
                "Charge-timeout",
                "Charge-Gateway.Busy-once",
                "Save-UnnamedError",
                "Save-timeout",
            ],
            id="named errors, an unnamed one, a timeout and a retry",
        ),
        pytest.param(
            machine_of(
                {
                    "A": handling(
                        retry=[
                            {"ErrorEquals": ["States.Timeout"]},
                            {"ErrorEquals": ["States.HeartbeatTimeout"], "MaxAttempts": 0},
                            {"ErrorEquals": ["States.ALL"]},
                        ]
                    )
                }
            ),
            ["A-timeout", "A-heartbeat-timeout", "A-UnnamedError", "A-timeout-once", "A-UnnamedError-once"],
            id="names that match many errors",
        ),
        pytest.param(
            machine_of({"A": {**TASK, "TimeoutSeconds": 9, "HeartbeatSeconds": 2}}),
            ["A-UnnamedError", "A-timeout", "A-heartbeat-timeout"],
            id="a heartbeat",
        ),
        pytest.param(
            REFUND,
            [
                "Charge-Card.Declined",
                "Charge-UnnamedError",
                "Charge-timeout",
                "Refund-UnnamedError-after-Charge-Card.Declined",
                "Refund-timeout-after-Charge-Card.Declined",
                "Tell-UnnamedError-after-Refund-UnnamedError-after-Charge-Card.Declined",
                "Tell-timeout-after-Refund-UnnamedError-after-Charge-Card.Declined",
            ],
            id="tasks that only a Catch leads to",
        ),
        pytest.param(
            INNER,
            [
                "Right-timeout",
                "Right-UnnamedError",
                "Right2-UnnamedError-after-Right-timeout",
                "Right2-timeout-after-Right-timeout",
            ],
            id="tasks in a Map and a Parallel, with the catchers around them",
        ),
    ],
)
def test_a_definition_has_these_cases(definition: Any, expected: list[str]) -> None:
    assert names(definition) == expected


def test_the_tasks_may_be_chosen() -> None:
    assert names(ORDERS, tasks=["Save"]) == ["Save-UnnamedError", "Save-timeout"]


@pytest.mark.parametrize(
    ("definition", "arguments", "message"),
    [
        pytest.param(
            ORDERS,
            {"tasks": ["Charg"]},
            "failures: the machine 'machine' has no Task 'Charg'. Nearest: Charge, Save.",
            id="a task that there is not",
        ),
        pytest.param(
            ORDERS,
            {"tasks": "Charge"},
            "failures: tasks= takes a list of names of tasks, not 'Charge'.",
            id="a name that is no list",
        ),
        pytest.param(
            machine_of({"A": {"Type": "Pass"}}),
            {},
            "failures: the machine 'machine' has no Task, so nothing in it can be made to fail.",
            id="no task",
        ),
        pytest.param(
            5,
            {},
            "failures takes the path of a definition file or a dict, not 5. For a registered machine, call "
            "sfn_sync.failures(machine).",
            id="a number",
        ),
        pytest.param(
            {"StartAt": "A"},
            {},
            "failures: the definition of the machine 'machine' has faults, so its tasks can't be listed. Register it, "
            "or run pytest --sfn-validate, to see them.",
            id="a definition with faults",
        ),
    ],
)
def test_mistakes_are_usage_errors(definition: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(MockError) as refused:
        failures(definition, **arguments)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            None, "failures: there is no file 'orders.asl.json' in {folder}, which has no files.", id="no file"
        ),
        pytest.param("{", "failures: {path} can't be read: ", id="no JSON"),
        pytest.param(
            '{"Resources": {}}',
            "failures: {path} is no definition: it has no States, but these members: Resources. For a machine of a "
            "template, call sfn_sync.failures(machine) in the test.",
            id="a template",
        ),
        pytest.param(
            "[]",
            "failures: {path} is no definition: it has no States, but these members: none. For a machine of a "
            "template, call sfn_sync.failures(machine) in the test.",
            id="a list",
        ),
    ],
)
def test_a_file_that_is_no_definition_is_a_usage_error(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.asl.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(MockError) as refused:
        failures(path)

    assert str(refused.value).startswith(message.format(folder=tmp_path, path=path))


def test_a_path_counts_from_the_folder_of_the_caller_and_then_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "orders.asl.json").write_text(json.dumps(ORDERS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert failures("orders.asl.json")[0].machine == "orders"

    monkeypatch.chdir("/")
    code = compile("from pytest_sfn_sync import failures\ncases = failures('orders.asl.json')", "x", "exec")
    names: dict[str, Any] = {"__file__": str(tmp_path / "test_x.py")}
    exec(code, names)
    assert names["cases"][0].machine == "orders"

    names = {}
    monkeypatch.chdir(tmp_path)
    exec(code, names)
    assert len(names["cases"]) == 7


ENDS = {
    "Charge-Gateway.Busy": ("FAILED", "Gateway.Busy"),
    "Charge-Card.Declined": ("FAILED", "OrderDeclined"),
    "Charge-UnnamedError": ("FAILED", "UnnamedError"),
    "Charge-timeout": ("TIMED_OUT", None),
    "Charge-Gateway.Busy-once": ("SUCCEEDED", None),
    "Save-UnnamedError": ("FAILED", "UnnamedError"),
    "Save-timeout": ("TIMED_OUT", None),
}


@pytest.mark.parametrize("case", failures(ORDERS, {"amount": 5}, name="orders"))
def test_a_case_is_run_with_the_mocks_of_the_test(case: FailureCase) -> None:
    with SfnSync() as sfn:
        sfn.mock_task("Charge", returns={"receipt": "R-7"}, optional=True)
        sfn.mock_task("Save", returns={}, optional=True)
        execution = case.run(sfn)

        assert (execution.status, execution.error) == ENDS[case.name]
        assert execution.input == {"amount": 5}
        assert len(sfn.mocks) == 2


def test_a_case_has_its_name_as_its_id(request: pytest.FixtureRequest) -> None:
    case = failures(ORDERS)[1]
    assert (case.__name__, case.task, case.error) == ("Charge-Card.Declined", "Charge", "Card.Declined")


def test_a_case_runs_a_registered_machine_of_its_name_or_the_one_that_is_given() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", ORDERS)
        other = sfn.register("others", ORDERS)
        (case, *_), (same, *_) = sfn.failures(machine), sfn.failures("orders", {"amount": 5})
        assert case.run(sfn).machine is machine
        assert same.run(sfn, other).machine is other


def test_failures_lead_to_a_task_behind_a_catch() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", REFUND)
        sfn.mock_lambda("charge-card", returns={}, optional=True)
        case = next(case for case in sfn.failures(machine, tasks=["Tell"]) if case.error == "UnnamedError")
        execution = case.run(sfn)

    assert execution.path == ["Charge", "Refund", "Tell"]
    assert json.loads(execution.cause or "") == {
        "errorMessage": "raised by a failure case",
        "errorType": "UnnamedError",
    }


def test_a_case_that_does_not_take_place_fails_the_test() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("orders", INNER)
        case = sfn.failures(machine, [])[0]
        with pytest.raises(AssertionError) as failed:
            case.run(sfn)

    assert str(failed.value) == (
        "The failure case Right-timeout did not take place: with the input [] the machine 'orders' never calls the "
        "task 'Right'. It went Each -> End. Give failures() an input that leads to the task, or choose "
        "others with tasks=[...]."
    )


ASKING = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "https://q", "MessageBody": {"token.$": "$$.Task.Token"}},
            "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}],
            "End": True,
        }
    },
}


def test_a_case_whose_task_waits_for_an_answer_says_how_to_give_it() -> None:
    with SfnSync() as sfn:
        machine = sfn.register("asking", ASKING, type="STANDARD")
        sfn.mock_resource("sqs:sendMessage", returns={"MessageId": "m", "MD5OfMessageBody": "d"})
        case = next(case for case in sfn.failures(machine) if case.succeeds_after)
        with pytest.raises(AssertionError) as failed:
            case.run(sfn)
        assert str(failed.value) == (
            "The failure case Ask-Busy-once has not ended: the execution of 'asking' waits for the answer to 'Ask'. A "
            "mock of the resource answers the call alone. Give the result of the whole task before the case is run:\n"
            "    sfn_sync.mock_task('Ask', returns=...)"
        )
        sfn.mock_task("Ask", returns={"approved": True})
        case.run(sfn).assert_succeeded(output={"approved": True})


def test_a_case_is_run_by_a_fake() -> None:
    with pytest.raises(MockError) as refused:
        failures(ORDERS)[0].run("orders")  # type: ignore[arg-type]

    assert str(refused.value) == "FailureCase.run takes the fixture sfn_sync or an SfnSync, not 'orders'."


@pytest.mark.parametrize(("name", "path"), [("Ask-timeout", ["Ask"]), ("Ask-heartbeat-timeout", ["Ask", "Missed"])])
def test_a_task_with_a_heartbeat_times_out_in_two_ways(name: str, path: list[str]) -> None:
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "queue", "MessageBody.$": "$$.Task.Token"},
        "TimeoutSeconds": 9,
        "HeartbeatSeconds": 2,
        "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Missed"}],
        "End": True,
    }
    definition = {"StartAt": "Ask", "States": {"Ask": ask, "Missed": {"Type": "Succeed"}}}
    (case,) = (case for case in failures(definition, type="STANDARD") if case.name == name)
    with SfnSync() as sfn:
        assert case.run(sfn).path == path
