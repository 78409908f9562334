"""The answers to tasks that wait for the outside: SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat, GetActivityTask.

Measured: an unknown token is refused before the output is looked at, and an output that is no JSON before a token that
is closed. The answer is recorded at once; the executions go on before the call returns, unless a handler of a task made
the call. Then they go on when the handler has returned.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import JSONTextError, compact, fit_for_utf8, parse_json
from pytest_sfn_sync.asl.pauses import Awaited
from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.service.account import Account, Activity
from pytest_sfn_sync.service.activities import activity_of
from pytest_sfn_sync.service.arns import region_of
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.tasks.responders import call_being_handled

_GONE: Final = "Provided task does not exist anymore"


def send_task_success(account: Account, request: Request) -> dict[str, Any]:
    """End the task of a token with an output, which becomes its result."""
    awaited = _awaited(account, request)
    _give(awaited, TaskAnswer(_output(request["output"])), by="SendTaskSuccess")
    return {}


def send_task_failure(account: Account, request: Request) -> dict[str, Any]:
    """End the task of a token with an error. Documented: the error and the cause may both be missing."""
    awaited = _awaited(account, request)
    _give(awaited, TaskAnswer(None, request.get("error") or "", request.get("cause")), by="SendTaskFailure")
    return {}


def send_task_heartbeat(account: Account, request: Request) -> dict[str, Any]:
    """Restart the clock of the heartbeat of a token's task. Recorded: there is no event."""
    awaited = _awaited(account, request)
    if not awaited.is_open:
        raise _closed(awaited)
    awaited.beat()
    return {}


def get_activity_task(account: Account, request: Request) -> dict[str, Any]:
    """Return the oldest task of an activity that waits for a worker. Measured: without one, the answer is empty.

    AWS waits 60 seconds before it returns the empty answer. This fake never waits.
    """
    activity = activity_of(account, request["activityArn"])
    while (awaited := oldest_task(account, activity.arn)) is not None:
        if awaited.claim(request.get("workerName")):
            activity.polls.forget()
            awaited.clock.go_on()
            return {"taskToken": awaited.token, "input": fit_for_utf8(compact(awaited.payload))}
    _count_in_vain(account, activity)
    return {}


def _count_in_vain(account: Account, activity: Activity) -> None:
    """Count a call that found no task; raise SfnSyncUsageError for calls without end, while nothing goes on."""
    if not activity.polls.are_too_many((account.timeline.clock.now, len(account.executions))):
        return
    call, times = call_being_handled.get(), activity.polls.times
    activity.polls.forget()
    if call is not None:
        raise SfnSyncUsageError(
            f"The handler of the state {call.state_name!r} has called GetActivityTask {times:,} times for the activity "
            f"{activity.name!r}, which has no task, and gets none: an execution goes on only after the handler has "
            "returned.\nReturn from the handler, and let the test or the code under test do the worker's work."
        )
    raise SfnSyncUsageError(
        f"GetActivityTask was called {times:,} times for the activity {activity.name!r}, which has no task. Meanwhile "
        "no execution was started, and no virtual time passed.\n"
        "Start an execution that comes to a Task of the activity before the code polls, and end the polling at an "
        "answer without a taskToken."
    )


def oldest_task(account: Account, activity: str) -> Awaited | None:
    """Return the oldest task of an activity that waits for a worker; None if there is none."""
    for one in account.all_around():
        queue = one.timeline.clock.queues.get(activity, ())
        while queue:
            if queue[0].is_open and not queue[0].is_claimed:
                return queue[0]
            queue.popleft()
    return None


def _awaited(account: Account, request: Request) -> Awaited:
    token = request["taskToken"]
    for one in account.all_around():
        awaited = one.timeline.clock.awaited.get(token)
        if awaited is not None and region_of(awaited.execution) == account.region:  # Measured: one of another Region.
            return awaited
    raise service_error("InvalidToken")


def _output(text: str) -> JSON:
    try:
        return parse_json(text)
    except JSONTextError:
        raise service_error("InvalidOutput", output=text) from None


def _give(awaited: Awaited, answer: TaskAnswer, by: str) -> None:
    """Give an answer to a task, and let its execution go on; raise TaskTimedOut if the token is closed."""
    if not awaited.give(answer, by):
        raise _closed(awaited)
    awaited.clock.go_on()


def _closed(awaited: Awaited) -> ServiceError:
    # Measured for activities. Published by users of AWS for callbacks.
    return service_error("TaskTimedOut", reason=awaited.activity or _GONE)
