"""Runs that the author of a test asks for without a client: of a machine, of a part of it, or of one of its states.

Inputs and results are documents. What AWS would refuse in a request is a usage error here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact, parse_json
from pytest_sfn_sync.asl.machine_parts import UnknownStateError, part_of
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.errors import ServiceError
from pytest_sfn_sync.service.started_executions import held_by_start, prepare, run_prepared
from pytest_sfn_sync.service.tested_states import try_state
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
    machine = _part(machine, start_at, stop_after)
    text = compact(document_of(input, "the input"))
    given = None if variables is None else document_of(dict(variables), "variables")
    with held_by_start(account, machine):
        try:
            prepared = prepare(account, machine, account.start.name_of(name), text)
        except ServiceError as refused:
            raise SfnSyncUsageError(f"Machine {machine.name!r} can't be run: {refused.message}") from None
        if prepared.arn in account.executions:
            raise SfnSyncUsageError(
                f"Machine {machine.name!r} can't be run: an execution {prepared.name!r} exists already."
            )
        return run_prepared(account, prepared, given)


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
) -> StateResult:
    """Run one state of a machine; ``returns`` or ``raises`` is the outcome of its work."""
    request: dict[str, Any] = {
        "definition": machine.text,
        "stateName": state,
        "roleArn": machine.role_arn,
        "input": compact(document_of(input, "the input")),
        "inspectionLevel": "TRACE",
        "stateConfiguration": {"retrierRetryCount": retries},
    }
    mock = _mock(returns, raises)
    if mock is not None:
        request["mock"] = mock
    if variables is not None:
        request["variables"] = compact(document_of(dict(variables), "variables"))
    if context is not None:
        request["context"] = compact(document_of(dict(context), "context"))
    try:
        response = try_state(account, request)
    except ServiceError as refused:
        raise SfnSyncUsageError(f"The state {state!r} of {machine.name!r} can't be tested: {refused.message}") from None
    output = response.get("output")
    return StateResult(
        status=response["status"],
        output=None if output is None else parse_json(output),
        error=response.get("error"),
        cause=response.get("cause"),
        next_state=response.get("nextState"),
        inspection={name: _document(value) for name, value in response["inspectionData"].items()},
    )


def _mock(returns: JSON, raises: TaskError | str | None) -> dict[str, Any] | None:
    if returns is not MISSING and raises is not None:
        raise MockError("test_state takes returns= or raises=, not both.")
    if raises is not None:
        error = raises if isinstance(raises, TaskError) else TaskError(raises)
        return {"errorOutput": {"error": error.error, "cause": error.cause}, "fieldValidationMode": "PRESENT"}
    if returns is MISSING:
        return None
    return {"result": compact(document_of(returns, "returns")), "fieldValidationMode": "PRESENT"}


def _document(value: Any) -> JSON:
    """Return a step of an inspection, which is a number or a JSON text, as a document."""
    return parse_json(value) if isinstance(value, str) else value
