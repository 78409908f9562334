"""Handlers that end with a ``BaseException``: some are the test's own, the others end the function's process.

On AWS a ``BaseException`` such as SystemExit ends the process of the function, and the task fails. In a test, a few of
them are meant for the test itself, for example the one that ``pytest.skip`` raises. Those are raised in the test.
"""

from __future__ import annotations

from typing import Final

EXIT_ERROR: Final = "Runtime.ExitError"
_OF_THE_INTERPRETER: Final = (KeyboardInterrupt, GeneratorExit)
_CLAIM: Final = "_is_a_claim_of_the_test"
_OF_TESTS: Final = frozenset({"_pytest", "pytest", "unittest", "hypothesis"})
"""The packages whose exceptions are meant for the test, by name, so that none of them has to be imported."""


def means_the_test(exception: BaseException) -> bool:
    """Return whether an exception is meant for the test and not for the function.

    Such exceptions are an interrupt, and those by which packages for tests control a test: the exceptions of
    ``pytest.fail``, ``skip``, ``xfail`` and ``exit``, of unittest's SkipTest, and of hypothesis (StopTest, ``assume``).
    A failed ``assert`` in a handler of the test is one too (`mark_claim`).
    """
    if isinstance(exception, _OF_THE_INTERPRETER) or getattr(exception, _CLAIM, False):
        return True
    return any(kind.__module__.partition(".")[0] in _OF_TESTS for kind in type(exception).__mro__)


def mark_claim(exception: AssertionError) -> None:
    """Mark a failed ``assert`` in a handler that the test itself wrote, so that it means the test."""
    setattr(exception, _CLAIM, True)


def exit_message(exception: BaseException, request_id: str) -> str:
    """Return Lambda's message for a function whose process ended with an exception.

    Measured: the message for status 1. Assumption: status 0 has Lambda's message for an exit without a reason.
    """
    status = _status(exception)
    reason = f"with error: exit status {status}" if status else "without providing a reason"
    return f"RequestId: {request_id} Error: Runtime exited {reason}"


def _status(exception: BaseException) -> int:
    """Return the exit status of Python's process; SystemExit with a value that is not a number has the status 1."""
    if not isinstance(exception, SystemExit):
        return 1
    if exception.code is None:
        return 0
    return exception.code & 0xFF if isinstance(exception.code, int) else 1
