"""The texts of values that intrinsic functions write: counted as work, and counted while they are written.

States.Array puts any number of references to one document into an array, so the text of a small array may fill the
memory. Such an array is written item by item, which ends as soon as the work of the execution is used up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.intrinsics.call_grammar import MAX_NESTING
from pytest_sfn_sync.asl.java.java_text import java_text
from pytest_sfn_sync.asl.json_text import compact, java_float_text
from pytest_sfn_sync.asl.work_budget import CHARACTERS_PER_STEP, WorkBudget

SHORT: Final = 1_000
"""The longest text that is not counted, and the longest template that is kept."""


class CountedTexts:
    """The texts that one call of a function writes."""

    __slots__ = ("_characters", "_function", "_left", "_work")

    def __init__(self, work: WorkBudget, function: str) -> None:
        self._work = work
        self._function = function
        self._left = work.allowance()
        self._characters = 0

    def plain(self, value: JSON) -> str:
        """Return a string as it is, and any other value as JSON."""
        kind = type(value)
        if kind is str:
            text: str = value
        elif kind is int:
            text = repr(value)
        elif kind is float:
            text = java_float_text(value)
        else:
            return self.json(value)
        self._count(len(text))
        return text

    def json(self, value: JSON) -> str:
        """Return a value as compact JSON."""
        return self._written(value, compact, ",", 1, MAX_NESTING)

    def java(self, value: JSON) -> str:
        """Return a value as Java prints it, which takes longer than JSON."""
        return self._written(value, java_text, ", ", CHARACTERS_PER_STEP, MAX_NESTING)

    def _written(self, value: JSON, write: Callable[[JSON], str], comma: str, weight: int, levels: int) -> str:
        if levels and type(value) is list and any(map(_may_be_large, value)):
            return f"[{comma.join([self._written(item, write, comma, weight, levels - 1) for item in value])}]"
        text = write(value)
        self._count(len(text) * weight)
        return text

    def _count(self, characters: int) -> None:
        """Count the characters of a text; those of short texts together, so that most calls count nothing."""
        self._characters += characters
        if self._characters > SHORT:
            steps = self._characters // CHARACTERS_PER_STEP
            self._characters = 0
            self._left -= steps
            if self._left < 0:
                raise self._work.exceeded(self._function)
            self._work.left -= steps


def _may_be_large(value: JSON) -> bool:
    kind = type(value)
    return kind is list or kind is dict or (kind is str and len(value) > SHORT)
