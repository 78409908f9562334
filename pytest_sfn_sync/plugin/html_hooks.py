"""The hooks of pytest that write the page of ``--sfn-html``.

A worker of pytest-xdist records and sends what it has to the controller when its tests are done; the controller alone
writes the page.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import pytest

from pytest_sfn_sync.executions import recorders

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
    is_worker = hasattr(config, "workerinput")
    config.pluginmanager.register((_WorkerHooks if is_worker else _ControllerHooks)(config), _NAME)


class _RecordingHooks:
    """What worker and controller have in common: they record what their own process runs."""

    def __init__(self, config: pytest.Config) -> None:
        from pytest_sfn_sync.diagrams.run_page import RunRecorder

        self.config = config
        self.recorder = RunRecorder()
        self._outcome = "passed"
        recorders.active.append(self.recorder)

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

    def pytest_unconfigure(self) -> None:
        recorders.active.remove(self.recorder)


class _WorkerHooks(_RecordingHooks):
    def pytest_sessionfinish(self) -> None:
        worker_output: dict[str, Any] = self.config.workeroutput  # type: ignore[attr-defined]
        worker_output[_NAME] = self.recorder.to_bytes()


class _ControllerHooks(_RecordingHooks):
    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self._told = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # A worker that crashed has no output.
        recorded = getattr(node, "workeroutput", {}).get(_NAME)
        if recorded is not None:
            self.recorder.add_bytes(recorded)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        from pytest_sfn_sync.diagrams.run_page import run_page

        path = self.config.getoption("sfn_html")
        file = self.config.invocation_params.dir / path
        recorded = self.recorder.recorded
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(run_page(recorded), encoding="utf-8")
        except OSError as error:
            self._told = f"--sfn-html: can't write {path}: {error.strerror}"
        else:
            count = "1 Step Functions execution" if len(recorded) == 1 else f"{len(recorded)} Step Functions executions"
            self._told = f"wrote {count} to {path}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._told:
            terminalreporter.write_sep("-", self._told)
