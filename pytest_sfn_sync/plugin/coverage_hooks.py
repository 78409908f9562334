"""The hooks of pytest that record which parts of workflows tests ran: for coverage.py, ``--sfn-report`` and others.

The plugin registers them only if one of these is used.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

import pytest

from pytest_sfn_sync.plugin.recording_hooks import RecordingHooks

if TYPE_CHECKING:
    from pytest_sfn_sync.coverage.measurement import Measurement
    from pytest_sfn_sync.workflow_coverage.recording import Recorder
    from pytest_sfn_sync.workflow_coverage.table import Table, Verdict

_NAME: Final = "sfn_workflow_coverage"
_SECTION: Final = "workflow coverage"


def add_options(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("sfn-sync", "Step Functions (pytest-sfn-sync)")
    group.addoption(
        "--sfn-report",
        action="store_true",
        help="show, for each state machine, how many of its states, choice rules, retriers and catchers ran, and which "
        "never did",
    )
    group.addoption(
        "--sfn-report-md",
        metavar="PATH",
        help="write that as Markdown with diagrams; $GITHUB_STEP_SUMMARY is appended to, any other file is replaced",
    )
    group.addoption(
        "--sfn-fail-under",
        metavar="N",
        type=_percentage,
        help="fail if less than N percent of the states, choice rules, retriers and catchers ran",
    )


def _percentage(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return number


def configure(config: pytest.Config) -> None:
    """Register the hooks if a report or coverage is wanted."""
    if config.getoption("collectonly"):
        return
    worker_input = getattr(config, "workerinput", None)
    if worker_input is not None:
        if _NAME in worker_input:
            config.pluginmanager.register(_CoverageHooks(config, None), _NAME)
        return
    measurement = _measurement()
    options = ("sfn_report", "sfn_report_md", "sfn_fail_under")
    if measurement is not None or any(config.getoption(name) not in (None, False) for name in options):
        config.pluginmanager.register(_CoverageHooks(config, measurement), _NAME)


def _measurement() -> Measurement | None:
    """Find the coverage.py that measures now and has the plugin; it is then already imported."""
    if sys.modules.get("coverage") is None:
        return None
    from pytest_sfn_sync.coverage.measurement import Measurement

    return Measurement.current()


class _CoverageHooks(RecordingHooks):
    recorder: Recorder

    def __init__(self, config: pytest.Config, measurement: Measurement | None) -> None:
        from pytest_sfn_sync.workflow_coverage.recording import Recorder

        super().__init__(config, _NAME, Recorder(config.rootpath))
        # Contexts of coverage.py have the names that pytest-cov gives them.
        self._has_contexts = config.getoption("cov_context", None) == "test"
        self._measurement = measurement
        self._fails_under: float | None = config.getoption("sfn_fail_under")
        self._table: Table | None = None
        self._verdict: Verdict | None = None
        self._notes: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._switch_context(item, "setup")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        self._switch_context(item, "run")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        self._switch_context(item, "teardown")

    def _switch_context(self, item: pytest.Item, phase: str) -> None:
        if self._has_contexts:
            self.recorder.context = f"{item.nodeid}|{phase}"

    # The innermost wrapper, so that all is written before pytest-cov saves and reports in its own wrapper.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        try:
            return (yield)
        finally:
            if self._measurement is not None:
                note = self._measurement.write(self.recorder.machines)
                self._notes += [] if note is None else [note]

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        # Only the controller knows whether coverage.py measures in it, so it starts the recording in its workers.
        node.workerinput[_NAME] = True

    def report(self, session: pytest.Session) -> None:
        from pytest_sfn_sync.workflow_coverage.table import Table, verdict

        self._table = Table.of(self.recorder.machines)
        path = self.config.getoption("sfn_report_md")
        if path is not None:
            self._write_markdown(self._table, path)
        if self._fails_under is not None:
            self._verdict = verdict(self._table.total, self._fails_under)
            if not self._verdict.is_passed and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _write_markdown(self, table: Table, path: str) -> None:
        from pytest_sfn_sync.workflow_coverage.markdown import markdown

        file = self.config.invocation_params.dir / path
        # Appended, as other tools may have written in the same step of a job.
        mode = "a" if str(file) == os.environ.get("GITHUB_STEP_SUMMARY") else "w"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # A state's name may contain half a surrogate pair.
            with file.open(mode, encoding="utf-8", errors="replace") as summary:
                summary.write(markdown(table))
        except OSError as error:
            self._notes.append(f"--sfn-report-md: can't write {path}: {error.strerror}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        table, verdict = self._table, self._verdict
        has_failed = verdict is not None and not verdict.is_passed
        lines: list[tuple[str, dict[str, bool]]] = []
        if table is not None and (self.config.getoption("sfn_report") or (has_failed and table.rows)):
            lines += [(line, {}) for line in table.lines()]
        lines += [(note, {"yellow": True}) for note in self._notes]
        if verdict is not None:
            lines.append((verdict.message, {"red": True, "bold": True} if has_failed else {"green": True}))
        if lines:
            terminalreporter.write_sep("=", _SECTION)
        for line, markup in lines:
            terminalreporter.write_line(line, **markup)
