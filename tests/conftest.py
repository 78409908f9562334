"""What all tests share: the table of the conformance runner, short messages, and saving what coverage.py measured.

pytest-xdist asks only a conftest of the top folder for the table. pytester is switched on in pyproject.toml.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from pytest_sfn_sync import shown_text
from tests.conformance.report import pytest_terminal_summary

__all__ = ["pytest_sessionfinish", "pytest_terminal_summary"]


@pytest.fixture(autouse=True)
def short_messages() -> Iterator[None]:
    """Shorten messages even if these tests run with -vv, which makes them whole."""
    restore = shown_text.show_whole(False)
    yield
    restore()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Save what coverage.py measured, while there is time: pytest-xdist ends workers that take long to exit."""
    coverage = sys.modules.get("coverage")
    current = None if coverage is None else coverage.Coverage.current()
    if current is not None:
        current.save()


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the optional engine of JSONata look as if it were not installed."""
    from pytest_sfn_sync.asl import jsonata

    monkeypatch.setitem(sys.modules, "jlens", None)
    monkeypatch.delitem(sys.modules, "pytest_sfn_sync.asl.jsonata.engine", raising=False)
    monkeypatch.delattr(jsonata, "engine", raising=False)
