"""The size of a document as it grows: its values and its characters are counted, never the time.

A document may be far larger than its text or the objects that it is made of: aliases of YAML, Python values that are
shared, placeholders and functions that all stand for one long text. Whoever makes a document counts what he adds, and
stops at limits that no definition of AWS reaches.
"""

from __future__ import annotations

from typing import Final

MOST_NODES: Final = 200_000
"""The most values of a document, members and items included."""

MOST_CHARACTERS: Final = 10 * 1024 * 1024
"""The most characters of all texts of a document. AWS takes definitions and templates of at most 1 MB."""

MOST_DIGITS: Final = 1_000
"""The most digits of a number (Jackson's ``StreamReadConstraints.getMaxNumberLength()``, with which AWS reads)."""

TOO_LARGE: Final = (
    f"documents of up to {MOST_NODES:,} values and {MOST_CHARACTERS:,} characters are read, and AWS takes definitions "
    "of at most 1,048,576 characters"
)
TOO_MANY_DIGITS: Final = f"a number has more than {MOST_DIGITS:,} digits, and AWS reads no such number"

_LEAST_UNFIT: Final = 10**MOST_DIGITS


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


def has_too_many_digits(number: int) -> bool:
    """Return whether AWS could not read an integer."""
    return not -_LEAST_UNFIT < number < _LEAST_UNFIT
