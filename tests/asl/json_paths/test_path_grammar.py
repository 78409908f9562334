"""What Jayway 2.0.0 takes for a path and what it refuses, in its own words."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_jayway_path

NO_COMPONENT = "Could not analyze path component: {}"
NO_NUMBER = 'java.lang.NumberFormatException: For input string: "{}"'
TOO_SHORT = "java.lang.StringIndexOutOfBoundsException: String index out of range: {}"
NO_OPERATOR = "java.lang.UnsupportedOperationException: CriteriaType  can not be parsed"
INVALID = "com.jayway.jsonpath.InvalidPathException: "


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("$.a..", "A path can not end with a scan.", id="two dots at the end"),
        pytest.param(" . ", "A path can not end with a scan.", id="one dot alone"),
        pytest.param("$a", "Invalid path $a", id="no dot after the root"),
        pytest.param("$$.a", "Invalid path $$.a", id="two dollars"),
        pytest.param("$. a", "Space not allowed in path", id="a blank after a dot"),
        pytest.param("$.a b", "Space not allowed in path", id="a blank within a name"),
        pytest.param("$['a'] ['b']", "Space not allowed in path", id="a blank between brackets"),
        pytest.param('$["a"]', NO_COMPONENT.format('["a"]'), id="double quotes"),
        pytest.param("$[a]", NO_COMPONENT.format("[a]"), id="a bare word in brackets"),
        pytest.param("$[]", NO_COMPONENT.format("[]"), id="empty brackets"),
        pytest.param("$.a[*", NO_COMPONENT.format("[*"), id="an open wildcard"),
        pytest.param("$[ * ]", NO_COMPONENT.format("[ * ]"), id="blanks around a wildcard"),
        pytest.param(
            "$[(@.count-1)]",
            "Invalid function: @.count. Supported functions are: [(@.length - n)] and [(@.size() - n)]",
            id="a script with another function",
        ),
    ],
)
def test_a_text_that_is_no_path_is_rejected_in_jayways_words(source: str, reason: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(source)
    assert (caught.value.reason, caught.value.text) == (reason, f"{INVALID}{reason}")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("", "json can not be null or empty", id="nothing"),
        pytest.param(" ", TOO_SHORT.format(0), id="a blank"),
        pytest.param("$[:]", NO_NUMBER.format(""), id="a slice without bounds"),
        pytest.param("$[::2]", NO_NUMBER.format(""), id="a slice with nothing but a step"),
        pytest.param("$[1-2]", NO_NUMBER.format("1-2"), id="a difference of indices"),
        pytest.param("$[0,,1]", NO_NUMBER.format(""), id="a missing index"),
        pytest.param("$[2147483648]", NO_NUMBER.format("2147483648"), id="no Java int"),
        pytest.param("$[0", TOO_SHORT.format(2), id="an open index"),
        pytest.param("$.a['b", TOO_SHORT.format(3), id="an open quote"),
        pytest.param("$[(@.length)]", TOO_SHORT.format(12), id="a script that takes nothing off"),
    ],
)
def test_a_text_that_java_fails_on_is_rejected_with_javas_exception(source: str, text: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(source)
    assert caught.value.text == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        pytest.param("(@.a and @.b)", f"{INVALID}{INVALID}Space not allowed in path", id="the word and"),
        pytest.param("(@.a in ['x'])", f"{INVALID}{INVALID}Space not allowed in path", id="the word in"),
        pytest.param("(@.a = 1)", f"{INVALID}{INVALID}Space not allowed in path", id="a single equals sign"),
        pytest.param("(@ contains 2)", f"{INVALID}{INVALID}Invalid path $ contains 2", id="a word after the item"),
        pytest.param("(@.a < 1 and @.b == 2)", f"{INVALID}{INVALID}Space not allowed in path", id="two operators"),
        pytest.param("(@.* == 1)", f"{INVALID}the predicate path: @.* is not definite", id="a wildcard on the left"),
        pytest.param("(1 == $..a)", f"{INVALID}the predicate path: $..a is not definite", id="a scan on the right"),
        pytest.param("(@.a && )", NO_OPERATOR, id="nothing after an operator"),
        pytest.param("()", NO_OPERATOR, id="no condition"),
        pytest.param("(a)", NO_OPERATOR, id="a bare word"),
        pytest.param("(!(@.a))", NO_OPERATOR, id="a negated path in parentheses"),
        pytest.param("((@.a) (@.b))", NO_OPERATOR, id="two conditions without an operator"),
        pytest.param(
            "@.a", f"{INVALID}Filter must start with '[?(' and end with ')]'. @.a", id="a condition without parentheses"
        ),
        pytest.param("@.a == [1, 2]", f"{INVALID}Filter brackets are not balanced", id="a bracket that ends too soon"),
        pytest.param("(@.a == 'x)", TOO_SHORT.format(14), id="an open string"),
        pytest.param("(@.a", TOO_SHORT.format(7), id="an open parenthesis"),
        pytest.param("(@.a =~ /(/)", TOO_SHORT.format(15), id="a parenthesis in a regular expression"),
    ],
)
def test_a_filter_that_is_none_is_rejected_in_jayways_words(condition: str, text: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(f"$[?{condition}]")
    assert caught.value.text == text


def test_text_before_the_question_mark_is_no_filter() -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path("$[x?(@.a)]")
    assert caught.value.reason == "Filter must start with '[?' and end with ']'. x?(@.a)"


def test_a_regular_expression_that_is_none_is_rejected() -> None:
    with pytest.raises(PathSyntaxError, match=r"java\.util\.regex\.PatternSyntaxException"):
        compile_jayway_path("$[?(@.a =~ /*a/)]")


@pytest.mark.parametrize(
    ("source", "document", "found"),
    [
        pytest.param("a.b", {"a": {"b": 1}}, 1, id="a text without root gets one"),
        pytest.param("@.a", {"a": 1}, 1, id="the root of filters is a root"),
        pytest.param("  $.a ", {"a": 1}, 1, id="blanks at both ends are left out"),
        pytest.param("$.", {"a": 1}, {"a": 1}, id="a dot at the end"),
        pytest.param("$...a", {"a": 1}, [1], id="three dots are a scan and a name"),
        pytest.param("$....a", {"a": 1}, [], id="a scan after a scan finds nothing"),
        pytest.param("$[0]xy", [{"xy": 1}], 1, id="a name right after a bracket needs no dot"),
        pytest.param("$[0]$.a", [{"a": 1}], 1, id="a root after a bracket stays where it is"),
        pytest.param("$[0]*", [[1, 2]], [1, 2], id="a wildcard right after a bracket"),
        pytest.param("$.a.[0]", {"a": [1]}, 1, id="a dot before a bracket"),
        pytest.param("$[ 'a' ]", {"a": 1}, 1, id="blanks around a quoted name"),
        pytest.param("$[ 0 ]", [1], 1, id="blanks around an index"),
        pytest.param("$[1 2]", list(range(13)), 12, id="blanks within an index"),
        pytest.param("$[01]", [0, 1], 1, id="a nought before an index"),
        pytest.param("$[1.5]", [0, 1], 1, id="a fraction in brackets"),
        pytest.param("$[+1]", [0, 1], 1, id="a plus sign in brackets"),
        pytest.param("$[k.2]", [0, 1, 2], 2, id="the first digit in brackets"),
        pytest.param("$[1,]", [0, 1], 1, id="a comma after an index"),
        pytest.param("$[0,1:2]", [0, 1, 2], [0, 1, 2], id="a slice after a comma is indices"),
        pytest.param("$[0:2:5]", [0, 1, 2], [0, 1], id="a step width"),
        pytest.param("$[1::2]", [0, 1, 2], [1, 2], id="a step width without an end"),
        pytest.param("$[0[1]]", [5], 5, id="brackets within brackets"),
        pytest.param("$['a' 'b']", {"a": 1, "b": 2}, {"a": 1, "b": 2}, id="names need no comma"),
        pytest.param("$.it's", {"it": 1}, 1, id="a name is cut at an apostrophe"),
        pytest.param("$['it\\'s']", {"it\\": 1}, 1, id="a backslash escapes nothing"),
        pytest.param("""$['Test\\""Name"']""", {'Test\\""Name"': 1}, 1, id="a backslash stays, as recorded from AWS"),
        pytest.param('$["it\'s"]', {"it": 1}, {}, id="an apostrophe in double quotes is an open name"),
        pytest.param("$.a]", {"a": 1}, {}, id="a bracket in a name ends it, which leaves no name"),
        pytest.param("$.1st", {"1st": 1}, 1, id="a name that starts with a digit"),
        pytest.param("$.0", {"0": 1}, 1, id="a name that is a number"),
        pytest.param("$.日本", {"日本": 1}, 1, id="a name in another script"),
        pytest.param("$.😀", {"😀": 1}, 1, id="a name beyond the basic plane"),
        pytest.param("$.a:b,c?d)e", {"a:b,c?d)e": 1}, 1, id="signs within a name"),
        pytest.param("$.*b", {"*b": 1}, 1, id="a star within a name"),
        pytest.param("$.$d", {"$d": 1}, 1, id="a dollar within a name"),
        pytest.param("$['']", {"": 1}, 1, id="the empty name"),
        pytest.param("$.a.length()", {"a": {"length()": 1}}, 1, id="what looks like a function is a name"),
        pytest.param("$.concat('x')", {"concat(": 1, ")": 2}, {"concat(": 1, ")": 2}, id="quotes within a name"),
    ],
)
def test_what_jayway_overlooks_is_overlooked(source: str, document: Any, found: Any) -> None:
    assert compile_jayway_path(source).find(document) == found
