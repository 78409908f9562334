"""Standard executions after their start: describe, list, stop, and their history.

Express executions are not found by any of these operations (recorded).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import error_members
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.json_text import fit_for_utf8
from pytest_sfn_sync.service.account import Account, epoch_seconds
from pytest_sfn_sync.service.arns import parse_state_machine_arn
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.execution_entries import RUNNING, StartedExecution
from pytest_sfn_sync.service.map_run_children import children_of
from pytest_sfn_sync.service.map_runs import map_run_of
from pytest_sfn_sync.service.paging import page_of
from pytest_sfn_sync.service.redrives import why_not_redrivable
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.start_sync_execution import seconds_of
from pytest_sfn_sync.service.state_machine_operations import METADATA_ONLY, revision_members

_INCLUDED: Final = {"included": True}
_PENDING_REDRIVE: Final = "PENDING_REDRIVE"
_REDRIVEN: Final = "REDRIVEN"
_DATA_MEMBERS: Final = frozenset({"input", "inputDetails", "output", "outputDetails"})


def describe_execution(account: Account, request: Request) -> dict[str, Any]:
    """Describe an execution, as far as it has come."""
    started = account.execution(request["executionArn"])
    run = started.prepared.run
    is_whole = request.get("includedData") != METADATA_ONLY
    response = _listed(started)
    if is_whole:
        response["input"] = run.input_text
    response["inputDetails"] = _INCLUDED
    if run.status == "SUCCEEDED":
        if is_whole:
            response["output"] = fit_for_utf8(run.as_written(run.output))
        response["outputDetails"] = _INCLUDED
    elif run.status in ("FAILED", "ABORTED") and is_whole:
        # Measured: TIMED_OUT has neither of them.
        response |= error_members(run.error, run.cause)
    if started.prepared.trace_header is not None:
        response["traceHeader"] = started.prepared.trace_header
    reason = why_not_redrivable(account, started)
    redrivable = "REDRIVABLE" if started.map_run is None else "REDRIVABLE_BY_MAP_RUN"
    response["redriveStatus"] = redrivable if reason is None else "NOT_REDRIVABLE"
    if reason is not None:
        response["redriveStatusReason"] = reason
    return response


def describe_state_machine_for_execution(account: Account, request: Request) -> dict[str, Any]:
    """Describe the revision of a machine that an execution runs."""
    started = account.execution(request["executionArn"])
    machine = started.machine
    response = {
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "updateDate": epoch_seconds(machine.updated_at or machine.creation_date),
        **revision_members(machine, request),
    }
    if started.map_run is not None:
        response |= {"mapRunArn": started.map_run.arn, "label": started.map_run.label}
    return response


def list_executions(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of the executions of a machine, a version or an alias.

    Documented: those that run come by their start or last redrive, the others by their end, newest first.
    """
    arn, map_run_arn, status = request.get("stateMachineArn"), request.get("mapRunArn"), request.get("statusFilter")
    if arn is None and map_run_arn is None:
        raise service_error("ValidationException", reason="Must provide a StateMachine ARN or MapRun ARN")
    if arn is not None and map_run_arn is not None:
        # Assumption: the text, here and below.
        raise service_error("ValidationException", reason="Must provide either a StateMachine ARN or a MapRun ARN")
    if map_run_arn is not None:
        members = children_of(account.all_executions(), map_run_of(account, map_run_arn))
    else:
        machine = account.machine(str(arn))
        if machine.type == "EXPRESS":
            raise service_error("StateMachineTypeNotSupported")
        if status == _PENDING_REDRIVE:
            raise service_error(
                "ValidationException", reason=f"statusFilter {_PENDING_REDRIVE} is supported with a MapRun ARN only"
            )
        members = list(_of_machine(account, str(arn)))
    found = [started for started in members if status in (None, started.status)]
    redriven = request.get("redriveFilter")
    if redriven is not None:
        found = [started for started in found if bool(started.redrives) is (redriven == _REDRIVEN)]
    found.reverse()
    found.sort(key=_time_of, reverse=True)
    return page_of(request, found, "executions", _listed_member, lambda started: started.prepared.arn)


def _of_machine(account: Account, arn: str) -> Iterator[StartedExecution]:
    qualifier = parse_state_machine_arn(arn).qualifier
    for started in (started for one in account.all_around() for started in one.executions.values()):
        prepared = started.prepared
        if (prepared.machine.arn == arn) if qualifier is None else (arn in prepared.started_through.values()):
            yield started


def _time_of(started: StartedExecution) -> int:
    run = started.prepared.run
    return started.began_at if run.status == RUNNING else run.stopped_at


def stop_execution(account: Account, request: Request) -> dict[str, Any]:
    """Stop an execution. Measured: stopping one that has ended returns the date of its end."""
    started = account.execution(request["executionArn"])
    run = started.prepared.run
    if run.status == RUNNING:
        account, error, cause = account.owner_of(started), request.get("error"), request.get("cause")
        if started.map_child is not None:
            account.stop_child(started.map_child, error, cause)
        else:
            account.stop(started, error, cause)
    return {"stopDate": seconds_of(run.stopped_at)}


def get_execution_history(account: Account, request: Request) -> dict[str, Any]:
    """Return one page of an execution's events.

    Assumption: without ``includeExecutionData``, inputs and outputs are left out, and everything else stays.
    """
    started = account.execution(request["executionArn"])
    started.look()
    history = started.prepared.run.history
    numbers = list(range(1, len(history) + 1))
    if request.get("reverseOrder"):
        numbers.reverse()
    has_data = request.get("includeExecutionData") is not False
    return page_of(request, numbers, "events", lambda number: _event(history, number, has_data), str)


def _event(history: History, number: int, has_data: bool) -> dict[str, Any]:
    event = history.render_event(number)
    event["timestamp"] = epoch_seconds(event["timestamp"])
    if has_data:
        return event
    return {
        name: {key: part for key, part in value.items() if key not in _DATA_MEMBERS}
        if isinstance(value, dict)
        else value
        for name, value in event.items()
    }


def _listed(started: StartedExecution) -> dict[str, Any]:
    started.look()
    prepared = started.prepared
    run = prepared.run
    listed: dict[str, Any] = {
        "executionArn": prepared.arn,
        "stateMachineArn": prepared.machine.arn,
        "name": prepared.name,
        "status": run.status,
        "startDate": seconds_of(run.started_at),
        "redriveCount": len(started.redrives),
        **prepared.started_through,
    }
    if started.redrives:
        listed["redriveDate"] = seconds_of(started.redrives[-1].at)
    if run.status != RUNNING:
        listed["stopDate"] = seconds_of(run.stopped_at)
    if started.map_run is not None:
        listed["mapRunArn"] = started.map_run.arn
    return listed


def _listed_member(started: StartedExecution) -> dict[str, Any]:
    """Return an execution in a list. Measured: only there does a child have the number of its items."""
    child = started.map_child
    return _listed(started) if child is None else {**_listed(started), "itemCount": child.items}
