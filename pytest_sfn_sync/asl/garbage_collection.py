"""Python's garbage collector, kept from work that makes many objects at once and no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking the whole heap again and again while many objects are made.

    Nothing that a run makes, or the reading of a definition, is garbage in a cycle; in a suite with boto3 loaded, a Map
    over 1,000 items spent half its time in the collector. What handlers leave behind is collected after the run.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
