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
        pytest.param("$.a[*]", {}, [], id="a parent that is missing gives nothing"),
        pytest.param("$.a.b.c[*]", {"a": {}}, [], id="nor does a parent further up"),
        pytest.param("$.*.b.c", {"x": {}, "y": {"b": {"c": 1}}}, [1], id="a member on the way is passed over"),
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
        pytest.param("$[-1:-3]", [], id="two negative bounds, the end first"),
        pytest.param("$[:0]", [], id="up to nothing"),
        pytest.param("$[1:4:2]", [2, 3, 4], id="the step width is ignored"),
    ],
)
def test_slices(source: str, found: list[int]) -> None:
    assert compile_jayway_path(source).find(FIVE) == found


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        pytest.param("$[4, 0]", FIVE, [5, 1], id="indices in the path's order"),
        pytest.param("$[(@.length-1)]", FIVE, 5, id="the last"),
        pytest.param("$[(@.length - 2)]", FIVE, 4, id="the last but one"),
        pytest.param("$[(@.size()-1)]", FIVE, 5, id="the last by its other name"),
        pytest.param("$['a','c']", {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 3}, id="names at the end make one object"),
        pytest.param("$['a','z']", {"a": 1}, {"a": 1}, id="names that are missing are left out of it"),
        pytest.param("$['y','z']", {"a": 1}, {}, id="even all of them"),
        pytest.param("$[*]['a','b']", [{"a": 1}, {"b": 2}], [{"a": 1}, {"b": 2}], id="one object for each element"),
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
        pytest.param("$..[0].a", [{"a": 1}, {"a": 2}], [1, 2], id="a step after an index is taken for every element"),
        pytest.param("$..*.*", [[1], [2]], [1, 2], id="a wildcard after a wildcard"),
    ],
)
def test_deep_scans_with_jayways_quirks(source: str, document: Any, found: list[Any]) -> None:
    assert compile_jayway_path(source).find(document) == found


OUT_OF_BOUNDS = "Index out of bounds when evaluating path {}"
LEAF_ONLY = "Multi properties can only be used as path leafs: {}"


@pytest.mark.parametrize(
    ("source", "document", "text"),
    [
        pytest.param(
            "$.a[1:]", {"a": 1}, "Filter: [1:] can only be applied to arrays. Current context is: 1", id="no array"
        ),
        pytest.param(
            "$[0,1]['a']",
            {"x": True},
            "Filter: [0,1]['a'] can only be applied to arrays. Current context is: {x=true}",
            id="an object",
        ),
        pytest.param(
            "$.a[(@.length-1)].b",
            {"a": "text"},
            "Filter: [@.size()-1]['b'] can only be applied to arrays. Current context is: text",
            id="the last of a string",
        ),
        pytest.param("$.a[0,1]", {"a": None}, "The path $['a'] is null", id="null"),
        pytest.param(
            "$.a[?(@.b)]",
            {"a": 3},
            "Filter: [?] can not be applied to primitives. Current context is: 3",
            id="a filter of a number",
        ),
        pytest.param(
            "$.*.*.x",
            {"a": {"b": 1}},
            "Property ['x'] not found in path $['a']['b']",
            id="a name of what two wildcards found",
        ),
        pytest.param(
            "$.a['b','c']", {"a": 3}, "Property ['b', 'c'] not found in path $['a']", id="several names of a number"
        ),
        pytest.param("$['a','b'].v", {"a": 1}, LEAF_ONLY.format("$['a', 'b']"), id="several names on the way"),
        pytest.param("$.a[0,9]", {"a": [1]}, OUT_OF_BOUNDS.format("$['a'][9]"), id="one of several indices"),
        pytest.param("$[5].a[*]", [], OUT_OF_BOUNDS.format("$[5]"), id="an index past the end on the way"),
        pytest.param("$[-2:2]", FIVE, OUT_OF_BOUNDS.format("$[-2]"), id="a slice from a negative index to a positive"),
        pytest.param("$[-3:-1]", FIVE, OUT_OF_BOUNDS.format("$[-3]"), id="a slice between two negative bounds"),
        pytest.param("$[(@.length-1)]", [], OUT_OF_BOUNDS.format("$[-1]"), id="the last of nothing"),
        pytest.param("$..[0]", {"a": []}, OUT_OF_BOUNDS.format("$['a'][0]"), id="an index below, in an empty array"),
        pytest.param("$[0:1].a", [{}], "No results for path: $[0]['a']", id="a name at the end, of an element"),
        pytest.param("$..a.b.c", {"a": {}}, "Missing property in path $['a']['b']", id="a name between definite steps"),
        pytest.param("$[0]$.a", [{}], "No results for path: $['a']", id="after a root in the middle"),
    ],
)
def test_what_is_missing_is_told(source: str, document: Any, text: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_jayway_path(source).find(document)
    assert caught.value.text == text


def test_a_wildcard_over_an_array_passes_over_what_is_missing_but_not_over_what_is_no_array() -> None:
    path = compile_jayway_path("$[*][0].a")
    assert path.find([[{"a": 1}], [], [{}], [3]]) == [1]
    with pytest.raises(PathNotFound, match="can only be applied to arrays"):
        path.find([[{"a": 1}], {}])


def test_a_wildcard_over_an_object_passes_over_nothing() -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_jayway_path("$.*[0]").find({"a": [1], "b": []})
    assert caught.value.text == OUT_OF_BOUNDS.format("$['b'][0]")


def test_results_share_the_document() -> None:
    inner: dict[str, Any] = {"a": []}
    assert compile_jayway_path("$[*]").find([inner])[0] is inner
