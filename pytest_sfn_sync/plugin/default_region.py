"""A region for clients that are created without one, during a test run of a project that uses this plugin.

On a machine without AWS configuration, most suites fail because the region is missing. A configured region is not
changed. It is in ``AWS_DEFAULT_REGION``, or in one of botocore's two files for the profile. This module does not import
botocore.

The variable is set before the first test, and stays for the run, so that no test depends on an earlier one. A test of
code that has no region takes the variable away with ``monkeypatch.delenv``. Whether a project uses the plugin is asked
when botocore is imported before the first test: the ini file or the command line has one of the options, or one of its
Python files names the fixture, the package or a marker. It is asked again when all tests are collected.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

VARIABLE: Final = "AWS_DEFAULT_REGION"

_SIGN_OF_USE: Final = re.compile(rb"\b(?:pytest_)?sfn_sync|\bmark\.sfn_")
_OPTION: Final = re.compile(rb'^\s*"?sfn_\w+"?\s*[=:]', re.MULTILINE)
_FAKE: Final = "pytest_sfn_sync.fake.sfn_sync"


class DefaultRegion:
    """Sets the region for the run of one project, and takes it back."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._region: str = config.getini("sfn_sync_default_region")
        self._is_settled = False
        self._was_set = False

    def botocore_is_imported(self) -> None:
        """Set the region if the project uses the plugin; do nothing once the tests run."""
        if not self._is_settled and self._is_missing() and _project_uses_plugin(self._config):
            self._set()

    def tests_are_collected(self, items: Iterable[pytest.Item]) -> None:
        """Set the region if one of the tests uses the plugin; from now on, it is not set any more."""
        if not self._is_settled:
            fixtures = (name for item in items for name in getattr(item, "fixturenames", ()))
            is_used = _FAKE in sys.modules or _has_option(self._config) or any(map(_is_fixture, fixtures))
            if is_used and self._is_missing():
                self._set()
        self._is_settled = True

    def take_back(self) -> None:
        """Remove the region that was set."""
        if self._was_set and os.environ.get(VARIABLE) == self._region:
            del os.environ[VARIABLE]

    def _is_missing(self) -> bool:
        if not self._region or VARIABLE in os.environ:
            return False
        from pytest_sfn_sync.fake.configured_region import region_of_files

        return region_of_files(os.environ) is None

    def _set(self) -> None:
        os.environ[VARIABLE] = self._region
        self._is_settled = self._was_set = True


def _is_fixture(name: str) -> bool:
    return name.startswith("sfn_sync")


def _project_uses_plugin(config: pytest.Config) -> bool:
    return _has_option(config) or any(_names_plugin(path) for path in _python_files(config))


def _has_option(config: pytest.Config) -> bool:
    """Return whether the command line or the ini file has an option of this plugin."""
    arguments = vars(config.known_args_namespace)
    if any(name.startswith("sfn_") and value not in (None, False) for name, value in arguments.items()):
        return True
    if any(option.startswith("sfn_") for option in arguments["override_ini"] or ()):
        return True
    return config.inipath is not None and _contains(config.inipath, _OPTION)


def _names_plugin(path: str) -> bool:
    return _contains(path, _SIGN_OF_USE)


def _contains(path: str | Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        with open(path, "rb") as file:
            return pattern.search(file.read()) is not None
    except OSError:
        return False


def _python_files(config: pytest.Config) -> Iterator[str]:
    """Yield the Python files of a project: first those that the command line names, then those below the rootdir."""
    base = config.invocation_params.dir
    named = [base / argument.partition("::")[0] for argument in config.known_args_namespace.file_or_dir]
    roots = [path for path in [*named, config.rootpath] if path.exists()]
    skipped: list[str] = ["__pycache__", *config.getini("norecursedirs")]
    seen: set[str] = set()
    for root in map(str, roots):
        if os.path.isfile(root):
            yield root
            continue
        for folder, folders, files in os.walk(root):
            folders[:] = [
                name
                for name in folders
                if (path := os.path.join(folder, name)) not in seen
                and not any(fnmatch(name, pattern) for pattern in skipped)
                and not os.path.exists(os.path.join(path, "pyvenv.cfg"))
            ]
            seen.add(folder)
            yield from (os.path.join(folder, name) for name in files if name.endswith(".py"))
