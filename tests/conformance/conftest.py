"""What the conformance tests share: one boto3 client for all of them, and the table after the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from tests.conformance.report import pytest_terminal_summary

__all__ = ["client", "pytest_terminal_summary"]


@pytest.fixture(scope="session")
def client() -> Iterator[Any]:
    """A boto3 client made once; whichever fake is active answers it."""
    with SfnSync() as sfn:
        made = sfn.client()
    yield made
    made.close()
