"""Tasks that ask for the work of an activity, ``aws-sdk:sfn:getActivityTask``: they wait until there is some.

GetActivityTask by a client never waits here. A machine that asks has nobody who would ask again for it, so its Task
takes the 60 seconds for which AWS waits. Those of a Standard execution pass only with ``advance``, like the timeout of
any other work that waits for the outside. Else a machine that asks in a loop would ask until it times out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from weakref import WeakSet

from pytest_sfn_sync.asl.limits import MICROSECONDS
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause
from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.task_tokens import oldest_task

_LONGEST: Final = 60 * MICROSECONDS
"""Measured: 60.2 s. Documented: 60 s."""


class ActivityPoll:
    """One call of GetActivityTask by a Task; ``ask`` makes the call when there is work, or when the time is over."""

    needs_outside = True

    def __init__(self, account: Account, activity: str, ask: Callable[[], TaskAnswer | None]) -> None:
        self._account = account
        self._activity = activity
        self._ask = ask
        self._clock: Clock | None = None
        self.deadline = 0
        self.is_touched = False

    def go_on(self, clock: Clock) -> Pause | None:
        """Return the pause in which the call waits; None if there is work, or if the time is over."""
        if self._clock is None:
            self._clock = clock
            self.deadline = clock.now + _LONGEST
            clock.polls = clock.polls or WeakSet()
            clock.polls.add(self)
        self.is_touched = False
        if clock.now >= self.deadline or oldest_task(self._account, self._activity) is not None:
            return None
        if clock is not self._account.timeline.clock:  # An Express execution, which nothing else can see.
            return Pause(self.deadline)
        return Pause(None, (self,))

    def wake_by(self, awaited: Awaited) -> None:
        """Do nothing: only work in the queue ends the call."""

    def answer(self) -> TaskAnswer:
        """Return what the call returns."""
        answer = self._ask()
        assert answer is not None, "GetActivityTask is an operation of Step Functions"
        return answer

    def leave(self) -> None:
        """Do nothing: a call that nothing waits for takes no work from the queue."""

    stop = leave
