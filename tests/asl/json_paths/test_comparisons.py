"""Jayway 2.0.0's comparisons, each pair of kinds: a value that was found, and the one that the filter expects."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pytest_sfn_sync.asl.java.java_patterns import compile_pattern
from pytest_sfn_sync.asl.json_paths.comparisons import COMPARISONS, matches
from pytest_sfn_sync.asl.json_paths.path_faults import EvaluationFault

LIST: list[Any] = [1]
ORDERED = {"==", "!=", "<", "<=", ">", ">="}
LESS, EQUAL, GREATER = {"<", "<=", "!="}, {"==", "<=", ">="}, {">", ">=", "!="}
WITHOUT_ORDER: set[str] = set()


@pytest.mark.parametrize(
    ("found", "expected", "true"),
    [
        pytest.param(1, 2, LESS, id="numbers"),
        pytest.param(1, 1.0, EQUAL, id="an integer and a float"),
        pytest.param(0.1, "0.10", EQUAL, id="a decimal as it is written"),
        pytest.param(10**400, 1.5, GREATER, id="an integer too large for a float"),
        pytest.param(1e22, "1e22", EQUAL, id="an exponent"),
        pytest.param(5, "+5.", EQUAL, id="a sign and a point at the end"),
        pytest.param(1, "\u0661", EQUAL, id="a digit of another script, which Java's BigDecimal reads"),
        pytest.param("b", "a", GREATER, id="texts"),
        pytest.param("10", "9", LESS, id="texts are no numbers"),
        pytest.param("it's", "it\\'s", EQUAL, id="an escaped quote that is expected"),
        pytest.param("it\\'s", "it's", GREATER, id="an escaped quote that was found stays"),
        pytest.param("\U0001f600", "\uffff", LESS, id="by UTF-16 units"),
        pytest.param("\ud800", "\ud801", LESS, id="lone surrogates"),
        pytest.param("9", 9, WITHOUT_ORDER, id="a text where a number is expected"),
        pytest.param(True, "TRUE", EQUAL, id="a boolean and its text in any case"),
        pytest.param(True, "yes", GREATER, id="any other text is false"),
        pytest.param(False, True, LESS, id="booleans"),
        pytest.param(True, 1, WITHOUT_ORDER, id="a boolean is no number"),
        pytest.param(1, True, WITHOUT_ORDER, id="a number is no boolean"),
        pytest.param("true", True, WITHOUT_ORDER, id="a text where a boolean is expected"),
        pytest.param(None, None, EQUAL, id="nulls"),
        pytest.param("null", "null", EQUAL, id="the texts of null"),
        pytest.param(None, "null", {"=="}, id="null and its text are equal, but only one of them is null"),
        pytest.param("null", None, {"=="}, id="the text of null and null"),
        pytest.param(1, None, {"!="}, id="a value where null is expected"),
        pytest.param(None, 1, {"!="}, id="null where a value is expected"),
        pytest.param(1, "null", GREATER, id="a number is above the text of null"),
        pytest.param("null", "a", LESS, id="the text of null is below every other"),
        pytest.param(LIST, LIST, EQUAL, id="one and the same list"),
        pytest.param([1], LIST, WITHOUT_ORDER, id="equal lists"),
        pytest.param({}, "{}", WITHOUT_ORDER, id="an object and a text"),
        pytest.param(LIST, 1, WITHOUT_ORDER, id="a list and a number"),
    ],
)
def test_which_operators_are_true(found: Any, expected: Any, true: set[str]) -> None:
    assert {operator for operator in ORDERED if COMPARISONS[operator](found, expected)} == true


@pytest.mark.parametrize("operator", sorted(ORDERED))
@pytest.mark.parametrize("text", ["paid", "", " 1", "1e", "0x10", "1_000", "NaN", "1e9999999999"], ids=ascii)
def test_a_number_can_not_be_compared_with_a_text_that_is_none(operator: str, text: str) -> None:
    with pytest.raises(EvaluationFault, match=r"^java\.lang\.NumberFormatException$"):
        COMPARISONS[operator](1, text)


@pytest.mark.parametrize(
    ("found", "is_matched"),
    [
        pytest.param("ab1", True, id="the whole text"),
        pytest.param("ab12", False, id="a part of it"),
        pytest.param(None, False, id="null"),
        pytest.param(True, False, id="a boolean"),
    ],
)
def test_a_pattern(found: Any, is_matched: bool) -> None:
    assert matches(found, compile_pattern("[a-z]+[0-9]", ignores_case=False), lambda steps: None) is is_matched


@pytest.mark.parametrize("pattern", ["a", None, 1], ids=repr)
def test_what_is_no_pattern_is_refused(pattern: Any) -> None:
    with pytest.raises(EvaluationFault, match=r"^java\.lang\.ClassCastException$"):
        matches("a", pattern, lambda steps: None)


def test_a_pattern_has_no_order() -> None:
    pattern = re.compile("a")
    assert not any(COMPARISONS[operator]("a", pattern) for operator in ORDERED)
