"""The files of a recorded execution: what the AWS CLI and CloudWatch Logs wrote, recognised by its content.

A recording is one value or a folder of JSON files: the pages of get-execution-history in any order, the output of
describe-execution, or the log events of an Express machine, alone or as CloudWatch returns them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.recorded_histories.recorded_events import RecordedEvent, is_event, read_event
from pytest_sfn_sync.shown_text import shown_names, shown_text, shown_value
from pytest_sfn_sync.sources.text_files import UnreadableSourceError, about_missing_file, path_fault, read_text_file

HistorySource: TypeAlias = "Mapping[str, Any] | Sequence[Any] | str | os.PathLike[str]"
"""What `SfnSync.use_history` takes: a path, or what a file of that path would have as its content."""

_ENDS: Final = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut")
_HOW_TO_READ: Final = "aws stepfunctions get-execution-history --include-execution-data --execution-arn ..."
_NOT_REPLAYED: Final = {
    "ExecutionAborted": "the execution was stopped from outside, so it has no end that a replay could repeat",
    "ExecutionRedriven": "the execution was redriven, and a replay can't redrive",
    "MapRunStarted": "it ran a distributed Map, whose children are executions of their own: this history has none of "
    "their tasks. Record the children instead, or mock the tasks by hand",
}


@dataclass(slots=True, kw_only=True)
class HistoryContent:
    """The events of one execution in order, and the members of describe-execution, if they are known."""

    source: str
    events: list[RecordedEvent] = field(default_factory=list)
    described: Mapping[str, Any] = field(default_factory=dict)
    execution_arn: str | None = None


def read_history(history: HistorySource, described: HistorySource | None = None) -> HistoryContent:
    """Return the content of a recording; raise MockError for what is missing in it."""
    source = _name_of(history)
    found = _Found(source)
    for value, name in _values(history):
        found.add(value, name)
    if described is not None:
        for value, name in _values(described):
            found.add(value, name)
    return found.content()


class _Found:
    """What was found in the files of one recording."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._events: dict[int, RecordedEvent] = {}
        self._arns: dict[str, None] = {}
        self._described: Mapping[str, Any] = {}

    def add(self, value: Any, name: str) -> None:
        """Add what a JSON value holds: an event, a page, a description, or a list of these."""
        if isinstance(value, Mapping):
            self._add_mapping(value, name)
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            for item in value:
                self.add(item, name)
        else:
            raise self._unknown(value, name)

    def _add_mapping(self, value: Mapping[str, Any], name: str) -> None:
        if is_event(value):
            event = read_event(value, name)
            self._events[event.id] = event
            if "execution_arn" in value:
                self._arns[str(value["execution_arn"])] = None
        elif isinstance(value.get("events"), list):
            self.add(value["events"], name)
        elif isinstance(value.get("message"), str):
            self.add(_json(value["message"], name), name)
        elif "executionArn" in value and "status" in value:
            self._described = value
        elif "definition" not in value:
            raise self._unknown(value, name)

    def content(self) -> HistoryContent:
        """Return the content; raise MockError if it is not one execution from its start to its end."""
        events = [self._events[number] for number in sorted(self._events)]
        source = shown_text(self._source)
        if not events:
            raise MockError(f"{source} has no events of an execution. Read them with {_HOW_TO_READ}")
        if len(self._arns) > 1:
            raise MockError(
                f"{source} has the log events of {len(self._arns)} executions: {shown_names(self._arns)}. Give those "
                "of one of them, filtered by execution_arn."
            )
        self._check_whole(events)
        arn = self._described.get("executionArn") or next(iter(self._arns), None)
        return HistoryContent(source=self._source, events=events, described=self._described, execution_arn=arn)

    def _check_whole(self, events: list[RecordedEvent]) -> None:
        source = shown_text(self._source)
        for event in events:
            if event.type in _NOT_REPLAYED:
                raise event.fault(_NOT_REPLAYED[event.type])
        missing = [number for number in range(1, events[-1].id + 1) if number not in self._events]
        if missing:
            raise MockError(
                f"{source}: of the events 1 to {events[-1].id}, these are missing: {shown_names(missing, 5)}. A "
                f"history comes in pages: give all of them, or read it again with {_HOW_TO_READ} The logs of an "
                "Express machine need the level ALL."
            )
        if events[-1].type not in _ENDS:
            raise MockError(
                f"{source}: the last event is {events[-1].id} ({events[-1].type}), not the end of the execution. Was "
                "it still running, or is a page missing?"
            )

    def _unknown(self, value: Any, name: str) -> MockError:
        return MockError(
            f"{shown_text(name)}: this is neither a history nor a description of an execution: {shown_value(value)}. "
            f"A recording is what {_HOW_TO_READ} and aws stepfunctions describe-execution write, or the log events of "
            "an Express machine."
        )


def _name_of(history: HistorySource) -> str:
    return os.fspath(history) if isinstance(history, str | os.PathLike) else "the history"


def _values(history: HistorySource) -> Iterator[tuple[Any, str]]:
    """Yield the JSON values of a recording, each with the name of its file."""
    if not isinstance(history, str | os.PathLike):
        yield history, "the history"
        return
    named = os.fspath(history)
    why = path_fault(named)
    if why is not None:
        raise MockError(f"The history {shown_text(named)} can't be read: {why}.")
    for path in _files(Path(named)):
        yield _read_file(path), str(path)


def _files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.json"))
    if not found:
        raise MockError(f"The folder {shown_text(str(path))} has no recorded execution: there is no *.json file in it.")
    return found


def _read_file(path: Path) -> Any:
    try:
        text = read_text_file(path)
    except UnreadableSourceError as error:
        raise MockError(f"The history {shown_text(str(path))} can't be read: {error.why}.") from None
    except FileNotFoundError:
        raise MockError(f"The history can't be read: {about_missing_file(path)}.") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        # The log events of an Express machine, one a line.
        return [_json(line, str(path)) for line in text.splitlines() if line.strip()]


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise MockError(
            f"The history {shown_text(name)} can't be read as JSON: it has {shown_value(text, 60)}."
        ) from None
