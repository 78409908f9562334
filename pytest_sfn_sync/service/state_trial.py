"""One run of one state for TestState: its output or its error, what Retry and Catch would do, and each step.

Source: recorded answers; the comments name what is not recorded. Tasks without a mock in the request are done by the
mocks of the test, as in an execution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.definition import MapState, ParallelState, State, StateMachineDefinition, States, TaskState
from pytest_sfn_sync.asl.error_names import (
    STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD,
    STATES_TIMEOUT,
    AslError,
    error_members,
)
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.inspection import Inspection, MockedItems, OneState, inspected, inspected_catcher
from pytest_sfn_sync.asl.interpreter import run_states
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MICROSECONDS
from pytest_sfn_sync.asl.pauses import Clock
from pytest_sfn_sync.asl.records import OUTERMOST
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scopes import BranchScope, ExecutionContext
from pytest_sfn_sync.asl.states.error_handling import backoff, first_catcher, matches
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.asl.variables import Variables
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.mocked_maps import MockedResultFlow, result_of_map, value_at
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.service.state_mocks import Mock, json_of, refused

STATE_NAME: Final = "StateName"
"""The name that TestState gives to a state; recorded in locations and in the context object."""

_THRESHOLD_EXCEEDED: Final = "The specified tolerated failure threshold was exceeded"


class StateUnderTest(NamedTuple):
    """The state of a request, compiled and as written; ``language`` is the query language of its machine."""

    state: State
    fields: Mapping[str, JSON]
    language: str | None


class _TestedScope(BranchScope):
    """The scope of the state; ``given`` is a whole context object that replaces its own."""

    __slots__ = ("given", "role_arn")

    def __init__(self, context: ExecutionContext, given: JSON, role_arn: str | None) -> None:
        super().__init__(context, Variables())
        context.root = self
        self.given = given
        self.role_arn = role_arn

    def context_object(self) -> JSON:
        if self.given is not None:
            context_object: dict[str, JSON] = dict(self.given)
        else:
            context_object = super().context_object()
            context_object["Execution"] = {**context_object["Execution"], "RoleArn": self.role_arn}
            context_object["State"] = {**context_object["State"], "Name": STATE_NAME}
        if self.item is not None:
            index, value = self.item
            context_object["Map"] = {"Item": {"Index": index, "Value": value}}
        return context_object


class StateTrial:
    """One run of one state."""

    def __init__(
        self,
        account: Account,
        request: Request,
        tested: StateUnderTest,
        raw_input: JSON,
        mock: Mock | None,
        configuration: Mapping[str, Any],
        context: JSON,
        variables: JSON,
    ) -> None:
        self.state = tested.state
        self.fields = dict(tested.fields)
        if tested.language is not None:
            self.fields.setdefault("QueryLanguage", tested.language)
        self.inspection = Inspection(raw_input)
        self._raw_input = raw_input
        self._mock = mock
        self._configuration = configuration
        self._machine = _machine_of(account, tested, request.get("roleArn"))
        name, now = account.uuid(), account.now()
        text = request.get("input") or "{}"
        self._run = Run(
            status="RUNNING", input=raw_input, input_text=text, started_at=now, stopped_at=now, history=History()
        )
        self._clock = Clock(now)
        identity = Identity(
            execution_arn=f"{self._machine.execution_arn_prefix}{name}",
            execution_name=name,
            role_arn=self._machine.role_arn,
            state_machine_arn=self._machine.arn,
            state_machine_name=self._machine.name,
            region=self._machine.region,
        )
        self._scope = _TestedScope(
            ExecutionContext(self._run, identity, account.random, self._clock), context, request.get("roleArn")
        )
        if variables is not None:
            self._scope.assign(variables)
        self._has_variables = variables is not None
        self._random = account.random
        invoke = self._answer if mock is not None else account.start.invoker(self._machine)
        self._runtime = Runtime(
            self._run, identity=identity, invoke_task=invoke, clock=self._clock, run_states=run_states
        )

    def run(self) -> dict[str, Any]:
        """Run the state to its end, and return the members of the response."""
        try:
            output = self._output()
        except AslError as failure:
            response = self._failed(failure)
        else:
            response = {"status": "SUCCEEDED", "output": compact(output)}
            _, *entered = self._run.history.entered_states(OUTERMOST)
            if entered:
                response["nextState"] = entered[0]
        self._record_variables()
        return response

    def _output(self) -> JSON:
        state, mock = self.state, self._mock
        mocked = None
        if isinstance(state, MapState) and mock is not None:
            mocked = MockedItems(items=self._items_read())  # Its result is replaced as a whole.
        elif isinstance(state, ParallelState) and mock is not None:
            mocked = MockedItems(outputs=[] if mock.is_error else mock.result)
        ready = inspected(state, self.inspection, self.fields, mocked)
        if isinstance(state, MapState):
            flow: Any = MockedResultFlow(flow=ready.flow, result=self._result_of_map)
            ready = replace(ready, flow=flow)
        states = States(start_at=ready.name, by_name=OneState({ready.name: ready}))
        if isinstance(state, ParallelState) and mock is not None and mock.is_error:
            raise AslError(mock.error, mock.cause)
        return self._drive(states)

    def _items_read(self) -> list[JSON] | None:
        """Return the items that the request gives in place of an ItemReader's; None if the Map has no reader."""
        reader = self.fields.get("ItemReader")
        if not isinstance(reader, dict):
            return None
        text = self._configuration.get("mapItemReaderData")
        if text is None:
            # Measured: the text.
            raise refused("ItemReader data must be specified when testing a Map state with ItemReader specified.")
        input_type = reader.get("ReaderConfig", {}).get("InputType", "JSON")
        if input_type != "JSON":
            raise SfnSyncUsageError(
                f"TestState: the data of an ItemReader with the InputType {input_type!r} can't be read here. Test the "
                "state with InputType 'JSON', or without the ItemReader."
            )
        items = json_of(self._configuration, "mapItemReaderData", [])
        pointer = reader.get("ReaderConfig", {}).get("ItemsPointer")
        if pointer is not None:
            items = value_at(items, pointer)
            self.inspection.record("afterItemsPointer", items)
        if not isinstance(items, list):
            raise AslError("States.ItemReaderFailed", "Attempting to map over non-iterable node.")
        return items

    def _result_of_map(self) -> JSON:
        """Return the mocked result of a Map whose iterations have ended; raise the error that it ends with instead.

        Recorded: its mocked error, or the threshold, comes before its Output, but after a fault in its items.
        """
        mock = self._mock
        assert mock is not None, "a Map is tested with a mock only"
        if mock.is_error:
            raise AslError(mock.error, mock.cause)
        failures = self._configuration.get("mapIterationFailureCount")
        if failures is not None:
            # As the Map has read them, since they may be paths or expressions.
            count = self.inspection.steps.get("toleratedFailureCount", 0)
            percentage = self.inspection.steps.get("toleratedFailurePercentage", 0)
            if 0 < count < failures or 0 < percentage * len(mock.result) < failures * 100:
                raise AslError(STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD, _THRESHOLD_EXCEEDED)
        return result_of_map(mock.result, self.fields, self._run.history, self.inspection)

    def _drive(self, states: States) -> JSON:
        """Run until the state is left; measured: a state that takes more than five minutes times out."""
        steps = run_states(self._runtime, states, self._raw_input, self._scope)
        ends_at = self._clock.now + EXPRESS_TIMEOUT_SECONDS * MICROSECONDS
        try:
            while True:
                pause = next(steps)
                jump = pause.next_jump()
                if jump is None or jump >= ends_at:
                    raise AslError(STATES_TIMEOUT, None)
                self._clock.now = max(self._clock.now, jump)
        except StopIteration as end:
            return end.value
        finally:
            steps.close()

    def _answer(self, call: TaskCall) -> TaskAnswer:
        assert self._mock is not None
        return TaskAnswer(self._mock.result, self._mock.error, self._mock.cause)

    def _failed(self, failure: AslError) -> dict[str, Any]:
        """Return what Retry and Catch would do with an error."""
        cause = _without_prefix(failure.cause, self.state.name)
        failure = AslError(failure.error, cause, terminal=failure.terminal, is_heartbeat=failure.is_heartbeat)
        response: dict[str, Any] = {"status": "FAILED", **error_members(failure.error, failure.cause)}
        state = self.state
        if not isinstance(state, TaskState | MapState | ParallelState):
            return response
        details: dict[str, int] = {}
        used = self._configuration.get("retrierRetryCount", 0)
        for index, retrier in enumerate(state.retry):
            if matches(retrier.error_equals, failure):
                details["retryIndex"] = index
                if used < retrier.max_attempts:
                    seconds = backoff(retrier, used + 1, self._random) // MICROSECONDS
                    details["retryBackoffIntervalSeconds"] = seconds
                    response["status"] = "RETRIABLE"
                break
        catcher = None if response["status"] == "RETRIABLE" else first_catcher(state.catch, failure)
        if catcher is not None:
            details["catchIndex"] = state.catch.index(catcher)
            error_output = {"Error": failure.error or "", "Cause": failure.cause or ""}
            flow = inspected_catcher(catcher, self.inspection)
            output, assigned = flow.leave(self._raw_input, error_output, self._scope)
            if assigned:
                self._scope.assign(assigned)
            response |= {"status": "CAUGHT_ERROR", "nextState": catcher.next, "output": compact(output)}
        if details:
            self.inspection.steps["errorDetails"] = details
        return response

    def _record_variables(self) -> None:
        variables = self._scope.variables.visible()
        if variables or self._has_variables:
            self.inspection.steps["variables"] = compact(variables)


def _without_prefix(cause: str | None, name: str) -> str | None:
    """Return a cause without AWS's prefix. Recorded: TestState reports none."""
    prefix = f"An error occurred while executing the state '{name}' (entered at the event id #1). "
    return None if cause is None else cause.removeprefix(prefix)


def _machine_of(account: Account, tested: StateUnderTest, role_arn: str | None) -> RegisteredMachine:
    """Return a machine for the names in the context object. Recorded: they are generated."""
    compiled = StateMachineDefinition(
        states=States(start_at=tested.state.name, by_name={tested.state.name: tested.state})
    )
    return account.registry.unregistered(
        account.uuid(),
        {"StartAt": STATE_NAME, "States": {tested.state.name: tested.fields}},
        compiled,
        role_arn=role_arn or "",
        region=account.region,
    )
