"""Python's garbage collector, paused during work that makes many objects and no garbage.

Several threads may run executions at the same time, and handlers within a run get the collector back. So the pauses are
counted. The collector is off while at least one of them lasts. After the last one it is in its former state.
"""

from __future__ import annotations

import gc
from threading import Lock


class _Pause:
    """Pauses the garbage collector, which would otherwise walk the whole heap many times.

    Neither a run nor the reading of a definition makes garbage in cycles. Measured: in a suite with boto3 loaded, a Map
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


class _Resumption:
    """Ends the pause of a run while the user's code runs within it, such as the handler of a mock.

    It is a pause the other way round, so an execution that the handler starts may pause and resume in its turn.
    """

    def __enter__(self) -> None:
        collector_paused.__exit__()

    def __exit__(self, *_: object) -> None:
        collector_paused.__enter__()


collector_resumed = _Resumption()
