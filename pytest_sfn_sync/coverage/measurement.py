"""Writes what the tests ran into the data of the coverage.py that measures this process, if it has the plugin.

Lines are written if it measures lines, and arcs if it measures branches. Only the files that its configuration selects
are written, and separately for each context if it has any.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any, Final

from coverage import Coverage, CoverageData
from coverage.exceptions import ConfigError
from coverage.files import GlobMatcher, abs_file, prep_patterns, relative_filename

from pytest_sfn_sync.coverage.line_graph import arcs_run, lines_run
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.workflow_coverage.recording import RecordedMachine

PLUGIN: Final = "pytest_sfn_sync.coverage"
_REPORTER: Final = f"{PLUGIN}.WorkflowPlugin"


class Measurement:
    """A coverage.py that measures and has the plugin; `current` returns it."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        sources = self._strings("source")
        # Made absolute now, because tests may change the working directory.
        self._folders = [abs_file(source) for source in sources if os.path.isdir(source)]
        self._folders += map(abs_file, self._strings("source_dirs"))
        self._packages = [source for source in sources if not os.path.isdir(source)] + self._strings("source_pkgs")
        self._include = _matcher(self._strings("include"))
        self._omit = _matcher(self._strings("omit"))

    @classmethod
    def current(cls) -> Measurement | None:
        """Return the coverage.py that measures now and has the plugin; None if there is none."""
        coverage = Coverage.current()
        if coverage is None:
            return None
        plugins: Any = coverage.get_option("run:plugins")
        return cls(coverage) if PLUGIN in (plugins or ()) else None

    def write(self, machines: Iterable[RecordedMachine]) -> str | None:
        """Write what ran of the machines; return a warning if coverage.py measures none of their files."""
        recorded = [(abs_file(machine.file), machine) for machine in machines if machine.file is not None]
        measured = [(file, machine) for file, machine in recorded if self._is_measured(file)]
        if measured:
            self._write(self._coverage.get_data(), measured)
        if measured or not recorded:
            return None
        files = ", ".join(sorted({shown_path(file) for file, _ in recorded}))
        return f"coverage.py measures no definition file (by its options source, include and omit): {files}"

    def _write(self, data: CoverageData, measured: list[tuple[str, RecordedMachine]]) -> None:
        has_arcs = bool(self._coverage.get_option("run:branch"))
        static = str(self._coverage.get_option("run:context") or "")
        contexts = {context for _, machine in measured for context in machine.ran} - {""}
        for context in ["", *sorted(contexts)]:
            if contexts:
                data.set_context("|".join(part for part in (static, context) if part))
            ran: dict[str, set[Any]] = {}
            for file, machine in measured:
                if context in machine.ran:
                    run = arcs_run if has_arcs else lines_run
                    found = run(machine.elements, machine.places, machine.ran[context])
                    ran.setdefault(self._name(file), set()).update(found)
            if has_arcs:
                data.add_arcs(ran)
            else:
                data.add_lines(ran)
        if contexts:
            data.set_context(static)
        # Files of which nothing ran are added too.
        data.touch_files([self._name(file) for file, _ in measured], _REPORTER)

    def _name(self, file: str) -> str:
        return relative_filename(file) if self._coverage.get_option("run:relative_files") else file

    def _is_measured(self, file: str) -> bool:
        """Apply coverage.py's rules: ``source``, or else ``include``, selects files, and ``omit`` excludes some."""
        if self._folders or self._packages:
            folders = [*self._folders, *(folder for package in self._packages for folder in _folders_of(package))]
            if not any(file.startswith(os.path.join(folder, "")) for folder in folders):
                return False
        elif self._include is not None and not self._include.match(file):
            return False
        return self._omit is None or not self._omit.match(file)

    def _strings(self, option: str) -> list[str]:
        try:
            value: Any = self._coverage.get_option(f"run:{option}")
        except ConfigError:  # a later version's option
            return []
        return list(value or ())


def _matcher(patterns: list[str]) -> GlobMatcher | None:
    return GlobMatcher(prep_patterns(patterns)) if patterns else None


def _folders_of(package: str) -> list[str]:
    """Return the folders of a package, without importing it."""
    module = sys.modules.get(package)
    folders: Iterable[str] | None = getattr(module, "__path__", None)
    if module is None and "." not in package:
        spec = find_spec(package)
        folders = None if spec is None else spec.submodule_search_locations
    return [abs_file(folder) for folder in folders or ()]
