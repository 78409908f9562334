"""Runs a compiled definition on the virtual clock: the loop over states and the data-flow pipeline.

One loop, `Interpreter.run_states`, serves the machine, a Parallel branch and a Map iteration. A state goes from raw
input to effective input, result, effective result and effective output in the specification's own words ("Input and
Output Processing"); Retry and Catch wrap it in one place. What a Task, Map, Parallel or Wait state does is in the
module of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from random import Random
from typing import TypeAlias

from pytest_sfn_sync.asl.context import BranchScope, ExecutionContext
from pytest_sfn_sync.asl.data_flow import Departure
from pytest_sfn_sync.asl.definition import (
    Catcher,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    State,
    StateMachineDefinition,
    States,
    SucceedState,
    TaskState,
    WaitState,
    assert_never,
)
from pytest_sfn_sync.asl.error_names import STATES_QUERY_EVALUATION_ERROR, AslError, error_details, runtime_error
from pytest_sfn_sync.asl.expressions import JSON, MISSING, Expression
from pytest_sfn_sync.asl.garbage_collection import collector_paused
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MAX_TRANSITIONS, MICROSECONDS
from pytest_sfn_sync.asl.records import ChosenRule, FailedState, HandledError, VisitId
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.scheduler import Clock, Steps
from pytest_sfn_sync.asl.states.error_handling import Retries, first_catcher
from pytest_sfn_sync.asl.states.map_state import attempt_map
from pytest_sfn_sync.asl.states.parallel_state import attempt_parallel
from pytest_sfn_sync.asl.states.task_state import attempt_task
from pytest_sfn_sync.asl.states.wait_state import wait_until
from pytest_sfn_sync.asl.task_call import InvokeTask, TaskCall
from pytest_sfn_sync.asl.variables import Variables

Transition: TypeAlias = tuple[JSON, "str | None"]
"""A state's output and the name of the next state; None ends the branch."""


class OutOfTimeError(Exception):
    """The execution has used up its time, or its transitions: it ends TIMED_OUT. Not an ASL error, so never caught."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


def run_machine(
    definition: StateMachineDefinition, run: Run, *, identity: Identity, invoke_task: InvokeTask, random: Random
) -> None:
    """Run a machine to its end on a virtual clock that starts at ``run.started_at``.

    Fills in ``run``: history and calls as they happen, the outcome at the end. An exception that is no ASL error (a
    usage error out of ``invoke_task``) passes through and leaves in ``run`` what had happened until then.
    """
    interpreter = Interpreter(run, identity, invoke_task)
    scope = interpreter.machine_scope(identity, random)
    deadline = run.started_at + _seconds_allowed(definition) * MICROSECONDS
    interpreter.record("ExecutionStarted", 0, 0, {"input": run.input, "roleArn": identity.role_arn})
    try:
        with collector_paused():
            run.output = interpreter.run_until(deadline, interpreter.run_states(definition.states, run.input, scope))
    except AslError as failure:
        run.status, run.error, run.cause = "FAILED", failure.error, failure.cause
        interpreter.record("ExecutionFailed", scope.last_event, 0, error_details(failure))
    except OutOfTimeError as end:
        interpreter.clock.now = deadline
        run.status, run.note = "TIMED_OUT", end.note
        # Recorded: the previous event of a machine's timeout is 0, and its response has neither error nor cause.
        interpreter.record("ExecutionTimedOut", 0, 0, {"error": "States.Timeout"})
    else:
        run.status = "SUCCEEDED"
        interpreter.record("ExecutionSucceeded", scope.last_event, 0, {"output": run.output})
    finally:
        run.stopped_at = interpreter.clock.now
        run.variables = scope.variables.visible()


def _seconds_allowed(definition: StateMachineDefinition) -> int:
    if definition.timeout_seconds is None:
        return EXPRESS_TIMEOUT_SECONDS
    return min(definition.timeout_seconds, EXPRESS_TIMEOUT_SECONDS)


class Interpreter:
    """One run: its clock, its history, and the way to have tasks done."""

    __slots__ = ("check_task", "clock", "identity", "invoke_task", "records", "run", "transitions")

    def __init__(self, run: Run, identity: Identity, invoke_task: InvokeTask) -> None:
        self.run = run
        self.identity = identity
        self.invoke_task = invoke_task
        self.check_task: Callable[[TaskCall], None] | None = getattr(invoke_task, "check_task", None)
        self.clock = Clock(run.started_at)
        self.records = run.history.records
        self.transitions = 0

    def machine_scope(self, identity: Identity, random: Random) -> BranchScope:
        """Make the outermost scope."""
        scope = BranchScope(ExecutionContext(self.run, identity, random, self.clock), Variables())
        scope.context.root = scope
        if self.run.input_text is not None:
            # Floats may be longer than they were written: 1e6 is 1000000.0.
            scope.payload_bytes = 3 * len(self.run.input_text.encode("utf-8", "replace"))
        return scope

    def record(self, type_: str, previous_event_id: int, visit: VisitId, details: dict[str, JSON] | None = None) -> int:
        """Append an event of a visit at the present virtual time; return the event's id."""
        self.records.append((type_, previous_event_id, self.clock.now, visit, details))
        return len(self.records)

    def run_until(self, deadline: int, steps: Steps) -> JSON:
        """Drive the steps, moving the clock to each due time; raises `OutOfTimeError` at the deadline."""
        clock = self.clock
        try:
            while True:
                due = next(steps)
                if due > clock.now:
                    if due >= deadline:
                        raise OutOfTimeError(
                            f"timed out after {(deadline - self.run.started_at) // MICROSECONDS} virtual seconds"
                        )
                    clock.now = due
        except StopIteration as end:
            return end.value

    def run_states(self, states: States, document: JSON, scope: BranchScope) -> Steps:
        """Run states from the start to the end of their branch; returns the last one's output."""
        name: str | None = states.start_at
        while name is not None:
            state = states.by_name[name]
            self._enter(state, document, scope)
            try:
                match state:
                    case TaskState() | MapState() | ParallelState():
                        document, name = yield from self._run_with_error_handling(state, document, scope)
                    case PassState():
                        document, name = self._run_pass(state, document, scope)
                    case ChoiceState():
                        document, name = self._run_choice(state, document, scope)
                    case WaitState():
                        document, name = yield from self._run_wait(state, document, scope)
                    case SucceedState():
                        document, name = self._run_succeed(state, document, scope)
                    case FailState():
                        self._run_fail(state, document, scope)
                    case _ as unreachable:
                        assert_never(unreachable)
            except AslError as failure:
                located = self._located(failure, scope)
                self.run.failed.append(FailedState(scope.entered_event, located.error, located.cause))
                raise located from None
        return document

    def _enter(self, state: State, raw_input: JSON, scope: BranchScope) -> None:
        self.transitions += 1
        if self.transitions > MAX_TRANSITIONS:
            raise OutOfTimeError(
                f"ended after {MAX_TRANSITIONS:,} state transitions, the most that a run may make; "
                f"the last state entered was {scope.state_name!r}: does the workflow loop without a Wait?"
            )
        now = self.clock.now
        visit = len(self.records) + 1
        self.records.append((state.entered_event, scope.last_event, now, visit, state.name, raw_input, scope.branch))
        scope.last_event = scope.entered_event = visit
        scope.entered_at = now
        scope.state_name = state.name
        scope.open_state = state
        scope.retry_count = None

    def _exit(self, state: State, departure: Departure, scope: BranchScope) -> JSON:
        """Record that a state is left, set the variables that it assigns, and give its output."""
        output, assigned = departure
        if assigned:
            scope.assign(assigned)
        self.records.append(
            (state.exited_event, scope.last_event, self.clock.now, scope.entered_event, state.name, output, assigned)
        )
        scope.last_event = len(self.records)
        scope.open_state = None
        return output

    def _located(self, failure: AslError, scope: BranchScope) -> AslError:
        """Put AWS's prefix before the cause of an error that the interpreter raised, once, at the innermost state."""
        if failure.located:
            return failure
        prefix = (
            f"An error occurred while executing the state '{scope.state_name}' "
            f"(entered at the event id #{scope.entered_event}). "
        )
        located = AslError(failure.error, prefix + (failure.cause or ""), terminal=failure.terminal)
        if failure.error == STATES_QUERY_EVALUATION_ERROR:
            self._record_evaluation_failed(located, failure.location, scope)
        return located

    def _record_evaluation_failed(self, failure: AslError, location: str | None, scope: BranchScope) -> None:
        """Record that JSONata could not be evaluated.

        Recorded: what fails before anything else follows upon the event before the state was entered, but for a Wait.
        """
        previous = scope.last_event
        if previous == scope.entered_event and not isinstance(scope.open_state, WaitState):
            previous = self.records[previous - 1][1]
        details = {"state": scope.state_name, **error_details(failure)}
        if location is not None:
            details["location"] = location
        scope.last_event = self.record("EvaluationFailed", previous, scope.entered_event, details)

    def _run_pass(self, state: PassState, raw_input: JSON, scope: BranchScope) -> Transition:
        flow = state.flow
        effective_input = flow.effective_input(raw_input, scope)
        if state.result is not None:
            result = state.result.evaluate(effective_input, scope)
        else:
            result = flow.arguments(effective_input, scope)
            if result is not effective_input:
                departure = flow.leave(raw_input, result, scope, measured=result, measured_bytes=scope.arguments_bytes)
                return self._exit(state, departure, scope), state.next
        return self._exit(state, flow.leave(raw_input, result, scope), scope), state.next

    def _run_choice(self, state: ChoiceState, raw_input: JSON, scope: BranchScope) -> Transition:
        effective_input = state.flow.effective_input(raw_input, scope)
        next_state, flow = state.next, state.flow
        for rule in state.choices:
            if rule.condition(effective_input, scope):
                # Recorded: a rule that matches uses its own Assign and Output; the state's own apply with Default.
                next_state, flow = rule.next, rule.flow
                self.run.chosen.append(ChosenRule(scope.entered_event, rule.location))
                break
        else:
            self.run.chosen.append(ChosenRule(scope.entered_event, state.default_location))
        if next_state is None:
            # Recorded: States.Runtime, where the documents say States.NoChoiceMatched.
            raise runtime_error("Failed to transition out of the state. The state does not point to a next state.")
        return self._exit(state, flow.leave(raw_input, effective_input, scope), scope), next_state

    def _run_wait(self, state: WaitState, raw_input: JSON, scope: BranchScope) -> Generator[int, None, Transition]:
        effective_input = state.flow.effective_input(raw_input, scope)
        due = wait_until(state, effective_input, scope, self.clock.now)
        if due > self.clock.now:
            yield due
        return self._exit(state, state.flow.leave(raw_input, effective_input, scope), scope), state.next

    def _run_succeed(self, state: SucceedState, raw_input: JSON, scope: BranchScope) -> Transition:
        effective_input = state.flow.effective_input(raw_input, scope)
        return self._exit(state, state.flow.leave(raw_input, effective_input, scope), scope), None

    def _run_fail(self, state: FailState, raw_input: JSON, scope: BranchScope) -> None:
        raise AslError(
            _text(state.error, "ErrorPath", raw_input, scope), _text(state.cause, "CausePath", raw_input, scope)
        )

    def _run_with_error_handling(
        self, state: TaskState | MapState | ParallelState, raw_input: JSON, scope: BranchScope
    ) -> Generator[int, None, Transition]:
        """Attempt a state's work until it succeeds, its retriers are used up, or a catcher takes its error."""
        retries: Retries | None = None
        scope.retry_count = retry_count = 0
        while True:
            try:
                effective_input = state.flow.effective_input(raw_input, scope)
                measured: JSON = MISSING
                match state:
                    case TaskState():
                        result = measured = yield from attempt_task(self, state, effective_input, scope)
                    case MapState():
                        result = yield from attempt_map(self, state, effective_input, scope)
                    case ParallelState():
                        result = yield from attempt_parallel(self, state, effective_input, scope)
                    case _ as unreachable:
                        assert_never(unreachable)
                departure = state.flow.leave(raw_input, result, scope, measured=measured)
                return self._exit(state, departure, scope), state.next
            except AslError as failure:
                located = self._located(failure, scope)
                if retries is None:
                    retries = Retries(state.retry, scope.random)
                delay = retries.delay_before_next(located)
                if delay is not None:
                    assert retries.used is not None
                    self._note_handled(retries.used.location, located, scope, delay)
                    retry_count += 1
                    scope.retry_count = retry_count
                    yield self.clock.now + delay
                    continue
                # Recorded: JSONata that fails makes a Map fail even where it never started. (Assumption: a Parallel
                # too, and both where their own Output or Assign fails.)
                not_evaluated = failure.error == STATES_QUERY_EVALUATION_ERROR and not failure.located
                if scope.lanes_started or (not_evaluated and not isinstance(state, TaskState)):
                    scope.lanes_started = False
                    scope.last_event = self.record(state.type + "StateFailed", scope.last_event, scope.entered_event)
                catcher = first_catcher(state.catch, located)
                if catcher is None:
                    raise located from None
                return self._caught(state, catcher, located, raw_input, scope)

    def _caught(
        self, state: State, catcher: Catcher, failure: AslError, raw_input: JSON, scope: BranchScope
    ) -> Transition:
        """Hand the Error Output on; recorded: a cause that is absent becomes ``""``, and OutputPath is not applied."""
        self._note_handled(catcher.location, failure, scope)
        error_output: dict[str, JSON] = {"Error": failure.error or "", "Cause": failure.cause or ""}
        return self._exit(state, catcher.flow.leave(raw_input, error_output, scope), scope), catcher.next

    def _note_handled(self, location: str, failure: AslError, scope: BranchScope, delay: int | None = None) -> None:
        self.run.handled.append(
            HandledError(
                scope.entered_event, location, len(self.records), self.clock.now, failure.error, failure.cause, delay
            )
        )


def _text(value: str | Expression | None, field: str, document: JSON, scope: BranchScope) -> str | None:
    if not isinstance(value, Expression):
        return value
    text = value.evaluate(document, scope)
    if isinstance(text, str):
        return text
    # Assumption: the text for a value that is not a string is not recorded.
    raise runtime_error(f"The {field} parameter does not reference a string value: {value.source} == {compact(text)}")
