"""The error names that the States Language predefines, and the one exception that carries an ASL error.

Sources: the States Language specification (Appendix A) and recordings of AWS; what AWS was recorded to report beats the
names that the specification gives (a bad path is ``States.Runtime``, never ``States.ParameterPathFailure``).
"""

from __future__ import annotations

from typing import Final

STATES_ALL: Final = "States.ALL"
STATES_DATA_LIMIT_EXCEEDED: Final = "States.DataLimitExceeded"
STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD: Final = "States.ExceedToleratedFailureThreshold"
STATES_HEARTBEAT_TIMEOUT: Final = "States.HeartbeatTimeout"
STATES_QUERY_EVALUATION_ERROR: Final = "States.QueryEvaluationError"
STATES_REFERENCE_PATH_CONFLICT: Final = "States.ReferencePathConflict"
STATES_RUNTIME: Final = "States.Runtime"
STATES_TASK_FAILED: Final = "States.TaskFailed"
STATES_TIMEOUT: Final = "States.Timeout"


class AslError(Exception):
    """An ASL error: what a state fails with, what Retry and Catch see, what ends as the execution's error and cause.

    ``error`` and ``cause`` may each be None (a Fail state need not give them). ``located`` is True where the cause is
    final, as with Fail states and task results; False where the interpreter itself raised it, so that the state which
    fails puts AWS's ``An error occurred while executing the state '...' (entered at the event id #N). `` before it.
    ``terminal`` errors end the execution whatever Retry and Catch say; ``is_heartbeat`` marks the timeout that also
    answers to ``States.HeartbeatTimeout``; ``location`` is the field whose JSONata could not be evaluated.
    """

    def __init__(
        self,
        error: str | None,
        cause: str | None,
        *,
        located: bool = True,
        terminal: bool = False,
        is_heartbeat: bool = False,
        location: str | None = None,
    ) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.located = located
        self.terminal = terminal or error == STATES_RUNTIME
        self.is_heartbeat = is_heartbeat
        self.location = location


def runtime_error(text: str) -> AslError:
    """Make the ``States.Runtime`` error that AWS reports for a fault in a path, an intrinsic or a field's value.

    ``text`` is AWS's cause without the prefix that names the state; the state that fails adds that.
    """
    return AslError(STATES_RUNTIME, text, located=False)


def result_too_large(subject: str, *, terminal: bool = False) -> AslError:
    """Make the error for a result or an output past 262,144 bytes; text as recorded."""
    return AslError(
        STATES_DATA_LIMIT_EXCEEDED,
        f"The state/task '{subject}' returned a result with a size exceeding the maximum number of bytes service "
        "limit.",
        terminal=terminal,
    )


def error_details(failure: AslError) -> dict[str, str]:
    """Give the members ``error`` and ``cause`` of an event's details; a member that has no value is absent."""
    details: dict[str, str] = {}
    if failure.error is not None:
        details["error"] = failure.error
    if failure.cause is not None:
        details["cause"] = failure.cause
    return details
