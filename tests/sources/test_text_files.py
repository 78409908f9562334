"""What is no file to read: folders, pipes, devices, URLs, texts that are no path, and files that are too large."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_sfn_sync.sources.text_files import (
    MOST_BYTES,
    UnreadableSourceError,
    about_missing_file,
    path_fault,
    read_text_file,
)

BESIDE = "save it beside the test, and write the path of the file"


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        pytest.param("orders.json", None, id="a file"),
        pytest.param("C:/orders.json", None, id="a drive of Windows"),
        pytest.param(
            "s3://bucket/orders.json",
            "it is a URL, not a path; an object of S3 is not fetched: copy it to a file beside the test (aws s3 cp), "
            "and write the file's path",
            id="an object of S3",
        ),
        pytest.param(
            "https://example.com/orders.json",
            f"it is a URL, not a path; nothing is fetched from the network: {BESIDE}",
            id="an address of the web",
        ),
        pytest.param(
            "file:///orders.json", "it is a URL, not a path; write the path without 'file://'", id="a URL of a file"
        ),
        pytest.param("", "an empty text is no path", id="nothing"),
        pytest.param("x" * 5_000, "it has 5,000 characters, and a path has at most 4,096", id="a long text"),
        pytest.param(
            f"a/{'é' * 150}.json",
            "it has a name of 305 bytes, and the name of a file or folder has at most 255",
            id="a long name",
        ),
        pytest.param("a\0b", "a path can't have the character '\\x00'", id="NUL"),
        pytest.param("a\ud800", "a path can't have the character '\\ud800'", id="half a surrogate pair"),
    ],
)
def test_paths(path: str, fault: str | None) -> None:
    assert path_fault(path) == fault
    if fault is not None and path:
        with pytest.raises(UnreadableSourceError) as raised:
            read_text_file(Path(path))
        assert raised.value.why == fault


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(path))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(Path.mkdir, "it is a folder, not a file", id="a folder"),
        pytest.param(os.mkfifo, "it is a named pipe, not a file", id="a named pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "it is a device, not a file", id="a device"),
        pytest.param(
            large, "its file has 10,485,761 bytes; files of up to 10,485,760 bytes are read", id="a large file"
        ),
        pytest.param(lambda path: path.symlink_to(path), "its file can't be read: [Errno ", id="a link to itself"),
    ],
)
def test_files_that_are_not_opened(
    make: Callable[[Path], None], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.json"
    make(path)
    monkeypatch.setattr(Path, "read_text", lambda *arguments, **keywords: pytest.fail("it was opened"))

    with pytest.raises(UnreadableSourceError) as raised:
        read_text_file(path)
    assert raised.value.why.startswith(why)


def test_a_socket_is_no_file(tmp_path: Path) -> None:
    listening(tmp_path / "s")
    with pytest.raises(UnreadableSourceError, match="it is a socket, not a file"):
        read_text_file(tmp_path / "s")


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text(" " * MOST_BYTES)
    assert len(read_text_file(tmp_path / "orders.json")) == MOST_BYTES


def test_missing_files(tmp_path: Path) -> None:
    (tmp_path / "orders.json").touch()
    assert about_missing_file(tmp_path / "order.json") == (
        f"there is no file 'order.json' in {tmp_path}, which has orders.json"
    )
    assert about_missing_file(tmp_path / "no" / "order.json") == f"there is no folder {tmp_path / 'no'}"
