"""Sources read in the first of two steps: documents as they are written, with lines by the names that keys get."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_sfn_sync.sources import SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.line_map import LineMap


def source(text: str, *, is_yaml: bool = False) -> SourceText:
    return SourceText(text=text, file="m", is_yaml=is_yaml)


def name_of(key: str, parent: str) -> str:
    return key.replace("${K}", "k")


def lines_of(line_map: LineMap) -> dict[str, int]:
    return {location: span.value_line for location, span in line_map.spans.items() if location}


@pytest.mark.parametrize(
    ("text", "is_yaml"),
    [
        pytest.param('{"${K}":\n {"a":\n  1}}', False, id="JSON"),
        pytest.param("${K}:\n  a:\n    1\n", True, id="YAML"),
    ],
)
def test_the_document_is_as_written_and_lines_go_by_other_names(text: str, is_yaml: bool) -> None:
    written = read(source(text, is_yaml=is_yaml))
    assert written.document == {"${K}": {"a": 1}}
    assert lines_of(written.line_map()) == {"/${K}/a": 3, "/${K}": 2}
    assert lines_of(written.line_map(name_of)) == {"/k/a": 3, "/k": 2}


def test_places_are_those_of_the_text_before_bare_placeholders_were_filled_in() -> None:
    given: list[tuple[str, int]] = []

    def filled(name: str, line: int) -> str:
        given.append((name, line))
        return "[1,\n2]"

    filled_in = source('{"a": "${A}",\n "b": ${B}, "c": 3}').with_bare_placeholders(filled)
    written = read(filled_in)
    assert given == [("B", 2)]
    assert filled_in.lines == ['{"a": "${A}",', ' "b": [1,', '2], "c": 3}']
    assert written.document == {"a": "${A}", "b": [1, 2], "c": 3}
    assert lines_of(written.line_map()) == {"/a": 1, "/b": 2, "/c": 2}


def test_yaml_has_no_bare_placeholders() -> None:
    text = source("a: ${A}\n", is_yaml=True)
    assert text.with_bare_placeholders(lambda name, line: "x") is text


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        pytest.param('{"a": 1}', None, {"a": 1}, id="JSON"),
        pytest.param('{"a": 1}', lambda tag, value: value, {"a": 1}, id="a template in JSON"),
        pytest.param("a: !B 1\n", lambda tag, value: {tag: value}, {"a": {"!B": "1"}}, id="a template in YAML"),
    ],
)
def test_a_source_whose_name_says_nothing(text: str, tags: Any, expected: Any) -> None:
    assert read(source(text), tags=tags).document == expected


def test_a_definition_whose_name_does_not_say_yaml_is_json() -> None:
    with pytest.raises(UnreadableSourceError, match="it is not JSON"):
        read(source("a: 1\n"))
