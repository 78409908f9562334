"""What all tests share: the table of the conformance runner, short messages, and saving what coverage.py measured.

pytest-xdist asks only a conftest of the top folder for the table. pytester is switched on in pyproject.toml.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from typing import Final
from unittest.mock import patch

import pytest
from botocore.loaders import JSONFileLoader

from pytest_sfn_sync import shown_text
from tests.conformance.report import pytest_terminal_summary
from tests.network import refused

CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_PROFILE",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
}

__all__ = [
    "pytest_collection",
    "pytest_configure",
    "pytest_runtest_teardown",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
]


@pytest.fixture(autouse=True)
def short_messages() -> Iterator[None]:
    """Shorten messages even if these tests run with -vv, which makes them whole."""
    restore = shown_text.show_whole(False)
    yield
    restore()


@pytest.fixture(autouse=True)
def network() -> Iterator[list[str]]:
    """Fail each test that leaves this machine; a test that means to try clears the list of its attempts.

    The environment has no credentials, so botocore would ask the metadata service for some. The fixture does not use
    monkeypatch, which would then be undone after it.
    """
    attempts: list[str] = []
    with patch.dict(os.environ), refused(attempts.append):
        for name in CREDENTIALS & os.environ.keys():
            del os.environ[name]
        yield attempts
    assert not attempts, "the test, or the code that it tests, tried to reach another machine"


def pytest_configure(config: pytest.Config) -> None:
    """Let the many tests that start Python anew share bytecode, where the environment keeps Python from writing any.

    It is written to a folder of this run. The processes of pytest-xdist have the environment of the first one.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        folder = tempfile.TemporaryDirectory(prefix="bytecode-", ignore_cleanup_errors=True)
        config.add_cleanup(folder.cleanup)
        os.environ["PYTHONPYCACHEPREFIX"] = folder.name


@pytest.fixture(scope="session", autouse=True)
def files_of_botocore() -> Iterator[None]:
    """Read each of botocore's files once in this process: each of the many sessions of tests would read them anew."""
    read = functools.cache(functools.partial(JSONFileLoader.load_file, JSONFileLoader()))
    with patch.object(JSONFileLoader, "load_file", lambda loader, path: read(path)):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the collector of garbage from reading the 20,000 collected tests again and again, then and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        put_aside()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Keep the collector from reading again what a module of tests has left, such as the models of botocore."""
    if nextitem is not None and nextitem.path != item.path:
        put_aside()


def put_aside() -> None:
    """Remove garbage, and keep the collector from reading what is left."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Save what coverage.py measured, while there is time: pytest-xdist ends workers that take long to exit."""
    coverage = sys.modules.get("coverage")
    current = None if coverage is None else coverage.Coverage.current()
    if current is not None:
        current.save()


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the optional engine of JSONata look as if it were not installed."""
    from pytest_sfn_sync.asl import jsonata

    monkeypatch.setitem(sys.modules, "jlens", None)
    monkeypatch.delitem(sys.modules, "pytest_sfn_sync.asl.jsonata.engine", raising=False)
    monkeypatch.delattr(jsonata, "engine", raising=False)
