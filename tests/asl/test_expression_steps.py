"""The steps of JSONata expressions are counted: for one evaluation and for a whole execution."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expression_steps import FIRST_ATTEMPT, ExpressionSteps
from pytest_sfn_sync.asl.limits import EXECUTION_EXPRESSION_STEPS, EXPRESSION_STEPS


def attempts(budget: ExpressionSteps) -> list[int]:
    """Return the steps of each attempt of an endless evaluation."""
    tried: list[int] = []
    steps: int | None = FIRST_ATTEMPT
    while steps is not None:
        tried.append(steps)
        steps = budget.more_than(steps)
    return tried


def test_an_endless_evaluation_is_tried_with_more_and_more_steps() -> None:
    assert attempts(ExpressionSteps()) == [2_000, 8_000, 32_000, 128_000, 512_000, 2_048_000, EXPRESSION_STEPS]


def test_an_execution_ends_with_its_budget() -> None:
    budget = ExpressionSteps()
    rounds = [sum(attempts(budget)) for _ in range(20)]

    assert sum(rounds) < EXECUTION_EXPRESSION_STEPS + EXPRESSION_STEPS
    assert rounds[-1] == FIRST_ATTEMPT


@pytest.mark.parametrize(("left", "steps"), [(50_000_000, EXPRESSION_STEPS), (10_000, 10_000), (-5, FIRST_ATTEMPT)])
def test_what_cannot_be_repeated_gets_all_steps_at_once(left: int, steps: int) -> None:
    assert ExpressionSteps(left).whole() == steps


def test_a_budget_can_be_used_up_at_once() -> None:
    budget = ExpressionSteps()
    budget.use_up()

    assert attempts(budget) == [FIRST_ATTEMPT]
