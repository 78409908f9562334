"""Texts that stand in a file as strings: each character is found again, in whatever style the string is written."""

from __future__ import annotations

import json

import pytest

from pytest_sfn_sync.sources import Span
from pytest_sfn_sync.sources.embedded_text import EmbeddedText, one_place, place_in_scalar
from pytest_sfn_sync.sources.json_source import json_line_map
from pytest_sfn_sync.sources.yaml_source import read_yaml


def places(text: str, *, is_yaml: bool = True) -> tuple[str, dict[str, tuple[int, int]]]:
    """Read a file whose member ``d`` is the string; give it and the place of each letter and digit in it."""
    if is_yaml:
        document, line_map = read_yaml(text, file=None, tags=lambda tag, value: value)
    else:
        document, line_map = json.loads(text), json_line_map(text, file=None)
    span = line_map.span("/d")
    assert span is not None
    place = place_in_scalar(document["d"], span, line_map.lines)
    value: str = document["d"]
    found = {character: place(position) for position, character in enumerate(value) if character.isalnum()}
    return value, {**found, "end": place(len(value))}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        pytest.param("d: abc\n", "abc", {"a": (1, 4), "c": (1, 6), "end": (1, 7)}, id="plain"),
        pytest.param("d: a\n  b\n  c\n", "a b c", {"a": (1, 4), "b": (2, 3), "c": (3, 3)}, id="plain on several lines"),
        pytest.param(
            "d: 'a''b'\n", "a'b", {"a": (1, 5), "b": (1, 8), "end": (1, 9)}, id="single quotes, a quote in it"
        ),
        pytest.param("d: 'a\n\n  b'\n", "a\nb", {"a": (1, 5), "b": (3, 3)}, id="single quotes on several lines"),
        pytest.param(
            'd: "a\\"b\\n c"\n', 'a"b\n c', {"a": (1, 5), "b": (1, 8), "c": (1, 12)}, id="double quotes, escapes"
        ),
        pytest.param(
            'd: "\\x41\\u0042\\U00000043d"\n',
            "ABCd",
            {"A": (1, 5), "B": (1, 9), "C": (1, 15), "d": (1, 25)},
            id="codes",
        ),
        pytest.param(
            'd: "a\\\n  \\ b\n  c"\n', "a b c", {"a": (1, 5), "b": (2, 5), "c": (3, 3)}, id="an escaped end of line"
        ),
        pytest.param(
            "d: |\n  a\n    b\n\n  c\n", "a\n  b\n\nc\n", {"a": (2, 3), "b": (3, 5), "c": (5, 3)}, id="a literal block"
        ),
        pytest.param("d: |-\n    a\n    b\n", "a\nb", {"a": (2, 5), "b": (3, 5)}, id="a literal block, stripped"),
        pytest.param(
            "d: |2\n    a\n  b\n", "  a\nb\n", {"a": (2, 5), "b": (3, 3)}, id="a literal block with its indentation"
        ),
        pytest.param(
            "d: >\n  a\n  b\n\n  c\n", "a b\nc\n", {"a": (2, 3), "b": (3, 3), "c": (5, 3)}, id="a folded block"
        ),
        pytest.param("d: !Sub |\n  a\n", "a\n", {"a": (2, 3)}, id="a block behind a tag"),
        pytest.param("d: !Sub 'a'\n", "a", {"a": (1, 10)}, id="quotes behind a tag"),
        pytest.param("d: &x !Sub abc\n", "abc", {"a": (1, 12)}, id="plain behind an anchor and a tag"),
        pytest.param("c: &x abc\nd: *x\n", "abc", {"a": (1, 7), "c": (1, 9)}, id="an alias, found where its anchor is"),
        pytest.param("d: ''\n", "", {"end": (1, 5)}, id="empty"),
    ],
)
def test_a_yaml_string(text: str, value: str, expected: dict[str, tuple[int, int]]) -> None:
    found, at = places(text)

    assert found == value
    assert {character: at[character] for character in expected} == expected


def test_a_json_string_with_escapes() -> None:
    text = '{\n  "d": "a\\n\\"b\\u0043\\ud83d\\ude00d\\/e"\n}'

    value, at = places(text, is_yaml=False)

    assert value == 'a\n"bC😀d/e'
    assert at == {"a": (2, 9), "b": (2, 14), "C": (2, 15), "d": (2, 33), "e": (2, 36), "end": (2, 37)}


def test_a_string_that_the_file_does_not_have_is_at_its_beginning() -> None:
    place = place_in_scalar("xyz", Span(1, 1, 1, 4, 1, 7), ["d: abc"])

    assert [place(position) for position in range(4)] == [(1, 4)] * 4


def test_pieces_one_after_the_other() -> None:
    embedded = EmbeddedText()
    embedded.add("ab", lambda position: (1, 10 + position))
    embedded.add_between("\n")
    embedded.add("${x}", one_place(2, 5))
    embedded.add("c", lambda position: (3, 1 + position))

    assert embedded.text == "ab\n${x}c"
    assert [embedded.place(position) for position in (0, 1, 2, 3, 6, 7, 8)] == [
        (1, 10),
        (1, 11),
        (1, 12),
        (2, 5),
        (2, 5),
        (3, 1),
        (3, 2),
    ]


def test_what_stands_between_before_any_piece() -> None:
    embedded = EmbeddedText()
    embedded.add_between(",")

    assert embedded.place(0) == (1, 1)


@pytest.mark.parametrize(
    "style",
    ["|\n  ", "|-\n  ", ">\n  ", "'", "!Sub |\n  ", ""],
    ids=["literal", "stripped", "folded", "single", "tag", "plain"],
)
def test_every_visible_character_is_where_it_says(style: str) -> None:
    content = '{"StartAt": "A",\n    "States": {"A": {"Type": "Pass",\n\n  "End": true}}}'.replace("\n", "\n  ")
    if style == "":
        content = "".join(character for character in content if character not in '{}":,')
    text = f"k: 1\nd: {style}{content}{style if style == chr(39) else ''}\n"
    document, line_map = read_yaml(text, file=None, tags=lambda tag, value: value)
    span = line_map.span("/d")
    assert span is not None

    place = place_in_scalar(document["d"], span, line_map.lines)

    for position, character in enumerate(document["d"]):
        if not character.isspace():
            line, column = place(position)
            assert line_map.lines[line - 1][column - 1] == character


def test_place_at_a_line_of_the_text() -> None:
    text = EmbeddedText()
    assert text.place_at(1) == (1, 1)
    text.add("ab\n", lambda position: (7, position + 1))
    text.add("cd", lambda position: (9, position + 5))
    assert [text.place_at(1, 2), text.place_at(2), text.place_at(2, 2), text.place_at(5)] == [
        (7, 2),
        (9, 5),
        (9, 6),
        (9, 7),
    ]
