"""The stored table of a definition's failure cases: a Markdown file beside it, which people read and pytest compares.

The file has the settings of the runs, as a JSON block that its author may change, and one row for each case.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.failure_cases.case_outcomes import CaseOutcome
from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources.text_files import UnreadableSourceError, read_text_file

_BLOCK: Final = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW: Final = re.compile(r"^\| (.*) \|$", re.MULTILINE)
_BETWEEN_CELLS: Final = re.compile(r"(?<!\\) \| ")
_COLUMNS: Final = ("case", "handled by", "path", "end")
_TEXT: Final = """\
# Failures of {file}

What the machine does when one of its tasks fails. `pytest --sfn-failures {file}` compares each case with this
table; with `--sfn-failures-update` it writes the table again. The input and the results of the tasks are yours to
change:

```json
{settings}
```

{rows}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """The settings of the runs: the input, the results of tasks by name, and how the machine is registered."""

    input: JSON = field(default_factory=dict)
    results: Mapping[str, JSON] = field(default_factory=dict)
    type: str | None = None
    substitutions: Mapping[str, Any] | None = None
    history: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureTable:
    """A stored table: its settings, and its rows by the name of the case."""

    settings: TableSettings
    rows: Mapping[str, CaseOutcome]


def table_path(definition: Path) -> Path:
    """Return the path of the table of a definition: ``orders.failures.md`` beside ``orders.asl.json``."""
    return definition.with_name(f"{definition.name.partition('.')[0]}.failures.md")


def read_table(path: Path) -> FailureTable | None:
    """Return the table of a file; None if there is no file. Raise MockError if it can't be read."""
    try:
        text = read_text_file(path)
    except FileNotFoundError:
        return None
    except UnreadableSourceError as error:
        raise MockError(f"The table {shown_text(str(path))} can't be read: {error.why}.") from None
    rows = [_cells(row) for row in _ROW.findall(text)[1:]]
    outcomes = [CaseOutcome(*cells) for cells in rows if len(cells) == len(_COLUMNS)]
    return FailureTable(settings=_settings(text, path), rows={outcome.case: outcome for outcome in outcomes})


def write_table(path: Path, definition: Path, settings: TableSettings, outcomes: Iterable[CaseOutcome]) -> None:
    """Write the table of a definition."""
    rows = [_COLUMNS, *outcomes]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_COLUMNS))]
    lines = [_line([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]) for row in cells]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    members = {name: getattr(settings, name) for name in TableSettings.__slots__}
    given = {name: value for name, value in members.items() if value is not None}
    text = _TEXT.format(
        file=definition.name, settings=json.dumps(given, indent=2, ensure_ascii=False), rows="\n".join(lines)
    )
    # Replaced in one step, as several workers of pytest-xdist may write and read the table at the same time.
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _BETWEEN_CELLS.split(row)]


def _settings(text: str, path: Path) -> TableSettings:
    block = _BLOCK.search(text)
    where = f"The table {shown_text(str(path))}"
    if block is None:
        raise MockError(f"{where} has no block ```json with the input and the results of the tasks.")
    try:
        given = json.loads(block[1])
    except (ValueError, RecursionError) as error:
        raise MockError(f"{where}: its block is no JSON: {shown_text(str(error))}.") from None
    if not isinstance(given, dict):
        raise MockError(f"{where}: its block must be an object, not {shown_value(given)}.")
    known = TableSettings.__slots__
    for name, value in given.items():
        if name not in known:
            raise MockError(f"{where}: there is no setting {shown_value(name)}. Nearest: {nearest(name, known)}.")
        if name in ("results", "substitutions") and not isinstance(value, dict):
            raise MockError(f"{where}: {name} must be an object, not {shown_value(value)}.")
    return TableSettings(**given)
