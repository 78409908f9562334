"""Compares histories: the events that AWS recorded for a Standard run with those of the same machine run here.

Times are left out, and JSON texts are parsed. What must differ for an EXPRESS run is put right in the recording: the
form of the execution's ARN, and the ``RedriveCount`` of the context object, which Express executions lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.conformance.wildcards import Wildcards, parsed

TEXTS_OF_JSON = ("input", "output", "parameters")
LEFT_OUT = ("inputDetails", "outputDetails", "assignedVariablesDetails")
STANDARD_EXECUTION = ":execution:<ArnPart_0idx>:<ExecArnPart_0idx>"
EXPRESS_EXECUTION = ":express:<ArnPart_0idx>:<ExecArnPart_0idx>"
NOT_RECORDED_WHERE_UNORDERED = ("ParallelStateSucceeded", "ParallelStateFailed")

Event = dict[str, Any]


def as_express(recorded: Any) -> Any:
    """Put right in a recorded value what differs between a Standard and an Express execution."""
    if isinstance(recorded, str):
        return recorded.replace(STANDARD_EXECUTION, EXPRESS_EXECUTION)
    if isinstance(recorded, list):
        return [as_express(item) for item in recorded]
    if isinstance(recorded, dict):
        return {key: as_express(value) for key, value in recorded.items() if key != "RedriveCount"}
    return recorded


def as_recorded(event: Event) -> Event:
    """Bring an event of GetExecutionHistory into the form of the recordings."""
    details: dict[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    shown = {key: value for key, value in details.items() if key not in LEFT_OUT}
    for key in TEXTS_OF_JSON:
        if key in shown:
            shown[key] = parsed(shown[key])
    if "assignedVariables" in shown:
        shown["assignedVariables"] = {name: parsed(text) for name, text in shown["assignedVariables"].items()}
    return {
        "type": event["type"],
        "id": event["id"],
        "previousEventId": event["previousEventId"],
        "details": shown,
    }


def history_difference(
    recorded: Sequence[Event], actual: Iterable[Event], wildcards: Wildcards, *, machine_type: str = "EXPRESS"
) -> str | None:
    """Tell where a history first differs from the recorded one, or None where it doesn't."""
    ours = [as_recorded(event) for event in actual]
    theirs = [{"details": {}, **event} for event in recorded]
    if machine_type == "EXPRESS":
        theirs = as_express(theirs)
    if any(isinstance(event["id"], list) for event in theirs):
        return _unordered_difference(theirs, ours, wildcards)
    for one, other in zip(theirs, ours, strict=False):
        difference = event_difference(one, other, wildcards)
        if difference is not None:
            return f"event #{one['id']} ({one['type']}): {difference}"
    if len(theirs) != len(ours):
        return f"recorded {_types(theirs)}, got {_types(ours)}"
    return None


def with_links_of_today(recorded: Sequence[Event], day: str) -> list[Event]:
    """Put right the links of a history with a distributed Map that was recorded before November 2024.

    Until then MapStateExited followed MapRunSucceeded; since then it follows MapRunStarted (recorded both ways).
    """
    if day >= "2024-11":
        return list(recorded)
    started = {event["id"]: event["previousEventId"] for event in recorded if event["type"] == "MapRunSucceeded"}
    return [
        {**event, "previousEventId": started[event["previousEventId"]]}
        if event["type"] == "MapStateExited" and event["previousEventId"] in started
        else event
        for event in recorded
    ]


def event_difference(recorded: Event, actual: Event, wildcards: Wildcards) -> str | None:
    """Tell the first difference between two events, the one's cause parsed where the other's was."""
    for member in ("type", "id", "previousEventId"):
        if recorded[member] != actual[member]:
            return f"{member} recorded {recorded[member]!r}, got {actual[member]!r}: {actual!r}"
    return details_difference(recorded["details"], actual["details"], wildcards)


def details_difference(recorded: dict[str, Any], actual: dict[str, Any], wildcards: Wildcards) -> str | None:
    """Tell the first difference between the details of two events."""
    if isinstance(recorded.get("cause"), dict) and isinstance(actual.get("cause"), str):
        actual = {**actual, "cause": parsed(actual["cause"])}
    return wildcards.difference(recorded, actual, "details")


def _unordered_difference(recorded: list[Event], actual: list[Event], wildcards: Wildcards) -> str | None:
    """Compare by id what has one, and as a multiset what happened inside the Parallel."""
    by_id = {event["id"]: event for event in actual}
    inside = []
    for event in recorded:
        if isinstance(event["id"], list):
            inside.append(event)
            continue
        if event["id"] not in by_id:
            return f"event #{event['id']} ({event['type']}) is missing; got {_types(actual)}"
        difference = event_difference(event, by_id.pop(event["id"]), wildcards)
        if difference is not None:
            return f"event #{event['id']} ({event['type']}): {difference}"
    rest = list(by_id.values())
    for event in inside:
        matching = (other for other in rest if _alike(event, other, wildcards))
        found = next(matching, None)
        if found is None:
            return f"no {event['type']} with {event['details']!r} inside the Parallel; left: {_types(rest)}"
        rest.remove(found)
    left = [event for event in rest if event["type"] not in NOT_RECORDED_WHERE_UNORDERED]
    return f"not recorded inside the Parallel: {_types(left)}" if left else None


def _alike(recorded: Event, actual: Event, wildcards: Wildcards) -> bool:
    same_type = recorded["type"] == actual["type"]
    return same_type and details_difference(recorded["details"], actual["details"], wildcards) is None


def _types(events: Iterable[Event]) -> str:
    return ", ".join(f"#{event['id']} {event['type']}" for event in events)
