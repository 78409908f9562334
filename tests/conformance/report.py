"""The table that is printed after a run of conformance tests: cases equal to AWS, by file and by tag.

It is made from the user properties of the test reports, so it is the same where pytest-xdist spreads the tests.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from tests.conformance.judging import PROPERTY

OUTCOMES = {"passed": "equal", "xfailed": "gaps", "failed": "differ", "error": "differ", "skipped": "left out"}
COLUMNS = ("equal", "gaps", "differ", "left out")
PRINTED = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the table where conformance tests ran; once, however often this hook is registered."""
    if config.stash.get(PRINTED, False):
        return
    config.stash[PRINTED] = True
    tables = count(
        (outcome, report)
        for outcome in OUTCOMES
        for report in terminalreporter.stats.get(outcome, ())
        if getattr(report, "when", None) == "call" or outcome == "error"
    )
    for line in lines(tables):
        terminalreporter.write_line(line) if line else terminalreporter.section("conformance with AWS")


def count(reports: Iterable[tuple[str, Any]]) -> dict[str, dict[str, Counter[str]]]:
    """Count outcomes: table -> tag (``""`` for all of the table) -> column -> number of cases."""
    tables: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for outcome, report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == PROPERTY:
                table, *tags = value
                for tag in ("", *tags):
                    tables[table][tag][OUTCOMES[outcome]] += 1
    return tables


def lines(tables: dict[str, dict[str, Counter[str]]]) -> list[str]:
    """Lay the counts out: tables first, then their tags; an empty first line stands for the heading."""
    if not tables:
        return []
    laid_out = ["", _row("", *COLUMNS, "rate")]
    laid_out += [_counts(table, tags[""]) for table, tags in sorted(tables.items())]
    for table, tags in sorted(tables.items()):
        named = {tag: counts for tag, counts in tags.items() if tag}
        if named:
            laid_out.append(f"{table}, by tag")
            laid_out += [_counts(f"  {tag}", counts) for tag, counts in sorted(named.items())]
    return laid_out


def _counts(label: str, counts: Counter[str]) -> str:
    judged = counts["equal"] + counts["gaps"] + counts["differ"]
    rate = f"{100 * counts['equal'] / judged:.1f} %" if judged else "-"
    return _row(label, *(str(counts[column]) for column in COLUMNS), rate)


def _row(label: str, *cells: str) -> str:
    return f"{label:<48}" + "".join(f"{cell:>10}" for cell in cells)
