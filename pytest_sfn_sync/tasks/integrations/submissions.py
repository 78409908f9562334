"""The answer with which a service accepts work, for tasks of which a test has written down the final result only."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.integrations.integration import Integration

_ECS: Final = "AmazonECS."


def submitted_job(answer: TaskAnswer, result: JSON, integration: Integration, random: Random) -> TaskAnswer | Submitted:
    """Return the answer of a task that waits for a job: the start of the job, and then its end.

    ``result`` is the job, also if ``answer`` is the failure of the task. An error of the service means that the job did
    not start; then there is no ``TaskSubmitted``.
    """
    job = integration.job
    if job is None or (answer.error or "").startswith((f"{integration.error_prefix}.", _ECS)):
        return answer
    start = job.submitted(result, integration.shape("output"))
    return Submitted({**start, **submission_output(integration, random)}, answer=answer)


def submission_output(integration: Integration | None, random: Random) -> dict[str, Any]:
    """Return what TaskSubmitted shows: a request id, as the answers of optimized integrations have it.

    Assumption: its other members. No state ever sees them.
    """
    if integration is None or integration.optimized is None:
        return {}
    request_id = random_uuid(random)
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {"x-amzn-RequestId": [request_id]},
            "HttpHeaders": {"x-amzn-RequestId": request_id},
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": request_id},
    }
