"""Rewriting keeps the meaning of what it does not mean to change, whatever stands beside the rewritten part."""

from __future__ import annotations

from random import Random

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, cause_of, diagnosed, evaluate
from tests.fuzz.jsonata_programs import random_program

jlens = pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)

NO_FUNCTION = "threw an error during evaluation. T1006: Attempted to invoke a non-function"
NO_NUMBER = 'threw an error during evaluation. T2001: The left side of the "/" operator must evaluate to a number'
VALUES: dict[str, tuple[str, JSON]] = {
    "or before a bracket": ("false or($x)&'y'='1y'", True),
    "and before a bracket": ("true and($x)&'y'='z'", False),
    "in before a bracket": ("'1y' in($x)&'y'", True),
    "in before a square bracket": ("'1y' in[$x&'y']", True),
    "in before an array that is an operand": ("'ab' in['a']&'b'", False),
    "and after a call": ("$string(1)and true", True),
    "in after a call": ("$string(1.5)in['1.5']", True),
    "or after a passed function": ("$map([1.5],$string)or false", True),
    "arithmetic after a word": ("false or(1/0)*2", True),
    "arithmetic before a word": ("(1/0)in[1]", False),
    "a comment in the middle": ("$x & /* & */ 'a'", "1a"),
    "a division after $string": ("$exists($string)?$x/2:0", 0.5),
    "$string applied in part": ("$string(?)(2/3)", "0.666666666666666"),
    "$string applied in part, with the second parameter": ("$string(?, true)([1])", "[\n  1\n]"),
    "$string outside a function with a parameter of that name": (
        "[function($string){$string}(2), $string(2/3)]",
        [2, "0.666666666666666"],
    ),
    "$random outside a function with a parameter of that name": (
        "[function($random){$random}(2), $random(42)]",
        [2, 0.7275636800328681],
    ),
    "a variable named as one of this package's own": (
        "($__concatenate := 5; $__r := 6; $x & $__concatenate & $__r)",
        "156",
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_neighbours_are_read_as_before(name: str) -> None:
    text, value = VALUES[name]

    assert evaluate(text, x=1) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("$string / 2", 5), ("$string/2/5", 1), ("[$string / 2, 1 / 4]", [5, 0.25]), ("$string & 'a'", "10a")],
)
def test_a_variable_may_be_named_string(text: str, value: JSON) -> None:
    assert evaluate(text, string=10) == value


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "$string / 2",
            NO_NUMBER,
        ),
        ("$__string(5)", NO_FUNCTION),
        ("$x & $__string(5)", NO_FUNCTION),
        (
            "function($eval){1}(2) + $eval('1')",
            NO_FUNCTION,
        ),
    ],
)
def test_what_is_no_number_or_function_fails_as_on_aws(text: str, cause: str) -> None:
    assert cause_of(text, x=1) == cause


VARIABLES = {"x": 7, "xs": [1, 2, "c"], "o": {"k": "v"}}
STATES = {"input": {"a": "s", "items": [{"n": 1}, {"n": 2}]}}


@pytest.mark.parametrize("seed", range(20))
def test_random_programs_mean_what_they_mean_to_the_engine(seed: int) -> None:
    random = Random(seed)
    for _ in range(50):
        compare_with_engine(random_program(random))


def compare_with_engine(text: str) -> None:
    """Compare what a program gives with what the engine gives for the text as it is."""
    expression, found = diagnosed("{% " + text + " %}")
    if found:
        # Refused by AWS's own rules, or by the engine: not by the rewritten text, which no author would understand.
        with pytest.raises(jlens.JlensError):
            jlens.Expression(text)
        return
    try:
        value = expression.evaluate(STATES, QueryScope(variables=VARIABLES))
    except AslError as failure:
        value = str(failure.cause)
    assert value == engine_value(text) or (isinstance(value, str) and engine_code(text) in value), text


def engine_value(text: str) -> JSON:
    try:
        return jlens.Expression(text).evaluate(None, {"states": STATES, **VARIABLES})
    except jlens.JlensError:
        return None


def engine_code(text: str) -> str:
    """Return the code of the engine's error; without one, the words for a result that is no JSON."""
    try:
        jlens.Expression(text).evaluate(None, {"states": STATES, **VARIABLES})
    except jlens.JlensError as error:
        return str(error.code)
    return "returned"
