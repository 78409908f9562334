"""The ``Resource`` of a Task: what its ARN stands for, and what an Express machine can't have.

Sources: recorded refusals of CreateStateMachine, and the developer guide's integration patterns.
"""

from __future__ import annotations

import re

from pytest_sfn_sync.asl.field_reader import FieldReader

_LAMBDA_FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?")
_INTEGRATION = re.compile(
    r"arn:[^:]+:states:[^:]*:[^:]*:(?P<type>(?:aws-sdk:)?[A-Za-z0-9_-]+):(?P<action>[A-Za-z0-9:._-]+)"
)
_ACTIVITY = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:activity:.+")


def read_integration(reader: FieldReader, resource: str) -> tuple[str, str] | None:
    """Read resource type and action of an integration; None for a Lambda function's own ARN, and for a fault."""
    if _LAMBDA_FUNCTION.fullmatch(resource):
        return None
    if _ACTIVITY.fullmatch(resource):
        reader.fault("Express state machine does not support Activity ARN", "Resource")
        return None
    integration = _INTEGRATION.fullmatch(resource)
    if integration is None:
        reader.fault(
            f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the "
            "resource is not available in this region.",
            "Resource",
        )
        return None
    action, _, pattern = integration["action"].partition(".")
    if pattern == "waitForTaskToken":
        # Recorded with the space at its end.
        reader.fault("Express state machine does not support '.waitForTaskToken' service integration ", "Resource")
    elif pattern in {"sync", "sync:2"}:
        # Assumption: .sync:2 is refused in the words recorded for .sync.
        reader.fault("Express state machine does not support '.sync' service integration", "Resource")
    return integration["type"], action
