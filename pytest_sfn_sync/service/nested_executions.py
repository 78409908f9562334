"""Tasks that call Step Functions: those that start another machine, and those of other operations.

``states:startExecution`` and two actions of ``aws-sdk:sfn`` start a machine; `own_operations` answers the other ones.
The machine of such a task runs as an execution of its own, which starts at the task's virtual time. A mocked Task
starts nothing. Executions that handlers of mocks start through a client are not handled here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, Final, NamedTuple
from weakref import ref

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.runtime import NestedRun
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.nested_results import (
    optimized_failure,
    sdk_failure,
    started_result,
    started_result_with_metadata,
    synchronous_result,
)
from pytest_sfn_sync.service.requests import START_SYNC_EXECUTION, Request, check_members
from pytest_sfn_sync.service.start_sync_execution import PreparedExecution, StartSyncExecution
from pytest_sfn_sync.service.step_functions import StepFunctions

MOST_NESTED: Final = 20
"""The most levels of nested executions: this fake's own limit. AWS would go on until a timeout."""

MOST_IN_A_CIRCLE: Final = 1_000
"""The most executions of machines that are started, through others, by their own executions, below one task.

Two tasks that each start the machine again make a million executions in `MOST_NESTED` levels.
"""

_OWN: Final = "aws-sdk:sfn:"
_POLL: Final = "aws-sdk:sfn:getActivityTask"
_START: Final = "start"
_RESPONSE: Final = "response"
_END: Final = "end"


class NestedExecutions:
    """Answers the tasks that call Step Functions.

    It does not keep ``service`` in memory: the service has the mocks, which have this object. During a call, the fake
    has it. ``random`` is the source of ids.
    """

    def __init__(self, *, service: StepFunctions, random: Random) -> None:
        self._service = ref(service)
        self._random = random
        self._in_a_circle = 0

    def __call__(self, call: TaskCall, integration: str) -> TaskAnswer | Submitted | NestedRun | None:
        """Answer a call of an integration such as ``states:startExecution``; return None for any other."""
        action = _ACTIONS.get(integration)
        if action is None and not integration.startswith(_OWN):
            return None
        service = self._service()
        assert service is not None, "the fake whose task is done keeps its service"
        if action is None:
            # Imported only here, so that other tests don't import all operations.
            from pytest_sfn_sync.service.own_operations import answer_of_own_operation

            if integration == _POLL and (poll := self._poll(service, call)) is not None:
                return poll
            return answer_of_own_operation(service, call, integration, self._random)
        request = _request_of(call.document)
        self._check_circles(call, request.get("stateMachineArn"))
        try:
            return self._start(service, request, call, action)
        except ServiceError as refusal:
            error, cause = action.failure(refusal, random_uuid(self._random))
            return TaskAnswer(None, error, cause)

    def _check_circles(self, call: TaskCall, arn: object) -> None:
        """Raise the usage error for executions that start each other without end: too deep, or too many."""
        if not call.ancestors:
            self._in_a_circle = 0
        elif arn in call.ancestors:
            self._in_a_circle += 1
        if len(call.ancestors) >= MOST_NESTED:
            raise _without_end(call, arn, f"Executions are nested {MOST_NESTED} deep")
        if self._in_a_circle > MOST_IN_A_CIRCLE:
            raise _without_end(call, arn, f"Machines have started themselves {MOST_IN_A_CIRCLE:,} times")

    def _poll(self, service: StepFunctions, call: TaskCall) -> NestedRun | None:
        """Return the call that waits for the work of an activity; None if it is refused at once."""
        activity = call.document.get("ActivityArn")
        if activity not in service.account.all_activities():
            return None
        from pytest_sfn_sync.service.activity_polls import ActivityPoll
        from pytest_sfn_sync.service.own_operations import answer_of_own_operation

        ask = partial(answer_of_own_operation, service, call, _POLL, self._random)
        return ActivityPoll(service.account, activity, ask)

    def _start(
        self, service: StepFunctions, request: Request, call: TaskCall, action: _Action
    ) -> TaskAnswer | Submitted | NestedRun:
        start, caller = service.start_sync_execution, f", called by the state {call.state_name!r}"
        check_members(request, START_SYNC_EXECUTION)
        machine, test_case, started_through = start.machine_to_start(request["stateMachineArn"], caller)
        if machine.type == "EXPRESS" and action.waits_for == _END:
            service.note(
                f"The state {call.state_name!r} waits for the end of an execution of {machine.name!r}, which is an "
                "Express machine. Step Functions waits so for Standard machines only. For an Express machine the "
                "Resource is arn:aws:states:::aws-sdk:sfn:startSyncExecution."
            )
            # Measured: AWS refuses it. Assumption: with this error.
            raise service_error("StateMachineTypeNotSupported")
        members: dict[str, Any] = {
            "request": request,
            "trace_header": request.get("traceHeader"),
            "ancestors": (*call.ancestors, request["stateMachineArn"]),
            "started_through": started_through,
        }
        call.answered_by = f"state machine {machine.name!r}"
        if machine.type == "EXPRESS" or action.waits_for == _RESPONSE:
            prepared = start.prepare(request, at=call.at_microseconds, caller=caller)._replace(**members)
            nested = _NestedExpress(start, prepared, call)
            if action.waits_for == _RESPONSE:
                return nested
            nested.run_on()
            return TaskAnswer(action.result(prepared.arn, prepared.run.started_at, self._random))
        # Imported only here, so that tests of Express machines don't import it.
        from pytest_sfn_sync.service import started_executions

        account = service.account
        name, at = start.name_of(request.get("name")), account.start_time(call.at_microseconds)
        prepared = started_executions.prepare(
            account, machine, name, request.get("input"), test_case=test_case, at=at
        )._replace(**members)
        before = started_executions.same_start(account, prepared)
        prepared = prepared if before is None else before.prepared
        result = action.result(prepared.arn, prepared.run.started_at, self._random)
        if action.waits_for == _END:
            from pytest_sfn_sync.service.awaited_executions import AwaitedExecution

            awaited = AwaitedExecution(
                account,
                before or started_executions.begin(account, prepared),
                is_parsed=action.is_parsed,
                keep=partial(start.keep, prepared, None, call),
            )
            return Submitted(result, answer=awaited)
        if before is None:
            started_executions.run_prepared(account, prepared)
        return TaskAnswer(result)


class _NestedExpress:
    """An execution of an Express machine that a task has started, on the clock of its parent."""

    def __init__(self, start: StartSyncExecution, prepared: PreparedExecution, call: TaskCall) -> None:
        self._start = start
        self._prepared = prepared
        self._call = call
        self._running: Running | None = None
        self._execution: Execution | None = None

    def wake_by(self, awaited: Awaited) -> None:
        """Do nothing: nothing outside can stop the execution."""

    def go_on(self, clock: Clock) -> Pause | None:
        """Take the next steps; return the pause in which the execution waits, or None if it has ended."""
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
        """Return the response of StartSyncExecution as the result of the task."""
        # Measured: a child that failed does not fail the task; the result has Status, Error and Cause.
        assert self._execution is not None
        return TaskAnswer(synchronous_result(self._execution))

    def leave(self) -> None:
        """Run on without the task."""
        self.run_on()

    def stop(self) -> None:
        """Run on: nothing stops an Express execution."""
        self.run_on()

    def run_on(self) -> None:
        """Run to the end at once, because nothing else can see the time of the execution."""
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


def _without_end(call: TaskCall, arn: object, what: str) -> SfnSyncUsageError:
    names = [str(one).rpartition(":")[2] for one in (*call.ancestors[-3:], arn)]
    return SfnSyncUsageError(
        f"{what}, the most that this fake allows: the state "
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


class _Action(NamedTuple):
    """A way to start a machine: what the task waits for, the answer to the start, and the form of its errors."""

    waits_for: str
    result: Callable[[str, int, Random], JSON]
    failure: Callable[[ServiceError, str], tuple[str, str]]
    is_parsed: bool = False


_ACTIONS: Final = {
    "aws-sdk:sfn:startSyncExecution": _Action(_RESPONSE, started_result, sdk_failure),
    "aws-sdk:sfn:startExecution": _Action(_START, started_result, sdk_failure),
    "states:startExecution": _Action(_START, started_result_with_metadata, optimized_failure),
    "states:startExecution.sync": _Action(_END, started_result_with_metadata, optimized_failure),
    "states:startExecution.sync:2": _Action(_END, started_result_with_metadata, optimized_failure, is_parsed=True),
}
