"""The mock and the context object of a TestState request, checked against the state that they are for.

Source: recorded and measured refusals; the comments name what is not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pytest_sfn_sync.asl.definition import MapState, ParallelState, State, TaskState
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import parse_json
from pytest_sfn_sync.asl.json_text.jackson import JSONTextError
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.mock_checks import checked_result
from pytest_sfn_sync.tasks.integrations.shapes import NONE, STRICT, check_result
from pytest_sfn_sync.tasks.resources import resource_of

_CONTEXT_FIELDS: Final = {
    "Execution": ("Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"),
    "State": ("EnteredTime", "Name", "RetryCount"),
    "StateMachine": ("Id", "Name"),
    "Task": ("Token",),
}
_NOT_TEXTS: Final = frozenset({"Input", "RedriveCount", "RetryCount"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """The ``mock`` of a request: a result, or an error."""

    result: JSON = None
    error: str | None = None
    cause: str | None = None

    @property
    def is_error(self) -> bool:
        """True if the mock is an error."""
        return self.error is not None


def mock_of(request: Request, state: State, fields: Mapping[str, JSON]) -> Mock | None:
    """Return the mock of a request, checked against its state; None if there is none."""
    given = request.get("mock")
    if given is None:
        return None
    if request.get("revealSecrets"):
        raise refused("TestState does not support RevealSecrets when a mock is specified.")
    if not isinstance(state, TaskState | MapState | ParallelState):
        raise refused(f"State type '{state.type}' is not supported when a mock is specified")
    text, error_output = given.get("result"), given.get("errorOutput")
    if text is not None and error_output is not None:
        raise refused("A test mock should have only one of the following fields: [result, errorOutput].")
    if error_output is not None:
        if error_output.get("error") is None:
            raise refused("An error was not specified in the mocked error output.")
        return Mock(error=error_output["error"], cause=error_output.get("cause"))
    if text is None:
        raise refused("One of the following fields is required for a test mock: [result, errorOutput].")
    try:
        result = parse_json(text)
    except JSONTextError:
        raise refused("Mocked result must be valid JSON") from None
    _check_result(result, given, state, fields)
    return Mock(result=result)


def _check_result(
    result: JSON, given: Mapping[str, Any], state: TaskState | MapState | ParallelState, fields: Mapping[str, JSON]
) -> None:
    if isinstance(state, ParallelState):
        if not isinstance(result, list):
            raise refused("Mocked result must be an array.")
        if len(result) != len(state.branches):
            raise refused("Mocked result must contain the same number of items as number of Parallel branches.")
    elif isinstance(state, MapState):
        if "ResultWriter" in fields and not isinstance(result, dict):
            raise refused("Mocked result must be a JSON object.")
        if "ResultWriter" not in fields and not isinstance(result, list):
            raise refused("Mocked result must be an array.")
    else:
        resource = resource_of(state.resource)
        integration = None if resource.function is not None else integration_of(resource.key)
        if integration is None:
            return
        mode = (given.get("fieldValidationMode") or STRICT).lower()
        if not isinstance(result, dict) and mode != NONE:
            raise refused("Mocked result must be a valid JSON object.")
        shape, checked = checked_result(result, integration)
        fault = check_result(checked, shape, mode)
        if fault is not None:
            raise refused(fault.test_state_message)


def context_of(request: Request, state: State, *, has_mock: bool) -> JSON:
    """Return the context object of a request, which replaces the state's own; None if there is none."""
    text = request.get("context")
    if text is None:
        return None
    if not has_mock:
        # Measured: a context object is accepted with a mock only. Assumption: the text.
        raise refused("TestState does not support a Context object when a mock is not specified.")
    context = json_of(request, "context", {})
    fault = _context_fault(context, state)
    if fault is not None:
        raise refused(f"Invalid Context object provided: {fault}")
    return context


def _context_fault(context: JSON, state: State) -> str | None:
    if not isinstance(context, dict):
        return "Context object must be a JSON object"  # Assumption: the text.
    if "Map" in context:
        return "'Map' field is not supported when mocking a Context object"
    if "Task" in context and not (isinstance(state, TaskState) and _waits(state)):
        return (
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' "
            "service integration pattern"
        )
    for name, part in context.items():
        known = _CONTEXT_FIELDS.get(name)
        if known is None:
            return f"Field '{name}' is not allowed"
        if not isinstance(part, dict):
            return f"{name} must be an object"  # Assumption: the text.
        for field, value in part.items():
            if field not in known:
                return f"Field '{field}' is not allowed"
            if field not in _NOT_TEXTS and not isinstance(value, str):
                return f"{name}.{field} must be a string"
    return None


def _waits(state: TaskState) -> bool:
    return any(pattern in state.resource for pattern in (".sync", ".waitForTaskToken"))


def json_of(request: Mapping[str, Any], member: str, default: JSON) -> JSON:
    """Return a member that is JSON text; raise InvalidExecutionInput if it can't be read."""
    text = request.get(member)
    if text is None:
        return default
    try:
        return parse_json(text)
    except JSONTextError as error:
        raise service_error("InvalidExecutionInput", reason=error.message) from None


def refused(message: str) -> ServiceError:
    """Return the ValidationException with a text."""
    return service_error("ValidationException", reason=message)
