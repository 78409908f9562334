"""The pytest plugin: hooks, ini options, markers, the ``sfn_sync`` fixture, and the section of a failure report.

Only the modules of this package use pytest. The plugin is quick to load: modules that a test without Step Functions
does not need are imported at their first use.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from pytest_sfn_sync import deferred_credentials, shown_text
from pytest_sfn_sync.botocore_import import BOTOCORE, ImportWatch
from pytest_sfn_sync.plugin import (
    coverage_hooks,
    history_option,
    html_hooks,
    ini_options,
    outside_calls,
    project_machines,
)
from pytest_sfn_sync.plugin.default_region import DefaultRegion

# pytest calls the hooks that it finds in this module.
from pytest_sfn_sync.plugin.failure_reports import (
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_terminal_summary,
)
from pytest_sfn_sync.plugin.fixture import pytest_itemcollected, sfn_sync, sfn_sync_session

__all__ = [
    "pytest_addoption",
    "pytest_collect_file",
    "pytest_collection_finish",
    "pytest_configure",
    "pytest_itemcollected",
    "pytest_load_initial_conftests",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "sfn_sync",
    "sfn_sync_session",
]

_ABOUT_CONFTEST: Final = "--sfn-validate needs no conftest of the project: add --noconftest to leave them out."

_DEFINITIONS: Final = pytest.StashKey[frozenset[Path]]()
_REGION: Final = pytest.StashKey[DefaultRegion]()
_WATCH: Final = pytest.StashKey[ImportWatch]()

_running_sessions: list[pytest.Config] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    parser.getgroup("sfn-sync", "Step Functions (pytest-sfn-sync)").addoption(
        "--sfn-validate",
        nargs="+",
        metavar="PATH",
        help="check the definitions in these files, templates and folders as AWS would, and run nothing else",
    )
    parser.getgroup("sfn-sync", "Step Functions (pytest-sfn-sync)").addoption(
        "--sfn-failures",
        nargs="+",
        metavar="PATH",
        help="run the failure cases of these definition files and folders, and compare them with the tables beside "
        "the files (orders.failures.md)",
    )
    parser.getgroup("sfn-sync", "Step Functions (pytest-sfn-sync)").addoption(
        "--sfn-failures-update",
        action="store_true",
        help="write the tables of --sfn-failures, or of the ini option sfn_sync_failures, again",
    )
    coverage_hooks.add_options(parser)
    html_hooks.add_options(parser)
    history_option.add_options(parser)
    ini_options.add_options(parser)


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Watch for botocore before any conftest is imported, so that clients made at import time have the hook."""
    _prepare(early_config)
    try:
        return (yield)
    except Exception as error:
        if _is_about_conftest(early_config, error):
            print(_ABOUT_CONFTEST, file=sys.stderr)
        raise


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Tell how to check definitions without the conftests of the project, if one of them can't be imported."""
    report = yield
    call = getattr(report, "call", None)
    if call is not None and call.excinfo is not None and _is_about_conftest(collector.config, call.excinfo.value):
        report.sections.append(("--sfn-validate", _ABOUT_CONFTEST))
    return report


def _is_about_conftest(config: pytest.Config, error: BaseException) -> bool:
    return bool(config.known_args_namespace.sfn_validate) and type(error).__name__ == "ConftestImportFailure"


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers; prepare the process here if a conftest loaded this plugin."""
    _prepare(config)
    from pytest_sfn_sync.plugin.marker_texts import MARKERS

    for text in MARKERS.values():
        config.addinivalue_line("markers", text)
    config.addinivalue_line("markers", outside_calls.MARKER_TEXT)
    ini_options.check_names(config)
    outside_calls.configure(config)
    project_machines.configure(config)
    _add_definitions(config)
    _add_failures(config)
    config.add_cleanup(shown_text.show_whole(config.get_verbosity(pytest.Config.VERBOSITY_ASSERTIONS) >= 2))
    coverage_hooks.configure(config)
    html_hooks.configure(config)
    history_option.configure(config)


def _add_definitions(config: pytest.Config) -> None:
    """Collect files with definitions: only those to validate, or those of the ini file in addition to the tests.

    If the command line names the tests to run, only these are run.
    """
    if not config.getoption("sfn_validate") and not ini_options.ini_value(config, ini_options.DEFINITIONS):
        return
    from pytest_sfn_sync.errors import OptionError
    from pytest_sfn_sync.plugin.definition_items import (
        MARKER,
        outside_of_what_is_collected,
        paths_of_ini,
        paths_to_validate,
    )

    try:
        ini_options.options_of_ini_file(config)  # A wrong value is told before anything is collected.
    except OptionError as error:
        raise pytest.UsageError(str(error)) from None
    config.addinivalue_line("markers", f"{MARKER}: the check of a definition, collected from sfn_sync_definitions.")
    if config.getoption("sfn_validate"):
        paths = paths_to_validate(config)
        config.args = [str(path) for path in paths]
        if "s" not in config.option.reportchars:
            config.option.reportchars += "s"  # The reasons why machines are left out.
    else:
        paths = paths_of_ini(config)
        if config.args_source in (pytest.Config.ArgsSource.TESTPATHS, pytest.Config.ArgsSource.INVOCATION_DIR):
            config.args = [*config.args, *map(str, outside_of_what_is_collected(config, paths))]
    config.stash[_DEFINITIONS] = frozenset(paths)


def _add_failures(config: pytest.Config) -> None:
    """Collect the failure cases of definition files, if they are wanted."""
    if config.getoption("sfn_failures") or ini_options.ini_value(config, ini_options.FAILURES):
        from pytest_sfn_sync.plugin import failure_items

        failure_items.configure(config)
    elif config.getoption("sfn_failures_update"):
        raise pytest.UsageError(
            "--sfn-failures-update goes with --sfn-failures PATH... or the option sfn_sync_failures"
        )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file with definitions."""
    if file_path not in parent.config.stash.get(_DEFINITIONS, ()):
        return None
    from pytest_sfn_sync.plugin.definition_items import collect_file

    return collect_file(parent, file_path, ini_options.options_of_ini_file(parent.config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Set the default region if a test uses this plugin."""
    session.config.stash[_REGION].tests_are_collected(session.items)


def _prepare(config: pytest.Config) -> None:
    if config in _running_sessions:
        return
    _running_sessions.append(config)
    # Not in pytest_unconfigure, which pytest does not call if a conftest or an option is broken.
    config.add_cleanup(partial(_restore, config))
    region = config.stash[_REGION] = DefaultRegion(config)
    watch = config.stash[_WATCH] = ImportWatch(BOTOCORE, partial(_botocore_is_imported, region))
    watch.start()
    deferred_credentials.install()
    if BOTOCORE in sys.modules:
        from pytest_sfn_sync import botocore_hook

        botocore_hook.install()
        region.botocore_is_imported()


def _botocore_is_imported(region: DefaultRegion) -> None:
    from pytest_sfn_sync import botocore_hook

    botocore_hook.install_at_import()
    region.botocore_is_imported()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Report the machines of the project to coverage before it is written."""
    project = session.config.stash.get(project_machines.PROJECT, None)
    if project is not None:
        project.forget()
    return (yield)


def _restore(config: pytest.Config) -> None:
    """Undo the changes to the process; of nested runs, only the outermost does it."""
    _running_sessions.remove(config)
    config.stash[_WATCH].stop()
    config.stash[_REGION].take_back()
    if _running_sessions:
        return
    deferred_credentials.uninstall()
    if BOTOCORE in sys.modules:
        from pytest_sfn_sync import botocore_hook

        botocore_hook.uninstall()
