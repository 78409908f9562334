"""The exceptions of JSONPaths: a path is refused when it is compiled, or finds nothing when it is evaluated.

The classes below `PathNotFound` correspond to Jayway's exceptions, because its evaluator catches some of them. Callers
outside this package need only `PathNotFound`. Each field of a state has its own text for the ASL error, so this module
does not make ASL errors::

    PathSyntaxError          a text that is not a path
    PathNotFound             an evaluation without a value
    ├── InvalidPath          a step that cannot be applied (Jayway's InvalidPathException)
    │   └── NoSuchPath       a missing value (Jayway's PathNotFoundException)
    └── EvaluationFault      a comparison that failed (an exception of Java's own)
"""

from __future__ import annotations

from collections.abc import Callable

INVALID_PATH = "com.jayway.jsonpath.InvalidPathException"


class PathSyntaxError(ValueError):
    """A text that is not a path.

    ``text`` is the message of Jayway's exception. It contains the names of the Java exceptions that Jayway caught.
    ``reason`` is the innermost message alone.
    """

    def __init__(self, reason: str, text: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = reason if text is None else text


class PathNotFound(Exception):  # noqa: N818  # a name that reads as what happened
    """A path without a value in a document; ``text`` is Jayway's message, which AWS repeats.

    ``source`` is that text, or a function that returns it. A text can hold the whole document, and most of these
    exceptions are caught without reading it. ``step`` is the name or index that was not found, if it is a single one.
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
    """A missing value; a wildcard over an array skips it, and for a filter it is "no match"."""


class EvaluationFault(PathNotFound):
    """A comparison that failed; nothing within Jayway catches it."""
