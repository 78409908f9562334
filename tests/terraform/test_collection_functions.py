"""The functions on lists, sets and maps; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("alltrue([true, null])", False, id="null is not true"),
        pytest.param("alltrue([])", True, id="all of none"),
        pytest.param('alltrue(["true"])', True, id="a text that is true"),
        pytest.param("anytrue([null, true])", True, id="one that is true"),
        pytest.param("anytrue([null])", False, id="none that is true"),
        pytest.param('chunklist(["a", "b", "c"], 2)', [["a", "b"], ["c"]], id="pieces of a list"),
        pytest.param('chunklist(["a"], 0)', [["a"]], id="one piece"),
        pytest.param("chunklist([], 2)", [], id="no piece"),
        pytest.param('coalesce("", 1)', "1", id="a number beside a text"),
        pytest.param("coalesce(null, false)", False, id="a bool after null"),
        pytest.param('coalescelist([], ["a"])', ["a"], id="a list that has items"),
        pytest.param('compact(["a", "", null, 1])', ["a", "1"], id="a list without what is empty"),
        pytest.param('concat(["a"], [1, [2]])', ["a", 1, [2]], id="two lists"),
        pytest.param('contains(["1"], 1)', False, id="a number is not a text"),
        pytest.param('contains(toset(["a"]), "a")', True, id="a member of a set"),
        pytest.param('distinct(["1", 1])', ["1"], id="items that are equal in one type"),
        pytest.param("distinct([1, null, 1, null])", [1, None], id="numbers and null"),
        pytest.param('element(["a", "b", "c"], 4)', "b", id="an index past the end"),
        pytest.param('flatten([["a"], [], toset(["b"]), [["c"]]])', ["a", "b", "c"], id="lists in lists"),
        pytest.param('index(["a", "b"], "b")', 1, id="the position of a value"),
        pytest.param("keys({ b = 1, a = 2 })", ["a", "b"], id="keys in order"),
        pytest.param('length("héllo")', 5, id="the length of a text"),
        pytest.param("length({ a = 1 })", 1, id="the length of a map"),
        pytest.param('lookup({ a = 1 }, "b", 2)', 2, id="a default"),
        pytest.param('lookup({ a = null }, "a", "d")', None, id="a member that is null"),
        pytest.param('matchkeys(["a", "b"], ["x", "y"], ["y"])', ["b"], id="values by their keys"),
        pytest.param("merge({ a = 1 }, null, { a = { c = 2 } })", {"a": {"c": 2}}, id="maps of which one is null"),
        pytest.param("merge()", {}, id="no map"),
        pytest.param("one([])", None, id="no item"),
        pytest.param('one(toset(["a"]))', "a", id="the one member of a set"),
        pytest.param('reverse(toset(["a", "b"]))', ["b", "a"], id="a set in reverse order"),
        pytest.param('setintersection(["a", "b"], ["b", "c"])', ["b"], id="members of both"),
        pytest.param("setintersection([[1]], [[1]])", [[1]], id="lists as members"),
        pytest.param('setproduct(["a"], ["b", "c"])', [["a", "b"], ["a", "c"]], id="combinations"),
        pytest.param('setproduct(toset(["a"]), toset(["b"]))', [["a", "b"]], id="combinations of sets"),
        pytest.param('setproduct(["a"], [])', [], id="no combination"),
        pytest.param('setsubtract([1, 2], ["1"])', ["2"], id="members of one type"),
        pytest.param('setunion(["b", "a"], ["b", "c"])', ["a", "b", "c"], id="members of either"),
        pytest.param('slice(["a", "b", "c"], 1, 2)', ["b"], id="a part of a list"),
        pytest.param('sort(["b", "a", 10, 9])', ["10", "9", "a", "b"], id="numbers are sorted as texts"),
        pytest.param('tolist(["a", 1, true])', ["a", "1", "true"], id="a list of one type"),
        pytest.param("tolist([1, null])", [1, None], id="a list with null"),
        pytest.param("tolist(null)", None, id="null for a list"),
        pytest.param('tomap({ a = 1, b = "x" })', {"a": "1", "b": "x"}, id="a map of one type"),
        pytest.param("tomap(null)", None, id="null for a map"),
        pytest.param('toset(["b", 10, 9])', ["10", "9", "b"], id="a set of one type"),
        pytest.param("toset([10, 9, 10])", [9, 10], id="numbers in order"),
        pytest.param("toset([true, false])", [False, True], id="false before true"),
        pytest.param("toset([{ a = 1 }, { a = 1 }])", [{"a": 1}], id="objects that are equal"),
        pytest.param("toset(null)", None, id="null for a set"),
        pytest.param(
            'transpose({ a = ["1"], b = ["1", "2"] })', {"1": ["a", "b"], "2": ["b"]}, id="a map turned round"
        ),
        pytest.param("values({ b = 1, a = [2] })", [[2], 1], id="members in order of keys"),
        pytest.param('zipmap([1, "b"], ["a", 2])', {"1": "a", "b": 2}, id="a map of keys and values"),
    ],
)
def test_value(expression: str, value: Any) -> None:
    found = in_json(expression)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param('coalescelist(null, ["a"])', "a list is needed, not null.", id="null for a list"),
        pytest.param('chunklist(["a"], -1)', "the size of chunklist must not be negative.", id="a negative size"),
        pytest.param('coalesce("", null)', "coalesce has no value that is neither null nor empty.", id="nothing left"),
        pytest.param(
            "coalesce(1, true)",
            "all members must have the same type, and these have a bool and a number.",
            id="a number beside a bool",
        ),
        pytest.param("coalescelist([], [])", "coalescelist has no list with items.", id="no list with items"),
        pytest.param("concat()", "concat needs a list.", id="nothing to join"),
        pytest.param(
            'concat(["a"], toset(["b"]))',
            "a list is needed, not a set, whose members have no order; write tolist(...) around it.",
            id="a set to join",
        ),
        pytest.param("element([], 0)", "element needs a list with items.", id="an empty list"),
        pytest.param(
            'element(["a", "b", "c"], -1)', "element needs an index of 0 or more, not -1.", id="a negative index"
        ),
        pytest.param(
            'element(toset(["a"]), 0)',
            "a list is needed, not a set, whose members have no order; write tolist(...) around it.",
            id="an item of a set",
        ),
        pytest.param('flatten("a")', "a list is needed, not a string.", id="a text to flatten"),
        pytest.param('index(["a"], "b")', "the list does not have the value.", id="a value that is not there"),
        pytest.param('keys("a")', "a map is needed, not a string.", id="the keys of a text"),
        pytest.param("length(5)", "length needs a list, a map or a string, not a number.", id="the length of a number"),
        pytest.param(
            'lookup({ able = 1 }, "b")',
            "the map has no 'b', and lookup has no default. Nearest: able.",
            id="a member that is not there",
        ),
        pytest.param(
            'matchkeys(["a"], ["x", "y"], ["y"])',
            "matchkeys needs as many keys as values, and has 2 and 1.",
            id="keys too many",
        ),
        pytest.param("one([1, 2])", "one needs a list with no item or one, not with 2.", id="two items"),
        pytest.param('setproduct(["a"])', "setproduct needs two lists or more.", id="one list to combine"),
        pytest.param('slice(["a", "b"], 1, 5)', "slice can't take 1 to 5 of a list of 2.", id="a part past the end"),
        pytest.param(
            "tolist([1, [2]])",
            "all members must have the same type, and these have a list and a number.",
            id="no type in common",
        ),
        pytest.param(
            "tomap({ a = 1, b = [1] })",
            "all members must have the same type, and these have a list and a number.",
            id="no type of members in common",
        ),
        pytest.param(
            'zipmap(["a"], [1, 2])', "zipmap needs as many values as keys, and has 2 and 1.", id="values too many"
        ),
    ],
)
def test_fault_is_told(expression: str, told: str) -> None:
    assert why_not(expression) == told
