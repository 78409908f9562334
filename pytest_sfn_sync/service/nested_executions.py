"""Tasks that start another machine: ``aws-sdk:sfn:startSyncExecution`` and the two forms of StartExecution.

The machine of such a task runs as an execution of its own, which starts at the task's virtual time. A mocked Task
starts nothing. Executions that handlers of mocks start through a client are not handled here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any, Final, NamedTuple
from weakref import ref

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.pauses import Clock, Pause
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.runtime import NestedRun
from pytest_sfn_sync.asl.task_call import EPOCH, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.timestamps import instant_text
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import Registry
from pytest_sfn_sync.service.errors import COMMON_ERRORS, ServiceError
from pytest_sfn_sync.service.start_sync_execution import (
    PreparedExecution,
    StartSyncExecution,
    date_of,
    seconds_of,
)
from pytest_sfn_sync.tasks.integrations.service_errors import cause_of_version_1, cause_of_version_2

MOST_NESTED: Final = 20
"""The most levels of nested executions: this fake's own limit. AWS would go on until a timeout."""


class NestedExecutions:
    """Answers the tasks that start a machine; `StepFunctions` describes the arguments.

    It does not keep ``start`` in memory: the operation has the mocks, which have this object. During a call, the
    service has it.
    """

    def __init__(self, *, start: StartSyncExecution, registry: Registry, random: Random) -> None:
        self._start_of_service = ref(start)
        self._registry = registry
        self._random = random

    def __call__(self, call: TaskCall, integration: str) -> TaskAnswer | NestedRun | None:
        """Answer a call of an integration such as ``states:startExecution``; return None for any other."""
        action = _ACTIONS.get(integration)
        if action is None:
            return None
        request = _request_of(call.document)
        arn = request.get("stateMachineArn")
        machine = self._registry.find(arn) if isinstance(arn, str) else None
        if machine is not None and machine.type != "EXPRESS" and not action.waits:
            return None  # AWS could start a Standard machine, but this fake runs none.
        _check_depth(call, arn)
        start = self._start_of_service()
        assert start is not None, "the service that makes the call keeps its operation"
        try:
            prepared = start.prepare(
                request,
                trace_header=request.get("traceHeader"),
                at=call.at_microseconds,
                ancestors=(*call.ancestors, str(arn)),
                caller=f", called by the state {call.state_name!r}",
            )
        except ServiceError as refusal:
            error, cause = action.failure(refusal, random_uuid(self._random))
            return TaskAnswer(None, error, cause)
        call.answered_by = f"state machine {prepared.machine.name!r}"
        nested = _Nested(start, prepared, call, action, self._random)
        if action.waits:
            return nested
        nested.leave()
        return nested.answer()


class _Nested:
    """An execution that a task has started, on the clock of its parent."""

    def __init__(
        self, start: StartSyncExecution, prepared: PreparedExecution, call: TaskCall, action: _Action, random: Random
    ) -> None:
        self._start = start
        self._prepared = prepared
        self._call = call
        self._action = action
        self._random = random
        self._running: Running | None = None
        self._execution: Execution | None = None

    def go_on(self, clock: Clock) -> Pause | None:
        if self._running is None:
            self._running = self._start.running(self._prepared, clock)
        try:
            pause = self._running.go_on()
        except BaseException as end:
            self._start.abort(self._prepared, end, self._call)
            raise
        if pause is None:
            self._execution = self._start.complete(self._prepared, self._call)
        return pause

    def answer(self) -> TaskAnswer:
        # Measured: a child that failed does not fail the task; the result has Status, Error and Cause.
        assert self._execution is not None
        return TaskAnswer(self._action.result(self._execution, self._random))

    def leave(self) -> None:
        # An Express execution runs on even if nothing waits for it any more. Nothing else can see its time.
        if self._running is None:
            clock = Clock(self._prepared.run.started_at)
            pause = self.go_on(clock)
        else:
            clock, pause = self._running.clock, self._running.pause
        before = clock.now
        while pause is not None:
            clock.now = max(clock.now, pause.due or 0)
            pause = self.go_on(clock)
        clock.now = before


def _check_depth(call: TaskCall, arn: object) -> None:
    if len(call.ancestors) < MOST_NESTED:
        return
    names = [str(one).rpartition(":")[2] for one in (*call.ancestors[-3:], arn)]
    raise SfnSyncUsageError(
        f"Executions are nested {MOST_NESTED} deep, the most that this fake allows: the state "
        f"{call.state_name!r} would start {names[-1]!r} once more (... {' -> '.join(names)}).\n"
        "Does a machine start itself without end? Give it a state that ends the recursion, or mock the Task:\n"
        f"    sfn_sync.mock_task({json.dumps(call.state_name, ensure_ascii=False)}, returns={{}})"
    )


_MEMBERS: Final = {
    "StateMachineArn": "stateMachineArn",
    "Name": "name",
    "Input": "input",
    "TraceHeader": "traceHeader",
    "IncludedData": "includedData",
}


def _request_of(parameters: JSON) -> dict[str, Any]:
    """Return the request of a task's parameters, which were checked before.

    Recorded for Input: a member that is null is absent.
    """
    request: dict[str, Any] = {
        member: parameters[name] for name, member in _MEMBERS.items() if parameters.get(name) is not None
    }
    if not isinstance(request.get("input", ""), str):
        request["input"] = compact(request["input"])  # Recorded: an object is serialised without spaces.
    return request


def _sync_result(execution: Execution, random: Random) -> JSON:
    return _in_sdk_shape(execution.response or {})


def _started(execution: Execution, random: Random) -> JSON:
    return {"ExecutionArn": execution.arn, "StartDate": instant_text(date_of(execution.run.started_at))}


def _started_with_metadata(execution: Execution, random: Random) -> JSON:
    """Return the result of the optimized integration.

    Recorded: the headers and their order.
    """
    request = random_uuid(random)
    date = format_datetime(EPOCH + timedelta(seconds=execution.run.started_at // 1_000_000), usegmt=True)
    body = compact({"executionArn": execution.arn, "startDate": seconds_of(execution.run.started_at)})
    length, content_type = str(len(body)), "application/x-amz-json-1.0"
    return {
        "ExecutionArn": execution.arn,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {
                "x-amzn-RequestId": [request],
                "connection": ["keep-alive"],
                "Content-Length": [length],
                "Date": [date],
                "Content-Type": [content_type],
            },
            "HttpHeaders": {
                "connection": "keep-alive",
                "Content-Length": length,
                "Content-Type": content_type,
                "Date": date,
                "x-amzn-RequestId": request,
            },
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": request},
        # Assumption: ISO 8601, as in the SDK integration; the recording masks it.
        "StartDate": instant_text(date_of(execution.run.started_at)),
    }


def _in_sdk_shape(value: Any) -> JSON:
    """Return a response in the SDK integration's form: names capitalised, members sorted, timestamps as text."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: _in_sdk_shape(value[key]) for key in sorted(value)}
    return instant_text(value) if isinstance(value, datetime) else value


def _sdk_failure(refusal: ServiceError, request_id: str) -> tuple[str, str]:
    # Recorded for the Sfn client.
    return (
        f"Sfn.{_exception_name(refusal, 'SfnException')}",
        cause_of_version_2(refusal.message, "Sfn", refusal.status, request_id),
    )


def _optimized_failure(refusal: ServiceError, request_id: str) -> tuple[str, str]:
    # Recorded for StateMachineDoesNotExist.
    return (
        f"StepFunctions.{_exception_name(refusal, 'AWSStepFunctionsException')}",
        cause_of_version_1(refusal.message, "AWSStepFunctions", refusal.status, refusal.code, request_id),
    )


def _exception_name(refusal: ServiceError, of_service: str) -> str:
    """Return the exception class of the SDK for Java: the service's own class for a code that it doesn't declare."""
    if refusal.code in COMMON_ERRORS and refusal.code != "ValidationException":
        return of_service
    return refusal.code if refusal.code.endswith("Exception") else f"{refusal.code}Exception"


class _Action(NamedTuple):
    waits: bool
    result: Callable[[Execution, Random], JSON]
    failure: Callable[[ServiceError, str], tuple[str, str]]


_ACTIONS: Final = {
    "aws-sdk:sfn:startSyncExecution": _Action(True, _sync_result, _sdk_failure),
    "aws-sdk:sfn:startExecution": _Action(False, _started, _sdk_failure),
    "states:startExecution": _Action(False, _started_with_metadata, _optimized_failure),
}
