"""Where machines are if nobody says otherwise; apart from `options`, so that the plugin can load it at no cost."""

from __future__ import annotations

from typing import Final

DEFAULT_REGION: Final = "us-east-1"
DEFAULT_ACCOUNT_ID: Final = "123456789012"

DEFAULT_WORK_BUDGET: Final = 50_000_000
"""The steps that all expressions of an execution may take together, unless an option says otherwise."""
