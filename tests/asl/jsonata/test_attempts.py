"""Evaluations that need more steps than the first attempt: tried with more and more, and counted."""

from __future__ import annotations

from random import Random

import pytest

from pytest_sfn_sync.asl.jsonata.attempts import REGEX_WEIGHT, Draws, evaluate_with_more_steps, first_attempt
from pytest_sfn_sync.asl.jsonata.expression_faults import StepsExceeded
from pytest_sfn_sync.asl.limits import EXPRESSION_STEPS
from pytest_sfn_sync.asl.work_budget import WorkBudget, WorkLimitError


class Evaluation:
    """An evaluation that takes a number of steps; ``tried`` are those of its attempts."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.tried: list[int] = []

    def __call__(self, steps: int) -> str:
        self.tried.append(steps)
        if steps < self.steps:
            raise StepsExceeded
        return "done"


def test_an_evaluation_is_tried_with_more_and_more_steps_and_the_failed_ones_are_counted() -> None:
    evaluation, work = Evaluation(100_000), WorkBudget()

    assert evaluate_with_more_steps(evaluation, "x", work, weight=1) == "done"
    assert evaluation.tried == [8_000, 32_000, 128_000]
    assert work.left == 50_000_000 - 40_000


def test_the_limit_of_aws_ends_an_endless_evaluation() -> None:
    evaluation, work = Evaluation(10**9), WorkBudget()

    with pytest.raises(StepsExceeded):
        evaluate_with_more_steps(evaluation, "x", work, weight=1)
    assert evaluation.tried == [8_000, 32_000, 128_000, 512_000, 2_048_000, EXPRESSION_STEPS]


def test_the_budget_of_an_execution_ends_what_aws_would_not() -> None:
    evaluation, work = Evaluation(4_000_000), WorkBudget(1_000_000)

    with pytest.raises(WorkLimitError, match="takes more than 100,000 steps of work, a tenth of the budget"):
        evaluate_with_more_steps(evaluation, "x", work, weight=1)
    assert evaluation.tried == [8_000, 32_000, 100_000]


def test_an_execution_that_has_used_up_its_budget_tries_no_more() -> None:
    evaluation, work = Evaluation(4_000), WorkBudget()
    work.left = 0

    with pytest.raises(WorkLimitError, match="used up the 50,000,000 steps"):
        evaluate_with_more_steps(evaluation, "x", work, weight=1)
    assert evaluation.tried == []


def test_a_step_of_a_regular_expression_counts_more() -> None:
    evaluation, work = Evaluation(300), WorkBudget()

    evaluate_with_more_steps(evaluation, "x", work, weight=REGEX_WEIGHT)

    assert first_attempt(REGEX_WEIGHT) == 80
    assert evaluation.tried == [320]
    evaluate_with_more_steps(Evaluation(400), "x", work, weight=REGEX_WEIGHT)
    assert work.left == 50_000_000 - 320 * REGEX_WEIGHT


def test_each_attempt_draws_the_same_values() -> None:
    draws = Draws(Random(7))
    random, uuid = draws.function("random"), draws.function("uuid")
    first = [random(), uuid(), random(42)]
    draws.rewind()

    assert [random(), uuid(), random(42), random()][:3] == first


def test_a_lower_limit_of_aws() -> None:
    evaluation = Evaluation(100_000)

    with pytest.raises(StepsExceeded):
        evaluate_with_more_steps(evaluation, "x", WorkBudget(), aws_limit=50_000)
    assert evaluation.tried == [8_000, 32_000, 50_000]
