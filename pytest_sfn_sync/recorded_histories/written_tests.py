"""The test file that is written for a recorded execution: it replays the recording on the project's definition."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.recorded_histories.recorded_history import RecordedHistory
from pytest_sfn_sync.shown_text import shown_names, shown_text
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError, read

_NO_NAME: Final = re.compile(r"\W+")
_UNREADABLE: Final = (OSError, UnreadableSourceError, RecursionError)

_TEMPLATE: Final = '''"""What an execution of the state machine {name} did on AWS, replayed on its definition.

Recorded: {summary}
Written by pytest --sfn-from-history. The file is yours to change.
"""

import pytest


@pytest.mark.sfn_machine({machine}, {definition}, type={type})
@pytest.mark.sfn_history({history}, machine={machine})
def test_{test}_as_recorded(sfn_sync):
    # The first step that differs from the recording fails the test. ignoring=["$.TableName"] leaves out a place.
    sfn_sync.histories[0].replay({machine})
'''


def definition_of(recorded: RecordedHistory, candidates: Iterable[Path]) -> Path:
    """Return the one definition file among the candidates that has all states of the recorded path.

    Raise MockError if there is none, or if there are several. Templates are no definition files.
    """
    wanted = set(recorded.path)
    states = {path: _states_in(path) for path in candidates}
    fitting = [path for path, names in states.items() if wanted <= names]
    named = [path for path in fitting if path.name.partition(".")[0] == recorded.machine_name]
    if len(named or fitting) == 1:
        return (named or fitting)[0]
    if fitting:
        found = shown_names(str(path) for path in fitting)
        raise MockError(
            f"--sfn-from-history: several definition files have the states of {shown_text(recorded.source)}: {found}. "
            "Choose one by --sfn-definition PATH."
        )
    nearest = sorted((path for path in states if states[path] & wanted), key=lambda path: -len(states[path] & wanted))
    near = [f"{path} has no {shown_names(sorted(wanted - states[path]), 5, quoted=True)}" for path in nearest[:3]]
    raise MockError(
        f"--sfn-from-history: no definition file has all states of {shown_text(recorded.source)}, which are "
        f"{shown_names(dict.fromkeys(recorded.path), quoted=True)}. "
        + (f"Nearest: {'; '.join(near)}. " if near else "")
        + "Name the file by --sfn-definition PATH. For a machine of a template, write a test that loads the template "
        "and calls sfn_sync.use_history(...).replay(machine)."
    )


def write_test_file(recorded: RecordedHistory, history: Path, definition: Path, folder: Path) -> Path:
    """Write the test file into a folder, and return its path; raise MockError if there is such a file."""
    machine = recorded.machine_name or definition.name.partition(".")[0]
    name = "_".join(filter(None, (_identifier(machine), _identifier(recorded.name or history.name.partition(".")[0]))))
    path = folder / f"test_{name}.py"
    if path.exists():
        raise MockError(
            f"--sfn-from-history: {shown_text(str(path))} exists already, and nothing is overwritten. Rename it or "
            "remove it first."
        )
    path.write_text(
        _TEMPLATE.format(
            name=machine,
            machine=_quoted(machine),
            summary=summary_of(recorded),
            definition=_quoted(_from(folder, definition)),
            history=_quoted(_from(folder, history)),
            type=_quoted(recorded.type),
            test=_identifier(machine),
        ),
        encoding="utf-8",
    )
    return path


def summary_of(recorded: RecordedHistory) -> str:
    """Return one line about a recorded execution: its end, its time, and its path."""
    when = "" if recorded.started_at is None else f" on {recorded.started_at:%Y-%m-%d}"
    error = f" with {shown_text(recorded.error, 60)}" if recorded.error else ""
    path = shown_names(recorded.path, 8).replace(", ", " -> ")
    return _quoted(f"{recorded.status}{error}{when}, {path}")[1:-1]


def _quoted(text: str) -> str:
    """Return a text as a string of Python with double quotes, which JSON writes in the same way."""
    return json.dumps(text, ensure_ascii=False)


def _identifier(name: str) -> str:
    return _NO_NAME.sub("_", name).strip("_").lower()


def _from(folder: Path, path: Path) -> str:
    """Return the path of a file from the folder of the test, with slashes."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # On Windows, the two may be on different drives.
        return path.as_posix()


def _states_in(path: Path) -> set[str]:
    try:
        document = read(SourceText.of_file(path), tags=lambda tag, value: value).document
    except _UNREADABLE:
        return set()
    is_definition = isinstance(document, dict) and "States" in document
    return set(_names(document)) if is_definition else set()


def _names(document: object) -> Iterable[str]:
    """Yield the names of all states in a definition."""
    if isinstance(document, dict):
        states = document.get("States")
        if isinstance(states, dict):
            yield from states
        for value in document.values():
            yield from _names(value)
    elif isinstance(document, list):
        for item in document:
            yield from _names(item)
