"""Distributed Map states: a Map Run with a child execution for each item or batch, in lanes on the virtual clock.

The history of the execution has only the Map Run; each child has a history of its own. Children run with the tasks'
answers of the execution around them, and they see none of its variables.

Recorded: a wrong threshold fails after MapStateStarted and before MapRunStarted. Assumption: so do the other fields
that are evaluated once, and an ItemSelector without an ItemReader.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final, NamedTuple, cast

from pytest_sfn_sync.asl.definition import MapState, StateMachineDefinition
from pytest_sfn_sync.asl.distributed_map_definition import DistributedMap, ItemBatcher, ItemReader
from pytest_sfn_sync.asl.error_names import AslError, arguments_too_large, error_details, with_place
from pytest_sfn_sync.asl.expressions import JSON, MISSING, Expression
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.item_readers.reader_items import Items, ReaderValues, read_items
from pytest_sfn_sync.asl.limits import (
    DISTRIBUTED_MAP_CONCURRENCY,
    PAYLOAD_BYTES,
)
from pytest_sfn_sync.asl.map_objects import MapObjects
from pytest_sfn_sync.asl.pauses import Pause, Steps
from pytest_sfn_sync.asl.run import Identity, MapChild, MapRun, Run
from pytest_sfn_sync.asl.runtime import ChildRun, Runtime
from pytest_sfn_sync.asl.scheduler import run_lanes
from pytest_sfn_sync.asl.scopes import BranchScope, Lane
from pytest_sfn_sync.asl.states.item_batches import BatchLimits, batch_document, batches_of
from pytest_sfn_sync.asl.states.map_fields import (
    check_thresholds,
    items_of,
    percentage_of,
    selected_item,
    threshold_exceeded,
    whole_number_of,
)
from pytest_sfn_sync.asl.states.map_results import SUCCEEDED, ResultFiles, result_of
from pytest_sfn_sync.asl.uuids import random_uuid

STATE_DATA: Final = "STATE_DATA"
"""The source of items that come from the state's input (measured)."""

_COUNTED = frozenset({"FAILED", "TIMED_OUT"})
"""The statuses of children that count against the thresholds (measured); one that was stopped doesn't."""


def attempt_distributed_map(
    runtime: Runtime, state: MapState, fields: DistributedMap, effective_input: JSON, scope: BranchScope
) -> Generator[Pause, None, JSON]:
    """Run a child for each item or batch; return the array of outputs, or what a ResultWriter has written."""
    return (yield from _Attempt(runtime, state, fields, effective_input, scope).run())


class _Values(NamedTuple):
    """The fields of the Map that are evaluated once, before its run starts."""

    max_concurrency: int
    tolerated_failure_count: int
    tolerated_failure_percentage: float
    reader: ReaderValues | None
    limits: BatchLimits | None
    writer_parameters: JSON


class _Attempt:
    """One attempt of a distributed Map."""

    def __init__(
        self, runtime: Runtime, state: MapState, fields: DistributedMap, effective_input: JSON, scope: BranchScope
    ) -> None:
        self.runtime = runtime
        self.state = state
        self.fields = fields
        self.input = effective_input
        self.scope = scope
        self.machine = runtime.identity.state_machine_name
        self.children_definition = StateMachineDefinition(states=state.item_processor)

    def run(self) -> Generator[Pause, None, JSON]:
        runtime, scope = self.runtime, self.scope
        items = None if self.fields.reader is not None else self._state_items()
        max_concurrency = whole_number_of(self.state.max_concurrency, "MaxConcurrencyPath", self.input, scope)
        # Recorded: the length is 0 with an ItemReader.
        length = 0 if items is None else len(items.values)
        started, progress = runtime.begin_round("MapStateStarted", scope, 0, {"length": length})
        scope.last_event = started
        values = self._values(max_concurrency)
        map_run = None if progress is None else self._run_to_redrive()
        if map_run is not None:
            self._redrive(map_run)
        else:
            children = None if items is None else self._children(items, values.limits)
            map_run = self._start(values)
            if children is not None:
                map_run.children = children
        # Recorded: the previous event of MapStateExited is MapRunStarted.
        scope.last_event = map_run.event
        try:
            written = yield from self._work(map_run, values)
        except AslError as failure:
            self._end(map_run, "FAILED")
            located = with_place(failure, scope.state_name, scope.entered_event)
            details: dict[str, JSON] = {**error_details(located)}
            scope.last_event = runtime.record("MapRunFailed", map_run.event, scope.entered_event, details)
            scope.lanes_started = True
            raise
        except BaseException:
            self._end(map_run, "ABORTED")
            raise
        self._end(map_run, SUCCEEDED)
        succeeded = runtime.record("MapRunSucceeded", map_run.event, scope.entered_event)
        result = result_of(map_run, self.fields.writer, scope.context.document_sizes) if written is MISSING else written
        runtime.record("MapStateSucceeded", succeeded, scope.entered_event)
        return result

    def _work(self, map_run: MapRun, values: _Values) -> Generator[Pause, None, JSON]:
        """Read the items, run the children and write their results; return MISSING if nothing is to be written."""
        if values.reader is not None and not map_run.redrives:
            assert self.fields.reader is not None
            objects = _objects_of(self.runtime)
            items = read_items(self.fields.reader, values.reader, objects, machine=self.machine, state=self.state.name)
            map_run.children = self._children(items, values.limits)
        map_run.total_items = sum(child.items for child in map_run.children)
        to_run = [child for child in map_run.children if child.status != SUCCEEDED]
        files = self._files(map_run, values)
        try:
            yield from self._run_children(map_run, to_run)
        except AslError:
            if files is not None:
                files.write(to_run)  # Measured: they are written on failure as well.
            raise
        return MISSING if files is None else files.write(to_run)

    def _end(self, map_run: MapRun, status: str) -> None:
        map_run.status = status
        map_run.stopped_at = self.runtime.clock.now

    def _state_items(self) -> Items:
        found = items_of(self.state, self.input, self.scope)
        if isinstance(found, dict):  # Measured: the input of a child has the key and the value of a member.
            found = [{"Key": key, "Value": value} for key, value in found.items()]
            return Items(found, STATE_DATA, has_keys=True)
        return Items(found, STATE_DATA)

    def _values(self, max_concurrency: int) -> _Values:
        state, scope = self.state, self.scope
        count = whole_number_of(state.tolerated_failure_count, "ToleratedFailureCountPath", self.input, scope)
        percentage = percentage_of(state, self.input, scope)
        check_thresholds(count, percentage)
        fields = self.fields
        writer = fields.writer
        return _Values(
            max_concurrency=max_concurrency,
            tolerated_failure_count=count,
            tolerated_failure_percentage=percentage,
            reader=None if fields.reader is None else reader_values(fields.reader, self.input, scope),
            limits=None if fields.batcher is None else batch_limits(fields.batcher, self.input, scope),
            writer_parameters=None if writer is None else _evaluated(writer.arguments, None, self.input, scope),
        )

    def _children(self, items: Items, limits: BatchLimits | None) -> list[MapChild]:
        """Return the children, which have not started: for each item, or for each batch."""
        inputs = items.values
        if self.state.item_selector is not None:
            inputs = [selected_item(self.state, item, self.input, self.scope) for item in _items_of_context(items)]
        if limits is None:
            children = [MapChild(index, item, 1) for index, item in enumerate(inputs)]
        else:
            batches = enumerate(batches_of(inputs, limits))
            children = [MapChild(index, batch_document(batch, limits), len(batch)) for index, batch in batches]
        may_be_large = limits is not None or items.sources != STATE_DATA  # Else they are parts of the state's input.
        sizes = self.scope.context.document_sizes
        if may_be_large and any(sizes.size(child.input) > PAYLOAD_BYTES for child in children):
            # Assumption: an input that is too large fails as an ItemSelector does.
            raise arguments_too_large(self.state.name)
        return children

    def _start(self, values: _Values) -> MapRun:
        runtime, scope = self.runtime, self.scope
        map_run = MapRun(
            id=random_uuid(scope.random),
            state_name=self.state.name,
            location=self.state.location,
            label=self.fields.label,
            is_express=self.fields.execution_type == "EXPRESS",
            machine_arn=runtime.identity.state_machine_arn,
            execution_arn=runtime.identity.execution_arn,
            visit=scope.entered_event,
            started_at=runtime.clock.now,
            max_concurrency=values.max_concurrency,
            tolerated_failure_count=values.tolerated_failure_count,
            tolerated_failure_percentage=values.tolerated_failure_percentage,
        )
        files = self._files(map_run, values)
        if files is not None:
            files.write_test_manifest()
        details: dict[str, JSON] = {"mapRunArn": map_run.arn}
        map_run.event = runtime.record("MapRunStarted", scope.last_event, scope.entered_event, details)
        runtime.run.map_runs.append(map_run)
        return map_run

    def _files(self, map_run: MapRun, values: _Values) -> ResultFiles | None:
        writer = self.fields.writer
        if writer is None or not writer.has_resource:
            return None
        objects = _objects_of(self.runtime)
        return ResultFiles(map_run, writer, values.writer_parameters, objects, machine=self.machine)

    def _run_to_redrive(self) -> MapRun | None:
        """Return the Map Run that goes on after a redrive; None if it has to start.

        Documented: where no item could be read, it is started anew. So is one whose result was too large.
        """
        last = next((one for one in reversed(self.runtime.run.map_runs) if one.visit == self.scope.entered_event), None)
        return last if last is not None and last.children and last.status != SUCCEEDED else None

    def _redrive(self, map_run: MapRun) -> None:
        """Let a Map Run go on. Documented: the same Map Run, in which those that succeeded don't run again."""
        runtime, scope = self.runtime, self.scope
        map_run.redrives.append(runtime.clock.now)
        map_run.status = "RUNNING"
        details: dict[str, JSON] = {"mapRunArn": map_run.arn, "redriveCount": len(map_run.redrives)}
        map_run.event = runtime.record("MapRunRedriven", scope.last_event, scope.entered_event, details)

    def _run_children(self, map_run: MapRun, children: Iterable[MapChild]) -> Generator[Pause, None, None]:
        in_flight: list[Lane] = []
        failed_items = 0
        is_over = False

        def lanes() -> Iterator[Lane]:
            for child in children:
                if is_over:
                    return
                yield Lane(child.index, self.scope, self._child_steps(map_run, child))

        def succeeded(lane: Lane, output: JSON) -> None:
            pass

        def failed(lane: Lane, failure: AslError) -> None:
            nonlocal failed_items, is_over
            child = map_run.children[lane.index]
            if child.status in _COUNTED:
                failed_items += child.items
            if not map_run.is_too_much(failed_items):
                return
            # Measured: Express children finish, those of type STANDARD are stopped, and no other one is started.
            is_over = True
            if not map_run.is_express:
                for lane in in_flight:  # All that are in flight count as started, also those before their first step.
                    other = map_run.children[lane.index]
                    if other.run is None:
                        self._begin(map_run, other).stop()
                raise threshold_exceeded()

        yield from run_lanes(
            self.runtime.clock,
            lanes(),
            in_flight,
            concurrency=_concurrency_of(map_run),
            succeeded=succeeded,
            failed=failed,
        )
        if is_over:
            raise threshold_exceeded()

    def _child_steps(self, map_run: MapRun, child: MapChild) -> Steps:
        """Run a child to its end; return its output, or raise the error with which it ended."""
        running = self._begin(map_run, child)
        try:
            while (pause := running.go_on()) is not None:
                yield pause
        except BaseException:
            # The Map Run was cut off, or a usage error ended everything.
            running.stop()
            if running.run.status == "RUNNING":
                running.run.status = "ABORTED"
            raise
        run = running.run
        if map_run.is_express or run.status == SUCCEEDED:
            child.running = None  # Nothing can let it go on.
            running.runtime.invoke_task = self.runtime.invoke_task  # Else the two would keep each other in memory.
        if run.status == SUCCEEDED:
            return run.output
        raise AslError(run.error, run.cause)

    def _begin(self, map_run: MapRun, child: MapChild) -> ChildRun:
        """Start a child, or let it go on after a redrive, and return its run."""
        running = self._running(map_run, child)
        child.running, child.run = running, running.run
        return running

    def _running(self, map_run: MapRun, child: MapChild) -> ChildRun:
        """Return the run of a child: a new one, or that of a Standard child which is redriven."""
        runtime = self.runtime
        iteration = (*self.scope.iteration, child.index)
        if child.run is not None:
            child.redrives.append(runtime.clock.now)
            if child.running is not None:
                again = cast("ChildRun", child.running)
                again.redrive(len(child.redrives))
                again.scope.iteration = iteration
                return again
        now = runtime.clock.now
        run = Run(status="RUNNING", input=child.input, started_at=now, stopped_at=now, history=History())
        around, name = runtime.identity, map_run.name_child(child)
        identity = Identity(
            execution_arn=child.arn,
            execution_name=name,
            role_arn=around.role_arn,
            state_machine_arn=map_run.child_machine_arn,
            state_machine_name=around.state_machine_name,
            region=around.region,
            ancestors=around.ancestors,
            redrive_count=0,
        )
        assert runtime.start_child is not None
        running = runtime.start_child(
            runtime, self.children_definition, run, identity, self.scope.random, map_run.is_express
        )
        running.scope.iteration = iteration
        return running


def reader_values(reader: ItemReader, effective_input: JSON, scope: BranchScope) -> ReaderValues:
    """Return the values of the fields of an ItemReader."""
    pointer = reader.items_pointer
    return ReaderValues(
        parameters=_evaluated(reader.arguments, {}, effective_input, scope),
        max_items=whole_number_of(reader.max_items, "MaxItemsPath", effective_input, scope),
        pointer=str(pointer.evaluate(effective_input, scope)) if isinstance(pointer, Expression) else pointer,
    )


def batch_limits(batcher: ItemBatcher, effective_input: JSON, scope: BranchScope) -> BatchLimits:
    """Return the values of the fields of an ItemBatcher."""
    return BatchLimits(
        max_items=whole_number_of(batcher.max_items, "MaxItemsPerBatchPath", effective_input, scope),
        max_bytes=whole_number_of(batcher.max_bytes, "MaxInputBytesPerBatchPath", effective_input, scope),
        batch_input=_evaluated(batcher.batch_input, MISSING, effective_input, scope),
    )


def _evaluated(expression: Expression | None, default: JSON, effective_input: JSON, scope: BranchScope) -> JSON:
    return default if expression is None else expression.evaluate(effective_input, scope)


def _objects_of(runtime: Runtime) -> MapObjects:
    assert runtime.map_objects is not None, "the service gives access to objects"
    return runtime.map_objects


def _items_of_context(items: Items) -> Iterator[dict[str, JSON]]:
    """Yield ``Map.Item`` of the context object for each item (measured)."""
    for index, value in enumerate(items.values):
        source = items.source(index)
        if items.has_keys:
            yield {"Index": index, "Key": value["Key"], "Value": value["Value"], "Source": source}
        else:
            yield {"Index": index, "Value": value, "Source": source}


def _concurrency_of(map_run: MapRun) -> Callable[[], int]:
    """Return the function that returns how many children may run at once; UpdateMapRun may change it."""
    most = DISTRIBUTED_MAP_CONCURRENCY
    return lambda: min(map_run.max_concurrency, most) if map_run.max_concurrency > 0 else most
