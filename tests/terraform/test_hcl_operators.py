"""Operators and access; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("1.5 * 2", 3, id="a product that is whole"),
        pytest.param("0.1 + 0.2", 0.3, id="a sum of decimals"),
        pytest.param("5 / 2", 2.5, id="a quotient"),
        pytest.param("6 / 2", 3, id="a quotient that is whole"),
        pytest.param("7 % -3", 1, id="a remainder"),
        pytest.param("-7 % 3", -1, id="a remainder of a negative number"),
        pytest.param("5.5 % 2", 1.5, id="a remainder of a fraction"),
        pytest.param("100000000000000000000 * 10 - 1", 999999999999999999999, id="large numbers"),
        pytest.param('"5" < 10', True, id="a text that is a number"),
        pytest.param("2 >= 2 && 1 > 0 && 1 <= 1", True, id="comparisons"),
        pytest.param('1 == "1"', False, id="a number and a text"),
        pytest.param("[true] == [1]", False, id="lists of a bool and a number"),
        pytest.param("{ a = 1 } == { a = 1.0 }", True, id="objects"),
        pytest.param('toset(["a"]) == ["a"]', False, id="a set and a list"),
        pytest.param('["a"] == ([for x in ["a"] : x])', True, id="a tuple that is written out and one that is made"),
        pytest.param('tolist(["a"]) == ["b"]', False, id="a list and a tuple with another item"),
        pytest.param('tolist(["a"]) != ["b"]', True, id="a list that differs from a tuple"),
        pytest.param('tolist(["a"]) == tolist(["a"])', True, id="lists"),
        pytest.param('split(",", "a,b") != tolist(["a", "b"])', False, id="lists that do not differ"),
        pytest.param("null == null", True, id="null and null"),
        pytest.param('"" != null', True, id="a text and null"),
        pytest.param('true && "false"', False, id="a text that is false"),
        pytest.param('false || "true"', True, id="a text that is true"),
        pytest.param('-"5"', -5, id="a negative text"),
        pytest.param('["a"]["0"]', "a", id="an index that is a text"),
        pytest.param('{ 0 = "x" }[0]', "x", id="a key that is a number"),
        pytest.param('{ a = 1 }["a"]', 1, id="a member"),
        pytest.param(
            '"${1000000000000000000000} ${0.0000001}"', "1000000000000000000000 0.0000001", id="numbers in a text"
        ),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param("null + 1", "a number is needed, not null.", id="null"),
        pytest.param('"a" < "b"', "a number is needed, not 'a'.", id="texts"),
        pytest.param(
            'toset(["a"])[0]',
            "a set has no index, because its members have no order; write tolist(...) around it.",
            id="an index of a set",
        ),
        pytest.param(
            '["a"].foo',
            "a list has no attribute 'foo'; write an index after it, such as [0], or [*] for all.",
            id="an attribute of a list",
        ),
        pytest.param('["a"][1]', "the list has no item 1; it has 1.", id="an index past the end"),
        pytest.param('["a"][-1]', "the list has no item -1; it has 1.", id="a negative index"),
        pytest.param('["a"][0.5]', "a whole number is needed, not 0.5.", id="an index with a fraction"),
        pytest.param("{ able = 1 }.b", "the object has no 'b'. Nearest: able.", id="a member that is not there"),
        pytest.param('"a".b', "a string has no attribute 'b'.", id="an attribute of a text"),
        *(
            pytest.param(
                expression,
                "it compares a list with [...]. In Terraform [...] is a tuple, which is never equal to a list such as "
                "that of tolist(...) or of a variable. Write tolist([...]), or compare length(...).",
                id=name,
            )
            for name, expression in {
                "a list and a tuple": 'tolist(["a"]) == ["a"]',
                "a tuple and a list": '[for x in ["a"] : x] == split(",", "a")',
                "a list and a tuple that would not differ": "tolist([]) != []",
            }.items()
        ),
        pytest.param(
            "tomap({ a = 1 }) == { a = 1 }",
            "it compares a map with {...}. In Terraform {...} is an object, which is never equal to a map such as that "
            "of tomap(...) or of a variable. Write tomap({...}), or compare length(...).",
            id="a map and an object",
        ),
        pytest.param("null.a", "null has no attribute 'a'.", id="an attribute of null"),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
