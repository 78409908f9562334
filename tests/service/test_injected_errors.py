"""Errors that a test has the service answer with: their texts, their order, for whom and how often."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.service.errors import COMMON_ERRORS, ERRORS, MODELLED_ERRORS, ServiceError
from pytest_sfn_sync.service.injected_errors import InjectedErrors
from tests.service.answering import Answering

MODEL = botocore.session.get_session().get_service_model("stepfunctions")
PREFIX = "arn:aws:states:us-east-1:123456789012"
ARN = f"{PREFIX}:stateMachine:orders"

DEFAULT_TEXTS = {
    "InvalidArn": f"Invalid Arn: 'Invalid ARN prefix: {ARN}'",
    "InvalidExecutionInput": "Invalid State Machine Execution Input: 'Invalid execution input.'",
    "InvalidName": "Invalid Name: 'first'",
    "StateMachineDeleting": f"State Machine is being deleted: '{ARN}'",
    "StateMachineDoesNotExist": f"State Machine Does Not Exist: '{ARN}'",
    "StateMachineTypeNotSupported": "This operation is not supported by this type of state machine",
    "KmsAccessDeniedException": (
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, "
        "or you are not allowed to access."
    ),
    "KmsInvalidStateException": "The KMS key is not in a valid state for this request: DISABLED",
    "KmsThrottlingException": "Rate exceeded",
    "AccessDeniedException": (
        "User: arn:aws:iam::123456789012:user/test is not authorized to perform: states:StartSyncExecution on "
        f"resource: {ARN} because no identity-based policy allows the states:StartSyncExecution action"
    ),
    "ExpiredTokenException": "The security token included in the request is expired",
    "IncompleteSignature": "The request signature does not conform to AWS standards",
    "InternalFailure": "The request processing has failed because of an unknown error",
    "InvalidSignatureException": (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    ),
    "MissingAuthenticationToken": "Missing Authentication Token",
    "OptInRequired": "The AWS Access Key Id needs a subscription for the service",
    "RequestExpired": "Request has expired",
    "ServiceUnavailable": "The request has failed due to a temporary failure of the server",
    "ThrottlingException": "Rate exceeded",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
}
STATUSES = {"InternalFailure": 500, "ServiceUnavailable": 503, "MissingAuthenticationToken": 403, "OptInRequired": 403}


@pytest.mark.parametrize("code", DEFAULT_TEXTS)
def test_each_code_has_a_text_and_a_status(code: str) -> None:
    answering = Answering()
    answering.service.inject_error(code)
    answer = answering.call(stateMachineArn=ARN, name="first")
    assert answer.body["__type"] == code
    assert answer.body["message"] == DEFAULT_TEXTS[code]
    assert answer.status == STATUSES.get(code, 400)


OTHER_TEXTS = {
    # The errors of other operations: the operation, and the text.
    "ActivityAlreadyExists": ("CreateActivity", f"Activity Already Exists: '{PREFIX}:activity:orders'"),
    "ActivityDoesNotExist": ("DescribeActivity", f"Activity Does Not Exist: '{ARN}'"),
    "ActivityLimitExceeded": ("CreateActivity", "The maximum number of activities has been reached."),
    "ActivityWorkerLimitExceeded": (
        "GetActivityTask",
        "The maximum number of pollers of an activity has been reached.",
    ),
    "ConflictException": ("PublishStateMachineVersion", None),
    "ExecutionAlreadyExists": ("StartExecution", f"Execution Already Exists: '{ARN}'"),
    "ExecutionDoesNotExist": ("DescribeExecution", f"Execution Does Not Exist: '{ARN}'"),
    "ExecutionLimitExceeded": ("StartExecution", "The maximum number of running executions has been reached."),
    "ExecutionNotRedrivable": ("RedriveExecution", None),
    "InvalidDefinition": ("CreateStateMachine", None),
    "InvalidEncryptionConfiguration": ("CreateStateMachine", None),
    "InvalidLoggingConfiguration": ("CreateStateMachine", None),
    "InvalidOutput": ("SendTaskSuccess", "Invalid Output: '' is not valid JSON."),
    "InvalidToken": ("ListExecutions", "Invalid Token: 'Invalid token'"),
    "InvalidTracingConfiguration": ("CreateStateMachine", None),
    "MissingRequiredParameter": ("UpdateStateMachine", None),
    "ResourceNotFound": ("TagResource", None),
    "ServiceQuotaExceededException": ("CreateStateMachineAlias", None),
    "StateMachineAlreadyExists": ("CreateStateMachine", f"State Machine Already Exists: '{ARN}'"),
    "StateMachineLimitExceeded": ("CreateStateMachine", "The maximum number of state machines has been reached."),
    "TaskDoesNotExist": ("SendTaskSuccess", None),
    "TaskTimedOut": ("SendTaskSuccess", None),
    "TooManyTags": ("TagResource", None),
}


def test_every_code_is_held_above_or_needs_a_message() -> None:
    assert ERRORS.keys() == DEFAULT_TEXTS.keys() | OTHER_TEXTS.keys() | {
        "SerializationException",
        "ValidationException",
    }
    assert len(MODELLED_ERRORS) == 9
    assert not MODELLED_ERRORS.keys() & COMMON_ERRORS.keys()


@pytest.mark.parametrize("code", [code for code, (_, text) in OTHER_TEXTS.items() if text])
def test_an_error_of_another_operation_has_a_text(code: str) -> None:
    operation, text = OTHER_TEXTS[code]
    service = Answering().service
    service.inject_error(code, operation=operation)
    response = service.answer(
        operation, json.dumps({"resourceArn": ARN, "name": "orders"}), {}, MODEL.operation_model(operation)
    )
    assert response is not None
    assert json.loads(response.body) == {"__type": code, "message": text}


@pytest.mark.parametrize("code", [*MODELLED_ERRORS, *COMMON_ERRORS])
def test_a_message_of_the_tests_own_is_used_as_it_stands(code: str) -> None:
    answering = Answering()
    answering.service.inject_error(code, message="as {given}")
    assert answering.call(stateMachineArn=ARN).body["message"] == "as {given}"


@pytest.mark.parametrize("code", OTHER_TEXTS)
def test_a_message_for_another_operation_is_used_as_it_stands(code: str) -> None:
    operation = OTHER_TEXTS[code][0]
    service = Answering().service
    service.inject_error(code, message="as {given}")
    response = service.answer(operation, "{}", {}, MODEL.operation_model(operation))
    assert response is not None
    assert json.loads(response.body) == {"__type": code, "message": "as {given}"}


@pytest.mark.parametrize("code", OTHER_TEXTS)
def test_an_error_that_the_operation_does_not_declare_waits_for_another_one(code: str) -> None:
    answering = Answering()
    answering.service.inject_error(code, message="later")
    assert answering.call(stateMachineArn=answering.arn()).body["status"] == "SUCCEEDED"
    assert [error.code for error in answering.service.injected_errors.pending] == [code]


@pytest.mark.parametrize("code", [code for code, (_, text) in OTHER_TEXTS.items() if text is None])
def test_an_error_whose_text_depends_on_the_request_needs_a_message(code: str) -> None:
    with pytest.raises(MockError) as raised:
        Answering().service.inject_error(code)
    assert (
        str(raised.value) == f"inject_error({code!r}) needs a message=: AWS's text says what is wrong in the request."
    )


@pytest.mark.parametrize("state", ["DISABLED", "PENDING_DELETION", "PENDING_IMPORT", "UNAVAILABLE", "CREATING"])
def test_the_state_of_a_kms_key_is_a_member_of_its_own(state: str) -> None:
    answering = Answering()
    answering.service.inject_error("KmsInvalidStateException", kms_key_state=state)
    assert answering.call(stateMachineArn=ARN).body == {
        "__type": "KmsInvalidStateException",
        "message": f"The KMS key is not in a valid state for this request: {state}",
        "kmsKeyState": state,
    }


def outcomes(answering: Answering, *arns: str) -> list[str]:
    """Call once for each ARN; give the codes of the refusals and the statuses of the executions."""
    bodies = [answering.call(stateMachineArn=arn).body for arn in arns]
    return [str(body["__type"] if "__type" in body else body["status"]) for body in bodies]


def test_errors_are_answered_in_order_and_then_the_machine_runs_again() -> None:
    answering = Answering()
    arn = answering.arn()
    first = answering.service.inject_error("ThrottlingException", times=2)
    answering.service.inject_error("AccessDeniedException")
    assert outcomes(answering, arn, arn, arn, arn) == [
        "ThrottlingException",
        "ThrottlingException",
        "AccessDeniedException",
        "SUCCEEDED",
    ]
    assert (first.answered, first.is_used_up) == (2, True)
    assert answering.service.injected_errors.pending == []


def test_times_none_is_for_always() -> None:
    answering = Answering()
    arn = answering.arn()
    always = answering.service.inject_error("ThrottlingException", times=None)
    assert outcomes(answering, *[arn] * 5) == ["ThrottlingException"] * 5
    assert answering.service.injected_errors.pending == [always]


@pytest.mark.parametrize("by", ["name", "arn", "machine", "qualified"])
def test_an_error_may_be_for_one_machine_only(by: str) -> None:
    answering = Answering()
    orders = answering.registry.register("orders", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    version = orders.publish_version()
    others = answering.arn("orders-2")
    targets: dict[str, str | RegisteredMachine] = {
        "name": "orders",
        "arn": orders.arn,
        "machine": orders,
        "qualified": version,
    }
    target = targets[by]
    answering.service.inject_error("ThrottlingException", machine=target)
    asked = version if by == "qualified" else orders.arn
    assert outcomes(answering, others, asked, asked) == ["SUCCEEDED", "ThrottlingException", "SUCCEEDED"]


def test_an_error_for_a_machine_is_for_its_versions_too() -> None:
    answering = Answering()
    machine = answering.registry.register("orders", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    answering.service.inject_error("ThrottlingException", machine=machine)
    assert outcomes(answering, machine.publish_version()) == ["ThrottlingException"]


def test_the_machine_need_not_be_registered() -> None:
    answering = Answering()
    answering.service.inject_error("AccessDeniedException", machine="elsewhere")
    assert outcomes(answering, f"{ARN.rpartition(':')[0]}:elsewhere", "nonsense") == [
        "AccessDeniedException",
        "InvalidArn",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"code": "ThrotlingException"},
            "inject_error('ThrotlingException'): Step Functions has no such error. Nearest: ThrottlingException, "
            "KmsThrottlingException, ",
            id="an unknown code",
        ),
        pytest.param(
            {"code": "ExecutionLimitExceeded", "operation": "StartSyncExecution"},
            "inject_error('ExecutionLimitExceeded', operation='StartSyncExecution'): StartSyncExecution has no such "
            "error. Nearest: ",
            id="a code of another operation",
        ),
        pytest.param(
            {"code": "ThrottlingException", "operation": "StartExecutions"},
            "inject_error('ThrottlingException', operation='StartExecutions'): Step Functions has no such operation. "
            "Nearest: StartExecution, ",
            id="an unknown operation",
        ),
        pytest.param(
            {"code": "ValidationException"},
            "inject_error('ValidationException') needs a message=: AWS's text says what is wrong in the request.",
            id="a code whose text can't be guessed",
        ),
        pytest.param(
            {"code": "ThrottlingException", "times": 0},
            "inject_error('ThrottlingException', times=0): give a whole number from 1, or None for always.",
            id="times zero",
        ),
        pytest.param(
            {"code": "ThrottlingException", "times": True},
            "inject_error('ThrottlingException', times=True): give a whole number from 1, or None for always.",
            id="times true",
        ),
        pytest.param(
            {"code": "ThrottlingException", "kms_key_state": "DISABLED"},
            "inject_error('ThrottlingException', kms_key_state='DISABLED'): "
            "only KmsInvalidStateException has a key state.",
            id="a key state without a key",
        ),
        pytest.param(
            {"code": "KmsInvalidStateException", "kms_key_state": "Disabled"},
            "inject_error('KmsInvalidStateException', kms_key_state='Disabled'): a key state is one of "
            "DISABLED, PENDING_DELETION, PENDING_IMPORT, UNAVAILABLE, CREATING.",
            id="an unknown key state",
        ),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(MockError) as raised:
        Answering().service.inject_error(**arguments)
    assert str(raised.value).startswith(message)


def test_the_error_for_an_unknown_code_lists_the_codes_of_the_operation() -> None:
    with pytest.raises(MockError) as raised:
        Answering().service.inject_error("Nonsense")
    assert str(raised.value).endswith(
        "StartSyncExecution has InvalidArn, InvalidExecutionInput, InvalidName, StateMachineDeleting, "
        "StateMachineDoesNotExist, StateMachineTypeNotSupported, KmsAccessDeniedException, KmsInvalidStateException, "
        "KmsThrottlingException, and the errors common to all operations."
    )


def test_the_handle_has_a_readable_repr() -> None:
    service = Answering().service
    assert repr(service.inject_error("ThrottlingException", machine="orders", times=2)) == (
        "<InjectedError ThrottlingException for orders, at most 2x, answered 0x>"
    )
    assert repr(service.inject_error("ThrottlingException", times=None)) == (
        "<InjectedError ThrottlingException, always, answered 0x>"
    )


@pytest.mark.parametrize(
    ("operation", "request_", "resource"),
    [
        ("CreateStateMachine", {"roleArn": "arn:aws:iam::1:role/r", "name": "orders"}, f"{PREFIX}:stateMachine:orders"),
        ("UpdateStateMachine", {"roleArn": "arn:aws:iam::1:role/r", "stateMachineArn": ARN}, ARN),
        ("CreateActivity", {"name": "pack"}, f"{PREFIX}:activity:pack"),
        ("ListStateMachines", {}, f"{PREFIX}:stateMachine:*"),
        ("ListActivities", {}, f"{PREFIX}:activity:*"),
        (
            "CreateStateMachineAlias",
            {"name": "live", "routingConfiguration": [{"stateMachineVersionArn": f"{ARN}:1", "weight": 100}]},
            ARN,
        ),
        ("TestState", {"roleArn": "arn:aws:iam::1:role/r"}, "*"),
    ],
)
def test_the_resource_of_a_refused_access(operation: str, request_: dict[str, Any], resource: str) -> None:
    errors = InjectedErrors()
    errors.add("AccessDeniedException")
    with pytest.raises(ServiceError) as raised:
        errors.raise_first(operation, request_, [], "123456789012", "us-east-1")
    assert f" on resource: {resource} because " in raised.value.message
