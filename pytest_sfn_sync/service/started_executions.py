"""StartExecution, and the executions that it starts.

A Standard execution runs on the clock of its account. When the call returns, the execution has ended, or it waits for
the outside. An Express execution runs to its end on a clock of its own, and AWS keeps nothing of it but its logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.arns import refuse_label
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.execution_entries import RUNNING, StartedExecution
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.start_sync_execution import PreparedExecution, run_of_input, seconds_of


def start_execution(account: Account, request: Request) -> dict[str, Any]:
    """Start an execution and run it as far as it goes without the outside."""
    arn, start = request["stateMachineArn"], account.start
    refuse_label(arn)
    machine, test_case, started_through = start.machine_to_start(arn, region=account.region)
    name = start.name_of(request.get("name"))
    with held_by_start(account, machine):
        prepared = prepare(account, machine, name, request.get("input"), test_case=test_case)
        prepared = prepared._replace(
            request=request, trace_header=request.get("traceHeader"), started_through=started_through
        )
        before = same_start(account, prepared)
        if before is None:
            run_prepared(account, prepared)
        return _started(prepared if before is None else before.prepared)


def held_by_start(account: Account, machine: RegisteredMachine) -> AbstractContextManager[object]:
    """Return what is held from the time at which an execution starts to its first step.

    For a Standard execution it is the lock of the clock, so that no other thread lets time pass in between.
    """
    return nullcontext() if machine.type == "EXPRESS" else account.held()


def prepare(
    account: Account,
    machine: RegisteredMachine,
    name: str,
    input_text: str | None,
    *,
    test_case: str | None = None,
    at: int | None = None,
) -> PreparedExecution:
    """Return an execution that starts at a virtual time, by default now.

    Raise InvalidExecutionInput for an input that is no JSON.
    """
    arn = f"{machine.execution_arn_prefix}{name}"
    if machine.type == "EXPRESS":
        arn = f"{arn}:{account.uuid()}"
    run = run_of_input(input_text, account.start_time() if at is None else at)
    return PreparedExecution({}, machine, test_case, run, arn, name, None, (), {})


def run_prepared(
    account: Account, prepared: PreparedExecution, variables: Mapping[str, JSON] | None = None
) -> Execution:
    """Run an execution as far as it goes without the outside; ``variables`` are set before the first state."""
    start = account.start
    if prepared.machine.type == "EXPRESS":
        running = start.running(prepared)
        running.scope.assign(dict(variables or {}))
        try:
            running.run_on()
        except BaseException as end:
            start.abort(prepared, end)
            raise
        return start.keep(prepared)
    started = begin(account, prepared)
    started.running.scope.assign(dict(variables or {}))
    try:
        account.run(started)
    except BaseException:
        start.keep(prepared)
        raise
    return start.keep(prepared)


def begin(account: Account, prepared: PreparedExecution) -> StartedExecution:
    """Add a Standard execution to its account; it has taken no step."""
    running = account.start.running(prepared, account.timeline.clock)
    started = account.executions[prepared.arn] = StartedExecution(prepared, running)
    return started


def same_start(account: Account, prepared: PreparedExecution) -> StartedExecution | None:
    """Return the execution that was started before with the same name and input, and runs; None if the name is free.

    Documented: starting a running execution again, with the same name and input, returns the same answer. Any other use
    of a name that was used before is refused. Assumption: inputs are compared as texts.
    """
    before = account.execution_of(prepared.arn)
    if before is not None and (before.status != RUNNING or before.prepared.run.input_text != prepared.run.input_text):
        raise service_error("ExecutionAlreadyExists", arn=prepared.arn)
    return before


def _started(prepared: PreparedExecution) -> dict[str, Any]:
    return {"executionArn": prepared.arn, "startDate": seconds_of(prepared.run.started_at)}
