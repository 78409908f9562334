"""The table of machines as Markdown for the summary of a CI job, with diagrams that mark the parts that ran."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.graph.elements import by_state
from pytest_sfn_sync.diagrams.mermaid import machine_mermaid
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.templates.placeholders import literal_placeholders
from pytest_sfn_sync.workflow_coverage.recording import RecordedMachine
from pytest_sfn_sync.workflow_coverage.table import NOTHING, Row, Table
from pytest_sfn_sync.workflow_coverage.ways import times_taken, times_went_on

# The characters that begin a construct of Markdown or of HTML in the middle of a line.
_MEANING_SOMETHING: Final = re.compile(r"[\\`*_{}\[\]<>|#$~&]")


def markdown(table: Table) -> str:
    """Return the table and, for each machine, its diagram and its elements that never ran."""
    if not table.rows:
        return f"## Workflow coverage\n\n{NOTHING}\n"
    heading, *cells = table.cells()
    lines = [
        f"## Workflow coverage: {table.total.percent_shown}",
        "",
        _row(heading),
        _row(["---", *["--:"] * (len(heading) - 1)]),
        *(_row([_plain(text) for text in row]) for row in cells),
    ]
    for row in table.rows:
        lines += ["", *_machine(row)]
    return "\n".join(lines) + "\n"


def _machine(row: Row) -> Iterator[str]:
    # The section of a machine with missing parts is open; that of any other machine is closed.
    yield "<details>" if row.whole.ran == row.whole.all else "<details open>"
    yield f"<summary>{_plain(row.title)}: {row.whole.percent_shown}</summary>"
    if not row.executions:
        yield from ["", "Never executed."]
    elif row.never_run:
        yield from ["", "Never run:", ""]
        for label, where in row.never_run:
            yield f"* {_plain(label)}" if where is None else f"* {_plain(where)}: {_plain(label)}"
    yield from ["", "```mermaid", _diagram(row.machine).rstrip("\n"), "```", "", "</details>"]


def _diagram(machine: RecordedMachine) -> str:
    return machine_mermaid(_compiled(machine), _times_by_location(machine))


def _compiled(machine: RecordedMachine) -> RegisteredMachine:
    """Compile a definition, perhaps from another process; it has no faults, as it was registered."""
    literals = literal_placeholders(machine.definition)
    return Registry().register(machine.names[0], machine.definition, type=machine.type, substitutions=literals)


def _times_by_location(machine: RecordedMachine) -> dict[str, int]:
    """Return the counts by the locations in diagrams; a state that was left counts at its Next or End."""
    ran = machine.all_that_ran()
    times: dict[str, int] = {element.location: times_taken(element, ran) for element in machine.elements}
    times["/StartAt"] = ran.runs
    for parts in by_state(machine.elements):
        if parts.state.target is not None:
            field = "Next" if parts.state.target else "End"
            times[parts.state.location / field] = times_went_on(parts, ran)
    return times


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return _MEANING_SOMETHING.sub(lambda match: f"&#{ord(match[0])};", text)
