"""Nested fakes: the inner one answers, and uses what the fakes around it have after its own."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from weakref import ref

import boto3
import pytest

from pytest_sfn_sync import DefinitionError, MockError, SfnSync, SfnSyncUsageError, TaskError, UnmockedTaskError
from pytest_sfn_sync.fake import layers
from tests.machines import CHARGE, CHARGE_ARN, PASS, machine_of

GET_ITEM = machine_of(
    {
        "Read": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}},
        }
    }
)
SAVED: dict[str, Any] = {"Item": {"id": {"S": "mocked"}}}
TEMPLATE = """
Resources:
  ChargeFunction:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: charge-v2, Handler: charge.handler}
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Name: orders
      Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: !GetAtt ChargeFunction.Arn, End: true}}}
"""

BROKEN = """
  Broken:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Name: broken
      Definition: {StartAt: Charge, States: {Charge: {Type: Pass, Nxet: Ship}}}
"""


@pytest.fixture
def outer() -> Iterator[SfnSync]:
    with SfnSync() as sfn:
        yield sfn


@pytest.fixture
def inner(outer: SfnSync) -> Iterator[SfnSync]:
    with SfnSync() as sfn:
        yield sfn


def start(sfn: SfnSync, arn: str, document: Any = None) -> Any:
    """Start an execution; return its output, or its error."""
    response = sfn.client().start_sync_execution(stateMachineArn=arn, input=json.dumps(document or {}))
    return json.loads(response["output"]) if response["status"] == "SUCCEEDED" else response["error"]


def test_machines_and_mocks_of_an_outer_fake_are_used(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    charge = outer.mock_lambda("charge-card", returns={"by": "outer"})

    assert start(inner, machine.arn, {"amount": 5}) == {"by": "outer"}

    charge.assert_called_once_with({"amount": 5})
    assert (len(inner.executions), outer.executions) == (1, [])
    assert inner.last_execution.calls == charge.calls
    assert (inner.machines, inner.mocks) == ([], [])


def test_what_is_registered_later_in_an_outer_fake_is_seen_too(outer: SfnSync, inner: SfnSync) -> None:
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
    with pytest.raises(inner.client().exceptions.StateMachineDoesNotExist):
        start(inner, arn)
    outer.register("orders", PASS)
    assert start(inner, arn) == {"greeting": "hello"}


def test_a_machine_hides_that_of_an_outer_fake_with_its_versions(outer: SfnSync, inner: SfnSync) -> None:
    older = outer.register("orders", PASS)
    version = older.publish_version()
    assert start(inner, version) == {"greeting": "hello"}
    inner.register("orders", machine_of({"Other": {"Type": "Pass", "Result": {"greeting": "good day"}}}))
    assert start(inner, older.arn) == {"greeting": "good day"}
    with pytest.raises(inner.client().exceptions.StateMachineDoesNotExist):
        start(inner, version)


def mock_by_state(sfn: SfnSync, by: str, **arguments: Any) -> Any:
    return sfn.mock_task("Charge", returns={"by": by}, **arguments)


def mock_by_function(sfn: SfnSync, by: str, **arguments: Any) -> Any:
    return sfn.mock_lambda("charge-card", returns={"by": by}, **arguments)


def mock_by_resource(sfn: SfnSync, by: str, **arguments: Any) -> Any:
    return sfn.mock_resource(CHARGE_ARN, returns={"by": by}, **arguments)


MOCKS = [
    pytest.param(mock_by_state, id="of a state"),
    pytest.param(mock_by_function, id="of a function"),
    pytest.param(mock_by_resource, id="of a resource"),
]


@pytest.mark.parametrize("of_outer", MOCKS)
@pytest.mark.parametrize("of_inner", MOCKS)
def test_an_inner_mock_comes_first_however_specific_the_outer_one_is(
    outer: SfnSync, inner: SfnSync, of_inner: Callable[..., Any], of_outer: Callable[..., Any]
) -> None:
    machine = outer.register("orders", CHARGE)
    of_outer(outer, "outer")
    of_inner(inner, "inner")
    assert start(inner, machine.arn) == {"by": "inner"}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"returns": {"by": "inner"}, "when": {"amount": 7}}, id="it does not accept the payload"),
        pytest.param({"returns": {"by": "inner"}, "times": 1}, id="it is used up"),
        pytest.param({"responses": [{"by": "inner"}]}, id="its responses have run out"),
    ],
)
def test_an_outer_mock_answers_what_the_inner_one_does_not(
    outer: SfnSync, inner: SfnSync, arguments: dict[str, Any]
) -> None:
    machine = outer.register("orders", CHARGE)
    mock_by_function(outer, "outer")
    inner.mock_lambda("charge-card", **arguments)
    start(inner, machine.arn, {"amount": 7})
    assert start(inner, machine.arn, {"amount": 5}) == {"by": "outer"}


def test_responses_that_have_run_out_are_reported_if_no_outer_mock_answers(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    mock_by_function(outer, "outer", when={"amount": 7})
    inner.mock_lambda("charge-card", responses=[{"by": "inner"}])
    start(inner, machine.arn)
    with pytest.raises(MockError, match=r"^mock_lambda\('charge-card'\) has run out of responses: it was given 1"):
        start(inner, machine.arn)
    inner.usage_errors.clear()


def test_the_times_of_an_outer_mock_are_counted_over_all_fakes(outer: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    charge = outer.mock_lambda("charge-card", responses=[TaskError("Card.Declined"), {"receipt": 1}, {"receipt": 2}])
    with SfnSync() as first:
        assert start(first, machine.arn) == "Card.Declined"
    with SfnSync() as second:
        assert start(second, machine.arn) == {"receipt": 1}
    assert start(outer, machine.arn) == {"receipt": 2}
    assert charge.call_count == 3


def test_an_outer_mock_that_an_inner_fake_called_was_used() -> None:
    with SfnSync(assert_all_mocks_used=True) as outer:
        machine = outer.register("orders", CHARGE)
        outer.mock_lambda("charge-card", returns={})
        with SfnSync(assert_all_mocks_used=True) as inner:
            start(inner, machine.arn)


def test_the_message_for_an_unmocked_task_has_the_mocks_of_all_fakes(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    outer.mock_lambda("charge-crad", returns={})
    inner.mock_task("Ship", returns={}, optional=True)
    with pytest.raises(UnmockedTaskError) as unmocked:
        start(inner, machine.arn)
    assert (
        "The mocks there are, nearest first:\n"
        "  mock_lambda('charge-crad'): for another function\n"
        "  mock_task('Ship'): for another state\n"
    ) in str(unmocked.value)
    assert (inner.usage_errors, outer.usage_errors) == ([unmocked.value], [])
    inner.usage_errors.clear()


def test_mocks_name_functions_by_the_logical_ids_of_an_outer_template(outer: SfnSync, tmp_path: Any) -> None:
    pytest.importorskip("yaml")
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    with SfnSync() as inner:
        machine = inner.register("orders", machine_of({"Charge": {"Type": "Task", "Resource": f"{CHARGE_ARN[:-4]}v2"}}))
        inner.mock_lambda("charge-v2", returns={"by": "name"}, when={"amount": 7})
        charge = inner.mock_lambda("ChargeFunction", returns={"by": "logical id"})
        with pytest.raises(UnmockedTaskError):
            start(inner, machine.arn)
        inner.usage_errors.clear()

        template = outer.load_template(path)  # after the call, so the choice of mocks has to be made anew

        assert start(inner, template["Orders"].arn) == {"by": "logical id"}
        charge.assert_called_once()


def test_an_injected_error_of_an_outer_fake_comes_after_the_inner_ones(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("greeting", PASS)
    outer.inject_error("StateMachineDeleting")
    inner.inject_error("InvalidName")
    for code in ("InvalidName", "StateMachineDeleting"):
        with inner.raises(code):
            start(inner, machine.arn)
    assert start(inner, machine.arn) == {"greeting": "hello"}


def test_clients_of_an_inner_fake_come_before_mocks_of_an_outer_one(
    outer: SfnSync, monkeypatch: pytest.MonkeyPatch
) -> None:
    moto = pytest.importorskip("moto")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with moto.mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        dynamodb.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}, "by": {"S": "moto"}})
        machine = outer.register("read", GET_ITEM)
        outer.mock_resource("dynamodb:getItem", returns=SAVED)
        with SfnSync() as inner:
            assert start(inner, machine.arn)["Item"] == SAVED["Item"]
            inner.use_client("dynamodb", dynamodb)
            assert start(inner, machine.arn)["Item"] == {"id": {"S": "1"}, "by": {"S": "moto"}}
        with SfnSync() as inner:
            inner.mock_resource("dynamodb:getItem", returns={"Item": {"id": {"S": "inner"}}})
            assert start(inner, machine.arn)["Item"] == {"id": {"S": "inner"}}


def test_a_nested_workflow_is_found_in_an_outer_fake(outer: SfnSync, inner: SfnSync) -> None:
    child = outer.register("child", PASS)
    nested = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
        "Parameters": {"StateMachineArn": child.arn, "Input": {}},
        "OutputPath": "$.Output",
    }
    parent = inner.register("parent", machine_of({"Nest": nested}))
    assert json.loads(start(inner, parent.arn)) == {"greeting": "hello"}
    assert [execution.machine.name for execution in inner.executions] == ["child", "parent"]
    assert outer.executions == []


MOCK_CONFIG = {
    "StateMachines": {"orders": {"TestCases": {"Happy": {"Charge": "Paid"}, "Sad": {"Charge": "Declined"}}}},
    "MockedResponses": {
        "Paid": {"0": {"Return": {"by": "config"}}},
        "Declined": {"0": {"Throw": {"Error": "Card.Declined", "Cause": "no"}}},
    },
}


def test_a_mock_config_of_an_outer_fake_answers(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    outer.use_mock_config(MOCK_CONFIG, "Happy")
    assert start(inner, machine.arn) == {"by": "config"}
    assert start(inner, f"{machine.arn}#Sad") == "Card.Declined"
    mock_by_function(inner, "inner")
    assert start(inner, machine.arn) == {"by": "inner"}


def test_a_case_of_an_outer_mock_config_is_chosen_for_the_inner_fake_only(outer: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    outer.use_mock_config(MOCK_CONFIG, "Happy")
    with SfnSync() as inner:
        inner.use_mock_config(case="Sad")
        assert start(inner, machine.arn) == "Card.Declined"
    assert start(outer, machine.arn) == {"by": "config"}


def test_a_case_that_no_config_has_is_reported(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    outer.use_mock_config(MOCK_CONFIG)
    with pytest.raises(MockError, match="has no test case 'Hapy' for the state machine 'orders'"):
        start(inner, f"{machine.arn}#Hapy")
    inner.usage_errors.clear()


def test_a_broken_machine_of_an_outer_template_is_reported_when_it_is_used(
    outer: SfnSync, inner: SfnSync, tmp_path: Any
) -> None:
    pytest.importorskip("yaml")
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE + BROKEN, encoding="utf-8")
    outer.load_template(path)
    with pytest.raises(DefinitionError, match="stateMachine:broken was not registered"):
        start(inner, "arn:aws:states:us-east-1:123456789012:stateMachine:broken")
    inner.usage_errors.clear()


def test_a_hint_for_an_unknown_machine_has_the_machines_of_all_fakes(outer: SfnSync, inner: SfnSync) -> None:
    outer.register("orders", PASS)
    inner.register("refunds", PASS)
    with pytest.raises(inner.client().exceptions.StateMachineDoesNotExist):
        start(inner, "arn:aws:states:us-east-1:123456789012:stateMachine:ordres")
    (note,) = inner.notes
    assert note.index("stateMachine:orders ") < note.index("stateMachine:refunds ")


def test_reset_leaves_the_outer_fake_as_it_is(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", CHARGE)
    mock_by_function(outer, "outer")
    mock_by_function(inner, "inner")
    inner.reset()
    assert start(inner, machine.arn) == {"by": "outer"}


def test_three_fakes_are_asked_from_the_inside_out() -> None:
    with SfnSync() as first, SfnSync() as second, SfnSync() as third:
        machine = first.register("orders", CHARGE)
        mock_by_function(first, "first")
        assert start(third, machine.arn) == {"by": "first"}
        mock_by_resource(second, "second")
        assert start(third, machine.arn) == {"by": "second"}


def test_a_fake_that_ends_before_an_inner_one_is_seen_no_longer() -> None:
    first, second, third = SfnSync(), SfnSync(), SfnSync()
    for sfn in (first, second, third):
        sfn.__enter__()
    machine = first.register("orders", CHARGE)
    mock_by_function(first, "first")
    mock_by_function(second, "second")
    assert start(third, machine.arn) == {"by": "second"}
    second.__exit__(None, None, None)
    assert start(third, machine.arn) == {"by": "first"}
    third.__exit__(None, None, None)
    assert start(first, machine.arn) == {"by": "first"}
    first.__exit__(None, None, None)
    assert layers.entered() == []


def test_two_threads_remove_their_own_fakes() -> None:
    both_entered, first_left = threading.Barrier(2), threading.Event()
    outcomes: list[object] = []

    def run(name: str, leaves_first: bool) -> None:
        with SfnSync() as sfn:
            both_entered.wait()
            if not leaves_first:
                first_left.wait()
                outcomes.append(start(sfn, sfn.register(name, PASS).arn))
        if leaves_first:
            first_left.set()

    threads = [threading.Thread(target=run, args=(name, name == "a")) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes, layers.entered()) == ([{"greeting": "hello"}], [])


def test_a_fake_that_has_ended_is_kept_by_no_other(outer: SfnSync) -> None:
    inner = SfnSync()
    with inner:
        start(inner, outer.register("greeting", PASS).arn)
    gone = ref(inner)
    del inner
    gc.collect()
    assert gone() is None


def test_an_ended_fake_is_told_apart_from_one_that_is_open(outer: SfnSync) -> None:
    inner = SfnSync()
    with inner:
        pass
    with pytest.raises(SfnSyncUsageError, match="whose with block has ended"):
        inner.register("greeting", PASS)
    outer.register("greeting", PASS)


def test_executions_and_activities_of_an_outer_fake_are_found(outer: SfnSync, inner: SfnSync) -> None:
    machine = outer.register("orders", PASS, type="STANDARD")
    client = inner.client()
    with SfnSync():
        pass
    execution = machine.run({"amount": 5}, name="first")

    assert client.describe_execution(executionArn=execution.arn)["status"] == "SUCCEEDED"
    listed = client.list_executions(stateMachineArn=machine.arn)["executions"]
    assert [one["name"] for one in listed] == ["first"]
    assert (outer.executions, inner.executions) == ([execution], [])
