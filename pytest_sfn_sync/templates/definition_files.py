"""The files that a template names, found from the template's folder as a deployment would find them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.shown_text import shown_names, shown_value
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import path_fault, what_is_not_a_file

_MOST_FOLDERS_SEARCHED: Final = 500
"""The most folders that are searched for a file that is known by its name alone."""


class FoundFile(NamedTuple):
    """A file that exists; ``spelling`` is its path on the disk, if the template spells the path differently."""

    path: Path
    spelling: str | None = None


def find_file(folder: Path, named: str) -> FoundFile | str:
    """Find a file by its path from a folder, in any mix of upper and lower case; return a message if there is none."""
    fault = path_fault(named)
    if fault is not None:
        return f"{shown_value(named)} names no file: {fault}."
    path = folder
    spelling: list[str] = []
    parts = Path(named).parts
    for depth, part in enumerate(parts):
        if part in ("..", ".") or (depth == 0 and Path(named).is_absolute()):
            path, real = path / part, part
        else:
            there = sorted(os.listdir(path)) if path.is_dir() else []
            same = [name for name in there if name.lower() == part.lower()]
            if not same:
                return _about_missing(path, part, there, named)
            real = part if part in same else same[0]
            path /= real
        spelling.append(real)
    what = what_is_not_a_file(path.stat().st_mode) if path.exists() else "no"
    if what is not None:
        return f"{shown_value(named)} is {what}, not a file."
    is_other = list(parts) != spelling
    return FoundFile(Path(os.path.normpath(path)), str(Path(*spelling)) if is_other else None)


def find_asset(folder: Path, key: object) -> Path | None:
    """Find the file in the folder of synthesised templates that the CDK uploads as the asset with this key."""
    if not isinstance(key, str):
        return None
    name = f"asset.{key.rpartition('/')[2]}"
    candidates = [folder / name, folder.parent / name]
    return next((path for path in candidates if path.is_file()), None)


def files_named(name: str, folder: Path) -> list[Path]:
    """Return the files of a name in a folder and the folders in it, or else in the folder around it."""
    if path_fault(name) is not None or Path(name).suffix == "":
        return []
    for around in (folder, folder.absolute().parent):
        found = []
        left = _MOST_FOLDERS_SEARCHED
        for place, folders, names in os.walk(around):
            left -= 1
            folders[:] = sorted(
                one for one in folders if one != "node_modules" and not one.startswith(".") and left > 0
            )
            if name in names:
                found.append(Path(os.path.normpath(Path(place, name))))
        if found:
            return found
    return []


def _about_missing(folder: Path, part: str, there: list[str], named: str) -> str:
    where = shown_path(str(folder.absolute()))
    if not folder.is_dir():
        return f"there is no {shown_value(named)}: {where} is no folder."
    near = shown_names(nearest_first(part, there)[:3]) or "nothing"
    where = "its folder" if where == "." else where
    return f"there is no {shown_value(named)}: {where} has {near}, but no {shown_value(part)}."
