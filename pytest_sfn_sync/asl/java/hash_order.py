"""The iteration order of Java's ``HashMap`` and ``HashSet``, which is visible in AWS's results.

Payload templates put their evaluated keys into a HashMap, and States.ArrayUnique puts its items into a HashSet. Both
orders were recorded. Java turns a bucket into a tree after eight collisions. That does not change the order, so it is
left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON

_SMALLEST_TABLE = 16
_SHORT = 256
"""The longest text whose hash code is kept."""


def hash_order(hashes: Sequence[int]) -> list[int]:
    """Return the positions of distinct keys, inserted in the order of ``hashes``, in iteration order."""
    size = _SMALLEST_TABLE
    while len(hashes) > size * 3 // 4:
        size *= 2
    return sorted(range(len(hashes)), key=lambda position: _bucket(hashes[position], size))


def hash_ordered(names: Iterable[str]) -> list[str]:
    """Return distinct names, inserted in the order of ``names``, in iteration order."""
    inserted = list(names)
    return [inserted[position] for position in hash_order([_string_hash(name) for name in inserted])]


class JavaValues:
    """Java's hash codes of JSON values, and numbers that two values share if Java finds them equal.

    Each value is looked at once, from the inside out and without recursion, so documents may have any depth. ``seen``
    counts the values and the characters of texts.
    """

    __slots__ = ("_numbers", "seen")

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self.seen = 0

    def number_and_hash(self, root: JSON) -> tuple[int, int]:
        """Return the number of a value and its ``hashCode()`` in 32 bits: of the boxed value or the collection."""
        if type(root) is not list and type(root) is not dict:
            return self._of_scalar(root)
        open_: list[tuple[JSON, Iterator[JSON], list[tuple[int, int]]]] = [(root, _members(root), [])]
        while True:
            container, members, done = open_[-1]
            for member in members:
                if type(member) is list or type(member) is dict:
                    open_.append((member, _members(member), []))
                    break
                done.append(self._of_scalar(member))
            else:
                open_.pop()
                of_container = self._of_container(container, done)
                if not open_:
                    return of_container
                open_[-1][2].append(of_container)

    def _of_scalar(self, value: JSON) -> tuple[int, int]:
        kind = type(value)
        self.seen += len(value) + 1 if kind is str else 1
        # For Python True equals 1, for Java it does not. 1 and 1.0 are equal in both (measured).
        key = (bool, value) if kind is bool else value
        return self._number(key), _HASHES[kind](value)

    def _of_container(self, container: JSON, members: list[tuple[int, int]]) -> tuple[int, int]:
        self.seen += len(container) + 1
        hashed = 1
        if type(container) is list:
            for _, of_member in members:
                hashed = (31 * hashed + of_member) & 0xFFFFFFFF
            return self._number((list, tuple(number for number, _ in members))), hashed
        named = frozenset((name, number) for name, (number, _) in zip(container, members, strict=True))
        hashed = sum(_string_hash(name) ^ of_member for name, (_, of_member) in zip(container, members, strict=True))
        return self._number((dict, named)), hashed & 0xFFFFFFFF

    def _number(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


def _members(container: JSON) -> Iterator[JSON]:
    return iter(container if type(container) is list else container.values())


def _bucket(hashed: int, size: int) -> int:
    return (hashed ^ (hashed >> 16)) & (size - 1)


def _string_hash(text: str) -> int:
    return _short_string_hash(text) if len(text) <= _SHORT else _hash_of_units(text)


@lru_cache(maxsize=4096)
def _short_string_hash(text: str) -> int:
    return _hash_of_units(text)


def _hash_of_units(text: str) -> int:
    result = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        result = (31 * result + (high << 8 | low)) & 0xFFFFFFFF
    return result


def _int_hash(value: int) -> int:
    if -(1 << 31) <= value < 1 << 31:
        return value & 0xFFFFFFFF
    return _folded(value)


def _float_hash(value: float) -> int:
    # Measured: for States.ArrayUnique 1 and 1.0 are equal, so they must have the same hash.
    if value.is_integer():
        return _int_hash(int(value))
    bits: int = struct.unpack(">q", struct.pack(">d", value))[0]
    return _folded(bits)


def _folded(value: int) -> int:
    return (value ^ (value >> 32)) & 0xFFFFFFFF


_HASHES: dict[type, Callable[[Any], int]] = {
    type(None): lambda value: 0,
    str: _string_hash,
    bool: lambda value: 1231 if value else 1237,
    int: _int_hash,
    float: _float_hash,
}
