"""Texts of format and formatlist; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param('format("%s %d %t %%", "a", 5, true)', "a 5 true %", id="the common verbs"),
        pytest.param(
            'format("%v %v %v %v", "x", 1.5, true, [1, "a"])', 'x 1.5 true [1,"a"]', id="the verb of any value"
        ),
        pytest.param('format("%#v", { a = "<" })', '{"a":"\\u003c"}', id="JSON"),
        pytest.param(
            'format("%v %v %v", 1234567, 100000, 1000000)',
            "1.234567e+06 100000 1e+06",
            id="large numbers as Go shows them",
        ),
        pytest.param(
            'format("%g %g %G", 0.0001, 0.00001, 100000000000000000000)', "0.0001 1e-05 1E+20", id="exponents"
        ),
        pytest.param('format("%g %+g", 0, -1234567.5)', "0 -1.2345675e+06", id="zero and a negative number"),
        pytest.param(
            'format("%.3g %.3G %10.2e|%-10g|", 1234.5, 0.000012345, 1234.5, 2.5)',
            "1.23e+03 1.23E-05   1.23e+03|2.5       |",
            id="precision and width",
        ),
        pytest.param(
            'format("%5.1f|%-5s|%05d|%+d|% d|%x|%X|%o|%b", 1.25, "ab", 42, 5, 5, 255, 255, 8, 5)',
            "  1.2|ab   |00042|+5| 5|ff|FF|10|101",
            id="widths, signs and bases",
        ),
        pytest.param(
            'format("%#x|%#X|%#o|%#b|%x", 255, 255, 8, 5, -255)', "0xff|0XFF|010|0b101|-ff", id="prefixes of bases"
        ),
        pytest.param(
            'format("%05.1f|%+06.1f|%+05d|% f", -1.25, 1.25, 5, 1)',
            "-01.2|+001.2|+0005| 1.000000",
            id="zeros after a sign",
        ),
        pytest.param('format("%05s|%-05s|%-05d|", "a", "a", 5)', "0000a|a0000|5    |", id="zeros beside a text"),
        pytest.param('format("%.2s|%.2q|%.3d|%.f", "abc", "abc", 5, 2.5)', 'ab|"ab"|005|2', id="precisions"),
        pytest.param('format("%.2v", "abc")', "abc", id="a precision that the verb of any value does not have"),
        pytest.param('format("%q", "<a>")', '"\\u003ca\\u003e"', id="quotes"),
        pytest.param(
            'format("%f", 10000000000000000000000000)',
            "10000000000000000000000000.000000",
            id="a large number without an exponent",
        ),
        pytest.param('format("%[2]s %[1]s", "a", "b")', "b a", id="values by position"),
        pytest.param('format("%[1]d %d", 1, 2)', "1 2", id="a position, and the next one"),
        pytest.param('formatlist("%s-%s", ["a", "b"], "x")', ["a-x", "b-x"], id="a list and a text"),
        pytest.param('formatlist("x")', ["x"], id="a list of one"),
        pytest.param('formatlist("%s", toset(["a"]))', ["a"], id="a set"),
        pytest.param('formatlist("%s%s", [], "a")', [], id="an empty list"),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param('format("%s", [1])', "a string is needed, not a list.", id="a list for a text"),
        pytest.param('format("%d", 1.5)', "a whole number is needed, not 1.5.", id="a fraction for a whole number"),
        pytest.param('format("%y", 1)', "format has no verb %y.", id="a verb that is not there"),
        pytest.param(
            'format("50%", 1)', "'%' is no verb of format; write %% for a percent sign.", id="a percent sign alone"
        ),
        pytest.param('format("a", 1)', "format has 1 values, and its text uses none.", id="a value too many"),
        pytest.param('format("%s")', "%s needs value 1, and format has 0.", id="a value too few"),
        pytest.param('format("%[0]d", 1)', "%[0]d needs value 0, and format has 1.", id="a position of zero"),
        pytest.param(
            'format("%*d", 5, 1)', "'%*d' is no verb of format; write %% for a percent sign.", id="a width by value"
        ),
        pytest.param(
            'formatlist("%s-%s", ["a", "b"], ["x"])',
            "its lists must have one length, and they have 1 and 2.",
            id="lists of two lengths",
        ),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
