"""RedriveExecution: an execution that has failed goes on where it failed, with its history and its definition.

`asl.redrive` finds the place. An execution that cannot be redriven is refused with the reason that DescribeExecution
has as ``redriveStatusReason``.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.asl.limits import MICROSECONDS, STANDARD_TIMEOUT_SECONDS
from pytest_sfn_sync.service.account import RUNNING, Account, Redrive, StartedExecution
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.start_sync_execution import seconds_of

_REDRIVABLE_FOR: Final = 14 * 24 * 3600 * MICROSECONDS
_LONGEST: Final = STANDARD_TIMEOUT_SECONDS * MICROSECONDS
_MOST_EVENTS: Final = 24_998
_MOST_REDRIVES: Final = 1000
_TOKENS_KEPT: Final = 10
_TOKEN_LIFE: Final = 15 * 60 * MICROSECONDS


def redrive_execution(account: Account, request: Request) -> dict[str, Any]:
    """Let a failed execution go on. Measured: the same client token again returns the date of its redrive."""
    started = account.execution(request["executionArn"])
    account = account.owner_of(started)
    with account.held():  # Another thread must not let time pass between the redrive and the first step.
        return _redrive(account, request, started)


def _redrive(account: Account, request: Request, started: StartedExecution) -> dict[str, Any]:
    token, now = request.get("clientToken"), account.now()
    known = _redrive_of(started, token, now)
    if known is not None:
        return {"redriveDate": seconds_of(known.at)}
    reason = why_not_redrivable(account, started)
    if reason is not None:
        # Measured.
        raise service_error(
            "ExecutionNotRedrivable", reason=f"Execution {started.prepared.arn} invalid for redrive as: {reason}"
        )
    started.redrives.append(Redrive(token, now))
    started.running.redrive(len(started.redrives))
    account.run(started)
    return {"redriveDate": seconds_of(now)}


def why_not_redrivable(account: Account, started: StartedExecution) -> str | None:
    """Return AWS's reason why an execution can't be redriven; None if it can.

    Measured: the reasons of executions that run or succeeded. Documented: the others and their limits. Assumption: the
    machine of an execution that is deleted counts as being deleted, and the text for too many redrives.
    """
    run, now = started.prepared.run, account.now()
    if run.status in (RUNNING, "SUCCEEDED"):
        return f"Execution is {run.status} and cannot be redriven"
    if not account.has(started.machine):
        return "State machine is in DELETING status"
    if len(run.history) > _MOST_EVENTS:
        return "Execution history event limit exceeded"
    if now - run.started_at >= _LONGEST:
        return "Execution has exceeded the max execution time"
    if now - run.stopped_at > _REDRIVABLE_FOR:
        return "Execution redrivable period exceeded"
    if len(started.redrives) >= _MOST_REDRIVES:
        return "Execution redrive limit exceeded"
    return None


def _redrive_of(started: StartedExecution, token: str | None, now: int) -> Redrive | None:
    """Return the redrive of a client token. Documented: the last ten tokens are known for 15 minutes."""
    for redrive in started.redrives[-_TOKENS_KEPT:]:
        if token is not None and redrive.token == token and now - redrive.at <= _TOKEN_LIFE:
            return redrive
    return None
