"""JSON with the places of its parts: every part is found where it is written, however it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.json_source import json_line_map, read_json, spans_of_json
from tests.sources.slices import key_at, value_at, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '{"a": 1, "b": [2, {"c": "x"}]}',
            {"/a": "1", "/b[0]": "2", "/b[1]/c": '"x"', "/b[1]": '{"c": "x"}', "/b": '[2, {"c": "x"}]'},
            id="objects and arrays",
        ),
        pytest.param(
            '{"a":{},"b":[],"c":[[],{}]}',
            {"/a": "{}", "/b": "[]", "/c[0]": "[]", "/c[1]": "{}", "/c": "[[],{}]"},
            id="empty ones",
        ),
        pytest.param(
            '{ "a" : [ 1 , 2 ] , "b" : { } }',
            {"/a[0]": "1", "/a[1]": "2", "/a": "[ 1 , 2 ]", "/b": "{ }"},
            id="much space",
        ),
        pytest.param(
            '{"a":[[1,[2]],[3]]}',
            {
                "/a[0][0]": "1",
                "/a[0][1][0]": "2",
                "/a[0][1]": "[2]",
                "/a[0]": "[1,[2]]",
                "/a[1][0]": "3",
                "/a[1]": "[3]",
                "/a": "[[1,[2]],[3]]",
            },
            id="arrays in arrays",
        ),
        pytest.param('{"a":-1.5e+3,"b":true,"c":null}', {"/a": "-1.5e+3", "/b": "true", "/c": "null"}, id="words"),
        pytest.param('{"a":"{}[]:,","b":1}', {"/a": '"{}[]:,"', "/b": "1"}, id="marks in a string"),
        pytest.param(r'{"a":"\"}\\","b":1}', {"/a": r'"\"}\\"', "/b": "1"}, id="escapes in a string"),
        pytest.param(r'{"a\"b":1,"c\\":2,"\u00e9":3}', {'/a"b': "1", "/c\\": "2", "/é": "3"}, id="escapes in keys"),
        pytest.param(r'{"\ud83d\ude00":1}', {"/😀": "1"}, id="a key of the upper planes, escaped"),
        pytest.param('{"é😀":"日本","z":1}', {"/é😀": '"日本"', "/z": "1"}, id="other alphabets"),
        pytest.param('{"a/b":{"c[0]":1}}', {"/a/b/c[0]": "1", "/a/b": '{"c[0]":1}'}, id="marks of locations in keys"),
        pytest.param('{"":{"":1}}', {"//": "1", "/": '{"":1}'}, id="empty keys"),
        pytest.param('[1,{"a":2}]', {"[0]": "1", "[1]/a": "2", "[1]": '{"a":2}'}, id="an array at the top"),
        pytest.param('"x"', {}, id="a string at the top"),
        pytest.param("\n 5 ", {}, id="a number at the top, with space around it"),
    ],
)
def test_parts(text: str, expected: dict[str, str]) -> None:
    assert values(json_line_map(text, file=None)) == {**expected, "": text.strip()}


@pytest.mark.parametrize(
    ("text", "location", "expected"),
    [
        pytest.param('{\n  "a": 1,\n  "b": 2\n}', "/b", (3, 3, 3, 8, 3, 9), id="lines"),
        pytest.param('{\r\n  "a": 1,\r\n  "b": 2\r\n}', "/b", (3, 3, 3, 8, 3, 9), id="lines with CRLF"),
        pytest.param('{\n\t"a":\t1\n}', "/a", (2, 2, 2, 7, 2, 8), id="tabs are one column"),
        pytest.param('{"é😀": 1}', "/é😀", (1, 2, 1, 8, 1, 9), id="a character is one column"),
        pytest.param('{"a": [\n1,\n2\n]\n}', "/a", (1, 2, 1, 7, 4, 2), id="an array of several lines"),
        pytest.param('{"a":\n\n  {"b":\n 1}}', "/a", (1, 2, 3, 3, 4, 4), id="a value far from its key"),
        pytest.param('{"a": [\n  1,\n  {"b": 2}]}', "/a[1]", (3, 3, 3, 3, 3, 11), id="an item has no key"),
        pytest.param('{"a": "x\u2028y", "b": 1}', "/b", (1, 14, 1, 19, 1, 20), id="a line separator ends no line"),
    ],
)
def test_lines_and_columns(text: str, location: str, expected: tuple[int, ...]) -> None:
    span = json_line_map(text, file=None).span(location)
    assert span == expected


def test_a_file_of_one_line() -> None:
    document = {"StartAt": "S0", "States": {f"S{index}": {"Type": "Succeed"} for index in range(200)}}
    text = json.dumps(document, separators=(",", ":"))
    line_map = json_line_map(text, file=None)
    span = line_map.span("/States/S150/Type")
    assert span is not None
    assert (key_at(line_map, span), value_at(line_map, span), span.line) == ('"Type":', '"Succeed"', 1)
    assert span.value_column == text.index('"S150"') + len('"S150":{"Type":') + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"a": ${X}, "b": 1}', {"/a": "${X}", "/b": "1"}, id="bare"),
        pytest.param('{"a": ${AWS::Region}}', {"/a": "${AWS::Region}"}, id="bare, with colons"),
        pytest.param('{"a": [${X},${Y}]}', {"/a[0]": "${X}", "/a[1]": "${Y}", "/a": "[${X},${Y}]"}, id="in an array"),
        pytest.param('{"a": 1${X}0}', {"/a": "1${X}0"}, id="in the middle of a number"),
        pytest.param('{"a": "${X} y"}', {"/a": '"${X} y"'}, id="in a string"),
        pytest.param('{"a": ${X}\n}', {"/a": "${X}"}, id="at the end of a line"),
    ],
)
def test_placeholders(text: str, expected: dict[str, str]) -> None:
    assert values(json_line_map(text, file=None)) == {**expected, "": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"${K}": {"b": 1}}', {"/k/b": "1", "/k": '{"b": 1}'}, id="as a key"),
        pytest.param('{"x${K}": 1, "y": 2}', {"/xk": "1", "/y": "2"}, id="in a key"),
    ],
)
def test_placeholders_in_keys(text: str, expected: dict[str, str]) -> None:
    line_map = json_line_map(text, file=None).renamed(json.loads(text), lambda key, parent: key.replace("${K}", "k"))
    assert values(line_map) == {**expected, "": text}


def test_who_renames_a_key_is_given_the_location_of_its_object() -> None:
    given: list[tuple[str, str]] = []

    def name_of(key: str, parent: str) -> str:
        given.append((key, parent))
        return key.upper()

    text = '{"a": [{"b": {"c": 1}}]}'
    line_map = json_line_map(text, file="m.json").renamed(json.loads(text), name_of)
    assert given == [("a", ""), ("b", "/A[0]"), ("c", "/A[0]/B")]
    assert (line_map.file, line_map.lines) == ("m.json", [text])


def test_inner_parts_come_first() -> None:
    assert [location for location, _ in spans_of_json('{"a": {"b": [1]}, "c": 2}')] == [
        "/a/b[0]",
        "/a/b",
        "/a",
        "/c",
        "",
    ]


def test_what_comes_behind_the_document_is_not_looked_at() -> None:
    assert [location for location, _ in spans_of_json('{"a": 1} }')] == ["/a", ""]


# Reading


@pytest.mark.parametrize(
    ("text", "why", "place"),
    [
        pytest.param(
            '{"a": 1, "a": 2}',
            "the key 'a' stands twice in one object, at line 1 and at line 1",
            (1, 10),
            id="on one line",
        ),
        pytest.param(
            '{"a": 1,\n "b": 2,\n "a": 3}',
            "the key 'a' stands twice in one object, at line 1 and at line 3",
            (3, 2),
            id="on two lines",
        ),
        pytest.param(
            '{"a": 1,\n "\\u0061": 2}',
            "the key 'a' stands twice in one object, at line 1 and at line 2",
            (2, 2),
            id="written in two ways",
        ),
        pytest.param(
            '[{"a": 1}, {"a": 1,\n"a": 2}]',
            "the key 'a' stands twice in one object, at line 1 and at line 2",
            (2, 1),
            id="in an array",
        ),
        pytest.param(
            '{"States": {"A": {"b": 1},\n "A": {"b": 2}}}',
            "the key 'A' stands twice in one object, at line 1 and at line 2",
            (2, 2),
            id="the outer key, not what is in it",
        ),
        pytest.param(
            '{"a": {"a": 1},\n"a": {"a": 2}}',
            "the key 'a' stands twice in one object, at line 1 and at line 2",
            (2, 1),
            id="the outer key, though an inner one is called alike",
        ),
        pytest.param(
            '{"a/b": 1,\n"a/b": 2}',
            "the key 'a/b' stands twice in one object, at line 1 and at line 2",
            (2, 1),
            id="a key with a slash",
        ),
        pytest.param(
            '{"a": {"b": 1}, "a/b": 1, "cc": 1,\n"cc": 2}',
            "the key 'cc' stands twice in one object, at line 1 and at line 2",
            (2, 1),
            id="not keys whose locations only look alike",
        ),
    ],
)
def test_a_key_that_stands_twice_is_refused(text: str, why: str, place: tuple[int, int]) -> None:
    with pytest.raises(UnreadableSourceError) as raised:
        read_json(text)
    assert (raised.value.why, (raised.value.line, raised.value.column)) == (why, place)


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        pytest.param('{"a": }', "it is not JSON (Expecting value at line 1, column 7)", 1, id="a value is missing"),
        pytest.param('{\n"a": 1', "it is not JSON (Expecting ',' delimiter at line 2, column 7)", 2, id="an end"),
        pytest.param(
            '{"a": "x\ny"}',
            "it is not JSON (Invalid control character at line 1, column 9)",
            1,
            id="a line feed in a string",
        ),
        pytest.param('{"a": NaN}', "it is not JSON (NaN is not a JSON number)", None, id="not a number"),
        pytest.param('{"a": -Infinity}', "it is not JSON (-Infinity is not a JSON number)", None, id="no end"),
        pytest.param("", "it is not JSON (Expecting value at line 1, column 1)", 1, id="nothing"),
    ],
)
def test_what_is_no_json(text: str, why: str, line: int | None) -> None:
    with pytest.raises(UnreadableSourceError) as raised:
        read_json(text)
    assert (raised.value.why, raised.value.line) == (why, line)


def test_keys_may_stand_in_several_objects() -> None:
    text = '{"a": {"a": [{"a": 1}, {"a": 2}]}}'
    assert read_json(text) == json.loads(text)


# Every document

keys = st.text(st.characters(codec="utf-8", exclude_characters="/["), max_size=5)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


def parts(document: Any, location: str = "") -> Iterator[tuple[str, Any]]:
    yield location, document
    if isinstance(document, dict):
        for key, value in document.items():
            yield from parts(value, f"{location}/{key}")
    elif isinstance(document, list):
        for index, item in enumerate(document):
            yield from parts(item, f"{location}[{index}]")


@settings(derandomize=True, database=None, deadline=None, max_examples=150, phases=[Phase.generate])
@given(documents, st.sampled_from([None, 0, 1, "\t"]), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_every_part_of_every_document(document: Any, indent: Any, ascii_only: bool, line_end: str) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only).replace("\n", line_end)
    line_map = json_line_map(text, file=None)
    expected = dict(parts(document))
    assert line_map.spans.keys() == expected.keys()
    for location, value in expected.items():
        span = line_map.spans[location]
        assert json.loads(value_at(line_map, span)) == value
        key = key_at(line_map, span).strip()
        if key:
            assert json.loads(key.removesuffix(":")) == location.rpartition("/")[2]
