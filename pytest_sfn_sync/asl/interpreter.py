"""The loop over states of a compiled definition, and the data-flow pipeline of each.

One loop, `run_states`, serves the machine, a Parallel branch and a Map iteration. A state goes from raw input to
effective input, result, effective result and effective output, in the terms of the specification ("Input and Output
Processing"). Retry and Catch are applied in one place. The work of Task, Map, Parallel and Wait states is in `states`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.data_flow import Departure
from pytest_sfn_sync.asl.definition import (
    Catcher,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    State,
    States,
    SucceedState,
    TaskState,
    WaitState,
    assert_never,
)
from pytest_sfn_sync.asl.error_names import (
    STATES_QUERY_EVALUATION_ERROR,
    STATES_RUNTIME,
    AslError,
    error_details,
    runtime_error,
    with_place,
)
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.limits import MAX_TRANSITIONS
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.pauses import Pause, Steps
from pytest_sfn_sync.asl.records import ChosenRule, FailedState, HandledError
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.states.error_handling import Retries, first_catcher
from pytest_sfn_sync.asl.states.map_state import attempt_map
from pytest_sfn_sync.asl.states.parallel_state import attempt_parallel
from pytest_sfn_sync.asl.states.task_state import attempt_task
from pytest_sfn_sync.asl.states.wait_state import wait_until
from pytest_sfn_sync.asl.token_texts import new_token
from pytest_sfn_sync.asl.work_budget import WorkLimitError

Transition: TypeAlias = tuple[JSON, "str | None"]
"""A state's output and the name of the next state; None ends the branch."""


END: Final = ""
"""The next state of a Choice after which a run ends; no state has an empty name."""


class OutOfTimeError(Exception):
    """The execution has used up its time, or its transitions: it ends TIMED_OUT.

    This is not an ASL error, so no catcher takes it.
    """

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class FullHistoryError(Exception):
    """The execution has reached its most events: it fails.

    This is not an ASL error, so no catcher takes it.
    """

    def __init__(self, state_name: str) -> None:
        super().__init__(state_name)
        self.state_name = state_name


def run_states(runtime: Runtime, states: States, document: JSON, scope: BranchScope) -> Steps:
    """Run states from the start to the end of their branch; return the output of the last state.

    The next state `END` ends the branch too. A branch of a redriven execution begins where it came before.
    """
    name: str | None = states.start_at
    is_entered = False
    if runtime.progress is not None and (before := runtime.progress.branch(scope.branch)) is not None:
        name, document, is_entered = before.name, before.document, before.restore(scope)
    while name:
        state = states.by_name[name]
        if is_entered:
            is_entered = False
        else:
            _enter(runtime, state, document, scope)
        try:
            match state:
                case TaskState() | MapState() | ParallelState():
                    document, name = yield from _run_with_error_handling(runtime, state, document, scope)
                case PassState():
                    document, name = _run_pass(runtime, state, document, scope)
                case ChoiceState():
                    document, name = _run_choice(runtime, state, document, scope)
                case WaitState():
                    document, name = yield from _run_wait(runtime, state, document, scope)
                case SucceedState():
                    document, name = _run_succeed(runtime, state, document, scope)
                case FailState():
                    _run_fail(runtime, state, document, scope)
                case _ as unreachable:
                    assert_never(unreachable)
        except AslError as failure:
            failure.forget_frames()
            located = _located(runtime, failure, scope)
            runtime.run.failed.append(FailedState(scope.entered_event, located.error, located.cause))
            raise located from None
        except WorkLimitError as limit:
            limit.state_name = limit.state_name or name
            raise
    return document


def _enter(runtime: Runtime, state: State, raw_input: JSON, scope: BranchScope) -> None:
    runtime.transitions += 1
    if runtime.transitions > MAX_TRANSITIONS:
        _check_transition(runtime, scope)
    now = runtime.clock.now
    visit = len(runtime.records) + 1
    runtime.records.append((state.entered_event, scope.last_event, now, visit, state.name, raw_input, scope.branch))
    scope.last_event = scope.entered_event = visit
    scope.entered_at = now
    scope.state_name = state.name
    scope.open_type = state.type
    scope.retry_count = None


def _check_transition(runtime: Runtime, scope: BranchScope) -> None:
    """Raise the error of a run that may make no further transition."""
    if runtime.machine_is_deleted:
        # Measured: the text, and that the execution ends at its next transition. No catcher takes the error.
        raise AslError(STATES_RUNTIME, f"State machine {runtime.identity.state_machine_name} has been deleted")
    if runtime.most_events is None:
        raise OutOfTimeError(
            f"ended after {MAX_TRANSITIONS:,} state transitions, the most that a run may make; "
            f"the last state entered was {scope.state_name!r}: does the workflow loop without a Wait?"
        )
    if runtime.is_full:
        raise FullHistoryError(scope.state_name)


def _exit(runtime: Runtime, state: State, departure: Departure, scope: BranchScope) -> JSON:
    """Record that a state is left, set the variables that it assigns, and return its output."""
    output, assigned = departure
    if assigned:
        scope.assign(assigned)
    runtime.records.append(
        (state.exited_event, scope.last_event, runtime.clock.now, scope.entered_event, state.name, output, assigned)
    )
    scope.last_event = len(runtime.records)
    scope.open_type = None
    return output


def _located(runtime: Runtime, failure: AslError, scope: BranchScope) -> AslError:
    """Return an error with AWS's prefix before its cause, if the interpreter raised it and no inner state added one."""
    if failure.located:
        return failure
    located = with_place(failure, scope.state_name, scope.entered_event)
    if failure.error == STATES_QUERY_EVALUATION_ERROR:
        _record_evaluation_failed(runtime, located, failure.location, scope)
    return located


def _record_evaluation_failed(runtime: Runtime, failure: AslError, location: str | None, scope: BranchScope) -> None:
    """Record that JSONata could not be evaluated.

    Recorded: if this is the first event after the state was entered, its previous event is the one before the state's
    ``...StateEntered``. A Wait is the exception.
    """
    previous = scope.last_event
    if previous == scope.entered_event and scope.open_type != WaitState.type:
        previous = runtime.records[previous - 1][1]
    details = {"state": scope.state_name, **error_details(failure)}
    if location is not None:
        details["location"] = location
    scope.last_event = runtime.record("EvaluationFailed", previous, scope.entered_event, details)


def _run_pass(runtime: Runtime, state: PassState, raw_input: JSON, scope: BranchScope) -> Transition:
    flow = state.flow
    effective_input = flow.effective_input(raw_input, scope)
    if state.result is not None:
        result = state.result.evaluate(effective_input, scope)
    else:
        result = flow.arguments(effective_input, scope)
        if result is not effective_input:
            departure = flow.leave(raw_input, result, scope, measured=result, measured_bytes=scope.arguments_bytes)
            return _exit(runtime, state, departure, scope), state.next
    return _exit(runtime, state, flow.leave(raw_input, result, scope), scope), state.next


def _run_choice(runtime: Runtime, state: ChoiceState, raw_input: JSON, scope: BranchScope) -> Transition:
    effective_input = state.flow.effective_input(raw_input, scope)
    next_state, flow = state.next, state.flow
    for rule in state.choices:
        if rule.condition(effective_input, scope):
            # Recorded: a rule that matches uses its own Assign and Output. Those of the state apply with Default.
            next_state, flow = rule.next, rule.flow
            runtime.run.chosen.append(ChosenRule(scope.entered_event, rule.location))
            break
    else:
        runtime.run.chosen.append(ChosenRule(scope.entered_event, state.default_location))
    if next_state is None:
        # Recorded: States.Runtime. The documentation has States.NoChoiceMatched.
        raise runtime_error("Failed to transition out of the state. The state does not point to a next state.")
    return _exit(runtime, state, flow.leave(raw_input, effective_input, scope), scope), next_state


def _run_wait(
    runtime: Runtime, state: WaitState, raw_input: JSON, scope: BranchScope
) -> Generator[Pause, None, Transition]:
    effective_input = state.flow.effective_input(raw_input, scope)
    due = wait_until(state, effective_input, scope, runtime.clock.now)
    if due > runtime.clock.now:
        yield Pause(due)
    return _exit(runtime, state, state.flow.leave(raw_input, effective_input, scope), scope), state.next


def _run_succeed(runtime: Runtime, state: SucceedState, raw_input: JSON, scope: BranchScope) -> Transition:
    effective_input = state.flow.effective_input(raw_input, scope)
    return _exit(runtime, state, state.flow.leave(raw_input, effective_input, scope), scope), None


def _run_fail(runtime: Runtime, state: FailState, raw_input: JSON, scope: BranchScope) -> None:
    raise AslError(_text(state.error, "ErrorPath", raw_input, scope), _text(state.cause, "CausePath", raw_input, scope))


def _run_with_error_handling(
    runtime: Runtime, state: TaskState | MapState | ParallelState, raw_input: JSON, scope: BranchScope
) -> Generator[Pause, None, Transition]:
    """Run a state's work until it succeeds, its retriers are used up, or a catcher takes its error."""
    retries: Retries | None = None
    scope.retry_count = retry_count = 0
    while True:
        try:
            flow = state.flow
            if type(state) is TaskState and state.pattern:
                scope.task_token = scope.entered_event, new_token(scope.random)
            effective_input = flow.effective_input(raw_input, scope)
            if isinstance(state, TaskState):
                result = yield from attempt_task(runtime, state, effective_input, scope)
                return _exit(runtime, state, flow.leave(raw_input, result, scope, measured=result), scope), state.next
            if isinstance(state, MapState):
                result = yield from attempt_map(runtime, state, effective_input, scope)
            else:
                result = yield from attempt_parallel(runtime, state, effective_input, scope)
            return _exit(runtime, state, flow.leave(raw_input, result, scope), scope), state.next
        except AslError as failure:
            failure.forget_frames()
            located = _located(runtime, failure, scope)
            if retries is None:
                retries = Retries(state.retry, scope.random)
            delay = retries.delay_before_next(located)
            if delay is not None:
                assert retries.used is not None
                _record_handled(runtime, retries.used.location, located, scope, delay)
                if runtime.is_full:
                    raise FullHistoryError(state.name) from None
                retry_count += 1
                scope.retry_count = retry_count
                yield Pause(runtime.clock.now + delay)
                continue
            # Recorded: JSONata that fails makes a Map fail even before it has started.
            # Assumption: the same holds for a Parallel, and for both where their own Output or Assign fails.
            not_evaluated = failure.error == STATES_QUERY_EVALUATION_ERROR and not failure.located
            if scope.lanes_started or (not_evaluated and not isinstance(state, TaskState)):
                scope.lanes_started = False
                scope.last_event = runtime.record(state.type + "StateFailed", scope.last_event, scope.entered_event)
            catcher = first_catcher(state.catch, located)
            if catcher is None:
                raise located from None
            return _caught(runtime, state, catcher, located, raw_input, scope)


def _caught(
    runtime: Runtime, state: State, catcher: Catcher, failure: AslError, raw_input: JSON, scope: BranchScope
) -> Transition:
    """Leave a state through a catcher; return its output, made from the Error Output, and the next state.

    Recorded: a cause that is absent becomes ``""``, and OutputPath is not applied.
    """
    _record_handled(runtime, catcher.location, failure, scope)
    error_output: dict[str, JSON] = {"Error": failure.error or "", "Cause": failure.cause or ""}
    return _exit(runtime, state, catcher.flow.leave(raw_input, error_output, scope), scope), catcher.next


def _record_handled(
    runtime: Runtime, location: Location, failure: AslError, scope: BranchScope, delay: int | None = None
) -> None:
    runtime.run.handled.append(
        HandledError(
            scope.entered_event, location, len(runtime.records), runtime.clock.now, failure.error, failure.cause, delay
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
