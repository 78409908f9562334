"""Parallel states: every branch gets the effective input; the result is the array of the branches' outputs.

`abort_open_states` is for Map states too: it records the events of branches and iterations that were cut off.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from pytest_sfn_sync.asl.definition import ParallelState
from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.pauses import Pause
from pytest_sfn_sync.asl.runtime import Runtime
from pytest_sfn_sync.asl.scheduler import run_lanes
from pytest_sfn_sync.asl.scopes import BranchScope, Lane

# The model of HistoryEventType has no other ...StateAborted.
_ABORTABLE = frozenset({"Task", "Wait", "Map", "Parallel"})


def attempt_parallel(
    runtime: Runtime, state: ParallelState, effective_input: JSON, scope: BranchScope
) -> Generator[Pause, None, JSON]:
    """Run all branches to their end; return the array of their outputs.

    Recorded: the first failure is the state's own failure, with error and cause unchanged.
    """
    branch_input = state.flow.arguments(effective_input, scope)
    started, progress = runtime.begin_round("ParallelStateStarted", scope, len(state.branches))
    scope.lanes_started = True
    in_flight: list[Lane] = []
    scope.lanes = in_flight
    results: list[JSON] = [None] * len(state.branches)

    def lanes() -> Iterator[Lane]:
        for index, branch in enumerate(state.branches):
            record = (scope.entered_event, started, index)
            if progress is not None and (ended := progress.ended(record)) is not None:
                results[index] = ended.document
                continue
            branch_scope = BranchScope(scope.context, scope.variables, started, record, scope.iteration)
            branch_scope.concurrent = scope.concurrent or len(state.branches) > 1
            yield Lane(index, branch_scope, runtime.run_states(runtime, branch, branch_input, branch_scope))

    def succeeded(lane: Lane, output: JSON) -> None:
        results[lane.index] = output
        scope.last_event = lane.scope.last_event

    def failed(lane: Lane, failure: AslError) -> None:
        scope.last_event = lane.scope.last_event
        for cut_off in sorted(in_flight, key=_by_index):
            abort_open_states(runtime, cut_off.scope, scope.last_event)
        raise failure

    yield from run_lanes(
        runtime.clock,
        lanes(),
        in_flight,
        concurrency=len(state.branches),
        succeeded=succeeded,
        failed=failed,
    )
    # Recorded: Succeeded and Exited have the same previous event, the last one of the branches.
    runtime.record("ParallelStateSucceeded", scope.last_event, scope.entered_event)
    scope.lanes_started = False
    runtime.run.record_joined(results)
    return results


def _by_index(lane: Lane) -> int:
    return lane.index


def abort_open_states(runtime: Runtime, scope: BranchScope, cause_event: int) -> None:
    """Record ``...Aborted`` events for the open state of a branch that was cut off, and for the states within it.

    Recorded: the Task that failed gets one too, after its TaskFailed. The previous event of all is the failing event.
    """
    if scope.open_type is None or scope.open_type not in _ABORTABLE:
        return
    if scope.lanes_started:
        for lane in sorted(scope.lanes, key=_by_index):
            if scope.open_type == "Map":
                runtime.records.append(
                    (
                        "MapIterationAborted",
                        cause_event,
                        runtime.clock.now,
                        scope.entered_event,
                        scope.state_name,
                        lane.index,
                    )
                )
            abort_open_states(runtime, lane.scope, cause_event)
    runtime.record(scope.open_type + "StateAborted", cause_event, scope.entered_event)
