"""The sizes of documents that share parts, without writing each document out.

The documents of a run are never changed, so the size of a part is known once it was measured. A document that holds
the whole input is then measured by its few other members. Measuring stops once the size is over a limit: a template may
hold one large input thousands of times, and its text would fill the memory.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from pytest_sfn_sync.asl.expressions import CONTAINERS, JSON
from pytest_sfn_sync.asl.json_text.writing import utf8_bound, utf8_size

_LEVELS: Final = 16
"""The levels of containers that are looked at one by one; what is inside them is written out."""

_WORTH_REMEMBERING: Final = 1024
"""The fewest bytes of a part whose size is remembered."""

_MOST_REMEMBERED_BYTES: Final = 16 * 1024 * 1024
"""The most bytes of remembered parts. They are kept in memory, because their identity is the key."""

_BYTES_OF_AN_ENTRY: Final = 500
"""The bytes that a remembered size takes itself, about."""

_SLICE: Final = 64
"""The most members of a wide container that are written out together."""

_SMALL: Final = 4096
"""The most characters of the texts in a small document."""

_MOST_OF_A_BOUND: Final = 8192
"""The most bytes of an upper bound that is used in the place of a size."""

_FEW: Final = 256
"""The most values of a small document."""


class DocumentSizes:
    """The sizes of the documents of one run; ``limit`` is the size after which measuring may stop."""

    __slots__ = ("_known", "_remembered_bytes", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._known: dict[int, tuple[JSON, int]] = {}
        self._remembered_bytes = 0

    def size(self, value: JSON) -> int:
        """Return the number of bytes of the compact text in UTF-8.

        If the size is over the limit, the number is over the limit too, but may be less than the size.
        """
        return self._size(value, _LEVELS)

    def bound(self, value: JSON) -> int:
        """Return an upper bound of the size: the size itself, or more for a small document."""
        kind = type(value)
        if kind is not dict and kind is not list:
            return self._size(value, _LEVELS)
        is_flat = len(value) <= _SLICE and CONTAINERS.isdisjoint(map(type, value.values() if kind is dict else value))
        if is_flat or _is_small(value):
            bound = utf8_bound(value)
            if bound <= _MOST_OF_A_BOUND:
                return bound
        return self._size(value, _LEVELS)

    def _size(self, value: JSON, levels: int) -> int:
        kind = type(value)
        if (kind is not dict and kind is not list) or not value:
            return utf8_size(value)
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        if not levels or _is_small(value):
            return utf8_size(value)
        if len(value) > _SLICE:
            own = size = self._wide_size(value, levels)
        elif CONTAINERS.isdisjoint(map(type, value.values() if kind is dict else value)):
            own = size = utf8_size(value)
        else:
            size, own = self._narrow_size(value, levels)
        if _WORTH_REMEMBERING <= size <= self.limit:
            self._remember(value, size, own)
        return size

    def _narrow_size(self, value: JSON, levels: int) -> tuple[int, int]:
        """Return the size of a container, and the part of it that no remembered container inside it has.

        The size is that of the other members together, then each container's own.
        """
        if type(value) is dict:
            # Each container counts as 0, whose one byte is taken off again.
            shallow: JSON = {key: 0 if _is_container(member) else member for key, member in value.items()}
            members = value.values()
        else:
            shallow = [0 if _is_container(member) else member for member in value]
            members = value
        own = size = utf8_size(shallow)
        for member in members:
            if _is_container(member):
                inside = self._size(member, levels - 1) - 1
                size += inside
                if inside < _WORTH_REMEMBERING:
                    own += inside
                if size > self.limit:
                    break
        return size, own

    def _wide_size(self, value: JSON, levels: int) -> int:
        known = self._known
        size = 1
        members = iter(value.items() if type(value) is dict else value)
        while members_of_slice := list(islice(members, _SLICE)):
            part: JSON = dict(members_of_slice) if type(value) is dict else members_of_slice
            inner = part.values() if type(part) is dict else part
            # The brackets of the slice take two bytes, the comma after it one.
            if any(id(member) in known for member in inner):
                size += self._narrow_size(part, levels)[0] - 1
            else:
                size += utf8_size(part) - 1
            if size > self.limit:
                break
        return size

    def _remember(self, value: JSON, size: int, own: int) -> None:
        """Remember a size; ``own`` are the bytes that the value keeps in memory, besides those that others keep."""
        own += _BYTES_OF_AN_ENTRY
        if self._remembered_bytes + own > _MOST_REMEMBERED_BYTES:
            self._known.clear()
            self._remembered_bytes = 0
        self._known[id(value)] = (value, size)
        self._remembered_bytes += own


def _is_small(value: JSON) -> bool:
    """Report whether a document has so few values and characters that it is written out at once.

    Its parts may be shared, but need not be measured each by itself.
    """
    values: list[JSON] = [value]
    characters = 0
    for part in values:  # The list grows while it is read.
        kind = type(part)
        if kind is str:
            characters += len(part)
        elif kind is dict or kind is list:
            if len(part) > _SLICE:
                return False
            values += part.values() if kind is dict else part
            if len(values) > _FEW:
                return False
    return characters <= _SMALL


def _is_container(value: JSON) -> bool:
    return type(value) is dict or type(value) is list
