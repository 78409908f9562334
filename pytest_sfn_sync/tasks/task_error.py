"""The error with which a test ends a task."""

from __future__ import annotations

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_value


class TaskError(Exception):
    """A task's failure: the error name that Retry and Catch match, and the cause.

    Use it for ``raises=``, in ``responses=[...]``, or raise it in a handler. The workflow gets the error and the cause
    exactly as given. ``cause`` may be None; the failure then has no cause, as on AWS.
    """

    __module__ = "pytest_sfn_sync"

    def __init__(self, error: str, cause: str | None = None) -> None:
        _check(error, cause)
        super().__init__(error, cause)
        self.error = error
        self.cause = cause

    def __repr__(self) -> str:
        return f"TaskError({self.error!r})" if self.cause is None else f"TaskError({self.error!r}, {self.cause!r})"

    def __str__(self) -> str:
        return self.error if self.cause is None else f"{self.error}: {self.cause}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TaskError):
            return NotImplemented
        return (self.error, self.cause) == (other.error, other.cause)

    def __hash__(self) -> int:
        return hash((self.error, self.cause))


class NamedError(TaskError):
    """A failure for which a test gave only the name; its cause depends on the integration that fails."""


def _check(error: object, cause: object) -> None:
    if not isinstance(error, str) or not error:
        raise MockError(f"TaskError takes an error name such as 'Ship.Busy', not {shown_value(error)}.")
    if cause is not None and not isinstance(cause, str):
        raise MockError(f"TaskError takes its cause as text, not as {type(cause).__name__}: write json.dumps(...).")
