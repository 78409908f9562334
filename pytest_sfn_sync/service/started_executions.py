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
from pytest_sfn_sync.service.account import RUNNING, Account, StartedExecution
from pytest_sfn_sync.service.arns import refuse_label
from pytest_sfn_sync.service.errors import service_error
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
        if machine.type != "EXPRESS":
            return _started_standard(account, prepared)
        run_prepared(account, prepared)
        return _started(prepared)


def held_by_start(account: Account, machine: RegisteredMachine) -> AbstractContextManager[object]:
    """Return what is held from the time at which an execution starts to its first step.

    For a Standard execution it is the lock of the clock, so that no other thread lets time pass in between.
    """
    return nullcontext() if machine.type == "EXPRESS" else account.held()


def prepare(
    account: Account, machine: RegisteredMachine, name: str, input_text: str | None, *, test_case: str | None = None
) -> PreparedExecution:
    """Return an execution that starts now; raise InvalidExecutionInput for an input that is no JSON."""
    arn = f"{machine.execution_arn_prefix}{name}"
    if machine.type == "EXPRESS":
        arn = f"{arn}:{account.uuid()}"
    run = run_of_input(input_text, account.now())
    return PreparedExecution({}, machine, test_case, run, arn, name, None, (), {})


def run_prepared(
    account: Account, prepared: PreparedExecution, variables: Mapping[str, JSON] | None = None
) -> Execution:
    """Run an execution as far as it goes without the outside; ``variables`` are set before the first state."""
    start = account.start
    is_express = prepared.machine.type == "EXPRESS"
    running = start.running(prepared, None if is_express else account.timeline.clock)
    if variables:
        running.scope.assign(dict(variables))
    if is_express:
        try:
            running.run_on()
        except BaseException as end:
            start.abort(prepared, end)
            raise
        return start.keep(prepared)
    started = account.executions[prepared.arn] = StartedExecution(prepared, running)
    try:
        account.run(started)
    except BaseException:
        start.keep(prepared)
        raise
    return start.keep(prepared)


def _started_standard(account: Account, prepared: PreparedExecution) -> dict[str, Any]:
    """Run a Standard execution, unless its name was used before.

    Documented: starting a running execution again, with the same name and input, returns the same answer. Any other use
    of a name that was used before is refused. Assumption: inputs are compared as texts.
    """
    before = account.execution_of(prepared.arn)
    if before is None:
        run_prepared(account, prepared)
    elif before.status != RUNNING or before.prepared.run.input_text != prepared.run.input_text:
        raise service_error("ExecutionAlreadyExists", arn=prepared.arn)
    return _started(prepared if before is None else before.prepared)


def _started(prepared: PreparedExecution) -> dict[str, Any]:
    return {"executionArn": prepared.arn, "startDate": seconds_of(prepared.run.started_at)}
