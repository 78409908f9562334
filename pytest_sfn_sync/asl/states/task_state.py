"""Task states: one attempt at the work, its timeouts and its events.

A `TaskCall` goes to ``invoke_task``, which has the work done. It returns a `TaskAnswer`, `Submitted` if the outside
will answer, or an execution or a job to wait for (`nested_work`).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NoReturn

from pytest_sfn_sync.asl.definition import TaskState
from pytest_sfn_sync.asl.error_names import STATES_TIMEOUT, AslError, error_details, result_too_large, runtime_error
from pytest_sfn_sync.asl.expressions import JSON, MISSING, Expression
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.limits import MAX_SECONDS, MICROSECONDS, PAYLOAD_BYTES
from pytest_sfn_sync.asl.pauses import TURN, Awaited, Pause
from pytest_sfn_sync.asl.runtime import NestedRun, Runtime
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.states.nested_work import wait_for_nested
from pytest_sfn_sync.asl.states.number_fields import integer_field
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall

_LAMBDA_STEPS = {step: "LambdaFunction" + step for step in ("Started", "Succeeded", "TimedOut")}
_TASK_STEPS = {step: "Task" + step for step in ("Started", "Submitted", "Succeeded", "TimedOut")}


def attempt_task(
    runtime: Runtime, state: TaskState, effective_input: JSON, scope: BranchScope
) -> Generator[Pause, None, JSON]:
    """Run the task once; return its result or raise its error, which may be a timeout."""
    payload = state.flow.arguments(effective_input, scope)
    timeout = _timeout_seconds(state.timeout_seconds, "TimeoutSecondsPath", effective_input, scope)
    heartbeat = (
        None
        if state.heartbeat_seconds is None
        else _timeout_seconds(state.heartbeat_seconds, "HeartbeatSecondsPath", effective_input, scope)
    )
    credentials = None if state.credentials is None else state.credentials.evaluate(effective_input, scope)
    clock = runtime.clock
    call = TaskCall(
        state_name=state.name,
        resource=state.resource,
        payload=payload,
        attempt=scope.retry_count or 0,
        iteration=scope.iteration,
        at_microseconds=clock.now,
        unchecked_members=state.unchecked_members,
    )
    if credentials is not None:
        call.role_arn = credentials["RoleArn"]
    if runtime.identity.ancestors:
        call.ancestors = runtime.identity.ancestors
    if state.integration is not None and runtime.check_task is not None:
        runtime.check_task(call)
    runtime.run.calls.append(call)
    _record_scheduled(runtime, state, payload, credentials, scope, timeout, heartbeat)
    call.event = scope.last_event
    if scope.concurrent:
        # Recorded: iterations that run at the same time schedule all their tasks before the first task starts.
        yield TURN
    _record_step(runtime, state, scope, "Started")
    answer = runtime.invoke_task(call)
    if not isinstance(answer, TaskAnswer):
        answer = yield from _wait(runtime, state, call, answer, scope, timeout, heartbeat)
    elif answer.takes:
        yield from _take_time(runtime, state, call, answer, scope, timeout, heartbeat)
    if answer.error is not None:
        failure = AslError(answer.error, answer.cause)
    elif _is_too_large(answer, payload):
        failure = _result_too_large(state)
    else:
        call.result = answer.result
        _record_end(runtime, state, scope, "Succeeded", "output", answer.result)
        return answer.result
    call.error, call.cause = failure.error, failure.cause
    details = {**(state.event_details or {}), **error_details(failure)}
    type_ = "LambdaFunctionFailed" if state.integration is None else "TaskFailed"
    scope.last_event = runtime.record(type_, scope.last_event, scope.entered_event, details)
    if scope.concurrent:
        # Recorded: tasks that end at the same time still get their events before the failure ends all branches.
        yield TURN
    raise failure


def _is_too_large(answer: TaskAnswer, payload: JSON) -> bool:
    if answer.result is payload or (answer.most_bytes is not None and answer.most_bytes <= PAYLOAD_BYTES):
        return False
    return utf8_size(answer.result) > PAYLOAD_BYTES


def _take_time(
    runtime: Runtime,
    state: TaskState,
    call: TaskCall,
    answer: TaskAnswer,
    scope: BranchScope,
    timeout: int,
    heartbeat: int | None,
) -> Generator[Pause, None, None]:
    """Wait in virtual time until the answer comes; raise States.Timeout if it comes too late."""
    clock = runtime.clock
    # A request-response task sends no heartbeats, so it misses the first one that is due.
    patience = min(timeout, MAX_SECONDS if heartbeat is None else heartbeat) * MICROSECONDS
    if answer.takes <= patience:
        yield Pause(clock.now + answer.takes)
        return
    yield Pause(clock.now + patience)
    yield from _time_out(runtime, state, call, scope, is_heartbeat=heartbeat is not None and heartbeat < timeout)


def _time_out(
    runtime: Runtime, state: TaskState, call: TaskCall, scope: BranchScope, *, is_heartbeat: bool
) -> Generator[Pause, None, NoReturn]:
    call.error = STATES_TIMEOUT
    # Recorded: States.Timeout without a cause, also for a missed heartbeat.
    _record_end(runtime, state, scope, "TimedOut", "error", STATES_TIMEOUT)
    if scope.concurrent:
        yield TURN
    raise AslError(STATES_TIMEOUT, None, is_heartbeat=is_heartbeat)


def _wait(
    runtime: Runtime,
    state: TaskState,
    call: TaskCall,
    work: Submitted | NestedRun,
    scope: BranchScope,
    timeout: int,
    heartbeat: int | None,
) -> Generator[Pause, None, TaskAnswer]:
    """Return the answer of the outside or of the nested execution; raise States.Timeout if it comes too late."""
    ends_at = runtime.clock.now + timeout * MICROSECONDS
    if isinstance(work, Submitted):
        answer = yield from _wait_for_outside(runtime, state, work, scope, ends_at, heartbeat)
    else:
        if work.submitted is not MISSING:
            _record_end(runtime, state, scope, "Submitted", "output", work.submitted)
        awaited = Awaited("", state_name=state.name, since=runtime.clock.now, deadline=ends_at)
        answer = yield from wait_for_nested(runtime.clock, work, awaited, ends_at, heartbeat)
    if answer is None:
        is_heartbeat = runtime.clock.now < ends_at
        yield from _time_out(runtime, state, call, scope, is_heartbeat=is_heartbeat)
    assert answer is not None
    return answer


def _wait_for_outside(
    runtime: Runtime, state: TaskState, work: Submitted, scope: BranchScope, ends_at: int, heartbeat: int | None
) -> Generator[Pause, None, TaskAnswer | None]:
    """Return the answer to a token; return None if the task times out or misses a heartbeat before."""
    _record_end(runtime, state, scope, "Submitted", "output", work.output)
    awaited = Awaited(work.token, state_name=state.name, since=runtime.clock.now, deadline=ends_at)
    runtime.awaited[work.token] = awaited
    try:
        while awaited.answer is None:
            if heartbeat is not None:
                awaited.deadline = min(ends_at, awaited.heartbeat_at + heartbeat * MICROSECONDS)
            if runtime.clock.now >= awaited.deadline:
                return None
            awaited.is_touched = False
            yield Pause(None, (awaited,))
        return awaited.answer
    finally:
        del runtime.awaited[work.token]


def _timeout_seconds(value: int | Expression, field: str, effective_input: JSON, scope: BranchScope) -> int:
    if not isinstance(value, Expression):
        return value
    # Assumption: read like MaxConcurrencyPath, whose fault was recorded. A value out of range has the text of JSONata's
    # field.
    seconds = integer_field(value.evaluate(effective_input, scope), value, field)
    if not 0 < seconds <= MAX_SECONDS:
        raise runtime_error(f"{field} must be between 0 and {MAX_SECONDS} but was: {seconds}")
    return seconds


def _record_scheduled(
    runtime: Runtime,
    state: TaskState,
    payload: JSON,
    credentials: JSON,
    scope: BranchScope,
    timeout: int,
    heartbeat: int | None,
) -> None:
    details: dict[str, JSON] = {}
    if state.has_timeout:
        details["timeoutInSeconds"] = timeout
    if heartbeat is not None:
        details["heartbeatInSeconds"] = heartbeat
    if credentials is not None:
        details["taskCredentials"] = {"roleArn": credentials["RoleArn"]}
    if state.integration is None:
        type_, member = "LambdaFunctionScheduled", "input"
        details["resource"] = state.resource
    else:
        type_, member = "TaskScheduled", "parameters"
        details |= {**(state.event_details or {}), "region": runtime.identity.region}
    records = runtime.records
    records.append((type_, scope.last_event, runtime.clock.now, scope.entered_event, details, member, payload))
    scope.last_event = len(records)


def _record_step(runtime: Runtime, state: TaskState, scope: BranchScope, step: str) -> None:
    """Record a step of an attempt; its details are those of the state."""
    type_ = _LAMBDA_STEPS[step] if state.integration is None else _TASK_STEPS[step]
    records = runtime.records
    records.append((type_, scope.last_event, runtime.clock.now, scope.entered_event, state.event_details))
    scope.last_event = len(records)


def _record_end(runtime: Runtime, state: TaskState, scope: BranchScope, step: str, member: str, value: JSON) -> None:
    """Record the end of an attempt; ``member`` of the details holds ``value``, an output or an error."""
    type_ = _LAMBDA_STEPS[step] if state.integration is None else _TASK_STEPS[step]
    records = runtime.records
    now = runtime.clock.now
    records.append((type_, scope.last_event, now, scope.entered_event, state.event_details, member, value))
    scope.last_event = len(records)


def _result_too_large(state: TaskState) -> AslError:
    # Recorded: the subject is the resource type, or the function's ARN if that is the Resource.
    subject = state.resource if state.integration is None else state.integration[0]
    return result_too_large(subject)
