from __future__ import annotations

import itertools
import json
import math
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfn_sync.asl.choice import ChoiceTest, compile_choice_rule
from pytest_sfn_sync.asl.choice.operators import (
    COMPARISONS,
    OPERATOR_FIELDS,
    TYPE_TESTS,
    pattern_pieces,
    read_as_double,
)
from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.location import Location
from tests.asl.static_scope import StaticScope

MEASURED = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "measured.json"
LOCATION = Location("/States/C/Choices[0]")
RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}


def compiled(rule: JSON) -> ChoiceTest:
    diagnostics = Diagnostics()
    test = compile_choice_rule(rule, location=LOCATION, diagnostics=diagnostics, nested=False)
    assert diagnostics.found == []
    return test


def holds(rule: JSON, document: JSON, **scope: Any) -> bool:
    return compiled(rule)(document, StaticScope(**scope))


def faults(rule: JSON) -> list[tuple[str, str | None]]:
    diagnostics = Diagnostics()
    compile_choice_rule(rule, location=LOCATION, diagnostics=diagnostics, nested=False)
    return [(fault.message, fault.location) for fault in diagnostics.found]


@pytest.mark.parametrize(
    ("operator", "value", "operand", "expected"),
    [
        ("StringEquals", "", "", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", " ", "     ", False),
        ("StringEquals", "\t\n", "\t\r\n", False),
        ("StringLessThan", "AB", "ABC", True),
        ("StringLessThan", "A", "A ", True),
        ("StringLessThan", "a", "B", False),
        ("StringGreaterThan", "b", "a", True),
        ("StringLessThanEquals", "a", "a", True),
        ("StringGreaterThanEquals", "a", "b", False),
        # UTF-16 code units: the surrogates of an emoji come before U+FF5E.
        ("StringLessThan", "😀", "\uff5e", True),
        ("NumericEquals", 0, 0.0, True),
        ("NumericEquals", 1.0, 1, True),
        ("NumericEquals", 2.22, 2.22, True),
        ("NumericEquals", 9007199254740993, 9007199254740992, False),
        ("NumericLessThan", -1, 0, True),
        ("NumericGreaterThan", 1.5, 1, True),
        ("NumericLessThanEquals", 2, 1, False),
        ("NumericGreaterThanEquals", 2, 2.0, True),
        ("BooleanEquals", True, True, True),
        ("BooleanEquals", False, True, False),
        ("TimestampEquals", "2025-01-01T12:00:00Z", "2025-01-01T12:00:00.000Z", True),
        ("TimestampEquals", "2012-10-09T20:00:55+01:00", "2012-10-09T19:00:55Z", True),
        ("TimestampLessThan", "2012-10-09T19:00:55+01:00", "2012-10-09T19:00:55Z", True),
        ("TimestampGreaterThan", "2012-10-09T19:00:56Z", "2012-10-09T19:00:55Z", True),
        ("TimestampGreaterThan", "2012-10-09T19:00:55.000000001Z", "2012-10-09T19:00:55Z", True),
        ("TimestampLessThanEquals", "2012-10-09T19:00:56Z", "2012-10-09T19:00:55Z", False),
        ("TimestampGreaterThanEquals", "2012-10-09T19:00:55Z", "2012-10-09T19:00:55Z", True),
    ],
)
def test_comparisons(operator: str, value: JSON, operand: JSON, expected: bool) -> None:
    assert holds({"Variable": "$.v", operator: operand, "Next": "N"}, {"v": value}) is expected
    assert holds({"Variable": "$.v", f"{operator}Path": "$.o", "Next": "N"}, {"v": value, "o": operand}) is expected


SAMPLES: list[tuple[str, JSON]] = [
    ("null", None),
    ("boolean", True),
    ("number", 1),
    ("float", 1.5),
    ("string", "x"),
    ("empty string", ""),
    ("timestamp", "2012-10-09T19:00:55Z"),
    ("date only", "2025-01-01"),
    ("array", []),
    ("object", {}),
]
OPERANDS: dict[str, JSON] = {"String": "x", "Numeric": 1, "Boolean": True, "Timestamp": "2012-10-09T19:00:55Z"}
OF_TYPE = {
    "String": {"string", "empty string", "timestamp", "date only"},
    "Numeric": {"number", "float"},
    "Boolean": {"boolean"},
    "Timestamp": {"timestamp"},
}
IS_TYPE = {
    "IsNull": {"null"},
    "IsNumeric": {"number", "float"},
    "IsString": {"string", "empty string", "timestamp", "date only"},
    "IsBoolean": {"boolean"},
    "IsTimestamp": {"timestamp"},
    "IsPresent": {name for name, _ in SAMPLES},
}


@pytest.mark.parametrize(("comparison", "sample"), list(itertools.product(COMPARISONS, SAMPLES)), ids=str)
def test_a_value_of_another_type_never_matches(comparison: str, sample: tuple[str, JSON]) -> None:
    kind, value = sample
    family = next(name for name in OPERANDS if comparison.startswith(name))
    if kind not in OF_TYPE[family]:
        operand = OPERANDS[family]
        assert not holds({"Variable": "$.v", comparison: operand, "Next": "N"}, {"v": value})
        path_rule = {"Variable": "$.v", f"{comparison}Path": "$.o", "Next": "N"}
        assert not holds(path_rule, {"v": value, "o": operand})
        if family != "Numeric":  # there the operand is read as a number, whatever it is
            assert not holds(path_rule, {"v": operand, "o": value})


@pytest.mark.parametrize(
    ("operand", "number"),
    [
        pytest.param([6], 0, id="an array is 0"),
        pytest.param({"value": 7}, 0, id="an object is 0"),
        pytest.param(False, 0, id="false is 0"),
        pytest.param(True, 1, id="true is 1"),
        pytest.param(None, 0, id="null is 0"),
        pytest.param("7", 7, id="text that is a whole number"),
        pytest.param(" -2.5e1\n", -25, id="text of a number with blanks around it"),
        pytest.param(".5", 0.5, id="a number without a digit before the point"),
        pytest.param("3.", 3, id="a number without a digit after the point"),
        pytest.param("8d", 8, id="Java's mark of a double"),
        pytest.param("1e400", math.inf, id="a number beyond all doubles"),
        pytest.param("-Infinity", -math.inf, id="Java's name of infinity"),
        pytest.param("infinity", 0, id="a name that Java does not read"),
        pytest.param("1_000", 0, id="a number as Python writes it"),
        pytest.param("\u0663", 0, id="digits that Java's reader does not take"),
        pytest.param("7 apples", 0, id="other text"),
        pytest.param("", 0, id="no text"),
        pytest.param(2.5, 2.5, id="a number is itself"),
    ],
)
def test_the_operand_of_a_numeric_path_is_read_as_a_number(operand: JSON, number: float) -> None:
    assert read_as_double(operand) == number
    for variable in (number - 1, number, number + 1):
        if math.isfinite(number):
            document = {"v": variable, "o": operand}
            for name, relation in RELATIONS.items():
                rule = {"Variable": "$.v", f"Numeric{name}Path": "$.o", "Next": "N"}
                assert holds(rule, document) is relation(variable, number), name


def test_a_numeric_path_compared_with_what_is_no_number() -> None:
    rule = {"Variable": "$.v", "NumericLessThanEqualsPath": "$.o", "Next": "N"}
    assert read_as_double("NaN") != read_as_double("NaN")
    assert not holds(rule, {"v": 1, "o": "NaN"})
    assert not holds(rule, {"v": False, "o": 5})  # the variable must be a number


@pytest.mark.parametrize(("operator", "sample"), list(itertools.product(IS_TYPE, SAMPLES)), ids=str)
def test_type_operators(operator: str, sample: tuple[str, JSON]) -> None:
    kind, value = sample
    expected = kind in IS_TYPE[operator]
    assert holds({"Variable": "$.v", operator: True, "Next": "N"}, {"v": value}) is expected
    assert holds({"Variable": "$.v", operator: False, "Next": "N"}, {"v": value}) is not expected


def test_is_present_asks_without_failing() -> None:
    assert not holds({"Variable": "$.missing", "IsPresent": True, "Next": "N"}, {})
    assert holds({"Variable": "$.missing.deep", "IsPresent": False, "Next": "N"}, {"missing": 1})
    assert holds({"Variable": "$unassigned", "IsPresent": False, "Next": "N"}, {})


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("log-*.txt", "log-2019.txt", True),
        ("log-*.txt", "log-.txt", True),
        ("log-*.txt", "log-2019.TXT", False),
        ("log-*.txt", "xlog-2019.txt", False),
        ("*", "", True),
        ("**", "anything", True),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("ab*ba", "aba", False),
        ("*middle*", "in the middle of", True),
        ("line*end", "line\n\nend", True),
        ("exact", "exact", True),
        ("exact", "inexact", False),
        (r"file\*name.txt", "file*name.txt", True),
        (r"file\*name.txt", "file-name.txt", False),
        (r"c:\\*", "c:\\dir", True),
        ("a.c", "abc", False),
        ("1*", 1, False),
        ("*", None, False),
        ("x", None, False),
    ],
)
def test_string_matches(pattern: str, text: JSON, expected: bool) -> None:
    assert holds({"Variable": "$.v", "StringMatches": pattern, "Next": "N"}, {"v": text}) is expected


def test_a_pattern_with_a_lone_backslash_fails_the_run() -> None:
    test = compiled({"Variable": "$", "StringMatches": "a\\b", "Next": "N"})
    with pytest.raises(AslError) as raised:
        test("a", StaticScope())
    assert raised.value.cause == "Invalid pattern 'a\\b' in StringMatches: '\\' must be followed by '*' or '\\'"
    assert pattern_pieces("open\\") is None


@given(st.lists(st.text(alphabet="ab*\\"), min_size=1, max_size=4), st.text(alphabet="ab*\\", max_size=4))
def test_a_pattern_matches_what_it_was_made_of(pieces: list[str], filling: str) -> None:
    pattern = "*".join(piece.replace("\\", "\\\\").replace("*", "\\*") for piece in pieces)
    assert holds({"Variable": "$", "StringMatches": pattern, "Next": "N"}, filling.join(pieces))


EVERY_TEST = [
    *((name, OPERANDS[next(family for family in OPERANDS if name.startswith(family))]) for name in COMPARISONS),
    *((name, True) for name in TYPE_TESTS),
    ("StringMatches", "*"),
]


@pytest.mark.parametrize(("operator", "operand"), EVERY_TEST)
def test_a_variable_that_finds_nothing_fails_the_run(operator: str, operand: JSON) -> None:
    with pytest.raises(AslError) as raised:
        holds({"Variable": "$.foo", operator: operand, "Next": "N"}, {"bar": 1})
    assert (raised.value.error, raised.value.located) == ("States.Runtime", False)
    assert raised.value.cause == (
        "Invalid path '$.foo': The choice state's condition path references an invalid value."
    )


@pytest.mark.parametrize("operator", COMPARISONS)
def test_a_right_hand_path_that_finds_nothing_fails_the_run(operator: str) -> None:
    with pytest.raises(AslError) as raised:
        holds({"Variable": "$", f"{operator}Path": "$.right", "Next": "N"}, {})
    assert raised.value.cause == (
        "Invalid path '$.right': The choice state's condition path references an invalid value."
    )


def test_variables_and_the_context_object_can_be_asked() -> None:
    scope = {"variables": {"answer": 42}, "context": {"Execution": {"Name": "run"}}}
    assert holds({"Variable": "$answer", "NumericEquals": 42, "Next": "N"}, None, **scope)
    assert holds({"Variable": "$$.Execution.Name", "StringEquals": "run", "Next": "N"}, None, **scope)
    assert holds({"Variable": "$.n", "NumericEqualsPath": "$answer", "Next": "N"}, {"n": 42.0}, **scope)


ONE_KIND = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"
YES: dict[str, JSON] = {"Variable": "$.yes", "BooleanEquals": True}
NO: dict[str, JSON] = {"Variable": "$.no", "BooleanEquals": True}
FAILS: dict[str, JSON] = {"Variable": "$.missing", "BooleanEquals": True}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param({"And": [YES]}, True, id="one of one"),
        pytest.param({"And": [YES, NO]}, False, id="and"),
        pytest.param({"And": [NO, FAILS]}, False, id="and stops at the first that does not hold"),
        pytest.param({"Or": [NO, YES]}, True, id="or"),
        pytest.param({"Or": [NO, NO]}, False, id="or of none"),
        pytest.param({"Or": [YES, FAILS]}, True, id="or stops at the first that holds"),
        pytest.param({"Not": NO}, True, id="not"),
        pytest.param({"Not": {"And": [YES, {"Not": {"Or": [NO, NO]}}]}}, False, id="nested"),
        pytest.param({"Comment": "c", "Not": {"Comment": "c", **NO}, "Assign": {}}, True, id="comments and Assign"),
    ],
)
def test_combinations(rule: dict[str, JSON], expected: bool) -> None:
    assert holds({**rule, "Next": "N"}, {"yes": True, "no": False}) is expected


LISTED = f"[{', '.join(OPERATOR_FIELDS)}]"


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        pytest.param(
            {"Variable": "$.v"},
            [(f"This object should have only one of the following fields: {LISTED}", "")],
            id="no operator",
        ),
        pytest.param(
            {"Variable": "$.v", "StringEquals": "1", "NumericGreaterThan": 0},
            [(f"There should only be one of the following fields: {LISTED}", "")],
            id="two operators",
        ),
        pytest.param({"StringEquals": "1"}, [(ONE_KIND, "")], id="no variable"),
        pytest.param({}, [(ONE_KIND, "")], id="nothing"),
        pytest.param({"And": [{}]}, [(ONE_KIND, "/And[0]")], id="nothing within And"),
        pytest.param({"And": []}, [("Value cannot be empty", "/And")], id="empty And"),
        pytest.param({"Not": {"Or": []}}, [("Value cannot be empty", "/Not/Or")], id="empty Or under Not"),
        pytest.param({"And": {}}, [("Expected value of type Array", "/And")], id="And is no array"),
        pytest.param({"Not": []}, [("Expected value of type Object", "/Not")], id="Not is no rule"),
        pytest.param(
            {"And": [YES], "Or": [YES]},
            [(ONE_KIND, "")],
            id="two combinations",
        ),
        pytest.param({"And": [{**YES, "Next": "N"}]}, [("Field 'Next' is not supported", "/And[0]")], id="nested Next"),
        pytest.param(
            {"Or": [YES], "StringEquals": ""}, [("Field 'StringEquals' is not supported", "")], id="operator beside Or"
        ),
        pytest.param({"Or": [YES], "Variable": "$.v"}, [(ONE_KIND, "")], id="variable beside Or"),
        pytest.param({**YES, "Equals": 1}, [("Field 'Equals' is not supported", "")], id="unknown field"),
        pytest.param(
            {**YES, "Condition": "{% true %}"},
            [
                (
                    "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata'"
                    " QueryLanguage",
                    "",
                )
            ],
            id="JSONata field",
        ),
        pytest.param(
            {"Variable": "status", "StringEquals": "READY"},
            [("Value is not a Reference Path: Reference path didn't start with '$'", "/Variable")],
            id="variable is no path",
        ),
        pytest.param({"Variable": 1, "IsNull": True}, [("Expected value of type String", "/Variable")], id="no string"),
        pytest.param(
            {"Variable": "$", "StringEqualsPath": "x"},
            [("Value is not a Reference Path: Reference path didn't start with '$'", "/StringEqualsPath")],
            id="right-hand side is no path",
        ),
        pytest.param(
            {"Variable": "$", "StringEquals": 1}, [("Expected value of type String", "/StringEquals")], id="no text"
        ),
        pytest.param(
            {"Variable": "$", "NumericEquals": True},
            [("Expected value of type Number", "/NumericEquals")],
            id="number",
        ),
        pytest.param(
            {"Variable": "$", "IsPresent": "true"}, [("Expected value of type Boolean", "/IsPresent")], id="no boolean"
        ),
        pytest.param(
            {"Variable": "$", "StringMatches": None},
            [("Expected value of type String", "/StringMatches")],
            id="pattern",
        ),
        pytest.param(
            {"Variable": "$", "TimestampEquals": "2025-01-01"},
            [("String does not match RFC3339 timestamp", "/TimestampEquals")],
            id="no timestamp",
        ),
        pytest.param(
            {"Variable": "$", "TimestampEquals": 1}, [("Expected value of type String", "/TimestampEquals")], id="epoch"
        ),
        pytest.param("rule", [("Expected value of type Object", "")], id="no object"),
    ],
)
def test_faults_are_diagnostics(rule: JSON, found: list[tuple[str, str]]) -> None:
    assert faults(rule) == [(message, LOCATION + place) for message, place in found]


def test_all_faults_are_told_at_once() -> None:
    rule = {"Or": [{"Variable": "x", "IsNull": 1}, {"Not": {"And": []}}, 5]}
    assert [place for _, place in faults(rule)] == [
        f"{LOCATION}/Or[0]/Variable",
        f"{LOCATION}/Or[1]/Not/And",
        f"{LOCATION}/Or[2]",
    ]


def test_an_indefinite_variable_is_no_reference_path() -> None:
    ((message, place),) = faults({"Variable": "$.a[*]", "IsNull": True})
    assert message.startswith("Value is not a Reference Path")
    assert place == f"{LOCATION}/Variable"


def test_the_tables_hold_exactly_the_39_operators() -> None:
    names = {*COMPARISONS, *(f"{name}Path" for name in COMPARISONS), *TYPE_TESTS, "IsPresent", "StringMatches"}
    assert len(OPERATOR_FIELDS) == 39
    assert names == set(OPERATOR_FIELDS)


@pytest.mark.skipif(not MEASURED.exists(), reason="the conformance data is not beside this checkout")
def test_the_order_of_the_operators_is_aws_own() -> None:
    cases = {case["id"]: case for case in json.loads(MEASURED.read_text(encoding="utf-8"))}
    for case_id in ("val-choice-two-operators", "val-choice-no-operator"):
        case = cases[case_id]
        (rule,) = case["definition"]["States"]["Dispatch"]["Choices"]
        expected = [diagnostic["message"] for diagnostic in case["expected"]["diagnostics"]]
        assert [message for message, _ in faults(rule)] == expected
