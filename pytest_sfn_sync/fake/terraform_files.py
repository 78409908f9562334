"""The files of a Terraform configuration, which is a folder: which of them stands for it, and what it calls.

No configuration is evaluated here; the package `terraform` does that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.sources.terraform_paths import is_terraform
from pytest_sfn_sync.sources.text_files import read_text_file

_LOCAL_SOURCE: Final = re.compile(r'^\s*"?source"?\s*[=:]\s*"(\.{1,2}/[^"]*)"', re.MULTILINE)
_TERRAFORM_MACHINES: Final = ("aws_sfn_state_machine", "terraform-aws-modules/step-functions")
_UNREADABLE: Final = (OSError, UnreadableSourceError)


def first_of_terraform(folder: Path) -> Path:
    """Return the file that stands for all files of a configuration: main.tf, or else the first one."""
    files = sorted(path for path in folder.iterdir() if is_terraform(path))
    return next((path for path in files if path.name == "main.tf"), files[0])


def roots_with_machines(folders: Iterable[Path]) -> set[Path]:
    """Return the folders with machines of their own or of modules that they call, without those that others call.

    The machines of a module are checked with the arguments of its calls. Of folders that call each other, the first one
    stands for all.
    """
    configurations = _Configurations()
    reached = {folder: configurations.with_modules(folder) for folder in folders}
    roots: set[Path] = set()
    called: set[Path] = set()
    for folder, places in reached.items():
        by_others = (other for other, its in reached.items() if folder in its and other not in places)
        if folder in called or any(by_others):
            continue
        called |= places
        if any(map(configurations.names_machines, places)):
            roots.add(folder)
    return roots


class _Configurations:
    """The source code of Terraform configurations by folder, each file read once."""

    def __init__(self) -> None:
        self._codes: dict[Path, str] = {}
        self._unreadable: set[Path] = set()

    def with_modules(self, folder: Path) -> set[Path]:
        """Return a folder and those that it calls as modules; their machines are checked with the call's arguments."""
        found: set[Path] = set()
        left = [folder]
        while left:
            place = left.pop()
            if place not in found and place.is_dir():
                found.add(place)
                left.extend(Path(os.path.normpath(place / source)) for source in self._sources_in(place))
        return found

    def names_machines(self, folder: Path) -> bool:
        """Return whether a folder has a state machine, or a file that can't be read, so that its check reports it."""
        return any(word in self._code(folder) for word in _TERRAFORM_MACHINES) or folder in self._unreadable

    def _sources_in(self, folder: Path) -> list[str]:
        return _LOCAL_SOURCE.findall(self._code(folder))

    def _code(self, folder: Path) -> str:
        if folder not in self._codes:
            texts = []
            for path in sorted(filter(is_terraform, folder.iterdir())):
                try:
                    texts.append(read_text_file(path))
                except _UNREADABLE:
                    self._unreadable.add(folder)
            self._codes[folder] = "\n".join(texts)
        return self._codes[folder]
