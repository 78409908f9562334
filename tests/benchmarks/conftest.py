"""What the benchmarks share: the client that measures botocore alone, and the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.benchmarks.measuring import constant_client
from tests.benchmarks.tables import TABLES, Tables, pytest_terminal_summary

__all__ = ["constant", "pytest_terminal_summary", "tables"]


@pytest.fixture(scope="session")
def constant() -> Iterator[Any]:
    """The client whose every call is answered by a constant."""
    client = constant_client()
    yield client
    client.close()


@pytest.fixture
def tables(pytestconfig: pytest.Config) -> Tables:
    """The tables of this run."""
    return pytestconfig.stash.setdefault(TABLES, Tables())
