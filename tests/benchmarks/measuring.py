"""Measures calls of a client, and botocore's own cost of a call in the same minute on the same machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from typing import Any, Final

import boto3

SECONDS_PER_MEASUREMENT: Final = 1.0
BASELINE_CALLS: Final = 400
ARN: Final = "arn:aws:states:us-east-1:123456789012:stateMachine:constant"


def constant_client() -> Any:
    """A boto3 client whose ``before-call`` handler returns the same answer every time, made beforehand."""
    client = boto3.client(
        "stepfunctions", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    now = datetime.now(timezone.utc)
    answer = {
        "executionArn": ARN.replace("stateMachine", "express") + ":name:id",
        "stateMachineArn": ARN,
        "name": "name",
        "startDate": now,
        "stopDate": now,
        "status": "SUCCEEDED",
        "input": "{}",
        "output": "{}",
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
    response = (SimpleNamespace(status_code=200), answer)
    client.meta.events.register_first("before-call.sfn.StartSyncExecution", lambda **_: response)
    return client


def baseline(client: Any, request: str) -> float:
    """Seconds that botocore itself needs for a call with this input: the median of many."""
    return median(timed(lambda: client.start_sync_execution(stateMachineArn=ARN, input=request), BASELINE_CALLS))


def rounds_for(seconds: float) -> int:
    """How many rounds fit into the time that one measurement may take; at least five."""
    return max(5, min(2000, int(SECONDS_PER_MEASUREMENT / seconds)))


def timed(call: Callable[[], Any], times: int, before: Callable[[], Any] = lambda: None) -> list[float]:
    """Seconds that each of some calls took; ``before`` is called before each, off the clock."""
    taken = []
    for _ in range(times):
        before()
        started = perf_counter()
        call()
        taken.append(perf_counter() - started)
    return taken
