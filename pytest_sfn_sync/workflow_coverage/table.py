"""The table of machines: how much of each ran, and its elements that never ran, as numbers and as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.graph.elements import (
    CATCHER,
    DEFAULT,
    RETRIER,
    RULE,
    STATE,
    StateElements,
    by_state,
)
from pytest_sfn_sync.executions.ran import Ran
from pytest_sfn_sync.shown_text import on_one_line
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.workflow_coverage.recording import RecordedMachine
from pytest_sfn_sync.workflow_coverage.ways import times_taken

NOTHING: Final = "No state machine was registered."
_COLUMNS: Final = {
    STATE: "States",
    RULE: "Choice rules",
    DEFAULT: "Choice rules",
    RETRIER: "Retriers",
    CATCHER: "Catchers",
}
KINDS: Final = tuple(dict.fromkeys(_COLUMNS.values()))
_NAMES_SHOWN: Final = 3


class Count(NamedTuple):
    """The number of elements that ran, and the number of all elements."""

    ran: int
    all: int

    def __str__(self) -> str:
        return f"{self.ran}/{self.all}" if self.all else "-"

    @property
    def percent(self) -> float:
        """The percentage that ran; it is 100 if there are no elements."""
        return 100 * self.ran / self.all if self.all else 100.0

    @property
    def percent_shown(self) -> str:
        """The percentage as a whole number; it is 0 or 100 only if the exact percentage is 0 or 100."""
        percent = round(self.percent)
        if 0 < self.ran < self.all:
            percent = min(max(percent, 1), 99)
        return f"{percent}%"

    def plus(self, other: Count) -> Count:
        """Return the sum of two counts."""
        return Count(self.ran + other.ran, self.all + other.all)


_NONE: Final = Count(0, 0)


class NeverRun(NamedTuple):
    """An element that never ran; ``where`` is its file and line, None if it has no file."""

    label: str
    where: str | None


class Row(NamedTuple):
    """The row of one machine: ``counts`` by kind, in the order of `KINDS`, and the elements that were ``never_run``.

    If a state was never entered, only the state is listed, without its other elements. If a machine was never executed,
    no element is listed.
    """

    name: str
    source: str | None
    counts: tuple[Count, ...]
    executions: int
    never_run: tuple[NeverRun, ...]
    machine: RecordedMachine

    @property
    def title(self) -> str:
        """The name of the machine, and its file."""
        return self.name if self.source is None else f"{self.name} ({self.source})"

    @property
    def whole(self) -> Count:
        """The count of all kinds together."""
        return _sum(self.counts)


class Table(NamedTuple):
    """The rows of all machines."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, machines: Iterable[RecordedMachine]) -> Table:
        """Return the table of recorded machines."""
        return cls(tuple(_row(machine) for machine in machines))

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts of each kind over all machines."""
        return tuple(_sum(counts) for counts in zip(*(row.counts for row in self.rows), strict=True))

    @property
    def total(self) -> Count:
        """The count of all kinds over all machines."""
        return _sum(self.counts)

    def cells(self) -> list[list[str]]:
        """Return the cells: a heading, the machines, and the total if there are several machines."""
        cells = [["State machine", *KINDS, "Executions", "Run"]]
        for row in self.rows:
            cells.append([row.title, *map(str, row.counts), str(row.executions), row.whole.percent_shown])
        if len(self.rows) > 1:
            executions = sum(row.executions for row in self.rows)
            cells.append(["Total", *map(str, self.counts), str(executions), self.total.percent_shown])
        return cells

    def lines(self) -> Iterator[str]:
        """Yield the table and the elements that never ran, as lines for a terminal."""
        if not self.rows:
            yield NOTHING
            return
        cells = self.cells()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for number, (name, *others) in enumerate(cells):
            if number == len(self.rows) + 1:
                yield _ruler(widths)
            aligned = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
            yield "  ".join([name.ljust(widths[0]), *aligned])
            if number == 0:
                yield _ruler(widths)
        for row in self.rows:
            if not row.executions:
                yield from ["", f"Never executed: {row.title}"]
            elif row.never_run:
                yield from ["", f"Never run of {row.title}:"]
                for label, where in row.never_run:
                    yield f"  {label}" if where is None else f"  {where}: {label}"


class Verdict(NamedTuple):
    """The result of the comparison with the required percentage, and its line for the terminal."""

    is_passed: bool
    message: str


def verdict(total: Count, fails_under: float) -> Verdict:
    """Return the verdict for the least percentage that is required; it fails if there are no elements."""
    required = f"Required workflow coverage of {fails_under:g}%"
    if not total.all:
        return Verdict(False, f"FAIL {required} not reached. {NOTHING}")
    reached = total.percent >= fails_under
    in_all = f"Total workflow coverage: {total.percent:.2f}%"
    return Verdict(reached, f"{required} reached. {in_all}" if reached else f"FAIL {required} not reached. {in_all}")


def _row(machine: RecordedMachine) -> Row:
    ran = machine.all_that_ran()
    counts = dict.fromkeys(KINDS, _NONE)
    for element in machine.elements:
        column = _COLUMNS[element.kind]
        counts[column] = counts[column].plus(Count(int(times_taken(element, ran) > 0), 1))
    names = sorted(machine.names)[:_NAMES_SHOWN]
    others = len(machine.names) - len(names)
    return Row(
        name=", ".join(names) + (f" and {others} more" if others else ""),
        source=None if machine.source is None else shown_path(machine.source),
        counts=tuple(counts.values()),
        executions=ran.runs,
        never_run=tuple(_never_run(machine, ran)) if ran.runs else (),
        machine=machine,
    )


def _never_run(machine: RecordedMachine, ran: Ran) -> Iterator[NeverRun]:
    for parts in by_state(machine.elements):
        state = parts.state
        if not times_taken(state, ran):
            yield NeverRun(on_one_line(state.label) + _with_what(parts), _where(machine, state.location))
            continue
        for element in parts.others:
            if not times_taken(element, ran):
                yield NeverRun(on_one_line(element.label), _where(machine, element.location))


def _with_what(parts: StateElements) -> str:
    numbers = Counter(RULE if element.kind == DEFAULT else element.kind for element in parts.others)
    counts = [f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in numbers.items()]
    return f" (with {' and '.join(counts)})" if counts else ""


def _where(machine: RecordedMachine, location: str) -> str | None:
    place = machine.places.get(location)
    return None if place is None or machine.file is None else f"{shown_path(machine.file)}:{place.line}"


def _sum(counts: Iterable[Count]) -> Count:
    total = _NONE
    for count in counts:
        total = total.plus(count)
    return total


def _ruler(widths: list[int]) -> str:
    return "-" * (sum(widths) + 2 * (len(widths) - 1))
