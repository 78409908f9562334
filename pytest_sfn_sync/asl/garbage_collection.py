"""Python's garbage collector, paused during work that makes many objects and no garbage.

Several threads may run executions at the same time, and handlers within a run get the collector back. So each thread
counts for what it does now. The collector is off while at least one thread is in a pause, and none is in the user's
code. Otherwise it is in its former state.

In the user's code the collector has a higher threshold. With Python's own, the handlers of a Map would have it walk
the objects that the run makes between them, again and again. Measured: it took a tenth of such a Map.
"""

from __future__ import annotations

import gc
from threading import Lock, local
from typing import Final


class _Threads(local):
    """What the current thread is in, innermost last: True for a pause, False for the user's code within one."""

    def __init__(self) -> None:
        self.stack: list[bool] = []


_lock: Final = Lock()
_thread: Final = _Threads()
_counts: Final = {True: 0, False: 0}
"""The number of threads whose innermost part is a pause, and of those for which it is the user's code."""


_MOST_YOUNG_OBJECTS: Final = 50_000
"""The objects after which the collector walks the young ones, as long as any thread is in a part."""


class _Switch:
    """Switches the collector off, and back to its former state; sets its threshold, and the former one again."""

    is_off = False
    was_enabled = False
    threshold = 0

    def begin(self) -> None:
        """Set the threshold before a thread enters its outermost part, if no other thread is in one."""
        if not any(_counts.values()):
            self.threshold, *older = gc.get_threshold()
            if 0 < self.threshold < _MOST_YOUNG_OBJECTS:
                gc.set_threshold(_MOST_YOUNG_OBJECTS, *older)

    def end(self) -> None:
        """Set the former threshold after the last thread has left its outermost part; one of the user's code stays."""
        if not any(_counts.values()):
            now, *older = gc.get_threshold()
            if now == _MOST_YOUNG_OBJECTS:
                gc.set_threshold(self.threshold, *older)

    def turn(self) -> None:
        """Switch the collector as the counts demand."""
        is_off = bool(_counts[True]) and not _counts[False]
        if is_off == self.is_off:
            return
        self.is_off = is_off
        if is_off:
            self.was_enabled = gc.isenabled()
            gc.disable()
        elif self.was_enabled:
            gc.enable()


_switch: Final = _Switch()


class _Part:
    """A part of the work of a thread: a pause, or the user's code."""

    def __init__(self, *, is_pause: bool) -> None:
        self._is_pause = is_pause

    def __enter__(self) -> None:
        stack = _thread.stack
        with _lock:
            if stack:
                _counts[stack[-1]] -= 1
            else:
                _switch.begin()
            stack.append(self._is_pause)
            _counts[self._is_pause] += 1
            _switch.turn()

    def __exit__(self, *_: object) -> None:
        stack = _thread.stack
        with _lock:
            _counts[stack.pop()] -= 1
            if stack:
                _counts[stack[-1]] += 1
            else:
                _switch.end()
            _switch.turn()


collector_paused: Final = _Part(is_pause=True)
"""A pause. The collector would walk the whole heap many times, although neither a run nor the reading of a definition
makes garbage in cycles. Measured: in a suite with boto3 loaded, a Map over 1,000 items spent half its time in it."""

collector_resumed: Final = _Part(is_pause=False)
"""The user's code within a run, such as the handler of a mock. An execution that it starts may pause in its turn."""
