"""The events of a run, in the order and with the ids of GetExecutionHistory.

Recording an event must be cheap. So an event is kept as a tuple that shares the documents of the run. AWS's form of it
(``id``, ``previousEventId``, ``type``, ``timestamp``, ``...EventDetails`` with JSON texts) is made when it is read.

Source: recorded histories (Standard; Express logs use the same types and ids) and botocore's model of HistoryEvent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.records import BranchRecord, Record
from pytest_sfn_sync.asl.task_call import EPOCH

Event: TypeAlias = tuple[str, int, int, "dict[str, JSON] | None"]
"""Type, previous event id, microseconds since the epoch, details (AWS's member names, documents for JSON texts)."""

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

    def render(self) -> list[dict[str, Any]]:
        """Return the events as GetExecutionHistory does: ``timestamp`` is a datetime in UTC, documents are JSON."""
        return [_render(number, event) for number, event in enumerate(self.events, 1)]

    def render_event(self, event_id: int) -> dict[str, Any]:
        """Return one event in the form that `render` uses."""
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
    """Return the member that holds the details of an event.

    All ``...StateEntered`` events share one member, and all ``...StateExited`` events share another.
    """
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
