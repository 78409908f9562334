"""Runs that the author of a test asks for without a client: of a machine, of a part of it, or of one of its states.

Inputs and results are documents. What AWS would refuse in a request is a usage error here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.fields.variable_names import fault_of_name
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.asl.machine_parts import UnknownStateError, part_of
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.author_mocks import mock_of_author
from pytest_sfn_sync.service.errors import ServiceError
from pytest_sfn_sync.service.requests import utf8_length
from pytest_sfn_sync.service.started_executions import held_by_start, prepare, run_prepared
from pytest_sfn_sync.service.tested_states import try_state
from pytest_sfn_sync.tasks.integrations.shapes import PRESENT
from pytest_sfn_sync.tasks.json_values import document_of
from pytest_sfn_sync.tasks.task_error import TaskError


@dataclass(frozen=True, slots=True, kw_only=True)
class StateResult:
    """What one state did.

    ``status`` is ``SUCCEEDED``, ``FAILED``, ``RETRIABLE`` or ``CAUGHT_ERROR``, as TestState reports it. ``output`` is
    None if there is none. ``inspection`` has the document after each step of the data flow, by TestState's names.
    """

    status: str
    output: JSON = None
    error: str | None = None
    cause: str | None = None
    next_state: str | None = None
    inspection: Mapping[str, Any]


def run_machine(
    account: Account,
    machine: RegisteredMachine,
    input: JSON,
    *,
    name: str | None = None,
    start_at: str | None = None,
    stop_after: str | None = None,
    variables: Mapping[str, JSON] | None = None,
) -> Execution:
    """Run a machine, or a part of it, and return the execution, which has ended or waits for the outside."""
    name_of_machine = f"Machine {machine.name!r} can't be run"
    if not account.has(machine):
        raise SfnSyncUsageError(f"{name_of_machine}: it was deleted.")
    machine = _part(machine, start_at, stop_after)
    text = _input_text(input, name_of_machine)
    given = None if variables is None else _variables(variables, name_of_machine)
    with held_by_start(account, machine):
        try:
            prepared = prepare(account, machine, account.start.name_of(name), text)
        except ServiceError as refused:
            raise SfnSyncUsageError(f"{name_of_machine}: {refused.message}") from None
        if account.execution_of(prepared.arn) is not None:
            raise SfnSyncUsageError(f"{name_of_machine}: an execution {prepared.name!r} exists already.")
        execution = run_prepared(account, prepared, given)
    if stop_after is not None and execution.status == "SUCCEEDED" and stop_after not in execution.path:
        raise SfnSyncUsageError(
            f"Machine {machine.name!r} was run with stop_after={stop_after!r}, and ended without that state.\n"
            f"  entered  {' -> '.join(execution.path)}\n"
            "Give it an input that leads there, or take stop_after= out."
        )
    return execution


def _input_text(input: JSON, what: str) -> str:
    """Return the text of an input; raise SfnSyncUsageError for one that is too long for a call of a client."""
    text = compact(document_of(input, "the input"))
    length = utf8_length(text)
    if length > PAYLOAD_BYTES:
        raise SfnSyncUsageError(f"{what}: the input has {length:,} bytes, and AWS takes {PAYLOAD_BYTES:,} at most.")
    return text


def _variables(variables: Mapping[str, JSON], what: str) -> JSON:
    """Return variables as a document; raise SfnSyncUsageError for a name that a state may not assign."""
    given = document_of(dict(variables), "variables")
    for name in given:
        fault = fault_of_name(name)
        if fault is not None:
            raise SfnSyncUsageError(f"{what}: {fault[1]}")
    return given


def _part(machine: RegisteredMachine, start_at: str | None, stop_after: str | None) -> RegisteredMachine:
    if start_at is None and stop_after is None:
        return machine
    try:
        return replace(machine, compiled=part_of(machine.compiled, start_at=start_at, stop_after=stop_after))
    except UnknownStateError as unknown:
        near = ", ".join(map(repr, nearest_first(unknown.name, unknown.known)[:3]))
        where = "" if unknown.beside is None else f" among those of {unknown.beside!r}"
        raise SfnSyncUsageError(
            f"Machine {machine.name!r} has no state {unknown.name!r}{where}. Nearest: {near}."
        ) from None


def try_state_of(
    account: Account,
    machine: RegisteredMachine,
    state: str,
    input: JSON,
    *,
    returns: JSON = MISSING,
    raises: TaskError | str | None = None,
    variables: Mapping[str, JSON] | None = None,
    context: Mapping[str, JSON] | None = None,
    retries: int = 0,
    mode: str = PRESENT,
) -> StateResult:
    """Run one state of a machine; ``returns`` or ``raises`` is the outcome of its work, checked as ``mode`` says."""
    name_of_state = f"The state {state!r} of {machine.name!r} can't be tested"
    request: dict[str, Any] = {
        "definition": machine.text,
        "stateName": state,
        "roleArn": machine.role_arn,
        "input": _input_text(input, name_of_state),
        "inspectionLevel": "TRACE",
        "stateConfiguration": {"retrierRetryCount": retries},
    }
    compiled = next((one for one in machine.compiled.states.with_inner() if one.name == state), None)
    mock = mock_of_author(compiled, returns, raises, mode)
    if mock is not None:
        request["mock"] = mock
    if variables is not None:
        request["variables"] = compact(_variables(variables, name_of_state))
    if context is not None:
        request["context"] = compact(document_of(dict(context), "context"))
    try:
        response = try_state(account, request)
    except ServiceError as refused:
        raise SfnSyncUsageError(f"{name_of_state}: {refused.message}") from None
    output = response.get("output")
    return StateResult(
        status=response["status"],
        output=None if output is None else json.loads(output),
        error=response.get("error"),
        cause=response.get("cause"),
        next_state=response.get("nextState"),
        inspection={name: _document(value) for name, value in response["inspectionData"].items()},
    )


def _document(value: Any) -> JSON:
    """Return a step of an inspection, which is a number or a JSON text, as a document."""
    return json.loads(value) if isinstance(value, str) else value
