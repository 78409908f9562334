"""The iteration order of Java's ``HashMap`` and ``HashSet``, which is visible in AWS's results.

Payload templates put their evaluated keys into a HashMap, and States.ArrayUnique puts its items into a HashSet. Both
orders were recorded. Java turns a bucket into a tree after eight collisions. That does not change the order, so it is
left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pytest_sfn_sync.asl.expressions import JSON

_SMALLEST_TABLE = 16


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


def java_hash(value: JSON) -> int:
    """Return Java's ``hashCode()``, in 32 bits, of the boxed value or collection for a JSON value."""
    kind = type(value)
    if value is None:
        return 0
    if kind is str:
        return _string_hash(value)
    if kind is bool:
        return 1231 if value else 1237
    if kind is int:
        return _int_hash(value)
    if kind is float:
        return _float_hash(value)
    if kind is list:
        result = 1
        for item in value:
            result = (31 * result + java_hash(item)) & 0xFFFFFFFF
        return result
    return sum(_string_hash(key) ^ java_hash(item) for key, item in value.items()) & 0xFFFFFFFF


def _bucket(hashed: int, size: int) -> int:
    return (hashed ^ (hashed >> 16)) & (size - 1)


@lru_cache(maxsize=4096)
def _string_hash(text: str) -> int:
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
