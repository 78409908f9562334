"""What a note says of an ARN that names no machine: which part of it differs, and what mends it."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.executions import recorders
from tests.diagrams.orders import execute
from tests.machines import PASS, machine_of
from tests.service.answering import Answering

ORDERS = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
LISTED = f"Registered, nearest first:\n  {ORDERS} (EXPRESS, :1, :live)"
DIFFERS = "A machine named 'orders' is registered, but its ARN differs:\n"


def option(name: str, value: str) -> str:
    return (
        f"Write {name}={value!r} in register(...), SfnSync(...) or @pytest.mark.sfn_sync(...), "
        f"or sfn_sync_{name} = {value} in the ini file."
    )


@pytest.fixture
def answering() -> Answering:
    answering = Answering()
    machine = answering.registry.register("orders", PASS)
    machine.create_alias("live", machine.publish_version())
    return answering


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        pytest.param(
            ORDERS.replace("us-east-1", "eu-west-1"),
            f"{DIFFERS}  region      it has 'us-east-1', and the call 'eu-west-1'. {option('region', 'eu-west-1')}",
            id="another region",
        ),
        pytest.param(
            ORDERS.replace("123456789012", "111122223333"),
            f"{DIFFERS}  account id  it has '123456789012', and the call '111122223333'. "
            f"{option('account_id', '111122223333')}",
            id="another account",
        ),
        pytest.param(
            ORDERS.replace("123456789012", ""),
            f"{DIFFERS}  account id  it has '123456789012', and the call ''. Complete the ARN of the call.",
            id="no account",
        ),
        pytest.param(
            "arn:aws:states:eu-west-1:111122223333:stateMachine:orders",
            f"{DIFFERS}  region      it has 'us-east-1', and the call 'eu-west-1'. {option('region', 'eu-west-1')}\n"
            f"  account id  it has '123456789012', and the call '111122223333'. "
            f"{option('account_id', '111122223333')}",
            id="another region and another account",
        ),
        pytest.param(
            ORDERS.replace("arn:aws:", "arn:aws-cn:"),
            f"{DIFFERS}  partition   it has 'aws', and the call 'aws-cn'. "
            "Regions like 'us-east-1' are in 'aws': correct the ARN of the call.",
            id="a partition to which the region does not belong",
        ),
        pytest.param(
            "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:orders",
            f"{DIFFERS}  region      it has 'us-east-1', and the call 'cn-north-1'. {option('region', 'cn-north-1')}",
            id="the partition follows from another region",
        ),
        pytest.param(
            f"{ORDERS}:2",
            "The machine 'orders' has no version 2 (published: 1). publish_version() of the machine publishes one.",
            id="a version that does not exist",
        ),
        pytest.param(
            f"{ORDERS}:lvie",
            "The machine 'orders' has no alias 'lvie' (created: live). Did you mean 'live'? "
            "create_alias('lvie', machine.publish_version()) creates it.",
            id="an alias that does not exist",
        ),
        pytest.param(
            f"{ORDERS}:1:2", "An ARN has one version or alias at most, and this one has '1:2'.", id="two qualifiers"
        ),
        pytest.param(f"{ORDERS}z", "No machine is named 'ordersz'. Did you mean 'orders'?", id="a near name"),
        pytest.param(
            ORDERS.replace("orders", "Orders"), "No machine is named 'Orders'. Did you mean 'orders'?", id="capitals"
        ),
        pytest.param(f"{ORDERS}\n", r"The name has white space around it: 'orders\n'.", id="a line break"),
        pytest.param(
            ORDERS.replace("orders", "xyz"), "No machine is named 'xyz'.", id="a name that is like no other name"
        ),
    ],
)
def test_the_part_of_the_arn_that_differs_is_named(answering: Answering, arn: str, why: str) -> None:
    answer = answering.call(stateMachineArn=arn)

    assert answer.body == {"__type": "StateMachineDoesNotExist", "message": f"State Machine Does Not Exist: '{arn}'"}
    assert answering.service.notes == [f"StateMachineDoesNotExist was answered for {arn!r}.\n{why}\n{LISTED}"]


IS_ORDERS = f"The ARN of the machine 'orders' is '{ORDERS}'."
PASS_AN_ARN = "Pass the attribute arn of a machine that register(...) returned."


@pytest.mark.parametrize(
    ("arn", "what", "instead"),
    [
        pytest.param("orders", "it is not an ARN, and StartSyncExecution takes no names", IS_ORDERS, id="a name"),
        pytest.param(
            "nonsense", "it is not an ARN, and StartSyncExecution takes no names", PASS_AN_ARN, id="an unknown name"
        ),
        pytest.param(
            ORDERS.replace("stateMachine", "express") + ":a:b",
            "it is the ARN of an execution, not of a state machine",
            IS_ORDERS,
            id="the ARN of an Express execution",
        ),
        pytest.param(
            ORDERS.replace("stateMachine", "execution") + ":a",
            "it is the ARN of an execution, not of a state machine",
            IS_ORDERS,
            id="the ARN of an execution",
        ),
        pytest.param(
            ORDERS.replace("stateMachine", "statemachine"),
            "its resource type is 'statemachine', and that of a state machine is 'stateMachine'",
            IS_ORDERS,
            id="another resource type",
        ),
        pytest.param(
            "arn:aws:lambda:us-east-1:123456789012:function:charge",
            "it is the ARN of something in another service, 'lambda'",
            PASS_AN_ARN,
            id="the ARN of a function",
        ),
        pytest.param("${OrdersArn}", "it has a placeholder that was not filled in", PASS_AN_ARN, id="a placeholder"),
        pytest.param(f"'{ORDERS}'", "it has white space or quotation marks around it", IS_ORDERS, id="in quotes"),
        pytest.param(
            ORDERS.removesuffix("orders"), "it is an ARN without the name of a machine", PASS_AN_ARN, id="no name"
        ),
    ],
)
def test_what_is_no_arn_of_a_machine(answering: Answering, arn: str, what: str, instead: str) -> None:
    assert answering.call(stateMachineArn=arn).body["__type"] == "InvalidArn"

    assert answering.service.notes == [f"InvalidArn was answered for {arn!r}: {what}.\n{instead}\n{LISTED}"]


def test_without_machines_a_note_says_how_to_get_an_arn() -> None:
    answering = Answering()
    answering.call(stateMachineArn="orders")

    assert answering.service.notes == [
        "InvalidArn was answered for 'orders': it is not an ARN, and StartSyncExecution takes no names.\n"
        "Pass the ARN of a machine: register(name, definition).arn."
    ]


def test_a_machine_of_the_same_name_comes_before_one_whose_arn_is_more_alike() -> None:
    answering = Answering()
    answering.arn("orders-2")
    here = answering.arn("orders", region="eu-central-1", account_id="111122223333")

    answering.call(stateMachineArn=ORDERS)

    assert answering.service.notes[0].splitlines()[-3:] == [
        "Registered, nearest first:",
        f"  {here} (EXPRESS)",
        f"  {ORDERS}-2 (EXPRESS)",
    ]


def test_many_machines_are_not_all_listed() -> None:
    answering = Answering()
    for number in range(7):
        answering.arn(f"machine-{number}")
    answering.call(stateMachineArn=ORDERS)

    assert answering.service.notes[0].endswith("\n  and 2 more")


def test_the_same_call_leaves_one_note(answering: Answering) -> None:
    for _ in range(3):
        answering.call(stateMachineArn=f"{ORDERS}z")

    assert len(answering.service.notes) == 1


@pytest.mark.parametrize(
    ("resource", "arn", "code"),
    [
        pytest.param("aws-sdk:sfn:startSyncExecution", f"{ORDERS}z", "StateMachineDoesNotExist", id="SDK"),
        pytest.param("states:startExecution", f"{ORDERS}z", "StateMachineDoesNotExist", id="optimized"),
        pytest.param("aws-sdk:sfn:startSyncExecution", "orders", "InvalidArn", id="a name"),
    ],
)
def test_a_task_that_starts_an_unknown_machine_leaves_a_note(resource: str, arn: str, code: str) -> None:
    parameters: dict[str, Any] = {"StateMachineArn": arn, "Input": "{}"}
    start = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters}
    with SfnSync() as sfn:
        execution = execute(sfn, machine_of({"Start": start}))

        assert execution.status == "FAILED"
        assert sfn.notes[-1].startswith(f"{code} was answered for {arn!r}, called by the state 'Start'")


def test_notes_of_all_fakes_are_kept_for_the_report_of_a_test() -> None:
    recorders.clear()
    for name in ("first", "second", "second"):
        with SfnSync() as sfn:
            sfn.register("orders", PASS)
            client = sfn.client()
            with pytest.raises(client.exceptions.StateMachineDoesNotExist):
                client.start_sync_execution(stateMachineArn=ORDERS.replace("orders", name))

    assert [note.splitlines()[1] for note in recorders.recent_notes] == [
        "No machine is named 'first'.",
        "No machine is named 'second'.",
    ]
    recorders.clear()
    assert not recorders.recent_notes
