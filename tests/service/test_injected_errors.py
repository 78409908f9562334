"""Errors that a test has the service answer with: their texts, their order, for whom and how often."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.registry import StateMachine
from pytest_sfn_sync.service.errors import COMMON_ERRORS, ERRORS, MODELLED_ERRORS
from tests.service.answering import Answering

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"

DEFAULT_TEXTS = {
    "InvalidArn": f"Invalid Arn: 'Invalid ARN prefix: {ARN}'",
    "InvalidExecutionInput": "Invalid State Machine Execution Input: 'Invalid execution input.'",
    "InvalidName": "Invalid Name: 'first'",
    "StateMachineDeleting": f"State Machine Deleting: '{ARN}'",
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


def test_every_code_is_held_above_or_needs_a_message() -> None:
    assert ERRORS.keys() == DEFAULT_TEXTS.keys() | {"SerializationException", "ValidationException"}
    assert len(MODELLED_ERRORS) == 9
    assert not MODELLED_ERRORS.keys() & COMMON_ERRORS.keys()


@pytest.mark.parametrize("code", ERRORS)
def test_a_message_of_the_tests_own_is_used_as_it_stands(code: str) -> None:
    answering = Answering()
    answering.service.inject_error(code, message="as {given}")
    assert answering.call(stateMachineArn=ARN).body["message"] == "as {given}"


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
    targets: dict[str, str | StateMachine] = {
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
            "inject_error('ThrotlingException'): StartSyncExecution has no such error. Nearest: ThrottlingException, "
            "KmsThrottlingException, ",
            id="an unknown code",
        ),
        pytest.param(
            {"code": "ExecutionLimitExceeded"},
            "inject_error('ExecutionLimitExceeded'): StartSyncExecution has no such error. Nearest: ",
            id="a code of another operation",
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
        "Its own are InvalidArn, InvalidExecutionInput, InvalidName, StateMachineDeleting, StateMachineDoesNotExist, "
        "StateMachineTypeNotSupported, KmsAccessDeniedException, KmsInvalidStateException, KmsThrottlingException; "
        "the others are the errors common to all operations."
    )


def test_the_handle_has_a_readable_repr() -> None:
    service = Answering().service
    assert repr(service.inject_error("ThrottlingException", machine="orders", times=2)) == (
        "<InjectedError ThrottlingException for orders, at most 2x, answered 0x>"
    )
    assert repr(service.inject_error("ThrottlingException", times=None)) == (
        "<InjectedError ThrottlingException, always, answered 0x>"
    )
