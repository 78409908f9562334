"""YAML read into documents with the places of their parts; what would change without a word is refused."""

from __future__ import annotations

import importlib.metadata
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_sfn_sync.sources import Span, UnquotedText, UnreadableSourceError
from pytest_sfn_sync.sources.line_map import LONGEST_LOCATION
from pytest_sfn_sync.sources.yaml_source import NotAName, read_yaml
from tests.sources.slices import key_at, value_at
from tests.sources.test_json_source import documents, parts


def read(text: str) -> Any:
    return read_yaml(text, file=None)[0]


def span(text: str, location: str) -> tuple[int, ...]:
    found = read_yaml(text, file=None)[1].span(location)
    assert found is not None
    return tuple(found)


def refusal(text: str) -> tuple[str, int | None, int | None]:
    with pytest.raises(UnreadableSourceError) as raised:
        read(text)
    return raised.value.why, raised.value.line, raised.value.column


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1\nb:\n- x\n- c: 2\n", {"a": 1, "b": ["x", {"c": 2}]}, id="blocks"),
        pytest.param("{a: 1, b: [x, {c: 2}]}", {"a": 1, "b": ["x", {"c": 2}]}, id="in one line"),
        pytest.param("# one\na: 1 # two\n# three\nb: '# four'\n", {"a": 1, "b": "# four"}, id="comments"),
        pytest.param("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}, id="block scalars"),
        pytest.param("a: 'it''s'\nb: \"x\\ty\"\n", {"a": "it's", "b": "x\ty"}, id="quotes"),
        pytest.param("'a b': 1\n\"c\": 2\n'1': 3\n'yes': 4\n", {"a b": 1, "c": 2, "1": 3, "yes": 4}, id="quoted keys"),
        pytest.param("a: yes\nb: No\nc: on\nd: true\n", {"a": True, "b": False, "c": True, "d": True}, id="booleans"),
        pytest.param("a: ~\nb:\nc: null\n", {"a": None, "b": None, "c": None}, id="nulls"),
        pytest.param(
            "a: 012\nb: 0x1F\nc: 1_000\nd: 1:30\n", {"a": 10, "b": 31, "c": 1000, "d": 90}, id="numbers of 1.1"
        ),
        pytest.param("a: 1.5\nb: 1e3\nc: 0o17\n", {"a": 1.5, "b": "1e3", "c": "0o17"}, id="what looks like numbers"),
        pytest.param(
            "a: 2030-01-01\nb: 2030-01-01T00:00:00Z\n",
            {"a": "2030-01-01", "b": "2030-01-01T00:00:00Z"},
            id="dates stay texts",
        ),
        pytest.param("2030-01-01: 1\n", {"2030-01-01": 1}, id="as keys too"),
        pytest.param("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}, id="an alias"),
        pytest.param(
            "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}, id="a merge"
        ),
        pytest.param("<<: [{a: 1}, {a: 2, b: 3}]\nc: 4\n", {"a": 1, "b": 3, "c": 4}, id="a merge of several"),
        pytest.param("a: !!str 5\nb: !!int '5'\nc: ! x\n", {"a": "5", "b": 5, "c": "x"}, id="tags that say a kind"),
        pytest.param("--- # start\na: 1\n...\n", {"a": 1}, id="marks of a document"),
        pytest.param("%YAML 1.1\n---\na: 1\n", {"a": 1}, id="a directive"),
        pytest.param("\ufeffa: 1\n", {"a": 1}, id="a mark of byte order"),
        pytest.param("a: <<\nb: =\n", {"a": "<<", "b": "="}, id="marks as values"),
        pytest.param("? a\n: 1\n", {"a": 1}, id="a key with a question mark"),
        pytest.param('{"a": {"b": [1, null]}}', {"a": {"b": [1, None]}}, id="JSON is YAML"),
        pytest.param("- a\n- b\n", ["a", "b"], id="an array at the top"),
        pytest.param("just text\n", "just text", id="a text at the top"),
    ],
)
def test_documents(text: str, expected: Any) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "location", "expected"),
    [
        pytest.param("a: 1\nb: xy\n", "/b", (2, 1, 2, 4, 2, 6), id="a plain scalar"),
        pytest.param("a: 1\n'b': 'xy' # c\n", "/b", (2, 1, 2, 6, 2, 10), id="quotes and a comment"),
        pytest.param("a:\n  b:\n    c: 1\n", "/a/b/c", (3, 5, 3, 8, 3, 9), id="deep in blocks"),
        pytest.param("a:\n  b: 1\n  c: 2\nd: 3\n", "/a", (1, 1, 2, 3, 3, 7), id="a block ends with its last part"),
        pytest.param("a:\n  - 1\n  - b: 2\n    c: 3\n\nd: 3\n", "/a", (1, 1, 2, 3, 4, 9), id="so does an array"),
        pytest.param("a:\n  - 1\n  - b: 2\n    c: 3\n\nd: 3\n", "/a[1]", (3, 5, 3, 5, 4, 9), id="an item of it"),
        pytest.param("a: {b: [1, 2]}\n", "/a/b[1]", (1, 12, 1, 12, 1, 13), id="in one line"),
        pytest.param("a: [1,\n  2]\n", "/a", (1, 1, 1, 4, 2, 5), id="in brackets over lines"),
        pytest.param("a: {}\nb: []\n", "/b", (2, 1, 2, 4, 2, 6), id="empty"),
        pytest.param("a:\nb: 1\n", "/a", (1, 1, 1, 3, 1, 3), id="no value"),
        pytest.param("a: |\n  x\n  y\n\n\nb: 1\n", "/a", (1, 1, 1, 4, 3, 4), id="a literal block"),
        pytest.param("a:\n  b: >-\n    x\n    y\nc: 1\n", "/a/b", (2, 3, 2, 6, 4, 6), id="a folded block"),
        pytest.param("a: |\n  x\n", "", (1, 1, 1, 1, 2, 4), id="a block at the end"),
        pytest.param("a: 'x\n  y'\n", "/a", (1, 1, 1, 4, 2, 5), id="quotes over lines"),
        pytest.param("a: 1\r\nb: |\r\n  x\r\nc: 2\r\n", "/b", (2, 1, 2, 4, 3, 4), id="CRLF"),
        pytest.param("a: 1\r\nb: |\r\n  x\r\nc: 2\r\n", "/c", (4, 1, 4, 4, 4, 5), id="behind a block with CRLF"),
        pytest.param("é: 😀\nk: {ü: '😀', z: 1}\n", "/k/z", (2, 13, 2, 16, 2, 17), id="a character is one column"),
        pytest.param(
            "a: &x\n  b: 1\nc: *x\n", "/c", (3, 1, 1, 4, 2, 7), id="an alias: its key, and what it stands for"
        ),
        pytest.param("a: &x\n  b: 1\nc: *x\n", "/c/b", (2, 3, 2, 6, 2, 7), id="a part of what it stands for"),
        pytest.param("a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2\n", "/c/b", (2, 3, 2, 6, 2, 7), id="what is merged in"),
        pytest.param("a: &x\n  b: 1\nc:\n  <<: *x\n", "/c", (3, 1, 4, 3, 4, 3), id="it does not end before it begins"),
        pytest.param("a: !!str 5\n", "/a", (1, 1, 1, 4, 1, 11), id="a tag is part of its value"),
        pytest.param("? a\n: 1\n", "/a", (1, 3, 2, 3, 2, 4), id="a key with a question mark"),
        pytest.param("a: 'x\u2028  y'\nb: 1\n", "/b", (3, 1, 3, 4, 3, 5), id="a line separator ends a line"),
    ],
)
def test_lines_and_columns(text: str, location: str, expected: tuple[int, ...]) -> None:
    assert span(text, location) == expected


def test_the_lines_are_those_that_are_counted() -> None:
    _, line_map = read_yaml("a: 'x\u2028  y'\r\nb: 1\rc: 2\x85d: 3\n", file="m.yaml")
    assert line_map.lines == ["a: 'x", "  y'", "b: 1", "c: 2", "d: 3", ""]
    assert line_map.file == "m.yaml"
    found = line_map.span("/d")
    assert found is not None
    assert (key_at(line_map, found), value_at(line_map, found)) == ("d: ", "3")


@pytest.mark.parametrize(
    ("text", "why", "line", "column"),
    [
        pytest.param(
            "a: 1\nYes: 2\n",
            "the key Yes is a boolean in YAML, not a name; write it in quotes: 'Yes'",
            2,
            1,
            id="a boolean",
        ),
        pytest.param(
            "a:\n  No: 1\n",
            "the key No is a boolean in YAML, not a name; write it in quotes: 'No'",
            2,
            3,
            id="a boolean inside",
        ),
        pytest.param(
            "1: a\n", "the key 1 is a number in YAML, not a name; write it in quotes: '1'", 1, 1, id="a number"
        ),
        pytest.param(
            "1.5: a\n", "the key 1.5 is a number in YAML, not a name; write it in quotes: '1.5'", 1, 1, id="a fraction"
        ),
        pytest.param(
            "null: a\n", "the key null is null in YAML, not a name; write it in quotes: 'null'", 1, 1, id="null"
        ),
        pytest.param("~: a\n", "the key ~ is null in YAML, not a name; write it in quotes: '~'", 1, 1, id="a tilde"),
        pytest.param("? [a]\n: 1\n", "a key is a list or an object in YAML, not a name", 1, 3, id="a list"),
        pytest.param("a: .nan\n", ".nan is not a JSON number", 1, 4, id="a value that is not a number"),
        pytest.param("a: [1, -.inf]\n", "-.inf is not a JSON number", 1, 8, id="a value without end"),
        pytest.param(
            "a: 0b\nb: 1_\nc: !!int x\n",
            "x is no number (invalid literal for int() with base 10: 'x')",
            3,
            4,
            id="a number that is none",
        ),
        pytest.param(
            "a: !Sub x\n",
            "the tag !Sub means nothing in a definition, only in a template, which load_template reads",
            1,
            4,
            id="a template's tag",
        ),
        pytest.param(
            "a: !Ref {b: 1}\n",
            "the tag !Ref means nothing in a definition, only in a template, which load_template reads",
            1,
            4,
            id="a template's tag at an object",
        ),
        pytest.param("a: !!binary aGk=\n", "the tag !!binary means nothing in a definition", 1, 4, id="bytes"),
        pytest.param("a: !!set {b, c}\n", "the tag !!set means nothing in a definition", 1, 4, id="a set"),
        pytest.param(
            "a: !!python/object:os.system x\n",
            "the tag !!python/object:os.system means nothing in a definition",
            1,
            4,
            id="a Python object",
        ),
        pytest.param(
            "a: &x\n  b: *x\n", "an alias refers to a value that contains the alias", 1, 4, id="an endless alias"
        ),
    ],
)
def test_what_would_change_without_a_word(text: str, why: str, line: int, column: int) -> None:
    assert refusal(text) == (f"{why} (line {line}, column {column})", line, column)


@pytest.mark.parametrize(
    ("text", "key", "lines"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "a", (1, 3), id="in a block"),
        pytest.param("{a: 1, a: 2}", "a", (1, 1), id="in one line"),
        pytest.param("a:\n  b: 1\n  'b': 2\n", "b", (2, 3), id="with and without quotes"),
        pytest.param("- a: 1\n- b: 1\n  c: 2\n  b: 3\n", "b", (2, 4), id="in an item"),
        pytest.param("x: &x {p: 1}\ny:\n  <<: *x\n  p: 1\n  p: 2\n", "p", (4, 5), id="beside a merge"),
    ],
)
def test_a_key_that_stands_twice_is_refused(text: str, key: str, lines: tuple[int, int]) -> None:
    why, line, _ = refusal(text)
    assert (why, line) == (
        f"the key {key!r} stands twice in one object, at line {lines[0]} and at line {lines[1]}",
        lines[1],
    )


@pytest.mark.parametrize(
    ("text", "why", "line", "column"),
    [
        pytest.param("", "it is an empty YAML document", None, None, id="nothing"),
        pytest.param("# only\n", "it is an empty YAML document", None, None, id="a comment alone"),
        pytest.param(
            "a: 1\n---\nb: 2\n",
            "it is not YAML (expected a single document in the stream, but found another document at line 2, column 1)",
            2,
            1,
            id="two documents",
        ),
        pytest.param(
            "a: b: c\n",
            "it is not YAML (mapping values are not allowed in this context at line 1, column 5)",
            1,
            5,
            id="two colons",
        ),
        pytest.param(
            "\ta: 1\n",
            "it is not YAML (found character that cannot start any token at line 1, column 1)",
            1,
            1,
            id="a tab",
        ),
        pytest.param(
            "a: 'x", "it is not YAML (found unexpected end of stream at line 1, column 6)", 1, 6, id="a quote"
        ),
        pytest.param("a: *x\n", "it is not YAML (found undefined alias at line 1, column 4)", 1, 4, id="an alias"),
        pytest.param(
            "a: 1\nb: \x01\n",
            "it is not YAML (the character '\\x01' at line 2, column 4: control characters are not allowed)",
            2,
            4,
            id="a control character",
        ),
        pytest.param(
            "a: 1\nb: \ud800\n",
            "it is not YAML (the character '\\ud800' at line 2, column 4: surrogates not allowed)",
            2,
            4,
            id="half a character",
        ),
    ],
)
def test_what_is_no_yaml(text: str, why: str, line: int | None, column: int | None) -> None:
    assert refusal(text) == (why, line, column)


@pytest.mark.skipif(
    importlib.metadata.version("pyyaml") in ("6.0.1", "6.0.2", "6.0.3"), reason="this PyYAML ends Python itself here"
)
def test_what_is_nested_without_end_is_no_yaml() -> None:
    assert "exceeded maximum nesting depth" in refusal("a: " + "[" * 100_000)[0]


# Placeholders


def filled(text: str, **given: Any) -> Any:
    """Read a text; a string that is nothing but a placeholder becomes the value, in others it is inserted."""

    def fill_in(string: str) -> Any:
        for name, value in given.items():
            if string == f"${{{name}}}":
                return value
            string = string.replace(f"${{{name}}}", str(value))
        return string

    def all_filled_in(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: all_filled_in(member) for key, member in part.items()}
        if isinstance(part, str):
            return part.read_as(fill_in(part)) if isinstance(part, UnquotedText) else fill_in(part)
        return part

    return all_filled_in(read(text))


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        pytest.param("a: ${X}\n", "5", {"a": 5}, id="a number in a text, without quotes, is a number"),
        pytest.param("a: ${X}\n", "1.5", {"a": 1.5}, id="a fraction"),
        pytest.param("a: ${X}\n", "yes", {"a": True}, id="a boolean"),
        pytest.param("a: ${X}\n", "2030-01-01", {"a": "2030-01-01"}, id="a date stays a text"),
        pytest.param("a: ${X}\n", "x: y", {"a": "x: y"}, id="a text is not read as more than a scalar"),
        pytest.param("a: '${X}'\n", "5", {"a": "5"}, id="in quotes it stays a text"),
        pytest.param('a: "${X}"\n', "yes", {"a": "yes"}, id="in double quotes too"),
        pytest.param("a: |\n  ${X}\n", "5", {"a": "5\n"}, id="in a block too"),
        pytest.param("a: ${X}0\n", "5", {"a": 50}, id="the beginning of a number"),
        pytest.param("a: x${X}\n", "5", {"a": "x5"}, id="not at the beginning"),
        pytest.param("a: ${X}\n", {"b": [1]}, {"a": {"b": [1]}}, id="an object"),
        pytest.param("a: '${X}'\n", 5, {"a": 5}, id="a number that is one stays one"),
        pytest.param("a: &x ${X}\nb: *x\n", "5", {"a": 5, "b": 5}, id="behind an anchor"),
    ],
)
def test_what_is_filled_in(text: str, value: Any, expected: Any) -> None:
    assert filled(text, X=value) == expected


@pytest.mark.parametrize(
    "text", ["${X} ", "${X", "${ X }", "${X} y"], ids=["spaces", "no brace", "no name", "more than a placeholder"]
)
def test_a_string_in_which_nothing_is_filled_in_is_a_plain_one(text: str) -> None:
    found = filled(f"a: {text}\n")["a"]
    assert (found, type(found)) == (text.strip(), str)


def test_only_what_is_unquoted_in_a_definition_is_read_again() -> None:
    kinds = [type(item) is str for item in read("- '${X}'\n- \"${X}\"\n- |\n  ${X}\n- x${X}\n- ${X}\n")]
    assert kinds == [True, True, True, True, False]
    document, _ = read_yaml("${X}: ${X}\n", file=None, tags=lambda tag, value: value)
    assert [(type(key), type(value)) for key, value in document.items()] == [(str, str)]


@pytest.mark.parametrize("value", [".inf", "1" * 5000])
def test_a_number_that_json_does_not_have_is_not_filled_in(value: str) -> None:
    with pytest.raises(UnreadableSourceError, match="number"):
        filled("a: ${X}\n", X=value)


# Templates


def test_who_takes_tags_gets_them_with_what_they_stand_before() -> None:
    document, line_map = read_yaml(
        "a: !Sub x\nb: !If [c, !Ref d, 1]\n", file=None, tags=lambda tag, value: {tag.lstrip("!"): value}
    )
    assert document == {"a": {"Sub": "x"}, "b": {"If": ["c", {"Ref": "d"}, 1]}}
    found = line_map.span("/b[1]")
    assert found is not None
    assert value_at(line_map, found) == "!Ref d"


def test_in_a_template_a_key_may_be_no_name_and_says_why() -> None:
    document, _ = read_yaml("a: {200: x, Yes: y}\n", file=None, tags=lambda tag, value: value)
    first, second = document["a"]
    assert (first, second) == ("200", "Yes")
    assert isinstance(first, NotAName)
    assert first.why == "the key 200 is a number in YAML, not a name; write it in quotes: '200'"


# Every document


@settings(derandomize=True, database=None, deadline=None, max_examples=150, phases=[Phase.generate])
@given(
    documents,
    st.sampled_from([False, True, None]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([20, 80, 1000]),
    st.booleans(),
)
def test_every_part_of_every_document(document: Any, flow: Any, style: Any, width: int, unicode: bool) -> None:
    text = yaml.safe_dump(
        document, default_flow_style=flow, default_style=style, width=width, allow_unicode=unicode, sort_keys=False
    )
    found, line_map = read_yaml(text, file=None)
    assert found == yaml.safe_load(text) == document
    expected = dict(parts(document))
    assert line_map.spans.keys() == expected.keys()
    for location, value in expected.items():
        there = line_map.spans[location]
        assert there[:2] <= there[2:4] <= there[4:6]
        written = value_at(line_map, there)
        if there.value_line == there.end_line and not written.startswith(("|", ">", "?")):
            assert yaml.safe_load(written) == value


def test_parts_below_a_long_key_have_the_place_of_the_part_around_it() -> None:
    key = "k" * 2_000
    _, line_map = read_yaml(f"a:\n  short: [1]\n  ? {key}\n  : b:\n    - 0\n", file=None)

    assert max(map(len, line_map.spans)) <= LONGEST_LOCATION
    assert line_map.span("/a/short[0]") == Span(2, 11, 2, 11, 2, 12)
    assert line_map.span(f"/a/{key}/b[0]") == line_map.span("/a")
