"""The events of a run, in the order and with the ids of GetExecutionHistory.

Recording an event must cost next to nothing, so it is kept as a tuple that shares the documents of the run; the shape
that AWS gives (``id``, ``previousEventId``, ``type``, ``timestamp``, ``...EventDetails`` with JSON texts) is made when
somebody reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import EPOCH


class Event(NamedTuple):
    """One event as recorded: ``details`` holds AWS's member names, with documents where AWS has JSON texts."""

    type: str
    previous_event_id: int
    at: int
    details: dict[str, Any] | None


class History:
    """An append-only list of events; the id of an event is its position, counted from 1."""

    __slots__ = ("events",)

    def __init__(self) -> None:
        self.events: list[tuple[str, int, int, dict[str, Any] | None]] = []
