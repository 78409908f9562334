"""Definitions as pytest items: each machine of a file passes, or fails with AWS's diagnostics.

The files are those of the ini option ``sfn_sync_definitions``, or of ``--sfn-validate``. `checked_files` checks them.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from fnmatch import fnmatch
from glob import glob
from pathlib import Path
from typing import Any, Final

import pytest

from pytest_sfn_sync.errors import DefinitionError, DefinitionWarning
from pytest_sfn_sync.fake.checked_files import MachineCheck, each_once, machines_in
from pytest_sfn_sync.fake.definition_search import goes_in_a_circle, search
from pytest_sfn_sync.options import Options
from pytest_sfn_sync.plugin.ini_options import DEFINITIONS, DEFINITIONS_TYPE, ini_value
from pytest_sfn_sync.registry import MACHINE_TYPES
from pytest_sfn_sync.shown_text import shown_text

OPTION: Final = "sfn_validate"
MARKER: Final = "sfn_definition"


def paths_to_validate(config: pytest.Config) -> list[Path]:
    """Return the files of ``--sfn-validate`` and those in its folders; raise UsageError if there are none."""
    machine_type_of(config)
    paths = []
    for given in config.getoption(OPTION):
        path = _absolute(config.invocation_params.dir / given)
        if not path.exists():
            raise pytest.UsageError(f"--sfn-validate: there is no {given}")
        paths += _files_of_folder(path, f"--sfn-validate: in the folder {given}") if path.is_dir() else [path]
    return each_once(paths)


def paths_of_ini(config: pytest.Config, option: str = DEFINITIONS) -> list[Path]:
    """Return the files of an ini option, and those in its folders; raise UsageError for a pattern without any."""
    machine_type_of(config)
    paths: list[Path] = []
    for pattern in ini_value(config, option):
        fitting = sorted(
            _absolute(config.rootpath / name) for name in glob(pattern, root_dir=config.rootpath, recursive=True)
        )
        found = [path for path in fitting if path.is_file() and not goes_in_a_circle(path.parent)]
        if len(fitting) == 1 and not found:
            found = _files_of_folder(fitting[0], f"{option} in {config.inipath}: in the folder {pattern}")
        if not found:
            raise pytest.UsageError(
                f"{option} in {config.inipath}: no file fits {pattern!r} (patterns count from {config.rootpath})"
            )
        paths += found
    return each_once(paths)


def outside_of_what_is_collected(config: pytest.Config, paths: list[Path], option: str = DEFINITIONS) -> list[Path]:
    """Return the files that pytest does not find by itself in the folders that it collects.

    Raise UsageError for a file in such a folder that pytest does not enter. (If a folder and a file in it are both
    arguments, pytest before version 9 collects only the file.)
    """
    folders = [_absolute(config.invocation_params.dir / argument.partition("::")[0]) for argument in config.args]
    outside = []
    for path in paths:
        folder = next((folder for folder in folders if path.is_relative_to(folder)), None)
        if folder is None:
            outside.append(path)
            continue
        for name in path.relative_to(folder).parts[:-1]:
            if any(fnmatch(name, pattern) for pattern in config.getini("norecursedirs")):
                raise pytest.UsageError(
                    f"{option} in {config.inipath}: pytest does not enter the folder {name!r} of "
                    f"{path.relative_to(config.rootpath)}; take it out of norecursedirs, or keep the file elsewhere"
                )
    return outside


def _files_of_folder(folder: Path, where: str) -> list[Path]:
    found = search(folder)
    if not found.files:
        raise pytest.UsageError(f"{where} there is no state machine. {found.why_none}")
    missing = [path for path in found.files if not path.exists()]
    if missing:  # Pytest itself would end with a message that does not say why, and check nothing.
        raise pytest.UsageError(
            f"{where} {shown_text(str(missing[0]))} is a link that leads to no file. Remove it, or name the files."
        )
    return found.files


def machine_type_of(config: pytest.Config) -> str | None:
    """Return the type of the machines in definition files, None if no type is set; raise UsageError for another one."""
    machine_type: str | None = ini_value(config, DEFINITIONS_TYPE) or None
    if machine_type is not None and machine_type not in MACHINE_TYPES:
        raise pytest.UsageError(f"{DEFINITIONS_TYPE} is 'EXPRESS' or 'STANDARD', not {machine_type!r}")
    return machine_type


def _absolute(path: Path) -> Path:
    """Return a path in the form in which pytest collects it: without "..", but with its links."""
    return Path(os.path.abspath(path))


class DefinitionFile(pytest.File):
    """A file with one or more state machines."""

    options: Options

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each machine."""
        for machine in machines_in(self.path, machine_type=machine_type_of(self.config), options=self.options):
            item: DefinitionItem = DefinitionItem.from_parent(self, name=machine.name)
            item.machine = machine
            item.add_marker(MARKER)
            yield item


class DefinitionItem(pytest.Item):
    """One state machine: it passes if AWS would create it."""

    machine: MachineCheck

    def runtest(self) -> None:
        """Check the definition; a warning of AWS becomes a warning of pytest."""
        if self.machine.left_out is not None:
            pytest.skip(self.machine.left_out)
        check = self.machine.check()
        if check.refusal is not None:
            raise check.refusal
        for diagnostic, text in check.warnings:
            file = diagnostic.file or str(self.path)
            warnings.warn_explicit(DefinitionWarning(text), None, filename=file, lineno=diagnostic.line or 1)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return only the diagnostics for a DefinitionError, as a traceback would only show this package."""
        if isinstance(excinfo.value, (DefinitionError, DefinitionWarning)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the place of the definition."""
        return self.path, None, f"{self.path.name}: {self.name}"


def collect_file(parent: pytest.Collector, path: Path, options: Options) -> DefinitionFile:
    """Return the collector of a file."""
    collector: DefinitionFile = DefinitionFile.from_parent(parent, path=path)
    collector.options = options
    return collector
