"""Versions and aliases of machines, and executions that start through them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.service.conftest import NOON
from tests.service.scenes import PASS, PREFIX, ROLE, created, members, refused, started

MACHINE = f"{PREFIX}:stateMachine:orders"
ALIAS = f"{MACHINE}:live"
NOT_FOUND = "Request references a resource that does not exist."
INVALID = "Invalid routing configuration: "


def numbered(number: int) -> dict[str, Any]:
    """Return a machine whose output is a number."""
    return {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "Result": number, "End": True}}}


def publish(client: Any, **arguments: Any) -> str:
    response = client.publish_state_machine_version(stateMachineArn=MACHINE, **arguments)
    return str(response["stateMachineVersionArn"])


def update(client: Any, number: int, **arguments: Any) -> dict[str, Any]:
    definition = json.dumps(numbered(number))
    return members(client.update_state_machine(stateMachineArn=MACHINE, definition=definition, **arguments))


def with_versions(client: Any, count: int) -> None:
    """Create a machine with versions 1 to ``count``; each returns its number."""
    created(client, definition=numbered(1), publish=True)
    for number in range(2, count + 1):
        update(client, number, publish=True)


def numbers(client: Any) -> list[int]:
    listed = client.list_state_machine_versions(stateMachineArn=MACHINE)["stateMachineVersions"]
    return [int(item["stateMachineVersionArn"].rpartition(":")[2]) for item in listed]


def routing(*weights: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"stateMachineVersionArn": f"{MACHINE}:{number}", "weight": weight} for number, weight in weights]


def alias(client: Any, *weights: tuple[int, int], name: str = "live", **arguments: Any) -> dict[str, Any]:
    return members(client.create_state_machine_alias(name=name, routingConfiguration=routing(*weights), **arguments))


def test_versions_count_from_one_and_are_listed_newest_first(client: Any) -> None:
    with_versions(client, 3)
    assert numbers(client) == [3, 2, 1]


def test_publishing_a_revision_again_returns_its_version(client: Any) -> None:
    created(client)
    assert publish(client) == publish(client, description="other") == f"{MACHINE}:1"
    assert numbers(client) == [1]


def test_the_number_of_a_deleted_version_is_never_used_again(client: Any) -> None:
    with_versions(client, 2)
    client.delete_state_machine_version(stateMachineVersionArn=f"{MACHINE}:2")
    assert publish(client) == f"{MACHINE}:3"
    assert numbers(client) == [3, 1]


def test_an_alias_of_two_versions_is_described_with_the_definition_of_the_version_that_is_named(client: Any) -> None:
    with_versions(client, 2)
    alias(client, (1, 50), (2, 50))
    described = [client.describe_state_machine(stateMachineArn=ALIAS) for _ in range(20)]
    found = {(one["stateMachineArn"], json.loads(one["definition"])["States"]["Only"]["Result"]) for one in described}
    assert found == {(f"{MACHINE}:1", 1), (f"{MACHINE}:2", 2)}


def test_the_aliases_of_an_alias_are_refused(client: Any) -> None:
    with_versions(client, 1)
    alias(client, (1, 100))
    with refused("ResourceNotFound", NOT_FOUND):
        client.list_state_machine_aliases(stateMachineArn=ALIAS)


def test_deleting_a_version_twice_succeeds(client: Any) -> None:
    with_versions(client, 1)
    for _ in range(2):
        response = client.delete_state_machine_version(stateMachineVersionArn=f"{MACHINE}:1")
        assert members(response) == {}


def test_a_version_keeps_its_definition_and_has_its_own_date_and_description(client: Any) -> None:
    created(client, definition=numbered(1), publish=True, versionDescription="first")
    update(client, 2, publish=True, versionDescription="second")
    described = [
        members(client.describe_state_machine(stateMachineArn=arn)) for arn in (MACHINE, f"{MACHINE}:1", f"{MACHINE}:2")
    ]
    assert [response.get("description") for response in described] == [None, "first", "second"]
    assert [response["stateMachineArn"] for response in described] == [MACHINE, f"{MACHINE}:1", f"{MACHINE}:2"]
    assert [json.loads(response["definition"]) for response in described] == [numbered(2), numbered(1), numbered(2)]
    assert "revisionId" not in described[1]
    assert described[0]["revisionId"] == described[2]["revisionId"]


def test_an_update_with_another_description_publishes_another_version(client: Any) -> None:
    created(client, definition=numbered(1), publish=True, versionDescription="first")
    answer = update(client, 1, publish=True, versionDescription="second")
    assert answer["stateMachineVersionArn"] == f"{MACHINE}:2"


@pytest.mark.parametrize(
    ("wanted", "is_refused"),
    [
        pytest.param("INITIAL", False, id="the first revision, which is current"),
        pytest.param("5c0ad5ab-9b7c-4b6b-9c0f-6d7a1f6d2c11", True, id="another revision"),
    ],
)
def test_a_revision_id_has_to_be_the_current_one(client: Any, wanted: str, is_refused: bool) -> None:
    created(client)
    if is_refused:
        with refused("ConflictException"):
            publish(client, revisionId=wanted)
    else:
        assert publish(client, revisionId=wanted) == f"{MACHINE}:1"


def test_after_an_update_the_first_revision_is_no_longer_current(client: Any) -> None:
    created(client)
    revision = update(client, 2)["revisionId"]
    with refused("ConflictException"):
        publish(client, revisionId="INITIAL")
    assert publish(client, revisionId=revision) == f"{MACHINE}:1"


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        (MACHINE, "StateMachineDoesNotExist", f"State Machine Does Not Exist: '{MACHINE}'"),
        ("orders", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: orders'"),
    ],
    ids=["no such machine", "no ARN"],
)
def test_what_publish_refuses(client: Any, arn: str, code: str, message: str) -> None:
    with refused(code, message):
        client.publish_state_machine_version(stateMachineArn=arn)


def test_an_execution_of_a_version(client: Any) -> None:
    with_versions(client, 2)
    execution = started(client, f"{MACHINE}:1", name="one")
    assert execution == f"{PREFIX}:execution:orders:one"
    response = client.describe_execution(executionArn=execution)
    assert (response["output"], response["stateMachineArn"]) == ("1", MACHINE)
    assert response["stateMachineVersionArn"] == f"{MACHINE}:1"
    assert "stateMachineAliasArn" not in response
    first = client.get_execution_history(executionArn=execution)["events"][0]
    assert first["executionStartedEventDetails"]["stateMachineVersionArn"] == f"{MACHINE}:1"


def test_executions_are_listed_by_machine_version_and_alias(client: Any) -> None:
    with_versions(client, 2)
    alias(client, (2, 100))
    for name, arn in {"plain": MACHINE, "first": f"{MACHINE}:1", "alias": ALIAS}.items():
        started(client, arn, name=name)
    found = {
        arn: [item["name"] for item in client.list_executions(stateMachineArn=arn)["executions"]]
        for arn in (MACHINE, f"{MACHINE}:1", f"{MACHINE}:2", ALIAS)
    }
    assert found == {
        MACHINE: ["alias", "first", "plain"],
        f"{MACHINE}:1": ["first"],
        f"{MACHINE}:2": ["alias"],
        ALIAS: ["alias"],
    }


def test_an_alias_from_its_creation_to_its_end(client: Any) -> None:
    with_versions(client, 2)
    assert alias(client, (1, 100), description="d") == {"stateMachineAliasArn": ALIAS, "creationDate": NOON}
    expected = {
        "stateMachineAliasArn": ALIAS,
        "name": "live",
        "description": "d",
        "routingConfiguration": routing((1, 100)),
        "creationDate": NOON,
        "updateDate": NOON,
    }
    assert members(client.describe_state_machine_alias(stateMachineAliasArn=ALIAS)) == expected
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    started(client, created(client, "clock", wait))
    later = NOON + timedelta(seconds=60)
    answer = client.update_state_machine_alias(stateMachineAliasArn=ALIAS, routingConfiguration=routing((2, 100)))
    assert members(answer) == {"updateDate": later}
    expected |= {"routingConfiguration": routing((2, 100)), "updateDate": later}
    assert members(client.describe_state_machine_alias(stateMachineAliasArn=ALIAS)) == expected
    for _ in range(2):
        assert members(client.delete_state_machine_alias(stateMachineAliasArn=ALIAS)) == {}
    with refused("ResourceNotFound", NOT_FOUND):
        client.describe_state_machine_alias(stateMachineAliasArn=ALIAS)


def test_creating_the_same_alias_again_returns_the_same_answer(client: Any) -> None:
    with_versions(client, 1)
    assert alias(client, (1, 100)) == alias(client, (1, 100))
    assert len(client.list_state_machine_aliases(stateMachineArn=MACHINE)["stateMachineAliases"]) == 1
    with refused("ConflictException"):
        alias(client, (1, 100), description="other")


@pytest.mark.parametrize(
    ("weights", "code", "message"),
    [
        pytest.param(
            [(1, 99)], "ValidationException", f"{INVALID}The sum of the weights must be 100", id="a sum of 99"
        ),
        pytest.param(
            [(1, 60), (2, 60)],
            "ValidationException",
            f"{INVALID}The sum of the weights must be 100",
            id="a sum of 120",
        ),
        pytest.param(
            [(1, 50), (1, 50)], "ValidationException", f"{INVALID}'{MACHINE}:1' is there twice", id="a version twice"
        ),
        pytest.param([(9, 100)], "ResourceNotFound", NOT_FOUND, id="a version that does not exist"),
        pytest.param([(1, 30), (2, 30), (3, 40)], "ValidationException", None, id="three versions"),
    ],
)
def test_a_routing_that_is_refused(client: Any, weights: list[tuple[int, int]], code: str, message: str | None) -> None:
    with_versions(client, 3)
    with refused(code, message):
        alias(client, *weights)
    assert client.list_state_machine_aliases(stateMachineArn=MACHINE)["stateMachineAliases"] == []


def test_versions_of_two_machines_are_refused(client: Any) -> None:
    with_versions(client, 1)
    other = created(client, "other", publish=True)
    mixed = [*routing((1, 50)), {"stateMachineVersionArn": f"{other}:1", "weight": 50}]
    with refused("ValidationException", f"{INVALID}All versions must be of one state machine"):
        client.create_state_machine_alias(name="live", routingConfiguration=mixed)


def test_a_routing_to_the_machine_itself_is_refused(client: Any) -> None:
    with_versions(client, 1)
    with refused("ValidationException", f"{INVALID}'{MACHINE}' is not the ARN of a state machine version"):
        client.create_state_machine_alias(
            name="live", routingConfiguration=[{"stateMachineVersionArn": MACHINE, "weight": 100}]
        )


def test_an_update_of_an_alias_to_another_machine_is_refused(client: Any) -> None:
    with_versions(client, 1)
    alias(client, (1, 100))
    other = created(client, "other", publish=True)
    message = f"{INVALID}The versions must be of the state machine of the alias: '{MACHINE}'"
    with refused("ValidationException", message):
        client.update_state_machine_alias(
            stateMachineAliasArn=ALIAS, routingConfiguration=[{"stateMachineVersionArn": f"{other}:1", "weight": 100}]
        )
    assert client.describe_state_machine_alias(stateMachineAliasArn=ALIAS)["routingConfiguration"] == routing((1, 100))


def test_an_update_of_nothing_of_an_alias_is_refused(client: Any) -> None:
    with_versions(client, 1)
    alias(client, (1, 100))
    with refused("ValidationException", "Either the description or the routing configuration must be specified"):
        client.update_state_machine_alias(stateMachineAliasArn=ALIAS)


def test_the_hundred_and_first_alias_is_refused(client: Any) -> None:
    with_versions(client, 1)
    for number in range(100):
        alias(client, (1, 100), name=f"live-{number}")
    with refused("ServiceQuotaExceededException", "A state machine can have at most 100 aliases."):
        alias(client, (1, 100), name="live")


def test_the_thousand_and_first_version_is_refused(client: Any) -> None:
    created(client, definition=numbered(0))
    for number in range(1, 1001):
        update(client, number, publish=True)
    with refused("ServiceQuotaExceededException", "A state machine can have at most 1000 versions."):
        update(client, 1002, publish=True)
    # The refused update changed nothing, so the revision is still the published one.
    assert update(client, 1000, publish=True)["stateMachineVersionArn"] == f"{MACHINE}:1000"


@pytest.mark.parametrize("qualifier", ["1", "live"])
def test_the_arn_of_a_version_or_an_alias_can_not_be_changed(client: Any, qualifier: str) -> None:
    with_versions(client, 2)
    alias(client, (1, 100), name="live")
    arn = f"{MACHINE}:{qualifier}"
    with refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'"):
        client.update_state_machine(stateMachineArn=arn, definition=json.dumps(numbered(7)))
    with refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'"):
        client.publish_state_machine_version(stateMachineArn=arn)


@pytest.mark.parametrize("name", ["1", "12"])
def test_a_name_of_digits_only_is_refused(client: Any, name: str) -> None:
    with_versions(client, 1)
    message = (
        f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy "
        r"regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"
    )
    with refused("ValidationException", message):
        alias(client, (1, 100), name=name)


def test_a_version_that_an_alias_uses_is_not_deleted(client: Any) -> None:
    with_versions(client, 2)
    alias(client, (1, 100))
    alias(client, (1, 50), (2, 50), name="both")
    message = (
        "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: "
        "[live, both]"
    )
    with refused("ConflictException", message):
        client.delete_state_machine_version(stateMachineVersionArn=f"{MACHINE}:1")
    client.delete_state_machine_alias(stateMachineAliasArn=ALIAS)
    client.delete_state_machine_alias(stateMachineAliasArn=f"{MACHINE}:both")
    client.delete_state_machine_version(stateMachineVersionArn=f"{MACHINE}:1")
    assert numbers(client) == [2]


def test_aliases_are_listed_oldest_first_also_for_one_version(client: Any) -> None:
    with_versions(client, 2)
    for name, number in {"b": 1, "a": 2, "c": 1}.items():
        alias(client, (number, 100), name=name)
    found = {
        arn: [
            item["stateMachineAliasArn"].rpartition(":")[2]
            for item in client.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"]
        ]
        for arn in (MACHINE, f"{MACHINE}:1", f"{MACHINE}:2")
    }
    assert found == {MACHINE: ["b", "a", "c"], f"{MACHINE}:1": ["b", "c"], f"{MACHINE}:2": ["a"]}


def test_an_alias_stays_where_it_points_when_the_machine_is_updated(client: Any) -> None:
    with_versions(client, 1)
    alias(client, (1, 100))
    update(client, 2, publish=True)
    response = client.describe_execution(executionArn=started(client, ALIAS))
    assert response["output"] == "1"
    assert response["stateMachineAliasArn"] == ALIAS


def drawn(seed: int, *weights: tuple[int, int]) -> list[str]:
    """Return the outputs of 200 executions through an alias."""
    with SfnSync(account_id="111111111111", seed=seed) as sfn:
        client = sfn.client()
        with_versions(client, 2)
        alias(client, *weights)
        return [client.describe_execution(executionArn=started(client, ALIAS))["output"] for _ in range(200)]


def test_an_alias_draws_among_two_versions_by_weight_and_a_seed_repeats_it() -> None:
    outputs = drawn(7, (1, 80), (2, 20))
    assert outputs == drawn(7, (1, 80), (2, 20)) != drawn(8, (1, 80), (2, 20))
    counts = Counter(outputs)
    assert counts.keys() == {"1", "2"}
    assert 130 <= counts["1"] <= 190


def test_a_version_of_weight_zero_is_never_drawn() -> None:
    assert set(drawn(7, (1, 0), (2, 100))) == {"2"}


def test_a_name_that_ran_through_a_version_is_taken_for_the_machine(client: Any) -> None:
    with_versions(client, 1)
    started(client, f"{MACHINE}:1", name="one")
    with refused("ExecutionAlreadyExists", f"Execution Already Exists: '{PREFIX}:execution:orders:one'"):
        started(client, MACHINE, name="one")


def test_tags_belong_to_the_machine_and_not_to_its_versions(client: Any) -> None:
    with_versions(client, 1)
    with refused("ResourceNotFound", f"Resource not found: '{MACHINE}:1'"):
        client.tag_resource(resourceArn=f"{MACHINE}:1", tags=[{"key": "a", "value": "b"}])


def test_tags_keep_their_order_and_are_replaced_by_key(client: Any) -> None:
    client.create_state_machine(
        name="orders", definition=json.dumps(PASS), roleArn=ROLE, tags=[{"key": "b", "value": "1"}]
    )
    client.tag_resource(resourceArn=MACHINE, tags=[{"key": "a", "value": "2"}, {"key": "b", "value": "3"}])
    client.tag_resource(resourceArn=MACHINE, tags=[])
    listed = client.list_tags_for_resource(resourceArn=MACHINE)["tags"]
    assert listed == [{"key": "b", "value": "3"}, {"key": "a", "value": "2"}]
    client.untag_resource(resourceArn=MACHINE, tagKeys=["b", "b", "never"])
    assert client.list_tags_for_resource(resourceArn=MACHINE)["tags"] == [{"key": "a", "value": "2"}]


def test_the_fifty_first_tag_is_refused(client: Any) -> None:
    created(client)
    client.tag_resource(resourceArn=MACHINE, tags=[{"key": str(number), "value": ""} for number in range(50)])
    client.tag_resource(resourceArn=MACHINE, tags=[{"key": "0", "value": "replaced"}])
    with refused("TooManyTags"):
        client.tag_resource(resourceArn=MACHINE, tags=[{"key": "more", "value": ""}])


def test_an_activity_from_its_creation_to_its_end(client: Any) -> None:
    arn = f"{PREFIX}:activity:pack"
    first = members(client.create_activity(name="pack", tags=[{"key": "a", "value": "b"}]))
    assert first == {"activityArn": arn, "creationDate": NOON}
    assert members(client.create_activity(name="pack", tags=[])) == first
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "b"}]
    assert members(client.describe_activity(activityArn=arn)) == {
        **first,
        "name": "pack",
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    }
    key = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/pack"}
    with refused("ActivityAlreadyExists"):
        client.create_activity(name="pack", encryptionConfiguration=key)
    for _ in range(2):
        assert members(client.delete_activity(activityArn=arn)) == {}
    for operation in (client.describe_activity, client.get_activity_task):
        with refused("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'"):
            operation(activityArn=arn)


@pytest.mark.parametrize("name", ["a b", "a<b", 'a"', "a,b", "a\u0001"])
def test_a_bad_name_of_an_activity_is_refused(client: Any, name: str) -> None:
    with refused("InvalidName", f"Invalid Name: '{name}'"):
        client.create_activity(name=name)
