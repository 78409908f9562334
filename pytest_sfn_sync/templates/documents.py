"""The files of a template: the template itself and the files that it names, each with the places of its parts.

A `Spot` is a place in one of them. Each fault has one. Its line is looked up only for the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.sources import LineMap, ReadSource, SourceText, Span, read
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.yaml_dialects import YAML_1_1, Dialect

IN_PROCESS: Final = "(a dict)"
"""What messages show for the file of a template that a program made."""


class Document:
    """A file that was read: its ``value``, and its `LineMap`, which is read at its first use.

    ``repetitions`` has a remark about each key that an object has twice.
    """

    def __init__(
        self, value: Any, *, path: Path, line_map: Callable[[], LineMap], repetitions: Iterable[str] = ()
    ) -> None:
        self.value = value
        self.path = path
        self.repetitions = tuple(repetitions)
        self._map = line_map

    @classmethod
    def read(cls, path: Path, dialect: Dialect = YAML_1_1) -> Document:
        """Read a file of YAML or JSON with CloudFormation's tags.

        Raise UnreadableSourceError if it can't be read, and FileNotFoundError if it does not exist.
        """
        written = read(SourceText.of_file(path), tags=_long_form, dialect=dialect)
        repetitions = repetition_notes(shown_path(str(path)), written)
        return cls(written.document, path=path, line_map=written.line_map, repetitions=repetitions)

    @classmethod
    def of_value(cls, value: Mapping[str, Any]) -> Document:
        """Return the document of a template that a program made; the files that it names are in the working folder."""
        return cls(value, path=Path(IN_PROCESS), line_map=lambda: LineMap({}, text="", file=None))

    @property
    def source(self) -> str | None:
        """The path of the file; None for a template that a program made."""
        return None if str(self.path) == IN_PROCESS else str(self.path)

    @property
    def file(self) -> str:
        """The path, as messages show it."""
        return shown_path(str(self.path))

    @cached_property
    def line_map(self) -> LineMap:
        """The places of all parts."""
        return self._map()

    @property
    def root(self) -> Spot:
        """The spot of the whole document."""
        return Spot(self, ())


def repetition_notes(file: str, written: ReadSource) -> list[str]:
    """Return a remark about each key that an object of a file has twice, which is lost but for its last value."""
    return [f"{file}: {error.why}; the last one counts" for error in written.repetitions]


class Spot(NamedTuple):
    """A place in a document: the keys and indices that lead to it, in the long form of functions (``Fn::Sub``)."""

    document: Document
    steps: tuple[str | int, ...]

    def __truediv__(self, step: str | int) -> Spot:
        """Return the spot of a member or an item."""
        return Spot(self.document, (*self.steps, step))

    @property
    def location(self) -> str:
        """The place in the form for messages: ``/Resources/Orders/Properties/Definition``."""
        return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in self.steps)

    @property
    def mapped(self) -> str:
        """The location of the place, or of the nearest part around it, in the document's line map.

        A function that is written as a tag has no key in the line map: ``!Join ["", [a]]`` has ``a`` at ``[1][0]``.
        """
        spans = self.document.line_map.spans
        found = ""
        for step in self.steps:
            further = f"{found}[{step}]" if isinstance(step, int) else f"{found}/{step}"
            if further in spans:
                found = further
            elif not (isinstance(step, str) and is_function(step)):
                break
        return found

    @property
    def span(self) -> Span | None:
        """Its beginning and its end in the file."""
        return self.document.line_map.span(self.mapped)

    @property
    def line_map(self) -> LineMap:
        """The places of its parts, as if it were the whole document."""
        return self.document.line_map.within(self.mapped)

    def __str__(self) -> str:
        span = self.span
        return f"{self.document.file}{'' if span is None else f':{span.line}'}"


def is_function(key: str) -> bool:
    """Return whether a key is the name of an intrinsic function, so that its object is not a plain object."""
    return key == "Ref" or key.startswith("Fn::")


def _long_form(tag: str, value: Any) -> Any:
    name = tag.removeprefix("!")
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}
