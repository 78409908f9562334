"""What can go wrong with a JSONPath: it is refused when it is compiled, or it finds nothing when it is evaluated.

The tree below `PathNotFound` mirrors which of Jayway's exceptions its own evaluator catches at which place; callers
outside this package need only `PathNotFound`. This module does not turn faults into ASL errors: each field of a state
has its own wording for that::

    PathSyntaxError          a text that is no path
    PathNotFound             an evaluation that gives no value
    ├── InvalidPath          a step that cannot be applied (Jayway's InvalidPathException)
    │   └── NoSuchPath       nothing there (Jayway's PathNotFoundException)
    └── EvaluationFault      a function or a comparison that failed (Jayway's JsonPathException and Java's own)
        └── IndexFault       an index out of bounds within a function, which array steps swallow
"""

from __future__ import annotations

from collections.abc import Callable


class PathSyntaxError(ValueError):
    """A text that is not a path; ``text`` is Jayway's reason."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class PathNotFound(Exception):  # noqa: N818  # a name that reads as what happened
    """A path without a value in a document; ``text`` is Jayway's message, which AWS repeats.

    ``source`` is that text, or a function that makes it: most of these exceptions are caught unread, and a text can
    hold the whole document. ``step`` is the name or index that led nowhere, where it was a single one.
    """

    def __init__(self, source: str | Callable[[], str], step: str | int | None = None) -> None:
        super().__init__(source)
        self.source = source
        self.step = step

    @property
    def text(self) -> str:
        """Jayway's message."""
        return self.source if isinstance(self.source, str) else self.source()

    def __str__(self) -> str:
        return self.text


class InvalidPath(PathNotFound):
    """A step that cannot be applied; a filter takes it for "no match"."""


class NoSuchPath(InvalidPath):
    """Nothing is there; a wildcard over an array passes over it, and a filter takes it for an undefined value."""


class EvaluationFault(PathNotFound):
    """A function or a comparison that failed; nothing within Jayway catches it."""


class IndexFault(EvaluationFault):
    """An index out of bounds within a function; the array step before it swallows it."""
