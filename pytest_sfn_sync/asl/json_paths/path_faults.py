"""What can go wrong with a JSONPath: it is refused when it is compiled, or it finds nothing when it is evaluated.

The tree below `PathNotFound` mirrors which of Jayway's exceptions its own evaluator catches at which place; callers
outside this package need only `PathNotFound`. This module does not turn faults into ASL errors: each field of a state
has its own wording for that::

    PathSyntaxError          a text that is no path
    PathNotFound             an evaluation that gives no value
    ├── InvalidPath          a step that cannot be applied (Jayway's InvalidPathException)
    │   └── NoSuchPath       nothing there (Jayway's PathNotFoundException)
    └── EvaluationFault      a comparison that failed (an exception of Java's own)
"""

from __future__ import annotations

from collections.abc import Callable

INVALID_PATH = "com.jayway.jsonpath.InvalidPathException"


class PathSyntaxError(ValueError):
    """A text that is not a path.

    ``text`` is the message of Jayway's exception, with the names of the Java classes that it has caught on the way.
    ``reason`` is the innermost message alone.
    """

    def __init__(self, reason: str, text: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = reason if text is None else text


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
    """A step that cannot be applied."""


class NoSuchPath(InvalidPath):
    """Nothing is there; a wildcard over an array passes over it, and a filter takes it for "no match"."""


class EvaluationFault(PathNotFound):
    """A comparison that failed; nothing within Jayway catches it."""
