"""Inline Map states: one iteration for each item, in lanes on the virtual clock.

A distributed Map, and an inline Map with fields of a distributed one, can be registered but not run.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

from pytest_sfn_sync.asl.data_flow import check_arguments
from pytest_sfn_sync.asl.definition import MapState
from pytest_sfn_sync.asl.error_names import (
    STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD,
    AslError,
    runtime_error,
)
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.limits import INLINE_MAP_CONCURRENCY
from pytest_sfn_sync.asl.pauses import Pause
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scheduler import run_lanes
from pytest_sfn_sync.asl.scopes import BranchScope, Lane
from pytest_sfn_sync.asl.states.number_fields import float_field, integer_field
from pytest_sfn_sync.asl.states.parallel_state import abort_open_states

_FAILED = object()


class UnsupportedMapError(Exception):
    """A distributed Map, or an inline one with fields of a distributed one, was entered; the text has the remedy."""


def attempt_map(
    runtime: Runtime, state: MapState, effective_input: JSON, scope: BranchScope
) -> Generator[Pause, None, JSON]:
    """Run the item processor for all items; return the array of outputs, in the order of the items."""
    if state.distributed_fields or state.is_distributed:
        raise _unsupported(state)
    items = _items(state, effective_input, scope)
    concurrency = _max_concurrency(state, effective_input, scope)
    threshold_count = _whole_number(state.tolerated_failure_count, "ToleratedFailureCountPath", effective_input, scope)
    threshold_percentage = _percentage(state, effective_input, scope)
    # Assumption: ItemSelector is evaluated for all items before the first iteration starts.
    item_inputs = items
    if state.item_selector is not None:
        item_inputs = [_selected(state, index, item, effective_input, scope) for index, item in enumerate(items)]
    # An item can't be larger than the document that contains it.
    item_bytes = scope.payload_bytes if item_inputs is items and state.items_are_parts else None
    # Recorded: a value of the wrong type fails before MapStateStarted, a value out of range after it.
    started, progress = runtime.begin_round("MapStateStarted", scope, len(items), {"length": len(items)})
    scope.last_event = started
    tolerance = _tolerance(threshold_count, threshold_percentage, len(items))
    scope.lanes_started = True
    in_flight: list[Lane] = []
    scope.lanes = in_flight
    results: list[JSON] = [_FAILED] * len(items)
    failures = 0
    ended = started

    def lanes() -> Iterator[Lane]:
        concurrent = scope.concurrent or (concurrency > 1 and len(items) > 1)
        for index, item_input in enumerate(item_inputs):
            record = (scope.entered_event, started, index)
            event: int | None = None
            if progress is not None:
                if (has_ended := progress.ended(record)) is not None:
                    results[index] = has_ended.document
                    continue
                event = progress.iteration(record)
            if event is None:
                # Recorded: the first iterations follow MapStateStarted. Each later one follows the last event of the
                # iteration that it waited for.
                event = _record_iteration(runtime, "MapIterationStarted", scope.last_event, scope, state, index)
            iteration_scope = BranchScope(
                scope.context,
                scope.variables,
                last_event=event,
                branch=record,
                iteration=(*scope.iteration, index),
                concurrent=concurrent,
            )
            iteration_scope.payload_bytes = item_bytes
            steps = runtime.run_states(runtime, state.item_processor, item_input, iteration_scope)
            yield Lane(index, iteration_scope, steps)

    def succeeded(lane: Lane, output: JSON) -> None:
        nonlocal ended
        results[lane.index] = output
        scope.last_event = lane.scope.last_event
        ended = _record_iteration(runtime, "MapIterationSucceeded", scope.last_event, scope, state, lane.index)

    def failed(lane: Lane, failure: AslError) -> None:
        nonlocal ended, failures
        failures += 1
        scope.last_event = lane.scope.last_event
        if not failure.terminal and tolerance.allows(failures):
            ended = _record_end(runtime, scope, state, lane, "MapIterationFailed")
            return
        for other in sorted(in_flight, key=lambda cut_off: cut_off.index):
            end = "MapIterationFailed" if other is lane else "MapIterationAborted"
            _record_end(runtime, scope, state, other, end)
        raise failure if not tolerance.is_set or failure.terminal else _threshold_exceeded()

    yield from run_lanes(runtime.clock, lanes(), in_flight, concurrency=concurrency, succeeded=succeeded, failed=failed)
    # Recorded: the previous event of Succeeded and of Exited is the end of the last iteration, or the start if there
    # was no iteration.
    runtime.record("MapStateSucceeded", ended, scope.entered_event)
    scope.last_event = ended
    scope.lanes_started = False
    return results if not failures else [result for result in results if result is not _FAILED]


def _unsupported(state: MapState) -> UnsupportedMapError:
    if state.is_distributed:
        return UnsupportedMapError(
            f"the Map state {state.name!r} is a distributed Map (ProcessorConfig has the Mode DISTRIBUTED), which "
            "can't be run here. Test the machine without that state, or the state by itself with TestState and a mock."
        )
    fields = " and ".join(state.distributed_fields)
    return UnsupportedMapError(
        f"the Map state {state.name!r} is an inline Map and has {fields}, which only a distributed Map can use. It is "
        "not known how AWS runs such a state, so it is not run here. Remove the field from the state, or test the "
        "machine without that state."
    )


def _record_iteration(
    runtime: Runtime, type_: str, previous_event_id: int, scope: BranchScope, state: MapState, index: int
) -> int:
    records = runtime.records
    records.append((type_, previous_event_id, runtime.clock.now, scope.entered_event, state.name, index))
    return len(records)


def _record_end(runtime: Runtime, scope: BranchScope, state: MapState, lane: Lane, type_: str) -> int:
    event = _record_iteration(runtime, type_, scope.last_event, scope, state, lane.index)
    abort_open_states(runtime, lane.scope, scope.last_event)
    return event


def _items(state: MapState, effective_input: JSON, scope: BranchScope) -> list[JSON]:
    items = effective_input if state.items_path is None else state.items_path.evaluate(effective_input, scope)
    if not isinstance(items, list):
        source = "$" if state.items_path is None else state.items_path.source
        if source.startswith("$$"):  # Recorded: the path in the context object, which is a document of its own.
            source = source[1:]
        raise runtime_error(f'Reference path "{source}" must point to array.')
    return items


def _selected(state: MapState, index: int, item: JSON, effective_input: JSON, scope: BranchScope) -> JSON:
    assert state.item_selector is not None
    scope.item = (index, item)
    try:
        selected = state.item_selector.evaluate(effective_input, scope)
    finally:
        scope.item = None
    check_arguments(selected, scope, state.selector_bound)
    return selected


def _max_concurrency(state: MapState, effective_input: JSON, scope: BranchScope) -> int:
    wanted = _whole_number(state.max_concurrency, "MaxConcurrencyPath", effective_input, scope)
    # Documented: 0 sets no limit, but an inline Map always runs at most 40 iterations at once.
    return min(wanted, INLINE_MAP_CONCURRENCY) if wanted > 0 else INLINE_MAP_CONCURRENCY


def _whole_number(value: int | Expression, field: str, effective_input: JSON, scope: BranchScope) -> int:
    if not isinstance(value, Expression):
        return value
    return integer_field(value.evaluate(effective_input, scope), value, field)


def _percentage(state: MapState, effective_input: JSON, scope: BranchScope) -> float:
    value = state.tolerated_failure_percentage
    if not isinstance(value, Expression):
        return value
    return float_field(value.evaluate(effective_input, scope), value, "ToleratedFailurePercentagePath")


class _Tolerance(NamedTuple):
    """The number of iterations that may fail; if no threshold is set, the first failure is the Map's own."""

    is_set: bool
    most: int

    def allows(self, failures: int) -> bool:
        return self.is_set and failures <= self.most


def _tolerance(count: int, percentage: float, items: int) -> _Tolerance:
    """Return the tolerance for a number of items.

    Measured on distributed Maps: a threshold of 0 counts as not set. AWS accepts thresholds in inline Maps, but their
    effect was not recorded. Assumption: they work as in distributed Maps, and the result leaves out the iterations that
    failed.
    """
    if count < 0:
        raise runtime_error("ToleratedFailureCount cannot be negative.")
    if not 0 <= percentage <= 100:
        raise runtime_error("ToleratedFailurePercentage must be between 0 and 100.")
    thresholds = []
    if count:
        thresholds.append(count)
    if percentage:
        thresholds.append(int(items * percentage / 100))
    # Documented: with both set, the Map fails when either is exceeded.
    return _Tolerance(bool(thresholds), min(thresholds, default=0))


def _threshold_exceeded() -> AslError:
    return AslError(STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD, "The specified tolerated failure threshold was exceeded")
