"""What a test should know although its own fake does not tell: the guard, and the errors of fakes of a wider scope.

The guard (ini option ``sfn_sync_outside``) refuses calls of Step Functions that would go to AWS while a test runs. Such
an error, and a usage error of a fake that outlives the test, is raised again when the test ends, as the code under test
may have swallowed it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from pytest_sfn_sync import guarding
from pytest_sfn_sync.errors import OptionError, SfnSyncUsageError
from pytest_sfn_sync.plugin.fixture import EXCEPTION, FIXTURE, IS_MARKED, warn_once
from pytest_sfn_sync.plugin.ini_options import OUTSIDE, ini_value
from pytest_sfn_sync.plugin.project_machines import PROJECT

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.layers import NestedFake

MARKER: Final = "sfn_outside"
MARKER_TEXT: Final = (
    "sfn_outside(what): 'pass' lets the calls of a test without a fake go on to AWS, 'raise' refuses them; without it "
    "the ini option sfn_sync_outside counts."
)
_POLICIES: Final = ("raise", "pass")


class Guard:
    """Refuses the calls of one test that no fake answers, and that would go to AWS."""

    def __init__(self, test: str) -> None:
        self.usage_errors: list[SfnSyncUsageError] = []
        self.fake_was_entered = False
        self._test = test
        self._has_ended = False
        self._older_threads = frozenset(threading.enumerate() if threading.active_count() > 1 else ())

    def end(self) -> None:
        """Refuse only the calls of threads from now on, as they outlive the test."""
        self._has_ended = True

    def is_for_this_thread(self) -> bool:
        """Return whether the calls of the current thread are refused."""
        return not self._has_ended or threading.current_thread() is not threading.main_thread()

    def refuse(self, operation: str, arn: str | None) -> SfnSyncUsageError:
        """Return the usage error for a call, and keep it for the end of the test."""
        lines = [
            f"{operation} of Step Functions was called {self._where()}, and no fake was there to answer it. It would "
            "have gone to AWS.",
        ]
        if arn is not None:
            lines.append(f"  machine  {arn}")
        if self.fake_was_entered:
            lines.append(
                "The test had a fake before, but its block or fixture has ended. Does a thread or a task of the code "
                "under test run on after it?"
            )
        name = "orders" if arn is None else arn.partition("#")[0].partition(":stateMachine:")[2].partition(":")[0]
        lines += [
            "Name the fixture sfn_sync in the test, or write above it a marker such as",
            f'    @pytest.mark.sfn_machine("{name or "orders"}", "{name or "orders"}.asl.json")',
            "If the test is meant to call AWS, write above it",
            f'    @pytest.mark.{MARKER}("pass")',
            f"or, for all tests, {OUTSIDE} = pass in the ini file.",
        ]
        error = SfnSyncUsageError("\n".join(lines))
        self.usage_errors.append(error)
        return error

    def _where(self) -> str:
        thread = threading.current_thread()
        if thread is threading.main_thread():
            return f"in the test {self._test}"
        if thread in self._older_threads:
            return f"during the test {self._test}, in the thread {thread.name!r} that is older than the test"
        when = "after" if self._has_ended else "in"
        return f"{when} the test {self._test}, in the thread {thread.name!r}"


def configure(config: pytest.Config) -> None:
    """Use the hooks of this module; raise UsageError for a wrong value of the ini option."""
    config.pluginmanager.register(sys.modules[__name__], __name__)
    config.add_cleanup(partial(setattr, guarding, "guard", guarding.guard))
    value = ini_value(config, OUTSIDE)
    if value not in ("", *_POLICIES):
        raise pytest.UsageError(f"{OUTSIDE} in {config.inipath or 'the options'} is 'raise' or 'pass', not {value!r}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Guard a test, from its setup to its teardown."""
    guard = Guard(item.nodeid) if _policy_of(item) == "raise" else None
    before, guarding.guard = guarding.guard, guard
    try:
        return (yield)
    finally:
        guarding.guard = before
        if guard is not None and guard.fake_was_entered:
            guard.end()
            guarding.guard = guard


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Raise again what was swallowed, if the test's own fake did not."""
    __tracebackhide__ = True
    try:
        result = yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, pytest.exit.Exception):
        raise
    except BaseException as exception:  # also those of pytest.fail and pytest.skip
        error = _swallowed(item, exception)
        if error is None:
            raise
        raise error from exception
    _show_warnings(item)
    error = _swallowed(item, item.stash.get(EXCEPTION, None))
    if error is not None:
        raise error
    return result


def _policy_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker(MARKER)
    if marker is None:
        return ini_value(item.config, OUTSIDE) or "raise"
    return str(_argument(marker))


def _argument(marker: pytest.Mark) -> object:
    return next(iter((*marker.args, *marker.kwargs.values())), None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Raise OptionError for a marker with a wrong argument, and for markers that no fixture has applied."""
    __tracebackhide__ = True
    marker = item.get_closest_marker(MARKER)
    if marker is not None and _argument(marker) not in _POLICIES:
        given = _argument(marker)
        shown = "nothing" if given is None else f"{given!r:.60}"
        raise OptionError(f"@pytest.mark.{MARKER} at {item.nodeid} takes 'raise' or 'pass', not {shown}.")
    result = yield
    if item.stash.get(IS_MARKED, False):
        raise OptionError(
            f"{item.nodeid} has markers of pytest-sfn-sync, but its fixture {FIXTURE!r} does not apply them: the one "
            f"of the plugin is overridden. Let the other one use it (def {FIXTURE}({FIXTURE}): ...), or rename it."
        )
    return result


def _swallowed(item: pytest.Item, exception: BaseException | None) -> SfnSyncUsageError | None:
    """Return the error for the usage errors that no other fixture reports, and remove them."""
    sources = [guarding.guard, *_fakes_that_outlive(item)]
    errors = [error for source in sources if source is not None for error in source.usage_errors]
    if not errors:
        return None
    from pytest_sfn_sync.fake.swallowed_errors import error_of_swallowed

    for source in sources:
        if source is not None:
            source.usage_errors.clear()
    return error_of_swallowed(errors, exception)


def _fakes_that_outlive(item: pytest.Item) -> list[NestedFake]:
    """Return the fakes that are still entered after the teardown of a test."""
    layers = sys.modules.get("pytest_sfn_sync.fake.layers")  # absent as long as no fake was made
    return [] if layers is None else layers.entered()


def _show_warnings(item: pytest.Item) -> None:
    project = item.config.stash.get(PROJECT, None)
    if project is not None and project.heard:
        heard, project.heard = project.heard, []
        warn_once(item, heard)
