"""The runs of distributed Maps: DescribeMapRun, ListMapRuns, UpdateMapRun, and their children as executions.

Measured: the members of the answers.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.asl.run import MapRun
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.arns import parse_arn
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.execution_entries import RUNNING
from pytest_sfn_sync.service.map_run_children import map_runs_of
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.start_sync_execution import seconds_of

_COUNTS: Final = {
    "pending": "PENDING",
    "running": "RUNNING",
    "succeeded": "SUCCEEDED",
    "failed": "FAILED",
    "timedOut": "TIMED_OUT",
    "aborted": "ABORTED",
}
_UPDATED: Final = {
    "maxConcurrency": "max_concurrency",
    "toleratedFailureCount": "tolerated_failure_count",
    "toleratedFailurePercentage": "tolerated_failure_percentage",
}


def describe_map_run(account: Account, request: Request) -> dict[str, Any]:
    """Describe a Map Run, as far as it has come."""
    map_run = map_run_of(account, request["mapRunArn"])
    counts = {name: map_run.execution_counts()[status] for name, status in _COUNTS.items()}
    items = {name: map_run.item_counts()[status] for name, status in _COUNTS.items()}
    response: dict[str, Any] = {
        "mapRunArn": map_run.arn,
        "executionArn": map_run.execution_arn,
        "status": map_run.status,
        "startDate": seconds_of(map_run.started_at),
        "maxConcurrency": map_run.max_concurrency,
        "toleratedFailurePercentage": float(map_run.tolerated_failure_percentage),
        "toleratedFailureCount": map_run.tolerated_failure_count,
        "itemCounts": _with_totals(map_run, items),
        "executionCounts": _with_totals(map_run, counts),
        "redriveCount": len(map_run.redrives),
    }
    if map_run.status != RUNNING:
        response["stopDate"] = seconds_of(map_run.stopped_at)
    if map_run.redrives:
        response["redriveDate"] = seconds_of(map_run.redrives[-1])
    return response


def _with_totals(map_run: MapRun, counts: dict[str, int]) -> dict[str, int]:
    """Return counts with their sum. Measured: in the end all results count as written, also without a ResultWriter."""
    total = sum(counts.values())
    written = 0 if map_run.status == RUNNING else total
    return {**counts, "total": total, "resultsWritten": written, "failuresNotRedrivable": 0, "pendingRedrive": 0}


def list_map_runs(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the Map Runs of an execution, the newest first."""
    started = account.execution(request["executionArn"])
    found = started.prepared.run.map_runs[::-1]
    return page_of(request, found, "mapRuns", _listed, lambda map_run: map_run.arn)


def _listed(map_run: MapRun) -> dict[str, Any]:
    listed: dict[str, Any] = {
        "executionArn": map_run.execution_arn,
        "mapRunArn": map_run.arn,
        "stateMachineArn": map_run.child_machine_arn,
        "startDate": seconds_of(map_run.started_at),
    }
    if map_run.status != RUNNING:
        listed["stopDate"] = seconds_of(map_run.stopped_at)
    return listed


def update_map_run(account: Account, request: Request) -> dict[str, Any]:
    """Change the concurrency and the thresholds of a Map Run that runs.

    Assumption: the text of the refusal for one that has ended.
    """
    map_run = map_run_of(account, request["mapRunArn"])
    if map_run.status != RUNNING:
        raise service_error("ValidationException", reason=f"Map Run is {map_run.status} and cannot be updated")
    for member, attribute in _UPDATED.items():
        if request.get(member) is not None:
            setattr(map_run, attribute, request[member])
    account.wake_map_run(map_run)
    return {}


def map_run_of(account: Account, arn: str) -> MapRun:
    """Return the Map Run of an ARN; raise InvalidArn or ResourceNotFound. Assumption: the text."""
    parse_arn(arn, "mapRun")
    for map_run, _ in map_runs_of(account.all_executions()):
        if map_run.arn == arn:
            return map_run
    raise service_error("ResourceNotFound", reason=f"Resource not found: '{arn}'")
