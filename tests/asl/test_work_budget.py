"""The work of an execution: counted steps end paths that would take minutes, and the end is not an outcome of AWS."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_paths import compile_path
from pytest_sfn_sync.asl.work_budget import VISIT_STEPS, WorkBudget, WorkLimitError
from tests.asl.machines import run, start_at
from tests.asl.static_scope import StaticScope

REMEDY = (
    "AWS might end it or not, so the execution has no outcome here. Write an expression that does less, or use smaller "
    "documents or fewer rounds of a loop. If the work is meant, raise the option work_budget (sfn_sync_work_budget in "
    "the ini file), which is 50,000,000."
)


def nested(depth: int) -> JSON:
    value: JSON = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("path", "document"),
    [
        pytest.param("$..a..a..a", nested(600), id="descents on a deep document"),
        pytest.param("$..*..*..*", {"a": [nested(300)] * 9}, id="wildcards below descents"),
        pytest.param("$[?(@.a =~ /(a+)+b/)]", [{"a": "a" * 60}], id="a regular expression that backtracks"),
        pytest.param("$..*..*[?(@.b == 1)]", {"a": [[{"b": 1}] * 800] * 800}, id="filters below descents"),
    ],
)
def test_a_path_that_visits_too_many_values_ends_the_run(path: str, document: JSON) -> None:
    state = {"Type": "Pass", "Parameters": {"found.$": path}}
    with pytest.raises(WorkLimitError) as raised:
        run(start_at(("Select", state)), document)

    assert str(raised.value) == (
        f"state 'Select': the expression {path!r} of the field 'found.$' takes more than 5,000,000 steps of work, a "
        f"tenth of the budget of an execution. {REMEDY}"
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"InputPath": "$..*..*..*"}, "InputPath", id="an InputPath"),
        pytest.param({"OutputPath": "$..*..*..*"}, "OutputPath", id="an OutputPath"),
        pytest.param({"Parameters": {"a": {"b.$": "States.Array($..*..*..*)"}}}, "b.$", id="an argument of a function"),
    ],
)
def test_the_field_is_named(fields: JSON, field: str) -> None:
    with pytest.raises(WorkLimitError, match=f"of the field '{field.replace('$', '[$]')}' takes more than"):
        run(start_at(("Select", {"Type": "Pass", **fields})), {"a": [nested(300)] * 9})


def test_no_catcher_takes_it() -> None:
    task = {
        "Type": "Parallel",
        "Branches": [start_at(("Inner", {"Type": "Pass", "InputPath": "$..a..a..a"}))],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
    }
    with pytest.raises(WorkLimitError, match="state 'Inner': the expression"):
        run(start_at(("Outer", task), ("Caught", {"Type": "Succeed"})), nested(600))


def test_all_paths_of_an_execution_share_a_budget() -> None:
    scope = StaticScope(work=WorkBudget(3000))
    path = compile_path("$..a")
    path.evaluate(nested(10), scope)
    assert 2500 < scope.work.left < 3000
    scope.work.left = 200

    with pytest.raises(WorkLimitError) as raised:
        path.evaluate(nested(80), scope)

    assert str(raised.value).startswith(
        "the expression '$..a' used up the 3,000 steps that all expressions of an execution may take together. AWS "
    )


@pytest.mark.parametrize(
    ("path", "document", "values"),
    [
        pytest.param("$[1:]", [0] * 2_000, 1_999, id="a slice"),
        pytest.param("$[*]", [0] * 2_000, 2_000, id="the items of an array"),
        pytest.param("$.*", dict.fromkeys(map(str, range(2_000))), 2_000, id="the members of an object"),
        pytest.param("$[?(@ > 1)]", [0] * 2_000, 2_000, id="a filter"),
        pytest.param("$['a','b']", {"a": 1}, 2, id="names"),
        pytest.param("$..a", [[0] * 1_000], 1_002, id="a descent"),
        pytest.param("$.a.b[0]", {"a": {"b": [0]}}, 0, id="names and an index alone"),
    ],
)
def test_the_values_that_a_path_visits_are_counted(path: str, document: JSON, values: int) -> None:
    scope = StaticScope()
    compile_path(path).evaluate(document, scope)

    assert scope.work.most - scope.work.left == VISIT_STEPS * values


def test_a_long_expression_is_cut_in_the_message() -> None:
    text = str(WorkBudget().exceeded("$" + "..a" * 1000))

    assert text.startswith(f"the expression '$..a..a{'..a' * 64}")
    assert len(text) < 800


@pytest.mark.parametrize("path", ["$..[0]", "$[*]", "$[?(@ == 0)]", "$..[?(@.a > 1)]"])
def test_a_path_over_the_largest_payload_is_within_the_limit(path: str) -> None:
    document = [0] * 131_000

    assert run(start_at(("Select", {"Type": "Pass", "InputPath": path, "OutputPath": "$[0:1]"})), document).error in (
        None,
        "States.Runtime",
    )


def test_steps_that_are_counted_at_once() -> None:
    work = WorkBudget(1000)
    work.spend(100, "x")
    assert work.left == 900
    with pytest.raises(WorkLimitError, match="takes more than 100 steps of work"):
        work.spend(101, "x")
