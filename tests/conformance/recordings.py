"""Recorded cases in the form in which ``aws stepfunctions get-execution-history`` writes an execution."""

from __future__ import annotations

import json
from typing import Any, Final

from pytest_sfn_sync.asl.history import details_member
from tests.conformance.cases import Case

_TEXTS: Final = ("input", "output", "parameters")
_AT: Final = "2024-05-06T07:08:09.010000+00:00"


def cli_history(case: Case) -> dict[str, Any]:
    """Return the output of the CLI for a case; times were not recorded, so all events have the same."""
    causes = _causes(case)
    return {"events": [_cli_event(case.wildcards.fill(event), causes) for event in case.events or []]}


def _cli_event(event: dict[str, Any], causes: dict[str, str]) -> dict[str, Any]:
    written: dict[str, Any] = {"timestamp": _AT, **{key: event[key] for key in ("type", "id", "previousEventId")}}
    details = dict(event.get("details") or {})
    for key in _TEXTS:
        if key in details:
            details[key] = json.dumps(details[key])
    if "assignedVariables" in details:
        details["assignedVariables"] = {name: json.dumps(value) for name, value in details["assignedVariables"].items()}
    if not isinstance(details.get("cause", ""), str):
        parsed = json.dumps(details["cause"], sort_keys=True)
        details["cause"] = causes.get(parsed, json.dumps(details["cause"], separators=(",", ":")))
    if details:
        written[details_member(event["type"])] = details
    return written


def _causes(case: Case) -> dict[str, str]:
    """Return the texts of causes that were recorded both as text and parsed, by the parsed one."""
    attempts = [attempt for attempts in (case.attempts or {}).values() for attempt in attempts]
    return {
        json.dumps(case.wildcards.fill(attempt.cause), sort_keys=True): case.wildcards.fill(attempt.cause_text)
        for attempt in attempts
        if attempt.cause_text is not None
    }
