"""Choice rules in words."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.graph.rule_text import rule_text

SMALL = {"Variable": "$.n", "NumericLessThan": 5}
PRESENT = {"Variable": "$.card", "IsPresent": True}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param({"Variable": "$.n", "NumericEquals": 5}, "$.n == 5", id="equal to a number"),
        pytest.param({"Variable": "$.n", "NumericLessThan": 1.5}, "$.n < 1.5", id="less than"),
        pytest.param({"Variable": "$.n", "NumericLessThanEquals": 5}, "$.n <= 5", id="at most"),
        pytest.param({"Variable": "$.n", "NumericGreaterThan": 5}, "$.n > 5", id="greater than"),
        pytest.param({"Variable": "$.n", "NumericGreaterThanEquals": 5}, "$.n >= 5", id="at least"),
        pytest.param({"Variable": "$.s", "StringEquals": 'a"b'}, r'$.s == "a\"b"', id="equal to a string"),
        pytest.param({"Variable": "$.b", "BooleanEquals": False}, "$.b == false", id="equal to a boolean"),
        pytest.param(
            {"Variable": "$.t", "TimestampLessThan": "2024-01-01T00:00:00Z"},
            '$.t < "2024-01-01T00:00:00Z"',
            id="before a timestamp",
        ),
        pytest.param({"Variable": "$.n", "NumericLessThanPath": "$.m"}, "$.n < $.m", id="less than another value"),
        pytest.param({"Variable": "$.s", "StringMatches": "log-*"}, '$.s matches "log-*"', id="a pattern"),
        pytest.param(PRESENT, "$.card is present", id="present"),
        pytest.param({"Variable": "$.x", "IsPresent": False}, "$.x is not present", id="not present"),
        pytest.param({"Variable": "$.x", "IsNumeric": True}, "$.x is a number", id="a type"),
        pytest.param({"Variable": "$.x", "IsNull": False}, "$.x is not null", id="not null"),
        pytest.param({"And": [SMALL, PRESENT]}, "$.n < 5 and $.card is present", id="and"),
        pytest.param({"Or": [SMALL, PRESENT]}, "$.n < 5 or $.card is present", id="or"),
        pytest.param(
            {"And": [SMALL, {"Or": [PRESENT, SMALL]}]}, "$.n < 5 and ($.card is present or $.n < 5)", id="or within and"
        ),
        pytest.param({"Not": SMALL}, "not $.n < 5", id="not"),
        pytest.param(
            {"Not": {"And": [SMALL, PRESENT]}}, "not ($.n < 5 and $.card is present)", id="not of a combination"
        ),
        pytest.param({"Condition": "{% $total >= 100 %}", "Next": "A"}, "$total >= 100", id="JSONata"),
        pytest.param({"Condition": True, "Next": "A"}, "true", id="a literal condition"),
        pytest.param(
            {"Comment": "small", "Next": "A", "Assign": {"x": 1}, **SMALL}, "$.n < 5", id="fields that are no condition"
        ),
    ],
)
def test_a_rule_in_words(rule: dict[str, Any], text: str) -> None:
    assert rule_text(rule) == text
