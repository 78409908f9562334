"""Expressions that take long end by the number of their steps, which the expressions of an execution share."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expression_steps import ExpressionSteps
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import QueryEvaluationError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

LOOP = "($f := function($n){$f($n + 1)}; $f(1))"
LONG = "$sum([1..20000].($ * 2))"


def within(text: str, budget: ExpressionSteps) -> JSON:
    return compiled(f"{{% {text} %}}").evaluate({"input": None}, QueryScope(expression_steps=budget))


def test_an_expression_may_take_as_many_steps_as_it_has_left() -> None:
    assert within(LONG, ExpressionSteps()) == 400_020_000
    with pytest.raises(QueryEvaluationError, match="Expression evaluation timeout"):
        within(LONG, ExpressionSteps(10_000))


def test_a_short_expression_takes_nothing_and_always_ends() -> None:
    budget = ExpressionSteps(0)

    assert within("$sum([1..100].($ * 2))", budget) == 10_100
    assert budget.left == 0


def test_endless_expressions_share_the_steps_of_their_execution() -> None:
    budget = ExpressionSteps(9_000_000)
    for _ in range(100):
        with pytest.raises(QueryEvaluationError, match="Expression evaluation timeout"):
            within(LOOP, budget)

    assert budget.left <= 0
    assert within("1 + 1", budget) == 2


@pytest.mark.parametrize("text", [f"$uuid() & {LOOP}", f"$random() + {LOOP}"])
def test_an_endless_expression_that_draws_ends_too(text: str) -> None:
    budget = ExpressionSteps()
    with pytest.raises(QueryEvaluationError, match="Expression evaluation timeout"):
        within(text, budget)

    assert budget.left == 45_000_000


def test_a_long_expression_draws_once() -> None:
    scopes = QueryScope(), QueryScope()
    long = compiled(f"{{% [{LONG}, $random()][1] %}}")
    short = compiled("{% $random() %}")

    assert long.evaluate({"input": None}, scopes[0]) == short.evaluate({"input": None}, scopes[1])
    assert scopes[0].random.random() == scopes[1].random.random()
