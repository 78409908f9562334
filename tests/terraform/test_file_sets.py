"""The function fileset; the right values are those of Terraform 1.11."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync.terraform.file_sets import fileset
from pytest_sfn_sync.terraform.values import ValueKindError
from tests.terraform.written_configurations import write

FILES = {"main.tf": "", "d/x.json": "", "d/e/y.json": "", "d/.h.json": "", "d/z.txt": "", "d/a,b": ""}


@pytest.mark.parametrize(
    ("folder", "pattern", "found"),
    [
        pytest.param("d", "*.json", [".h.json", "x.json"], id="files of a folder"),
        pytest.param("d", "**/*.json", [".h.json", "e/y.json", "x.json"], id="files at any depth"),
        pytest.param("d", "**", [".h.json", "a,b", "e/y.json", "x.json", "z.txt"], id="all files"),
        pytest.param("", "d/{x,z}.*", ["d/x.json", "d/z.txt"], id="one of several names"),
        pytest.param("d", "[x-y].json", ["x.json"], id="a range of letters"),
        pytest.param("d", "[!x].txt", ["z.txt"], id="other letters"),
        pytest.param("d/..", "d/*/?.json", ["d/e/y.json"], id="one letter"),
        pytest.param("d", "../*.tf", ["../main.tf"], id="a folder above"),
        pytest.param("d", "a,b", ["a,b"], id="a comma"),
        pytest.param("d", r"\x.json", ["x.json"], id="a letter after a backslash"),
        pytest.param("none", "*", [], id="a folder that is missing"),
        pytest.param("d", "e", [], id="a folder as what is found"),
    ],
)
def test_the_files_that_fit_a_pattern(tmp_path: Path, folder: str, pattern: str, found: list[str]) -> None:
    write(tmp_path, FILES)
    assert sorted(fileset(folder, pattern, tmp_path)) == found


@pytest.mark.parametrize("pattern", ["[", "{a", "[z-a]"])
def test_what_is_no_pattern(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ValueKindError) as caught:
        fileset("", pattern, tmp_path)
    assert str(caught.value) == f"'{pattern}' is no pattern of paths"


def test_a_folder_with_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_sfn_sync.terraform.file_sets._MOST_FILES", 3)
    for at in range(4):
        (tmp_path / f"{at}.json").write_text("{}")
    with pytest.raises(ValueKindError, match="has more than 3 files and folders in it"):
        fileset("", "**", tmp_path)


def test_a_pattern_that_takes_too_many_steps(tmp_path: Path) -> None:
    (tmp_path / ("a" * 200)).write_text("")
    assert list(fileset("", "**/" * 50 + "a*", tmp_path)) == ["a" * 200]
    with pytest.raises(ValueKindError, match="takes too many steps"):
        fileset("", "*a" * 30 + "b", tmp_path)
