"""Paths that lead to one value: what they find, and what is said where they find nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathNotFound, compile_path

NO_OBJECT = (
    "Expected to find an object with property {} in path {} but found '{}'. This is not a json object according to the "
    "JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."
)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("$.a", {"b": {"c": {"d": {"e": 5}}}}),
        ("$.a.b", {"c": {"d": {"e": 5}}}),
        ("$.a.b.c", {"d": {"e": 5}}),
        ("$.a.b.c.d", {"e": 5}),
        ("$.a.b.c.d.e", 5),
        ("$.list[0]", "x"),
        ("$.list[-1].y", None),
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
        pytest.param('$["a"]', {}, 'No results for path: $["a"]', "a", id="the last name, in the author's quotes"),
        pytest.param("$.a.b", {}, "Missing property in path $['a']", "a", id="a name on the way"),
        pytest.param("$.a.b.c", {"a": {}}, "Missing property in path $['a']['b']", "b", id="a later name on the way"),
        pytest.param("$.a[3]", {"a": [1]}, "No results for path: $['a'][3]", 3, id="an index past the end"),
        pytest.param(
            "$.a[-2].b", {"a": [1]}, "No results for path: $['a'][-2]['b']", -2, id="an index before the start"
        ),
        pytest.param("$.a", [1], NO_OBJECT.format("['a']", "$", "java.util.ArrayList"), "a", id="a name of an array"),
        pytest.param(
            "$.a.b", {"a": "x"}, NO_OBJECT.format("['b']", "$['a']", "java.lang.String"), "b", id="of a string"
        ),
        pytest.param("$.a.b", {"a": 1}, NO_OBJECT.format("['b']", "$['a']", "java.lang.Integer"), "b", id="of an int"),
        pytest.param(
            "$.a.b", {"a": 1 << 31}, NO_OBJECT.format("['b']", "$['a']", "java.lang.Long"), "b", id="of a long"
        ),
        pytest.param(
            "$.a.b",
            {"a": 1 << 63},
            NO_OBJECT.format("['b']", "$['a']", "java.math.BigInteger"),
            "b",
            id="of a big integer",
        ),
        pytest.param(
            "$.a.b", {"a": 1.5}, NO_OBJECT.format("['b']", "$['a']", "java.lang.Double"), "b", id="of a double"
        ),
        pytest.param(
            "$.a.b", {"a": True}, NO_OBJECT.format("['b']", "$['a']", "java.lang.Boolean"), "b", id="of a boolean"
        ),
        pytest.param("$.a.b", {"a": None}, NO_OBJECT.format("['b']", "$['a']", "null"), "b", id="of null"),
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
        pytest.param("$.a", None, "root can not be null", None, id="anything of a null document"),
    ],
)
def test_a_miss_is_told_in_jayways_words(source: str, document: Any, text: str, step: Any) -> None:
    with pytest.raises(PathNotFound) as caught:
        compile_path(source).find(document)
    assert (caught.value.text, str(caught.value), caught.value.step) == (text, text, step)
