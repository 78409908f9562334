"""Copies of documents for those who may change them: tests, handlers, and the functions of ``when=``.

The documents of a run are shared by its states, its records and its machine, and are never changed. So whatever leaves
the run for the user's code is a copy. It is made when it is first read, as most documents are never read.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.asl.expressions import CONTAINERS, JSON

SEPARATE_VALUES: Final = 2_000_000
"""The most values that are copied for one execution, before the copies begin to share parts."""


def copied(document: JSON) -> JSON:
    """Return a copy of a document, of any depth."""
    if type(document) is not dict and type(document) is not list:
        return document
    try:
        return _copied(document)
    except RecursionError:
        return _shared(document, {})


def _copied(container: JSON) -> JSON:
    # Measured: the quickest. Most containers have no containers in them, and copy themselves faster than by member.
    copy = container.copy()
    is_object = type(container) is dict
    if CONTAINERS.isdisjoint(map(type, container.values() if is_object else container)):
        return copy
    for key, value in container.items() if is_object else enumerate(container):
        if type(value) is dict or type(value) is list:
            copy[key] = _copied(value)
    return copy


class DocumentCopies:
    """The copies of one execution's documents.

    Each copy is a separate one. Thousands of calls may hold the same large input, and their copies would fill the
    memory. So after `SEPARATE_VALUES`, parts that are the same in the run are copied once.
    """

    __slots__ = ("_kept", "_left", "_shared")

    def __init__(self, separate_values: int = SEPARATE_VALUES) -> None:
        self._left = separate_values
        self._shared: dict[int, tuple[JSON, JSON]] = {}
        self._kept: dict[str, tuple[Any, Any]] = {}

    def of(self, document: JSON) -> JSON:
        """Return a copy of a document."""
        if self._left > 0:
            self._left -= _values_in(document, self._left)
            if self._left > 0:
                return copied(document)
        return _shared(document, self._shared)

    def kept(self, name: str, document: JSON) -> JSON:
        """Return the copy that was made before under a name, if it was made of the same document."""
        before = self._kept.get(name)
        if before is None or before[0] is not document:
            before = self._kept[name] = document, self.of(document)
        return before[1]


def _values_in(document: JSON, most: int) -> int:
    """Return the number of values in a document; counting stops once there are more than ``most``."""
    count = 1
    pending = [document]
    while pending and count <= most:
        value = pending.pop()
        if type(value) is dict:
            count += len(value)
            pending += [member for member in value.values() if type(member) is dict or type(member) is list]
        elif type(value) is list:
            count += len(value)
            pending += [member for member in value if type(member) is dict or type(member) is list]
    return count


def _shared(document: JSON, known: dict[int, tuple[JSON, JSON]]) -> JSON:
    """Return a copy in which each container is copied once, wherever it stands; ``known`` has copies by identity."""
    if type(document) is not dict and type(document) is not list:
        return document
    pending = [_begun(document, known)] if id(document) not in known else []
    while pending:
        source, copy = pending.pop()
        for key, value in source.items() if type(source) is dict else enumerate(source):
            if type(value) is not dict and type(value) is not list:
                continue
            if id(value) not in known:
                pending.append(_begun(value, known))
            copy[key] = known[id(value)][1]
    return known[id(document)][1]


def _begun(container: JSON, known: dict[int, tuple[JSON, JSON]]) -> tuple[JSON, JSON]:
    """Record a container with a copy that has the same members; those that are containers are replaced afterwards."""
    pair = known[id(container)] = container, container.copy()
    return pair
