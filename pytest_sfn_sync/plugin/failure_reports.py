"""The reports of failed tests: they end in the user's code, and have the traces of the test's executions."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

import pytest

from pytest_sfn_sync import shown_text
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.plugin.fixture import EXCEPTION

if TYPE_CHECKING:
    from types import TracebackType

REPORT_SECTION: Final = "Step Functions executions"
_MOST_EXECUTIONS: Final = 10
_PACKAGE: Final = "pytest_sfn_sync"
_PYTEST: Final = "_pytest"
_CLIENTS: Final = ("botocore", "boto3", "aiobotocore", "aioboto3")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remove the executions and notes of earlier tests."""
    recorders.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the traces of executions to the report of a failed test, and end its traceback in the user's code."""
    is_of_a_marker = False
    if not item.config.getoption("fulltrace"):
        if call.excinfo is not None:
            is_of_a_marker = _end_in_the_users_code(call.excinfo)
        # pytest takes the exception of a unittest.TestCase from here. There is no public way to it.
        for excinfo in (getattr(item, "_excinfo", None) or ())[:1]:
            _end_in_the_users_code(excinfo)
    report = yield
    if call.excinfo is not None and is_of_a_marker:
        # Only pytest's own frames are left, which show nothing of the test. The message names the marker.
        report.longrepr = _message_and_place(item, call.excinfo)
    if call.excinfo is not None:
        if call.when != "teardown":
            item.stash[EXCEPTION] = call.excinfo.value
        if report.failed and (recorders.recent or recorders.recent_notes):
            text = _executions_section(str(call.excinfo.value))
            if text:
                _add_section(report, text)
    if call.when == "teardown":
        _forget(item)
    return report


def _add_section(report: pytest.TestReport, text: str) -> None:
    """Add a section to the failure itself, as JUnit's XML has the text of a failure but none of the report's sections.

    A report whose failure is no exception, such as that of a doctest, gets it beside the failure.
    """
    add_to_failure = getattr(report.longrepr, "addsection", None)
    if add_to_failure is None:
        report.sections.append((REPORT_SECTION, text))
    else:
        add_to_failure(REPORT_SECTION, text)


def _forget(item: pytest.Item) -> None:
    """Remove what a test has left; items live as long as the session, so nothing of a fake may stay with them."""
    recorders.clear()
    if EXCEPTION in item.stash:
        del item.stash[EXCEPTION]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, object, object]:
    """Colour the traces while a terminal with colours shows them; other plugins use the reports, which stay plain."""
    plain: list[tuple[Any, list[Any]]] = []
    if terminalreporter.config.get_terminal_writer().hasmarkup:
        for report in (*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")):
            for holder in (report, report.longrepr):
                sections: list[Any] = getattr(holder, "sections", [])
                if any(name == REPORT_SECTION for name, *_ in sections):
                    plain.append((holder, sections))
                    holder.sections = [_coloured(*section) for section in sections]
    try:
        return (yield)
    finally:
        for holder, sections in plain:
            holder.sections = sections


def _coloured(name: str, text: str, *rest: str) -> tuple[str, ...]:
    """Return a section with the lines of its traces coloured; other sections stay as they are."""
    from pytest_sfn_sync.executions.trace_colours import coloured

    return name, coloured(text) if name == REPORT_SECTION else text, *rest


def _end_in_the_users_code(excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
    """Remove the frames of botocore and of this package from a traceback, if this package raised the exception.

    Return whether the traceback of a mistake of the test's author then ends in pytest itself. Any other exception that
    no code of the user leads to is a fault of this package, so its traceback stays.
    """
    frames = []
    traceback: TracebackType | None = excinfo.tb
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    if not frames or not _is_beneath(frames[-1], (_PACKAGE,)):
        return False
    while len(frames) > 1 and _is_beneath(frames[-1], (_PACKAGE, *_CLIENTS)):
        frames.pop()
    is_of_a_marker = _is_beneath(frames[-1], (_PYTEST,))
    if is_of_a_marker and not isinstance(excinfo.value, _mistakes()):
        return False
    frames[-1].tb_next = None
    return is_of_a_marker


def _mistakes() -> tuple[type[BaseException], ...]:
    # Imported only after a failure.
    from pytest_sfn_sync.errors import DefinitionWarning, SfnSyncUsageError

    return SfnSyncUsageError, DefinitionWarning


def _message_and_place(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    """Return the report of a mistake in a marker: the message, then the marker's line as pytest shows lines."""
    from pytest_sfn_sync.plugin.marker_places import place_of_marker

    shown: Any = excinfo.getrepr(style="value")
    places = [place for mark in _marks_at_fault(item, excinfo.value) if (place := place_of_marker(item, mark))]
    entries = shown.reprtraceback.reprentries
    if places and entries and shown.reprcrash is not None:
        first, *others = dict.fromkeys(places)
        make_location = type(shown.reprcrash)
        entries[-1].lines += [f"{other}: the marker of another mock" for other in others]
        entries[-1].reprfileloc = make_location(first.path, first.line, type(excinfo.value).__name__)
    return shown


def _marks_at_fault(item: pytest.Item, error: BaseException) -> list[Any]:
    from pytest_sfn_sync.errors import MockError, UnusedMockError
    from pytest_sfn_sync.plugin.markers import mocking_call

    mark = getattr(error, "_marker", None)
    if mark is not None:
        return [mark]
    if not isinstance(error, MockError | UnusedMockError):
        return []
    # What is wrong with a mock is found at the end of the test only. The message begins a line with the mock.
    lines = [line.strip() for line in str(error).splitlines()]
    mocking = [(mark, mocking_call(mark)) for mark in item.iter_markers()]
    return [mark for mark, call in mocking[::-1] if call is not None and any(line.startswith(call) for line in lines)]


def _is_beneath(traceback: TracebackType, packages: tuple[str, ...]) -> bool:
    name = str(traceback.tb_frame.f_globals.get("__name__", ""))
    return name.partition(".")[0] in packages


def _executions_section(failure: str) -> str:
    """Return the traces and notes of a test, except for those that are already in the failure's message."""
    from pytest_sfn_sync.executions.trace import trace_of

    executions = [execution for execution in recorders.recent if execution.name not in failure]
    traces = [trace_of(execution) for execution in executions[-shown_text.most(_MOST_EXECUTIONS, len(executions)) :]]
    if len(executions) > len(traces):
        traces.insert(0, f"({len(executions) - len(traces)} earlier executions are left out)")
    notes = [note for note in recorders.recent_notes if note not in failure]
    return "\n\n".join([*traces, *notes])
