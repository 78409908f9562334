"""Lines and columns by location: the nearest part that a text has, parts as documents of their own, positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync.sources import LineMap, SourceText, Span, UnreadableSourceError
from pytest_sfn_sync.sources.json_source import json_line_map
from pytest_sfn_sync.sources.line_map import LONGEST_LOCATION, LineIndex, parent_of
from pytest_sfn_sync.sources.source_text import shown_path

TEXT = """\
{
  "States": {
    "A": {"Next": "B", "Retry": [{"MaxAttempts": 1}, {}]},
    "AB": {}
  }
}"""


@pytest.fixture
def line_map() -> LineMap:
    return json_line_map(TEXT, file="m.json")


def place(line_map: LineMap, location: str | None) -> tuple[int, int] | None:
    span = line_map.span(location)
    return None if span is None else (span.line, span.column)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        pytest.param("/States/A/Next", (3, 11), id="a member"),
        pytest.param("/States/A/Retry[0]/MaxAttempts", (3, 35), id="a member of an item"),
        pytest.param("/States/A/Retry[1]", (3, 54), id="an item"),
        pytest.param("/States/A/Retry[2]", (3, 24), id="an item that is not there: its array"),
        pytest.param("/States/A/Retry[0]/BackoffRate", (3, 34), id="a member that is not there: its object"),
        pytest.param("/States/A/Parameters/a/b[3][1]/c", (3, 5), id="far inside what is not there"),
        pytest.param("/States/C/Next", (2, 3), id="a state that is not there"),
        pytest.param("/StartAt", (1, 1), id="a member of the document that is not there: the document"),
        pytest.param("/", (1, 1), id="the document, as AWS writes it"),
        pytest.param("", (1, 1), id="the document"),
        pytest.param("nowhere", None, id="no location at all"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_part_or_the_nearest_around_it(line_map: LineMap, location: str | None, expected: tuple[int, int]) -> None:
    assert place(line_map, location) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/States/A/Next", "/States/A"),
        ("/States/A", "/States"),
        ("/States", ""),
        ("", None),
        ("[0]", ""),
        ("/a[0][1]", "/a[0]"),
        ("/a[0]/b", "/a[0]"),
    ],
)
def test_what_a_part_stands_in(location: str, expected: str | None) -> None:
    assert parent_of(location) == expected


def test_parts_below_a_long_key_have_the_place_of_the_part_around_it() -> None:
    key = "k" * 2_000 + "/" * 2_000
    line_map = json_line_map(f'{{"a": {{"short": [1],\n"{key}": {{"b": [\n0, 1]}}}}}}', file=None)

    assert max(map(len, line_map.spans)) <= LONGEST_LOCATION
    assert place(line_map, "/a/short[0]") == (1, 18)
    assert place(line_map, f"/a/{key}/b[1]") == (1, 2)
    assert place(line_map, f"/a/{'/' * 1_000_000}") == (1, 2)
    part = line_map.within(f"/a/{key}")
    assert place(part, "/b") == place(part, "") == (1, 2)
    assert set(part.spans) == {""}


def test_a_part_as_a_document_of_its_own(line_map: LineMap) -> None:
    part = line_map.within("/States/A")
    assert set(part.spans) == {"", "/Next", "/Retry", "/Retry[0]", "/Retry[0]/MaxAttempts", "/Retry[1]"}
    assert place(part, "/Retry[0]/MaxAttempts") == (3, 35)
    assert place(part, "/") == (3, 5)
    assert (part.file, part.lines) == ("m.json", line_map.lines)


def test_a_part_within_a_part(line_map: LineMap) -> None:
    part = line_map.within("/States").within("/A/Retry")
    assert set(part.spans) == {"", "[0]", "[0]/MaxAttempts", "[1]"}
    assert place(part, "[1]") == (3, 54)


def test_a_part_that_is_not_there_has_no_parts(line_map: LineMap) -> None:
    part = line_map.within("/Nowhere")
    assert dict(part.spans) == {}
    assert part.span("/Next") is None


def test_the_whole_within_itself_is_the_whole(line_map: LineMap) -> None:
    assert line_map.within("").spans == line_map.spans


def test_a_span_tells_key_value_and_end(line_map: LineMap) -> None:
    assert line_map.span("/States/A/Next") == Span(3, 11, 3, 19, 3, 22)
    assert line_map.span("/States") == Span(2, 3, 2, 13, 5, 4)


@pytest.mark.parametrize(
    ("position", "expected"),
    [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (5, (3, 2)), (6, (3, 3))],
)
def test_line_and_column_of_a_position(position: int, expected: tuple[int, int]) -> None:
    assert LineIndex("ab\n\nde").place(position) == expected


def test_only_a_line_feed_ends_a_line_of_json() -> None:
    assert LineIndex("a\u2028b\rc\r\nd").place(7) == (2, 1)


# Files


@pytest.mark.parametrize(
    ("name", "is_yaml"),
    [
        ("orders.asl.json", False),
        ("orders.json", False),
        ("orders.asl", False),
        ("orders", False),
        ("orders.asl.yaml", True),
        ("orders.yml", True),
        ("ORDERS.YAML", True),
        ("orders.asl.yml.tftpl", True),
        ("yaml", False),
    ],
)
def test_a_file_is_yaml_where_its_name_says_so(tmp_path: Path, name: str, is_yaml: bool) -> None:
    (tmp_path / name).write_text("{}", encoding="utf-8")
    source = SourceText.of_file(tmp_path / name)
    assert (source.is_yaml, source.file, source.text) == (is_yaml, str(tmp_path / name), "{}")


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(b"\xef\xbb\xbf{}")
    assert SourceText.of_file(tmp_path / "m.json").text == "{}"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(UnreadableSourceError, match="its file can't be read: 'utf-8' codec can't decode"):
        SourceText.of_file(tmp_path / "latin.json")
    with pytest.raises(UnreadableSourceError, match="it has a name of 300 bytes, and the name of a file or folder has"):
        SourceText.of_file(tmp_path / ("n" * 300))
    with pytest.raises(UnreadableSourceError, match=r"its file can't be read: .*Not a directory"):
        SourceText.of_file(tmp_path / "latin.json" / "m.json")
    with pytest.raises(FileNotFoundError):
        SourceText.of_file(tmp_path / "none.json")


def test_lines_are_counted_as_by_whoever_reads_them() -> None:
    text = "a\r\nb\u2028c\x85d\n"
    assert SourceText(text=text, file=None, is_yaml=False).lines == ["a\r", "b\u2028c\x85d", ""]
    assert SourceText(text=text, file=None, is_yaml=True).lines == ["a", "b", "c", "d", ""]


def test_paths_are_shown_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inside, outside = tmp_path / "a" / "m.json", tmp_path.parent / "other" / "m.json"
    assert shown_path(str(inside)) == str(Path("a", "m.json"))
    assert shown_path(str(outside)) == str(outside)
    assert shown_path("the marker of test_it") == "the marker of test_it"
