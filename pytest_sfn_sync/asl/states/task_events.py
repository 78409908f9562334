"""The events of an attempt at a task, by the kind of the task."""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.definition import TaskState
from pytest_sfn_sync.asl.error_names import AslError, error_details
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scopes import BranchScope

_STEPS: Final = ("Scheduled", "Started", "Submitted", "Succeeded", "Failed", "TimedOut")
_TYPES: Final = {kind: {step: kind + step for step in _STEPS} for kind in ("LambdaFunction", "Activity", "Task")}


def record_scheduled(
    runtime: Runtime,
    state: TaskState,
    payload: JSON,
    credentials: JSON,
    scope: BranchScope,
    timeout: int,
    heartbeat: int | None,
) -> None:
    """Record that an attempt was scheduled, with its timeouts if the definition has any."""
    if state.has_timeout or heartbeat is not None or credentials is not None:
        details = _scheduled_details(runtime, state, credentials, timeout, heartbeat)
    elif (known := runtime.scheduled_details.get(id(state))) is not None:
        details = known
    else:
        details = runtime.scheduled_details[id(state)] = _scheduled_details(runtime, state, None, timeout, None)
    member = "parameters" if state.kind == "Task" else "input"
    type_ = _TYPES[state.kind]["Scheduled"]
    records = runtime.records
    records.append((type_, scope.last_event, runtime.clock.now, scope.entered_event, details, member, payload))
    scope.last_event = len(records)


def _scheduled_details(
    runtime: Runtime, state: TaskState, credentials: JSON, timeout: int, heartbeat: int | None
) -> dict[str, JSON]:
    details: dict[str, JSON] = {}
    if state.has_timeout:
        details["timeoutInSeconds"] = timeout
    if heartbeat is not None:
        details["heartbeatInSeconds"] = heartbeat
    if credentials is not None:
        details["taskCredentials"] = {"roleArn": credentials["RoleArn"]}
    if state.kind == "Task":
        return {**details, **(state.event_details or {}), "region": runtime.identity.region}
    return {**details, "resource": state.resource}


def record_step(runtime: Runtime, state: TaskState, scope: BranchScope, step: str) -> None:
    """Record a step of an attempt; its details are those of the state."""
    type_ = _TYPES[state.kind][step]
    records = runtime.records
    records.append((type_, scope.last_event, runtime.clock.now, scope.entered_event, state.event_details))
    scope.last_event = len(records)


def record_end(runtime: Runtime, state: TaskState, scope: BranchScope, step: str, member: str, value: JSON) -> None:
    """Record the end of an attempt; ``member`` of the details holds ``value``, an output or an error."""
    type_ = _TYPES[state.kind][step]
    records = runtime.records
    now = runtime.clock.now
    records.append((type_, scope.last_event, now, scope.entered_event, state.event_details, member, value))
    scope.last_event = len(records)


def record_failure(runtime: Runtime, state: TaskState, scope: BranchScope, failure: AslError) -> None:
    """Record the error with which an attempt has ended."""
    details = {**(state.event_details or {}), **error_details(failure)}
    records = runtime.records
    type_ = _TYPES[state.kind]["Failed"]
    records.append((type_, scope.last_event, runtime.clock.now, scope.entered_event, details))
    scope.last_event = len(records)
