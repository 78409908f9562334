"""A plugin of coverage.py for definition files: ``plugins = pytest_sfn_sync.coverage`` in its configuration.

Coverage.py imports this package, asks it for the plugin, and later for a `FileReporter` of each file that the plugin
measured. Nothing is traced: `measurement` writes what was recorded while tests ran into coverage.py's data. Nothing
else in the distribution imports coverage.py, which tests that measure nothing don't need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coverage import CoveragePlugin

if TYPE_CHECKING:
    from coverage.plugin import FileReporter

__all__ = ["WorkflowPlugin", "coverage_init"]


class WorkflowPlugin(CoveragePlugin):
    """Gives coverage.py the reporters of definition files; its name is in the data, so it can't be changed."""

    def file_reporter(self, filename: str) -> FileReporter:
        """Give the reporter of a file that this plugin measured."""
        # Imported when there is something to report: coverage.py loads its plugins before it measures.
        from pytest_sfn_sync.coverage.file_reporter import DefinitionReporter

        return DefinitionReporter(filename)


def coverage_init(reg: Any, options: Any) -> None:
    """Register the plugin; coverage.py calls this."""
    # Not as a file tracer, though it reports on files: there is nothing to trace, and coverage.py warns of file tracers
    # where its core doesn't support them, as the default one of Python 3.14 does not.
    reg.add_configurer(WorkflowPlugin())
