"""Evaluations that take more steps than the first attempt: tried again with more and more steps, which are counted.

The engine ends an evaluation at a number of steps, but does not say how many a finished one took. So an evaluation is
tried with few steps first, and again with four times as many if it needs more. The failed attempts are counted. What a
long evaluation took is at least that and at most about four times as much. Each attempt draws the same random numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.java.java_random import first_double
from pytest_sfn_sync.asl.jsonata.expression_faults import StepsExceeded
from pytest_sfn_sync.asl.limits import EXPRESSION_STEPS, UNCOUNTED_EXPRESSION_STEPS
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.asl.work_budget import WorkBudget

_FACTOR: Final = 4

OWN_ARITHMETIC_STEPS: Final = EXPRESSION_STEPS // 4
"""The steps after which AWS's limit ends an evaluation with this package's arithmetic, which takes longer.

Only an expression that met a number that is not finite has it. Assumption: AWS's limit ends such an expression too, as
it ends all that take long; a quarter is what the time here allows.
"""

REGEX_WEIGHT: Final = 25
"""The steps of the budget for one step of an expression with a regular expression.

The engine makes hundreds of comparisons of characters in one step.
"""


def first_attempt(weight: int) -> int:
    """Return the steps of the first attempt, which is never counted."""
    return UNCOUNTED_EXPRESSION_STEPS // weight


def evaluate_with_more_steps(
    run: Callable[[int], JSON],
    text: str,
    work: WorkBudget,
    *,
    weight: int = 1,
    aws_limit: int = EXPRESSION_STEPS,
) -> JSON:
    """Return the result of an evaluation whose first attempt had too few steps.

    Raise `StepsExceeded` where AWS's own limit, of ``aws_limit`` steps, ends the evaluation, and `WorkLimitError` where
    the budget of the execution does.
    """
    steps = first_attempt(weight)
    most = min(aws_limit, work.allowance() // weight)
    while True:
        if steps >= most:
            raise StepsExceeded if most == aws_limit else work.exceeded(text)
        steps = min(steps * _FACTOR, most)
        try:
            return run(steps)
        except StepsExceeded:
            work.left -= steps * weight


class Draws:
    """The random values of one evaluation; each attempt gets the same ones, in order."""

    __slots__ = ("_at", "_drawn", "_random")

    def __init__(self, random: Random) -> None:
        self._random = random
        self._drawn: list[Any] = []
        self._at = 0

    def rewind(self) -> None:
        """Begin another attempt."""
        self._at = 0

    def function(self, name: str) -> Callable[..., Any]:
        """Return the function for ``$random`` or ``$uuid``."""
        return self._random_number if name == "random" else self._uuid

    def _random_number(self, seed: float | None = None) -> float:
        # Assumption: a fraction in the seed is cut off, as by Java's conversion to long.
        number: float = self._next(self._random.random) if seed is None else first_double(int(seed))
        return number

    def _uuid(self) -> str:
        text: str = self._next(lambda: random_uuid(self._random))
        return text

    def _next(self, draw: Callable[[], Any]) -> Any:
        if self._at == len(self._drawn):
            self._drawn.append(draw())
        self._at += 1
        return self._drawn[self._at - 1]
