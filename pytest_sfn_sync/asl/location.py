"""The place of a part of a definition, written as AWS writes it: ``/States/Charge/Retry[0]/MaxAttempts``.

Locations are made when a definition is read, never while a machine runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final


class Location(str):
    """A place in a definition: a string that can be shown, compared and used as a key.

    ``location / "Retry" / 0`` is the location of a member of a member. The name of a state may hold a slash or a
    bracket, and neither is escaped. So `parent`, `last` and `entry` are only for parts of a state.
    """

    __slots__ = ()

    def __truediv__(self, step: str | int) -> Location:
        """Return the location of a member of an object (``step`` is its name) or an item of an array (its index)."""
        return Location(f"{self}[{step}]" if isinstance(step, int) else self + "/" + step)

    def state(self, name: str) -> Location:
        """Return the location of a state; this location is that of its machine, branch or processor."""
        return Location(self + "/States/" + name)

    @property
    def parent(self) -> Location | None:
        """The location of the object or array that holds this part; None for the whole definition."""
        cut = max(self.rfind("/"), self.rfind("["))
        return None if cut < 0 else Location(self[:cut])

    @property
    def last(self) -> str:
        """The last member with its index, as AWS names a part of a state: ``Catch[0]``, ``Default``."""
        return self.rpartition("/")[2]

    @property
    def entry(self) -> tuple[str, int]:
        """The field and the index of an item of an array: ``("Catch", 0)``."""
        field, _, index = self.last.removesuffix("]").partition("[")
        return field, int(index)


ROOT: Final = Location("")
"""The location of a whole definition."""


def texts_of(document: Any) -> Iterator[tuple[Location, str]]:
    """Yield the texts in a document of any depth, with their locations, in their order."""
    if isinstance(document, str):
        yield ROOT, document
        return
    open_ = [(ROOT, _members_of(document))]
    while open_:
        location, members = open_[-1]
        for step, value in members:
            if isinstance(value, str):
                yield location / step, value
            elif isinstance(value, dict | list):
                open_.append((location / step, _members_of(value)))
                break
        else:
            open_.pop()


def _members_of(container: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(container, dict):
        return iter(container.items())
    return iter(enumerate(container)) if isinstance(container, list) else iter(())
