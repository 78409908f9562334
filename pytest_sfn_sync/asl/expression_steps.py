"""The steps that the JSONata expressions of one execution may take together: counted, so the same on every machine.

The engine ends an evaluation at a number of steps, but does not say how many a finished one took. So an evaluation is
tried with few steps first, and again with four times as many if it needs more. The failed attempts are counted. What a
long evaluation took is at least that and at most about four times as much.
"""

from __future__ import annotations

from typing import Final

from pytest_sfn_sync.asl.limits import EXECUTION_EXPRESSION_STEPS, EXPRESSION_STEPS, UNCOUNTED_EXPRESSION_STEPS

FIRST_ATTEMPT: Final = UNCOUNTED_EXPRESSION_STEPS
_FACTOR: Final = 4


class ExpressionSteps:
    """The steps that are left to the expressions of one execution."""

    __slots__ = ("left",)

    def __init__(self, left: int = EXECUTION_EXPRESSION_STEPS) -> None:
        self.left = left

    def more_than(self, steps: int) -> int | None:
        """Count an attempt that ended after ``steps``; return the steps of the next one, or None if there is none."""
        self.left -= steps
        if steps >= EXPRESSION_STEPS or self.left <= 0:
            return None
        return min(steps * _FACTOR, EXPRESSION_STEPS, max(self.left, FIRST_ATTEMPT))

    def whole(self) -> int:
        """Return the steps of an evaluation that can't be repeated."""
        return min(EXPRESSION_STEPS, max(self.left, FIRST_ATTEMPT))

    def use_up(self) -> None:
        """Leave no steps: an evaluation took longer than any that AWS finishes, in a single step of the engine."""
        self.left = 0
