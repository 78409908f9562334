"""Create-, Describe-, Update-, List- and DeleteStateMachine, and ValidateStateMachineDefinition."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from pytest_sfn_sync import DefinitionWarning, SfnSync, SfnSyncUsageError
from tests.service.conftest import NOON
from tests.service.scenes import FAIL, PASS, PREFIX, ROLE, created, members, refused, started, task

MACHINE = f"{PREFIX}:stateMachine:orders"
LOG_GROUP = {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:111111111111:log-group:orders:*"}}
OFF = {"level": "OFF", "includeExecutionData": False}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
REPEATED = (
    "The definition of a call: the key 'A' stands twice in one object, at line 2 and at line 3. The last value counts, "
    "and the others are lost."
)
NOTHING_TO_UPDATE = (
    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
)


def described(client: Any, arn: str = MACHINE, **arguments: Any) -> dict[str, Any]:
    return members(client.describe_state_machine(stateMachineArn=arn, **arguments))


def later(client: Any, seconds: int) -> None:
    """Let virtual time pass."""
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": seconds, "End": True}}}
    started(client, created(client, "clock", wait))
    client.delete_state_machine(stateMachineArn=f"{PREFIX}:stateMachine:clock")


def test_what_describe_has_of_a_new_machine(client: Any) -> None:
    created(client)
    assert described(client) == {
        "stateMachineArn": MACHINE,
        "name": "orders",
        "status": "ACTIVE",
        "definition": json.dumps(PASS),
        "roleArn": ROLE,
        "type": "STANDARD",
        "creationDate": NOON,
        "loggingConfiguration": OFF,
        "tracingConfiguration": {"enabled": False},
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    }


def test_the_definition_is_kept_as_its_text(client: Any) -> None:
    text = '{"StartAt" : "Only",\n "States": {"Only": {"Type": "Pass", "End": true}}}'
    arn = client.create_state_machine(name="orders", definition=text, roleArn=ROLE)["stateMachineArn"]
    assert described(client, arn)["definition"] == text
    assert described(client, arn, includedData="METADATA_ONLY")["definition"] == "{}"


def test_machines_of_the_author_and_of_the_api_are_of_one_kind(sfn: SfnSync, client: Any) -> None:
    registered = sfn.register("registered", PASS)
    created(client)
    assert [machine.name for machine in sfn.machines] == ["registered", "orders"]
    assert [machine.definition for machine in sfn.machines] == [PASS, PASS]
    assert json.loads(described(client, registered.arn)["definition"]) == PASS
    assert described(client, registered.arn)["type"] == "EXPRESS"
    listed = client.list_state_machines()["stateMachines"]
    assert [(item["name"], item["type"]) for item in listed] == [("registered", "EXPRESS"), ("orders", "STANDARD")]


SAME = {"name": "orders", "definition": json.dumps(PASS), "roleArn": ROLE}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="the same arguments"),
        pytest.param({"roleArn": f"{ROLE}2"}, id="another role"),
        pytest.param({"tags": [{"key": "team", "value": "b"}]}, id="other tags"),
        pytest.param({"type": "STANDARD"}, id="the default type by its name"),
        pytest.param({"loggingConfiguration": {"level": "OFF"}}, id="the default logging by its name"),
    ],
)
def test_creating_the_same_again_returns_the_same_answer(client: Any, change: dict[str, Any]) -> None:
    first = members(client.create_state_machine(**SAME, tags=[{"key": "team", "value": "a"}]))
    later(client, 60)
    assert members(client.create_state_machine(**{**SAME, **change})) == first
    assert described(client)["roleArn"] == ROLE
    tags = client.list_tags_for_resource(resourceArn=MACHINE)["tags"]
    assert tags == [{"key": "team", "value": "a"}]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"definition": json.dumps(PASS, indent=1)}, id="the definition with other blanks"),
        pytest.param({"definition": json.dumps(FAIL)}, id="another definition"),
        pytest.param({"type": "EXPRESS"}, id="another type"),
        pytest.param({"tracingConfiguration": {"enabled": True}}, id="other tracing"),
        pytest.param({"loggingConfiguration": {"level": "ALL", "destinations": [LOG_GROUP]}}, id="other logging"),
        pytest.param({"publish": True}, id="published"),
    ],
)
def test_creating_another_machine_of_that_name_is_refused(client: Any, change: dict[str, Any]) -> None:
    client.create_state_machine(**SAME)
    with refused("StateMachineAlreadyExists", f"State Machine Already Exists: '{MACHINE}'"):
        client.create_state_machine(**{**SAME, **change})


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        pytest.param({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'", id="a name with a blank"),
        pytest.param({"roleArn": "role"}, "InvalidArn", "Invalid Role Arn: 'role'", id="a role that is no ARN"),
        pytest.param(
            {"name": "x" * 81},
            "ValidationException",
            f"1 validation error detected: Value '{'x' * 81}' at 'name' failed to satisfy constraint: Member must have "
            "length less than or equal to 80",
            id="a name that is too long",
        ),
        pytest.param(
            {"versionDescription": "first"},
            "ValidationException",
            "Version description can only be set when publish is true",
            id="a description without a version",
        ),
        pytest.param(
            {"definition": "{}"},
            "InvalidDefinition",
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] "
            "at /'",
            id="a definition without states",
        ),
        pytest.param({"definition": "no JSON"}, "InvalidDefinition", None, id="a definition that is no JSON"),
        pytest.param(
            {"loggingConfiguration": {"level": "ALL"}},
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Must specify exactly one Log Destination.",
            id="a level without a destination",
        ),
        pytest.param(
            {"loggingConfiguration": {"level": "OFF", "destinations": [LOG_GROUP, LOG_GROUP]}},
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Must specify exactly one Log Destination.",
            id="two destinations",
        ),
        pytest.param(
            {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY"}},
            "InvalidEncryptionConfiguration",
            None,
            id="a key without its id",
        ),
        pytest.param({"tags": [{"key": "aws:x", "value": ""}]}, "ValidationException", None, id="a tag of AWS"),
        pytest.param(
            {"tags": [{"key": str(number), "value": ""} for number in range(51)]}, "TooManyTags", None, id="51 tags"
        ),
    ],
)
def test_what_create_refuses(sfn: SfnSync, client: Any, change: dict[str, Any], code: str, message: str | None) -> None:
    with refused(code, message):
        client.create_state_machine(**{**SAME, **change})
    assert sfn.machines == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({}, OFF, id="nothing"),
        pytest.param({"destinations": []}, {**OFF, "destinations": []}, id="no destinations"),
        pytest.param(
            {"level": "OFF", "destinations": [LOG_GROUP]},
            {**OFF, "destinations": [LOG_GROUP]},
            id="OFF with a destination",
        ),
        pytest.param(
            {"level": "FATAL", "includeExecutionData": True, "destinations": [LOG_GROUP]},
            {"level": "FATAL", "includeExecutionData": True, "destinations": [LOG_GROUP]},
            id="all of it",
        ),
    ],
)
def test_logging_is_kept(client: Any, given: dict[str, Any], kept: dict[str, Any]) -> None:
    client.create_state_machine(**SAME, loggingConfiguration=given)
    assert described(client)["loggingConfiguration"] == kept


def test_encryption_has_its_default_period(client: Any) -> None:
    key = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/orders"}
    client.create_state_machine(**SAME, encryptionConfiguration=key)
    assert described(client)["encryptionConfiguration"] == {**key, "kmsDataKeyReusePeriodSeconds": 300}


def update(client: Any, **arguments: Any) -> dict[str, Any]:
    return members(client.update_state_machine(stateMachineArn=MACHINE, **arguments))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"definition": json.dumps(FAIL)}, id="the definition"),
        pytest.param({"roleArn": f"{ROLE}2"}, id="the role"),
        pytest.param({"loggingConfiguration": {"level": "ALL", "destinations": [LOG_GROUP]}}, id="logging"),
        pytest.param({"tracingConfiguration": {"enabled": True}}, id="tracing"),
    ],
)
def test_an_update_changes_what_is_given_and_keeps_the_rest(client: Any, change: dict[str, Any]) -> None:
    created(client)
    before = described(client)
    later(client, 60)
    answer = update(client, **change)
    after = described(client)
    assert answer.keys() == {"updateDate", "revisionId"}
    assert answer["updateDate"] == NOON + timedelta(seconds=60)
    assert UUID.fullmatch(answer["revisionId"])
    assert after.pop("revisionId") == answer["revisionId"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == set(change)
    # The same again changes nothing.
    again = update(client, **change)
    assert again["revisionId"] == answer["revisionId"]


@pytest.mark.parametrize("arguments", [{}, {"publish": True}], ids=["nothing", "publish alone"])
def test_an_update_of_nothing_is_refused(client: Any, arguments: dict[str, Any]) -> None:
    created(client)
    with refused("ValidationException", NOTHING_TO_UPDATE):
        update(client, **arguments)


def test_an_update_with_a_definition_at_fault_changes_nothing(client: Any) -> None:
    created(client)
    before = described(client)
    with refused("InvalidDefinition"):
        update(client, definition="{}", roleArn=f"{ROLE}2")
    assert described(client) == before


def test_an_update_of_an_unknown_machine_is_refused(client: Any) -> None:
    with refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{MACHINE}'"):
        update(client, definition=json.dumps(PASS))


def test_running_executions_keep_their_definition(sfn: SfnSync, client: Any) -> None:
    two = {"StartAt": "A", "States": {"A": task("a", Next="B"), "B": {"Type": "Pass", "Result": "old", "End": True}}}

    def deploy(event: Any) -> None:
        update(client, definition=json.dumps({**PASS, "Comment": "new"}))

    sfn.mock_lambda("a", calls=deploy)
    execution = started(client, created(client, definition=two))
    response = client.describe_execution(executionArn=execution)
    assert (response["status"], response["output"]) == ("SUCCEEDED", '"old"')
    of_execution = client.describe_state_machine_for_execution(executionArn=execution)
    assert json.loads(of_execution["definition"]) == two
    assert json.loads(described(client)["definition"])["Comment"] == "new"


def test_deleting_what_is_not_there_succeeds(client: Any) -> None:
    assert members(client.delete_state_machine(stateMachineArn=MACHINE)) == {}


def test_a_machine_goes_with_its_versions_and_aliases(client: Any) -> None:
    created(client, publish=True)
    routing = [{"stateMachineVersionArn": f"{MACHINE}:1", "weight": 100}]
    client.create_state_machine_alias(name="live", routingConfiguration=routing)
    client.delete_state_machine(stateMachineArn=MACHINE)
    for arn in (MACHINE, f"{MACHINE}:1", f"{MACHINE}:live"):
        with refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'"):
            described(client, arn)
    assert client.list_state_machines()["stateMachines"] == []
    # A new machine of that name begins with version 1 again.
    created(client, publish=True)
    assert described(client, f"{MACHINE}:1")["creationDate"] == NOON


def test_executions_of_a_deleted_machine_stay_readable(client: Any) -> None:
    execution = started(client, created(client))
    client.delete_state_machine(stateMachineArn=MACHINE)
    assert client.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    assert len(client.get_execution_history(executionArn=execution)["events"]) == 4
    with refused("StateMachineDoesNotExist"):
        client.list_executions(stateMachineArn=MACHINE)


TWO_TASKS = {"StartAt": "A", "States": {"A": task("a", Next="B"), "B": task("b", Catch=[])}}
CAUGHT = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]


def test_a_machine_is_deleting_until_its_executions_have_ended(sfn: SfnSync, client: Any) -> None:
    seen: list[Any] = []

    def delete(event: Any) -> str:
        client.delete_state_machine(stateMachineArn=MACHINE)
        seen.append(described(client)["status"])
        for call in (
            lambda: client.start_execution(stateMachineArn=MACHINE),
            lambda: update(client, definition=json.dumps(PASS)),
            lambda: client.publish_state_machine_version(stateMachineArn=MACHINE),
            lambda: created(client, definition=TWO_TASKS),
        ):
            with refused("StateMachineDeleting", f"State Machine is being deleted: '{MACHINE}'"):
                call()
        return "done"

    sfn.mock_lambda("a", calls=delete)
    never = sfn.mock_lambda("b", returns=None)
    execution = started(client, created(client, definition=TWO_TASKS))
    response = client.describe_execution(executionArn=execution)
    assert (response["status"], response["error"]) == ("FAILED", "States.Runtime")
    assert response["cause"] == "State machine orders has been deleted"
    assert (seen, never.call_count) == (["DELETING"], 0)
    with refused("StateMachineDoesNotExist"):
        described(client)
    history = client.get_execution_history(executionArn=execution)["events"]
    assert [event["type"] for event in history][-3:] == [
        "LambdaFunctionSucceeded",
        "TaskStateExited",
        "ExecutionFailed",
    ]
    created(client)  # The name is free again.


def test_no_catcher_takes_the_error_of_a_deleted_machine(sfn: SfnSync, client: Any) -> None:
    inner = {"StartAt": "A", "States": {"A": task("a", Next="B"), "B": {"Type": "Pass", "End": True}}}
    definition = {
        "StartAt": "Both",
        "States": {
            "Both": {"Type": "Parallel", "Branches": [inner], "Catch": CAUGHT, "End": True},
            "Caught": {"Type": "Pass", "End": True},
        },
    }
    sfn.mock_lambda("a", calls=lambda event: members(client.delete_state_machine(stateMachineArn=MACHINE)))
    execution = started(client, created(client, definition=definition))
    assert client.describe_execution(executionArn=execution)["status"] == "FAILED"


def test_an_author_may_mark_a_machine_as_deleting(sfn: SfnSync, client: Any) -> None:
    machine = sfn.register("orders", PASS, type="STANDARD")
    machine.mark_deleting()
    assert described(client)["status"] == "DELETING"
    with refused("StateMachineDeleting"):
        started(client, MACHINE)
    assert described(client)["status"] == "DELETING"


BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}, "B": {"Type": "Pass", "Next": "Nowhere"}}}
ABSOLUTE = {"StartAt": "A", "States": {"A": task("a")}}


@pytest.mark.parametrize(
    ("definition", "arguments", "result", "severities", "truncated"),
    [
        pytest.param(PASS, {}, "OK", [], False, id="nothing at fault"),
        pytest.param(ABSOLUTE, {}, "OK", [], False, id="warnings are hidden"),
        pytest.param(ABSOLUTE, {"severity": "ERROR"}, "OK", [], False, id="warnings are hidden by name"),
        pytest.param(BAD, {"maxResults": 1}, "FAIL", ["ERROR"], True, id="cut"),
    ],
)
def test_validation(
    client: Any, definition: Any, arguments: dict[str, Any], result: str, severities: list[str], truncated: bool
) -> None:
    response = members(client.validate_state_machine_definition(definition=json.dumps(definition), **arguments))
    assert response["result"] == result
    assert [diagnostic["severity"] for diagnostic in response["diagnostics"]] == severities
    assert response["truncated"] is truncated


def test_validation_keeps_nothing(sfn: SfnSync, client: Any) -> None:
    client.validate_state_machine_definition(definition=json.dumps(PASS), type="EXPRESS")
    assert sfn.machines == []


def test_variable_references_are_those_of_states_that_use_variables(client: Any) -> None:
    states = {
        "Set": {"Type": "Pass", "Assign": {"a": 1, "b": 2}, "Next": "Use"},
        "Use": {"Type": "Pass", "Parameters": {"x.$": "$b", "y.$": "States.Format('{}', $a)"}, "End": True},
    }
    created(client, definition={"StartAt": "Set", "States": states})
    assert described(client)["variableReferences"] == {"Use": ["a", "b"]}


def test_encryption_with_the_key_of_aws(client: Any) -> None:
    created(client, encryptionConfiguration={"type": "AWS_OWNED_KEY"})
    assert described(client)["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}


def test_tags_of_an_activity_that_does_not_exist(client: Any) -> None:
    arn = f"{PREFIX}:activity:none"
    with refused("ResourceNotFound", f"Resource not found: '{arn}'"):
        client.list_tags_for_resource(resourceArn=arn)


ENGINE_MISSING = (
    'it uses JSONata, whose engine is not installed; install it with: pip install "pytest-sfn-sync[jsonata]"'
)


@pytest.mark.usefixtures("without_engine")
@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        pytest.param(
            "create_state_machine",
            {"name": "orders", "roleArn": ROLE},
            f"The definition can't be checked: {ENGINE_MISSING}",
            id="CreateStateMachine",
        ),
        pytest.param(
            "validate_state_machine_definition",
            {},
            f"ValidateStateMachineDefinition: {ENGINE_MISSING}",
            id="ValidateStateMachineDefinition",
        ),
        pytest.param("test_state", {"stateName": "Only"}, f"TestState: {ENGINE_MISSING}", id="TestState"),
    ],
)
def test_jsonata_without_its_engine_is_a_usage_error(
    sfn: SfnSync, client: Any, operation: str, arguments: dict[str, Any], message: str
) -> None:
    states = {"Only": {"QueryLanguage": "JSONata", "Type": "Pass", "Output": "{% 1 + 1 %}", "End": True}}
    definition = json.dumps({"StartAt": "Only", "States": states})
    with pytest.raises(SfnSyncUsageError) as raised:
        getattr(client, operation)(definition=definition, **arguments)
    assert str(raised.value) == message
    sfn.usage_errors.clear()


@pytest.mark.filterwarnings("default")
def test_a_key_that_stands_twice_in_a_definition_is_told(client: Any) -> None:
    twice = '{"StartAt": "A",\n "States": {"A": {"Type": "Fail"},\n  "A": {"Type": "Pass", "End": true}}}'
    with pytest.warns(DefinitionWarning) as warned:
        client.create_state_machine(name="orders", definition=twice, roleArn=ROLE)
    assert str(warned[0].message) == REPEATED
    with pytest.warns(DefinitionWarning):
        client.update_state_machine(stateMachineArn=MACHINE, definition=twice.replace("Fail", "Succeed"))
