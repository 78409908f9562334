"""The parsed form of a path: its steps, and the conditions of filters within them.

The classes hold data only. ``path_grammar.py`` makes them; ``definite.py`` and ``walking.py`` compile them.
``fragment`` is the text of a step in Jayway's messages. The classes are named tuples, because a dozen dataclasses would
add ten milliseconds to each import.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from pytest_sfn_sync.asl.java.java_patterns import JavaPattern


class NameStep(NamedTuple):
    """``.name``, ``['name']`` or ``['a','b']``.

    There are no names in a bracket such as ``["a"]`` with an apostrophe inside, because its quote is never closed.
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
    """``[from:to]``; a width after it (``[0:4:2]``) is read and ignored. ``has_width`` is True for one other than 1."""

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
    """A ``$`` after a bracket, as in ``$[0]$``: the value stays the same, and messages start from ``$`` again."""

    fragment: str = "$"


class FilterStep(NamedTuple):
    """``[?(condition)]``; in ``[?]`` the condition is None, as only a Java program could supply it."""

    condition: Condition | None
    fragment: str = "[?]"


Step: TypeAlias = "NameStep | IndexStep | FromEndStep | SliceStep | WildcardStep | DeepScanStep | RootStep | FilterStep"


class ParsedPath(NamedTuple):
    """The steps of a path after its root, ``$`` (the document) or ``@`` (within a filter, the item)."""

    root: str
    steps: tuple[Step, ...]

    @property
    def definite(self) -> bool:
        """True if the path leads to one value only; its result is then that value and not a list."""
        return all(map(is_definite, self.steps))


class QuotedText(str):
    """The text between single quotes."""

    __slots__ = ()


Operand: TypeAlias = "ParsedPath | JavaPattern | QuotedText | str"
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
    """Return steps as Jayway prints them in its messages."""
    return "".join(step.fragment for step in steps)


def is_definite(step: Step) -> bool:
    """Report whether a step leads to one value only; several names do, because they are merged into one object."""
    return isinstance(step, (NameStep, FromEndStep, RootStep)) or (
        isinstance(step, IndexStep) and len(step.indices) == 1
    )


def single_key(step: Step) -> str | int | None:
    """Return the name or index of a step that has a single one, else None."""
    if isinstance(step, NameStep) and len(step.names) == 1:
        return step.names[0]
    if isinstance(step, IndexStep) and len(step.indices) == 1:
        return step.indices[0]
    return None
