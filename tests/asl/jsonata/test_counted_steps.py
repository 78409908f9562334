"""Expressions that take long end by the number of their steps, which the expressions of an execution share."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import QueryEvaluationError
from pytest_sfn_sync.asl.work_budget import WorkBudget, WorkLimitError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

LOOP = "($f := function($n){$f($n + 1)}; $f(1))"
LONG = "$sum([1..20000].($ * 2))"
BOMB = "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', /(a+)+$/)"


def within(text: str, work: WorkBudget) -> JSON:
    return compiled(f"{{% {text} %}}").evaluate({"input": None}, QueryScope(work=work))


def test_an_expression_may_take_a_tenth_of_the_budget() -> None:
    assert within(LONG, WorkBudget()) == 400_020_000
    with pytest.raises(WorkLimitError) as raised:
        within(LONG, WorkBudget(100_000))

    assert str(raised.value) == (
        f"the expression {LONG!r} of the field 'Output' takes more than 10,000 steps of work, a tenth of the budget of "
        "an execution. AWS might end it or not, so the execution has no outcome here. Write an expression that does "
        "less, or use smaller documents or fewer rounds of a loop. If the work is meant, raise the option work_budget "
        "(sfn_sync_work_budget in the ini file), which is 100,000."
    )


def test_a_short_expression_takes_nothing_and_always_ends() -> None:
    work = WorkBudget(0)

    assert within("$sum([1..100].($ * 2))", work) == 10_100
    assert work.left == 0


def test_endless_expressions_end_as_on_aws_until_the_execution_has_used_up_its_budget() -> None:
    work = WorkBudget()
    with pytest.raises(QueryEvaluationError, match="Expression evaluation timeout"):
        within(LOOP, work)
    work.left = 4_000_000

    with pytest.raises(WorkLimitError) as raised:
        within(LOOP, work)
    assert "used up the 50,000,000 steps that all expressions of an execution may take together" in str(raised.value)
    assert within("1 + 1", work) == 2


@pytest.mark.parametrize("text", [f"$uuid() & {LOOP}", f"$random() + {LOOP}"])
def test_an_endless_expression_that_draws_ends_too(text: str) -> None:
    with pytest.raises(QueryEvaluationError, match="Expression evaluation timeout"):
        within(text, WorkBudget())


def test_a_long_expression_draws_once() -> None:
    scopes = QueryScope(), QueryScope()
    long = compiled(f"{{% [{LONG}, $random()][1] %}}")
    short = compiled("{% $random() %}")

    assert long.evaluate({"input": None}, scopes[0]) == short.evaluate({"input": None}, scopes[1])
    assert scopes[0].random.random() == scopes[1].random.random()


def test_a_regular_expression_that_backtracks_without_end_ends_by_its_steps() -> None:
    with pytest.raises(WorkLimitError, match="takes more than 500,000 steps of work"):
        within(BOMB, WorkBudget(5_000_000))


def test_ordinary_regular_expressions_are_within_the_budget() -> None:
    assert within(r"$count([1..5000][$match($string($), /^[0-9]+5$/)])", WorkBudget()) == 499


def test_a_single_step_that_takes_far_too_long_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_sfn_sync.asl.jsonata import engine, queries

    for module in (engine, queries):
        monkeypatch.setattr(module, "SECONDS_OF_AN_EXPRESSION", 0.005)
    with pytest.raises(WorkLimitError) as raised:
        within(f"[{BOMB}]", WorkBudget())

    assert str(raised.value) == (
        f"the expression {f'[{BOMB}]'!r} of the field 'Output' took more than 5 seconds for few steps. AWS might "
        "end it or not, so the execution has no outcome here. Write an expression that does less, or use smaller "
        "documents or fewer rounds of a loop."
    )
