"""What one evaluation of an indefinite path shares between its steps, its filters and its functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths.steps import ParsedPath


class Evaluation:
    """The document that ``$`` means, whether a missing property is a fault everywhere, and marks left on the way.

    ``requires_properties`` is set while a filter asks whether a path exists. ``marks`` holds, by the id of a node, the
    array index that a deep scan left there last.
    """

    __slots__ = ("marks", "requires_properties", "root")

    def __init__(self, root: JSON, marks: dict[int, int] | None = None) -> None:
        self.root = root
        self.requires_properties = False
        self.marks: dict[int, int] = {} if marks is None else marks

    def within(self, *, requires_properties: bool) -> Evaluation:
        """Give the evaluation for a path within this one; the marks stay common."""
        if requires_properties == self.requires_properties:
            return self
        inner = Evaluation(self.root, self.marks)
        inner.requires_properties = requires_properties
        return inner

    def rooted(self, root: JSON) -> Evaluation:
        """Give the evaluation in which ``$`` means another value; the marks stay common."""
        inner = Evaluation(root, self.marks)
        inner.requires_properties = self.requires_properties
        return inner


Find: TypeAlias = Callable[[JSON, Evaluation], JSON]
Test: TypeAlias = Callable[[JSON, Evaluation], bool]
CompilePath: TypeAlias = Callable[[ParsedPath], Find]
