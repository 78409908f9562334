"""The tables that the benchmarks print after the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass(kw_only=True)
class Tables:
    """Rows gathered while benchmarks run, under the heading of their table."""

    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def add(self, heading: str, *cells: str) -> None:
        """Add a row to a table."""
        self.rows.setdefault(heading, []).append(cells)

    def lines(self) -> list[str]:
        """Lay all tables out, each below its heading."""
        laid_out = []
        for heading, rows in self.rows.items():
            laid_out += ["", heading]
            widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
            for first, *rest in rows:
                cells = (f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True))
                laid_out.append("  ".join([f"  {first:<{widths[0]}}", *cells]))
        return laid_out


TABLES = pytest.StashKey[Tables]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what was gathered."""
    tables = config.stash.get(TABLES, None)
    if tables is not None and tables.rows:
        terminalreporter.section("multiples of botocore's own cost, and how costs grow")
        for line in tables.lines():
            terminalreporter.write_line(line)
