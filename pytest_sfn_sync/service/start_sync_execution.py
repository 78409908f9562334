"""StartSyncExecution: the checks of a request in AWS's order, the run, and the members of the response.

Source: the API page of StartSyncExecution, and recordings of its responses.
Assumption: the order of the checks is members, ARN, look-up, state, type, name, input. AWS's own order was not
recorded; this one agrees with all recordings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.error_names import error_members
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.json_text import JSONTextError, fit_for_utf8, parse_json
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, STANDARD_EVENTS, STANDARD_TIMEOUT_SECONDS
from pytest_sfn_sync.asl.map_objects import MapObjects, UnsupportedMapError
from pytest_sfn_sync.asl.pauses import Clock
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.runtime import InvokeTask
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.asl.work_budget import WorkLimitError
from pytest_sfn_sync.defaults import DEFAULT_WORK_BUDGET
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.registry.names import is_valid_name
from pytest_sfn_sync.service.arns import parse_state_machine_arn
from pytest_sfn_sync.service.billing import billed_duration, billed_memory
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.requests import START_SYNC_EXECUTION, Request, check_members, utf8_length
from pytest_sfn_sync.service.unknown_machines import about_invalid_arn, about_other_region, about_unknown_machine

_MOST_SECONDS: Final = {"EXPRESS": EXPRESS_TIMEOUT_SECONDS, "STANDARD": STANDARD_TIMEOUT_SECONDS}
_MOST_EVENTS: Final = {"EXPRESS": None, "STANDARD": STANDARD_EVENTS}
_TRACE_ID_HEADER: Final = "x-amzn-trace-id"


class StartSyncExecution:
    """The operation; `StepFunctions`, which owns it, describes the arguments."""

    __slots__ = (
        "__weakref__",
        "_has_test_case",
        "_invoke_task",
        "_now",
        "_on_execution",
        "_random",
        "_registry",
        "map_objects",
        "note",
        "work_budget",
    )

    def __init__(
        self,
        *,
        registry: Registry,
        invoke_task: Callable[[RegisteredMachine, str | None], InvokeTask],
        has_test_case: Callable[[RegisteredMachine, str], bool],
        now: Callable[[], int],
        random: Random,
        on_execution: Callable[[Execution, TaskCall | None], None],
        note: Callable[[str], None],
        work_budget: int = DEFAULT_WORK_BUDGET,
    ) -> None:
        self._registry = registry
        self._invoke_task = invoke_task
        self._has_test_case = has_test_case
        self._now = now
        self._random = random
        self._on_execution = on_execution
        self.note = note
        self.map_objects: MapObjects | None = None
        """Accesses the objects that distributed Maps read and write."""
        self.work_budget = work_budget
        """The most steps that the expressions of one execution may take."""

    def answer(self, request: Request, headers: Mapping[str, str], region: str | None = None) -> dict[str, Any]:
        """Run the machine of a request and return the members of the response, with timestamps in epoch seconds.

        ``region`` is that of the client; without it, machines of all regions are found. Raise the same exceptions as
        `execute`.
        """
        trace_header = _trace_id(headers)
        if trace_header is None:  # Documented: the HTTP header wins.
            trace_header = request.get("traceHeader")
        return self.execute(request, trace_header=trace_header, region=region).wire_response or {}

    def execute(
        self,
        request: Request,
        *,
        trace_header: str | None = None,
        at: int | None = None,
        region: str | None = None,
    ) -> Execution:
        """Run the machine of a request; ``at`` is its start on the virtual clock in microseconds (default: now).

        Raise ServiceError if AWS refuses the request. If a usage error or another exception of a task handler stops
        the run, the partial run is recorded as an ``ABORTED`` execution, and the exception is raised again.
        """
        prepared = self.prepare(request, trace_header=trace_header, at=at, region=region)
        running = self.running(prepared)
        try:
            running.run_on()
        except BaseException as end:
            self.abort(prepared, end)
            raise
        return self.complete(prepared)

    def prepare(
        self,
        request: Request,
        *,
        trace_header: str | None = None,
        at: int | None = None,
        ancestors: tuple[str, ...] = (),
        caller: str = "",
        region: str | None = None,
    ) -> PreparedExecution:
        """Check a request, and return its execution before the first step.

        If tasks of other machines start the execution, ``ancestors`` are the ARNs of those machines, outermost first.
        ``caller`` then names the state in notes.
        Raise ServiceError if AWS refuses the request.
        """
        check_members(request, START_SYNC_EXECUTION)
        machine, test_case, started_through = self.machine_to_start(request["stateMachineArn"], caller, region)
        if machine.type != "EXPRESS":
            self.note(
                f"StateMachineTypeNotSupported was answered because machine {machine.name!r} is registered with "
                f"type={machine.type!r}."
            )
            raise service_error("StateMachineTypeNotSupported")
        name = self.name_of(request.get("name"))
        run = run_of_input(request.get("input"), self._now() if at is None else at)
        arn = f"{machine.execution_arn_prefix}{name}:{random_uuid(self._random)}"
        return PreparedExecution(request, machine, test_case, run, arn, name, trace_header, ancestors, started_through)

    def running(self, prepared: PreparedExecution, clock: Clock | None = None) -> Running:
        """Return the run of a prepared execution; a nested one runs on the ``clock`` of its parent."""
        machine = prepared.machine
        invoke_task = self._invoke_task(machine, prepared.test_case)
        identity = Identity(
            execution_arn=prepared.arn,
            execution_name=prepared.name,
            role_arn=machine.role_arn,
            state_machine_arn=machine.arn,
            state_machine_name=machine.name,
            region=machine.region,
            ancestors=prepared.ancestors,
            redrive_count=None if machine.type == "EXPRESS" else 0,
            started_through=prepared.started_through,
        )
        return Running(
            machine.compiled,
            prepared.run,
            identity=identity,
            invoke_task=invoke_task,
            random=self._random,
            clock=clock,
            most_seconds=_MOST_SECONDS[machine.type],
            most_events=_MOST_EVENTS[machine.type],
            is_stoppable=machine.type != "EXPRESS",
            map_objects=self.map_objects,
            work_budget=self.work_budget,
        )

    def invoker(self, machine: RegisteredMachine) -> InvokeTask:
        """Return the callable that does the tasks of a machine that is not run as an execution."""
        return self._invoke_task(machine, None)

    def complete(self, prepared: PreparedExecution, parent_call: TaskCall | None = None) -> Execution:
        """Return an execution that has ended, with its response, and pass it to ``on_execution``."""
        response = _response(prepared)
        if prepared.trace_header is not None:
            response["traceHeader"] = prepared.trace_header
        return self.keep(prepared, response, parent_call)

    def keep(
        self, prepared: PreparedExecution, response: dict[str, Any] | None = None, parent_call: TaskCall | None = None
    ) -> Execution:
        """Pass an execution to ``on_execution``, and return it."""
        execution = Execution(
            run=prepared.run, machine=prepared.machine, arn=prepared.arn, name=prepared.name, wire_response=response
        )
        self._on_execution(execution, parent_call)
        return execution

    def abort(self, prepared: PreparedExecution, end: BaseException, parent_call: TaskCall | None = None) -> None:
        """Record a partial run as ``ABORTED``; raise a usage error if it stopped at a state that is not supported."""
        prepared.run.status = "ABORTED"
        self.keep(prepared, None, parent_call)
        if isinstance(end, (UnsupportedMapError, WorkLimitError)):
            raise SfnSyncUsageError(f"Machine {prepared.machine.name!r}: {end}") from None

    def machine_to_start(
        self, arn: str, caller: str = "", region: str | None = None
    ) -> tuple[RegisteredMachine, str | None, dict[str, str]]:
        """Return the machine of an ARN, its test case, and the ARNs of the version and the alias that the ARN names.

        ``region`` is that of the client. Raise InvalidArn, StateMachineDoesNotExist or StateMachineDeleting.
        """
        machine, test_case = self._registry.find(arn), None
        if machine is None and "#" in arn:
            machine, test_case = self._in_test_case(*arn.split("#", 1))
        if machine is None:
            try:
                called = parse_state_machine_arn(arn)
            except ServiceError:
                self.note(about_invalid_arn(arn, self._registry, caller))
                raise
            self.note(about_unknown_machine(arn, called, self._registry, caller))
            raise service_error("StateMachineDoesNotExist", arn=arn)
        if region is not None and machine.region != region:
            self.note(about_other_region(arn, machine.region, region))
            raise service_error("StateMachineDoesNotExist", arn=arn)
        if machine.status == "DELETING":
            raise service_error("StateMachineDeleting", arn=arn)
        started_through: dict[str, str] = {}
        if test_case is None and arn != machine.arn:
            qualifier = arn.rpartition(":")[2]
            version = machine.version_of(qualifier, self._random)
            if version is not None:
                machine, started_through["stateMachineVersionArn"] = version.machine, version.arn
            if qualifier in machine.aliases:
                started_through["stateMachineAliasArn"] = machine.aliases[qualifier].arn
        return machine, test_case, started_through

    def _in_test_case(self, arn: str, test_case: str) -> tuple[RegisteredMachine | None, str | None]:
        """Return the machine and the case of ``stateMachineArn#Case``, if a mock config in use has the machine.

        Step Functions Local chooses test cases in this way. Otherwise the suffix is a part of the name, and no machine
        has such a name. Measured: AWS takes the suffix for a part of the name.
        """
        machine = self._registry.find(arn)
        if machine is None or not self._has_test_case(machine, test_case):
            return None, None
        return machine, test_case

    def name_of(self, name: str | None) -> str:
        """Return the name of an execution, which is generated if it is None; raise InvalidName."""
        if name is None:
            return random_uuid(self._random)
        if not is_valid_name(name):
            raise service_error("InvalidName", name=name)
        return name


class PreparedExecution(NamedTuple):
    """An execution whose request was accepted, with all values that its response needs."""

    request: Request
    machine: RegisteredMachine
    test_case: str | None
    run: Run
    arn: str
    name: str
    trace_header: str | None
    ancestors: tuple[str, ...]
    started_through: dict[str, str]


def seconds_of(microseconds: int) -> float:
    """Return a virtual time as it is sent on the wire: seconds since the epoch, with milliseconds."""
    return microseconds // 1000 / 1000


def _trace_id(headers: Mapping[str, str | bytes]) -> str | None:
    """Return the trace id from the headers of a request, in upper or lower case; if there are two, the last one."""
    found: str | bytes | None = None
    for name, value in headers.items():
        if len(name) == len(_TRACE_ID_HEADER) and name.lower() == _TRACE_ID_HEADER:
            found = value
    return found.decode() if isinstance(found, bytes) else found


def run_of_input(text: str | None, now: int) -> Run:
    """Return a run that has not begun, with an input; raise InvalidExecutionInput for a text that is no JSON."""
    text, document = ("{}", {}) if text is None else (text, _read_input(text))
    return Run(status="RUNNING", input=document, input_text=text, started_at=now, stopped_at=now, history=History())


def _read_input(text: str) -> JSON:
    if not text or text.isspace():
        raise service_error("InvalidExecutionInput", reason="Invalid execution input.")  # Recorded for "".
    try:
        return parse_json(text)
    except JSONTextError as error:
        raise service_error("InvalidExecutionInput", reason=error.message) from None


def _response(prepared: PreparedExecution) -> dict[str, Any]:
    request, machine, _, run, arn, name, *_ = prepared
    input_text = run.input_text or ""
    response: dict[str, Any] = {
        "executionArn": arn,
        # Assumption: unqualified even if a version or an alias was called, as in DescribeExecution.
        "stateMachineArn": machine.arn,
        "name": name,
        "startDate": seconds_of(run.started_at),
        "stopDate": seconds_of(run.stopped_at),
        "status": run.status,
    }
    payload_size = utf8_length(input_text)
    output_text: str | None = None
    if run.status == "SUCCEEDED":
        output_text = fit_for_utf8(run.as_written(run.output))
        payload_size = max(payload_size, utf8_length(output_text))
    if request.get("includedData") == "METADATA_ONLY":
        # Assumption: all members with data of the execution are left out; AWS documents only that the flag exists.
        # Documented for both details, even so: "Always true for API calls."
        response["inputDetails"], response["outputDetails"] = {"included": True}, {"included": True}
    else:
        response["input"] = input_text
        # Recorded: outputDetails has "included" for a failed execution too, though there is no output.
        response["inputDetails"], response["outputDetails"] = {"included": True}, {"included": True}
        if output_text is not None:
            response["output"] = output_text
        elif run.status == "FAILED":
            # Measured: TIMED_OUT has neither of them; only the history has States.Timeout.
            response |= error_members(run.error, run.cause)
    response["billingDetails"] = {
        "billedDurationInMilliseconds": billed_duration(run.stopped_at - run.started_at),
        "billedMemoryUsedInMB": billed_memory(
            definition_size=machine.definition_size, payload_size=payload_size, parts=run.parts
        ),
    }
    return response
