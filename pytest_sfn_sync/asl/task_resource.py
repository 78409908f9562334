"""The ``Resource`` of a Task: what its ARN stands for, and what an Express machine can't have.

Sources: recorded refusals of CreateStateMachine, and the developer guide's integration patterns.
"""

from __future__ import annotations

import re

from pytest_sfn_sync.asl.field_reader import FieldReader
from pytest_sfn_sync.asl.nearest_names import did_you_mean

_LAMBDA_FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?")
_INTEGRATION = re.compile(
    r"arn:[^:]+:states:[^:]*:[^:]*:(?P<type>(?:aws-sdk:)?[A-Za-z0-9_-]+):(?P<action>[A-Za-z0-9:._-]+)"
)
_ACTIVITY = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:activity:.+")
_PATTERNS = ("sync", "sync:2", "waitForTaskToken")


def read_integration(reader: FieldReader, resource: str, *, is_express: bool = True) -> tuple[str, str] | None:
    """Read resource type and action of an integration; None for a Lambda function's own ARN, and for a fault."""
    if _LAMBDA_FUNCTION.fullmatch(resource):
        return None
    if _ACTIVITY.fullmatch(resource):
        if is_express:
            reader.fault("Express state machine does not support Activity ARN", "Resource")
        return None
    integration = _INTEGRATION.fullmatch(resource)
    if integration is None:
        note_unrecognised(reader)
        return None
    action, dot, pattern = integration["action"].partition(".")
    if dot and pattern not in _PATTERNS:
        # Assumption: the words; documented are these patterns only.
        note_unrecognised(reader, hint=did_you_mean(pattern, _PATTERNS))
        return None
    if is_express and pattern == "waitForTaskToken":
        # Recorded with the space at its end.
        reader.fault("Express state machine does not support '.waitForTaskToken' service integration ", "Resource")
    elif is_express and pattern in {"sync", "sync:2"}:
        # Assumption: .sync:2 is refused in the words recorded for .sync.
        reader.fault("Express state machine does not support '.sync' service integration", "Resource")
    elif integration["type"].startswith("aws-sdk:") and pattern in {"sync", "sync:2"}:
        # Documented; assumption: the words.
        note_unrecognised(reader, hint="Integrations of the SDK have no .sync.")
    return integration["type"], action


def note_unrecognised(reader: FieldReader, *, hint: str | None = None) -> None:
    """Note a ``Resource`` that AWS does not know, in its own words (recorded)."""
    reader.fault(
        f"The resource provided {reader.fields['Resource']} is not recognized. The value is not a valid resource ARN, "
        "or the resource is not available in this region.",
        "Resource",
        hint=hint,
    )
