"""Usage errors: mistakes of the test's author, never of the workflow.

They are raised at the call, and raised again at teardown, because the code under test may swallow them. No Retry or
Catch of a workflow ever sees them::

    SfnSyncUsageError
    ├── DefinitionError        a definition that can't be registered: every fault with its location
    ├── TemplateError          a template whose machines can't be read: every fault with its place
    ├── UnmockedTaskError      a task ran without a mock
    ├── MockError              a mock that can't be used: bad arguments, a result that isn't JSON, responses run out
    ├── UnusedMockError        mocks that were never called; only with assert_all_mocks_used
    ├── PendingTaskError       tasks that still wait at the end; only with assert_no_pending
    ├── UnsupportedOperationError   an operation of Step Functions that this fake does not answer
    └── OptionError            an option or a marker's argument that is not valid

`DefinitionWarning` is not one of them. It is for a definition that AWS accepts with a warning, and for a part of a
definition that can't be checked here.

Each class has the package as its ``__module__``: tracebacks show the name by which a test imports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from pytest_sfn_sync.shown_text import message

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.diagnostics import Diagnostic

_Error = TypeVar("_Error", bound="SfnSyncUsageError")


class SfnSyncUsageError(Exception):
    """The root of the usage errors; its message is fit to be shown in any terminal, log or report."""

    def __init__(self, text: str = "") -> None:
        super().__init__(message(text))

    __module__ = "pytest_sfn_sync"

    _marker: object = None
    """The marker of a test in which the mistake is; the plugin shows its line."""

    def at(self: _Error, where: str) -> _Error:
        """Return the same error with the place of the mistake before its message."""
        error = type(self)(f"{where}: {self}")
        error.__dict__.update(self.__dict__)
        return error


class DefinitionError(SfnSyncUsageError):
    """A definition that can't be registered: every fault with its location.

    ``diagnostics`` are the faults that AWS would report, with its codes, messages and locations, and their places in
    the source. It is empty if the definition could not be read at all.
    """

    __module__ = "pytest_sfn_sync"

    def __init__(self, text: str, diagnostics: Iterable[Diagnostic] = ()) -> None:
        super().__init__(text)
        self.diagnostics = tuple(diagnostics)


class TemplateError(SfnSyncUsageError):
    """A template whose machines can't be read: every fault with its place."""

    __module__ = "pytest_sfn_sync"


class UnmockedTaskError(SfnSyncUsageError):
    """A task ran without a mock."""

    __module__ = "pytest_sfn_sync"


class MockError(SfnSyncUsageError):
    """A mock that can't be used: bad arguments, a result that isn't JSON, responses run out."""

    __module__ = "pytest_sfn_sync"


class UnusedMockError(SfnSyncUsageError):
    """Mocks that were never called; raised only with ``assert_all_mocks_used``."""

    __module__ = "pytest_sfn_sync"


class PendingTaskError(SfnSyncUsageError):
    """Tasks that still wait for an answer at the end; raised only with ``assert_no_pending``."""

    __module__ = "pytest_sfn_sync"


class UnsupportedOperationError(SfnSyncUsageError):
    """An operation of Step Functions that this fake does not answer."""

    __module__ = "pytest_sfn_sync"


class OptionError(SfnSyncUsageError):
    """An option or a marker's argument that is not valid."""

    __module__ = "pytest_sfn_sync"


class DefinitionWarning(UserWarning):
    """A fault in a definition that AWS warns of but accepts, or a part of a definition that can't be checked here."""

    __module__ = "pytest_sfn_sync"
