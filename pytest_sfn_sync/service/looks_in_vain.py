"""Looks at something that does not go on: they are counted, so that code which looks without end is told."""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.tasks.responders import call_being_handled

MOST_LOOKS: Final = 1_000
"""The number of looks from within a task handler, while nothing goes on, after which one is refused."""

MOST_LOOKS_OF_A_TEST: Final = 50_000
"""The number of such looks of a test or the code under test, which another thread may still answer."""


class LooksInVain:
    """The looks at one thing since it last changed; ``times`` is their number."""

    __slots__ = ("_state", "times")

    def __init__(self) -> None:
        self._state: object = None
        self.times = 0

    def are_too_many(self, state: object) -> bool:
        """Count a look at a thing in this state, and return whether it is one of those without end."""
        self.times = self.times + 1 if state == self._state else 1
        self._state = state
        return self.times >= (MOST_LOOKS_OF_A_TEST if call_being_handled.get() is None else MOST_LOOKS)

    def forget(self) -> None:
        """Begin to count anew."""
        self.times = 0
