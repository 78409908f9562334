"""Runs AWS Step Functions workflows in-process, behind an unchanged boto3 client.

Each name is imported when it is first used, so that pytest can load the plugin of this package quickly.

PYTEST_DONT_REWRITE: if coverage.py has loaded its plugin from this package first, pytest can't rewrite the package and
would warn of that.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_sfn_sync.asl.diagnostics import Diagnostic
    from pytest_sfn_sync.errors import (
        DefinitionError,
        DefinitionWarning,
        MockError,
        OptionError,
        PendingTaskError,
        SfnSyncUsageError,
        TemplateError,
        UnmockedTaskError,
        UnsupportedOperationError,
        UnusedMockError,
    )
    from pytest_sfn_sync.executions.assertions import assert_failed, assert_succeeded, assert_timed_out
    from pytest_sfn_sync.executions.entered_states import EnteredState
    from pytest_sfn_sync.executions.execution import Execution, TaskCall
    from pytest_sfn_sync.executions.pending_tasks import PendingTask
    from pytest_sfn_sync.failure_cases.failure_case import FailureCase
    from pytest_sfn_sync.fake.checked_files import validate_definition
    from pytest_sfn_sync.fake.failure_listing import failures
    from pytest_sfn_sync.fake.loaded_template import LoadedTemplate
    from pytest_sfn_sync.fake.machines import StateMachine
    from pytest_sfn_sync.fake.sfn_sync import SfnSync
    from pytest_sfn_sync.recorded_histories.recorded_history import RecordedHistory
    from pytest_sfn_sync.service.author_runs import StateResult
    from pytest_sfn_sync.tasks.mocks import TaskMock
    from pytest_sfn_sync.tasks.task_error import TaskError

    __version__: str

__all__ = [
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

_MODULES = {
    "AlreadyRegisteredError": "registry",
    "DefinitionError": "errors",
    "DefinitionWarning": "errors",
    "Diagnostic": "asl.diagnostics",
    "EnteredState": "executions.entered_states",
    "Execution": "executions.execution",
    "FailureCase": "failure_cases.failure_case",
    "LoadedTemplate": "fake.loaded_template",
    "MockError": "errors",
    "OptionError": "errors",
    "PendingTask": "executions.pending_tasks",
    "PendingTaskError": "errors",
    "RecordedHistory": "recorded_histories.recorded_history",
    "SfnSync": "fake.sfn_sync",
    "SfnSyncUsageError": "errors",
    "StateMachine": "fake.machines",
    "StateResult": "service.author_runs",
    "TaskCall": "executions.execution",
    "TaskError": "tasks.task_error",
    "TaskMock": "tasks.mocks",
    "TemplateError": "errors",
    "UnknownMachineError": "fake.loaded_template",
    "UnmockedTaskError": "errors",
    "UnsupportedOperationError": "errors",
    "UnusedMockError": "errors",
    "assert_failed": "executions.assertions",
    "assert_succeeded": "executions.assertions",
    "assert_timed_out": "executions.assertions",
    "failures": "fake.failure_listing",
    "validate_definition": "fake.checked_files",
}
"""The modules of the public names, and of two errors that no test needs to name but tracebacks show."""


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
