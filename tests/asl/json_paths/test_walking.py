"""Paths that can lead to many values, as Jayway walks them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathNotFound, compile_jayway_path

FIVE = [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        pytest.param("$.*", {"a": 1, "b": [2]}, [1, [2]], id="all members of an object"),
        pytest.param("$[*]", [1, [2]], [1, [2]], id="all elements of an array"),
        pytest.param("$[*]", "text", [], id="no elements of a string"),
        pytest.param(
            "$[*].a", [{"a": 1}, {}, 5, {"a": None}], [1, None], id="elements without the name are passed over"
        ),
        pytest.param("$[*].a.b", [{"a": {"b": 1}}, {"a": {}}, {}], [1], id="also further on"),
        pytest.param("$[5].a[*]", [], [], id="an index past the end on the way gives nothing"),
    ],
)
def test_wildcards(source: str, document: Any, found: list[Any]) -> None:
    assert compile_jayway_path(source).find(document) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("$[1:]", [2, 3, 4, 5]),
        ("$[:2]", [1, 2]),
        ("$[1:3]", [2, 3]),
        ("$[-2:]", [4, 5]),
        ("$[-9:]", FIVE),
        ("$[:-2]", [1, 2, 3]),
        ("$[9:]", []),
        ("$[3:1]", []),
        pytest.param("$[1:-1]", [], id="a negative end after a positive start is before it"),
        pytest.param("$[-3:-1]", [3, 4], id="two negative bounds are indices"),
        pytest.param("$[-2:2]", [4, 5, 1, 2], id="from a negative index to a positive one"),
        pytest.param("$[1:4:2]", [2, 3, 4], id="the step width is ignored"),
    ],
)
def test_slices(source: str, found: list[int]) -> None:
    assert compile_jayway_path(source).find(FIVE) == found


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        pytest.param("$[0,-1]", FIVE, [1, 5], id="indices"),
        pytest.param("$[4, 0, 9]", FIVE, [5, 1], id="indices in the path's order, those past the end left out"),
        pytest.param("$['a','c']", {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 3}, id="names at the end make one object"),
        pytest.param("$['a','z']", {"a": 1}, {"a": 1}, id="names that are missing are left out of it"),
        pytest.param("$['y','z']", {"a": 1}, {}, id="even all of them"),
        pytest.param("$[*]['a','b']", [{"a": 1}, {"b": 2}], [{"a": 1}, {"b": 2}], id="one object for each element"),
        pytest.param("$['a','b'].v", {"a": {"v": 1}, "b": {"v": 2}}, [1, 2], id="names on the way"),
    ],
)
def test_unions(source: str, document: Any, found: Any) -> None:
    assert compile_jayway_path(source).find(document) == found


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        pytest.param("$..a", {"a": {"a": 1}, "b": [{"a": 2}]}, [{"a": 1}, 1, 2], id="a name, from the outside in"),
        pytest.param("$..*", {"a": {"b": 1}, "c": [2]}, [{"b": 1}, [2], 1, 2], id="everything"),
        pytest.param("$..[0]", [[1, 2], [3]], [[1, 2], 1, 3], id="an index"),
        pytest.param(
            "$..[?(@.a)]",
            [{"a": 1}, {"b": {"a": 2}}],
            [{"a": 1}, {"a": 2}],
            id="a filter, which takes objects too",
        ),
        pytest.param("$..a", 5, [], id="nothing in a scalar"),
        pytest.param("$.x..a", {"x": {"a": 1}, "a": 2}, [1], id="only below"),
        pytest.param(
            "$..['a','b']", {"a": 1, "b": 2, "c": {"a": 3}}, [{"a": 1, "b": 2}], id="objects that have all names"
        ),
        pytest.param("$..[0].a", [{"a": 1}, {"a": 2}], [1], id="a name of one element"),
        pytest.param("$..[0][0]", [[1], [2]], [1, 2], id="a step after an index is taken for every element"),
        pytest.param("$..*.a", [{"a": 1}, {"a": 2}], [], id="a name after a wildcard finds nothing in an array"),
        pytest.param("$..*.a", {"x": [{"a": 1}], "y": {"a": 3}}, [3], id="but does in an object scanned before it"),
    ],
)
def test_deep_scans_with_jayways_quirks(source: str, document: Any, found: list[Any]) -> None:
    assert compile_jayway_path(source).find(document) == found


@pytest.mark.parametrize(
    ("source", "document", "text"),
    [
        pytest.param("$.a[*]", {}, "Missing property in path $['a']", id="a parent"),
        pytest.param(
            "$.a[1:]", {"a": 1}, "Filter: [1:] can only be applied to arrays. Current context is: 1", id="no array"
        ),
        pytest.param(
            "$[0,1]['a']",
            {"x": True},
            "Filter: [0,1]['a'] can only be applied to arrays. Current context is: {x=true}",
            id="an object",
        ),
        pytest.param("$.a[0,1]", {"a": None}, "The path $['a'] is null", id="null"),
        pytest.param(
            "$.a[?(@.b)]",
            {"a": 3},
            "Filter: [?] can not be applied to primitives. Current context is: 3",
            id="a filter of a number",
        ),
        pytest.param(
            "$.a['b','c']",
            {"a": 3},
            "Expected to find an object with property ['b','c'] in path $['a'] but found 'java.lang.Integer'. "
            "This is not a json object according to the JsonProvider: "
            "'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
            id="several names of a number",
        ),
    ],
)
def test_what_is_missing_before_the_first_choice_is_told(source: str, document: Any, text: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_jayway_path(source).find(document)
    assert caught.value.text == text


def test_results_share_the_document() -> None:
    inner: dict[str, Any] = {"a": []}
    assert compile_jayway_path("$[*]").find([inner])[0] is inner


def test_one_evaluation_leaves_no_trace_in_the_next() -> None:
    path = compile_jayway_path("$..*.a")
    assert [path.find({"x": {"a": 1}}) for _ in range(2)] == [[1], [1]]
    assert path.find([{"a": 1}]) == []
    assert path.find({"x": {"a": 1}}) == [1]
