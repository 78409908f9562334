"""Attempts at tasks that take virtual time: those that the outside answers, and those that an execution or a job does.

The outside has the token of the attempt. It may answer while the work is being submitted: the answer is used then. A
token counts for one attempt only, and no longer than the attempt lasts.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, NoReturn

from pytest_sfn_sync.asl.definition import TaskState
from pytest_sfn_sync.asl.error_names import STATES_TIMEOUT, AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_SECONDS, MICROSECONDS
from pytest_sfn_sync.asl.pauses import TURN, Awaited, Pause
from pytest_sfn_sync.asl.runtime import NestedRun, Runtime
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.states.task_events import record_end, record_step
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.token_texts import new_token

_CALLBACK: Final = "waitForTaskToken"


def answer_of_outside(
    runtime: Runtime, state: TaskState, call: TaskCall, scope: BranchScope, timeout: int, heartbeat: int | None
) -> Generator[Pause, None, TaskAnswer]:
    """Start an attempt that has a token and return its answer; raise States.Timeout if it comes too late."""
    is_activity = state.kind == "Activity"
    # The token of an activity is for its worker; the context object does not have it.
    token = new_token(scope.random) if is_activity or scope.task_token is None else scope.task_token[1]
    call.token = token
    awaited = Awaited(
        token,
        clock=runtime.clock,
        state_name=state.name,
        payload=call.document,
        execution=runtime.identity.execution_arn,
        timeout=timeout * MICROSECONDS if state.has_timeout else None,
        heartbeat=None if heartbeat is None else heartbeat * MICROSECONDS,
        activity=state.resource if is_activity else None,
    )
    try:
        if not is_activity:
            record_step(runtime, state, scope, "Started")
        work = runtime.invoke_task(call)
        if is_activity:
            yield from _wait_for_a_worker(runtime, state, awaited, scope, is_mocked=isinstance(work, TaskAnswer))
        answer = yield from _ended(runtime, state, call, work, awaited, scope)
        if awaited.answered_by is not None:
            call.answered_by = awaited.answered_by
        return answer
    finally:
        awaited.close()
        runtime.run.awaited.pop(token, None)


def _wait_for_a_worker(
    runtime: Runtime, state: TaskState, awaited: Awaited, scope: BranchScope, *, is_mocked: bool
) -> Generator[Pause, None, None]:
    """Wait until a worker claims the task; one that a mock answers is claimed at once."""
    if is_mocked:
        awaited.claim(None)
    else:
        runtime.run.awaited[awaited.token] = awaited
        awaited.wait()
    while not awaited.is_claimed:
        yield Pause(None, (awaited,))
    details: dict[str, JSON] = {} if awaited.worker is None else {"workerName": awaited.worker}
    scope.last_event = runtime.record("ActivityStarted", scope.last_event, scope.entered_event, details)


def _ended(
    runtime: Runtime,
    state: TaskState,
    call: TaskCall,
    work: TaskAnswer | Submitted | NestedRun,
    awaited: Awaited,
    scope: BranchScope,
) -> Generator[Pause, None, TaskAnswer]:
    """Return the answer to work that has begun: its own, or the one that the outside gives before."""
    if state.pattern == _CALLBACK and not isinstance(work, TaskAnswer | Submitted):
        submission = yield from _answer_of_run(runtime, state, call, work, awaited, scope)
        work = submission if submission.error is not None else Submitted(submission.result)
    if isinstance(work, Submitted):
        if state.kind != "Activity":
            yield from _until(runtime, state, call, awaited, scope, takes=work.takes)
            record_end(runtime, state, scope, "Submitted", "output", work.output)
        if work.answer is None:
            if not awaited.needs_outside:
                runtime.run.awaited[awaited.token] = awaited
                awaited.wait()
            yield from _until(runtime, state, call, awaited, scope, takes=None)
            assert awaited.answer is not None
            return awaited.answer
        own: TaskAnswer | NestedRun = work.answer
    else:
        own = work
    if isinstance(own, TaskAnswer):
        yield from _until(runtime, state, call, awaited, scope, takes=own.takes)
        return awaited.answer or own
    return (yield from _answer_of_run(runtime, state, call, own, awaited, scope))


def _answer_of_run(
    runtime: Runtime, state: TaskState, call: TaskCall, nested: NestedRun, awaited: Awaited, scope: BranchScope
) -> Generator[Pause, None, TaskAnswer]:
    """Return the answer of an execution or a job, or the one that the outside gives before.

    Recorded: an answer of the outside ends the task early. The execution goes on. Documented: it is stopped if the task
    times out, or ends with its branch or its execution.
    """
    nested.wake_by(awaited)
    goes_on = False
    try:
        while (pause := nested.go_on(runtime.clock)) is not None and awaited.answer is None:
            awaited.is_touched, goes_on = False, True
            yield Pause(pause.due, (*pause.outside, awaited), pause.latest).limited_to(awaited.deadline)
            if runtime.clock.now >= awaited.deadline and awaited.is_waiting and not pause.is_over(awaited.deadline):
                yield from _time_out(runtime, state, call, scope, is_heartbeat=awaited.misses_a_heartbeat)
            goes_on = False
        if awaited.answer is None:
            return nested.answer()
        if pause is not None:
            nested.leave()
        return awaited.answer
    finally:
        if goes_on:
            nested.stop()


def _until(
    runtime: Runtime, state: TaskState, call: TaskCall, awaited: Awaited, scope: BranchScope, *, takes: int | None
) -> Generator[Pause, None, None]:
    """Wait for an answer of the outside, or until the work has taken its time; raise States.Timeout before."""
    clock = runtime.clock
    due = None if takes is None else clock.now + takes
    while awaited.answer is None and (due is None or clock.now < due):
        deadline = awaited.deadline
        if clock.now >= deadline:
            yield from _time_out(runtime, state, call, scope, is_heartbeat=awaited.misses_a_heartbeat)
        awaited.is_touched = False
        yield Pause(None if due is None else min(due, deadline), (awaited,))


def take_time(
    runtime: Runtime,
    state: TaskState,
    call: TaskCall,
    takes: int,
    scope: BranchScope,
    timeout: int,
    heartbeat: int | None,
) -> Generator[Pause, None, None]:
    """Wait in virtual time until an answer comes; raise States.Timeout if it comes too late."""
    clock = runtime.clock
    # A request-response task sends no heartbeats, so it misses the first one that is due.
    patience = min(timeout, MAX_SECONDS if heartbeat is None else heartbeat) * MICROSECONDS
    if takes <= patience:
        yield Pause(clock.now + takes)
        return
    yield Pause(clock.now + patience)
    yield from _time_out(runtime, state, call, scope, is_heartbeat=heartbeat is not None and heartbeat < timeout)


def answer_of(
    runtime: Runtime, state: TaskState, call: TaskCall, nested: NestedRun, scope: BranchScope, timeout: int
) -> Generator[Pause, None, TaskAnswer]:
    """Run a nested execution on the same clock and return its answer; raise States.Timeout if it comes too late."""
    ends_at = runtime.clock.now + timeout * MICROSECONDS
    while (pause := nested.go_on(runtime.clock)) is not None:
        yield pause.limited_to(ends_at)
        if runtime.clock.now >= ends_at and not pause.is_over(ends_at):
            nested.leave()
            yield from _time_out(runtime, state, call, scope, is_heartbeat=False)
    return nested.answer()


def _time_out(
    runtime: Runtime, state: TaskState, call: TaskCall, scope: BranchScope, *, is_heartbeat: bool
) -> Generator[Pause, None, NoReturn]:
    call.error = STATES_TIMEOUT
    # Recorded: States.Timeout without a cause, also for a missed heartbeat.
    record_end(runtime, state, scope, "TimedOut", "error", STATES_TIMEOUT)
    if scope.concurrent:
        yield TURN
    raise AslError(STATES_TIMEOUT, None, is_heartbeat=is_heartbeat)
