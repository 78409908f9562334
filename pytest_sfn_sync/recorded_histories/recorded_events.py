"""One event of a recorded execution, read from either form in which AWS writes it.

GetExecutionHistory has ``previousEventId``, ``timestamp`` and a member ``...EventDetails``. The logs of an Express
machine have ``previous_event_id``, ``event_timestamp`` and ``details``, with ids as texts. Recorded: both forms have
the same types, ids and details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_text, shown_value

_DETAILS: Final = "EventDetails"
_TRUNCATION: Final = {
    "input": "inputDetails",
    "output": "outputDetails",
    "parameters": "parametersDetails",
    "assignedVariables": "assignedVariablesDetails",
}
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One event; ``at`` is its time in microseconds since the epoch, None if the recording has no times."""

    id: int
    type: str
    previous: int
    at: int | None
    details: Mapping[str, Any]
    source: str

    def document(self, member: str) -> JSON:
        """Return a document of the details, such as ``input``.

        Raise MockError if the recording has the event without its data.
        """
        if self.details.get(_TRUNCATION[member], {}).get("truncated") is True:
            raise self.fault(
                f"its {member} is truncated, so the recording can't say what it was. AWS cuts long data in histories "
                "and logs: replay an execution with smaller data, or mock the tasks by hand"
            )
        if member not in self.details:
            raise self.fault(
                f"it has no {member}. Was the execution recorded without its data? Read it with "
                "aws stepfunctions get-execution-history --include-execution-data; the logs of an Express machine "
                "need the level ALL and includeExecutionData"
            )
        text = self.details[member]
        try:
            return parse_json(text)
        except (JSONTextError, TypeError):
            raise self.fault(f"its {member} is no JSON: {shown_value(text)}") from None

    @property
    def variables(self) -> dict[str, JSON]:
        """The variables that a state assigned when it was left."""
        if self.details.get(_TRUNCATION["assignedVariables"], {}).get("truncated") is True:
            self.document("assignedVariables")
        return {name: parse_json(text) for name, text in self.details.get("assignedVariables", {}).items()}

    def text(self, member: str) -> str:
        """Return a member of the details that is a text, such as ``name``; raise MockError if it is none."""
        found = self.details.get(member)
        if not isinstance(found, str):
            raise self.fault(f"its {member} is no text: {shown_value(found)}")
        return found

    def number(self, member: str) -> int:
        """Return a member of the details that is a number, such as ``index``; raise MockError if it is none."""
        found = self.details.get(member)
        if not isinstance(found, int):
            raise self.fault(f"its {member} is no number: {shown_value(found)}")
        return found

    def fault(self, why: str) -> MockError:
        """Return the usage error for an event that can't be used."""
        name = self.details.get("name")
        where = "" if name is None else f" of state {shown_value(name)}"
        return MockError(f"{shown_text(self.source)}: event {self.id} ({shown_text(self.type)}{where}): {why}.")


def is_event(value: Mapping[str, Any]) -> bool:
    """Return whether a mapping is an event, in one of the two forms."""
    return "type" in value and "id" in value and ("previousEventId" in value or "previous_event_id" in value)


def read_event(value: Mapping[str, Any], source: str) -> RecordedEvent:
    """Return the event of a mapping in one of the two forms; raise MockError if it is not like AWS's."""
    details = value.get("details")
    if details is None:
        details = next((member for name, member in value.items() if name.endswith(_DETAILS)), {})
    try:
        return RecordedEvent(
            id=_number(value["id"]),
            type=str(value["type"]),
            previous=_number(value.get("previousEventId", value.get("previous_event_id"))),
            at=_microseconds(value.get("timestamp", value.get("event_timestamp"))),
            details=dict(details),
            source=source,
        )
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise MockError(f"{shown_text(source)}: this is no event of a history: {shown_value(value)}.") from None


_MOST_EVENTS: Final = 1_000_000
"""The highest number of an event. AWS ends an execution with 25,000 events; logs of Express machines have more."""


def _number(value: Any) -> int:
    """Return the number of an event; raise ValueError for one that no history has."""
    number = int(value)
    if not 0 <= number <= _MOST_EVENTS:
        raise ValueError
    return number


def _microseconds(value: Any) -> int | None:
    """Return a time in microseconds.

    The CLI writes ISO 8601 or seconds since the epoch, boto3 has a datetime, and logs have milliseconds as a text.
    """
    if value is None:
        return None
    if isinstance(value, int | float):
        return round(value * _MICROSECONDS)
    if isinstance(value, str) and value.isdigit():
        return int(value) * 1000
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    at: datetime = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
    return (at - EPOCH) // timedelta(microseconds=1)


def document_or_missing(event: RecordedEvent, member: str) -> JSON:
    """Return a document of an event's details; MISSING if the event has none by its nature."""
    return event.document(member) if member in event.details else MISSING
