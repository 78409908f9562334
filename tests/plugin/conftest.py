"""A project on a machine without AWS configuration, run by pytest within pytest."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import boto3
import pytest
import yaml

import pytest_sfn_sync.fake.sfn_sync
from tests.plugin.projects import CHARGE_MODULE, without_aws_configuration

IS_INSTALLED = any(entry.value == "pytest_sfn_sync.plugin" for entry in entry_points(group="pytest11"))
# Where the package is not installed, the plugin has no entry point by which pytest would find it.
LOADING = [] if IS_INSTALLED else ["-p", "pytest_sfn_sync.plugin"]
# Plugins that change what these tests look at, or that cost more than the tests.
_OTHERS = ("cacheprovider", "randomly", "pytest_cov", "asyncio", "hypothesispytest", "benchmark")
QUIET = [argument for plugin in _OTHERS for argument in ("-p", f"no:{plugin}")]
PLAIN = [*LOADING, *QUIET]
WITHOUT_PLUGIN = ["-p", "no:sfn_sync", *QUIET]

# Modules that a run within this process imports are forgotten after it; these would be read anew for each test, and the
# compiled part of yaml can't be.
KEPT_LOADED = (boto3, pytest_sfn_sync.fake.sfn_sync, yaml)

RunProject = Callable[..., pytest.RunResult]


@pytest.fixture(autouse=True)
def no_aws_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_aws_configuration(monkeypatch, tmp_path)


@pytest.fixture
def run_project(pytester: pytest.Pytester) -> RunProject:
    """Run a test module in this process; ``orders`` is a module that makes its client when it is imported."""
    pytester.makepyfile(orders=CHARGE_MODULE)

    def run(module: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_project=f"import pytest\nfrom orders import *\n{module}")
        return pytester.runpytest_inprocess(*PLAIN, *arguments)

    return run


@pytest.fixture
def run_project_apart(pytester: pytest.Pytester) -> RunProject:
    """Run a test module as `run_project` does, in a process of its own."""
    pytester.makepyfile(orders=CHARGE_MODULE)

    def run(module: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_project=f"import pytest\nfrom orders import *\n{module}")
        return pytester.runpytest_subprocess(*PLAIN, *arguments)

    return run


@pytest.fixture
def run_project_with_asyncio(run_project: RunProject) -> RunProject:
    """Run a test module as `run_project` does, with pytest-asyncio."""
    pytest.importorskip("pytest_asyncio")
    loop_scope = "asyncio_default_fixture_loop_scope=function"
    return lambda module: run_project(module, "-p", "asyncio", "-o", loop_scope)
