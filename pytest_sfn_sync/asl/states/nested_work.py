"""Tasks that wait for the end of work that they have started: an execution of another machine, or a job of a service.

The work takes its steps when its task does, so both are on one virtual clock.
"""

from __future__ import annotations

from collections.abc import Generator

from pytest_sfn_sync.asl.limits import MICROSECONDS
from pytest_sfn_sync.asl.pauses import NEVER, Awaited, Clock, Pause
from pytest_sfn_sync.asl.runtime import NestedRun
from pytest_sfn_sync.asl.task_call import TaskAnswer


def wait_for_nested(
    clock: Clock, nested: NestedRun, awaited: Awaited, ends_at: int, heartbeat: int | None
) -> Generator[Pause, None, TaskAnswer | None]:
    """Let nested work go on to its end, and return its answer; return None if the task times out before.

    ``awaited`` is the task itself, as far as the outside can reach it: it may get an answer or a heartbeat of its own.
    The work is stopped if the task ends without its answer.
    """
    nested.wake_by(awaited)
    is_over = False
    try:
        while (pause := nested.go_on(clock)) is not None and awaited.answer is None:
            limit = ends_at if heartbeat is None else min(ends_at, awaited.heartbeat_at + heartbeat * MICROSECONDS)
            yield _pause_of_task(pause, awaited, limit)
            if _is_late(pause, awaited, limit, clock.now):
                is_over = True
                nested.stop(is_timed_out=True)
                return None
        is_over = True
        if pause is None:
            return nested.answer()
        nested.leave()
        return awaited.answer
    finally:
        if not is_over:
            nested.stop(is_timed_out=False)


def _pause_of_task(pause: Pause, awaited: Awaited, limit: int) -> Pause:
    """Return the pause of a task for the pause of its work; ``limit`` is the time at which the task times out.

    If the work waits for the outside, so does the task, and the clock does not jump over its timeout.
    """
    awaited.is_touched = False
    if pause.outside:
        awaited.deadline = limit
        return Pause(pause.due, (*pause.outside, awaited))
    awaited.deadline = NEVER
    return Pause(limit if pause.due is None else min(pause.due, limit), (awaited,))


def _is_late(pause: Pause, awaited: Awaited, limit: int, now: int) -> bool:
    return awaited.answer is None and now >= limit and not pause.is_over(limit)
