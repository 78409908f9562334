"""Inline Map states: one iteration for each item, in lanes on the virtual clock.

An inline Map with fields of a distributed one can be registered but not run. `distributed_map` runs distributed ones.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

from pytest_sfn_sync.asl.definition import MapState
from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import INLINE_MAP_CONCURRENCY
from pytest_sfn_sync.asl.map_objects import UnsupportedMapError
from pytest_sfn_sync.asl.pauses import Pause
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scheduler import run_lanes
from pytest_sfn_sync.asl.scopes import BranchScope, Lane
from pytest_sfn_sync.asl.states.map_fields import (
    check_thresholds,
    items_of,
    percentage_of,
    selected_item,
    threshold_exceeded,
    whole_number_of,
)
from pytest_sfn_sync.asl.states.parallel_state import abort_open_states

_FAILED = object()


def attempt_map(
    runtime: Runtime, state: MapState, effective_input: JSON, scope: BranchScope
) -> Generator[Pause, None, JSON]:
    """Run the item processor for all items; return the array of outputs, in the order of the items."""
    if state.distributed is not None:
        # Imported only here, so that tests without a distributed Map don't import what reads and writes objects.
        from pytest_sfn_sync.asl.states.distributed_map import attempt_distributed_map

        return (yield from attempt_distributed_map(runtime, state, state.distributed, effective_input, scope))
    if state.distributed_fields:
        raise _unsupported(state)
    items: list[JSON] = items_of(state, effective_input, scope)
    concurrency = _max_concurrency(state, effective_input, scope)
    threshold_count = whole_number_of(
        state.tolerated_failure_count, "ToleratedFailureCountPath", effective_input, scope
    )
    threshold_percentage = percentage_of(state, effective_input, scope)
    # Assumption: ItemSelector is evaluated for all items before the first iteration starts.
    item_inputs = items
    if state.item_selector is not None:
        item_inputs = [
            selected_item(state, {"Index": index, "Value": item}, effective_input, scope)
            for index, item in enumerate(items)
        ]
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
    records, clock, visit, name = runtime.records, runtime.clock, scope.entered_event, state.name

    def lanes() -> Iterator[Lane]:
        concurrent = scope.concurrent or (concurrency > 1 and len(items) > 1)
        context, variables, around = scope.context, scope.variables, scope.iteration
        run_states, states = runtime.run_states, state.item_processor
        for index, item_input in enumerate(item_inputs):
            record = (visit, started, index)
            event: int | None = None
            if progress is not None:
                if (has_ended := progress.ended(record)) is not None:
                    results[index] = has_ended.document
                    continue
                event = progress.iteration(record)
            if event is None:
                # Recorded: the first iterations follow MapStateStarted. Each later one follows the last event of the
                # iteration that it waited for.
                records.append(("MapIterationStarted", scope.last_event, clock.now, visit, name, index))
                event = len(records)
            iteration_scope = BranchScope(context, variables, event, record, (*around, index))
            iteration_scope.concurrent = concurrent
            iteration_scope.payload_bytes = item_bytes
            yield Lane(index, iteration_scope, run_states(runtime, states, item_input, iteration_scope))

    def succeeded(lane: Lane, output: JSON) -> None:
        nonlocal ended
        index = lane.index
        results[index] = output
        scope.last_event = last = lane.scope.last_event
        records.append(("MapIterationSucceeded", last, clock.now, visit, name, index))
        ended = len(records)

    def end_early(lane: Lane, type_: str) -> int:
        records.append((type_, scope.last_event, clock.now, visit, name, lane.index))
        event = len(records)
        abort_open_states(runtime, lane.scope, scope.last_event)
        return event

    def failed(lane: Lane, failure: AslError) -> None:
        nonlocal ended, failures
        failures += 1
        scope.last_event = lane.scope.last_event
        if not failure.terminal and tolerance.allows(failures):
            ended = end_early(lane, "MapIterationFailed")
            return
        for other in sorted(in_flight, key=lambda cut_off: cut_off.index):
            end_early(other, "MapIterationFailed" if other is lane else "MapIterationAborted")
        raise failure if not tolerance.is_set or failure.terminal else threshold_exceeded()

    yield from run_lanes(clock, lanes(), in_flight, concurrency=concurrency, succeeded=succeeded, failed=failed)
    # Recorded: the previous event of Succeeded and of Exited is the end of the last iteration, or the start if there
    # was no iteration.
    runtime.record("MapStateSucceeded", ended, scope.entered_event)
    scope.last_event = ended
    scope.lanes_started = False
    return results if not failures else [result for result in results if result is not _FAILED]


def _unsupported(state: MapState) -> UnsupportedMapError:
    fields = " and ".join(state.distributed_fields)
    return UnsupportedMapError(
        f"the Map state {state.name!r} is an inline Map and has {fields}, which only a distributed Map can use. It is "
        "not known how AWS runs such a state, so it is not run here. Remove the field from the state, or test the "
        "machine without that state."
    )


def _max_concurrency(state: MapState, effective_input: JSON, scope: BranchScope) -> int:
    wanted = whole_number_of(state.max_concurrency, "MaxConcurrencyPath", effective_input, scope)
    # Documented: 0 sets no limit, but an inline Map always runs at most 40 iterations at once.
    return min(wanted, INLINE_MAP_CONCURRENCY) if wanted > 0 else INLINE_MAP_CONCURRENCY


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
    check_thresholds(count, percentage)
    thresholds = []
    if count:
        thresholds.append(count)
    if percentage:
        thresholds.append(int(items * percentage / 100))
    # Documented: with both set, the Map fails when either is exceeded.
    return _Tolerance(bool(thresholds), min(thresholds, default=0))
