"""TestState: one state of a definition is run, and every step of its data flow is reported.

Source: recorded answers and refusals; the comments name what is not recorded. Tasks without a mock in the request are
done by the mocks of the test, as in an execution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.definition import MapState, ParallelState, State, StateMachineDefinition, States, TaskState
from pytest_sfn_sync.asl.diagnostics import Diagnostics
from pytest_sfn_sync.asl.error_names import (
    STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD,
    STATES_TIMEOUT,
    AslError,
    error_members,
)
from pytest_sfn_sync.asl.expressions import JSON, EngineMissingError
from pytest_sfn_sync.asl.fields.field_reader import FieldReader
from pytest_sfn_sync.asl.graph.walk import outermost
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.inspection import Inspection, MockedItems, OneState, inspected, inspected_catcher
from pytest_sfn_sync.asl.interpreter import run_states
from pytest_sfn_sync.asl.json_text import compact, parse_json
from pytest_sfn_sync.asl.json_text.jackson import JSONTextError
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MICROSECONDS
from pytest_sfn_sync.asl.location import ROOT
from pytest_sfn_sync.asl.parsing.definition_parser import DefinitionParser, InvalidDefinitionError
from pytest_sfn_sync.asl.parsing.definition_text import json_fault, parse_definition_text
from pytest_sfn_sync.asl.pauses import Clock
from pytest_sfn_sync.asl.records import OUTERMOST
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scopes import BranchScope, ExecutionContext
from pytest_sfn_sync.asl.states.error_handling import backoff, first_catcher, matches
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.asl.variables import Variables
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.registry import StateMachine
from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.requests import Request
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.shapes import NONE, STRICT, check_result
from pytest_sfn_sync.tasks.resources import resource_of

STATE_NAME: Final = "StateName"
"""The name that TestState gives to a state; recorded in locations and in the context object."""

_CONTEXT_FIELDS: Final = {
    "Execution": ("Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"),
    "State": ("EnteredTime", "Name", "RetryCount"),
    "StateMachine": ("Id", "Name"),
    "Task": ("Token",),
}
_NOT_TEXTS: Final = frozenset({"Input", "RedriveCount", "RetryCount"})
_THRESHOLD_EXCEEDED: Final = "The specified tolerated failure threshold was exceeded"


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


class StateUnderTest(NamedTuple):
    """The state of a request, compiled and as written; ``language`` is the query language of its machine."""

    state: State
    fields: Mapping[str, JSON]
    language: str | None


def try_state(account: Account, request: Request) -> dict[str, Any]:
    """Run the state of a request, and return what it did."""
    tested = _tested_state(account, request)
    raw_input = _json_of(request, "input", {})
    mock = _mock(request, tested)
    configuration = request.get("stateConfiguration") or {}
    _check_combination(request, tested.state, mock, configuration)
    context = _context(request, tested.state, has_mock=mock is not None)
    variables = _json_of(request, "variables", None)
    trial = _Trial(account, request, tested, raw_input, mock, configuration, context, variables)
    response = trial.run()
    if request.get("inspectionLevel") in ("DEBUG", "TRACE"):
        response["inspectionData"] = trial.inspection.steps
    return response


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


class _Trial:
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
        if mock is not None and not mock.is_error and isinstance(state, MapState | ParallelState):
            mocked = MockedItems(outputs=mock.result, items=self._items_read())
        elif mock is not None and isinstance(state, MapState | ParallelState):
            mocked = MockedItems(outputs=[], items=self._items_read())
        ready = inspected(state, self.inspection, self.fields, mocked)
        states = States(start_at=ready.name, by_name=OneState({ready.name: ready}))
        if isinstance(state, MapState):
            return self._map_output(states)
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
            raise _refused("ItemReader data must be specified when testing a Map state with ItemReader specified.")
        input_type = reader.get("ReaderConfig", {}).get("InputType", "JSON")
        if input_type != "JSON":
            raise SfnSyncUsageError(
                f"TestState: the data of an ItemReader with the InputType {input_type!r} can't be read here. Test the "
                "state with InputType 'JSON', or without the ItemReader."
            )
        items = _json_of(self._configuration, "mapItemReaderData", [])
        if not isinstance(items, list):
            raise AslError("States.ItemReaderFailed", "Attempting to map over non-iterable node.")
        return items

    def _map_output(self, states: States) -> JSON:
        """Run a Map over its items. Recorded: its mocked error, or the threshold, comes before its Output."""
        mock = self._mock
        assert mock is not None, "a Map is tested with a mock only"
        failure = self._map_failure()
        if failure is None:
            return self._drive(states)
        # The items are read all the same, so that a fault in them comes first and the inspection has them.
        before = dict(self.inspection.steps)
        try:
            self._drive(states)
        except AslError as earlier:
            if not self._has_started():
                raise earlier from None
        later = ("afterResultSelector", "afterResultPath")
        self.inspection.steps = {
            name: value for name, value in self.inspection.steps.items() if name in before or name not in later
        }
        raise failure

    def _map_failure(self) -> AslError | None:
        mock = self._mock
        assert mock is not None
        if mock.is_error:
            return AslError(mock.error, mock.cause)
        failures = self._configuration.get("mapIterationFailureCount")
        state = self.state
        if failures is None or not isinstance(state, MapState):
            return None
        count, percentage = state.tolerated_failure_count, state.tolerated_failure_percentage
        exceeds_count = isinstance(count, int) and count > 0 and failures > count
        exceeds_share = (
            isinstance(percentage, int | float) and percentage > 0 and failures * 100 > percentage * len(mock.result)
        )
        if exceeds_count or exceeds_share:
            return AslError(STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD, _THRESHOLD_EXCEEDED)
        return None

    def _has_started(self) -> bool:
        return any(record[0] == "MapStateStarted" for record in self._run.history.records)

    def _drive(self, states: States) -> JSON:
        """Run until the state is left; measured: a state that takes more than five minutes times out."""
        steps = run_states(self._runtime, states, self._raw_input, self._scope)
        ends_at = self._clock.now + EXPRESS_TIMEOUT_SECONDS * MICROSECONDS
        try:
            while True:
                pause = next(steps)
                jump = pause.next_jump(self._clock.now)
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


def _machine_of(account: Account, tested: StateUnderTest, role_arn: str | None) -> StateMachine:
    """Return a machine for the names in the context object. Recorded: they are generated."""
    compiled = StateMachineDefinition(
        states=States(start_at=tested.state.name, by_name={tested.state.name: tested.state})
    )
    return account.registry.unregistered(
        account.uuid(), {"StartAt": STATE_NAME, "States": {tested.state.name: tested.fields}}, compiled, role_arn or ""
    )


def _tested_state(account: Account, request: Request) -> StateUnderTest:
    text, name = request["definition"], request.get("stateName")
    fault = json_fault(text)
    if fault is not None:
        raise service_error("InvalidDefinition", reason=str(fault))
    document = parse_json(text) if text.strip() else None
    try:
        if name is not None:
            compiled = parse_definition_text(text, machine_type="STANDARD", integrations=account.registry.integrations)
            return _named(document, compiled.states, name)
        return _single(account, document)
    except InvalidDefinitionError as invalid:
        raise service_error("InvalidDefinition", reason=", ".join(map(str, invalid.diagnostics))) from None
    except EngineMissingError as missing:
        raise SfnSyncUsageError(f"TestState: {missing}") from None


def _named(document: JSON, states: States, name: str) -> StateUnderTest:
    found = next((state for state in states.with_inner() if state.name == name), None)
    machine = outermost(document)
    if found is None or machine is None:
        raise service_error("ValidationException", reason="State not found in definition")
    fields = next(written.fields for inner in machine.with_inner() for written in inner.states if written.name == name)
    return StateUnderTest(found, fields, document.get("QueryLanguage"))


def _single(account: Account, document: JSON) -> StateUnderTest:
    diagnostics = Diagnostics()
    if not isinstance(document, dict):
        diagnostics.add("Definition must be a valid JSON object", None)
        raise InvalidDefinitionError(diagnostics.found)
    parser = DefinitionParser(diagnostics, is_express=False, integrations=account.registry.integrations)
    machine = {"StartAt": STATE_NAME, "States": {STATE_NAME: document}}
    states = parser.states(FieldReader(machine, ROOT, diagnostics))
    if diagnostics.errors or states is None:
        raise InvalidDefinitionError(diagnostics.errors)
    return StateUnderTest(states.by_name[STATE_NAME], document, None)


def _json_of(request: Mapping[str, Any], member: str, default: JSON) -> JSON:
    text = request.get(member)
    if text is None:
        return default
    try:
        return parse_json(text)
    except JSONTextError as error:
        raise service_error("InvalidExecutionInput", reason=error.message) from None


def _check_combination(request: Request, state: State, mock: Mock | None, configuration: Mapping[str, Any]) -> None:
    """Raise the error for members that don't go together. Recorded and measured: the texts."""
    refusal = next(_refusals(request, state, mock, configuration), None)
    if refusal is not None:
        raise refusal


def _refusals(
    request: Request, state: State, mock: Mock | None, configuration: Mapping[str, Any]
) -> Iterator[ServiceError]:
    failures = configuration.get("mapIterationFailureCount")
    if mock is None:
        if failures is not None:
            yield _refused("TestState does not support MapIterationFailureCount when a mock is not specified.")
        if isinstance(state, MapState | ParallelState):
            yield ServiceError(
                "InvalidDefinition",
                "TestState API does not support Map or Parallel states. Supported state types include: "
                "[Task, Wait, Pass, Succeed, Fail, Choice]",
            )
        if isinstance(state, TaskState) and request.get("roleArn") is None:
            yield _refused("RoleArn must be specified when testing a Task state")
    elif failures is not None and not isinstance(state, MapState):
        yield _refused("MapIterationFailureCount is only supported when testing a Map state.")
    elif failures is not None and not mock.is_error and failures > len(mock.result):
        yield _refused("Map iteration failure count must be less than or equal to the number of Map iterations")


def _mock(request: Request, tested: StateUnderTest) -> Mock | None:
    """Return the mock of a request, checked against its state; None if there is none."""
    given, state = request.get("mock"), tested.state
    if given is None:
        return None
    if request.get("revealSecrets"):
        raise _refused("TestState does not support RevealSecrets when a mock is specified.")
    if not isinstance(state, TaskState | MapState | ParallelState):
        raise _refused(f"State type '{state.type}' is not supported when a mock is specified")
    text, error_output = given.get("result"), given.get("errorOutput")
    if text is not None and error_output is not None:
        raise _refused("A test mock should have only one of the following fields: [result, errorOutput].")
    if error_output is not None:
        if error_output.get("error") is None:
            raise _refused("An error was not specified in the mocked error output.")
        return Mock(error=error_output["error"], cause=error_output.get("cause"))
    if text is None:
        raise _refused("One of the following fields is required for a test mock: [result, errorOutput].")
    try:
        result = parse_json(text)
    except JSONTextError:
        raise _refused("Mocked result must be valid JSON") from None
    _check_result(result, given, state, tested.fields)
    return Mock(result=result)


def _check_result(result: JSON, given: Mapping[str, Any], state: State, fields: Mapping[str, JSON]) -> None:
    if isinstance(state, ParallelState):
        if not isinstance(result, list):
            raise _refused("Mocked result must be an array.")
        if len(result) != len(state.branches):
            raise _refused("Mocked result must contain the same number of items as number of Parallel branches.")
    elif isinstance(state, MapState):
        if "ResultWriter" not in fields and not isinstance(result, list):
            raise _refused("Mocked result must be an array.")
    elif isinstance(state, TaskState):
        resource = resource_of(state.resource)
        integration = None if resource.function is not None else integration_of(resource.key)
        if integration is None:
            return
        mode = (given.get("fieldValidationMode") or STRICT).lower()
        if not isinstance(result, dict) and mode != NONE:
            raise _refused("Mocked result must be a valid JSON object.")
        fault = check_result(result, integration.shape("output"), mode)
        if fault is not None:
            raise _refused(fault.test_state_message)


def _context(request: Request, state: State, *, has_mock: bool) -> JSON:
    """Return the context object of a request, which replaces the state's own; None if there is none."""
    text = request.get("context")
    if text is None:
        return None
    if not has_mock:
        # Measured: a context object is accepted with a mock only. Assumption: the text.
        raise _refused("TestState does not support a Context object when a mock is not specified.")
    context = _json_of(request, "context", {})
    fault = _context_fault(context, state)
    if fault is not None:
        raise _refused(f"Invalid Context object provided: {fault}")
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


def _refused(message: str) -> ServiceError:
    return service_error("ValidationException", reason=message)
