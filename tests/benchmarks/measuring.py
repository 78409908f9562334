"""Measures calls of a client side by side with botocore's own cost of a call, so that both meet the same machine.

Other load on the machine slows both down alike; what is compared are medians of calls that were made in turn.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from typing import Any, Final

import boto3

from pytest_sfn_sync import SfnSync, StateMachine
from pytest_sfn_sync.executions import recorders

SECONDS_PER_MEASUREMENT: Final = 1.0
SLOW: Final = 0.002
BASELINE_CALLS: Final = 3
BASELINE_CALLS_WHEN_SLOW: Final = 30  # the first find cold caches, after a collection of garbage
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


@dataclass(kw_only=True)
class Workbench:
    """A fake that is as new before each measured call, as it is at the start of a test.

    ``prepare`` registers the machine and mocks its tasks; ``constant`` is the client that measures botocore alone, once
    or more before each measured call, into ``botocore_alone`` (seconds).
    """

    sfn: SfnSync
    constant: Any
    request: str
    prepare: Callable[[SfnSync], StateMachine]
    is_slow: bool = False
    botocore_alone: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = self.sfn.client()
        self.arn = self.prepare(self.sfn).arn

    def call(self) -> dict[str, Any]:
        """Run the machine once."""
        answer: dict[str, Any] = self.client.start_sync_execution(stateMachineArn=self.arn, input=self.request)
        return answer

    def rounds(self) -> int:
        """How often to measure, found out by trying; at least five times."""
        taken = []
        for _ in range(3):
            self.renew()
            taken.append(seconds(self.call))
        self.is_slow = min(taken) > SLOW
        return max(5, min(30 if self.is_slow else 1000, int(SECONDS_PER_MEASUREMENT / min(taken))))

    def renew(self) -> None:
        """Make everything as new, off the clock, and measure botocore alone while at it."""
        self.sfn.reset()
        recorders.recent.clear()  # as the plugin does before each test
        self.prepare(self.sfn)
        if self.is_slow:
            gc.collect()  # what earlier rounds left behind is not this round's to clear away
        for _ in range(BASELINE_CALLS_WHEN_SLOW if self.is_slow else BASELINE_CALLS):
            self.botocore_alone.append(seconds(self._call_constant))

    def _call_constant(self) -> None:
        self.constant.start_sync_execution(stateMachineArn=ARN, input="{}")

    @property
    def baseline(self) -> float:
        """Seconds that botocore needs for a call, without anything being done for it."""
        return median(self.botocore_alone)


def seconds(call: Callable[[], Any]) -> float:
    """How long one call takes."""
    started = perf_counter()
    call()
    return perf_counter() - started
