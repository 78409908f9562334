"""Paths that lead to one value: what they find, and what is said where they find nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.json_paths import PathNotFound, compile_path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("$.a", {"b": {"c": {"d": {"e": 5}}}}),
        ("$.a.b", {"c": {"d": {"e": 5}}}),
        ("$.a.b.c", {"d": {"e": 5}}),
        ("$.a.b.c.d", {"e": 5}),
        ("$.a.b.c.d.e", 5),
        ("$.list[0]", "x"),
        ("$.list[1].y", None),
        ("$['list'][1]['y']", None),
        ("$.false", False),
    ],
)
def test_the_value_is_found_as_it_is(source: str, found: Any) -> None:
    document = {"a": {"b": {"c": {"d": {"e": 5}}}}, "list": ["x", {"y": None}], "false": False}
    assert compile_path(source).find(document) == found


def test_nothing_is_copied() -> None:
    inner: dict[str, Any] = {"b": []}
    assert compile_path("$.a").find({"a": inner}) is inner


@pytest.mark.parametrize(
    ("source", "document", "text", "step"),
    [
        pytest.param("$.a", {}, "No results for path: $['a']", "a", id="the last name"),
        pytest.param("$.b.a", {"b": {}}, "No results for path: $['b']['a']", "a", id="the last of two names"),
        pytest.param("$.a.b", {}, "Missing property in path $['a']", "a", id="a name on the way"),
        pytest.param("$.a.b.c", {"a": {}}, "Missing property in path $['a']['b']", "b", id="a later name on the way"),
        pytest.param(
            "$.a[3]", {"a": [1]}, "Index out of bounds when evaluating path $['a'][3]", 3, id="an index past the end"
        ),
        pytest.param(
            "$.a[-1].b", {"a": [1]}, "Index out of bounds when evaluating path $['a'][-1]", -1, id="a negative index"
        ),
        pytest.param("$.a[-1].b", {}, "Missing property in path $['a']", "a", id="a name before a negative index"),
        pytest.param("$.a", [1], "Property ['a'] not found in path $", "a", id="a name of an array"),
        pytest.param("$.a.b", {"a": "x"}, "Property ['b'] not found in path $['a']", "b", id="a name of a string"),
        pytest.param("$.a.b", {"a": None}, "Property ['b'] not found in path $['a']", "b", id="a name of null"),
        pytest.param(
            "$.a.length()", {"a": [1]}, "Property ['length()'] not found in path $['a']", "length()", id="a function"
        ),
        pytest.param("$.a[0].b", {"a": None}, "The path $['a'] is null", 0, id="an index of null"),
        pytest.param(
            "$.a[0]",
            {"a": "xyz"},
            "Filter: [0] can only be applied to arrays. Current context is: xyz",
            0,
            id="an index of a string",
        ),
        pytest.param(
            "$.a[0]['b']",
            {"a": {"k": [1, None, 2.50], "e": {}}},
            "Filter: [0]['b'] can only be applied to arrays. Current context is: {k=[1, null, 2.5], e={}}",
            0,
            id="an index of an object",
        ),
    ],
)
def test_a_miss_is_told_in_jayways_words(source: str, document: Any, text: str, step: Any) -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_path(source).find(document)
    assert (caught.value.text, str(caught.value), caught.value.step) == (text, text, step)


@pytest.mark.parametrize("source", ["$", "$.a", "$[0]", "$.a[0]", "$.*", "$..a", "$[?(@.a)]"])
def test_a_path_on_a_null_document_fails_the_state(source: str) -> None:
    with pytest.raises(AslError) as caught:
        compile_path(source).find(None)
    assert (caught.value.error, caught.value.cause) == (
        "States.Runtime",
        "Unable to apply Path transformation to null or empty input.",
    )
