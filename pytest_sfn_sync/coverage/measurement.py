"""What tests ran, written into the data of the coverage.py that measures this process, if it has the plugin.

Lines where it measures lines, arcs where it measures branches, for the files that it is told to measure; by its
contexts where there are any.
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
    """A coverage.py that measures, with the plugin; `current` finds it."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        sources = self._strings("source")
        # Folders are made absolute now: tests may change the working directory.
        self._folders = [abs_file(source) for source in sources if os.path.isdir(source)]
        self._folders += map(abs_file, self._strings("source_dirs"))
        self._packages = [source for source in sources if not os.path.isdir(source)] + self._strings("source_pkgs")
        self._include = _matcher(self._strings("include"))
        self._omit = _matcher(self._strings("omit"))

    @classmethod
    def current(cls) -> Measurement | None:
        """Find the coverage.py that measures now and has the plugin; None if there is none."""
        coverage = Coverage.current()
        if coverage is None:
            return None
        plugins: Any = coverage.get_option("run:plugins")
        return cls(coverage) if PLUGIN in (plugins or ()) else None

    def write(self, machines: Iterable[RecordedMachine]) -> str | None:
        """Write what ran of the machines; say so where coverage.py was told to measure none of their files."""
        recorded = [(abs_file(machine.file), machine) for machine in machines if machine.file is not None]
        measured = [(file, machine) for file, machine in recorded if self._is_measured(file)]
        if measured:
            self._write(self._coverage.get_data(), measured)
        if measured or not recorded:
            return None
        files = ", ".join(sorted({shown_path(file) for file, _ in recorded}))
        return f"coverage.py is told to measure no definition file (by its source, include and omit): {files}"

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
        # Those of which nothing ran, too.
        data.touch_files([self._name(file) for file, _ in measured], _REPORTER)

    def _name(self, file: str) -> str:
        return relative_filename(file) if self._coverage.get_option("run:relative_files") else file

    def _is_measured(self, file: str) -> bool:
        """Apply coverage.py's own rules: ``source`` or else ``include`` sets the bounds, ``omit`` takes away."""
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
        except ConfigError:  # an option of later versions
            return []
        return list(value or ())


def _matcher(patterns: list[str]) -> GlobMatcher | None:
    return GlobMatcher(prep_patterns(patterns)) if patterns else None


def _folders_of(package: str) -> list[str]:
    """Give the folders of a package, without importing anything."""
    module = sys.modules.get(package)
    folders: Iterable[str] | None = getattr(module, "__path__", None)
    if module is None and "." not in package:
        spec = find_spec(package)
        folders = None if spec is None else spec.submodule_search_locations
    return [abs_file(folder) for folder in folders or ()]
