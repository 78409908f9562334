"""The page of a whole test run: an index of all executions, and sections for as many as a page has room for.

Each worker of pytest-xdist records the executions of its own tests and sends them as bytes. The controller writes one
page from all of them.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha1
from typing import TYPE_CHECKING, Final

from pytest_sfn_sync.diagrams.execution_section import Picture, execution_section, picture_of, status_class
from pytest_sfn_sync.diagrams.html_text import counted, escaped, left_out
from pytest_sfn_sync.diagrams.page import page
from pytest_sfn_sync.executions.trace import seconds

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues

SECTIONS: Final = 100
"""The most sections on a page; executions of failed tests, and those that did not succeed, come first."""
ROWS: Final = 2_000
"""The most rows in the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExecution:
    """An execution as the page needs it.

    ``number`` counts the executions of its test from 1. ``section`` is None if the page leaves it out.
    ``test_outcome`` is ``passed``, ``failed`` or ``skipped``; ``duration`` is in microseconds of virtual time.
    """

    test: str
    number: int
    test_outcome: str
    machine: str
    status: str
    error: str | None
    duration: int
    key: str
    section: str | None

    @property
    def is_important(self) -> bool:
        """True if its test failed or it did not succeed, as readers look for these first."""
        return self.test_outcome == "failed" or self.status != "SUCCEEDED"


class RunRecorder:
    """Records executions test by test, and writes them at the end of each test, so that they needn't be kept."""

    def __init__(self) -> None:
        self.recorded: list[RecordedExecution] = []
        self._ended: list[ExecutionValues] = []
        self._count_by_test: Counter[str] = Counter()
        self._sections: Counter[bool] = Counter()
        # Tests register machines again and again, most often with the same definitions.
        self._pictures: list[tuple[object, Picture]] = []

    def execution(self, execution: ExecutionValues) -> None:
        """Keep an execution until its test is over."""
        self._ended.append(execution)

    def registered(self, machines: Iterable[object]) -> None:
        """Ignore machines that never ran."""

    def test_is_over(self, test: str, outcome: str) -> None:
        """Write the sections of a test's executions."""
        ended, self._ended = self._ended, []
        for execution in ended:
            self._record(execution, test, outcome)

    def _record(self, execution: ExecutionValues, test: str, outcome: str) -> None:
        self._count_by_test[test] += 1
        number = self._count_by_test[test]
        key = f"x{sha1(test.encode(errors='replace')).hexdigest()[:10]}-{number}"
        is_important = outcome == "failed" or execution.status != "SUCCEEDED"
        section = None
        if self._sections[is_important] < SECTIONS:
            self._sections[is_important] += 1
            section = execution_section(execution, self._picture(execution), key=key, test=test)
        self.recorded.append(
            RecordedExecution(
                test=test,
                number=number,
                test_outcome=outcome,
                machine=execution.machine.name,
                status=execution.status,
                error=execution.error,
                duration=execution.run.stopped_at - execution.run.started_at,
                key=key,
                section=section,
            )
        )

    def _picture(self, execution: ExecutionValues) -> Picture:
        definition = execution.machine.document
        for known, picture in self._pictures:
            if known == definition:
                return picture
        picture = picture_of(execution)
        self._pictures = [(definition, picture), *self._pictures[:20]]
        return picture

    def packed(self) -> bytes:
        """Return all recorded executions as bytes, for another process."""
        recorded = [asdict(execution) for execution in self.recorded]
        return zlib.compress(json.dumps(recorded).encode())

    def add_packed(self, recorded: bytes) -> None:
        """Add the executions that another process recorded."""
        self.recorded += [RecordedExecution(**fields) for fields in json.loads(zlib.decompress(recorded))]


def run_page(recorded: Iterable[RecordedExecution]) -> str:
    """Return the page of a run; executions are sorted by test, whichever process recorded them."""
    executions = sorted(recorded, key=lambda execution: (execution.test, execution.number))
    by_importance = sorted(executions, key=lambda execution: not execution.is_important)
    written = [execution for execution in by_importance if execution.section is not None][:SECTIONS]
    shown = {execution.key for execution in written}
    sections = [execution.section or "" for execution in executions if execution.key in shown]
    return page("Step Functions executions", ["".join(_index(executions, shown)), *sections])


def _index(executions: list[RecordedExecution], shown: set[str]) -> Iterator[str]:
    yield '<main id="index"><h1>Step Functions executions</h1>'
    statuses = Counter(execution.status for execution in executions)
    by_status = ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items())) or "none ran"
    tests = len({execution.test for execution in executions})
    yield f'<p class="where">{counted(len(executions), "execution")} in {counted(tests, "test")}: {by_status}</p>'
    if len(shown) < len(executions):
        yield f'<p class="note">Only {len(shown):,} of them are shown in full: first those of tests that failed '
        yield "and those that did not succeed.</p>"
    yield '<input id="filter" type="search" placeholder="filter by test, machine, status or error" hidden>'
    yield '<div class="scrolls"><table><thead><tr><th>test</th><th>outcome</th><th>machine</th><th>execution</th>'
    yield "<th>error</th><th>took</th></tr></thead><tbody>"
    for execution in executions[:ROWS]:
        yield from _row(execution, has_section=execution.key in shown)
    yield "</tbody></table></div>"
    yield left_out(max(len(executions) - ROWS, 0), "execution")
    yield "</main>"


def _row(execution: RecordedExecution, *, has_section: bool) -> Iterator[str]:
    outcome = execution.test_outcome
    badge = f'<span class="badge {status_class(execution.status)}">{execution.status}</span>'
    name = f"{execution.machine} #{execution.number}"
    linked = f'<a href="#{execution.key}">{escaped(name)}</a>' if has_section else escaped(name)
    yield f'<tr><td>{escaped(execution.test)}</td><td><span class="badge {outcome}">{outcome}</span></td>'
    yield f"<td>{linked}</td><td>{badge}</td><td>{escaped(execution.error or '')}</td>"
    yield f'<td class="number">{seconds(execution.duration)}</td></tr>'
