"""Text files that a test names: the only place that opens them.

A path is looked at before it is used, and a file before it is read: a FIFO would wait for ever, ``/dev/zero`` has no
end, and a text with a scheme (``s3://``) is no path. Files of more than `MOST_BYTES` are refused.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, shown_text, shown_value

_Content = TypeVar("_Content", str, bytes)

MOST_BYTES: Final = 10 * 1024 * 1024
"""The largest file that is read. AWS takes definitions and templates of at most 1 MB."""

_LONGEST_PATH: Final = 4_096
_LONGEST_NAME: Final = 255
_SEPARATOR: Final = re.compile(r"[/\\]" if os.name == "nt" else "/")
_MOST_NAMED: Final = 5

# A Path has one slash where a URL has two. One letter before the colon is a drive of Windows.
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")

_WAYS_OUT: Final = {
    "s3": "an object of S3 is not fetched: copy it to a file beside the test (aws s3 cp), and write the file's path",
    "file": "write the path without 'file://'",
}
_NOT_FETCHED: Final = "nothing is fetched from the network: save it beside the test, and write the path of the file"

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


class UnreadableSourceError(Exception):
    """A text is not valid: the reason and the place. Lines and columns are counted from 1."""

    def __init__(self, why: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column


def path_fault(path: str) -> str | None:
    """Return why a text can't be the path of a file, and what to write instead; None if it can be one."""
    scheme = _SCHEME.match(path)
    if scheme is not None:
        return f"it is a URL, not a path; {_WAYS_OUT.get(scheme[1].lower(), _NOT_FETCHED)}"
    if not path:
        return "an empty text is no path"
    if len(path) > _LONGEST_PATH:
        return f"it has {len(path):,} characters, and a path has at most {_LONGEST_PATH:,}"
    unfit = _UNFIT.search(path)
    if unfit is not None:
        return f"a path can't have the character {unfit[0]!r}"
    longest = max(len(name.encode()) for name in _SEPARATOR.split(path))
    if longest > _LONGEST_NAME:
        return f"it has a name of {longest:,} bytes, and the name of a file or folder has at most {_LONGEST_NAME}"
    return None


def real_path(path: Path) -> Path:
    """Return a path without symbolic links; a link that leads to itself stays, where ``Path.resolve`` would fail."""
    return Path(os.path.realpath(path))


def read_text_file(path: Path) -> str:
    """Return the text of a regular file in UTF-8.

    Raise FileNotFoundError if there is no such file, and UnreadableSourceError for anything that can't be read: another
    kind of file, one of more than `MOST_BYTES`, one that isn't UTF-8, and a text that is no path.
    """
    return _read(path, lambda: path.read_text(encoding="utf-8-sig"))


def read_bytes_of_file(path: Path) -> bytes:
    """Return the content of a regular file; the errors are those of `read_text_file`."""
    return _read(path, path.read_bytes)


def _read(path: Path, read: Callable[[], _Content]) -> _Content:
    fault = path_fault(str(path))
    if fault is not None:
        raise UnreadableSourceError(fault)
    try:
        status = path.stat()
        _check(status)
        return read()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableSourceError(f"its file can't be read: {_reason(error)}") from None
    except ValueError as error:  # The file is not UTF-8.
        raise UnreadableSourceError(f"its file can't be read: {shown_text(str(error))}") from None


def about_missing_file(path: Path) -> str:
    """Return where a file is missing: its folder with the names that are nearest, or the folder that is missing."""
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"there is no folder {shown_text(str(folder))}"
    files = nearest_first(path.name, (entry.name for entry in folder.iterdir() if entry.is_file()))
    there = ", ".join(shown_text(name, MOST_OF_A_VALUE) for name in files[:_MOST_NAMED]) or "no files"
    return f"there is no file {shown_value(path.name)} in {shown_text(str(folder))}, which has {there}"


def what_is_not_a_file(mode: int) -> str | None:
    """Return what a path names, by its mode, such as ``a folder``; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    return next((what for is_one, what in _KINDS if is_one(mode)), "no regular file")


def _check(status: os.stat_result) -> None:
    what = what_is_not_a_file(status.st_mode)
    if what is not None:
        raise UnreadableSourceError(f"it is {what}, not a file")
    if status.st_size > MOST_BYTES:
        raise UnreadableSourceError(
            f"its file has {status.st_size:,} bytes; files of up to {MOST_BYTES:,} bytes are read"
        )


def _reason(error: OSError) -> str:
    return f"[Errno {error.errno}] {error.strerror}" if error.strerror else shown_text(str(error))
