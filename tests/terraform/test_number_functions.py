"""The functions on numbers; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param('abs("-5")', 5, id="a value without its sign"),
        pytest.param("ceil(1.2)", 2, id="up"),
        pytest.param("floor(-1.2)", -2, id="down"),
        pytest.param("log(8, 2)", 3, id="a logarithm"),
        pytest.param('max(1, "2")', 2, id="the largest"),
        pytest.param("min(3, 1.5)", 1.5, id="the smallest"),
        pytest.param('parseint("FF", 16)', 255, id="a base of 16"),
        pytest.param('parseint("-ff", 16)', -255, id="a negative number"),
        pytest.param('parseint("zZ", 62)', 2231, id="a base of 62"),
        pytest.param("pow(2.5, 2)", 6.25, id="a power"),
        pytest.param("pow(2, 10)", 1024, id="a whole power"),
        pytest.param("range(3)", [0, 1, 2], id="up to a limit"),
        pytest.param("range(-3)", [0, -1, -2], id="down to a limit"),
        pytest.param("range(4, 1)", [4, 3, 2], id="from a start down"),
        pytest.param("range(1, 8, 2)", [1, 3, 5, 7], id="in steps"),
        pytest.param("range(0, 1, 0.25)", [0, 0.25, 0.5, 0.75], id="in small steps"),
        pytest.param("range(2, 2, 0)", [], id="a step of zero to where it is"),
        pytest.param("signum(-5)", -1, id="a sign"),
        pytest.param('sum([1, "2", 0.1, 0.2])', 3.3, id="a sum of decimals"),
        pytest.param('tonumber("1e3")', 1000, id="an exponent"),
        pytest.param('tonumber(".5")', 0.5, id="no digit before the point"),
        pytest.param('tonumber("5.")', 5, id="no digit after the point"),
        pytest.param("tonumber(null)", None, id="null for a number"),
        pytest.param('tobool("true")', True, id="a text for a bool"),
        pytest.param("tobool(null)", None, id="null for a bool"),
        pytest.param("tostring(1.0)", "1", id="a whole number as a text"),
        pytest.param("tostring(null)", None, id="null for a text"),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param("log(0, 2)", "log has no result for 0 and the base 2.", id="the logarithm of zero"),
        pytest.param("max()", "max needs a number.", id="the largest of none"),
        pytest.param('parseint("1_0", 10)', "'1_0' is no whole number in the base 10.", id="no digit"),
        pytest.param('parseint("", 10)', "'' is no whole number in the base 10.", id="no digits"),
        pytest.param(
            'parseint("1", 99)', "the base of parseint is from 2 to 62, not 99.", id="a base that is too high"
        ),
        pytest.param("parseint(12, 10)", "parseint needs a string, not a number.", id="a number to parse"),
        pytest.param(
            "pow(10, 400)", "pow can't be called like this: math range error.", id="a power that is too large"
        ),
        pytest.param(
            "pow(-8, 0.5)", "pow can't be called like this: math domain error.", id="a power that is no number"
        ),
        pytest.param("range(1, 5, 0)", "range makes more than 1024 items.", id="a step of zero"),
        pytest.param("range(5, 1, 1)", "range can't come from 5 to 1 in steps of 1.", id="a step the wrong way"),
        pytest.param(
            "range(1, 5, -1)", "range can't come from 1 to 5 in steps of -1.", id="a step down to a higher limit"
        ),
        pytest.param("range(2000)", "range makes more than 1024 items.", id="a range that is too long"),
        pytest.param("range()", "range takes 1 to 3 numbers, not 0.", id="no limit"),
        pytest.param("signum(1.5)", "a whole number is needed, not 1.5.", id="a fraction"),
        pytest.param("sum([])", "sum needs a number.", id="the sum of none"),
        pytest.param('tobool("x")', "a bool is needed, not 'x'.", id="a text that is no bool"),
        pytest.param("tobool(1)", "a bool is needed, not a number.", id="a number for a bool"),
        pytest.param('tonumber(" 1")', "a number is needed, not ' 1'.", id="a space before a number"),
        pytest.param("tonumber(true)", "a number is needed, not a bool.", id="a bool for a number"),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
