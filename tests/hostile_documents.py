"""Documents that are small in memory or in text, and hostile to whoever reads them."""

from __future__ import annotations

from typing import Any


def doubled(times: int) -> Any:
    """Return a list of two lists that are one, and so on, ``times`` deep: written out, it has 2 ** ``times`` texts."""
    value: Any = ["x"]
    for _ in range(times):
        value = [value, value]
    return value


def nested_lists(depth: int) -> Any:
    """Return lists in lists, ``depth`` deep."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def nested_objects(depth: int) -> Any:
    """Return objects in objects, ``depth`` deep."""
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value
