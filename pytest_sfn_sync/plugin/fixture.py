"""The fixtures ``sfn_sync`` and ``sfn_sync_session``, and the markers of a test that are applied."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest

from pytest_sfn_sync.plugin.ini_options import MOCK_CONFIG, ini_value, options_of_ini_file

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.sfn_sync import SfnSync
    from pytest_sfn_sync.plugin.markers import MarkedTest

EXCEPTION: Final = pytest.StashKey[BaseException]()
"""The exception with which a test's setup or call ended."""

FIXTURE: Final = "sfn_sync"

IS_MARKED: Final = pytest.StashKey[bool]()
"""Whether a test has markers that have not been applied yet."""

_WARNED: Final = pytest.StashKey[set[str]]()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Use the fixture for a test that has one of the markers.

    It is set up after the fixtures of a wider scope, so that no order of the tests changes what these find. It is set
    up before the other fixtures of the test, so that these find the machines of the markers, even if they are autouse
    fixtures. It makes no difference whether the test names the fixture as well.
    """
    names = getattr(item, "fixturenames", None)
    if names is None:
        return
    from pytest_sfn_sync.plugin.marker_texts import MARKERS

    if any(mark.name in MARKERS for mark in item.iter_markers()):
        # A copy, as pytest shares the list among all parameter sets of a test, and only some may have a marker.
        item.stash[IS_MARKED] = True
        item.fixturenames = _with_fake(item, names)  # type: ignore[attr-defined]


def _with_fake(item: pytest.Item, names: list[str]) -> list[str]:
    others = [name for name in names if name != FIXTURE]
    is_wide = [_scope_of(item, name) != "function" for name in others]
    index = len(others) - is_wide[::-1].index(True) if True in is_wide else 0
    return [*others[:index], FIXTURE, *others[index:]]


def _scope_of(item: pytest.Item, name: str) -> str:
    # pytest has no public way to ask for it.
    definitions = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {}).get(name)
    scope: str = definitions[-1].scope if definitions else "function"
    return scope


@pytest.fixture
def sfn_sync(request: pytest.FixtureRequest) -> Iterator[SfnSync]:
    """Yield the `SfnSync` that answers Step Functions clients while the test runs, with the markers applied."""
    __tracebackhide__ = True
    from pytest_sfn_sync.fake.sfn_sync import SfnSync
    from pytest_sfn_sync.plugin.markers import apply_markers, options_of

    test = _marked_test(request.node)
    options = options_of(test, options_of_ini_file(request.config))
    fake = SfnSync._of(options)
    with ExitStack() as leaving:
        leaving.push(fake.__enter__().__exit__)
        _use_mock_config(fake, request.config)
        with warnings.catch_warnings(record=True) as heard:
            apply_markers(test, fake)
        request.node.stash[IS_MARKED] = False
        warn_once(request.node, heard)
        yield fake
        leaving.pop_all()
        # pytest does not throw a test's exception into its fixtures. The exception shows which usage errors are
        # already reported, and which were swallowed.
        exception = request.node.stash.get(EXCEPTION, None)
        fake.__exit__(None if exception is None else type(exception), exception, None)


@pytest.fixture(scope="session")
def sfn_sync_session(request: pytest.FixtureRequest) -> Iterator[SfnSync]:
    """Yield an `SfnSync` for the whole session; the ``sfn_sync`` of each test uses its machines and mocks.

    Without a fake of its own, a test's calls are answered by this one. Usage errors that are swallowed in a test are
    raised at the end of that test.
    """
    __tracebackhide__ = True
    from pytest_sfn_sync.fake.sfn_sync import SfnSync

    with SfnSync._of(options_of_ini_file(request.config)) as fake:
        _use_mock_config(fake, request.config)
        yield fake


def warn_once(item: pytest.Item, heard: list[warnings.WarningMessage]) -> None:
    """Report the warnings of a test's markers at the test; each is shown once in a session, as tests share machines."""
    warned = item.config.stash.setdefault(_WARNED, set())
    for warning in heard:
        text = str(warning.message)
        if text not in warned:
            warned.add(text)
            item.warn(warning.message if isinstance(warning.message, Warning) else UserWarning(text))


def _use_mock_config(fake: SfnSync, config: pytest.Config) -> None:
    __tracebackhide__ = True
    path = ini_value(config, MOCK_CONFIG)
    if not path:
        return
    from pytest_sfn_sync.errors import MockError

    try:
        fake.use_mock_config(config.rootpath / path)
    except MockError as error:
        raise MockError(f"{MOCK_CONFIG} in the ini file {config.inipath or ''}: {error}") from None


def _marked_test(item: pytest.Item) -> MarkedTest:
    from pytest_sfn_sync.plugin.marker_texts import MARKERS
    from pytest_sfn_sync.plugin.markers import MarkedTest

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
