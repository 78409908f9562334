"""Runs AWS Step Functions Express workflows in-process, behind an unchanged boto3 client.

The names are loaded when first used, so that pytest can load the plugin of this package at next to no cost.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_sfn_sync.assertions import assert_failed, assert_succeeded, assert_timed_out
    from pytest_sfn_sync.errors import (
        DefinitionError,
        MockError,
        OptionError,
        SfnSyncUsageError,
        UnmockedTaskError,
        UnsupportedOperationError,
        UnusedMockError,
    )
    from pytest_sfn_sync.executions import Execution, TaskCall
    from pytest_sfn_sync.fake import SfnSync
    from pytest_sfn_sync.registry import StateMachine
    from pytest_sfn_sync.tasks.mocks import TaskMock
    from pytest_sfn_sync.tasks.task_error import TaskError

    __version__: str

__all__ = [
    "DefinitionError",
    "Execution",
    "MockError",
    "OptionError",
    "SfnSync",
    "SfnSyncUsageError",
    "StateMachine",
    "TaskCall",
    "TaskError",
    "TaskMock",
    "UnmockedTaskError",
    "UnsupportedOperationError",
    "UnusedMockError",
    "__version__",
    "assert_failed",
    "assert_succeeded",
    "assert_timed_out",
]

_MODULES = {
    "DefinitionError": "errors",
    "Execution": "executions",
    "MockError": "errors",
    "OptionError": "errors",
    "SfnSync": "fake",
    "SfnSyncUsageError": "errors",
    "StateMachine": "registry",
    "TaskCall": "executions",
    "TaskError": "tasks.task_error",
    "TaskMock": "tasks.mocks",
    "UnmockedTaskError": "errors",
    "UnsupportedOperationError": "errors",
    "UnusedMockError": "errors",
    "assert_failed": "assertions",
    "assert_succeeded": "assertions",
    "assert_timed_out": "assertions",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("pytest-sfn-sync")
    elif name in _MODULES:
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
