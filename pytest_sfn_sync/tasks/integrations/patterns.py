"""The integration patterns of each integration besides request-response, in one table.

Documented: the developer guide's table of optimized integrations. Measured: a pattern that does not exist is refused
with the text for an unknown resource. A pattern that is not in the table is refused.
"""

from __future__ import annotations

from typing import Final

SYNC: Final = "sync"
SYNC_2: Final = "sync:2"
WAIT_FOR_TASK_TOKEN: Final = "waitForTaskToken"

_OF_THE_SDK: Final = (WAIT_FOR_TASK_TOKEN,)

_ROWS: Final[tuple[tuple[str, str, str], ...]] = (
    ("apigateway", "invoke", WAIT_FOR_TASK_TOKEN),
    ("athena", "startQueryExecution", SYNC),
    ("batch", "submitJob", SYNC),
    ("bedrock", "createModelCustomizationJob", SYNC),
    ("bedrock", "invokeModel", WAIT_FOR_TASK_TOKEN),
    ("codebuild", "startBuild startBuildBatch retryBuildBatch", SYNC),
    ("databrew", "startJobRun", SYNC),
    ("ecs", "runTask", SYNC),
    ("ecs", "runTask", WAIT_FOR_TASK_TOKEN),
    ("eks", "createCluster deleteCluster createFargateProfile deleteFargateProfile", SYNC),
    ("eks", "createNodegroup deleteNodegroup runJob", SYNC),
    ("eks", "call", WAIT_FOR_TASK_TOKEN),
    ("elasticmapreduce", "createCluster terminateCluster addStep", SYNC),
    ("emr-containers", "createVirtualCluster deleteVirtualCluster startJobRun", SYNC),
    ("emr-serverless", "createApplication startApplication stopApplication deleteApplication", SYNC),
    ("emr-serverless", "startJobRun cancelJobRun", SYNC),
    ("events", "putEvents", WAIT_FOR_TASK_TOKEN),
    ("glue", "startJobRun", SYNC),
    ("lambda", "invoke", WAIT_FOR_TASK_TOKEN),
    ("mediaconvert", "createJob", SYNC),
    ("sagemaker", "createAutoMLJob createHyperParameterTuningJob createLabelingJob createProcessingJob", SYNC),
    ("sagemaker", "createTrainingJob createTransformJob", SYNC),
    ("sns", "publish", WAIT_FOR_TASK_TOKEN),
    ("sqs", "sendMessage", WAIT_FOR_TASK_TOKEN),
    ("states", "startExecution", SYNC),
    ("states", "startExecution", SYNC_2),
    ("states", "startExecution", WAIT_FOR_TASK_TOKEN),
)
"""Rows of an optimized service, some of its actions, and a pattern that these actions have."""


def _patterns() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for service, actions, pattern in _ROWS:
        for action in actions.split():
            key = f"{service}:{action}"
            found[key] = (*found.get(key, ()), pattern)
    return found


PATTERNS: Final = _patterns()
"""The patterns besides request-response by the key of an optimized integration; other integrations have none."""


def pattern_fault(key: str, pattern: str, *, is_sdk: bool) -> str | None:
    """Report that an integration lacks a pattern, with the patterns that it has; None if it has the pattern."""
    patterns = _OF_THE_SDK if is_sdk else PATTERNS.get(key, ())
    if not pattern or pattern in patterns:
        return None
    others = " and ".join(f".{one}" for one in patterns)
    return f"{key} has no pattern .{pattern}; it has request-response{f', {others}' if others else ' only'}."
