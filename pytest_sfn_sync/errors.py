"""Usage errors: mistakes of the test's author, never of the workflow.

They are raised at the call, told again at teardown in case the code under test swallowed them, and no Retry or Catch
of a workflow ever sees them::

    SfnSyncUsageError
    ├── DefinitionError        a definition that can't be registered: every fault with its location
    ├── UnmockedTaskError      a task ran for which no mock was given
    ├── MockError              a mock that can't be used: bad arguments, a result that isn't JSON, responses run out
    ├── UnusedMockError        mocks that were never called, where that was asked to be told
    ├── UnsupportedOperationError   an operation of Step Functions that this fake does not answer
    └── OptionError            an option or a marker's argument that is not understood
"""

from __future__ import annotations


class SfnSyncUsageError(Exception):
    """The root of the usage errors."""


class DefinitionError(SfnSyncUsageError):
    """A definition that can't be registered: every fault with its location."""


class UnmockedTaskError(SfnSyncUsageError):
    """A task ran for which no mock was given."""


class MockError(SfnSyncUsageError):
    """A mock that can't be used: bad arguments, a result that isn't JSON, responses run out."""


class UnusedMockError(SfnSyncUsageError):
    """Mocks that were never called, where that was asked to be told."""


class UnsupportedOperationError(SfnSyncUsageError):
    """An operation of Step Functions that this fake does not answer."""


class OptionError(SfnSyncUsageError):
    """An option or a marker's argument that is not understood."""
