"""The cases in which this fake is known to differ from the recording, each with its reason.

A gap that closes fails the suite, so that this list only ever says what is true.
"""

from __future__ import annotations

from typing import Final

RESULT_GAPS: Final[dict[str, str]] = {}
"""Executions that end otherwise: status, output, error or cause."""

EVENT_GAPS: Final[dict[str, str]] = {}
"""Executions whose history differs."""

MEASURED_GAPS: Final[dict[str, str]] = {}
"""Measured executions that end otherwise."""

API_ERROR_GAPS: Final[dict[str, str]] = {}
"""Calls that are refused otherwise, or not at all."""
