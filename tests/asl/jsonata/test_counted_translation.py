"""Expressions that count the lengths of what one step of the engine goes through, where a part is repeated."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import QueryEvaluationError, queries
from pytest_sfn_sync.asl.jsonata.counted_translation import CountedTranslation, Lengths, may_take_long
from pytest_sfn_sync.asl.jsonata.expression_faults import StepsExceeded
from pytest_sfn_sync.asl.jsonata.syntax import parse
from pytest_sfn_sync.asl.work_budget import WorkBudget, WorkLimitError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)


@pytest.fixture
def without_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let steps alone end an expression: a busy machine may take longer than the last net allows."""
    from pytest_sfn_sync.asl.jsonata import engine

    for module in (queries, engine):
        monkeypatch.setattr(module, "SECONDS_OF_AN_EXPRESSION", 600.0)


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        pytest.param("$count($x[0]) + y", "$count($x[0]) + y", id="nothing where no step goes through a value"),
        pytest.param("$sum($x)", "$sum( $__items($x) )", id="the argument of a function that is called once"),
        pytest.param("$x[$ in $y]", "$x[$ in  $__items($y) ]", id="the list of in, in a predicate"),
        pytest.param("$x[$ in 'a']", "$x[$ in 'a']", id="not a literal"),
        pytest.param("$x.($sum(y))", "$x.($sum( $__items(y) ))", id="the argument of a function, in a step of a path"),
        pytest.param("$x{a: $max(b)}", " $__sorted($x) {a: $max( $__items(b) )}", id="the argument in a grouping"),
        pytest.param(
            "function($v){$v ~> $split(',')}",
            "function($v){ $__pieces($v)  ~> $split(',')}",
            id="the left of a chain",
        ),
        pytest.param(
            "function($v){$append($v, $w)}",
            "function($v){$append( $__appended($v) , $__appended($w) )}",
            id="both arguments of append",
        ),
        pytest.param(
            "function($v){$lookup($v, $w)}",
            "function($v){$lookup( $__heavyItems($v) ,$w)}",
            id="the first argument of other functions",
        ),
        pytest.param("function($v){$sort($v, f)}", "function($v){$sort( $__sorted($v) ,f)}", id="what is sorted"),
        pytest.param("$x.$keys($)", "$x.$keys( $__members($) )", id="the members of objects"),
        pytest.param(
            "$x.$pad('a', y)", "$x. $__heavyText($pad('a', y)) ", id="the result of a function that makes a long text"
        ),
        pytest.param("$x.$fromMillis(y)", "$x. $__called($fromMillis(y)) ", id="a call that always takes long"),
        pytest.param("$x^(y)", " $__sorted($x) ^(y)", id="what is sorted by terms"),
        pytest.param("$x.y{z: 1}", " $__sorted($x.y) {z: 1}", id="what is grouped"),
        pytest.param("$x#$i^($i)", "$x#$i^($i)", id="not a path with positions"),
        pytest.param("$x ~> |y|{}|", " $__cloned($x)  ~> |y|{}|", id="what is transformed"),
        pytest.param("[$x, y.z, 1]", "[ $__copied($x) ,  $__copied(y.z) , 1]", id="what an array copies"),
        pytest.param("$x.[1..y]", "$x.[ $__low(1) .. $__high(y) ]", id="the bounds of a range"),
        pytest.param("$x.[1..9, [5], []]", "$x.[1..9, [5], []]", id="not the bounds of a short range"),
        pytest.param("$x.[1,/* .. */2]", "$x.[1,/* .. */2]", id="not the items of other arrays"),
        pytest.param("$x.**.*", "$x.( $__descendants(**) ).( $__descendants(*) )", id="descendants and members"),
        pytest.param("$x ~> $reduce($append)", "$x ~> $reduce($__counted_append)", id="a function that is passed on"),
        pytest.param("$map($x, $sort)", "$map($x,$sort)", id="not one with an optional parameter"),
        pytest.param("$x.(y ~> $f(1))", "$x.(y ~> $f(1))", id="not the left of a chain to one of the author's own"),
        pytest.param("$map($x, $f)", "$map($x,$f)", id="not one of the author's own"),
        pytest.param(
            "($sum := 1; $x.($sum($y)))", "($sum := 1; $x.($sum($y)))", id="not a name that the expression binds"
        ),
        pytest.param(
            "$x.$string(y)", '$x.($__v:=y; $__string({"v":$__v}) )', id="the text functions are rewritten as before"
        ),
    ],
)
def test_what_is_rewritten(text: str, rewritten: str) -> None:
    assert CountedTranslation(text, prefix="__").rewritten(parse(text)) == rewritten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("$x.$sort($)", True, id="a function that takes long, in a step of a path"),
        pytest.param("$map($x, function($v){$merge($v)})", True, id="one in a function"),
        pytest.param("$x.**", True, id="descendants"),
        pytest.param("$x.(y^(z))", True, id="a sort by terms in a step of a path"),
        pytest.param("$x[$sum($) = 1]", False, id="a function that takes little for each item"),
        pytest.param("$sort($x)", False, id="a function that is called once"),
        pytest.param("($a := $merge($x); 1)", False, id="one in a block"),
        pytest.param(f"({'$a := $sort($x);' * 5} 1)", False, id="five"),
        pytest.param(f"({'$a := $sort($x);' * 6} 1)", True, id="six"),
        pytest.param("[1..$b]", False, id="a range"),
        pytest.param("$sum([1..$b])", True, id="a range that a function goes through"),
        pytest.param("$reverse($pad($a, 9))", True, id="a long text that a function goes through"),
        pytest.param("$x.(y & 'a')", True, id="a text that is made again and again"),
        pytest.param("$x & $string(y)", False, id="a text that is made once"),
        pytest.param("[[$a], [$b]]", False, id="arrays without a range"),
    ],
)
def test_what_may_take_long_in_few_steps(text: str, expected: bool) -> None:
    assert may_take_long(parse(text), text) is expected


def value_of(text: str, items: int, work: WorkBudget) -> JSON:
    document = {
        "input": {"a": list(range(items)), "t": "x," * items, "o": {f"k{index}": index for index in range(items)}}
    }
    return compiled(f"{{% {text} %}}").evaluate(document, QueryScope(work=work))


@pytest.mark.parametrize(
    "text",
    [
        "[1..3000][$ in [1..100000]]",
        "$map([1..3000], function($v){$sum($states.input.a)})",
        "$map([1..3000], function($v){$count($sort($states.input.a))})",
        "$map([1..3000], function($v){$count($split($states.input.t, ','))})",
        "$map([1..3000], function($v){$length($pad('a', 100000))})",
        "$map([1..3000], function($v){$count($range(1, 20000, 1))})",
        "$map([1..3000], function($v){$count($keys($states.input.o))})",
        "$map([1..3000], function($v){$v & $states.input.t})",
        "$reduce([1..6000], $append)",
        "[1..3000].($states.input.**)",
        f"($a := [1..30000]; {'$sort($a);' * 100} 1)",
        f"($a := 1; {'$a := $append([1..100000], 1);' * 300} 1)",
    ],
)
@pytest.mark.usefixtures("without_net")
def test_a_repeated_step_that_goes_through_a_large_value_is_counted_by_its_length(text: str) -> None:
    # Without the lengths each of them takes fewer steps.
    with pytest.raises(WorkLimitError, match="takes more than 100,000 steps of work"):
        value_of(text, 20_000, WorkBudget(1_000_000))


@pytest.mark.usefixtures("without_net")
def test_the_limit_of_aws_ends_an_expression_with_a_long_range_in_a_predicate() -> None:
    with pytest.raises(QueryEvaluationError, match="Expression evaluation timeout"):
        value_of("[1..100000][$ in [1..100000]]", 0, WorkBudget())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$count([1..3000][$ in [1..500]])", 500),
        ("$sum([1..300].$sum($states.input.a))", 300 * 190),
        ("$sum([1..3000].([$..$ + 1] ~> $sum()))", sum(2 * item + 1 for item in range(1, 3001))),
        ("$count([1..3000].[$undefined..5])", 3000),
        ("$reduce([1..900], $append) ~> $count()", 900),
        ("$count($map([1..3000], $string))", 3000),
        ("$count([1..2000].($states.input.o.*))", 40_000),
        ("$max($map([1..2000], $max))", 2000),
    ],
)
def test_a_value_is_the_same_with_the_counting(text: str, expected: JSON) -> None:
    assert value_of(text, 20, WorkBudget()) == expected


def test_the_steps_of_an_attempt_end_with_the_lengths() -> None:
    lengths = Lengths()
    functions = lengths.functions("__")
    lengths.begin(500)
    functions["__pushLow"](1)
    functions["__spendRange"](1001)
    functions["__spend"](40)

    assert lengths.left == 60
    assert lengths.counted(lambda arguments: None)({}) is None
    assert lengths.counted(lambda arguments: "x" * 40)({}) == "x" * 40
    assert lengths.left == 60 - 20 - 20 - 10
    with pytest.raises(StepsExceeded):
        functions["__spend"](10.5)


def test_a_container_that_becomes_text_counts_more_than_text() -> None:
    lengths = Lengths()
    lengths.begin(100)
    lengths.counted(lambda arguments: "[1,2]")({"v": [1, 2]})

    assert lengths.left == 100 - 20 - 10


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$count([1..300].($sort($l)))", id="sort"),
        pytest.param("$count([1..300].($l^($)))", id="a sort by terms"),
        pytest.param("$count([1..300].($distinct($l)))", id="distinct"),
        pytest.param("$count([1..300].($reverse($l)))", id="reverse"),
        pytest.param("$count([1..300].($shuffle($l)))", id="shuffle"),
        pytest.param("$count([1..300].($zip($l, $l)))", id="zip"),
        pytest.param("$count([1..300].($append($l, $l)))", id="append"),
        pytest.param("$count([1..300].($partition($l, 2)))", id="partition"),
        pytest.param("$count([1..300].($string($l)))", id="string"),
        pytest.param("$count([1..300].([$l, $l]))", id="arrays of arrays"),
        pytest.param("$count([1..300].([1..300000]))", id="ranges"),
        pytest.param("$count([1..300].($range(1, 300000, 1)))", id="the function range"),
        pytest.param("$count([1..300].($l{$string($): 1}))", id="groups"),
        pytest.param("$count([1..300].($clone($l)))", id="clone"),
        pytest.param("$count([1..300].($split($t, '')))", id="split"),
        pytest.param("$count([1..300].($parse($string($l))))", id="parse"),
        pytest.param("$count($l.$formatNumber($, '0'))", id="formatNumber of many"),
        pytest.param("$count([1..300].($map($l, $string)))", id="string of many"),
        pytest.param("$count([1..300].($keys($merge($l.{$string($): 1}))))", id="keys and merge"),
        pytest.param("$count([1..300].([{'a': $l}] ~> |$|{'b': 1}|))", id="a transform"),
        pytest.param("(" + "$sort($l);" * 40 + "1)", id="many functions of which none is repeated"),
    ],
)
@pytest.mark.usefixtures("without_net")
def test_functions_over_large_values_end_by_what_they_go_through(text: str) -> None:
    # Each took seconds, or more than a gigabyte, within the few steps of a first attempt.
    program = f"($l := [1..300000]; $t := $pad('1', 300000, '1'); {text})"

    with pytest.raises((QueryEvaluationError, WorkLimitError), match=r"timeout|more than 2,000,000 steps"):
        value_of(program, 0, WorkBudget(20_000_000))


def test_a_recursion_that_counts_is_as_deep_as_on_aws() -> None:
    # The counting nests deeper, so the expression runs again without it.
    text = "($f := function($n){$n = 0 ? $count($sort([1])) : 1 + $f($n - 1)}; $f(%d))"

    assert value_of(text % 20, 0, WorkBudget()) == 21
    with pytest.raises(QueryEvaluationError, match="Stack overflow"):
        value_of(text % 60, 0, WorkBudget())
    with pytest.raises(QueryEvaluationError, match="Stack overflow"):
        value_of(text % 40, 0, WorkBudget())


def test_what_is_drawn_is_the_same_after_the_counting() -> None:
    text = "($f := function($v){$sort($v)}; [$map([1..90], $f), $random()][90])"

    assert value_of(text, 0, WorkBudget()) == value_of("$random()", 0, WorkBudget())
