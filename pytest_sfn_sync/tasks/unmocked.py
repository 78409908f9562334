"""The message for a task that no mock answers: the call, the mocks that exist, and the line that would mock it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import UnmockedTaskError
from pytest_sfn_sync.tasks.differences import difference_lines, shown
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.mock_targets import (
    Called,
    FunctionTarget,
    MockTarget,
    ResourceTarget,
    StateTarget,
    fault_of_name,
)
from pytest_sfn_sync.tasks.mocks import TaskMock, is_matcher, place_of

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine

_MOCKS_SHOWN = 8


def unmocked_task_error(
    call: TaskCall, *, machine: RegisteredMachine, called: Called, mocks: Sequence[TaskMock], hint: str | None = None
) -> UnmockedTaskError:
    """Return the error for a call that no mock answers; ``hint`` is a further remark about the mocks."""
    lines = [f"The Task of {place_of(call)} in the state machine {machine.name!r} has no mock.", ""]
    lines.append(f"  resource  {called.resource.arn}")
    function, logical_id = called.function, called.logical_id
    if function is not None:
        known_as = "" if logical_id in (None, function.name) else f" ({logical_id} in its template)"
        lines.append(f"  function  {function.name}{known_as}")
        fault = fault_of_name(function)
        if fault is not None:
            lines.append(f"            {fault}")
    lines += [f"  payload   {shown(call.document, 600)}", ""]
    lines += _lines_of_mocks(mocks, call, called)
    if hint is not None:
        lines.append(hint)
    target = _suggested(called)
    waits = called.resource.waits_for_token
    lines += [
        "",
        "It waits for a task token. To give its result at once, write in the test"
        if waits
        else "To mock it, write in the test",
        f"    sfn_sync.{target.method}{target.arguments}",
        "or above it",
        f"    @pytest.mark.{target.marker}{target.arguments}",
    ]
    if waits:
        lines += [
            "or, to let it wait until SendTaskSuccess, or sfn_sync.pending, answers it,",
            f"    sfn_sync.{target.method}({json.dumps(call.state_name, ensure_ascii=False)}, submits={{}})",
        ]
    service = _service_of(called)
    if service is not None:
        lines += ["or, to send it to moto or another fake of the service,", f'    sfn_sync.use_clients("{service}")']
    return UnmockedTaskError("\n".join(lines))


def _suggested(called: Called) -> MockTarget:
    """Return the target that the message suggests for a mock of the call."""
    if called.resource.waits_for_token:
        return StateTarget(called.state_name)
    if called.function is not None and fault_of_name(called.function) is None:
        return FunctionTarget(called.logical_id or called.function.name, called.function)
    if ":" in called.resource.key and not called.resource.is_lambda:
        return ResourceTarget(called.resource.key, called.resource)
    return StateTarget(called.state_name)


def _service_of(called: Called) -> str | None:
    """Return the service whose client could answer the call; None if there is none, or if it is this fake's own."""
    resource = called.resource
    integration = None if resource.is_lambda else integration_of(resource.request)
    if integration is None or integration.operation is None or integration.botocore_name == "stepfunctions":
        return None
    return integration.botocore_name


def _lines_of_mocks(mocks: Sequence[TaskMock], call: TaskCall, called: Called) -> list[str]:
    if not mocks:
        return ["There are no mocks."]
    nearest = sorted(mocks, key=lambda mock: mock.target.nearness(called), reverse=True)
    lines = ["The mocks there are, nearest first:"]
    lines += [f"  {mock!r}: {_why_not(mock, call, called)}" for mock in nearest[:_MOCKS_SHOWN]]
    if len(nearest) > _MOCKS_SHOWN:
        lines.append(f"  ... and {len(nearest) - _MOCKS_SHOWN} more")
    return lines


def _why_not(mock: TaskMock, call: TaskCall, called: Called) -> str:
    reason = mock.target.why_not(called)
    if reason is not None:
        return reason
    given = mock.target.given(call.document, called.resource)
    if not mock.matches(given):
        return _refused(mock, given)
    return f"used up: it answers {mock.most_calls} {'call' if mock.most_calls == 1 else 'calls'}"


def _refused(mock: TaskMock, payload: JSON) -> str:
    if mock.when is MISSING or not is_matcher(mock.when):
        return "its when= does not accept the payload"
    differences = difference_lines(mock.when, payload, limit=3)
    return f"its when= does not accept the payload ({'; '.join(differences)})"
