"""The pytest plugin: hooks, ini options, markers, the ``sfn_sync`` fixture, and the section of a failure report.

Only the modules of this package use pytest. The plugin is quick to load: modules that a test without Step Functions
does not need are imported at their first use.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from pytest_sfn_sync.defaults import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.plugin import coverage_hooks, default_region, html_hooks

if TYPE_CHECKING:
    from types import TracebackType

    from pytest_sfn_sync.fake.sfn_sync import SfnSync
    from pytest_sfn_sync.options import Options
    from pytest_sfn_sync.plugin.markers import MarkedTest

REPORT_SECTION: Final = "Step Functions executions"
_MOST_EXECUTIONS: Final = 10
_PACKAGE: Final = "pytest_sfn_sync"
_PYTEST: Final = "_pytest"
_CLIENTS: Final = ("botocore", "boto3", "aiobotocore", "aioboto3")

_FAKE: Final = pytest.StashKey[Any]()
_EXCEPTION: Final = pytest.StashKey[BaseException]()
_DEFINITIONS: Final = pytest.StashKey[frozenset[Path]]()
_OPTIONS: Final = pytest.StashKey["Options"]()
_WARNED: Final = pytest.StashKey[set[str]]()
_REGION_WAS_SET: Final = pytest.StashKey[bool]()

_INI_OPTIONS: Final = {
    "sfn_sync_region": f"region of the machines (default {DEFAULT_REGION})",
    "sfn_sync_account_id": f"account of the machines (default {DEFAULT_ACCOUNT_ID})",
    "sfn_sync_start_time": "ISO 8601 time at which every execution starts, with an offset (default: the real time)",
    "sfn_sync_seed": "seed of random values (default: none)",
    "sfn_sync_unsupported_operations": "raise, or pass to let other operations of Step Functions go on (default raise)",
    "sfn_sync_validate_mocks": "strict, present or none: how results of mocks are checked against service models "
    "(default present)",
}

_MOCK_CONFIG: Final = "sfn_mock_config"

_running_sessions: list[pytest.Config] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    parser.getgroup("sfn-sync", "Step Functions (pytest-sfn-sync)").addoption(
        "--sfn-validate",
        nargs="+",
        metavar="PATH",
        help="check the definitions in these files, templates and folders as AWS would, and run nothing else",
    )
    coverage_hooks.add_options(parser)
    html_hooks.add_options(parser)
    parser.addini(
        "sfn_definitions",
        "pytest-sfn-sync: files with definitions and templates, as patterns from the rootdir; each machine in them is "
        "collected as a test that checks it as AWS would",
        type="args",
        default=[],
    )
    parser.addini(
        "sfn_definitions_type",
        "pytest-sfn-sync: type of the machines in definition files, EXPRESS or STANDARD (default EXPRESS); templates "
        "say it themselves",
        default="EXPRESS",
    )
    for name, text in _INI_OPTIONS.items():
        parser.addini(name, f"pytest-sfn-sync: {text}", default="")
    parser.addini(
        _MOCK_CONFIG,
        "pytest-sfn-sync: path of a MockConfigFile.json of Step Functions Local, from the rootdir (default: none)",
        default="",
    )
    parser.addini(
        "sfn_sync_assert_all_mocks_used",
        "pytest-sfn-sync: whether a mock that is never called fails the test (default false)",
        type="bool",
        default=False,
    )
    parser.addini(
        "sfn_sync_default_region",
        "pytest-sfn-sync: region of clients that are made without one, where none is configured; empty for none "
        f"(default {DEFAULT_REGION})",
        default=DEFAULT_REGION,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Install the hook before any conftest is imported, so that clients made at import time have it."""
    _prepare(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers; prepare the process here if a conftest loaded this plugin."""
    _prepare(config)
    from pytest_sfn_sync.plugin.markers import MARKERS

    for text in MARKERS.values():
        config.addinivalue_line("markers", text)
    _add_definitions(config)
    coverage_hooks.configure(config)
    html_hooks.configure(config)


def _add_definitions(config: pytest.Config) -> None:
    """Collect files with definitions: only those to validate, or those of the ini file in addition to the tests.

    If the command line names the tests to run, only these are run.
    """
    if not config.getoption("sfn_validate") and not config.getini("sfn_definitions"):
        return
    from pytest_sfn_sync.errors import OptionError
    from pytest_sfn_sync.plugin.definition_items import (
        MARKER,
        outside_of_what_is_collected,
        paths_of_ini,
        paths_to_validate,
    )

    try:
        config.stash[_OPTIONS] = _ini_options(config)
    except OptionError as error:
        raise pytest.UsageError(str(error)) from None
    config.addinivalue_line("markers", f"{MARKER}: the check of a definition, collected from sfn_definitions.")
    if config.getoption("sfn_validate"):
        paths = paths_to_validate(config)
        config.args = [str(path) for path in paths]
    else:
        paths = paths_of_ini(config)
        if config.args_source in (pytest.Config.ArgsSource.TESTPATHS, pytest.Config.ArgsSource.INVOCATION_DIR):
            config.args = [*config.args, *map(str, outside_of_what_is_collected(config, paths))]
    config.stash[_DEFINITIONS] = frozenset(paths)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file with definitions."""
    if file_path not in parent.config.stash.get(_DEFINITIONS, ()):
        return None
    from pytest_sfn_sync.plugin.definition_items import collect_file

    return collect_file(parent, file_path, parent.config.stash[_OPTIONS])


def _prepare(config: pytest.Config) -> None:
    if config in _running_sessions:
        return
    from pytest_sfn_sync import botocore_hook

    _running_sessions.append(config)
    botocore_hook.install()
    config.stash[_REGION_WAS_SET] = default_region.set_default_region(config.getini("sfn_sync_default_region"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Undo the changes to the process; of nested runs, only the outermost does it."""
    if config not in _running_sessions:
        return
    _running_sessions.remove(config)
    if config.stash[_REGION_WAS_SET]:
        os.environ.pop(default_region.VARIABLE, None)
    if not _running_sessions:
        from pytest_sfn_sync import botocore_hook

        botocore_hook.uninstall()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Use the fixture for a test that has one of the markers."""
    names = getattr(item, "fixturenames", None)
    if names is None or "sfn_sync" in names:
        return
    from pytest_sfn_sync.plugin.markers import MARKERS

    if any(mark.name in MARKERS for mark in item.iter_markers()):
        names.insert(0, "sfn_sync")


@pytest.fixture
def sfn_sync(request: pytest.FixtureRequest) -> Iterator[SfnSync]:
    """Yield the `SfnSync` that answers Step Functions clients while the test runs, with the markers applied."""
    __tracebackhide__ = True
    from pytest_sfn_sync.fake.sfn_sync import SfnSync
    from pytest_sfn_sync.plugin.markers import apply_markers, options_of

    test = _marked_test(request.node)
    options = options_of(test, _ini_options(request.config))
    fake = SfnSync._of(options)
    request.node.stash[_FAKE] = fake
    with ExitStack() as leaving:
        leaving.push(fake.__enter__().__exit__)
        _use_mock_config(fake, request.config)
        with warnings.catch_warnings(record=True) as heard:
            apply_markers(test, fake)
        _warn_once(request.node, heard)
        yield fake
        leaving.pop_all()
        # pytest does not throw a test's exception into its fixtures. The exception shows which usage errors are
        # already reported, and which were swallowed.
        exception = request.node.stash.get(_EXCEPTION, None)
        fake.__exit__(None if exception is None else type(exception), exception, None)


def _warn_once(item: pytest.Item, heard: list[warnings.WarningMessage]) -> None:
    """Report the warnings of a test's markers at the test; each is shown once in a session, as tests share machines."""
    warned = item.config.stash.setdefault(_WARNED, set())
    for warning in heard:
        text = str(warning.message)
        if text not in warned:
            warned.add(text)
            item.warn(warning.message if isinstance(warning.message, Warning) else UserWarning(text))


def _use_mock_config(fake: SfnSync, config: pytest.Config) -> None:
    __tracebackhide__ = True
    path = config.getini(_MOCK_CONFIG)
    if not path:
        return
    from pytest_sfn_sync.errors import MockError

    try:
        fake.use_mock_config(config.rootpath / path)
    except MockError as error:
        raise MockError(f"{_MOCK_CONFIG} in the ini file {config.inipath or ''}: {error}") from None


def _ini_options(config: pytest.Config) -> Options:
    from pytest_sfn_sync.options import Options, option_from_text

    given = {name.removeprefix("sfn_sync_"): config.getini(name) for name in _INI_OPTIONS}
    options = {name: option_from_text(name, text) for name, text in given.items() if text}
    options["assert_all_mocks_used"] = config.getini("sfn_sync_assert_all_mocks_used")
    return Options().with_nearer(options, f"the ini file {config.inipath or ''}".rstrip())


def _marked_test(item: pytest.Item) -> MarkedTest:
    from pytest_sfn_sync.plugin.markers import MARKERS, MarkedTest

    callspec = getattr(item, "callspec", None)
    from_parameters = list(callspec.marks) if callspec is not None else []
    levels: dict[Any, list[Any]] = {}
    for node, mark in item.iter_markers_with_node():
        if mark.name in MARKERS and not any(mark is other for other in from_parameters):
            levels.setdefault(node, []).append(mark)
    # Decorators are applied from the bottom up, but markers count in the order in which they are read.
    by_level = [
        marks[::-1] if isinstance(node, pytest.Item | pytest.Class) else marks for node, marks in levels.items()
    ]
    return MarkedTest(
        name=item.nodeid, levels=[from_parameters, *by_level], folders=[item.path.parent, item.config.rootpath]
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remove the executions of earlier tests."""
    recorders.recent.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the traces of executions to the report of a failed test, and end its traceback in the user's code."""
    is_of_a_marker = False
    if call.excinfo is not None and not item.config.getoption("fulltrace"):
        is_of_a_marker = _end_in_the_users_code(call.excinfo.tb)
    report = yield
    if call.excinfo is not None and is_of_a_marker:
        # Only pytest's own frames are left, which show nothing of the test. The message names the marker.
        report.longrepr = call.excinfo.getrepr(style="value")
    if call.excinfo is not None:
        if call.when != "teardown":
            item.stash[_EXCEPTION] = call.excinfo.value
        fake: SfnSync | None = item.stash.get(_FAKE, None)
        if report.failed and (recorders.recent or fake is not None):
            text = _executions_section(fake, str(call.excinfo.value))
            if text:
                report.sections.append((REPORT_SECTION, text))
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, object, object]:
    """Colour the traces while a terminal with colours shows them; other plugins use the reports, which stay plain."""
    plain = []
    if terminalreporter.config.get_terminal_writer().hasmarkup:
        from pytest_sfn_sync.executions.trace_colours import coloured

        for report in (*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")):
            if any(name == REPORT_SECTION for name, _ in report.sections):
                plain.append((report, report.sections))
                report.sections = [
                    (name, coloured(text) if name == REPORT_SECTION else text) for name, text in report.sections
                ]
    try:
        return (yield)
    finally:
        for report, sections in plain:
            report.sections = sections


def _end_in_the_users_code(traceback: TracebackType | None) -> bool:
    """Remove the frames of botocore and of this package from a traceback, if this package raised the exception.

    Return whether the traceback then ends in pytest itself.
    """
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    if not frames or not _is_beneath(frames[-1], (_PACKAGE,)):
        return False
    while len(frames) > 1 and _is_beneath(frames[-1], (_PACKAGE, *_CLIENTS)):
        frames.pop()
    frames[-1].tb_next = None
    return _is_beneath(frames[-1], (_PYTEST,))


def _is_beneath(traceback: TracebackType, packages: tuple[str, ...]) -> bool:
    name = str(traceback.tb_frame.f_globals.get("__name__", ""))
    return name.partition(".")[0] in packages


def _executions_section(fake: SfnSync | None, failure: str) -> str:
    """Return the traces of a test's executions, except for those that are already in the failure's message."""
    from pytest_sfn_sync.executions.trace import trace_of

    executions = [execution for execution in recorders.recent if execution.name not in failure]
    traces = [trace_of(execution) for execution in executions[-_MOST_EXECUTIONS:]]
    if len(executions) > len(traces):
        traces.insert(0, f"({len(executions) - len(traces)} earlier executions are left out)")
    notes = () if fake is None else [note for note in fake.notes if note not in failure]
    return "\n\n".join([*traces, *notes])
