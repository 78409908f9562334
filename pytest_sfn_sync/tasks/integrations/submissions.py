"""The answer with which a service accepts work, for tasks of which a test has written down the final result only."""

from __future__ import annotations

from random import Random

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.tasks.integrations.integration import Integration


def submission_output(integration: Integration | None, call: TaskCall, random: Random) -> JSON:
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
