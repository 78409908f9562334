"""The Resource of a Task: what an Express machine can't have, what is no resource at all, timeouts and credentials.

The refusals are recorded, but for ``.sync:2``; that Standard machines take what Express ones don't is documented.
"""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.definition import TaskState
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parsing.definition_parser import parse_definition
from tests.asl.diagnosing import diagnose, faults, only

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
SYNC = "Express state machine does not support '.sync' service integration at /States/S/Resource"
# Recorded with the space at its end, which makes two of them.
TOKEN = "Express state machine does not support '.waitForTaskToken' service integration  at /States/S/Resource"
ACTIVITY = "Express state machine does not support Activity ARN at /States/S/Resource"


def unrecognised(resource: str) -> str:
    return (
        f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the resource "
        "is not available in this region. at /States/S/Resource"
    )


@pytest.mark.parametrize(
    ("resource", "express"),
    [
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", TOKEN),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", TOKEN),
        ("arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", TOKEN),
        ("arn:aws:states:::ecs:runTask.sync", SYNC),
        ("arn:aws-cn:states:::ecs:runTask.sync", SYNC),
        ("arn:aws:states:::states:startExecution.sync:2", SYNC),
        ("arn:aws:states:us-east-1:123456789012:activity:a", ACTIVITY),
        ("arn:aws:states:::sqs:sendMessage", None),
        ("arn:aws-us-gov:states:::aws-sdk:dynamodb:query", None),
        ("arn:aws:states:us-east-1:123456789012:sqs:sendMessage", None),
        (LAMBDA, None),
        (f"{LAMBDA}:live", None),
        (f"{LAMBDA}:$LATEST", None),
    ],
)
def test_what_only_standard_machines_take(resource: str, express: str | None) -> None:
    definition = only("Task", Resource=resource)
    assert faults(definition) == ([] if express is None else [express])
    assert faults(definition, machine_type="STANDARD") == []


@pytest.mark.parametrize("machine_type", ["EXPRESS", "STANDARD"])
@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:lambda:us-east-1:123456789012:function:",
        f"{LAMBDA}:1:2",
        "arn:aws:lambda:us-east-1:123456789012:layer:f",
        "arn:aws:states:us-east-1:123456789012:activity:",
        "arn:aws:states:::sqs",
        "arn:aws:states:::",
        "arn:aws:sqs:::sendMessage",
        "arn:aws:states:::sqs:send message",
        "arn:aws:states:::sqs:sendMessage.",
        "arn:aws:states:::ecs:runTask.sync:3",
        "arn:aws:states:::ecs:runTask.Sync",
        "arn:aws:states:::${Service}:sendMessage",
    ],
    ids=repr,
)
def test_what_is_no_resource(resource: str, machine_type: str) -> None:
    assert faults(only("Task", Resource=resource), machine_type=machine_type) == [unrecognised(resource)]


@pytest.mark.parametrize("machine_type", ["EXPRESS", "STANDARD"])
@pytest.mark.parametrize(
    "resource",
    ["", "nope", "foo:bar", "${Function}", " arn:aws:states:::sqs:sendMessage", "arn:aws:states", "ARN:aws:sqs:::q"],
    ids=repr,
)
def test_what_is_no_arn(resource: str, machine_type: str) -> None:
    fault = "Value is not a valid resource ARN at /States/S/Resource"
    assert faults(only("Task", Resource=resource), machine_type=machine_type) == [fault]


def test_activities_take_no_credentials() -> None:
    activity = "arn:aws:states:us-east-1:123456789012:activity:a"
    definition = only("Task", Resource=activity, Credentials={"RoleArn": "arn:aws:iam::123456789012:role/r"})
    fault = "The field 'Credentials' is not supported for activities at /States/S"
    assert faults(definition, machine_type="STANDARD") == [fault]
    assert faults(definition) == [ACTIVITY, fault]


@pytest.mark.parametrize(
    ("resource", "hint"),
    [
        ("arn:aws:states:::sqs:sendMessage.waitForTaskTokn", "Did you mean 'waitForTaskToken'?"),
        ("arn:aws:states:::ecs:runTask.sinc", "Did you mean 'sync'?"),
        ("arn:aws:states:::ecs:runTask.never", None),
    ],
)
def test_patterns_that_are_none(resource: str, hint: str | None) -> None:
    (found,) = diagnose(only("Task", Resource=resource), machine_type="STANDARD")
    assert (f"{found.message} at {found.location}", found.hint) == (unrecognised(resource), hint)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"Resource": 1}, ["Expected value of type String at /States/S/Resource"], id="a number"),
        pytest.param({"TimeoutSeconds": 0}, ["Minimum value is 1 at /States/S/TimeoutSeconds"], id="no time"),
        pytest.param(
            {"TimeoutSeconds": 100_000_000}, ["Maximum value is 99999999 at /States/S/TimeoutSeconds"], id="too much"
        ),
        pytest.param(
            {"TimeoutSeconds": "{% 5 %}"},
            ["Expected value of type Integer at /States/S/TimeoutSeconds"],
            id="an expression in JSONPath",
        ),
        pytest.param({"HeartbeatSeconds": 0}, ["Minimum value is 1 at /States/S/HeartbeatSeconds"], id="no heartbeat"),
        pytest.param(
            {"TimeoutSeconds": 5, "HeartbeatSeconds": 6},
            ["HeartbeatSeconds must be smaller than TimeoutSeconds at /States/S/HeartbeatSeconds"],
            id="a heartbeat longer than the task",
        ),
        pytest.param({"TimeoutSeconds": 5, "HeartbeatSeconds": 4}, [], id="a shorter one"),
        pytest.param({"TimeoutSeconds": 5, "HeartbeatSecondsPath": "$.h"}, [], id="one that is not known yet"),
        pytest.param(
            {"TimeoutSeconds": 1, "TimeoutSecondsPath": "$.t"},
            ["There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/S"],
            id="a timeout and its path",
        ),
        pytest.param(
            {"HeartbeatSeconds": 1, "HeartbeatSecondsPath": "$.t"},
            ["There should only be one of the following fields: [HeartbeatSeconds, HeartbeatSecondsPath] at /States/S"],
            id="a heartbeat and its path",
        ),
        pytest.param(
            {"TimeoutSecondsPath": "$.t[*]"},
            ["Value is not a Reference Path: '*' is not allowed at /States/S/TimeoutSecondsPath"],
            id="a path to several",
        ),
        pytest.param(
            {"Credentials": {}},
            ["The field 'RoleArn' is required but was missing at /States/S/Credentials"],
            id="credentials without a role (recorded)",
        ),
        pytest.param({"Credentials": {"RoleArn.$": "$.role"}}, [], id="a role by path"),
        pytest.param({"Credentials": "role"}, ["Expected value of type Object at /States/S/Credentials"], id="a text"),
        pytest.param(
            {"ResultPath": "$$.a"},
            [
                "Value is not a Reference Path: A result path starts with '$', the state's input: $$.a "
                "at /States/S/ResultPath"
            ],
            id="a result for the context object",
        ),
        pytest.param({"ResultPath": None, "InputPath": None, "OutputPath": None}, [], id="null for a path"),
        pytest.param({"InputPath": "$.a[*]", "OutputPath": "$..b"}, [], id="paths to several, for input and output"),
        pytest.param({"InputPath": 1}, ["Expected value of type String at /States/S/InputPath"], id="a number"),
        pytest.param({"InputPath": "a"}, ["Value must be a valid JSONPath. at /States/S/InputPath"], id="no path"),
    ],
)
def test_fields_of_a_task(fields: JSON, expected: list[str]) -> None:
    assert faults(only("Task", **{"Resource": LAMBDA, **fields})) == expected


def test_a_task_needs_a_resource() -> None:
    assert faults(only("Task")) == ["These fields are required: [Resource] at /States/S"]


@pytest.mark.parametrize(
    ("resource", "integration"),
    [
        (LAMBDA, None),
        ("arn:aws:states:::sqs:sendMessage", ("sqs", "sendMessage")),
        ("arn:aws:states:::aws-sdk:s3:getObject", ("aws-sdk:s3", "getObject")),
        ("arn:aws:states:::ecs:runTask.sync", ("ecs", "runTask.sync")),
        ("arn:aws:states:::states:startExecution.sync:2", ("states", "startExecution.sync:2")),
        ("arn:aws:states:us-east-1:123456789012:activity:a", None),
    ],
)
def test_what_a_resource_stands_for(resource: str, integration: tuple[str, str] | None) -> None:
    state = parse_definition(only("Task", Resource=resource), machine_type="STANDARD").states.by_name["S"]
    assert isinstance(state, TaskState)
    assert state.integration == integration
