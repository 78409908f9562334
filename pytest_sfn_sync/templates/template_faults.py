"""What can't be made of a template: faults with their places, collected and told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.templates.documents import Spot

_NEAREST = 3


class UnresolvableError(Exception):
    """A value that can't be worked out: why, and at which spot of the template."""

    def __init__(self, why: str, spot: Spot) -> None:
        super().__init__(why)
        self.why = why
        self.spot = spot


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``spot`` is None where it is not one of the file but of what the test gave.

    ``line`` is where in the spot it is, if that is known better than by the spot's own beginning.
    """

    why: str
    spot: Spot | None
    line: int | None = None

    def __str__(self) -> str:
        if self.spot is None:
            return self.why
        where = str(self.spot) if self.line is None else f"{self.spot.document.file}:{self.line}"
        return f"{where}: {self.spot.location or '/'}: {self.why}"


def template_error(file: str, faults: Iterable[Fault]) -> TemplateError:
    """Make the error that tells all faults of a template."""
    told = list(dict.fromkeys(map(str, faults)))
    count = "1 fault" if len(told) == 1 else f"{len(told)} faults"
    return TemplateError("\n  ".join([f"The template {file} can't be loaded, for {count}:", *told]))


def nearest_told(name: str, candidates: Iterable[str]) -> str:
    """Say which known names are nearest to one that there is not."""
    near = nearest_first(name, candidates)[:_NEAREST]
    return f"Nearest: {', '.join(near)}." if near else "There are none."


def kind_of(value: object) -> str:
    """Name the kind of a value as templates know it."""
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), "a text" if isinstance(value, str) else "an object")
