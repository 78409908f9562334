"""The events of a run, in the order and with the ids of GetExecutionHistory.

Recording an event must be cheap. So an event is kept as a tuple that shares the documents of the run. AWS's form of it
(``id``, ``previousEventId``, ``type``, ``timestamp``, ``...EventDetails`` with JSON texts) is made when it is read.

Source: recorded histories (Standard; Express logs use the same types and ids) and botocore's model of HistoryEvent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, TypeAlias, overload

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.records import BranchRecord, Record
from pytest_sfn_sync.asl.task_call import EPOCH

Event: TypeAlias = tuple[str, int, int, "dict[str, JSON] | None"]
"""Type, previous event id, microseconds since the epoch, details (AWS's member names, documents for JSON texts)."""

MOST_TEXT: Final = 64 * 1024 * 1024
"""The most characters of the texts of a history that is a list."""

_JSON_TEXTS = frozenset({"input", "output", "parameters"})
_WITH_TRUNCATION = {"input": "inputDetails", "output": "outputDetails", "assignedVariables": "assignedVariablesDetails"}


class History:
    """An append-only list of events; the id of an event is its position, counted from 1.

    The interpreter appends to ``records`` (see records.py).
    """

    __slots__ = ("records",)

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __len__(self) -> int:
        return len(self.records)

    @property
    def events(self) -> list[Event]:
        """The events with their details under AWS's member names; a new list at each access."""
        return [_event(record) for record in self.records]

    def entered_states(self, branch: BranchRecord | None = None) -> list[str]:
        """Return the names of the states in order of entry; with ``branch``, only those of a branch."""
        entered: list[Any] = [record for record in self.records if record[0].endswith("StateEntered")]
        return [record[4] for record in entered if branch is None or record[6] == branch]

    def render(self) -> Sequence[dict[str, Any]]:
        """Return the events as GetExecutionHistory does: ``timestamp`` is a datetime in UTC, documents are JSON.

        Events of the same document share its text. If the texts are larger than `MOST_TEXT` even so, return a sequence
        that writes an event when it is read.
        """
        texts = DocumentTexts(MOST_TEXT)
        try:
            return [_render(number, _event(record), texts) for number, record in enumerate(self.records, 1)]
        except TooMuchTextError:
            return EventsWrittenWhenRead(self.records.copy())

    def render_event(self, event_id: int) -> dict[str, Any]:
        """Return one event in the form that `render` uses."""
        return _rendered_alone(event_id, self.records[event_id - 1])


class TooMuchTextError(Exception):
    """The texts of a history take more memory than they may."""


class DocumentTexts:
    """The texts of the documents of one history, each written once; they raise TooMuchTextError over a limit."""

    __slots__ = ("_by_id", "_left")

    def __init__(self, most: float) -> None:
        self._left = most
        self._by_id: dict[int, str] = {}

    def text_of(self, document: JSON) -> str:
        """Return the text of a document, which the history keeps in memory."""
        if type(document) is not dict and type(document) is not list:
            return self._written(document)
        text = self._by_id.get(id(document))
        if text is None:
            text = self._by_id[id(document)] = self._written(document)
        return text

    def _written(self, document: JSON) -> str:
        text = compact(document)
        self._left -= len(text)
        if self._left < 0:
            raise TooMuchTextError
        return text


class EventsWrittenWhenRead(Sequence[dict[str, Any]]):
    """The events of a large history; each is a new dict whenever it is read."""

    def __init__(self, records: list[Record]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        position = range(len(self))[index]
        return _rendered_alone(position + 1, self._records[position])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return False
        return all(event == one for event, one in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as a list

    def __repr__(self) -> str:
        return f"<{len(self)} events, each written when it is read>"


def _rendered_alone(event_id: int, record: Record) -> dict[str, Any]:
    return _render(event_id, _event(record), DocumentTexts(math.inf))


def _event(record: Record) -> Event:
    rest: list[Any]
    type_, previous_event_id, at, _, *rest = record
    details: dict[str, JSON] | None
    if type_.endswith("StateEntered"):
        details = {"name": rest[0], "input": rest[1]}
    elif type_.endswith("StateExited"):
        details = {"name": rest[0], "output": rest[1]}
        if rest[2]:
            details["assignedVariables"] = rest[2]
    elif type_.startswith("MapIteration"):
        details = {"name": rest[0], "index": rest[1]}
    elif len(rest) == 1:
        details = rest[0]
    else:
        details = {**(rest[0] or {}), rest[1]: rest[2]}
    return type_, previous_event_id, at, details


def _render(number: int, event: Event, texts: DocumentTexts) -> dict[str, Any]:
    type_, previous_event_id, at, details = event
    rendered: dict[str, Any] = {
        "timestamp": EPOCH + timedelta(microseconds=at),
        "type": type_,
        "id": number,
        "previousEventId": previous_event_id,
    }
    if details is not None:
        rendered[details_member(type_)] = _render_details(details, texts)
    return rendered


def details_member(type_: str) -> str:
    """Return the member that holds the details of an event.

    All ``...StateEntered`` events share one member, and all ``...StateExited`` events share another.
    """
    if type_.endswith("StateEntered"):
        return "stateEnteredEventDetails"
    if type_.endswith("StateExited"):
        return "stateExitedEventDetails"
    return f"{type_[0].lower()}{type_[1:]}EventDetails"


def _render_details(details: dict[str, JSON], texts: DocumentTexts) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    for member, value in details.items():
        if member in _JSON_TEXTS:
            rendered[member] = texts.text_of(value)
        elif member == "assignedVariables":
            # Recorded: names in alphabetical order, each value as JSON text.
            rendered[member] = {name: texts.text_of(value[name]) for name in sorted(value)}
        else:
            rendered[member] = copied(value)
        if member in _WITH_TRUNCATION:
            rendered[_WITH_TRUNCATION[member]] = {"truncated": False}
    return rendered
