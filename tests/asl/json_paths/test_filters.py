"""Filters: what Jayway 2.0.0 takes for equal, for there, for a match."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathNotFound, compile_jayway_path


def kept(condition: str, items: list[Any], **others: Any) -> Any:
    return compile_jayway_path(f"$.items[?({condition})]").find({"items": items, **others})


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ == 5", [5, 5.0, "5", "5.0", True, None], [5, 5.0, "5"], id="a number, or its text"),
        pytest.param("@ == '5'", [5, 5.0, "5", "5.0"], [5, 5.0, "5"], id="quotes make no difference"),
        pytest.param("5 == @", [5, "5"], ["5"], id="a literal on the left is a text"),
        pytest.param("@ != 5", [5, "5", 6, None, "x", True], [6, None, "x", True], id="not equal"),
        pytest.param("@ == 0.1", [0.1, "0.1", "0.10"], [0.1, "0.1"], id="decimals, not binary fractions"),
        pytest.param("@ == 1e3", [1000, 1000.0], [1000, 1000.0], id="an exponent"),
        pytest.param("@ == Oslo", ["Oslo", "Riga"], ["Oslo"], id="a bare word"),
        pytest.param("@ == 'Oslo'", ["Oslo", "Riga"], ["Oslo"], id="a text in single quotes"),
        pytest.param('@ == "Oslo"', ["Oslo", '"Oslo"'], ['"Oslo"'], id="double quotes are part of the text"),
        pytest.param("@ == true", [True, "true", False], [True, "true"], id="a boolean, or its text"),
        pytest.param("@ == no", [True, False], [False], id="any other word is false to a boolean"),
        pytest.param("@ == null", [None, "null", 0, ""], [None, "null"], id="null, or its text"),
        pytest.param("@.a == null", [{"a": None}, {}], [{"a": None}], id="what is missing is not null"),
        pytest.param("@.a != 1", [{"a": 1}, {}], [], id="what is missing is not unequal either"),
        pytest.param(
            "@.a == @.b",
            [{"a": 1, "b": 1.0}, {"a": 1, "b": "1"}, {"a": "1", "b": 1}, {}, {"a": None, "b": None}],
            [{"a": 1, "b": 1.0}, {"a": 1, "b": "1"}, {"a": None, "b": None}],
            id="two paths, of which the right one may be a text",
        ),
        pytest.param("@ == []", [[], "[]"], ["[]"], id="a literal is a text, whatever it looks like"),
        pytest.param("@ == 'it\\'s'", ["it's"], ["it's"], id="an escaped quote"),
        pytest.param("@ == $.items[0]", [1, 2, 1], [1, 1], id="a path from the document"),
        pytest.param("@ === x", ["= x", "x"], ["= x"], id="a third equals sign belongs to the text"),
        pytest.param("name == name", ["any", None], ["any", None], id="two texts"),
    ],
)
def test_equality(condition: str, items: list[Any], found: list[Any]) -> None:
    result = kept(condition, items)
    assert result == found
    assert list(map(type, result)) == list(map(type, found))


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ > 15", [10, 20, None], [20], id="numbers"),
        pytest.param("@ > 15", ["2", "10"], ["2"], id="texts, by their characters"),
        pytest.param("@ >= 'b'", ["a", "b", "C"], ["b"], id="strings, by code unit"),
        pytest.param("@ < '\uffff'", ["\U0001f600"], ["\U0001f600"], id="a surrogate is below the end of the plane"),
        pytest.param("@ <= 2.5", [2.5, 3], [2.5], id="at most"),
        pytest.param("@ > -2", [-1, -3], [-1], id="a negative literal"),
        pytest.param("@ < true", [True, False], [False], id="false is before true"),
        pytest.param("@ > 1", [[2], {"a": 2}], [], id="containers have no order"),
        pytest.param("@ > null", [1, None], [1], id="all is above the text null"),
        pytest.param("@ >= @.a", [{"a": 1}, 1], [], id="a miss on the right"),
        pytest.param("@ <> 5", ["4", "a"], ["4"], id="an operator that is none is < and the rest"),
    ],
)
def test_order(condition: str, items: list[Any], found: list[Any]) -> None:
    assert kept(condition, items) == found


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@.a", [{"a": 1}, {"a": False}, {"a": None}, {}, 5], [{"a": 1}, {"a": False}], id="a path"),
        pytest.param("!@.a", [{"a": 1}, {"a": None}, {}], [{"a": None}, {}], id="a path that is not there"),
        pytest.param("@", [1, None, False], [1, False], id="the item itself"),
        pytest.param("$.on", [1, 2], [1, 2], id="a path from the document"),
        pytest.param("$.off", [1, 2], [], id="a path that the document does not have"),
        pytest.param("@['a','b']", [{"a": 1}, {}], [{"a": 1}, {}], id="several names make an object in any case"),
        pytest.param("@.length()", [{"length()": 1}, [1]], [{"length()": 1}], id="no functions"),
        pytest.param(
            "@.a && @.b || @.c",
            [{"a": 1, "b": 1}, {"a": 1}, {"c": 1}],
            [{"a": 1, "b": 1}, {"c": 1}],
            id="and before or",
        ),
        pytest.param("@.c || @.a && @.b", [{"c": 1}, {"b": 1}], [{"c": 1}], id="and before or, the other way round"),
        pytest.param("@.a && (@.b || @.c)", [{"a": 1, "c": 1}, {"c": 1}], [{"a": 1, "c": 1}], id="parentheses"),
        pytest.param("(@.a || @.b) && @.c", [{"a": 1}, {"b": 1, "c": 1}], [{"b": 1, "c": 1}], id="parentheses first"),
        pytest.param("@.a&&@.b", [{"a": 1, "b": 1}, {"a": 1}], [{"a": 1, "b": 1}], id="no blanks"),
        pytest.param("@.a == 'x && y'", [{"a": "x && y"}], [{"a": "x && y"}], id="an operator within quotes"),
        pytest.param("!(@.a == 1)", [{"a": 1}, {"a": 2}], [], id="a negated comparison compares the text !(@.a"),
    ],
)
def test_existence_and_logic(condition: str, items: list[Any], found: list[Any]) -> None:
    assert kept(condition, items, on=True, off=None) == found


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ =~ /a/", ["a", "ab", 1], ["a"], id="the whole of a text"),
        pytest.param("@ =~ /A.*/i", ["ab", "ba"], ["ab"], id="in any case"),
        pytest.param("@ =~ /true|1|1.5/", [True, 1, 1.5, False, None], [True, 1, 1.5], id="the text of other values"),
        pytest.param(r"@ =~ /\d+/", ["12", "\u0661"], ["12"], id="ASCII digits only"),
        pytest.param(r"@ =~ /a/b/", ["a/b"], ["a/b"], id="a slash within"),
        pytest.param(r"@ =~ /\p{Alpha}+\p{Digit}/", ["ab1", "ab"], ["ab1"], id="named classes"),
        pytest.param(r"@ =~ /(?<x>a)\Q.*\E/", ["a.*", "abb"], ["a.*"], id="named groups and quotation"),
        pytest.param("@ =~ /a|b/ && @ != b", ["a", "b"], ["a"], id="a bar within a regular expression"),
        pytest.param("@ == /a/", ["a", "/a/"], [], id="a regular expression equals nothing"),
        pytest.param("@.none =~ 'a'", ["a"], [], id="no regular expression, but nothing to compare it with"),
    ],
)
def test_patterns(condition: str, items: list[Any], found: list[Any]) -> None:
    assert kept(condition, items) == found


def test_a_filter_on_an_object_tests_the_object_itself() -> None:
    path = compile_jayway_path("$.o[?(@.a == 1)]")
    assert path.find({"o": {"a": 1}}) == [{"a": 1}]
    assert path.find({"o": {"x": {"a": 1}}}) == []


@pytest.mark.parametrize(
    ("condition", "items", "text"),
    [
        pytest.param("@ < paid", [1], "java.lang.NumberFormatException", id="a number to a word"),
        pytest.param("@ ==", [1], "java.lang.NumberFormatException", id="a number to nothing"),
        pytest.param("@ =~ 'a'", ["a"], "java.lang.ClassCastException", id="a text that is no regular expression"),
        pytest.param(
            "@[0] == 1",
            [{"a": 1}],
            "Filter: [0] can only be applied to arrays. Current context is: {a=1}",
            id="an index of an object",
        ),
        pytest.param(
            "@ && @[0]",
            [{"a": 1}],
            "Filter: [0] can only be applied to arrays. Current context is: {a=1}",
            id="the right side is asked first",
        ),
    ],
)
def test_what_jayway_fails_on_is_not_found(condition: str, items: list[Any], text: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        kept(condition, items)
    assert caught.value.text == text


def test_what_the_right_side_decides_the_left_is_not_asked() -> None:
    assert kept("@[0] || @.a", [{"a": 1}]) == [{"a": 1}]


def test_a_placeholder_has_no_condition_to_ask() -> None:
    path = compile_jayway_path("$[?]")
    assert path.find([]) == []
    with pytest.raises(PathNotFound, match=r"java\.lang\.NullPointerException"):
        path.find([1])
