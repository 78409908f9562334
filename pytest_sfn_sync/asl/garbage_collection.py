"""Python's garbage collector, kept from work that makes many objects at once and no garbage.

Several threads may run executions at the same time, and handlers within a run get the collector back. So the pauses are
counted: the collector is off while any of them lasts, and as it was before after the last one.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Pause:
    """Keeps the garbage collector from walking the whole heap again and again while many objects are made.

    Nothing that a run makes, or the reading of a definition, is garbage in a cycle; in a suite with boto3 loaded, a Map
    over 1,000 items spent half its time in the collector.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.count = 0
        self.was_enabled = False

    def __enter__(self) -> None:
        with self.lock:
            if not self.count:
                self.was_enabled = gc.isenabled()
                gc.disable()
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.count -= 1
            if not self.count and self.was_enabled:
                gc.enable()


collector_paused = _Pause()


@contextmanager
def collector_resumed() -> Iterator[None]:
    """Let the garbage collector work while code of the user's runs in a run, a handler of a mock for one."""
    resumes = collector_paused.count > 0 and collector_paused.was_enabled
    if resumes:
        gc.enable()
    try:
        yield
    finally:
        if resumes and collector_paused.count > 0:
            gc.disable()
