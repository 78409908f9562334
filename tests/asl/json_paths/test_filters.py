"""Filters: what Jayway takes for equal, for there, for a match."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathNotFound, compile_jayway_path


def kept(condition: str, items: list[Any], **others: Any) -> Any:
    return compile_jayway_path(f"$.items[?({condition})]").find({"items": items, **others})


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ == 5", [5, 5.0, "5", "5.0", "x", True, None], [5, 5.0, "5"], id="the text of the literal"),
        pytest.param("5 == @", [5, 5.0, "5", "5.0", "x", True], [5, 5.0, "5", "5.0"], id="the number in a text"),
        pytest.param("@ == '5'", [5, 5.0, "5", "5.0"], [5, 5.0, "5"], id="a number on the left of a text"),
        pytest.param("'5.0' == @", [5, 5.0, "5", "5.0"], [5.0, "5.0"], id="a text on the left of a number"),
        pytest.param("@ != 5", [5, "5", 6, None], [6, None], id="not equal"),
        pytest.param("@ === 5", [5, 5.0, "5"], [5, 5.0], id="equal and of one type"),
        pytest.param("@ !== 5", [5, "5"], ["5"], id="not equal or not of one type"),
        pytest.param("@ == 0.1", [0.1, "0.1", "0.10"], [0.1, "0.1"], id="decimals, not binary fractions"),
        pytest.param("@ == 1e3", [1000, 1000.0], [1000, 1000.0], id="an exponent"),
        pytest.param("@ == true", [True, "true", 1], [True], id="booleans only"),
        pytest.param("@ == null", [None, 0, ""], [None], id="null only"),
        pytest.param("@.a == null", [{"a": None}, {}], [{"a": None}], id="what is missing is not null"),
        pytest.param("@.a != 1", [{"a": 1}, {}], [{}], id="what is missing is not equal to anything"),
        pytest.param(
            "@.a == @.b",
            [{"a": 1, "b": "1"}, {}, {"a": None, "b": None}],
            [{"a": 1, "b": "1"}, {"a": None, "b": None}],
            id="two paths",
        ),
        pytest.param("@ == [1]", [[1], [1.0], [True], ["1"]], [[1]], id="arrays, element by element and strictly"),
        pytest.param("[1] == @", [[1]], [], id="an array on the left never"),
        pytest.param("@ == {a: 'x', \"b\": [2,]}", [{"a": "x", "b": [2]}], [{"a": "x", "b": [2]}], id="lenient JSON"),
        pytest.param("@ == 'it\\'s'", ["it's"], ["it's"], id="an escaped quote"),
        pytest.param("@ == $.items[0]", [1, 2, 1], [1, 1], id="a path from the document"),
    ],
)
def test_equality(condition: str, items: list[Any], found: list[Any]) -> None:
    result = kept(condition, items)
    assert result == found
    assert list(map(type, result)) == list(map(type, found))


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ > 15", [10, 20, "20", None], [20], id="numbers to numbers"),
        pytest.param("@ >= 'b'", ["a", "b", "C", 5], ["b"], id="strings to strings, by code unit"),
        pytest.param("@ < '\uffff'", ["\U0001f600"], ["\U0001f600"], id="a surrogate is below the end of the plane"),
        pytest.param("@ <= 2.5", [2.5, 3], [2.5], id="at most"),
        pytest.param("@ > -2", [-1, -3], [-1], id="a negative literal"),
        pytest.param("@ > true", [True, False], [], id="booleans have no order"),
    ],
)
def test_order(condition: str, items: list[Any], found: list[Any]) -> None:
    assert kept(condition, items) == found


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@.a", [{"a": 1}, {"a": None}, {}, 5], [{"a": 1}, {"a": None}], id="a path that is there"),
        pytest.param("!@.a", [{"a": 1}, {}], [{}], id="one that is not"),
        pytest.param("!(@.a)", [{"a": 1}, {}], [{}], id="one that is not, in parentheses"),
        pytest.param("@", [1, None, False], [1, None, False], id="the item itself"),
        pytest.param("$.items", [{"items": 1}, {}], [{"items": 1}], id="$ alone means the item"),
        pytest.param(
            "@.a[*]", [{"a": []}, {"a": 1}, {}], [{"a": []}, {"a": 1}], id="an indefinite path, even without results"
        ),
        pytest.param("@['a','b']", [{"a": 1}, {"a": 1, "b": 2}], [{"a": 1, "b": 2}], id="all of several names"),
        pytest.param(
            "@.a && @.b || @.c",
            [{"a": 1, "b": 1}, {"a": 1}, {"c": 1}],
            [{"a": 1, "b": 1}, {"c": 1}],
            id="and before or",
        ),
        pytest.param("@.a && (@.b || @.c)", [{"a": 1, "c": 1}, {"c": 1}], [{"a": 1, "c": 1}], id="parentheses"),
        pytest.param("@.a||@.b", [{"a": 1}], [], id="without blanks, part of the name"),
        pytest.param("@.a==1&&@.b==2", [{"a": 1, "b": 2}], [{"a": 1, "b": 2}], id="without blanks after a literal"),
        pytest.param("@.a.length() > 1", [{"a": [1, 2]}, {"a": [1]}], [{"a": [1, 2]}], id="a function"),
        pytest.param(
            "@.a[?(@ > 1)] == [2]", [{"a": [1, 2]}, {"a": [3]}], [{"a": [1, 2]}], id="a filter within a filter"
        ),
    ],
)
def test_existence_and_logic(condition: str, items: list[Any], found: list[Any]) -> None:
    assert kept(condition, items) == found


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ in ['a', 1]", ["a", "1", 1, 1.0, "b"], ["a", "1", 1, 1.0], id="in"),
        pytest.param("@ IN ['a']", ["a", "b"], ["a"], id="in, in capitals"),
        pytest.param("@ in $.items[0]", [["x"], "x", "y"], ["x"], id="in what a path finds"),
        pytest.param("@ nin ['a']", ["a", "b"], ["b"], id="not in"),
        pytest.param("@ nin 'a'", ["b"], [], id="not in what is no array"),
        pytest.param(
            "@ in ['$.a', '@', '[1]']", ["$.a", "@", "[1]"], [], id="texts that are paths or JSON equal nothing"
        ),
        pytest.param("@ contains 'a'", ["bar", ["a"], ["b"], 5, {"a": 1}], ["bar", ["a"]], id="contains"),
        pytest.param("@ subsetof [1, 2]", [[1], [], [3], 1], [[1], []], id="subset of"),
        pytest.param("@ anyof [1, 2]", [[1, 9], [], 1], [[1, 9]], id="any of"),
        pytest.param("@ noneof [1, 2]", [[1, 9], [], {}, [3]], [[], [3]], id="none of"),
        pytest.param("@ size 1", ["a", [1], {"a": 1}, 1], ["a", [1]], id="size"),
        pytest.param("@ size 2", ["\U0001f600"], ["\U0001f600"], id="size, in Java's characters"),
        pytest.param("@ empty true", ["", "a", [], [1], 5, None], ["", []], id="empty"),
        pytest.param("@ empty false", ["", "a", [], [1], 5, None], ["a", [1]], id="not empty"),
        pytest.param("@ all [1]", [[1]], [], id="all, which can't be used from a text"),
    ],
)
def test_operators_in_words(condition: str, items: list[Any], found: list[Any]) -> None:
    result = kept(condition, items)
    assert result == found
    assert list(map(type, result)) == list(map(type, found))


@pytest.mark.parametrize(
    ("condition", "items", "found"),
    [
        pytest.param("@ =~ /a/", ["a", "ab", 1], ["a"], id="the whole of a text"),
        pytest.param("@ =~ /A.*/i", ["ab", "ba"], ["ab"], id="with a flag"),
        pytest.param("/a/ =~ @", ["a", "b"], ["a"], id="the pattern on the left"),
        pytest.param("@ =~ /a|b/", [["x", "b"], ["x"]], [["x", "b"]], id="any element of an array"),
        pytest.param("@ =~ /true|1|1.5/", [True, 1, 1.5, False], [True, 1, 1.5], id="the text of other values"),
        pytest.param(r"@ =~ /\d+/", ["12", "\u0661"], ["12"], id="ASCII digits only"),
        pytest.param(r"@ =~ /a\/b/", ["a/b"], ["a/b"], id="an escaped slash"),
        pytest.param(r"@ =~ /\p{Alpha}+\p{Digit}/", ["ab1", "ab"], ["ab1"], id="named classes"),
        pytest.param(r"@ =~ /(?<x>a)\Q.*\E/", ["a.*", "abb"], ["a.*"], id="named groups and quotation"),
        pytest.param("@ =~ /[[a]+/", ["[a"], ["[a"], id="a bracket within a class"),
        pytest.param("@ =~ 'a'", ["a"], [], id="not a pattern"),
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
        pytest.param("@ in [[1]]", [1], "Could not determine value type", id="arrays within an array"),
        pytest.param(
            "@ empty true",
            [{}],
            "class java.util.LinkedHashMap cannot be cast to class java.util.Collection "
            "(java.util.LinkedHashMap and java.util.Collection are in module java.base of loader 'bootstrap')",
            id="whether an object is empty",
        ),
        pytest.param(
            "@.sum() > 1",
            [[]],
            "Aggregation function attempted to calculate value using empty array",
            id="a function that fails",
        ),
    ],
)
def test_what_jayway_fails_on_is_not_found(condition: str, items: list[Any], text: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        kept(condition, items)
    assert caught.value.text == text


def test_a_filter_whose_function_does_not_exist_matches_nothing() -> None:
    assert kept("@.nope() > 1", [[1]]) == []
