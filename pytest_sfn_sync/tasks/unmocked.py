"""The message for a task that no mock answers: what was called, which mocks there were, and the line that mocks it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import UnmockedTaskError
from pytest_sfn_sync.tasks.differences import difference_lines, shown
from pytest_sfn_sync.tasks.lambda_functions import event_of
from pytest_sfn_sync.tasks.logical_ids import LogicalIds
from pytest_sfn_sync.tasks.mocks import MOCK_LAMBDA, MOCK_RESOURCE, MOCK_TASK, TaskMock, is_matcher, place_of
from pytest_sfn_sync.tasks.resources import FunctionName, Resource

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import StateMachine

_MOCKS_SHOWN = 8
_MARKERS = {MOCK_TASK: "sfn_task", MOCK_LAMBDA: "sfn_lambda", MOCK_RESOURCE: "sfn_resource"}


def unmocked_task_error(
    call: TaskCall,
    *,
    machine: StateMachine,
    resource: Resource,
    function: FunctionName | None,
    mocks: Sequence[TaskMock],
    logical_ids: LogicalIds,
    hint: str | None = None,
) -> UnmockedTaskError:
    """Make the error for a call that no mock answers; ``hint`` is what else there is to say of the mocks there are."""
    lines = [f"The Task of {place_of(call)} in the state machine {machine.name!r} has no mock.", ""]
    lines.append(f"  resource  {resource.arn}")
    logical_id = None if function is None else logical_ids.suggested(function)
    if function is not None:
        known_as = "" if logical_id in (None, function.name) else f" ({logical_id} in its template)"
        lines.append(f"  function  {function.name}{known_as}")
    lines += [f"  payload   {shown(call.payload, 600)}", ""]
    lines += _mocks_told(mocks, call, resource, function, logical_ids)
    if hint is not None:
        lines.append(hint)
    kind, target = _nearest_way(call, resource, function, logical_id)
    arguments = f"({json.dumps(target, ensure_ascii=False)}, returns={{}})"
    lines += [
        "",
        "To mock it, write in the test",
        f"    sfn_sync.{kind}{arguments}",
        "or above it",
        f"    @pytest.mark.{_MARKERS[kind]}{arguments}",
    ]
    return UnmockedTaskError("\n".join(lines))


def _nearest_way(
    call: TaskCall, resource: Resource, function: FunctionName | None, logical_id: str | None
) -> tuple[str, str]:
    if function is not None:
        return MOCK_LAMBDA, logical_id or function.name
    if ":" in resource.key and not resource.is_lambda:
        return MOCK_RESOURCE, resource.key
    return MOCK_TASK, call.state_name


def _mocks_told(
    mocks: Sequence[TaskMock],
    call: TaskCall,
    resource: Resource,
    function: FunctionName | None,
    logical_ids: LogicalIds,
) -> list[str]:
    if not mocks:
        return ["There are no mocks."]
    of_function = [] if function is None else [function.name, logical_ids.suggested(function) or function.name]
    names = {MOCK_TASK: [call.state_name], MOCK_LAMBDA: of_function or [""], MOCK_RESOURCE: [resource.key]}
    event = event_of(call.payload) if resource.is_lambda_invoke else call.payload

    def nearness(mock: TaskMock) -> float:
        name = mock.function.name if mock.function is not None else mock.target
        return max(SequenceMatcher(None, name.lower(), called.lower()).ratio() for called in names[mock.kind])

    nearest = sorted(mocks, key=nearness, reverse=True)
    lines = ["The mocks there are, nearest first:"]
    for mock in nearest[:_MOCKS_SHOWN]:
        given = event if mock.kind == MOCK_LAMBDA else call.payload
        lines.append(f"  {mock!r}: {_why_not(mock, given, call.state_name, function, resource, logical_ids)}")
    if len(nearest) > _MOCKS_SHOWN:
        lines.append(f"  ... and {len(nearest) - _MOCKS_SHOWN} more")
    return lines


def _why_not(
    mock: TaskMock,
    payload: JSON,
    state_name: str,
    function: FunctionName | None,
    resource: Resource,
    logical_ids: LogicalIds,
) -> str:
    if mock.kind == MOCK_TASK and mock.target != state_name:
        return "for another state"
    if mock.kind == MOCK_RESOURCE and (mock.resource is None or mock.resource.key != resource.key):
        return "for another resource"
    if mock.function is not None and (function is None or not logical_ids.covers(mock.function, function)):
        return _other_function(mock.function, function)
    if not mock.matches(payload):
        return _refused(mock, payload)
    return f"used up: it answers {mock.due_calls} {'call' if mock.due_calls == 1 else 'calls'}"


def _other_function(mocked: FunctionName, called: FunctionName | None) -> str:
    if called is None:
        return "for a Lambda function, and this task calls none"
    if mocked.name != called.name:
        return "for another function"
    return "for another version, alias, account or region of the function"


def _refused(mock: TaskMock, payload: JSON) -> str:
    if mock.when is MISSING or not is_matcher(mock.when):
        return "its when= does not accept the payload"
    differences = difference_lines(mock.when, payload, limit=3)
    return f"its when= does not accept the payload ({'; '.join(differences)})"
