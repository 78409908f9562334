"""The events of a run, in the order and with the ids of GetExecutionHistory.

Recording an event must cost next to nothing, so it is kept as a tuple that shares the documents of the run; the shape
that AWS gives (``id``, ``previousEventId``, ``type``, ``timestamp``, ``...EventDetails`` with JSON texts) is made when
somebody reads it.

Source: recorded histories (Standard; Express logs use the same types and ids) and botocore's model of HistoryEvent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.records import Record
from pytest_sfn_sync.asl.task_call import EPOCH

Event: TypeAlias = tuple[str, int, int, "dict[str, JSON] | None"]
"""Type, previous event id, microseconds since the epoch, details (AWS's member names, documents for JSON texts)."""

_JSON_TEXTS = frozenset({"input", "output", "parameters"})
_WITH_TRUNCATION = {"input": "inputDetails", "output": "outputDetails", "assignedVariables": "assignedVariablesDetails"}


class History:
    """An append-only list of events; the id of an event is its position, counted from 1.

    ``records`` is what the interpreter appends to (records.py).
    """

    __slots__ = ("records",)

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __len__(self) -> int:
        return len(self.records)

    @property
    def events(self) -> list[Event]:
        """The events with their details under AWS's member names; made anew at each reading."""
        return [_event(record) for record in self.records]

    def entered_states(self) -> list[str]:
        """Return the names of the states in order of entry."""
        return [record[4] for record in self.records if record[0].endswith("StateEntered")]  # type: ignore[misc]

    def render(self) -> list[dict[str, Any]]:
        """Give the events as GetExecutionHistory does: ``timestamp`` is a datetime in UTC, documents are JSON texts."""
        return [_render(number, event) for number, event in enumerate(self.events, 1)]

    def render_event(self, event_id: int) -> dict[str, Any]:
        """Give one event as `render` gives it."""
        return _render(event_id, _event(self.records[event_id - 1]))


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


def _render(number: int, event: Event) -> dict[str, Any]:
    type_, previous_event_id, at, details = event
    rendered: dict[str, Any] = {
        "timestamp": EPOCH + timedelta(microseconds=at),
        "type": type_,
        "id": number,
        "previousEventId": previous_event_id,
    }
    if details is not None:
        rendered[details_member(type_)] = _render_details(details)
    return rendered


def details_member(type_: str) -> str:
    """Name the member that holds the details of an event; all ``...StateEntered`` share one, as all exits do."""
    if type_.endswith("StateEntered"):
        return "stateEnteredEventDetails"
    if type_.endswith("StateExited"):
        return "stateExitedEventDetails"
    return f"{type_[0].lower()}{type_[1:]}EventDetails"


def _render_details(details: dict[str, JSON]) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    for member, value in details.items():
        if member in _JSON_TEXTS:
            rendered[member] = compact(value)
        elif member == "assignedVariables":
            # Recorded: names in alphabetical order, each value as JSON text.
            rendered[member] = {name: compact(value[name]) for name in sorted(value)}
        else:
            rendered[member] = value
        if member in _WITH_TRUNCATION:
            rendered[_WITH_TRUNCATION[member]] = {"truncated": False}
    return rendered
