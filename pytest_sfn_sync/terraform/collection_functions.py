"""Terraform's functions on lists, sets and maps."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.sources.document_size import MOST_NODES
from pytest_sfn_sync.terraform.guessed_values import GuessedMap, GuessedText
from pytest_sfn_sync.terraform.unification import unified
from pytest_sfn_sync.terraform.values import (
    SetValue,
    ValueKindError,
    among,
    distinct_of,
    items_of,
    kind_of,
    list_of,
    map_of,
    same_as,
    set_of,
    text_of,
    whole_of,
)

_TOO_MANY: Final = f"its list has more than {MOST_NODES:,} items"


def chunklist(items: Any, size: Any) -> list[list[Any]]:
    """Return a list in pieces of a size; with the size 0 it is one piece."""
    found, length = list_of(items), whole_of(size)
    if length < 0:
        raise ValueKindError("the size of chunklist must not be negative")
    return [found[start : start + (length or len(found))] for start in range(0, len(found), length or len(found) or 1)]


def coalesce(*values: Any) -> Any:
    """Return the first value that is neither null nor an empty string, in the one type of all."""
    found = next((value for value in unified(list(values)) if value is not None and value != ""), None)
    if found is None:
        raise ValueKindError("coalesce has no value that is neither null nor empty")
    return found


def coalescelist(*lists: Any) -> Any:
    """Return the first list that has items."""
    found = next((one for one in map(items_of, lists) if one), None)
    if found is None:
        raise ValueKindError("coalescelist has no list with items")
    return found


def compact(items: Any) -> list[str]:
    """Return the strings of a list that are neither null nor empty."""
    return [text for text in (text_of(item) for item in list_of(items) if item is not None) if text]


def concat(*lists: Any) -> list[Any]:
    """Return the items of several lists in one."""
    if not lists:
        raise ValueKindError("concat needs a list")
    return [item for one in lists for item in items_of(one)]


def contains(items: Any, value: Any) -> bool:
    """Return whether a list or set has a value."""
    is_same = same_as(value)
    return any(is_same(item) for item in list_of(items))


def distinct(items: Any) -> list[Any]:
    """Return the items of a list, each once, in one type."""
    return distinct_of(unified(list(list_of(items))))


def element(items: Any, index: Any) -> Any:
    """Return an item; an index past the end begins again at the first one."""
    found, at = items_of(items), whole_of(index)
    if not found:
        raise ValueKindError("element needs a list with items")
    if at < 0:
        # Recorded: Terraform 1.11 and earlier fail; later versions count from the end.
        raise ValueKindError(f"element needs an index of 0 or more, not {at}")
    return found[at % len(found)]


def flatten(items: Any) -> list[Any]:
    """Return the items of lists in lists, of any depth."""
    found: list[Any] = []
    for item in _flat(list_of(items)):
        found.append(item)
        if len(found) > MOST_NODES:
            raise ValueKindError(_TOO_MANY)
    return found


def _flat(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def index(items: Any, value: Any) -> int:
    """Return the position of a value in a list."""
    is_same = same_as(value)
    for at, item in enumerate(items_of(items)):
        if is_same(item):
            return at
    raise ValueKindError("the list does not have the value")


def keys(map_: Any) -> list[str]:
    """Return the keys of a map in order."""
    return sorted(map_of(map_))


def length(value: Any) -> int:
    """Return the number of items, members or characters."""
    if isinstance(value, GuessedText | GuessedMap):
        return 1  # Where its length matters, it is mostly a list.
    if isinstance(value, str | list | Mapping):
        return len(value)
    raise ValueKindError(f"length needs a list, a map or a string, not {kind_of(value)}")


def lookup(map_: Any, key: Any, *default: Any) -> Any:
    """Return a member of a map, or the default."""
    found, name = map_of(map_), text_of(key)
    if name in found:
        return found[name]
    if default:
        return default[0]
    raise ValueKindError(f"the map has no {name!r}, and lookup has no default. Nearest: {nearest(name, found)}")


def matchkeys(values: Any, keys: Any, searched: Any) -> list[Any]:
    """Return the values whose key is one of those that are searched."""
    found, names = list_of(values), list_of(keys)
    if len(found) != len(names):
        raise ValueKindError(f"matchkeys needs as many keys as values, and has {len(names)} and {len(found)}")
    is_searched = among(list_of(searched))
    return [value for value, key in zip(found, names, strict=True) if is_searched(key)]


def merge(*maps: Any) -> dict[str, Any]:
    """Return the members of several maps in one; a later member wins."""
    merged: dict[str, Any] = {}
    for one in maps:
        if one is not None:
            merged.update(map_of(one))
    return merged


def one(items: Any) -> Any:
    """Return the only item of a list or set; null if it has none."""
    found = list_of(items)
    if len(found) > 1:
        raise ValueKindError(f"one needs a list with no item or one, not with {len(found)}")
    return found[0] if found else None


def reverse(items: Any) -> list[Any]:
    """Return the items in reverse order."""
    return list(list_of(items)[::-1])


def setintersection(first: Any, *more: Any) -> SetValue:
    """Return the members that all sets have."""
    sets = _sets(first, *more)
    return functools.reduce(lambda left, right: set_of(filter(among(right), left)), sets)


def setproduct(*lists: Any) -> list[Any]:
    """Return all combinations of the items of lists; for sets it is a set."""
    if len(lists) < 2:
        raise ValueKindError("setproduct needs two lists or more")
    if math.prod(map(len, map(list_of, lists))) > MOST_NODES:
        raise ValueKindError(_TOO_MANY)
    made = [list(row) for row in itertools.product(*(unified(list(one)) for one in lists))]
    return set_of(made) if all(isinstance(one, SetValue) for one in lists) else made


def setsubtract(left: Any, right: Any) -> SetValue:
    """Return the members of the left set that the right one does not have."""
    members, without = _sets(left, right)
    return set_of(itertools.filterfalse(among(without), members))


def setunion(first: Any, *more: Any) -> SetValue:
    """Return the members of all sets."""
    return set_of(itertools.chain(*_sets(first, *more)))


def _sets(*lists: Any) -> list[SetValue]:
    """Return sets with members of one type."""
    sizes = [len(list_of(one)) for one in lists]
    members = iter(unified([item for one in lists for item in one]))
    return [set_of(list(itertools.islice(members, size))) for size in sizes]


def slice_(items: Any, start: Any, end: Any) -> list[Any]:
    """Return the items from one position up to another."""
    found, first, last = items_of(items), whole_of(start), whole_of(end)
    if not 0 <= first <= last <= len(found):
        raise ValueKindError(f"slice can't take {first} to {last} of a list of {len(found)}")
    return found[first:last]


def sort(items: Any) -> list[str]:
    """Return strings in order."""
    return sorted(map(text_of, list_of(items)))


def tolist(value: Any) -> Any:
    """Return a list, whose items have one type; null stays null."""
    return None if value is None else unified(list(list_of(value)))


def tomap(value: Any) -> Any:
    """Return a map, whose members have one type; null stays null."""
    if value is None:
        return None
    found = map_of(value)
    return dict(zip(found, unified(list(found.values())), strict=True))


def toset(value: Any) -> Any:
    """Return a set, whose members have one type; null stays null."""
    return None if value is None else set_of(unified(list(list_of(value))))


def transpose(map_: Any) -> dict[str, list[str]]:
    """Return a map of lists with keys and items exchanged."""
    found: dict[str, list[str]] = {}
    for key, items in sorted(map_of(map_).items()):
        for item in list_of(items):
            found.setdefault(text_of(item), []).append(key)
    return found


def values(map_: Any) -> list[Any]:
    """Return the members of a map in the order of their keys."""
    return [value for _, value in sorted(map_of(map_).items(), key=lambda member: member[0])]


def zipmap(keys: Any, values: Any) -> dict[str, Any]:
    """Return a map of keys to values."""
    names, found = items_of(keys), items_of(values)
    if len(names) != len(found):
        raise ValueKindError(f"zipmap needs as many values as keys, and has {len(found)} and {len(names)}")
    return dict(zip(map(text_of, names), found, strict=True))
