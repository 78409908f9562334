"""The guard that refuses calls of Step Functions which no fake answers and which would go to AWS.

The plugin sets it while a test runs, and `botocore_hook` asks it. It is apart from both, so that setting it costs
nothing in a test that does not use AWS.
"""

from __future__ import annotations

from typing import Protocol

from pytest_sfn_sync.errors import SfnSyncUsageError


class CallGuard(Protocol):
    """Refuses calls while it is set."""

    fake_was_entered: bool
    """Whether a fake answered calls since the guard was set."""

    usage_errors: list[SfnSyncUsageError]
    """The usage errors for calls that no fake was there to answer."""

    def is_for_this_thread(self) -> bool:
        """Return whether the calls of the current thread are refused."""

    def refuse(self, operation: str, arn: str | None) -> SfnSyncUsageError:
        """Return the usage error for a call, and keep it."""


guard: CallGuard | None = None
