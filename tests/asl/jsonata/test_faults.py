"""How expressions fail: AWS's causes, word for word, and that nothing runs for ever."""

from __future__ import annotations

import re

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import QueryEvaluationError, compile_expression
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, cause_of, compiled, evaluate

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

UNDEFINED = "returned nothing (undefined)."
UNSUPPORTED = "returned an unsupported result type."
MEMORY = (
    "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage"
)
STACK = (
    "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function.  Consider"
    " rewriting as tail-recursive. Depth=101 max=100"
)
TIME = "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop"


def coded(text: str) -> str:
    return f"threw an error during evaluation. {text}"


def mismatch(function: str, argument: int) -> str:
    return coded(f'T0410: Argument {argument} of function "{function}" does not match function signature')


RANGE_OF_NAN = coded("D1001: Number out of range: NaN")
CAUSES = {
    "an unset variable": ("$nope", UNDEFINED),
    "a missing member": ("$states.input.a.b", UNDEFINED),
    "max of nothing": ("$max([])", UNDEFINED),
    "a function": ("function($x){$x}", UNSUPPORTED),
    "an assigned function": ("$fn := function($x){$x}", UNSUPPORTED),
    "a function of JSONata": ("$sum", UNSUPPORTED),
    "a regular expression": ("/ab/", UNSUPPORTED),
    "a function in an array": ("[function(){1}]", UNSUPPORTED),
    "a function deep in an object": ("{'a': [{'b': $sum}]}", UNSUPPORTED),
    "a variable that holds a function, in an object": ("($f := /a/; {'f': $f})", UNSUPPORTED),
    "a name that no function has": ("$f(3)", coded("T1006: Attempted to invoke a non-function")),
    "$eval": ("$eval('1')", coded("T1006: Attempted to invoke a non-function")),
    "text plus a number": ("'a' + 1", coded('T2001: The left side of the "+" operator must evaluate to a number')),
    "infinity plus text": ("1/0 + 'a'", coded('T2002: The right side of the "+" operator must evaluate to a number')),
    "null times infinity": (
        "null * (1/0)",
        coded('T2001: The left side of the "*" operator must evaluate to a number'),
    ),
    "sum of text": (
        "$sum([1, 'a'])",
        coded('T0412: Argument 1 of function "sum" must be an array of "numbers"'),
    ),
    "a negative square root": (
        "$sqrt(-1)",
        coded("D3060: The sqrt function cannot be applied to a negative number: -1"),
    ),
    "a base past 36": (
        "$formatBase(10, 37)",
        coded("D3100: The radix of the formatBase function must be between 2 and 36.  It was given 37"),
    ),
    "$error": ("$error('no 1.0')", coded("D3137: no 1.0")),
    "$string with a number": ("$string(1, 2)", mismatch("string", 2)),
    "$string with three arguments": ("$string(1, true, 3)", mismatch("string", 3)),
    "$string of infinity": (
        "$string(1/0)",
        coded("D3001: Attempting to invoke string function on Infinity or NaN"),
    ),
    "partition of an object": (
        "$partition({}, 2)",
        coded('T0412: Argument 1 of function "partition" must be an array of undefined'),
    ),
    "partition by less than zero": ("$partition([1], -1)", coded("D3137: Second argument must be zero or greater")),
    "partition by text": ("$partition([1], 'a')", mismatch("partition", 2)),
    "partition by null": ("$partition([1], null)", mismatch("partition", 2)),
    "partition with too much": ("$partition([1], 2, 3)", mismatch("partition", 3)),
    "range of text": ("$range(1, 'a', 1)", mismatch("range", 2)),
    "range with too much": ("$range(1, 2, 3, 4)", mismatch("range", 4)),
    "a range too long": ("$count($range(1, 360146, 1))", MEMORY),
    "hash of a number": ("$hash(123, 'MD5')", mismatch("hash", 1)),
    "hash of null": ("$hash(null, 'MD5')", mismatch("hash", 1)),
    "hash of nothing": ("$hash()", mismatch("hash", 1)),
    "an unknown algorithm": (
        "$hash('x', 'sha-256')",
        coded("D3137: Hash algorithm 'sha-256' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"),
    ),
    "random of null": ("$random(null)", mismatch("random", 1)),
    "uuid of something": ("$uuid('x')", mismatch("uuid", 1)),
    "parse of null": ("$parse(null)", mismatch("parse", 1)),
    "parse of two": ("$parse('1', '2')", mismatch("parse", 2)),
    "parse of no JSON": ("$parse('{bad}')", coded("D3137: Invalid JSON")),
    "parse of empty text": ("$parse('')", coded("D3137: Invalid JSON")),
    "parse of NaN": ("$parse('NaN')", coded("D3137: Invalid JSON")),
    "parse past a double": ("$parse('1e400')", coded("D3137: Invalid JSON")),
    "parse of a repeated key": ('$parse(\'{"a":1,"a":1}\')', coded("D3137: Invalid JSON")),
    "a broken URL": (
        "$decodeUrlComponent('%zz')",
        coded('D3140: Malformed URL passed to $decodeUrlComponent(): "%zz"'),
    ),
    "deep recursion": ("($f := function($n){1 + $f($n)}; $f(1))", STACK),
    "101 terms": ("+".join(["1"] * 101), STACK),
    "100 parentheses": ("(" * 100 + "1" + ")" * 100, STACK),
    "an endless loop": ("($f := function($n){$f($n)}; $f(1))", TIME),
    "an array too long": ("[1..873783] ~> $count()", MEMORY),
    "text that doubles for ever": ("($f := function($n){$n & $n ~> $f}; $f('aaaa'))", MEMORY),
    "a date past a double, with a picture": ("$toMillis('9999999999', '[Y]')", RANGE_OF_NAN),
    "such a date in an array": ("[$toMillis('9999999999', '[Y]')]", RANGE_OF_NAN),
    "such a date in a function that is passed on": ("$map(['9999999999'], $toMillis(?, '[Y]'))", RANGE_OF_NAN),
    "such a date in a function of another name": ("($f := $toMillis; [$f('9999999999', '[Y]')])", RANGE_OF_NAN),
    "such a date in a chain": ("['9999999999' ~> $toMillis('[Y]')]", RANGE_OF_NAN),
    "a hexadecimal number past a double": ("$number('0x' & $pad('f', 400, 'f'))", RANGE_OF_NAN),
    "a square root of infinity": ("$sqrt(1/0)", coded("D1001: Number out of range: Infinity")),
    "digits of infinity": ("$formatNumber(1/0, '0')", coded("D1001: Number out of range: Infinity")),
    "a square root of null beside infinity": ("[1/0, $sqrt(null)]", mismatch("sqrt", 1)),
    "padding without end": ("$pad('a', 7000000)", MEMORY),
}


@pytest.mark.parametrize("name", CAUSES)
def test_a_failing_expression_is_told_as_aws_tells_it(name: str) -> None:
    text, cause = CAUSES[name]

    assert cause_of(text, {"a": {}}) == cause


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("+".join(["1"] * 100), 100, id="100 terms"),
        pytest.param("(" * 99 + "1" + ")" * 99, 1, id="99 parentheses"),
        pytest.param("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(31))", 31, id="recursion 31 deep"),
        pytest.param("[1..873782] ~> $count()", 873782, id="the longest array"),
    ],
)
def test_just_within_the_limits(text: str, value: JSON) -> None:
    assert evaluate(text) == value


HUGE = {"of 400 digits": 10**400, "of 5,000 digits": 10**5000, "negative": -(10**400)}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize(
    "text", ["$sum([$states.input, 1])", "$states.input * 2", "$power($states.input, 2)", "[$states.input].($ % 3)"]
)
def test_integers_past_a_double_fail_in_jsonatas_words(name: str, text: str) -> None:
    assert cause_of(text, HUGE[name]) == coded("D1001: Number out of range: Infinity")


def nested(depth: int) -> JSON:
    value: JSON = "a"
    for _ in range(depth):
        value = [{"b": value}]
    return value


def test_deep_documents_are_written_and_searched() -> None:
    document = nested(450)

    assert evaluate("$string($states.input)", document) == '[{"b":' * 450 + '"a"' + "}]" * 450
    assert evaluate("[$states.input, 1/0]", document) == [*document, "Infinity"]


@pytest.mark.parametrize("text", ["$string($states.input)", "{'a': $states.input}", "[$states.input, 1/0]"])
def test_documents_deeper_than_the_engine_reads_fail(text: str) -> None:
    assert cause_of(text, nested(50_000)) == MEMORY


@pytest.mark.parametrize("text", [pytest.param("!!!", id="no Base64"), pytest.param("A", id="Base64 that was cut off")])
def test_an_internal_error_has_an_identifier(text: str) -> None:
    cause = cause_of(f"$base64decode('{text}')")

    assert re.fullmatch(r"threw an internal error during evaluation\. [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", cause)


@pytest.mark.parametrize(
    ("value", "location"),
    [
        pytest.param("{% $x %}", "Arguments", id="the whole field"),
        pytest.param({"FunctionName": "{% $x %}"}, "Arguments/FunctionName", id="a member"),
        pytest.param({"a": {"b": ["{% $x %}"]}}, "Arguments/a/b[0]", id="an item of an array in it"),
        pytest.param([["{% 1 %}", "{% $x %}"]], "Arguments[0][1]", id="an item of nested arrays"),
    ],
)
def test_the_error_names_the_field(value: JSON, location: str) -> None:
    with pytest.raises(QueryEvaluationError) as failure:
        compiled(value, field="Arguments").evaluate({"input": None}, QueryScope())

    assert failure.value.location == location
    assert failure.value.cause == (
        f"The JSONata expression '$x' specified for the field '{location}' returned nothing (undefined)."
    )
    assert not failure.value.located


def test_a_single_expression_names_its_field_too() -> None:
    expression = compile_expression("$x + 1", field_location="Choices[1]/Condition")

    with pytest.raises(QueryEvaluationError, match=re.escape("for the field 'Choices[1]/Condition' returned nothing")):
        expression.evaluate({"input": None}, QueryScope())


@pytest.mark.parametrize("depth", [900, 997, 998, 999])
def test_text_that_nests_as_deep_as_the_engine_reads_fails_in_the_run(depth: int) -> None:
    assert cause_of("[" * depth + "]" * depth) == STACK
