"""The functions of Terraform that read files or work with their paths."""

from __future__ import annotations

import base64
import codecs
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.embedded_text import EmbeddedText, one_place
from pytest_sfn_sync.sources.line_map import LineIndex
from pytest_sfn_sync.sources.text_files import about_missing_file, path_fault, read_bytes_of_file
from pytest_sfn_sync.terraform.file_sets import fileset
from pytest_sfn_sync.terraform.hcl_source import Code
from pytest_sfn_sync.terraform.values import PlacedText, ValueKindError, read_text, text_of

_BYTE_ORDER_MARK: Final = "\ufeff"


def read_code(written: Any, root_folder: Path) -> Code:
    """Return the text of a file that an expression names; raise ValueKindError if it can't be read."""
    path = _path_of(written, root_folder)
    text = _read(path, read_text)
    return Code(text, path, LineIndex(text).place)


def _file(written: Any, root_folder: Path) -> PlacedText:
    code = read_code(written, root_folder)
    # Recorded: file() of Terraform 1.11 keeps a byte order mark, templatefile() drops it.
    mark = _BYTE_ORDER_MARK if _read(code.file, read_bytes_of_file).startswith(codecs.BOM_UTF8) else ""
    embedded = EmbeddedText()
    if mark:
        embedded.add(mark, one_place(1, 1))
    embedded.add(code.text, code.place)
    return PlacedText(mark + code.text, embedded=embedded, file=str(code.file))


def _file_exists(written: Any, root_folder: Path) -> bool:
    path = _path_of(written, root_folder)
    # The functions of os.path take a name that is too long as one of nothing. Those of Path raise OSError.
    if os.path.exists(path) and not os.path.isfile(path):
        raise ValueKindError(f"{shown_text(str(path))} is not a file")
    return os.path.isfile(path)


def _absolute(written: Any, root_folder: Path) -> str:
    return Path(os.path.normpath(_path_of(written, root_folder))).as_posix()


def _expanded(written: Any, root_folder: Path) -> str:
    return str(Path(text_of(written)).expanduser())


def _of_bytes(function: Callable[[bytes], bytes | str]) -> Callable[[Any, Path], str]:
    def found(written: Any, root_folder: Path) -> str:
        value = function(_read(_path_of(written, root_folder), read_bytes_of_file))
        return value if isinstance(value, str) else base64.b64encode(value).decode()

    return found


FILE_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "abspath": _absolute,
    "file": _file,
    "filebase64": _of_bytes(lambda content: content),
    "filebase64sha256": _of_bytes(lambda content: hashlib.sha256(content).digest()),
    "filebase64sha512": _of_bytes(lambda content: hashlib.sha512(content).digest()),
    "fileexists": _file_exists,
    "fileset": fileset,
    "filemd5": _of_bytes(lambda content: hashlib.md5(content, usedforsecurity=False).hexdigest()),
    "filesha1": _of_bytes(lambda content: hashlib.sha1(content, usedforsecurity=False).hexdigest()),
    "filesha256": _of_bytes(lambda content: hashlib.sha256(content).hexdigest()),
    "filesha512": _of_bytes(lambda content: hashlib.sha512(content).hexdigest()),
    "pathexpand": _expanded,
}
"""Functions of a path by name; each takes the path as it is written, and the folder of the root module."""


def of_files(name: str, values: list[Any], root_folder: Path) -> Any:
    """Return the value of a function of a path; fileset takes a folder and a pattern."""
    count, wanted = (2, "a folder and a pattern") if name == "fileset" else (1, "one path")
    if len(values) != count:
        raise ValueKindError(f"{name} takes {wanted}, not {len(values)} arguments")
    return FILE_FUNCTIONS[name](*values, root_folder)


def _path_of(written: Any, root_folder: Path) -> Path:
    text = text_of(written)
    fault = path_fault(text)
    if fault is not None:
        raise ValueKindError(f"{shown_text(text)} can't be read: {fault}")
    # Assumption: Terraform is run in the root module's folder, so that a plain path begins there.
    return root_folder / text


def _read(path: Path, read: Callable[[Path], Any]) -> Any:
    try:
        return read(path)
    except FileNotFoundError:
        why = about_missing_file(path)
    except UnreadableSourceError as error:
        why = error.why
    raise ValueKindError(f"{shown_text(str(path))} can't be read: {why}")
