"""Functions at the end of a path."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathNotFound, compile_jayway_path


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        ("$.length()", [1, 2], 2),
        ("$.length()", {"a": 1}, 1),
        ("$.length()", "text", None),
        ("$.a.size()", {"a": [1]}, 1),
        ("$[*].length()", [[1], {"a": 1, "b": 2}, 5], [1, 2, None]),
        pytest.param("$..id.length()", {"a": {"id": 1}, "id": 2}, 0, id="length of a scan counts what is below"),
        pytest.param("$.length($.b)", {"b": {"x": [1], "y": [1, 2, 3]}}, 3, id="length of a path: of the last below"),
        ("$.sum()", [1, 2.5, "3", True], 3.5),
        ("$.avg()", [1, 2], 1.5),
        ("$.min()", [3, 1], 1.0),
        ("$.max()", [3, 1], 3.0),
        pytest.param("$.max()", [-3, -1], 5e-324, id="max starts above zero"),
        ("$.stddev()", [3, 1, 2], 0.8164965809277263),
        ("$.sum($.a, 4)", {"a": [1, 2]}, 7.0),
        ("$..a.sum()", {"a": 1, "b": {"a": 2}}, 3.0),
        ("$.keys()", {"b": 1, "a": 2}, ["b", "a"]),
        ("$.keys()", [1], None),
        ("$.concat()", ["a", 1, "b"], "ab"),
        ('$.concat("x", $.b, 2.50)', {"b": [None, 1, [True]]}, "x1[true]2.5"),
        pytest.param("$.concat('x')", ["a"], "a", id="an argument in single quotes is passed over"),
        pytest.param('$.concat("a,b")', [], "ab", id="a comma within an argument is lost"),
        ('$.append(4, "x", {"k": []})', [1], [1, 4, "x", {"k": []}]),
        ("$.append(4)", "text", "text"),
        ("$.first()", [1, 2], 1),
        ("$.last()", [1, 2], 2),
        ("$.index(1)", [1, 2], 2),
        ("$.index(-1)", [1, 2], 2),
        pytest.param("$[*].first()", [[], [1]], [1], id="after an array step, an empty array is passed over"),
    ],
)
def test_functions(source: str, document: Any, found: Any) -> None:
    assert compile_jayway_path(source).find(document) == found


@pytest.mark.parametrize(
    ("source", "document", "text"),
    [
        ("$.sort()", [1], "Function with name: sort does not exist."),
        ("$.sum()", [], "Aggregation function attempted to calculate value using empty array"),
        ("$.first()", "x", "Aggregation function attempted to calculate value using empty array"),
        ("$.first()", [], "Index 0 out of bounds for length 0"),
        ("$.index(9)", [1], "Index 9 out of bounds for length 1"),
        ("$.index()", [1], "Index 0 out of bounds for length 0"),
        pytest.param("$.last()", [1], "Target index:-1 larger than object count:1", id="the last of one"),
        ("$[0].first()", [[]], "No results for path: $[0].first()"),
        ("$.a.length()", {}, "Missing property in path $['a']"),
        ("$.length($.b)", {}, "No results for path: $['b']"),
        ("$..length()", {}, "Current path token is a leaf"),
        pytest.param(
            "$.length().x",
            {"a": 1},
            "Expected to find an object with property [')'] in path $ but found 'java.lang.Integer'. This is not "
            "a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
            id="a step after a call without arguments",
        ),
    ],
)
def test_a_function_that_fails_is_told_in_jayways_words(source: str, document: Any, text: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_jayway_path(source).find(document)
    assert caught.value.text == text


def test_append_leaves_the_document_alone() -> None:
    document = {"a": [1]}
    before = copy.deepcopy(document)
    assert compile_jayway_path("$.a.append(2)").find(document) == [1, 2]
    assert document == before


@pytest.mark.parametrize("argument", ["{a:1}", "-", "01", '{"a"}'])
def test_an_argument_that_is_no_json_is_not_found(argument: str) -> None:
    with pytest.raises(PathNotFound, match=r"com\.fasterxml\.jackson\.core\.JsonParseException: "):
        compile_jayway_path(f"$.append({argument})").find([])
