"""The hooks of pytest that write the page of ``--sfn-html``."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

import pytest

from pytest_sfn_sync.plugin.recording_hooks import RecordingHooks

if TYPE_CHECKING:
    from pytest_sfn_sync.diagrams.run_page import RunRecorder

_NAME: Final = "sfn_html"


def add_options(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.getgroup("sfn-sync", "Step Functions (pytest-sfn-sync)").addoption(
        "--sfn-html",
        metavar="PATH",
        help="write a page of HTML about all executions: their graphs, and the inputs, outputs and events of their "
        "states",
    )


def configure(config: pytest.Config) -> None:
    """Register the hooks if the page is wanted."""
    if config.getoption("sfn_html") is None or config.getoption("collectonly"):
        return
    from pytest_sfn_sync.diagrams.layout import graphlay
    from pytest_sfn_sync.errors import SfnSyncUsageError

    try:
        graphlay()
    except SfnSyncUsageError as error:
        raise pytest.UsageError(f"--sfn-html: {error}") from None
    config.pluginmanager.register(_PageHooks(config), _NAME)


class _PageHooks(RecordingHooks):
    recorder: RunRecorder

    def __init__(self, config: pytest.Config) -> None:
        from pytest_sfn_sync.diagrams.run_page import RunRecorder

        super().__init__(config, _NAME, RunRecorder())
        self._outcome = "passed"
        self._message = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._outcome = "passed"
        try:
            return (yield)
        finally:
            self.recorder.test_is_over(item.nodeid, self._outcome)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.failed or (report.skipped and self._outcome == "passed"):
            self._outcome = report.outcome
        return report

    def report(self, session: pytest.Session) -> None:
        from pytest_sfn_sync.diagrams.run_page import run_page

        path = self.config.getoption("sfn_html")
        file = self.config.invocation_params.dir / path
        recorded = self.recorder.recorded
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(run_page(recorded), encoding="utf-8")
        except OSError as error:
            self._message = f"--sfn-html: can't write {path}: {error.strerror}"
        else:
            count = "1 Step Functions execution" if len(recorded) == 1 else f"{len(recorded)} Step Functions executions"
            self._message = f"wrote {count} to {path}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._message:
            terminalreporter.write_sep("-", self._message)
