"""Handlers that do not return and raise no ordinary exception: what leaves through the client, and what ends a sandbox.

On AWS a ``BaseException`` such as SystemExit ends the process of the function, and the task fails. In a test a few of
them mean the test itself; those go on to it.
"""

from __future__ import annotations

from typing import Final

EXIT_ERROR: Final = "Runtime.ExitError"
_OF_THE_INTERPRETER: Final = (KeyboardInterrupt, GeneratorExit)
_OF_TESTS: Final = frozenset({"_pytest", "pytest", "unittest", "hypothesis"})
"""Packages whose exceptions mean the test; by name, so that none of them need be imported."""


def means_the_test(exception: BaseException) -> bool:
    """Return whether an exception means the test and not the function.

    That is an interrupt, and whatever a package that runs tests uses to steer one: ``pytest.fail``, ``skip``, ``xfail``
    and ``exit``, unittest's SkipTest, hypothesis' StopTest and what ``assume`` raises.
    """
    if isinstance(exception, _OF_THE_INTERPRETER):
        return True
    return any(kind.__module__.partition(".")[0] in _OF_TESTS for kind in type(exception).__mro__)


def exit_message(exception: BaseException, request_id: str) -> str:
    """Return what Lambda says of a function whose process ended with an exception (measured for status 1).

    Assumption for status 0: Lambda's own words for an exit without a status of its own.
    """
    status = _status(exception)
    told = f"with error: exit status {status}" if status else "without providing a reason"
    return f"RequestId: {request_id} Error: Runtime exited {told}"


def _status(exception: BaseException) -> int:
    """Return the status with which Python's process ends: any other value than a number is printed, and 1."""
    if not isinstance(exception, SystemExit):
        return 1
    if exception.code is None:
        return 0
    return exception.code & 0xFF if isinstance(exception.code, int) else 1
