"""How long the text of a value of a test would be, before Python is asked to write it.

A list of two lists that are one list, and so on, is small in memory and prints as gigabytes. So does an exception with
such an argument: ``str()`` of it would never end. The size is counted once for each part, however often it is shared.
"""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

MOST_PRINTED: Final = 20_000_000
"""The longest text of one value that Python is asked to write."""

_PART: Final = 10
"""What a part counts, besides its characters."""

_DEEPEST: Final = 900
"""Python fails to write what is nested deeper."""


def prints_too_much(value: object) -> bool:
    """Return whether Python could not write a value as text in a moment: it is too long, or nested too deep.

    Only containers, exceptions and dataclasses are looked into: Python writes these itself.
    """
    if isinstance(value, BaseException) and all(type(part) in _SHORT for part in _parts_of(value)):
        return False  # So are most exceptions, and some tests make thousands.
    sizes: dict[int, float] = {}
    under_way: list[tuple[object, Iterator[object]]] = [(value, iter(_parts_of(value)))]
    open_ids = {id(value): float(_PART)}
    while under_way:
        current, parts = under_way[-1]
        part = next(parts, _NOTHING)
        if part is _NOTHING:
            under_way.pop()
            sizes[id(current)] = size = open_ids.pop(id(current))
            if under_way:
                open_ids[id(under_way[-1][0])] += size
        elif id(part) in sizes or id(part) in open_ids:  # What is in itself is written as [...].
            open_ids[id(current)] += sizes.get(id(part), _PART)
        elif len(under_way) > _DEEPEST:
            return True
        else:
            under_way.append((part, iter(_parts_of(part))))
            open_ids[id(part)] = float(_PART + _length_of(part))
    return sizes.get(id(value), math.inf) > MOST_PRINTED


_SHORT: Final = frozenset({str, int, float, bool, type(None)})
_NOTHING: Final = object()
_ARGUMENTS: Final[Callable[[BaseException], tuple[object, ...]]] = BaseException.__dict__["args"].__get__
"""The arguments of an exception, even if its class has another ``args``."""


def _length_of(value: object) -> int:
    return len(value) if type(value) in (str, bytes) else 0  # type: ignore[arg-type]


def _parts_of(value: Any) -> Iterable[object]:
    kind = type(value)
    for base, parts in _CONTAINERS.items():
        if issubclass(kind, base):
            return parts(value)
    if issubclass(kind, BaseException):
        return (*_ARGUMENTS(value), *_names_of_files(value))
    if dataclasses.is_dataclass(kind):
        return [getattr(value, one.name, None) for one in dataclasses.fields(kind) if one.repr]
    return ()


def _members(value: dict[Any, Any]) -> Iterator[object]:
    for key, member in dict.items(value):
        yield key
        yield member


def _names_of_files(value: BaseException) -> tuple[object, ...]:
    return (value.filename, value.filename2) if isinstance(value, OSError) else ()


_CONTAINERS: Final[dict[type, Callable[[Any], Iterator[object]]]] = {
    list: list.__iter__,
    tuple: tuple.__iter__,
    dict: _members,
    set: set.__iter__,
    frozenset: frozenset.__iter__,
    deque: deque.__iter__,
}
