"""Values that a workflow makes anew in each execution: ids, random numbers, times and what the context object holds.

A replay can't repeat them. So a recorded value and a replayed one may differ in a state whose fields have a source of
such values, if both are texts or both are numbers. From there on the two are one value: they must stand in the same
places in all later documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.tasks.differences import Difference, Keys, differences

_SOURCES: Final = re.compile(
    r"States\.UUID|States\.MathRandom|\$\$|\$states\.context|\$(?:uuid|random|now|millis|shuffle)\b"
)
_INNER: Final = ("ItemProcessor", "Iterator", "Branches")
_EVENT_ID: Final = re.compile(r"event id #\d+")
_SHORTEST_PART: Final = 8
"""The shortest text that is replaced within other texts; a shorter one may stand there by chance."""


class GeneratedValues:
    """The generated values of one replay: each recorded one has the sign of the value that the replay has for it.

    A replay may have one value for several recorded ones, such as for two times, as no virtual time passes in between.
    """

    def __init__(self, definition: JSON) -> None:
        self._states = dict(_states_with_sources(definition))
        self._of_recorded: dict[Any, str] = {}
        self._of_replayed: dict[Any, str] = {}

    def differences(self, recorded: JSON, replayed: JSON, *states: str) -> list[Difference]:
        """Return the differences of two documents that are no generated values of one of these states."""
        may_learn = any(self._states.get(state, False) for state in states)
        return [
            difference
            for difference in differences(recorded, replayed)
            if difference.is_absent
            or not self._is_one(_at(recorded, difference.keys), _at(replayed, difference.keys), may_learn)
        ]

    def _is_one(self, recorded: JSON, replayed: JSON, may_learn: bool) -> bool:
        if isinstance(recorded, str) and isinstance(replayed, str):
            if _signed(recorded, self._of_recorded) == _signed(replayed, self._of_replayed):
                return True
        elif not (_is_number(recorded) and _is_number(replayed)):
            return False
        elif self._of_recorded.get(recorded, MISSING) == self._of_replayed.get(replayed):
            return True
        if may_learn:
            self._learn(recorded, replayed)
        return may_learn

    def _learn(self, recorded: Any, replayed: Any) -> None:
        sign = self._of_replayed.setdefault(replayed, f"\0{len(self._of_replayed)}\0")
        before = self._of_recorded.setdefault(recorded, sign)
        if before != sign:  # The recording has one value where the replay has two: all are one from now on.
            for known, other in self._of_replayed.items():
                if other == sign:
                    self._of_replayed[known] = before


def _signed(text: str, signs: Mapping[Any, str]) -> str:
    """Return a text with the signs in place of the generated values."""
    if text in signs:
        return signs[text]
    parts = [part for part in signs if isinstance(part, str) and len(part) >= _SHORTEST_PART]
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, signs[part])
    return _EVENT_ID.sub("event id #", text)


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(document: JSON, keys: Keys) -> JSON:
    try:
        return reduce(lambda value, key: value[key], keys, document)
    except (KeyError, IndexError):
        return MISSING


def _states_with_sources(states: JSON) -> Iterator[tuple[str, bool]]:
    """Yield the name of each state, and whether its own fields have a source of generated values."""
    for name, state in states.get("States", {}).items():
        own = {field: value for field, value in state.items() if field not in _INNER}
        yield name, _SOURCES.search(compact(own)) is not None
        for inner in (state.get("ItemProcessor"), state.get("Iterator"), *state.get("Branches", ())):
            if inner is not None:
                yield from _states_with_sources(inner)
