"""Task states: one attempt at the work, its timeouts and its events.

Who does the work is none of its business: it hands a `TaskCall` to ``invoke_task`` and gets a `TaskAnswer`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from pytest_sfn_sync.asl.context import BranchScope
from pytest_sfn_sync.asl.definition import TaskState
from pytest_sfn_sync.asl.error_names import STATES_TIMEOUT, AslError, error_details, result_too_large, runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.limits import MAX_SECONDS, MICROSECONDS, PAYLOAD_BYTES
from pytest_sfn_sync.asl.states.number_fields import integer_field
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.interpreter import Interpreter


_LAMBDA_STEPS = {step: "LambdaFunction" + step for step in ("Started", "Succeeded", "TimedOut")}
_TASK_STEPS = {step: "Task" + step for step in ("Started", "Succeeded", "TimedOut")}


def attempt_task(
    interpreter: Interpreter, state: TaskState, effective_input: JSON, scope: BranchScope
) -> Generator[int, None, JSON]:
    """Have the task done once; gives its result or raises its error, a timeout among them."""
    payload = state.flow.arguments(effective_input, scope)
    timeout = _timeout_seconds(state.timeout_seconds, "TimeoutSecondsPath", effective_input, scope)
    heartbeat = (
        None
        if state.heartbeat_seconds is None
        else _timeout_seconds(state.heartbeat_seconds, "HeartbeatSecondsPath", effective_input, scope)
    )
    credentials = None if state.credentials is None else state.credentials.evaluate(effective_input, scope)
    clock = interpreter.clock
    call = TaskCall(
        state_name=state.name,
        resource=state.resource,
        payload=payload,
        attempt=scope.retry_count or 0,
        iteration=scope.iteration,
        at_microseconds=clock.now,
        unchecked_members=state.unchecked_members,
    )
    if state.integration is not None and interpreter.check_task is not None:
        interpreter.check_task(call)
    interpreter.run.calls.append(call)
    _record_scheduled(interpreter, state, payload, credentials, scope, timeout, heartbeat)
    if scope.concurrent:
        # Recorded: iterations that run at once schedule all their tasks before the first of them starts.
        yield clock.now
    _record_step(interpreter, state, scope, "Started")
    answer = interpreter.invoke_task(call)
    if answer.takes:
        yield from _take_time(interpreter, state, call, answer, scope, timeout, heartbeat)
    if answer.error is not None:
        failure = AslError(answer.error, answer.cause)
    elif _is_too_large(answer, payload):
        failure = _result_too_large(state)
    else:
        call.result = answer.result
        _record_end(interpreter, state, scope, "Succeeded", "output", answer.result)
        return answer.result
    call.error, call.cause = failure.error, failure.cause
    details = {**(state.event_details or {}), **error_details(failure)}
    type_ = "LambdaFunctionFailed" if state.integration is None else "TaskFailed"
    scope.last_event = interpreter.record(type_, scope.last_event, scope.entered_event, details)
    if scope.concurrent:
        # Recorded: what else ends at the same time is still told before the failure ends it all.
        yield clock.now
    raise failure


def _is_too_large(answer: TaskAnswer, payload: JSON) -> bool:
    if answer.result is payload or (answer.most_bytes is not None and answer.most_bytes <= PAYLOAD_BYTES):
        return False
    return utf8_size(answer.result) > PAYLOAD_BYTES


def _take_time(
    interpreter: Interpreter,
    state: TaskState,
    call: TaskCall,
    answer: TaskAnswer,
    scope: BranchScope,
    timeout: int,
    heartbeat: int | None,
) -> Generator[int, None, None]:
    """Let virtual time pass until the answer is there, or raise States.Timeout where it comes too late."""
    clock = interpreter.clock
    # No request-response task sends heartbeats, so the first one that is due is already missed.
    patience = min(timeout, MAX_SECONDS if heartbeat is None else heartbeat) * MICROSECONDS
    if answer.takes <= patience:
        yield clock.now + answer.takes
        return
    yield clock.now + patience
    call.error = STATES_TIMEOUT
    # Recorded: States.Timeout without a cause, for a missed heartbeat too.
    _record_end(interpreter, state, scope, "TimedOut", "error", STATES_TIMEOUT)
    if scope.concurrent:
        yield clock.now
    raise AslError(STATES_TIMEOUT, None, is_heartbeat=heartbeat is not None and heartbeat < timeout)


def _timeout_seconds(value: int | Expression, field: str, effective_input: JSON, scope: BranchScope) -> int:
    if not isinstance(value, Expression):
        return value
    # Assumption: read like MaxConcurrencyPath, whose fault is recorded; out of range has the words of JSONata's field.
    seconds = integer_field(value.evaluate(effective_input, scope), value, field)
    if not 0 < seconds <= MAX_SECONDS:
        raise runtime_error(f"{field} must be between 0 and {MAX_SECONDS} but was: {seconds}")
    return seconds


def _record_scheduled(
    interpreter: Interpreter,
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
        details |= {**(state.event_details or {}), "region": interpreter.identity.region}
    records = interpreter.records
    records.append((type_, scope.last_event, interpreter.clock.now, scope.entered_event, details, member, payload))
    scope.last_event = len(records)


def _record_step(interpreter: Interpreter, state: TaskState, scope: BranchScope, step: str) -> None:
    """Record a step of an attempt that says nothing but what the state says."""
    type_ = _LAMBDA_STEPS[step] if state.integration is None else _TASK_STEPS[step]
    scope.last_event = interpreter.record(type_, scope.last_event, scope.entered_event, state.event_details)


def _record_end(
    interpreter: Interpreter, state: TaskState, scope: BranchScope, step: str, member: str, value: JSON
) -> None:
    """Record how an attempt ended, with the member that tells it and its value."""
    type_ = _LAMBDA_STEPS[step] if state.integration is None else _TASK_STEPS[step]
    records = interpreter.records
    now = interpreter.clock.now
    records.append((type_, scope.last_event, now, scope.entered_event, state.event_details, member, value))
    scope.last_event = len(records)


def _result_too_large(state: TaskState) -> AslError:
    # Recorded: the subject is the resource type, or the function's ARN where that is the Resource.
    subject = state.resource if state.integration is None else state.integration[0]
    return result_too_large(subject)
