"""Names the reasons for which a recorded case is not replayed, or not in full."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from tests.conformance.cases import Case, MeasuredCase, Trial, ValidationCase, speaks_jsonata
from tests.conformance.handlers import HANDLERS

JSONATA = find_spec("jlens") is not None
"""Whether machines that speak JSONata can be replayed: the engine is an extra."""

NEEDS_JSONATA = "needs the extra: pip install pytest-sfn-sync[jsonata]"
NO_HISTORY = "no history was recorded"
NO_TERMINAL_EVENT = "the recorded history breaks off before its last event"
UNRECORDED_CHILD_TASKS = "the tasks of child executions were not recorded"
UNKNOWN_HANDLER = "the recorded Lambda function has no counterpart here"
INPUT_OMITTED = "the input was cut out of the recording"


def hinders_result(case: Case) -> str | None:
    """Why the result of a case can't be compared; None where it can."""
    if case.uses_jsonata and not JSONATA:
        return NEEDS_JSONATA
    if case.attempts is None and not all(name in HANDLERS for name in case.handlers.values()):
        return UNKNOWN_HANDLER
    return None


def hinders_events(case: Case) -> str | None:
    """Why the history of a case can't be compared; None where it can."""
    if case.events is None:
        return NO_HISTORY
    if "no-terminal-event" in case.tags:
        return NO_TERMINAL_EVENT
    if "unrecorded-child-tasks" in case.tags:
        return UNRECORDED_CHILD_TASKS
    return hinders_result(case)


def hinders_measured(case: MeasuredCase | ValidationCase | Trial) -> str | None:
    """Why a measured execution, a verdict on a definition or a trial can't be compared; None where it can."""
    return NEEDS_JSONATA if case.uses_jsonata and not JSONATA else None


def hinders_requests(requests: Iterable[dict[str, Any]]) -> str | None:
    """Why the answers to API requests can't be compared; None where they can."""
    needs_jsonata = any(speaks_jsonata(_parsed(request.get("definition"))) for request in requests)
    return NEEDS_JSONATA if needs_jsonata and not JSONATA else None


def _parsed(definition: Any) -> Any:
    try:
        return json.loads(definition) if isinstance(definition, str) else definition
    except ValueError:  # a recorded refusal of a definition that is no JSON
        return None
