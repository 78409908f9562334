"""The ``Resource`` of a Task: the parts of its ARN, and the resources that an Express machine refuses.

Sources: recorded refusals of CreateStateMachine, and the developer guide's integration patterns.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.definition import TaskKind
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.nearest_names import did_you_mean

_ARN: Final = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:]*:[^:]*:.*", re.DOTALL)
_LAMBDA_FUNCTION: Final = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?")
_INTEGRATION: Final = re.compile(
    r"arn:[^:]+:states:[^:]*:[^:]*:(?P<type>(?:aws-sdk:)?[A-Za-z0-9_-]+):(?P<action>[A-Za-z0-9:._-]+)"
)
_ACTIVITY: Final = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:activity:.+")
_PATTERNS: Final = ("sync", "sync:2", "waitForTaskToken")
_EXPRESS_REFUSALS: Final = {
    # Recorded with the space at its end.
    "waitForTaskToken": "Express state machine does not support '.waitForTaskToken' service integration ",
    "sync": "Express state machine does not support '.sync' service integration",
    # Assumption: refused in the words recorded for .sync.
    "sync:2": "Express state machine does not support '.sync' service integration",
}


class IntegrationResource(NamedTuple):
    """The parts of an integration's ARN; ``pattern`` is empty for request-response."""

    type: str
    action: str
    pattern: str
    is_express: bool

    @property
    def called(self) -> str:
        """The action with its pattern, as events show it."""
        return f"{self.action}.{self.pattern}" if self.pattern else self.action


def kind_of(resource: str) -> TaskKind:
    """Return the kind of task that a ``Resource`` without faults makes."""
    if _LAMBDA_FUNCTION.fullmatch(resource):
        return "LambdaFunction"
    return "Activity" if _ACTIVITY.fullmatch(resource) else "Task"


def read_resource(reader: FieldReader, resource: str, *, is_express: bool = True) -> IntegrationResource | None:
    """Read the ARN of an integration; return None for a Lambda function, an activity, or a fault."""
    if _LAMBDA_FUNCTION.fullmatch(resource):
        return None
    if _ACTIVITY.fullmatch(resource):
        _check_activity(reader, is_express=is_express)
        return None
    if _ARN.fullmatch(resource) is None:
        reader.fault("Value is not a valid resource ARN", "Resource")
        return None
    integration = _INTEGRATION.fullmatch(resource)
    if integration is None:
        report_unrecognised(reader)
        return None
    action, dot, pattern = integration["action"].partition(".")
    if dot and pattern not in _PATTERNS:
        # Documented: only these patterns are supported. Assumption: the text.
        report_unrecognised(reader, hint=did_you_mean(pattern, _PATTERNS))
        return None
    return IntegrationResource(integration["type"], action, pattern, is_express)


def _check_activity(reader: FieldReader, *, is_express: bool) -> None:
    if is_express:
        reader.fault("Express state machine does not support Activity ARN", "Resource", is_about_type=True)
    if "Credentials" in reader:
        # Measured but for the location.
        reader.fault("The field 'Credentials' is not supported for activities", of="Credentials")


def report_express_pattern(reader: FieldReader, resource: IntegrationResource) -> None:
    """Record a pattern that an Express machine refuses."""
    if resource.is_express and resource.pattern:
        reader.fault(_EXPRESS_REFUSALS[resource.pattern], "Resource", is_about_type=True)


def report_unrecognised(reader: FieldReader, *, hint: str | None = None) -> None:
    """Record a ``Resource`` that AWS does not know, in AWS's words (recorded)."""
    reader.fault(
        f"The resource provided {reader.fields['Resource']} is not recognized. The value is not a valid resource ARN, "
        "or the resource is not available in this region.",
        "Resource",
        hint=hint,
    )
