"""The error names that the States Language predefines, and the one exception that carries an ASL error.

Sources: the States Language specification (Appendix A) and recordings of AWS. Where they differ, the recordings win: a
bad path is ``States.Runtime``, never ``States.ParameterPathFailure``.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.json_text import fit_for_utf8

STATES_ALL: Final = "States.ALL"
STATES_DATA_LIMIT_EXCEEDED: Final = "States.DataLimitExceeded"
STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD: Final = "States.ExceedToleratedFailureThreshold"
STATES_HEARTBEAT_TIMEOUT: Final = "States.HeartbeatTimeout"
STATES_ITEM_READER_FAILED: Final = "States.ItemReaderFailed"
STATES_QUERY_EVALUATION_ERROR: Final = "States.QueryEvaluationError"
STATES_REFERENCE_PATH_CONFLICT: Final = "States.ReferencePathConflict"
STATES_RESULT_WRITER_FAILED: Final = "States.ResultWriterFailed"
STATES_RUNTIME: Final = "States.Runtime"
STATES_TASK_FAILED: Final = "States.TaskFailed"
STATES_TIMEOUT: Final = "States.Timeout"


MAX_ERROR_LENGTH: Final = 256
MAX_CAUSE_LENGTH: Final = 32_768


class AslError(Exception):
    """An ASL error: the error of a state. Retry and Catch see it; uncaught, it is the execution's error and cause.

    ``error`` and ``cause`` may each be None, because a Fail state can leave them out.

    ``located`` is True where the cause is final, as with Fail states and task results. It is False where the
    interpreter raised the error. The state that fails then puts AWS's prefix before the cause: ``An error occurred
    while executing the state '...' (entered at the event id #N). ``.

    ``terminal`` errors end the execution: Retry and Catch do not apply. ``is_heartbeat`` marks the timeout that
    ``States.HeartbeatTimeout`` matches too. ``location`` is the field whose JSONata could not be evaluated.
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

    def forget_frames(self) -> None:
        """Forget the frames that the error came through, once it is caught.

        A frame that holds its error would keep it, and the run, in memory until the garbage collector finds the circle.
        """
        self.__traceback__ = None


def runtime_error(text: str) -> AslError:
    """Return the ``States.Runtime`` error that AWS reports for a fault in a path, an intrinsic or a field's value.

    ``text`` is AWS's cause without the prefix that names the state. The state that fails adds the prefix.
    """
    return AslError(STATES_RUNTIME, text, located=False)


def with_place(failure: AslError, state_name: str, entered_event: int) -> AslError:
    """Return an error with AWS's prefix before its cause, unless its cause is final."""
    if failure.located:
        return failure
    prefix = f"An error occurred while executing the state '{state_name}' (entered at the event id #{entered_event}). "
    return AslError(failure.error, prefix + (failure.cause or ""), terminal=failure.terminal)


def result_too_large(subject: str, *, terminal: bool = False) -> AslError:
    """Return the error for a result or an output of more than 262,144 bytes; text as recorded."""
    return AslError(
        STATES_DATA_LIMIT_EXCEEDED,
        f"The state/task '{subject}' returned a result with a size exceeding the maximum number of bytes service "
        "limit.",
        terminal=terminal,
    )


def arguments_too_large(state_name: str) -> AslError:
    """Return the error for Parameters, Arguments or an ItemSelector of more than 262,144 bytes (measured).

    Assumption: no retrier and no catcher takes it, as with a state's output. The documentation calls it terminal.
    """
    return AslError(
        STATES_DATA_LIMIT_EXCEEDED,
        f"The state/task '{state_name}' provided parameters with a size exceeding the maximum number of bytes service "
        "limit.",
        terminal=True,
    )


def error_details(failure: AslError) -> dict[str, str]:
    """Return the members ``error`` and ``cause`` of an event's details; a member that has no value is absent."""
    return error_members(failure.error, failure.cause)


def error_members(error: str | None, cause: str | None) -> dict[str, str]:
    """Return the members ``error`` and ``cause`` of a response or of an event's details.

    Documented: an error has 256 characters at most, a cause 32,768, in the response and in the history. Assumption: AWS
    cuts off longer texts in both, and catchers get error and cause in full.
    """
    members: dict[str, str] = {}
    if error is not None:
        members["error"] = fit_for_utf8(error[:MAX_ERROR_LENGTH])
    if cause is not None:
        members["cause"] = fit_for_utf8(cause[:MAX_CAUSE_LENGTH])
    return members
