"""The size of a document as it grows: its values and its characters are counted, never the time.

A document may be far larger than its text or the objects that it is made of: aliases of YAML, Python values that are
shared, placeholders and functions that all stand for one long text. Whoever makes a document counts what he adds, and
stops at limits that no definition of AWS reaches.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from pytest_sfn_sync.shown_text import kind_of_value, shown_value

MOST_NODES: Final = 200_000
"""The most values of a document, members and items included."""

MOST_CHARACTERS: Final = 10 * 1024 * 1024
"""The most characters of all texts and keys of a document. AWS takes definitions and templates of at most 1 MB."""

LONGEST_PATH: Final = 1_048_576
"""The most characters of the path to a part of a document: as many as a definition of AWS may have."""

MOST_DIGITS: Final = 1_000
"""The most digits of a number (Jackson's ``StreamReadConstraints.getMaxNumberLength()``, with which AWS reads)."""

TOO_LARGE: Final = (
    f"documents of up to {MOST_NODES:,} values and {MOST_CHARACTERS:,} characters are read, and AWS takes definitions "
    "of at most 1,048,576 characters"
)
TOO_MANY_DIGITS: Final = f"a number has more than {MOST_DIGITS:,} digits, and AWS reads no such number"

LEAST_UNFIT: Final = 10**MOST_DIGITS
"""The least number that has too many digits."""


class DocumentSize:
    """The values and the characters of one document so far."""

    __slots__ = ("characters", "nodes")

    def __init__(self) -> None:
        self.nodes = 0
        self.characters = 0

    def adds(self, characters: int = 0) -> bool:
        """Count one value and its characters; return whether the document is still within its limits."""
        self.nodes += 1
        self.characters += characters
        return self.nodes <= MOST_NODES and self.characters <= MOST_CHARACTERS


def why_not_json(value: object) -> str | None:
    """Return why a value of a test is not JSON that can be read; None if it is. Tuples are lists, as for ``json``."""
    size = DocumentSize()
    pending = [value]
    while pending:
        value = pending.pop()
        if not size.adds(len(value) if isinstance(value, str) else 0):
            return f"it is too large: {TOO_LARGE}"
        if isinstance(value, Mapping):
            size.characters += characters_of_keys(value)
            odd = [name for name in value if not isinstance(name, str)]
            if odd:
                return f"it has the key {shown_value(odd[0])}, which is {kind_of_value(odd[0])}, not a str"
            pending += value.values()
        elif isinstance(value, (list, tuple)):
            pending += value
        elif not (value is None or isinstance(value, str) or is_number(value)):
            return f"{shown_value(value)} is not JSON"
    return None


def is_too_large(document: object) -> bool:
    """Return whether a document has more values or characters than are read; shared parts count each time.

    This is asked at each registration of a dict, so it takes as little as possible for each value.
    """
    values: list[Any] = [document]
    characters = 0
    for value in values:  # The list grows while it is read.
        kind = type(value)
        if kind is str:
            characters += len(value)
        elif kind is list or isinstance(value, tuple):
            values += value
        elif kind is dict or isinstance(value, Mapping):
            values += value.values()
            characters += characters_of_keys(value)
        elif isinstance(value, str):
            characters += len(value)
        else:
            continue
        if len(values) > MOST_NODES:
            return True
    return characters > MOST_CHARACTERS


def characters_of_keys(value: Mapping[Any, Any]) -> int:
    """Return the number of characters of the keys; keys that are no texts are refused elsewhere."""
    try:
        return sum(map(len, value))
    except TypeError:
        return sum(len(key) for key in value if isinstance(key, str))


def is_number(value: object) -> bool:
    """Return whether a value is a number or a boolean that AWS can read."""
    if isinstance(value, int):
        return -LEAST_UNFIT < value < LEAST_UNFIT
    return isinstance(value, float) and math.isfinite(value)
