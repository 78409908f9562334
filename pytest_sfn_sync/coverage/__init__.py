"""A plugin of coverage.py for definition files: ``plugins = pytest_sfn_sync.coverage`` in its configuration.

Coverage.py imports this package, gets the plugin from it, and later gets a `FileReporter` for each file that the plugin
measured. The plugin traces nothing: `measurement` writes what was recorded during the tests into coverage.py's data. No
other package of the distribution imports coverage.py, because most test runs don't need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coverage import CoveragePlugin

if TYPE_CHECKING:
    from coverage.plugin import FileReporter

__all__ = ["WorkflowPlugin", "coverage_init"]


class WorkflowPlugin(CoveragePlugin):
    """Returns the reporters of definition files; the data contains its name, so the name must not change."""

    def file_reporter(self, filename: str) -> FileReporter:
        """Return the reporter of a file that this plugin measured."""
        # Imported only for a report: coverage.py loads its plugins before it measures.
        from pytest_sfn_sync.coverage.file_reporter import DefinitionReporter

        return DefinitionReporter(filename)


def coverage_init(reg: Any, options: Any) -> None:
    """Register the plugin; coverage.py calls this."""
    # Not registered as a file tracer, though it reports on files: there is nothing to trace. Coverage.py also warns of
    # file tracers if its core doesn't support them, and the default core of Python 3.14 does not.
    reg.add_configurer(WorkflowPlugin())
