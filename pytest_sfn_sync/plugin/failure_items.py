"""``--sfn-failures``: each failure case of a definition is an item, held against the stored table beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from pytest_sfn_sync.errors import OptionError, SfnSyncUsageError
from pytest_sfn_sync.failure_cases.case_outcomes import NEVER_CALLED
from pytest_sfn_sync.failure_cases.failure_case import FailureCase
from pytest_sfn_sync.failure_cases.table_runs import FailureRuns
from pytest_sfn_sync.fake.checked_files import type_of_file
from pytest_sfn_sync.fake.definition_search import FileKind, kind_of_file, search
from pytest_sfn_sync.fake.sfn_sync import SfnSync
from pytest_sfn_sync.plugin.definition_items import machine_type_of, outside_of_what_is_collected, paths_of_ini
from pytest_sfn_sync.plugin.ini_options import FAILURES, options_of_ini_file

OPTION: Final = "sfn_failures"
UPDATE: Final = "sfn_failures_update"
_WRITTEN: Final = pytest.StashKey[list[Path]]()


def paths_of_failures(config: pytest.Config) -> list[Path]:
    """Return the files of ``--sfn-failures`` and those in its folders; raise UsageError if there are none."""
    paths: list[Path] = []
    for given in config.getoption(OPTION):
        path = Path(os.path.abspath(config.invocation_params.dir / given))
        if not path.exists():
            raise pytest.UsageError(f"--sfn-failures: there is no {given}")
        found = [path]
        if path.is_dir():
            found = [one for one in search(path).files if kind_of_file(one) is FileKind.DEFINITION]
        if not found:
            raise pytest.UsageError(f"--sfn-failures: there is no definition file in the folder {given}")
        paths += found
    return list(dict.fromkeys(paths))


def configure(config: pytest.Config) -> None:
    """Collect only the files of ``--sfn-failures``, or those of the ini file in addition to the tests."""
    if config.getoption(OPTION):
        paths = paths_of_failures(config)
        config.args = [str(path) for path in paths]
    else:
        paths = paths_of_ini(config, FAILURES)
        if config.args_source in (pytest.Config.ArgsSource.TESTPATHS, pytest.Config.ArgsSource.INVOCATION_DIR):
            outside = outside_of_what_is_collected(config, paths, FAILURES)
            config.args = [*config.args, *map(str, outside)]
    config.pluginmanager.register(_FailureCollection(frozenset(paths)))


class _FailureCollection:
    """The hooks for files with failure cases."""

    def __init__(self, paths: frozenset[Path]) -> None:
        self._paths = paths

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect the failure cases of a file."""
        if file_path not in self._paths:
            return None
        collector: FailureFile = FailureFile.from_parent(parent, path=file_path)
        return collector

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Write a line for each table that was written."""
        for path in config.stash.get(_WRITTEN, []):
            terminalreporter.write_sep("-", f"wrote {os.path.relpath(path, config.invocation_params.dir)}")


class FailureFile(pytest.File):
    """A definition file with its failure cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each case, and for each stored row whose case is gone; write the table if it is wanted."""
        try:
            options = options_of_ini_file(self.config)
            machine_type = machine_type_of(self.config) or type_of_file(self.path, options)
            runs = FailureRuns(self.path, machine_type, partial(SfnSync._of, options))
            if self.config.getoption(UPDATE) and not self.config.getoption("collectonly"):
                runs.update()
                self.config.stash.setdefault(_WRITTEN, []).append(runs.table_path)
        except (SfnSyncUsageError, OptionError) as error:
            raise self.CollectError(str(error)) from None
        for case in runs.cases:
            item: FailureItem = FailureItem.from_parent(self, name=case.name)
            item.runs, item.case = runs, case
            yield item
        for name in runs.gone:
            gone: FailureItem = FailureItem.from_parent(self, name=name)
            gone.runs = runs
            yield gone


class FailureItem(pytest.Item):
    """One failure case: it passes if it ends as the stored table says."""

    runs: FailureRuns
    case: FailureCase | None = None

    def runtest(self) -> None:
        """Run the case and compare its outcome."""
        difference = self.runs.about_gone(self.name) if self.case is None else self.runs.difference(self.case)
        if difference is not None:
            raise AssertionError(difference)
        if (self.runs.stored or {})[self.name].end.endswith(NEVER_CALLED):
            pytest.skip(f"the input in {self.runs.table_path.name} does not lead to the task, so nothing has failed")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the message alone, as a traceback would only show this package."""
        if isinstance(excinfo.value, AssertionError | SfnSyncUsageError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the place of the definition."""
        return self.path, None, f"{self.path.name}: {self.name}"
