"""Holds the outcome of a comparison against the list of known gaps, and notes it for the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

PROPERTY = "conformance"
"""The name of the user property in which a test tells the table and the tags that it counts for."""

Note = Callable[[str, Any], None]


def judge(*, case_id: str, difference: str | None, gaps: dict[str, str]) -> None:
    """Fail on a difference that is no known gap, and on a gap that has closed."""
    reason = gaps.get(case_id)
    if reason is None and difference is not None:
        pytest.fail(f"differs from AWS: {difference}", pytrace=False)
    if reason is not None and difference is None:
        pytest.fail(f"gap closed: remove {case_id!r} from gaps.py ({reason})", pytrace=False)
    if reason is not None:
        pytest.xfail(f"{reason} [{difference}]")


def note(record_property: Note, table: str, tags: Iterable[str] = ()) -> None:
    """Note on the test's report which table and tags it counts for, in values that pytest-xdist can carry."""
    record_property(PROPERTY, [table, *sorted(tags)])
