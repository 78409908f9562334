"""AWS's dialect: what expressions give, held on the engine and the adapter together, whichever the engine is."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled, evaluate

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

DOCUMENT = {
    "n": 7,
    "nothing": None,
    "empty": [],
    "one": [1],
    "items": [{"sku": "a", "qty": 1}, {"sku": "b", "qty": 4}, {"sku": "c", "qty": 5}],
}

VALUES: dict[str, tuple[str, JSON]] = {
    # Undefined, null, sequences.
    "null is a value": ("$states.input.nothing", None),
    "null keeps its key": ("{'k': $states.input.nothing}", {"k": None}),
    "undefined leaves its key out": ("{'k': $states.input.absent}", {}),
    "undefined leaves its place in an array out": ("[1, $states.input.absent, 2]", [1, 2]),
    "exists is true of null": ("$exists($states.input.nothing)", True),
    "type of null": ("$type($states.input.nothing)", "null"),
    "a filter with one hit gives the item": ("$states.input.items[qty = 4]", {"sku": "b", "qty": 4}),
    "a filter with several hits gives an array": ("$states.input.items[qty > 3].sku", ["b", "c"]),
    "empty brackets keep a single item an array": ("$states.input.items[qty = 4].sku[]", ["b"]),
    "an array of one in a document stays": ("$states.input.one", [1]),
    "an empty array in a document stays": ("$states.input.empty", []),
    "an array of one in a variable stays": ("$one", [1]),
    "an array constructor splices an array value": ("$count([$states.input.items])", 3),
    "two array constructors keep it": ("[[$states.input.one]]", [[1]]),
    "a mapped single result with brackets": ("$map([1], function($v){$v})[]", [1]),
    "brackets around parentheses come too late": ("($map([1], function($v){$v}))[]", 1),
    "sort, reverse and ranges are always arrays": ("[[$sort([2])], [$reverse([3])], [4..4]]", [[2], [3], [4]]),
    "an index after a variable index": ("($x := [[1,2],[3,4]]; $i := 0; $x[$i][0])", [1, 2]),
    "keys of an empty object are undefined": ("$exists($keys({}))", False),
    "an empty sum, join and merge": ("[$sum([]), $join([]), $merge([])]", [0, "", {}]),
    "count of null": ("$count(null)", 1),
    "and, or convert as $boolean": ("[1 and $nope, 'x' or $nope]", [False, True]),
    # Numbers.
    "division by zero": ("[1/0, -1/0, 0/0, 5 % 0]", ["Infinity", "-Infinity", "NaN", "NaN"]),
    "overflow": ("1e308 * 10", "Infinity"),
    "an infinite value compares": ("[1/0 > 5, -1/0 < 5]", [True, True]),
    "calculating on with an infinite value": ("[1/0 - 1/0, 1/(1/0), 1/0 + 1]", ["NaN", 0, "Infinity"]),
    "an infinite value deep in a result": ("{'a': [{'b': 1/0}]}", {"a": [{"b": "Infinity"}]}),
    "infinite values among nulls": ("[null, 0/$zero]", [None, "NaN"]),
    "NaN differs from every number, itself included": (
        "[1/0, 0/0 = 0/0, 0/0 != 0/0, 0/0 < 1, 0/0 >= 1, 1 <= 0/0]",
        ["Infinity", False, True, False, False, False],
    ),
    "comparisons beside an infinite value": (
        "[1/0, 1/0 = 1/0, 'a' = 'b', $nope = 1, [1,2,3][$ >= 2], [1,2].($ > 1)]",
        ["Infinity", True, False, False, [2, 3], False, True],
    ),
    "an infinite sum": (
        "[$sum([1e308, 1e308]), $sum([1/0, -1/0]), $sum([1e308, 1e308]) > 1]",
        ["Infinity", "NaN", True],
    ),
    "sums beside an infinite value": ("[1/0, $sum([]), $sum($nope), $sum(1), $sum([0.5, 1])]", ["Infinity", 0, 1, 1.5]),
    "a sum of the expression's own": ("($sum := function($x){7}; [1/0, $sum(1)])", ["Infinity", 7]),
    "sums of groups": ("$map([[1e308, 1e308], [1, 2]], $sum)", ["Infinity", 3]),
    "parseInteger of text, passed on": ("$map(['a', '7'], $parseInteger(?, '0'))", ["NaN", 7]),
    "nulls beside a division": ("[null, 4/$two]", [None, 2]),
    "parseInteger of text": ("$parseInteger('abc', '0')", "NaN"),
    "an integer past a long is a double": ("10000000000000000000000001", 1e25),
    "whole results are integers": ("[4/2, 1.0 + 1, 1e3]", [2, 2, 1000]),
    "an integer past 2^53 has the shortest digits": ("123456789012345678 + 0", 123456789012345680),
    "an integer that is only passed on is exact": ("$states.context.Big", 9007199254740993),
    "no negative zero": ("-0", 0),
    "round is half even on the decimal text": ("[$round(2.675, 2), $round(25, -1), $round(0.5)]", [2.68, 20, 0]),
    # Numbers as text.
    "whole numbers below 1e21 in digits": ("$string(1e20)", "100000000000000000000"),
    "from 1e21 with an exponent": ("$string(1e21)", "1e+21"),
    "fractions are cut to 15 digits": ("$string(0.7 * 3)", "2.09999999999999"),
    "towards minus infinity": ("$string(-0.6666666666666666)", "-0.666666666666667"),
    "digits that end before the point": ("$string(1234567890123456.7)", "1.23456789012345e+15"),
    "small numbers": ("[$string(0.000001), $string(1e-7)]", ["0.000001", "1e-7"]),
    "a sum that looks exact": ("$string(0.1 + 0.2)", "0.3"),
    "a whole double": ("$string(1.0)", "1"),
    "the operator & writes numbers alike": ("'t=' & 0.7 * 3", "t=2.09999999999999"),
    "& of everything": (
        "'a' & null & $nope & true & [1, 2/3] & {'b': 'q'}",
        'anulltrue[1,0.666666666666666]{"b":"q"}',
    ),
    "& in a path": ("$states.input.items.(sku & '-' & qty)", ["a-1", "b-4", "c-5"]),
    "& of nothing is empty text": ("$nope & $nope", ""),
    "$string of null": ("$string(null)", "null"),
    "$string of text": ("$string('a\"b')", 'a"b'),
    "$string on the context item": ("[1, 2.5].$string()", ["1", "2.5"]),
    "$string handed over": ("$map([1, 2/3], $string)", ["1", "0.666666666666666"]),
    "$string in a chain": ("2/3 ~> $string", "0.666666666666666"),
    "$string called in a chain": ("{'a': 1} ~> $string(true)", '{\n  "a": 1\n}'),
    "$string prettified": (
        "$string({'a': [1, {}, []], 'b': {'c': null}}, true)",
        '{\n  "a": [\n    1,\n    {},\n    []\n  ],\n  "b": {\n    "c": null\n  }\n}',
    ),
    "escapes in $string": ("$string(['\\u0001\\n\\t/\\\\é'])", '["\x01\\n\\t/\\\\é"]'),
    "a $string of one's own": ("($string := function($x){'mine'}; $string(2/3))", "mine"),
    "formatNumber is half even on the decimal text": (
        "[$formatNumber(0.125, '0.00'), $formatNumber(2.675, '0.00')]",
        ["0.12", "2.68"],
    ),
    # AWS's functions.
    "partition": ("$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]),
    "partition keeps one batch nested": ("$partition([0], 1)", [[0]]),
    "partition cuts a fraction": ("$partition([1,2,3], 2.6)", [[1, 2], [3]]),
    "partition without a size": ("[$partition([1,2]), $partition([1,2], $nope)]", [[1, 2], [1, 2]]),
    "partition of nothing, by zero": ("[$partition([], 2), $partition([1], 0), $partition($nope, 1)]", []),
    "range": ("$range(0, 9, 3)", [0, 3, 6, 9]),
    "range downwards": ("$range(3, 1, -1)", [3, 2, 1]),
    "range truncates towards zero": ("$range(-1.5, 2.5, 1)", [-1, 0, 1, 2]),
    "range of one value is the value": ("$range(1, 9, 9)", 1),
    "range without a value": ("[$range(1,2), $range(1,2,0), $range(1,2,0.49), $range(3,1,1), $range(1,3,-1)]", []),
    "a long range": ("$count($range(1, 360145, 1))", 360145),
    "hash": ("$hash('é', 'MD5')", "66ddcd97cfdeabb2f6fb8a999b4bc76f"),
    "hash without an algorithm": ("$exists($hash('x'))", False),
    "random with a seed is Java's": ("[$random(42), $random(77)]", [0.7275636800328681, 0.7240700207191966]),
    "parse": ("$parse('{\"a\": [1, 2.5, null]}')", {"a": [1, 2.5, None]}),
    "parse of null": ("$parse('null')", None),
    "parse of space around": ("$parse(' [1] ')", [1]),
    "parse of single quotes": ("$parse(\"{'a': 'b'}\")", {"a": "b"}),
    "parse of an empty array": ("$parse('[]')", []),
    "parse of nothing": ("$exists($parse())", False),
    "parse handed over": ("$map(['1', '[2]'], $parse)", [1, [2]]),
    "no $eval": ("$exists($eval)", False),
    # Standard functions that differ.
    "decodeUrlComponent reads + as a space": ("$decodeUrlComponent('a+b%2Bc%20d')", "a b+c d"),
    "decodeUrlComponent of broken UTF-8": ("$decodeUrlComponent('%ff')", "\ufffd"),
    "decodeUrl of nothing": ("$exists($decodeUrl($states.input.none))", False),
    "base64decode of nothing": ("$exists($base64decode($states.input.none))", False),
    "base64decode without padding": ("$base64decode('YQ')", "a"),
    "base64 there and back": ("$base64decode($base64encode('é日'))", "é日"),
    "fromMillis drops fractions": ("$fromMillis(1.7)", "1970-01-01T00:00:00.001Z"),
    "fromMillis in utc": ("$fromMillis(0, '[Y] [H]', 'utc')", "1970 0"),
    "fromMillis in utc in a chain": ("0 ~> $fromMillis('[Y]', 'utc')", "1970"),
    "fromMillis elsewhere": ("$fromMillis(0, '[H]', '+0530')", "5"),
    "recursion through &": ("($f := function($n){$n = 0 ? '' : 'a' & $f($n - 1)}; $f(31))", "a" * 31),
    "fromMillis of text": ("$exists($fromMillis('x'))", False),
    "toMillis without an offset is UTC": ("$toMillis('2020-01-01T00:00:00')", 1577836800000),
    # Regular expressions, comments, names.
    "a regular expression": ("$contains('hello$world', /^hello\\$/)", True),
    "a regular expression with a slash in brackets": ("$match('a/b', /[\\/]/).match", "/"),
    "comments": ("/* a ?? b */ 1 /* '\"` */ + 1", 2),
    "a backquoted name": ("$lookups.`a ?? b`", 3),
    "a string that looks like an operator": ("'a ?? b ?: c' & '/'", "a ?? b ?: c/"),
    "a signature that looks like an operator": ("function($x)<n?:n>{$x}(3)", 3),
    "a conditional without an else": ("$exists(false ? 1)", False),
    "partial application": ("$map([1, 2], $power(?, 2))", [1, 4]),
    "a transform": ("{'a': 1} ~> |$|{'b': 2}, 'a'|", {"b": 2}),
    "grouping": ("$states.input.items{sku: qty}", {"a": 1, "b": 4, "c": 5}),
    "sorting": ("$states.input.items^(>qty).sku", ["c", "b", "a"]),
    "positions and joins": ("$states.input.items#$i.(sku & $i)", ["a0", "b1", "c2"]),
    "the parent": ("$states.input.items.sku.(%.qty)", [1, 4, 5]),
    "chains of functions": ("'  x ' ~> $trim ~> $uppercase", "X"),
    "composition": ("($f := $trim ~> $uppercase; $f(' x '))", "X"),
    "an assignment is its value": ("$variable := 1", 1),
    "tail recursion is not deep": ("($f := function($n){$n = 0 ? 'done' : $f($n - 1)}; $f(5000))", "done"),
}


@pytest.mark.parametrize("name", VALUES)
def test_an_expression_gives_what_aws_gives(name: str) -> None:
    text, expected = VALUES[name]
    variables = {"one": [1], "zero": 0, "two": 2, "lookups": {"a ?? b": 3}}
    scope = QueryScope(variables=variables, context={"Big": 9007199254740993})

    value = compiled(f"{{% {text} %}}").evaluate({"input": DOCUMENT}, scope)

    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        pytest.param("$sum", {"sum": 5}, 5, id="a variable named like a function of JSONata"),
        pytest.param("$type & $type", {"type": "t"}, "tt", id="one named like a function that the adapter uses"),
        pytest.param("$parse[0]", {"parse": [3]}, 3, id="one named like a function of AWS's"),
        pytest.param("$string & '!'", {"string": "s"}, "s!", id="one named like a function that is rewritten"),
        pytest.param("$random + $sum", {"random": 1, "sum": 2}, 3, id="two at once"),
        pytest.param("($x := 2; $x * $y)", {"x": 9, "y": 5}, 10, id="an assignment within the expression wins"),
        pytest.param("$größe", {"größe": 1}, 1, id="a name beyond ASCII"),
        pytest.param("$x.y.z", {"x": {"y": [{"z": 1}, {"z": 2}]}}, [1, 2], id="a path through arrays"),
        pytest.param("$x", {"x": None}, None, id="null"),
    ],
)
def test_workflow_variables(text: str, variables: dict[str, Any], expected: JSON) -> None:
    assert evaluate(text, None, **variables) == expected


def test_the_clock_is_the_virtual_one_and_stands_still() -> None:
    expected = ["2026-01-02T03:04:05.678Z", 1767323045678, True]

    assert evaluate("[$now(), $millis(), $now() = $fromMillis($millis())]") == expected


def test_randomness_is_the_executions() -> None:
    expression = compiled("{% [$random(), $uuid(), $shuffle([1..9])[0]] %}")

    once, again = (expression.evaluate({"input": None}, QueryScope()) for _ in range(2))

    assert once == again
    assert 0 <= once[0] < 1
    assert [len(part) for part in once[1].split("-")] == [8, 4, 4, 4, 12]
    assert once[1][14] == "4"


def test_each_call_draws_anew() -> None:
    assert evaluate("[$random() = $random(), $uuid() = $uuid()]") == [False, False]


def test_the_context_object_is_made_only_where_it_is_read() -> None:
    class WithoutContext(QueryScope):
        def context_object(self) -> JSON:
            raise AssertionError("not read")

    document = {"input": {"a": 1}}

    assert compiled("{% $states.input.a + 1 %}").evaluate(document, WithoutContext()) == 2
    with pytest.raises(AssertionError, match="not read"):
        compiled("{% $states.context.a %}").evaluate(document, WithoutContext())
    with pytest.raises(AssertionError, match="not read"):
        compiled("{% $keys($states) %}").evaluate(document, WithoutContext())
