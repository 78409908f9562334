"""The machines of a whole project: those of the ini options ``sfn_sync_machines`` and ``sfn_sync_templates``.

All fakes of a test run have them. They are registered in a fake around all others, which answers no calls itself. There
is one such fake for each region and account. A machine is read when a call asks for it first, a template when the first
fake is entered. So a test that uses none of them pays nothing for them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from pytest_sfn_sync.plugin.ini_options import (
    DEFINITIONS_TYPE,
    MACHINES,
    TEMPLATES,
    ini_value,
    options_of_ini_file,
)

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.layers import NestedFake
    from pytest_sfn_sync.fake.sfn_sync import SfnSync

_NAMED: Final = re.compile(r"(?P<name>[^\s=/\\*?\[]+)\s*=\s*(?P<path>\S.*)")

PROJECT: Final[pytest.StashKey[ProjectMachines]] = pytest.StashKey()
"""The machines of the project; absent where no ini option has any."""


class _NamedFile(NamedTuple):
    name: str
    path: Path


class ProjectMachines:
    """The fakes with the machines of a project, by region and account."""

    def __init__(self, config: pytest.Config, machines: list[_NamedFile], templates: list[Path]) -> None:
        self.heard: list[warnings.WarningMessage] = []
        self._config = config
        self._machines = machines
        self._templates = templates
        self._fakes: dict[tuple[str, str], SfnSync] = {}

    def around(self, fake: NestedFake) -> NestedFake | None:
        """Return the fake around a test's fake: the one for its region and account."""
        from pytest_sfn_sync.fake.sfn_sync import SfnSync

        if not isinstance(fake, SfnSync):
            return None
        region, account_id = fake._region, fake.options.account_id
        found = self._fakes.get((region, account_id))
        if found is None:
            options = options_of_ini_file(self._config)
            # The region may be one that no option can have, as it is configured.
            found = SfnSync._of(replace(options, account_id=account_id), region=region)
            self._fill(found)
            self._fakes[region, account_id] = found
        return found

    def _fill(self, fake: SfnSync) -> None:
        from pytest_sfn_sync.errors import SfnSyncUsageError

        kind = ini_value(self._config, DEFINITIONS_TYPE) or "EXPRESS"
        for name, path in self._machines:
            fake._register_when_used(name, partial(self._hearing, partial(fake.register, name, path, type=kind)))
        for path in self._templates:
            try:
                self._hearing(partial(fake.load_template, path))
            except SfnSyncUsageError as error:
                raise error.at(f"{TEMPLATES} in {self._config.inipath}") from None

    def _hearing(self, register: Callable[[], object]) -> None:
        # The warnings are shown at the test; else they would be raised in the code under test where they are errors.
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            register()
        self.heard += heard

    def forget(self) -> None:
        """Report all machines to the recorders of coverage, also those that no test used."""
        from pytest_sfn_sync.executions import recorders

        if recorders.active:
            for fake in self._fakes.values():
                recorders.forget(fake.machines)


def configure(config: pytest.Config) -> None:
    """Prepare the machines that the ini options name; raise UsageError for files that are missing."""
    machines, templates = list(_machines(config)), list(_templates(config))
    if not machines and not templates:
        return
    from pytest_sfn_sync.fake import layers

    project = config.stash[PROJECT] = ProjectMachines(config, machines, templates)
    layers.around_all.append(project.around)

    def remove() -> None:
        layers.around_all[:] = [around for around in layers.around_all if around != project.around]

    config.add_cleanup(remove)


def _machines(config: pytest.Config) -> Iterator[_NamedFile]:
    seen: dict[str, Path] = {}
    for line in ini_value(config, MACHINES):
        named = _NAMED.fullmatch(line.strip())
        pattern = line.strip() if named is None else named["path"]
        paths = _fitting(config, MACHINES, pattern)
        if named is not None and len(paths) > 1:
            raise pytest.UsageError(
                f"{_place(config, MACHINES)}: {line.strip()!r} is one machine, but {len(paths)} files fit: "
                f"{', '.join(str(path.relative_to(config.rootpath)) for path in paths)}"
            )
        for path in paths:
            name = path.name.partition(".")[0] if named is None else named["name"]
            if seen.setdefault(name, path) != path:
                raise pytest.UsageError(
                    f"{_place(config, MACHINES)}: the machine {name!r} has two definitions, {seen[name]} and {path}; "
                    "write 'name = path' for one of them"
                )
            yield _NamedFile(name, path)


def _templates(config: pytest.Config) -> Iterator[Path]:
    for pattern in ini_value(config, TEMPLATES):
        if (config.rootpath / pattern).is_dir():  # The output of the CDK.
            yield config.rootpath / pattern
            continue
        yield from _fitting(config, TEMPLATES, pattern)


def _fitting(config: pytest.Config, option: str, pattern: str) -> list[Path]:
    found = [config.rootpath / name for name in sorted(glob(pattern, root_dir=config.rootpath, recursive=True))]
    files = [path for path in found if path.is_file()]
    if not files:
        raise pytest.UsageError(
            f"{_place(config, option)}: no file fits {pattern!r} (patterns count from {config.rootpath})"
        )
    return files


def _place(config: pytest.Config, option: str) -> str:
    return f"{option} in {config.inipath or 'the options'}"
