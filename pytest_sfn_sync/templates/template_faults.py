"""The faults of a template, each with its place; they are collected and reported in one error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.shown_text import shown_lines, shown_names, shown_text
from pytest_sfn_sync.templates.documents import Spot
from pytest_sfn_sync.templates.template_budget import TooMuchWorkError

_NEAREST = 3


class NoMachinesError(TemplateError):
    """A template has no state machine; it is a TemplateError to whoever loads it, and left out of a check."""

    __module__ = "pytest_sfn_sync"
    __qualname__ = "TemplateError"  # The name by which a test can import it.


class UnresolvableError(Exception):
    """A value can't be computed: the reason, and the spot in the template."""

    def __init__(self, why: str, spot: Spot) -> None:
        super().__init__(why)
        self.why = why
        self.spot = spot


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``spot`` is None for a fault of a value from the test.

    ``line`` is the line of the fault, if it is known more exactly than by the beginning of the spot. ``is_elsewhere``
    is True if nothing is wrong with the template, but the definition is in a place that is not looked at, such as S3.
    """

    why: str
    spot: Spot | None
    line: int | None = None
    is_elsewhere: bool = False

    def __str__(self) -> str:
        if self.spot is None:
            return self.why
        where = str(self.spot) if self.line is None else f"{self.spot.document.file}:{self.line}"
        return f"{where}: {shown_text(self.spot.location or '/')}: {self.why}"


CANT_BE_WORKED_OUT: Final = (UnresolvableError, TooMuchWorkError, RecursionError)
"""The errors for a value that can't be computed."""


def fault_of(error: Exception, spot: Spot) -> Fault:
    """Return the fault for one of `CANT_BE_WORKED_OUT`; ``spot`` is its place if the error has none."""
    if isinstance(error, (UnresolvableError, TooMuchWorkError)):
        return Fault(error.why, error.spot)
    return Fault("its values are nested, or refer to each other, too deeply to be worked out.", spot)


def template_error(file: str, faults: Iterable[Fault]) -> TemplateError:
    """Return the error that reports all faults of a template."""
    found = list(dict.fromkeys(faults))
    count = "1 fault" if len(found) == 1 else f"{len(found):,} faults"
    lines = dict.fromkeys(shown_lines(map(str, found), len(found)))
    return TemplateError("\n  ".join([f"The template {file} can't be loaded, for {count}:", *lines]))


def nearest_sentence(name: str, candidates: Iterable[str]) -> str:
    """Return the sentence about the known names that are nearest to an unknown one."""
    near = nearest_first(name, candidates)[:_NEAREST]
    return f"Nearest: {shown_names(near)}." if near else "There are none."


def kind_of(value: object) -> str:
    """Return the name of a value's kind in templates."""
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), "a text" if isinstance(value, str) else "an object")
