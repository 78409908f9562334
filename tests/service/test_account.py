"""What a client sees of an account: its own region, and what the fakes around the innermost one have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from tests.service.conftest import NOON
from tests.service.scenes import PASS, PREFIX, ROLE, created, members, refused, started, task

ORDERS = f"{PREFIX}:stateMachine:orders"
IRISH = PREFIX.replace("us-east-1", "eu-west-1")
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
CALLS_FOR_ONE_THING: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("start_sync_execution", "stateMachineArn", {}, "StateMachineDoesNotExist", "express"),
    ("start_execution", "stateMachineArn", {}, "StateMachineDoesNotExist", "machine"),
    ("describe_state_machine", "stateMachineArn", {}, "StateMachineDoesNotExist", "machine"),
    ("update_state_machine", "stateMachineArn", {"roleArn": ROLE}, "StateMachineDoesNotExist", "machine"),
    ("list_executions", "stateMachineArn", {}, "StateMachineDoesNotExist", "machine"),
    ("describe_execution", "executionArn", {}, "ExecutionDoesNotExist", "execution"),
    ("stop_execution", "executionArn", {}, "ExecutionDoesNotExist", "execution"),
    ("describe_activity", "activityArn", {}, "ActivityDoesNotExist", "activity"),
    ("tag_resource", "resourceArn", {"tags": [{"key": "a", "value": "b"}]}, "ResourceNotFound", "machine"),
    ("list_tags_for_resource", "resourceArn", {}, "ResourceNotFound", "activity"),
]
"""Operation, member for the ARN, other members, the error for an unknown one, and what the ARN is of."""


@pytest.fixture
def irish(sfn: SfnSync) -> Any:
    """A client of another region than the fake's."""
    return sfn.client(region_name="eu-west-1")


@pytest.fixture
def inner(sfn: SfnSync) -> Iterator[SfnSync]:
    """A fake within the one of `client`, which answers now."""
    with SfnSync(account_id="111111111111", start_time=NOON, seed=2) as inner:
        yield inner


@pytest.mark.parametrize(("operation", "member", "others", "code", "of"), CALLS_FOR_ONE_THING)
def test_a_client_finds_nothing_of_another_region(
    sfn: SfnSync, client: Any, irish: Any, operation: str, member: str, others: dict[str, Any], code: str, of: str
) -> None:
    machine = created(client)
    arn = {
        "machine": machine,
        "execution": started(client, machine),
        "activity": client.create_activity(name="pack")["activityArn"],
        "express": sfn.register("quick", PASS).arn,
    }[of]
    with refused(code):
        getattr(irish, operation)(**{member: arn}, **others)
    assert sfn.notes == [
        f"'{arn}' was not found: it is in 'us-east-1', and the client that called is one of 'eu-west-1'.\n"
        "As on AWS, a client finds what is in its own region only.\n"
        "  the client   Make it with region_name='us-east-1'.\n"
        "  the machine  Write region='eu-west-1' in register(...), SfnSync(...) or @pytest.mark.sfn_sync(...), or "
        "sfn_sync_region = eu-west-1 in the ini file."
    ]
    getattr(client, operation)(**{member: arn}, **others)


def test_what_a_client_creates_and_lists_is_in_its_region(client: Any, irish: Any) -> None:
    created(client)
    assert created(irish) == f"{IRISH}:stateMachine:orders"
    started(irish, f"{IRISH}:stateMachine:orders", name="first")
    assert irish.create_activity(name="pack")["activityArn"] == f"{IRISH}:activity:pack"
    client.create_activity(name="pack")
    for one, prefix in ((client, PREFIX), (irish, IRISH)):
        machines = one.list_state_machines()["stateMachines"]
        assert [found["stateMachineArn"] for found in machines] == [f"{prefix}:stateMachine:orders"]
        assert [found["activityArn"] for found in one.list_activities()["activities"]] == [f"{prefix}:activity:pack"]
    executions = irish.list_executions(stateMachineArn=f"{IRISH}:stateMachine:orders")["executions"]
    assert [found["executionArn"] for found in executions] == [f"{IRISH}:execution:orders:first"]
    assert irish.describe_execution(executionArn=f"{IRISH}:execution:orders:first")["status"] == "SUCCEEDED"


def test_deleting_in_another_region_deletes_nothing(client: Any, irish: Any) -> None:
    machine, activity = created(client), client.create_activity(name="pack")["activityArn"]
    irish.delete_state_machine(stateMachineArn=machine)
    irish.delete_activity(activityArn=activity)
    assert client.describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"
    assert client.describe_activity(activityArn=activity)["name"] == "pack"


def test_a_machine_of_the_outer_fake_is_deleted_there(sfn: SfnSync, client: Any, inner: SfnSync) -> None:
    sfn.register("orders", PASS, type="STANDARD")
    client.delete_state_machine(stateMachineArn=ORDERS)
    with refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{ORDERS}'"):
        client.start_execution(stateMachineArn=ORDERS)
    assert sfn.machines == []


def test_a_machine_of_the_outer_fake_is_updated_there(sfn: SfnSync, client: Any, inner: SfnSync) -> None:
    sfn.register("orders", PASS, type="STANDARD")
    client.update_state_machine(stateMachineArn=ORDERS, definition=json.dumps(WAIT), publish=True)
    client.tag_resource(resourceArn=ORDERS, tags=[{"key": "team", "value": "shop"}])
    assert inner.machines == []
    (machine,) = sfn.machines
    assert (machine.definition, machine.revisions.tags) == (WAIT, {"team": "shop"})
    assert machine.versions[1].machine is machine


def test_an_activity_of_the_outer_fake_is_tagged_and_deleted_there(sfn: SfnSync, client: Any) -> None:
    arn = client.create_activity(name="pack")["activityArn"]
    with SfnSync(account_id="111111111111", start_time=NOON):
        client.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "shop"}])
        assert [found["activityArn"] for found in client.list_activities()["activities"]] == [arn]
        assert client.create_activity(name="pack")["activityArn"] == arn
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "shop"}]
    with SfnSync(account_id="111111111111", start_time=NOON):
        client.delete_activity(activityArn=arn)
    with refused("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'"):
        client.describe_activity(activityArn=arn)


def test_the_name_of_an_execution_in_the_outer_fake_is_used(sfn: SfnSync, client: Any) -> None:
    machine = created(client)
    execution = started(client, machine, name="first")
    with SfnSync(account_id="111111111111", start_time=NOON) as inner:
        with refused("ExecutionAlreadyExists", f"Execution Already Exists: '{execution}'"):
            client.start_execution(stateMachineArn=machine, name="first")
        second = started(client, machine, name="second")
        assert [found.arn for found in inner.executions] == [second]
        found = client.list_executions(stateMachineArn=machine)["executions"]
        assert sorted(one["name"] for one in found) == ["first", "second"]
    with refused("ExecutionDoesNotExist", f"Execution Does Not Exist: '{second}'"):
        client.describe_execution(executionArn=second)


def test_an_execution_of_the_outer_fake_is_redriven_there(sfn: SfnSync, client: Any) -> None:
    sfn.mock_lambda("a", responses=[TaskError("Broken"), {"done": True}])
    execution = started(client, created(client, definition={"StartAt": "Call", "States": {"Call": task("a")}}))
    with SfnSync(account_id="111111111111", start_time=NOON) as inner:
        client.redrive_execution(executionArn=execution)
        assert client.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
        assert inner.executions == []
    assert [found.status for found in sfn.executions] == ["SUCCEEDED"]
    assert client.describe_execution(executionArn=execution)["redriveCount"] == 1


def test_an_execution_of_the_outer_fake_is_stopped_there(sfn: SfnSync, client: Any) -> None:
    def stop(event: Any) -> dict[str, Any]:
        with SfnSync(account_id="111111111111", start_time=NOON):
            client.stop_execution(executionArn=f"{PREFIX}:execution:orders:one", error="Enough")
        return {}

    sfn.mock_lambda("a", calls=stop)
    machine = created(client, definition={"StartAt": "Call", "States": {"Call": task("a")}})
    execution = started(client, machine, name="one")
    assert client.describe_execution(executionArn=execution)["error"] == "Enough"


def test_a_machine_of_the_outer_fake_is_deleting_while_an_execution_of_the_inner_one_runs(
    sfn: SfnSync, client: Any
) -> None:
    machine = created(client, definition={"StartAt": "Call", "States": {"Call": task("a")}})
    seen: list[str] = []

    def delete(event: Any) -> dict[str, Any]:
        client.delete_state_machine(stateMachineArn=machine)
        seen.append(client.describe_state_machine(stateMachineArn=machine)["status"])
        return {}

    with SfnSync(account_id="111111111111", start_time=NOON) as inner:
        inner.mock_lambda("a", calls=delete)
        started(client, machine)
        assert seen == ["DELETING"]
        with refused("StateMachineDoesNotExist"):
            client.describe_state_machine(stateMachineArn=machine)
    assert sfn.machines == []


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda client, arn: client.delete_state_machine(stateMachineArn=arn), id="DeleteStateMachine"),
        pytest.param(lambda client, arn: client.start_execution(stateMachineArn=arn), id="StartExecution"),
        pytest.param(lambda client, arn: client.describe_state_machine(stateMachineArn=arn), id="DescribeStateMachine"),
        pytest.param(
            lambda client, arn: client.update_state_machine(stateMachineArn=arn, roleArn=ROLE), id="UpdateStateMachine"
        ),
    ],
)
def test_the_arn_of_a_map_state_is_refused(client: Any, call: Callable[[Any, str], object]) -> None:
    created(client)
    with refused("ValidationException", f"The ARN of a Map state is not valid in this context: '{ORDERS}/label'"):
        call(client, f"{ORDERS}/label")


@pytest.mark.parametrize("qualifier", ["1", "live"])
def test_a_machine_is_not_deleted_by_the_arn_of_a_version_or_an_alias(client: Any, qualifier: str) -> None:
    created(client, publish=True)
    text = f"The ARN of a version or an alias is not valid in this context: '{ORDERS}:{qualifier}'"
    with refused("ValidationException", text):
        client.delete_state_machine(stateMachineArn=f"{ORDERS}:{qualifier}")
    assert client.describe_state_machine(stateMachineArn=ORDERS)["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("operation", "member", "qualifier"),
    [
        pytest.param("delete_state_machine_alias", "stateMachineAliasArn", "", id="an alias by the machine"),
        pytest.param("delete_state_machine_alias", "stateMachineAliasArn", ":1", id="an alias by a version"),
        pytest.param("delete_state_machine_version", "stateMachineVersionArn", "", id="a version by the machine"),
        pytest.param("delete_state_machine_version", "stateMachineVersionArn", ":live", id="a version by an alias"),
    ],
)
def test_another_arn_than_that_of_what_is_deleted_is_refused(
    client: Any, operation: str, member: str, qualifier: str
) -> None:
    created(client, publish=True)
    with refused("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: stateMachine'"):
        getattr(client, operation)(**{member: f"{ORDERS}{qualifier}"})


def test_a_version_of_an_unknown_machine_can_be_deleted(client: Any) -> None:
    assert members(client.delete_state_machine_version(stateMachineVersionArn=f"{ORDERS}:1")) == {}


@pytest.mark.parametrize(
    "arn", ["rubbish", "arn:aws:logs:us-east-1:111111111111:log-group:orders", f"{ORDERS}:*", None]
)
def test_logs_go_to_a_log_group(client: Any, arn: str | None) -> None:
    destination = {} if arn is None else {"logGroupArn": arn}
    logging = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": destination}]}
    text = f"Invalid Logging Configuration: Log Destination must be the ARN of a log group that ends with ':*': {arn}"
    with refused("InvalidLoggingConfiguration", text):
        created(client, loggingConfiguration=logging)
    created(client)
    with refused("InvalidLoggingConfiguration", text):
        client.update_state_machine(stateMachineArn=ORDERS, loggingConfiguration=logging)
