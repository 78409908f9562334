"""Targets of mocks: whether they cover a call, why not, how near they are to it, and what a mock of them gets."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.errors import DefinitionWarning, MockError
from pytest_sfn_sync.tasks.logical_ids import LogicalIds
from pytest_sfn_sync.tasks.mock_targets import Called, FunctionTarget, ResourceTarget, StateTarget, target_of
from pytest_sfn_sync.tasks.resources import FunctionName, resource_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
INVOKE = "arn:aws:states:::lambda:invoke"
GET_ITEM = "arn:aws:states:::dynamodb:getItem"
OTHER_VERSION = "for another version, alias, account or region of the function"


def called(resource: str, function: FunctionName | None = None) -> Called:
    read = resource_of(resource)
    names = LogicalIds()
    names.add(["ChargeFunction"], FunctionName(name="charge-card"))
    return Called(
        state_name="Charge",
        resource=read,
        function=read.function if function is None else function,
        logical_ids=names,
    )


OF_FUNCTION = called(ARN)
OF_INVOKE = called(INVOKE, FunctionName(name="charge-card", qualifier="live"))
OF_TABLE = called(GET_ITEM)


@pytest.mark.parametrize(
    ("method", "text", "call", "why_not"),
    [
        pytest.param("mock_task", "Charge", OF_TABLE, None, id="the state"),
        pytest.param("mock_task", "charge", OF_TABLE, "for another state", id="another state"),
        pytest.param("mock_lambda", "charge-card", OF_FUNCTION, None, id="the function by its ARN"),
        pytest.param("mock_lambda", "charge-card", OF_INVOKE, None, id="the function by lambda:invoke"),
        pytest.param("mock_lambda", "ChargeFunction", OF_INVOKE, None, id="by its logical id"),
        pytest.param("mock_lambda", "charge-card:live", OF_INVOKE, None, id="its alias"),
        pytest.param("mock_lambda", "charge-card:live", OF_FUNCTION, OTHER_VERSION, id="an alias that is not called"),
        pytest.param("mock_lambda", "charge", OF_FUNCTION, "for another function", id="another function"),
        pytest.param(
            "mock_lambda", "charge", OF_TABLE, "for a Lambda function, and this task calls none", id="no function"
        ),
        pytest.param("mock_resource", "dynamodb:getItem", OF_TABLE, None, id="the resource"),
        pytest.param("mock_resource", GET_ITEM, OF_TABLE, None, id="the resource by its ARN"),
        pytest.param("mock_resource", "dynamodb:putItem", OF_TABLE, "for another resource", id="another resource"),
    ],
)
def test_what_a_target_covers_and_why_not(method: str, text: str, call: Called, why_not: str | None) -> None:
    target = target_of(method, text)
    assert target.why_not(call) == why_not
    assert target.covers(call) is (why_not is None)


@pytest.mark.parametrize(
    ("method", "nearer", "farther", "call"),
    [
        pytest.param("mock_task", "Chargee", "Ship", OF_TABLE, id="states"),
        pytest.param("mock_lambda", "charge-crad", "ship", OF_FUNCTION, id="functions"),
        pytest.param("mock_lambda", "ChargeFunktion", "ShipFunction", OF_FUNCTION, id="logical ids"),
        pytest.param("mock_lambda", "anything", "nothing", OF_TABLE, id="functions where none is called: no nearness"),
        pytest.param("mock_resource", "dynamodb:putItem", "sqs:sendMessage", OF_TABLE, id="resources"),
    ],
)
def test_nearness(method: str, nearer: str, farther: str, call: Called) -> None:
    near, far = target_of(method, nearer).nearness(call), target_of(method, farther).nearness(call)
    assert (near, far) == (0, 0) if call.function is None and method == "mock_lambda" else near > far


@pytest.mark.parametrize(
    ("target", "call", "given"),
    [
        pytest.param(StateTarget("Charge"), OF_INVOKE, {"Payload": {"amount": 5}}, id="a state gets its input"),
        pytest.param(FunctionTarget.of("f"), OF_INVOKE, {"amount": 5}, id="a function gets its event"),
        pytest.param(FunctionTarget.of("f"), OF_FUNCTION, {"Payload": {"amount": 5}}, id="which is all by its ARN"),
        pytest.param(ResourceTarget.of("lambda:invoke"), OF_INVOKE, {"Payload": {"amount": 5}}, id="a resource"),
    ],
)
def test_what_a_mock_gets(target: Any, call: Called, given: Any) -> None:
    assert target.given({"Payload": {"amount": 5}}, call.resource) == given


def test_targets_are_values() -> None:
    assert target_of("mock_resource", "dynamodb:getItem") == ResourceTarget.of("dynamodb:getItem")
    assert len({StateTarget("A"), StateTarget("A"), StateTarget("B")}) == 2
    with pytest.raises(AttributeError):
        StateTarget("A").text = "B"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("method", "text", "message"),
    [
        ("mock_task", "", "mock_task takes the name of a state, not ''."),
        ("mock_task", 5, "mock_task takes the name of a state, not 5."),
        ("mock_lambda", "a:b:c", "is not the name or the ARN of a Lambda function"),
        ("mock_resource", "getItem", "a resource is named as in its ARN"),
        (
            "mock_resource",
            "dynamodb:getItems",
            "mock_resource('dynamodb:getItems'): no task can have this resource. The optimized integration 'dynamodb' "
            "has the actions getItem, putItem, updateItem, deleteItem. Nearest: dynamodb:getItem.",
        ),
        (
            "mock_resource",
            "arn:aws:states:::dynamodb:query",
            "mock_resource('arn:aws:states:::dynamodb:query'): no task can have this resource. The optimized "
            "integration 'dynamodb' has the actions getItem, putItem, updateItem, deleteItem. As an SDK integration it "
            "is aws-sdk:dynamodb:query.",
        ),
        ("mock_resource", "s3:getObject", "As an SDK integration it is aws-sdk:s3:getObject."),
        ("mock_resource", "aws-sdk:s3:getObjekt", "Nearest: aws-sdk:s3:getObject, aws-sdk:s3:getObjectAcl, "),
        ("mock_resource", "aws-sdk:sts:assumeRole", "Step Functions does not offer the action 'assumeRole' of 'sts'"),
        ("mock_resource", "dynamodb:getItem.sync", "dynamodb:getItem has no pattern .sync; it has request-response"),
        (
            "mock_lambda",
            "charge card",
            "mock_lambda('charge card'): no Lambda function can be called 'charge card'. Names, versions and aliases "
            "have letters, digits, hyphens and underscores only. For a state use mock_task.",
        ),
        ("mock_lambda", "${Charge}", "To fill in a placeholder, write register(..., substitutions={...})."),
        ("mock_lambda", "charge:a.b", "no Lambda function can be called 'a.b'"),
        ("mock_lambda", f"{ARN}s!", "no Lambda function can be called 'charge-cards!'"),
    ],
)
def test_what_names_no_target(method: str, text: Any, message: str) -> None:
    with pytest.raises(MockError) as refused:
        target_of(method, text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "lambda:invoke",
        "lambda:invoke.waitForTaskToken",
        "http:invoke",
        "ecs:runTask.sync",
        "states:startExecution.sync:2",
        "aws-sdk:s3:getObject",
        "arn:aws:states:us-east-1:123456789012:activity:approve",
        ARN,
    ],
)
def test_resources_that_a_task_can_have(text: str) -> None:
    assert str(target_of("mock_resource", text)) == f"mock_resource({text!r})"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("aws-sdk:zonk:doIt", r"botocore [\d.]+ does not know the service 'zonk'\. Its tasks and this mock are not"),
        ("aws-sdk:s3:zonkBucket", r"botocore [\d.]+ does not know the action 'zonkBucket' of 's3'\. Its tasks"),
    ],
)
def test_what_may_be_newer_than_botocore_is_a_warning(text: str, message: str) -> None:
    with pytest.warns(DefinitionWarning, match=message) as heard:
        assert target_of("mock_resource", text).integration is None
    assert [warning.filename for warning in heard] == [__file__]
