"""What all tests share: the table of the conformance runner, which xdist prints only from a conftest of the top folder.

pytester is switched on in pyproject.toml.
"""

from __future__ import annotations

from tests.conformance.report import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
