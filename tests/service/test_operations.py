"""The table of operations: each operation of botocore's model has a row, and answers clients."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.service.operations import OPERATIONS
from tests.service.conftest import NOON
from tests.service.scenes import FAIL, PASS, PREFIX, ROLE, created, members, refused, started

MODEL = botocore.session.get_session().get_service_model("stepfunctions")
MACHINE = f"{PREFIX}:stateMachine:orders"
EXPRESS = f"{PREFIX}:stateMachine:express"
EXECUTION = f"{PREFIX}:execution:orders:failed"
ACTIVITY = f"{PREFIX}:activity:pack"
ONE_STATE = json.dumps({"Type": "Pass", "End": True})
TEXT = json.dumps(PASS)
ROUTING = [{"stateMachineVersionArn": f"{MACHINE}:1", "weight": 100}]

CALLS: dict[str, tuple[dict[str, Any], set[str] | str]] = {
    # For each operation: the arguments, and the members of the response or the code of the refusal.
    "CreateActivity": ({"name": "ship"}, {"activityArn", "creationDate"}),
    "CreateStateMachine": (
        {"name": "other", "definition": TEXT, "roleArn": ROLE, "publish": True},
        {"stateMachineArn", "creationDate", "stateMachineVersionArn"},
    ),
    "CreateStateMachineAlias": (
        {"name": "test", "routingConfiguration": ROUTING},
        {"stateMachineAliasArn", "creationDate"},
    ),
    "DeleteActivity": ({"activityArn": ACTIVITY}, set()),
    "DeleteStateMachine": ({"stateMachineArn": MACHINE}, set()),
    "DeleteStateMachineAlias": ({"stateMachineAliasArn": f"{MACHINE}:live"}, set()),
    "DeleteStateMachineVersion": ({"stateMachineVersionArn": f"{MACHINE}:9"}, set()),
    "DescribeActivity": (
        {"activityArn": ACTIVITY},
        {"activityArn", "name", "creationDate", "encryptionConfiguration"},
    ),
    "DescribeExecution": (
        {"executionArn": EXECUTION},
        {
            "executionArn",
            "stateMachineArn",
            "name",
            "status",
            "startDate",
            "stopDate",
            "input",
            "inputDetails",
            "redriveCount",
            "redriveStatus",
            "error",
        },
    ),
    "DescribeMapRun": ({"mapRunArn": f"{PREFIX}:mapRun:orders/Each:1"}, "ResourceNotFound"),
    "DescribeStateMachine": (
        {"stateMachineArn": MACHINE},
        {
            "stateMachineArn",
            "name",
            "status",
            "definition",
            "roleArn",
            "type",
            "creationDate",
            "loggingConfiguration",
            "tracingConfiguration",
            "encryptionConfiguration",
        },
    ),
    "DescribeStateMachineAlias": (
        {"stateMachineAliasArn": f"{MACHINE}:live"},
        {"stateMachineAliasArn", "name", "routingConfiguration", "creationDate", "updateDate"},
    ),
    "DescribeStateMachineForExecution": (
        {"executionArn": EXECUTION},
        {
            "stateMachineArn",
            "name",
            "definition",
            "roleArn",
            "updateDate",
            "loggingConfiguration",
            "tracingConfiguration",
            "encryptionConfiguration",
        },
    ),
    "GetActivityTask": ({"activityArn": ACTIVITY}, set()),
    "GetExecutionHistory": ({"executionArn": EXECUTION}, {"events"}),
    "ListActivities": ({}, {"activities"}),
    "ListExecutions": ({"stateMachineArn": MACHINE}, {"executions"}),
    "ListMapRuns": ({"executionArn": EXECUTION}, {"mapRuns"}),
    "ListStateMachineAliases": ({"stateMachineArn": MACHINE}, {"stateMachineAliases"}),
    "ListStateMachineVersions": ({"stateMachineArn": MACHINE}, {"stateMachineVersions"}),
    "ListStateMachines": ({}, {"stateMachines"}),
    "ListTagsForResource": ({"resourceArn": MACHINE}, {"tags"}),
    "PublishStateMachineVersion": ({"stateMachineArn": MACHINE}, {"stateMachineVersionArn", "creationDate"}),
    "RedriveExecution": ({"executionArn": EXECUTION}, {"redriveDate"}),
    "SendTaskFailure": ({"taskToken": "none"}, "InvalidToken"),
    "SendTaskHeartbeat": ({"taskToken": "none"}, "InvalidToken"),
    "SendTaskSuccess": ({"taskToken": "none", "output": "{}"}, "InvalidToken"),
    "StartExecution": ({"stateMachineArn": MACHINE}, {"executionArn", "startDate"}),
    "StartSyncExecution": (
        {"stateMachineArn": EXPRESS},
        {
            "executionArn",
            "stateMachineArn",
            "name",
            "status",
            "startDate",
            "stopDate",
            "input",
            "inputDetails",
            "output",
            "outputDetails",
            "billingDetails",
        },
    ),
    "StopExecution": ({"executionArn": EXECUTION}, {"stopDate"}),
    "TagResource": ({"resourceArn": MACHINE, "tags": [{"key": "a", "value": "b"}]}, set()),
    "TestState": ({"definition": ONE_STATE}, {"status", "output"}),
    "UntagResource": ({"resourceArn": MACHINE, "tagKeys": ["a"]}, set()),
    "UpdateMapRun": ({"mapRunArn": f"{PREFIX}:mapRun:orders/Each:1"}, "ResourceNotFound"),
    "UpdateStateMachine": ({"stateMachineArn": MACHINE, "definition": TEXT}, {"updateDate", "revisionId"}),
    "UpdateStateMachineAlias": ({"stateMachineAliasArn": f"{MACHINE}:live", "description": "d"}, {"updateDate"}),
    "ValidateStateMachineDefinition": ({"definition": TEXT}, {"result", "diagnostics", "truncated"}),
}


def set_the_scene(client: Any) -> None:
    """Create a machine with a version, an alias and a failed execution, an Express machine and an activity."""
    created(client, definition=FAIL, publish=True)
    created(client, "express", type="EXPRESS")
    client.create_state_machine_alias(name="live", routingConfiguration=ROUTING)
    client.create_activity(name="pack")
    started(client, MACHINE, name="failed")


def test_each_operation_of_botocores_model_has_a_row() -> None:
    assert {*OPERATIONS, "StartSyncExecution"} == set(MODEL.operation_names) == CALLS.keys()


def outcome_of(call: Any, operation: str) -> set[str] | str:
    try:
        return set(members(call(**CALLS[operation][0])))
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])


@pytest.mark.parametrize("operation", CALLS)
def test_each_operation_answers_a_client_of_boto3(client: Any, operation: str) -> None:
    set_the_scene(client)
    assert outcome_of(getattr(client, xform_name(operation)), operation) == CALLS[operation][1]


def test_all_operations_answer_a_client_of_aiobotocore(client: Any) -> None:
    session = pytest.importorskip("aiobotocore.session").get_session()
    set_the_scene(client)

    async def outcomes() -> dict[str, set[str] | str]:
        found: dict[str, set[str] | str] = {}
        settings = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
        async with session.create_client("stepfunctions", **settings) as async_client:
            # What deletes comes last, so that the others find what they need.
            for operation in sorted(CALLS, key=lambda name: name.startswith("Delete")):
                try:
                    response = await getattr(async_client, xform_name(operation))(**CALLS[operation][0])
                    found[operation] = set(members(response))
                except ClientError as refusal:
                    found[operation] = str(refusal.response["Error"]["Code"])
        return found

    found = asyncio.run(outcomes())
    # The execution that failed is redriven before it is stopped, and an update comes before the descriptions.
    assert {name: outcome for name, outcome in found.items() if outcome != CALLS[name][1]} == {}


def test_errors_are_raised_as_the_clients_own_exceptions(client: Any) -> None:
    with pytest.raises(client.exceptions.StateMachineDoesNotExist):
        client.describe_state_machine(stateMachineArn=f"{PREFIX}:stateMachine:nowhere")


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        pytest.param(
            "list_executions",
            {"stateMachineArn": MACHINE, "maxResults": 1001},
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have "
            "value less than or equal to 1000",
            id="a page that is too large",
        ),
        pytest.param(
            "list_executions",
            {"stateMachineArn": MACHINE, "statusFilter": "succeeded"},
            "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member "
            "must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
            id="an unknown status",
        ),
        pytest.param(
            "create_state_machine_alias",
            {"name": "live", "routingConfiguration": [{"stateMachineVersionArn": f"{MACHINE}:1", "weight": 101}]},
            "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy "
            "constraint: Member must have value less than or equal to 100",
            id="a weight that is too large",
        ),
        pytest.param(
            "list_executions",
            {"stateMachineArn": "x" * 257, "maxResults": 1001},
            f"2 validation errors detected: Value '{'x' * 257}' at 'stateMachineArn' failed to satisfy constraint: "
            "Member must have length less than or equal to 256; Value '1001' at 'maxResults' failed to satisfy "
            "constraint: Member must have value less than or equal to 1000",
            id="two faults",
        ),
    ],
)
def test_constraints_of_the_model_are_checked_in_awss_words(
    client: Any, operation: str, arguments: dict[str, Any], message: str
) -> None:
    with refused("ValidationException", message):
        getattr(client, operation)(**arguments)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        pytest.param(
            "{}",
            "ValidationException",
            "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must "
            "not be null",
            id="a member that is missing",
        ),
        pytest.param(
            '{"stateMachineArn": 1}',
            "SerializationException",
            "NUMBER_VALUE can not be converted to a String",
            id="a number",
        ),
        pytest.param(
            '{"stateMachineArn": "a", "input": {}}',
            "SerializationException",
            "Start of structure or map found where not expected.",
            id="a structure",
        ),
    ],
)
def test_other_clients_may_send_what_botocore_refuses(sfn: SfnSync, body: str, code: str, message: str) -> None:
    model = MODEL.operation_model("StartExecution")
    response = sfn._service.answer("StartExecution", body, {}, model)
    assert response is not None
    assert json.loads(response.body) == {"__type": code, "message": message}


def test_the_work_for_a_thousand_executions_grows_with_their_number(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pytest_sfn_sync.service import execution_operations

    rendered = 0
    render = execution_operations._listed

    def counted(started: Any) -> Any:
        nonlocal rendered
        rendered += 1
        return render(started)

    monkeypatch.setattr(execution_operations, "_listed", counted)
    machine = created(client)
    names = [f"run-{number}" for number in range(1000)]
    for name in names:
        started(client, machine, name=name)
    pages = list(client.get_paginator("list_executions").paginate(stateMachineArn=machine))
    assert [len(page["executions"]) for page in pages] == [100] * 10
    assert [item["name"] for page in pages for item in page["executions"]] == names[::-1]
    assert rendered == 1000
    assert all(page.get("nextToken") for page in pages[:-1])
    assert "nextToken" not in pages[-1]


def test_pages_go_on_where_they_ended_when_executions_are_added(client: Any) -> None:
    machine = created(client)
    for number in range(6):
        started(client, machine, name=f"run-{number}")
    first = client.list_executions(stateMachineArn=machine, maxResults=2)
    started(client, machine, name="late")
    rest = client.list_executions(stateMachineArn=machine, nextToken=first["nextToken"])
    assert [item["name"] for item in rest["executions"]] == ["run-3", "run-2", "run-1", "run-0"]


@pytest.mark.parametrize(
    ("operation", "arguments", "member", "count"),
    [
        pytest.param("list_activities", {}, "activities", 3, id="activities"),
        pytest.param("list_state_machines", {}, "stateMachines", 3, id="state machines"),
        pytest.param(
            "list_state_machine_aliases", {"stateMachineArn": MACHINE}, "stateMachineAliases", 3, id="aliases"
        ),
        pytest.param(
            "list_state_machine_versions", {"stateMachineArn": MACHINE}, "stateMachineVersions", 3, id="versions"
        ),
        pytest.param("get_execution_history", {"executionArn": EXECUTION}, "events", 3, id="events"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_list_has_pages(
    client: Any, operation: str, arguments: dict[str, Any], member: str, count: int, size: int
) -> None:
    set_the_scene(client)
    for number in (2, 3):
        definition = {**PASS, "Comment": str(number)}
        client.update_state_machine(stateMachineArn=MACHINE, definition=json.dumps(definition), publish=True)
        client.create_state_machine_alias(name=f"alias-{number}", routingConfiguration=ROUTING)
        client.create_activity(name=f"activity-{number}")
    created(client, "third")
    whole = getattr(client, operation)(**arguments)[member]
    assert len(whole) == count
    pages: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = getattr(client, operation)(**arguments, maxResults=size, **token)
        pages.append(page[member])
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert [item for page in pages for item in page] == whole
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert pages[-1] != []


@pytest.mark.parametrize(
    "token",
    ["InvalidToken", "e30=", "WzEsMl0=", "W10=", "bm90aGluZw==", "NQ==", "\u00e9"],
    ids=["word", "object", "numbers", "empty", "text", "number", "accent"],
)
def test_a_token_that_aws_did_not_make_is_refused(client: Any, token: str) -> None:
    with refused("InvalidToken", "Invalid Token: 'Invalid token'"):
        client.list_state_machines(nextToken=token)


def test_a_token_of_another_list_is_refused(client: Any) -> None:
    for name in ("one", "two"):
        created(client, name)
        client.create_activity(name=name)
    token = client.list_activities(maxResults=1)["nextToken"]
    with refused("InvalidToken"):
        client.list_state_machines(nextToken=token)


def test_errors_can_be_injected_into_any_operation(sfn: SfnSync, client: Any) -> None:
    sfn.inject_error("ExecutionLimitExceeded", operation="StartExecution")
    machine = created(client)
    with refused("ExecutionLimitExceeded"):
        started(client, machine)
    started(client, machine)


def test_time_of_the_account_goes_on_with_its_executions(client: Any) -> None:
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    started(client, created(client, definition=wait))
    machine = members(client.create_state_machine(name="later", definition=TEXT, roleArn=ROLE))
    assert machine["creationDate"] == NOON + timedelta(seconds=60)
