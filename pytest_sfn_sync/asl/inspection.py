"""One state, run by the interpreter with a record of what its document was after each step of the data flow.

The state is the compiled one, in which each expression of the data flow also records its value. Retry and Catch are
left to the caller, as TestState reports what they would do and does not do it.

Recorded and measured: which steps TestState reports for each type of state. A step that fails ends the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from pytest_sfn_sync.asl.data_flow import Flow, JsonPathFlow, ResultPath
from pytest_sfn_sync.asl.definition import (
    Catcher,
    FailState,
    MapState,
    ParallelState,
    PassState,
    State,
    States,
    StateType,
    SucceedState,
    TaskState,
)
from pytest_sfn_sync.asl.expressions import JSON, Expression, Scope
from pytest_sfn_sync.asl.java.java_text import java_text
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.location import ROOT

_INPUT_PATH: Final = "afterInputPath"
_PARAMETERS: Final = "afterParameters"
_RESULT: Final = "result"
_SELECTOR: Final = "afterResultSelector"
_RESULT_PATH: Final = "afterResultPath"

_JSON_PATH_STEPS: Final[Mapping[StateType, frozenset[str]]] = {
    "Pass": frozenset({_INPUT_PATH, _PARAMETERS, _SELECTOR, _RESULT_PATH}),
    "Task": frozenset({_INPUT_PATH, _PARAMETERS, _RESULT, _SELECTOR, _RESULT_PATH}),
    "Choice": frozenset({_INPUT_PATH}),
    "Succeed": frozenset({_INPUT_PATH}),
    "Fail": frozenset({_INPUT_PATH}),
    # Assumption: those of a Choice; no Wait was recorded.
    "Wait": frozenset({_INPUT_PATH}),
    "Parallel": frozenset({_SELECTOR, _RESULT_PATH}),
    "Map": frozenset({_INPUT_PATH, _SELECTOR, _RESULT_PATH}),
}
_PASS_WITH_RESULT: Final = frozenset({_RESULT, _SELECTOR, _RESULT_PATH})


class Inspection:
    """The values of the steps by TestState's names, as texts or numbers; `record` adds one."""

    def __init__(self, raw_input: JSON) -> None:
        self.steps: dict[str, Any] = {"input": compact(raw_input)}

    def record(self, step: str, value: JSON) -> None:
        """Record the document after a step."""
        self.steps[step] = compact(value)

    def record_as_java(self, step: str, values: list[JSON]) -> None:
        """Record a list as Java prints it, with items as JSON texts (measured)."""
        self.steps[step] = java_text([Unquoted(compact(value)) for value in values])


class Unquoted(str):
    """A text that Java prints as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MockedItems:
    """What a Map or a Parallel that is not run gets: ``outputs`` has one output for each branch of a Parallel.

    ``items`` are the items of a Map with an ItemReader, in place of those that it would read.
    """

    outputs: list[JSON] = field(default_factory=list)
    items: list[JSON] | None = None


def inspected(state: State, inspection: Inspection, fields: Mapping[str, JSON], mocked: MockedItems | None) -> State:
    """Return a state that records its steps and has neither Retry nor Catch.

    ``fields`` are those of the state as written. ``mocked`` is for a Map or a Parallel with a mock.
    """
    state = replace(state, flow=_inspected_flow(state, state.flow, inspection))
    if isinstance(state, TaskState | MapState | ParallelState):
        state = replace(state, retry=(), catch=())
    if isinstance(state, ParallelState) and mocked is not None:
        return replace(state, branches=tuple(_constant(output) for output in mocked.outputs))
    if isinstance(state, MapState) and mocked is not None:
        return _inspected_map(state, inspection, fields, mocked)
    if isinstance(state, FailState) and isinstance(state.flow, JsonPathFlow) and fields.get("QueryLanguage") is None:
        inspection.steps[_INPUT_PATH] = inspection.steps["input"]
    return state


def inspected_catcher(catcher: Catcher, inspection: Inspection) -> Flow:
    """Return the flow of a catcher that records the document after ResultPath."""
    flow = catcher.flow
    if isinstance(flow, JsonPathFlow):
        return replace(flow, result_path=_inspected_result_path(flow.result_path, inspection))
    return flow


def _inspected_flow(state: State, flow: Flow, inspection: Inspection) -> Flow:
    if not isinstance(flow, JsonPathFlow):
        if state.type != "Task":
            return flow
        return replace(flow, arguments_expression=_recording(flow.arguments_expression, "afterArguments", inspection))
    steps = _JSON_PATH_STEPS[state.type]
    if isinstance(state, PassState) and state.result is not None:
        steps = _PASS_WITH_RESULT
    selector = _with_result(flow.result_selector, _RESULT in steps, inspection) if _SELECTOR in steps else None
    return replace(
        flow,
        input_path=_recorded(flow.input_path, _INPUT_PATH, steps, inspection),
        parameters=_recorded(flow.parameters, _PARAMETERS, steps, inspection),
        result_selector=selector or flow.result_selector,
        result_path=_inspected_result_path(flow.result_path, inspection) if _RESULT_PATH in steps else flow.result_path,
    )


def _recorded(
    expression: Expression | None, step: str, steps: frozenset[str], inspection: Inspection
) -> Expression | None:
    """Return an expression that records its value if the step is reported; a missing one changes nothing."""
    if step not in steps:
        return expression
    return _recording(expression or _identity(), step, inspection)


def _recording(expression: Expression | None, step: str, inspection: Inspection) -> Expression | None:
    return None if expression is None else _watched(expression, partial(inspection.record, step))


def _watched(expression: Expression, watch: Callable[[JSON], None]) -> Expression:
    """Return an expression that passes each of its values to a function."""
    evaluate = expression.evaluate

    def evaluate_and_watch(document: JSON, scope: Scope) -> JSON:
        value = evaluate(document, scope)
        watch(value)
        return value

    return replace(expression, evaluate=evaluate_and_watch)


def _with_result(selector: Expression | None, has_result: bool, inspection: Inspection) -> Expression | None:
    """Return a ResultSelector that records the result before it, if that is reported, and its own value."""
    recording = _recording(selector or _identity(), _SELECTOR, inspection)
    if not has_result or recording is None:
        return recording
    evaluate = recording.evaluate

    def record_and_evaluate(document: JSON, scope: Scope) -> JSON:
        inspection.record(_RESULT, document)
        return evaluate(document, scope)

    return replace(recording, evaluate=record_and_evaluate)


def _inspected_result_path(path: ResultPath | None, inspection: Inspection) -> ResultPath:
    write: Callable[[JSON, JSON], JSON] = (lambda raw_input, result: result) if path is None else path.write

    def write_and_record(raw_input: JSON, result: JSON) -> JSON:
        output = write(raw_input, result)
        inspection.record(_RESULT_PATH, output)
        return output

    return ResultPath(source="$" if path is None else path.source, write=write_and_record)


def _identity() -> Expression:
    return Expression(source="$", evaluate=lambda document, scope: document)


def _inspected_map(
    state: MapState, inspection: Inspection, fields: Mapping[str, JSON], mocked: MockedItems
) -> MapState:
    """Return a Map whose iterations do nothing. TestState itself applies the tolerance, and replaces the result."""
    is_json_path = isinstance(state.flow, JsonPathFlow)
    items_path = state.items_path
    if mocked.items is not None:
        items_path = _literal(mocked.items)
    elif is_json_path:
        items_path = _recording_list(items_path or _identity(), "afterItemsPath", inspection)
    selected: list[JSON] = []

    def add_selected(value: JSON) -> None:
        selected.append(value)
        inspection.record_as_java("afterItemSelector", selected)

    numbers: dict[str, Any] = {
        name: _recorded_number(getattr(state, attribute), name, inspection)
        for name, attribute in _NUMBERS.items()
        if name == "maxConcurrency" or any(field.lower().startswith(name.lower()) for field in fields)
    }
    return replace(
        state,
        items_path=items_path,
        item_selector=None if state.item_selector is None else _watched(state.item_selector, add_selected),
        item_processor=_constant(None),
        distributed_fields=(),
        distributed=None,
        max_concurrency=numbers.get("maxConcurrency", 0),
        # Their values are only recorded: no iteration fails here.
        tolerated_failure_count=numbers.get("toleratedFailureCount", 0),
        tolerated_failure_percentage=numbers.get("toleratedFailurePercentage", 0.0),
    )


_NUMBERS: Final = {
    "maxConcurrency": "max_concurrency",
    "toleratedFailureCount": "tolerated_failure_count",
    "toleratedFailurePercentage": "tolerated_failure_percentage",
}


def _recorded_number(value: Any, name: str, inspection: Inspection) -> Any:
    """Return a number, or an expression, that is recorded when the Map reads it."""
    expression = value if isinstance(value, Expression) else Expression(source=value, evaluate=lambda *_: value)

    def record(number: Any) -> None:
        inspection.steps[name] = float(number) if name == "toleratedFailurePercentage" else number

    return _watched(expression, record)


def _recording_list(expression: Expression, step: str, inspection: Inspection) -> Expression:
    def record(values: JSON) -> None:
        if isinstance(values, list):
            inspection.record_as_java(step, values)

    return _watched(expression, record)


def _constant(output: JSON) -> States:
    state = PassState(name="Mocked", location=ROOT, flow=JsonPathFlow(), result=_literal(output))
    return States(start_at=state.name, by_name={state.name: state})


def _literal(value: JSON) -> Expression:
    return Expression(source=value, evaluate=lambda document, scope: value)


class OneState(dict[str, State]):
    """The states of a machine in which only one is run: any other state ends the run as soon as it is entered."""

    def __missing__(self, name: str) -> State:
        return SucceedState(name=name, location=ROOT, flow=JsonPathFlow())
