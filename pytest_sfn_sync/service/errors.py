"""Service errors: the codes with which AWS refuses a call, and AWS's texts for them.

The client raises a `ServiceError` as ``client.exceptions.<code>``. It never means that a workflow failed or that a test
is wrong. All codes and texts are in one table, both for errors that the service finds and for errors that a test
injects.

Source: the API page of StartSyncExecution and the page of common errors. Texts marked "Recorded" were recorded from
AWS.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.json_text import fit_for_utf8
from pytest_sfn_sync.shown_text import MOST_OF_A_MESSAGE, fits
from pytest_sfn_sync.shown_text import message as shortened


class ServiceError(Exception):
    """The refusal of a call: the code, the text, the HTTP status, and further members of the error's model."""

    def __init__(self, code: str, message: str, status: int = 400, members: dict[str, str] | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        # Assumption: a lone surrogate of a name or an ARN is answered as a question mark, as Java encodes it.
        # AWS quotes values in full. A message that is far too long loses its middle part, as all messages here do.
        self.message = fit_for_utf8(message if fits(len(message), MOST_OF_A_MESSAGE) else shortened(message))
        self.status = status
        self.members = {} if members is None else members

    def body(self) -> bytes:
        """Return the JSON that AWS answers with."""
        return json.dumps({"__type": self.code, "message": self.message, **self.members}).encode()


class ErrorText(NamedTuple):
    """The text of an error code, as a template with fields, and its HTTP status."""

    template: str
    status: int = 400


MODELLED_ERRORS: Final = {
    "InvalidArn": ErrorText("Invalid Arn: '{reason}'"),  # Recorded.
    "InvalidExecutionInput": ErrorText("Invalid State Machine Execution Input: '{reason}'"),  # Recorded.
    "InvalidName": ErrorText("Invalid Name: '{name}'"),  # Recorded.
    # Measured: how the text begins. Assumption: the ARN at its end, as in the other texts with a machine.
    "StateMachineDeleting": ErrorText("State Machine is being deleted: '{arn}'"),
    "StateMachineDoesNotExist": ErrorText("State Machine Does Not Exist: '{arn}'"),  # Recorded.
    # Recorded.
    "StateMachineTypeNotSupported": ErrorText("This operation is not supported by this type of state machine"),
    # Assumption: Step Functions passes on the texts of KMS.
    "KmsAccessDeniedException": ErrorText(
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, "
        "or you are not allowed to access."
    ),
    "KmsInvalidStateException": ErrorText("The KMS key is not in a valid state for this request: {kms_key_state}"),
    "KmsThrottlingException": ErrorText("Rate exceeded"),
}
"""The nine errors that StartSyncExecution declares."""

COMMON_ERRORS: Final = {
    "AccessDeniedException": ErrorText(
        "User: arn:aws:iam::{account_id}:user/test is not authorized to perform: states:{operation} "
        "on resource: {arn} because no identity-based policy allows the states:{operation} action"
    ),
    "ExpiredTokenException": ErrorText("The security token included in the request is expired"),
    "IncompleteSignature": ErrorText("The request signature does not conform to AWS standards"),
    "InternalFailure": ErrorText("The request processing has failed because of an unknown error", 500),
    "InvalidSignatureException": ErrorText(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    ),
    "MissingAuthenticationToken": ErrorText("Missing Authentication Token", 403),
    "OptInRequired": ErrorText("The AWS Access Key Id needs a subscription for the service", 403),
    "RequestExpired": ErrorText("Request has expired"),
    "SerializationException": ErrorText("{reason}"),
    "ServiceUnavailable": ErrorText("The request has failed due to a temporary failure of the server", 503),
    "ThrottlingException": ErrorText("Rate exceeded"),
    "UnrecognizedClientException": ErrorText("The security token included in the request is invalid."),
    "ValidationException": ErrorText("{reason}"),
}
"""The errors of all operations.

Assumption: texts and statuses are those of other AWS services with this protocol; none was recorded for this one.
"""

OTHER_ERRORS: Final = {
    "ActivityAlreadyExists": ErrorText("Activity Already Exists: '{arn}'"),
    "ActivityDoesNotExist": ErrorText("Activity Does Not Exist: '{arn}'"),
    "ActivityLimitExceeded": ErrorText("The maximum number of activities has been reached."),
    "ActivityWorkerLimitExceeded": ErrorText("The maximum number of pollers of an activity has been reached."),
    "ConflictException": ErrorText("{reason}"),
    "ExecutionAlreadyExists": ErrorText("Execution Already Exists: '{arn}'"),  # Measured.
    "ExecutionDoesNotExist": ErrorText("Execution Does Not Exist: '{arn}'"),  # Recorded.
    "ExecutionLimitExceeded": ErrorText("The maximum number of running executions has been reached."),
    "ExecutionNotRedrivable": ErrorText("{reason}"),
    "InvalidDefinition": ErrorText("Invalid State Machine Definition: '{reason}'"),  # Recorded.
    "InvalidEncryptionConfiguration": ErrorText("Invalid Encryption Configuration: {reason}"),
    "InvalidLoggingConfiguration": ErrorText("Invalid Logging Configuration: {reason}"),  # Recorded.
    "InvalidOutput": ErrorText("Invalid Output: '{output}' is not valid JSON."),  # Measured.
    "InvalidToken": ErrorText("Invalid Token: 'Invalid token'"),  # Recorded.
    "InvalidTracingConfiguration": ErrorText("Invalid Tracing Configuration: {reason}"),
    "MissingRequiredParameter": ErrorText("{reason}"),
    "ResourceNotFound": ErrorText("{reason}"),
    "ServiceQuotaExceededException": ErrorText("{reason}"),
    "StateMachineAlreadyExists": ErrorText("State Machine Already Exists: '{arn}'"),  # Recorded.
    "StateMachineLimitExceeded": ErrorText("The maximum number of state machines has been reached."),
    "TaskDoesNotExist": ErrorText("Task Does Not Exist: '{reason}'"),
    "TaskTimedOut": ErrorText("Task Timed Out: '{reason}'"),  # Measured.
    "TooManyTags": ErrorText("{reason}"),
}
"""The errors of the other operations.

Assumption: the texts that are not marked. Their forms are those of the recorded ones.
"""

ERRORS: Final = {**MODELLED_ERRORS, **OTHER_ERRORS, **COMMON_ERRORS}

KMS_KEY_STATES: Final = ("DISABLED", "PENDING_DELETION", "PENDING_IMPORT", "UNAVAILABLE", "CREATING")


def service_error(code: str, **fields: str) -> ServiceError:
    """Return the error of a code with AWS's text; ``fields`` fill in its template."""
    template, status = ERRORS[code]
    return ServiceError(code, template.format_map(fields), status)
