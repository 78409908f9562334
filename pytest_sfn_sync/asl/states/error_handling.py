"""Retry and Catch: the errors that a name matches, and the delay before the next attempt.

Sources: the specification's "Errors", the developer guide's table of error names, and recordings. Measured by TestState
and histories: only the first retrier that matches an error is used.
"""

from __future__ import annotations

from random import Random

from pytest_sfn_sync.asl.definition import Catcher, Retrier
from pytest_sfn_sync.asl.error_names import (
    STATES_ALL,
    STATES_HEARTBEAT_TIMEOUT,
    STATES_QUERY_EVALUATION_ERROR,
    STATES_TASK_FAILED,
    STATES_TIMEOUT,
    AslError,
)
from pytest_sfn_sync.asl.limits import MAX_SECONDS, MICROSECONDS

# Measured: States.TaskFailed matches neither a timeout nor a failed evaluation. Documented: only the timeout.
_NOT_A_TASK_FAILURE = frozenset({STATES_TIMEOUT, STATES_QUERY_EVALUATION_ERROR})


def matches(error_equals: tuple[str, ...], failure: AslError) -> bool:
    """Report whether an ``ErrorEquals`` list matches a failure; no list matches a terminal one."""
    if failure.terminal:
        return False
    for name in error_equals:
        if name == failure.error or name == STATES_ALL:
            return True
        if name == STATES_TASK_FAILED and failure.error not in _NOT_A_TASK_FAILURE:
            return True
        if name == STATES_HEARTBEAT_TIMEOUT and failure.is_heartbeat:
            return True
    return False


class Retries:
    """The attempts of each retrier during one visit of a state; ``used`` is the retrier that retried last."""

    __slots__ = ("_attempts", "_random", "_retriers", "used")

    def __init__(self, retriers: tuple[Retrier, ...], random: Random) -> None:
        self._retriers = retriers
        self._attempts = [0] * len(retriers)
        self._random = random
        self.used: Retrier | None = None

    def delay_before_next(self, failure: AslError) -> int | None:
        """Return the microseconds to wait before the next attempt, or None if there is no next attempt."""
        for index, retrier in enumerate(self._retriers):
            if matches(retrier.error_equals, failure):
                if self._attempts[index] >= retrier.max_attempts:
                    return None
                self._attempts[index] += 1
                self.used = retrier
                return backoff(retrier, self._attempts[index], self._random)
        return None


def backoff(retrier: Retrier, attempt: int, random: Random) -> int:
    """Return the delay in microseconds before retry number ``attempt`` (from 1).

    It is ``IntervalSeconds * BackoffRate ** (attempt - 1)``, at most ``MaxDelaySeconds``. With FULL jitter it is a
    random number between 0 and that (developer guide, "Retrying after an error").
    """
    cap = MAX_SECONDS if retrier.max_delay_seconds is None else retrier.max_delay_seconds
    try:
        seconds = min(float(cap), retrier.interval_seconds * retrier.backoff_rate ** (attempt - 1))
    except OverflowError:
        seconds = float(cap)
    if retrier.jitter_strategy == "FULL":
        seconds = random.uniform(0, seconds)
    return round(seconds * MICROSECONDS)


def first_catcher(catchers: tuple[Catcher, ...], failure: AslError) -> Catcher | None:
    """Return the first catcher that matches a failure, if any."""
    for catcher in catchers:
        if matches(catcher.error_equals, failure):
            return catcher
    return None
