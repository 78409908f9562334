"""What AWS checks of a Task's integration when a definition is created: that it exists, and what it is given.

Which integrations there are and what they take is told from outside, by service models; the language knows none.
"""

from __future__ import annotations

from typing import Protocol

from pytest_sfn_sync.asl.expressions import JSON


class Integrations(Protocol):
    """Knows the integrations that AWS has; ``key`` is a resource such as ``aws-sdk:sqs:sendMessage``."""

    def unrecognised_hint(self, key: str) -> str | None:
        """Say what is wrong with an integration that AWS does not know; None where it does."""

    def required_arguments(self, key: str) -> tuple[str, ...] | None:
        """Name the members that a definition must give, none where ``{}`` is enough; None where it may give nothing."""

    def argument_faults(
        self, key: str, arguments: dict[str, JSON], *, suffix: str
    ) -> list[tuple[str, str | None, str | None]]:
        """Tell what is wrong with arguments: AWS's message, the member, for one that is there, and a hint.

        Names that end in ``suffix`` are taken without it; their values are not known before the run.
        """
