"""Values that a workflow makes anew in each execution: ids, random numbers, times and what the context object holds.

A replay can't repeat them. So a recorded value and a replayed one may differ in a state whose fields have a source of
such values. A text must have a part that this replay has made, such as an id or a time, and be like the recorded one
around it; so a changed literal beside it is still a difference. Random numbers, and what is made of them, have no form
of their own: in a state with a source of these, any text or number may differ. From there on the two are one value:
they must stand in the same places in all later documents.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import reduce
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.tasks.differences import Difference, Keys, differences

_SOURCES: Final = re.compile(r"States\.UUID|\$\$|\$states\.context|\$(?:uuid|now)\b")
_FORMLESS: Final = re.compile(
    r"States\.(?:MathRandom|Hash|Base64)|\$(?:random|millis|shuffle|hash|base64|fromMillis|toMillis)|\$now\([^)]"
)
_MADE: Final = (
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    r"[A-Za-z0-9+/=_-]{100,}",
)
"""The forms of ids, times and task tokens."""

_ANY: Final = 2
_WITH_FORM: Final = 1
_INNER: Final = ("ItemProcessor", "Iterator", "Branches")
_EVENT_ID: Final = re.compile(r"event id #\d+")
_SHORTEST_PART: Final = 8
"""The shortest text that is replaced within other texts; a shorter one may stand there by chance."""


class GeneratedValues:
    """The generated values of one replay: each recorded one has the sign of the value that the replay has for it.

    A replay may have one value for several recorded ones, such as for two times, as no virtual time passes in between.
    """

    def __init__(self, definition: JSON, names: Collection[str] = ()) -> None:
        """Prepare for one replay; ``names`` are the names and ARNs that the context object of the replay has."""
        self._states = dict(_states_with_sources(definition))
        longest_first = sorted(names, key=len, reverse=True)
        self._made = re.compile("|".join([*map(re.escape, longest_first), *_MADE]))
        self._of_recorded: dict[Any, str] = {}
        self._of_replayed: dict[Any, str] = {}

    def differences(self, recorded: JSON, replayed: JSON, *states: str) -> list[Difference]:
        """Return the differences of two documents that are no generated values of one of these states."""
        freedom = max((self._states.get(state, 0) for state in states), default=0)
        return [
            difference
            for difference in differences(recorded, replayed)
            if difference.is_absent
            or not self._is_one(_at(recorded, difference.keys), _at(replayed, difference.keys), freedom)
        ]

    def _is_one(self, recorded: JSON, replayed: JSON, freedom: int) -> bool:
        if isinstance(recorded, str) and isinstance(replayed, str):
            if _signed(recorded, self._of_recorded) == _signed(replayed, self._of_replayed):
                return True
        elif not (_is_number(recorded) and _is_number(replayed)):
            return False
        elif self._of_recorded.get(recorded, MISSING) == self._of_replayed.get(replayed):
            return True
        may_differ = freedom == _ANY or (freedom == _WITH_FORM and self._is_like(recorded, replayed))
        if may_differ:
            self._learn(recorded, replayed)
        return may_differ

    def _is_like(self, recorded: Any, replayed: Any) -> bool:
        """Return whether a replayed text has a part that the replay made, and is like the recorded one around it."""
        if not isinstance(replayed, str) or self._made.search(replayed) is None:
            return False
        around = ".+".join(map(re.escape, self._made.split(replayed)))
        return re.fullmatch(around, recorded, re.DOTALL) is not None

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


def _states_with_sources(states: JSON) -> Iterator[tuple[str, int]]:
    """Yield the name of each state, and how far its values may differ by the sources in its own fields."""
    for name, state in states.get("States", {}).items():
        own = {field: value for field, value in state.items() if field not in _INNER}
        text = compact(own)
        yield name, _ANY if _FORMLESS.search(text) else _WITH_FORM if _SOURCES.search(text) else 0
        for inner in (state.get("ItemProcessor"), state.get("Iterator"), *state.get("Branches", ())):
            if inner is not None:
                yield from _states_with_sources(inner)
