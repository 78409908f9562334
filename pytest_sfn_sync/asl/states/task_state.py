"""Task states: one attempt at the work, its timeouts and its events.

A `TaskCall` goes to ``invoke_task``, which has the work done. It returns a `TaskAnswer`, `Submitted` if the answer
comes later, or an execution to wait for. Attempts that the outside can answer are in `awaited_task`.
"""

from __future__ import annotations

from collections.abc import Generator

from pytest_sfn_sync.asl.definition import TaskState
from pytest_sfn_sync.asl.error_names import AslError, result_too_large, runtime_error
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.limits import MAX_SECONDS, PAYLOAD_BYTES
from pytest_sfn_sync.asl.pauses import TURN, Pause
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.states.awaited_task import answer_of, answer_of_outside, take_time
from pytest_sfn_sync.asl.states.number_fields import integer_field
from pytest_sfn_sync.asl.states.task_events import record_end, record_failure, record_scheduled, record_step
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall


def attempt_task(
    runtime: Runtime, state: TaskState, effective_input: JSON, scope: BranchScope
) -> Generator[Pause, None, JSON]:
    """Run the task once; return its result or raise its error, which may be a timeout."""
    payload = state.flow.arguments(effective_input, scope)
    timeout, heartbeat = state.timeout_seconds, state.heartbeat_seconds
    if isinstance(timeout, Expression):
        timeout = _seconds_of(timeout, "TimeoutSecondsPath", effective_input, scope)
    if isinstance(heartbeat, Expression):
        heartbeat = _seconds_of(heartbeat, "HeartbeatSecondsPath", effective_input, scope)
    credentials = None if state.credentials is None else state.credentials.evaluate(effective_input, scope)
    call = TaskCall(state.name, state.resource, payload, scope.retry_count or 0, scope.iteration, runtime.clock.now)
    if state.unchecked_members:
        call.unchecked_members = state.unchecked_members
    if credentials is not None:
        call.role_arn = credentials["RoleArn"]
    if runtime.identity.ancestors:
        call.ancestors = runtime.identity.ancestors
    if state.kind != "LambdaFunction" and runtime.check_task is not None:
        runtime.check_task(call)
    runtime.run.calls.append(call)
    record_scheduled(runtime, state, payload, credentials, scope, timeout, heartbeat)
    call.event = scope.last_event
    if scope.concurrent:
        # Recorded: iterations that run at the same time schedule all their tasks before the first task starts.
        yield TURN
    if state.pattern or state.kind == "Activity":
        answer = yield from answer_of_outside(runtime, state, call, scope, timeout, heartbeat)
    else:
        record_step(runtime, state, scope, "Started")
        work = runtime.invoke_task(call)
        if not isinstance(work, TaskAnswer):
            assert not isinstance(work, Submitted), "only a task with a token can be answered later"
            answer = yield from answer_of(runtime, state, call, work, scope, timeout)
        else:
            answer = work
            if answer.takes:
                yield from take_time(runtime, state, call, answer.takes, scope, timeout, heartbeat)
    if answer.error is not None:
        # Documented: the outside may report a failure without an error name.
        failure = AslError(answer.error or None, answer.cause)
    elif _is_too_large(answer, payload, scope):
        failure = _result_too_large(state)
    else:
        call.result_document = answer.result
        record_end(runtime, state, scope, "Succeeded", "output", answer.result)
        return answer.result
    call.error, call.cause = failure.error or "", failure.cause
    record_failure(runtime, state, scope, failure)
    if scope.concurrent:
        # Recorded: tasks that end at the same time still get their events before the failure ends all branches.
        yield TURN
    raise failure


def _is_too_large(answer: TaskAnswer, payload: JSON, scope: BranchScope) -> bool:
    if answer.result is payload or (answer.most_bytes is not None and answer.most_bytes <= PAYLOAD_BYTES):
        return False
    return scope.context.document_sizes.bound(answer.result) > PAYLOAD_BYTES


def _seconds_of(path: Expression, field: str, effective_input: JSON, scope: BranchScope) -> int:
    # Assumption: read like MaxConcurrencyPath, whose fault was recorded. A value out of range has the text of JSONata's
    # field.
    seconds = integer_field(path.evaluate(effective_input, scope), path, field)
    if not 0 < seconds <= MAX_SECONDS:
        raise runtime_error(f"{field} must be between 0 and {MAX_SECONDS} but was: {seconds}")
    return seconds


def _result_too_large(state: TaskState) -> AslError:
    # Recorded: the subject is the resource type, or the function's ARN if that is the Resource.
    subject = state.resource if state.integration is None else state.integration[0]
    return result_too_large(subject)
