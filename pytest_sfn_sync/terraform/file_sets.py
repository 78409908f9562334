"""Terraform's function fileset: the files of a folder whose paths fit a pattern."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.terraform.regular_expressions import check_steps
from pytest_sfn_sync.terraform.values import SetValue, ValueKindError, set_of, text_of

_MARK: Final = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\\.|[{},]|\[|[^*?\[\\{},]+", re.DOTALL)
_REPEATED_FOLDERS: Final = re.compile(r"(?:\*\*/){2,}")
_MOST_FILES: Final = 100_000
"""The most files and folders that are looked at for one fileset."""
_PATTERNS: Final = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def fileset(folder: Any, pattern: Any, root_folder: Path) -> SetValue:
    """Return the files of a folder that fit a pattern, by their paths from the folder.

    Recorded: Terraform 1.11 returns files and no folders, and hidden files too; a folder that is missing has none.
    """
    written = text_of(pattern)
    base = root_folder / text_of(folder)
    above = ""
    while written.startswith("../"):
        base, above, written = base / "..", f"{above}../", written[3:]
    expression = _expression_of(_REPEATED_FOLDERS.sub("**/", written))
    depth = None if "**" in written else written.count("/")
    return set_of([f"{above}{path}" for path in _paths(base, depth) if _fits(expression, path, written)])


def _fits(expression: re.Pattern[str], path: str, written: str) -> bool:
    check_steps(expression, path, written)
    return expression.fullmatch(path) is not None


def _paths(base: Path, depth: int | None) -> Iterator[str]:
    count = 0
    for place, folders, names in os.walk(base):
        count += len(folders) + len(names)
        if count > _MOST_FILES:
            raise ValueKindError(f"{shown_text(str(base))} has more than {_MOST_FILES:,} files and folders in it")
        inner = Path(place).relative_to(base)
        yield from ((inner / name).as_posix() for name in names)
        if depth is not None and len(inner.parts) >= depth:
            folders.clear()


def _expression_of(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    open_braces = 0
    for mark in _MARK.findall(pattern):
        open_braces += (mark == "{") - (mark == "}")
        parts.append("|" if mark == "," and open_braces else _part_of(mark))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:  # A bracket or a brace without its end, or a range such as [z-a].
        raise ValueKindError(f"{shown_value(pattern)} is no pattern of paths") from None


def _part_of(mark: str) -> str:
    if mark in _PATTERNS:
        return _PATTERNS[mark]
    if not mark.startswith("["):
        return re.escape(mark.removeprefix("\\"))
    letters = mark[1:-1]
    if not letters:
        return mark
    is_other = letters[0] in "!^"
    escaped = re.escape(letters[is_other:]).replace(r"\-", "-")
    return f"[{'^' * is_other}{escaped}]"
