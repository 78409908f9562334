"""The outcome that the author of a test gives to the work of a state, checked as the results of mocks are."""

from __future__ import annotations

from typing import Any

from pytest_sfn_sync.asl.definition import State, TaskState
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.mock_checks import check_function_error, check_mock_error, check_mock_result
from pytest_sfn_sync.tasks.integrations.shapes import NONE
from pytest_sfn_sync.tasks.json_values import document_of
from pytest_sfn_sync.tasks.lambda_response_checks import check_response
from pytest_sfn_sync.tasks.resources import resource_of
from pytest_sfn_sync.tasks.task_error import TaskError


def mock_of_author(
    state: State | None, returns: JSON, raises: TaskError | str | None, mode: str
) -> dict[str, Any] | None:
    """Return the ``mock`` of a TestState request; None if the author gives no outcome.

    ``mode`` is that of the checks against the service's model. Raise MockError for an outcome that a mock refuses.
    """
    if returns is not MISSING and raises is not None:
        raise MockError("test_state takes returns= or raises=, not both.")
    field_validation_mode = mode.upper()
    if raises is not None:
        error = raises if isinstance(raises, TaskError) else TaskError(raises)
        _check_error(error.error, state, mode)
        return {
            "errorOutput": {"error": error.error, "cause": error.cause},
            "fieldValidationMode": field_validation_mode,
        }
    if returns is MISSING:
        return None
    result = document_of(returns, "returns")
    _check_result(result, state, mode)
    return {"result": compact(result), "fieldValidationMode": field_validation_mode}


def _check_result(result: JSON, state: State | None, mode: str) -> None:
    if not isinstance(state, TaskState):
        return
    resource, mock = resource_of(state.resource), f"test_state({state.name!r}, returns=...)"
    if resource.function is not None:
        return
    integration = integration_of(resource.key)
    if integration is not None:
        check_mock_result(result, integration, mode, mock=mock, place=None)
    if resource.is_lambda_invoke and mode != NONE:
        check_response(result, mock=mock, function=None, place=None)


def _check_error(name: str, state: State | None, mode: str) -> None:
    if not isinstance(state, TaskState):
        return
    resource, mock = resource_of(state.resource), f"test_state({state.name!r}, raises={name!r})"
    integration = None if resource.function is not None else integration_of(resource.key)
    place = f"state {state.name!r}"
    if integration is not None:
        check_mock_error(name, integration, mode, mock=mock, place=place)
    if resource.is_lambda:
        check_function_error(name, mode, mock=mock, place=place)
