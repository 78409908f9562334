"""The public surface: its names and its version."""

from __future__ import annotations

import importlib.metadata
import pickle
import re
import traceback
from pathlib import Path

import pytest

import pytest_sfn_sync

PUBLIC_NAMES = [
    "DefinitionError",
    "DefinitionWarning",
    "Diagnostic",
    "EnteredState",
    "Execution",
    "FailureCase",
    "LoadedTemplate",
    "MockError",
    "OptionError",
    "PendingTask",
    "PendingTaskError",
    "RecordedHistory",
    "SfnSync",
    "SfnSyncUsageError",
    "StateMachine",
    "StateResult",
    "TaskCall",
    "TaskError",
    "TaskMock",
    "TemplateError",
    "UnmockedTaskError",
    "UnsupportedOperationError",
    "UnusedMockError",
    "__version__",
    "assert_failed",
    "assert_succeeded",
    "assert_timed_out",
    "failures",
    "validate_definition",
]


def test_the_public_names_are_these() -> None:
    assert pytest_sfn_sync.__all__ == PUBLIC_NAMES


def test_the_public_names_are_sorted() -> None:
    assert pytest_sfn_sync.__all__ == sorted(pytest_sfn_sync.__all__)


@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_each_public_name_resolves(name: str) -> None:
    assert getattr(pytest_sfn_sync, name) is not None


@pytest.mark.parametrize("name", [name for name in PUBLIC_NAMES if not name.startswith("__")])
def test_each_public_name_is_documented(name: str) -> None:
    assert getattr(pytest_sfn_sync, name).__doc__


ERRORS = [
    name
    for name in [*PUBLIC_NAMES, "AlreadyRegisteredError", "UnknownMachineError"]
    if name.endswith(("Error", "Warning"))
]


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_is_shown_by_the_name_by_which_it_is_imported(name: str) -> None:
    error = getattr(pytest_sfn_sync, name)("the text")

    assert traceback.format_exception_only(error)[0].startswith(f"pytest_sfn_sync.{name}: ")


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_can_be_pickled(name: str) -> None:
    error = getattr(pytest_sfn_sync, name)("the text")

    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert str(copy) == str(error)


def test_the_version_is_that_of_the_installed_package_and_of_pyproject() -> None:
    pyproject = Path(__file__).resolve().parents[1] / "pyproject.toml"
    declared = re.search(r'^version = "(.+)"$', pyproject.read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    assert pytest_sfn_sync.__version__ == importlib.metadata.version("pytest-sfn-sync") == declared[1]
