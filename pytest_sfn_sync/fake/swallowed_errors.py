"""The usage errors that a test has not seen, as the code under test swallowed them: they are raised at its end."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_sfn_sync.errors import SfnSyncUsageError


def error_of_swallowed(
    errors: Sequence[SfnSyncUsageError], exception: BaseException | None
) -> SfnSyncUsageError | None:
    """Return the error to raise for the usage errors that were swallowed; None if there are none.

    ``exception`` is the one with which the test ends, if it is known. If it is one of the usage errors, or was caused
    by one, the test tells what happened, and there is nothing to raise.
    """
    known = _chain(exception)
    swallowed = {str(error): error for error in errors}
    if not swallowed or any(error in known for error in errors):
        return None
    first, *others = swallowed.values()
    if not others:
        return first
    kind = type(first) if all(type(error) is type(first) for error in others) else SfnSyncUsageError
    texts = "\n\n".join(f"{number}. {text}" for number, text in enumerate(swallowed, start=1))
    return kind(f"{len(swallowed)} usage errors were raised in calls and swallowed there.\n\n{texts}")


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
