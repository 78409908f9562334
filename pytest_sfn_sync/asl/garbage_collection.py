"""Python's garbage collector, with a higher threshold during work that makes many objects and no garbage.

It stays on, for the sake of the handlers within a run: they may make as much garbage as they like. With Python's own
threshold it would walk the objects that the run keeps, again and again. Measured: in a suite with boto3 loaded, a Map
over 1,000 items spent half its time in it.

Several threads may run executions at the same time, so the former threshold comes back when the last of them has ended.
"""

from __future__ import annotations

import gc
from threading import Lock
from typing import Final

MOST_YOUNG_OBJECTS: Final = 50_000
"""The new objects after which the collector walks them, as long as any thread does such work."""


class _Slowed:
    """The work in progress, in any thread and at any depth: an execution may start another one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._in_progress = 0
        self._former_threshold = 0

    def __enter__(self) -> None:
        with self._lock:
            self._in_progress += 1
            if self._in_progress == 1:
                youngest, older, oldest = gc.get_threshold()
                self._former_threshold = youngest
                if 0 < youngest < MOST_YOUNG_OBJECTS:
                    gc.set_threshold(MOST_YOUNG_OBJECTS, older, oldest)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._in_progress -= 1
            if not self._in_progress:
                youngest, older, oldest = gc.get_threshold()
                if youngest == MOST_YOUNG_OBJECTS:  # One that the user's code has set meanwhile stays.
                    gc.set_threshold(self._former_threshold, older, oldest)


collector_slowed: Final = _Slowed()
"""Such work: a run, the reading of a definition, the reading of a long history."""
