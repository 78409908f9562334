"""The reason why a state's error ended it, in words: what its retriers and catchers did, and where the error went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import STATES_ALL
from pytest_sfn_sync.executions.state_visits import FAILED, Visit

_CAN_HANDLE: Final = ("Task", "Parallel", "Map")


def failure_reasons(visit: Visit, fields: dict[str, Any]) -> list[str]:
    """Return sentences on a state that failed; there are none for any other. ``fields`` are the state's, as written."""
    if visit.outcome != FAILED:
        return []
    return list(_reasons(visit, fields))


def _reasons(visit: Visit, fields: dict[str, Any]) -> Iterator[str]:
    error = visit.failure[0] if visit.failure is not None else None
    if visit.type in _CAN_HANDLE:
        yield _about_retriers(visit, fields.get("Retry", []), error)
        yield _about_catchers(visit, fields.get("Catch", []), error)
    elif visit.type == "Fail":
        yield "A Fail state always fails."
    else:
        yield f"A {visit.type} state has neither Retry nor Catch."
    container = visit.branch.container
    if container is None:
        yield "So the execution failed."
    else:
        part = "iteration" if container.type == "Map" else "branch"
        yield f"So {part} {visit.branch.index} of {container.name!r} failed."


def _about_retriers(visit: Visit, retriers: list[dict[str, Any]], error: str | None) -> str:
    used = Counter(handled.location.last for handled in visit.handled if handled.delay is not None)
    if used:
        counts = ", ".join(f"{place} {count} {'time' if count == 1 else 'times'}" for place, count in used.items())
        return f"It was retried by {counts}, and failed again."
    if not retriers:
        return "It has no Retry."
    return _unused("retrier", "Retry", retriers, error)


def _about_catchers(visit: Visit, catchers: list[dict[str, Any]], error: str | None) -> str:
    if visit.caught is not None:
        return f"{visit.caught.location.last} took {visit.caught.error or 'an error without a name'}, but then failed."
    return _unused("catcher", "Catch", catchers, error) if catchers else "It has no Catch."


def _unused(kind: str, field: str, entries: list[dict[str, Any]], error: str | None) -> str:
    """Return the sentence on retriers or catchers of which none took the error."""
    names = [name for entry in entries for name in entry["ErrorEquals"]]
    shown = error or "an error without a name"
    if error in names or STATES_ALL in names:
        # An error that no list can match, or a retrier with MaxAttempts 0.
        return f"No {kind} could take {shown}, although {field} names {error if error in names else STATES_ALL}."
    listed = "; ".join(f"{field}[{index}]: {', '.join(entry['ErrorEquals'])}" for index, entry in enumerate(entries))
    return f"No {kind} names {shown} ({listed})."
