"""The option ``--sfn-from-history``: it writes a test file for a recorded execution, and runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

GROUP: Final = ("sfn-sync", "Step Functions (pytest-sfn-sync)")


def add_options(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup(*GROUP)
    group.addoption(
        "--sfn-from-history",
        metavar="PATH",
        help="write a test file that replays a recorded execution (the JSON of aws stepfunctions "
        "get-execution-history, or a folder of it), and run it",
    )
    group.addoption(
        "--sfn-definition",
        metavar="PATH",
        help="with --sfn-from-history: the definition file (default: the one in the project that has the states)",
    )


def configure(config: pytest.Config) -> None:
    """Write the test file if it is wanted, and let the session run this file only."""
    given = config.getoption("sfn_from_history")
    if given is None or hasattr(config, "workerinput"):
        return
    from pytest_sfn_sync.errors import SfnSyncUsageError

    try:
        written = _write(config, config.invocation_params.dir / given)
    except SfnSyncUsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.args = [str(written)]
    config.pluginmanager.register(_Summary(config, written))


def _write(config: pytest.Config, history: Path) -> Path:
    from pytest_sfn_sync.fake.definition_search import search
    from pytest_sfn_sync.fake.sfn_sync import SfnSync
    from pytest_sfn_sync.recorded_histories.written_tests import definition_of, write_test_file

    recorded = SfnSync().use_history(history)
    folder = config.invocation_params.dir
    chosen = config.getoption("sfn_definition")
    definition = definition_of(recorded, search(config.rootpath).files) if chosen is None else folder / chosen
    return write_test_file(recorded, history, definition, folder)


class _Summary:
    """The lines about the file at the end of the session."""

    def __init__(self, config: pytest.Config, written: Path) -> None:
        self._name = written.relative_to(config.invocation_params.dir)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_sep("-", f"wrote {self._name}; run it with: pytest {self._name}")
