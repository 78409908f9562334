"""The parsed form of a path: its steps, and within them the conditions of filters.

Data only. ``grammar.py`` makes it; ``definite.py`` and ``walking.py`` compile it. ``fragment`` is how Jayway prints a
step in its messages. These are named tuples, because a dozen dataclasses would take ten milliseconds of each import.
"""

from __future__ import annotations

from re import Pattern
from typing import NamedTuple, TypeAlias


class NameStep(NamedTuple):
    """``.name``, ``['name']`` or ``['a','b']``.

    There are no names at all in ``["a"]`` with an apostrophe inside, and in other brackets whose text never closes.
    """

    names: tuple[str, ...]

    def __str__(self) -> str:
        return ",".join(self.names)

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it."""
        return "[" + ", ".join(f"'{name}'" for name in self.names) + "]"


class IndexStep(NamedTuple):
    """``[n]`` or ``[n,m]``."""

    indices: tuple[int, ...]

    def __str__(self) -> str:
        return ",".join(map(str, self.indices))

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it."""
        return f"[{self}]"


class FromEndStep(NamedTuple):
    """``[(@.length-1)]``: an index counted from the end of the array; ``offset`` is negative."""

    offset: int

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it."""
        return f"[@.size(){self.offset}]"


class SliceStep(NamedTuple):
    """``[from:to]``; a width after it (``[0:4:2]``) is read and ignored."""

    start: int | None
    end: int | None
    has_width: bool = False

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it."""
        return "[" + ":".join("" if bound is None else str(bound) for bound in (self.start, self.end)) + "]"


class WildcardStep(NamedTuple):
    """``*`` or ``[*]``"""

    fragment: str = "[*]"


class DeepScanStep(NamedTuple):
    """``..``"""

    fragment: str = ".."


class RootStep(NamedTuple):
    """A ``$`` after a bracket, as in ``$[0]$``: it leads nowhere, but messages call the place ``$`` from there on."""

    fragment: str = "$"


class FilterStep(NamedTuple):
    """``[?(condition)]``; there is no condition in ``[?]``, which only code can fill in."""

    condition: Condition | None
    fragment: str = "[?]"


Step: TypeAlias = "NameStep | IndexStep | FromEndStep | SliceStep | WildcardStep | DeepScanStep | RootStep | FilterStep"


class ParsedPath(NamedTuple):
    """The steps of a path after its root, ``$`` (the document) or ``@`` (within a filter, the item)."""

    root: str
    steps: tuple[Step, ...]

    @property
    def definite(self) -> bool:
        """Whether the path can lead to one value only, and so gives that value, not a list."""
        return all(map(is_definite, self.steps))


class QuotedText(str):
    """A text that stood in single quotes, without them."""

    __slots__ = ()


Operand: TypeAlias = "ParsedPath | Pattern[str] | QuotedText | str"
"""One side of a comparison: a path, a regular expression, or a text. All other literals are texts to Jayway 2.0.0."""


class Existence(NamedTuple):
    """``@.path``, or ``!@.path`` where ``expected`` is False."""

    path: ParsedPath
    expected: bool


class Comparison(NamedTuple):
    """``left operator right``"""

    left: Operand
    operator: str
    right: Operand


class Combination(NamedTuple):
    """Two conditions joined by ``&&`` or ``||``."""

    left: Condition
    operator: str
    right: Condition


Condition: TypeAlias = "Existence | Comparison | Combination"


def fragments(steps: tuple[Step, ...]) -> str:
    """Print steps as Jayway does in its messages."""
    return "".join(step.fragment for step in steps)


def is_definite(step: Step) -> bool:
    """Report whether a step leads to one value only; several names do, as they are merged to one object."""
    return isinstance(step, (NameStep, FromEndStep, RootStep)) or (
        isinstance(step, IndexStep) and len(step.indices) == 1
    )


def single_key(step: Step) -> str | int | None:
    """Return the one name or index of a step that has just one, else None."""
    if isinstance(step, NameStep) and len(step.names) == 1:
        return step.names[0]
    if isinstance(step, IndexStep) and len(step.indices) == 1:
        return step.indices[0]
    return None
