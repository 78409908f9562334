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
    """An ASL error: what a state fails with, what Retry and Catch see, and what ends as the execution's error and cause.

    ``error`` and ``cause`` may each be None (a Fail state need not give them). ``located`` is True where the cause is
    final, as with Fail states and task results; False where the interpreter itself raised it, so that the state which
    fails puts AWS's ``An error occurred while executing the state '...' (entered at the event id #N). `` before it.
    """

    def __init__(self, error: str | None, cause: str | None, *, located: bool = True) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.located = located


def runtime_error(text: str) -> AslError:
    """Make the ``States.Runtime`` error that AWS reports for a fault in a path, an intrinsic or a field's value.

    ``text`` is AWS's cause without the prefix that names the state; the state that fails adds that.
    """
    return AslError(STATES_RUNTIME, text, located=False)
