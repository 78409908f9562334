"""Values that are made up, because only AWS, another configuration or the caller has them.

Their types are not known. A guess has any attribute and any item, which are guesses again. Where a list is needed, it
is a list with a single member. So a reference that Terraform takes is never refused for what was made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

PartOf: TypeAlias = Callable[[str], Any]
"""Returns an attribute or an item of a guess, by its name or its number."""

_PLURAL = re.compile(r"(?:^|_)(?:\w*(?:ids|arns|names|urls)|subnets|security_groups|zones|addresses)$")


class GuessedText(str):
    """A made-up value that is used as a text as long as nothing else is needed.

    ``address`` is that of the value that it is, or is an item of.
    """

    address: str
    part: PartOf

    def __new__(cls, text: str, address: str, part: PartOf) -> GuessedText:
        """Return the text with its address and the function for its attributes and items."""
        guess = super().__new__(cls, text)
        guess.address, guess.part = address, part
        return guess

    def attribute(self, name: str) -> Any:
        """Return an attribute or an item."""
        return self.part(name)


class GuessedList(list[Any]):
    """A made-up list or set: it has one member, and a guess at any other place."""

    def __init__(self, part: PartOf) -> None:
        super().__init__([part("0")])
        self.part = part


class GuessedMap(dict[str, Any]):
    """A made-up map or object: it has no members of its own, and a guess under any name."""

    def __init__(self, part: PartOf) -> None:
        super().__init__()
        self.part = part


def is_plural(name: str) -> bool:
    """Return whether a name speaks of a list, as ``subnet_ids`` does."""
    return _PLURAL.search(name.lower()) is not None
