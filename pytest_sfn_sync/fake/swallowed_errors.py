"""The usage errors that a test has not seen: the code under test swallowed them, so they are raised again at the end.

A usage error that the test already failed with is not raised again. Within a ``with`` statement Python passes that
error to ``__exit__``. A cleanup of unittest, as of ``enterContext``, and a fixture of pytest get no error; there the
traceback of the usage error shows what caught it. Its first frame is always the one that caught it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pytest_sfn_sync.errors import SfnSyncUsageError

_RUNNERS: Final = frozenset({("unittest.case", "testPartExecutor"), ("_pytest.runner", "from_call")})
"""The functions that catch what a test raises, and report it: by module and name.

Nothing else of these packages is meant: ``assertRaises`` and ``pytest.raises`` also catch, and report nothing.
"""


def error_of_swallowed(
    errors: Sequence[SfnSyncUsageError], exception: BaseException | None
) -> SfnSyncUsageError | None:
    """Return the error to raise for the usage errors that were swallowed; None if there are none.

    ``exception`` is the one with which the test ends, if it is known. If it is one of the usage errors, or was caused
    by one, the test tells what happened, and there is nothing to raise.
    """
    known = _chain(exception)
    if any(error in known for error in errors):
        return None
    told = {str(error) for error in errors if _was_caught_by_a_runner(error)}
    swallowed = {text: error for error in errors if (text := str(error)) not in told}
    if len(swallowed) <= 1:
        return next(iter(swallowed.values()), None)
    first, *others = swallowed.values()
    kind = type(first) if all(type(error) is type(first) for error in others) else SfnSyncUsageError
    texts = "\n\n".join(f"{number}. {text}" for number, text in enumerate(swallowed, start=1))
    return kind(f"{len(swallowed)} usage errors were raised in calls and swallowed there.\n\n{texts}")


def _was_caught_by_a_runner(error: BaseException) -> bool:
    if error.__traceback__ is None:
        return False
    frame = error.__traceback__.tb_frame
    return (frame.f_globals.get("__name__"), frame.f_code.co_name) in _RUNNERS


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
