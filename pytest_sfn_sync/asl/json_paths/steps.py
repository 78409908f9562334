"""The parsed form of a path: its steps, and within them the conditions of filters and the arguments of functions.

Data only. The grammar makes it, ``definite.py`` and ``walking.py`` compile it. ``fragment`` is how Jayway prints a
step in its messages. Named tuples, because a dozen dataclasses would take ten milliseconds of each import.
"""

from __future__ import annotations

from decimal import Decimal
from re import Pattern
from typing import NamedTuple, TypeAlias


class NameStep(NamedTuple):
    """``.name``, ``['name']`` or ``['a','b']``."""

    names: tuple[str, ...]
    quote: str = "'"

    def __str__(self) -> str:
        return ",".join(self.names)

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it, in the quotes that the author used."""
        return "[" + ",".join(f"{self.quote}{name}{self.quote}" for name in self.names) + "]"


class IndexStep(NamedTuple):
    """``[n]`` or ``[n,m]``; negative indices count from the end."""

    indices: tuple[int, ...]

    def __str__(self) -> str:
        return ",".join(map(str, self.indices))

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it."""
        return "[" + ",".join(map(str, self.indices)) + "]"


class SliceStep(NamedTuple):
    """``[from:to]``; a step width is read and ignored."""

    start: int | None
    end: int | None

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it."""
        return "[" + ":".join("" if bound is None else str(bound) for bound in (self.start, self.end)) + "]"


class WildcardStep(NamedTuple):
    """``*`` or ``[*]``; ``is_added`` where the function ``length`` puts one after the author's path."""

    is_added: bool = False
    fragment: str = "[*]"


class DeepScanStep(NamedTuple):
    """``..``"""

    fragment: str = ".."


class FilterStep(NamedTuple):
    """``[?(condition)]``"""

    condition: Condition
    fragment: str = "[?]"


class FunctionStep(NamedTuple):
    """``.name(arguments)``"""

    name: str
    arguments: tuple[Argument, ...]

    @property
    def fragment(self) -> str:
        """The step as Jayway prints it, which leaves the arguments out."""
        return f".{self.name}({'...' if self.arguments else ''})"


Step: TypeAlias = "NameStep | IndexStep | SliceStep | WildcardStep | DeepScanStep | FilterStep | FunctionStep"


class JsonArgument(NamedTuple):
    """A function's argument that is JSON text, read only when the function asks for it."""

    text: str


class ParsedPath(NamedTuple):
    """The steps of a path after its root, ``$`` (the document) or ``@`` (within a filter, the item).

    ``follows_scan`` is set where a deep scan before the steps was made the argument of the function that they begin
    with; what follows the function is then as silent about misses as after any scan.
    """

    root: str
    steps: tuple[Step, ...]
    follows_scan: bool = False

    @property
    def text(self) -> str:
        """The whole path as Jayway prints it."""
        return self.root + fragments(self.steps)

    @property
    def definite(self) -> bool:
        """Whether the path can lead to one value only, and so gives that value, not a list."""
        last = len(self.steps) - 1
        return all(is_definite(step, is_leaf=position == last) for position, step in enumerate(self.steps))


Argument: TypeAlias = "ParsedPath | JsonArgument"


class JsonText(NamedTuple):
    """A JSON literal in a filter, ``[1, 'a']`` or ``{a: 1}``, kept as text until it is compared."""

    text: str


class Operand(NamedTuple):
    """One side of a comparison: a path, or a literal.

    ``negated`` is set by a ``!`` right before a path, which counts only where existence is tested.
    """

    value: ParsedPath | JsonText | Pattern[str] | Decimal | str | bool | None
    negated: bool = False


class Comparison(NamedTuple):
    """``left operator right``; the operator in capitals, ``EXISTS`` with no right side for a bare path."""

    left: Operand
    operator: str
    right: Operand | None


class Combination(NamedTuple):
    """Conditions joined by ``&&`` or ``||``."""

    operator: str
    conditions: tuple[Condition, ...]


class Negation(NamedTuple):
    """``!`` before a condition in parentheses or a literal."""

    condition: Condition


Condition: TypeAlias = "Comparison | Combination | Negation"


def fragments(steps: tuple[Step, ...]) -> str:
    """Print steps as Jayway does in its messages."""
    return "".join(step.fragment for step in steps)


def is_definite(step: Step, *, is_leaf: bool) -> bool:
    """Tell whether a step leads to one value only; several names at the end do, as they are merged to one object."""
    if isinstance(step, NameStep):
        return is_leaf or len(step.names) == 1
    if isinstance(step, IndexStep):
        return len(step.indices) == 1
    return isinstance(step, FunctionStep)


def single_key(step: Step) -> str | int | None:
    """Give the one name or index of a step that has just one, else None."""
    if isinstance(step, NameStep) and len(step.names) == 1:
        return step.names[0]
    if isinstance(step, IndexStep) and len(step.indices) == 1:
        return step.indices[0]
    return None
