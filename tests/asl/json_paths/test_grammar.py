"""What Jayway takes for a path and what it refuses, in its own words."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_jayway_path

UNEXPECTED = "Could not parse token starting at position {}. Expected ?, ', 0-9, * "
UNCLOSED = "Arguments to function: '{}' are not closed properly."


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("", "json can not be null or empty", id="nothing"),
        pytest.param("$.", "Path must not end with a '.' or '..'", id="a dot at the end"),
        pytest.param("$.a..", "Path must not end with a '.' or '..'", id="two dots at the end"),
        pytest.param("$...a", "Character '.' on position 3 is not valid.", id="three dots"),
        pytest.param("$a", "Illegal character at position 1 expected '.' or '['", id="no dot after the root"),
        pytest.param("$. a", "Could not parse token starting at position 2", id="a blank after a dot"),
        pytest.param(
            "$.a b",
            "Use bracket notion ['my prop'] if your property contains blank characters. position: 2",
            id="a blank within a name",
        ),
        pytest.param("$['b", "Property has not been closed - missing closing '", id="an open quote"),
        pytest.param("$['a',]", "Found empty property at index 6", id="a comma before the bracket"),
        pytest.param("$['a',,'b']", "Found empty property at index 6", id="two commas"),
        pytest.param(
            "$['a''b']",
            "Property must be separated by comma or Property must be terminated close square bracket at index 4",
            id="two names without a comma",
        ),
        pytest.param("$[a]", UNEXPECTED.format(1), id="a bare word in brackets"),
        pytest.param("$[1.5]", UNEXPECTED.format(1), id="a fraction in brackets"),
        pytest.param("$[+1]", UNEXPECTED.format(1), id="a plus sign in brackets"),
        pytest.param("$[]", UNEXPECTED.format(1), id="empty brackets"),
        pytest.param("$[(@.length-1)]", UNEXPECTED.format(1), id="a script"),
        pytest.param("$[:]", "Failed to parse SliceOperation: :", id="a slice without bounds"),
        pytest.param("$[::-1]", "Failed to parse SliceOperation: ::-1", id="a slice with nothing but a step"),
        pytest.param("$[0 :1]", "Failed to parse SliceOperation: 0 :1", id="a blank within a slice"),
        pytest.param("$[1,]", "Failed to parse token in ArrayIndexOperation: ", id="a missing index"),
        pytest.param("$[1-2]", "Failed to parse token in ArrayIndexOperation: 1-2", id="a difference of indices"),
        pytest.param("$[2147483648]", "Failed to parse token in ArrayIndexOperation: 2147483648", id="no Java int"),
        pytest.param("$.a[*", "Expected wildcard token to end with ']' on position 5", id="an open wildcard"),
        pytest.param("$.a[?]", "Not enough predicates supplied for filter [?] at position 3", id="a placeholder"),
        pytest.param("$.a(", UNCLOSED.format("a"), id="an open function"),
        pytest.param("$.a.sum({)", UNCLOSED.format("sum"), id="an open brace in an argument"),
        pytest.param("$.sum(1})", "Unexpected close brace '}' at character position: 8", id="a brace too many"),
        pytest.param(
            "$.sum($.a )",
            "Use bracket notion ['my prop'] if your property contains blank characters. position: 2",
            id="a blank after a path in an argument",
        ),
        pytest.param(
            r"$['\u00zz']",
            "com.jayway.jsonpath.JsonPathException: Unable to parse unicode value: 00zz",
            id="a Unicode escape that is none",
        ),
        pytest.param(
            "$[", "java.lang.StringIndexOutOfBoundsException: String index out of range: 2", id="an end too soon"
        ),
    ],
)
def test_a_text_that_is_no_path_is_rejected_in_jayways_words(source: str, text: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(source)
    assert caught.value.text == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        pytest.param("", "Failed to parse filter: [?()], error on position: 3, char: )", id="no condition"),
        pytest.param("@.a <", "Failed to parse filter: [?(@.a <)], error on position: 8, char: )", id="no right side"),
        pytest.param("a < 1", "Failed to parse filter: [?(a < 1)], error on position: 3, char: a", id="a bare word"),
        pytest.param("@.a and @.b", "Expected character: )", id="an unknown operator"),
        pytest.param("@.a = 1", "Expected character: )", id="a single equals sign"),
        pytest.param(
            "@.a == 'x", "Could not find matching close quote for ' when parsing : $[?(@.a == 'x)]", id="an open string"
        ),
        pytest.param("true", "Expected path node", id="a literal alone"),
        pytest.param("@.a == tru", "Expected character: )", id="half a word"),
        pytest.param(
            "@.a =~ /(/", "Failed to parse filter: [?(@.a =~ /(/)], error on position: 13, char: )", id="no regex"
        ),
    ],
)
def test_a_filter_that_is_none_is_rejected_in_jayways_words(condition: str, text: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(f"$[?({condition})]")
    assert caught.value.text == text


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        pytest.param("a.b", {"a": {"b": 1}}, 1, id="a text without root gets one"),
        pytest.param("@.a", {"a": 1}, 1, id="the root of filters is a root"),
        pytest.param("$.a ", {"a": 1}, 1, id="blanks at the end are left out"),
        pytest.param("$.a[", {"a": 1}, 1, id="an open bracket at the very end is ignored"),
        pytest.param("$[0]x", [{"x": 1}], {"x": 1}, id="one character after a bracket at the end is ignored"),
        pytest.param("$[0]xy", [{"xy": 1}], 1, id="a name right after a bracket needs no dot"),
        pytest.param("$.a.[0]", {"a": [1]}, 1, id="a dot before a bracket"),
        pytest.param("$[ 'a' ]", {"a": 1}, 1, id="blanks around a quoted name"),
        pytest.param("$[ 0 ]", [1], 1, id="blanks around an index"),
        pytest.param('$["a"]', {"a": 1}, 1, id="double quotes"),
        pytest.param("$.1st", {"1st": 1}, 1, id="a name that starts with a digit"),
        pytest.param("$.0", {"0": 1}, 1, id="a name that is a number"),
        pytest.param("$.日本", {"日本": 1}, 1, id="a name in another script"),
        pytest.param("$.😀", {"😀": 1}, 1, id="a name beyond the basic plane"),
        pytest.param("$.a:b,c?d)e]f", {"a:b,c?d)e]f": 1}, 1, id="signs within a name"),
        pytest.param("$.$d", {"$d": 1}, 1, id="a dollar within a name"),
        pytest.param("$['']", {"": 1}, 1, id="the empty name"),
        pytest.param("$.**", {"a": {"b": 1}}, [{"b": 1}], id="a second wildcard at the very end is ignored"),
        pytest.param("$.**.b", {"a": {"c": {"b": 1}}}, [1], id="wildcards need no dot between"),
    ],
)
def test_what_jayway_overlooks_is_overlooked(source: str, document: Any, found: Any) -> None:
    assert compile_jayway_path(source).find(document) == found
