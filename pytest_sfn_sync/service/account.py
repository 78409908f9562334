"""The account of a fake: everything that the operations of the API create, find and change.

It holds the machines, the executions and the activities, and one virtual clock for all executions that outlive the call
that started them. The operations are functions of an account and a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.graph.walk import outermost
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.map_objects import UnsupportedMapError
from pytest_sfn_sync.asl.pauses import Awaited, Pause
from pytest_sfn_sync.asl.run import MapChild, MapRun, RunningChild, map_runs_within
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.timeline import Timeline
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.service.arns import parse_arn, parse_state_machine_arn
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.start_sync_execution import PreparedExecution, StartSyncExecution

RUNNING: Final = "RUNNING"
"""The status of an execution that has not ended."""


@dataclass(slots=True, kw_only=True, eq=False)
class Activity:
    """An activity; ``tags`` has the values by key."""

    arn: str
    name: str
    creation_date: datetime
    encryption: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)


class Redrive(NamedTuple):
    """One redrive of an execution: the client token of the call, and its virtual time."""

    token: str | None
    at: int


class StartedExecution:
    """A Standard execution of an account; ``redrives`` are in the order of time.

    ``awaited_by`` is the task that waits for its end, if there is one. For the child of a Map Run, ``map_run`` and
    ``map_child`` are set, and ``running`` is that of its parent.
    """

    __slots__ = ("awaited_by", "map_child", "map_run", "prepared", "redrives", "running")

    def __init__(self, prepared: PreparedExecution, running: Running) -> None:
        self.prepared = prepared
        self.running = running
        self.redrives: list[Redrive] = []
        self.map_run: MapRun | None = None
        self.map_child: MapChild | None = None
        self.awaited_by: Awaited | None = None

    @property
    def machine(self) -> RegisteredMachine:
        """The revision of the machine that runs."""
        return self.prepared.machine

    @property
    def status(self) -> str:
        """``RUNNING``, or the status with which the execution ended."""
        return self.prepared.run.status

    @property
    def began_at(self) -> int:
        """The virtual time of its start, or of its last redrive."""
        return self.redrives[-1].at if self.redrives else self.prepared.run.started_at


class Account:
    """The machines, executions and activities of one fake.

    ``executions`` has the Standard executions by ARN, in the order of their start; those that have not ended are in
    ``open`` as well. ``now`` returns the virtual time in microseconds since the epoch. ``start`` checks and runs
    executions. ``outer`` is the account of the fake around this one: what is not here is looked for there.
    """

    def __init__(
        self, *, registry: Registry, start: StartSyncExecution, now: Callable[[], int], random: Random
    ) -> None:
        self.registry = registry
        self.start = start
        self.random = random
        self.outer: Account | None = None
        self.executions: dict[str, StartedExecution] = {}
        self.open: dict[Running, StartedExecution] = {}
        self.activities: dict[str, Activity] = {}
        self._now = now
        self._timeline: Timeline | None = None
        self._deleting: dict[str, RegisteredMachine] = {}

    @property
    def timeline(self) -> Timeline:
        """The virtual clock of all executions that outlive their call."""
        if self._timeline is None:
            self._timeline = Timeline(self._now(), on_end=self.record_end)
        return self._timeline

    def now(self) -> int:
        """Return the virtual time in microseconds since the epoch.

        The clock never stands before the time outside, unless an execution runs.
        """
        timeline = self._timeline
        if timeline is None:
            return self._now()
        if not timeline.running:
            timeline.clock.now = max(timeline.clock.now, self._now())
        return timeline.clock.now

    def start_time(self, at_least: int = 0) -> int:
        """Return the time on the clock of all executions at which the next one starts.

        If none runs, it is not before ``at_least``, the time of the Express execution that starts the next one.
        """
        timeline = self.timeline
        self.now()
        if not timeline.running:
            timeline.clock.now = max(timeline.clock.now, at_least)
        return timeline.clock.now

    def date(self) -> datetime:
        """Return the virtual time as a datetime in UTC."""
        return EPOCH + timedelta(microseconds=self.now())

    def uuid(self) -> str:
        """Return a new id."""
        return random_uuid(self.random)

    def machine(self, arn: str) -> RegisteredMachine:
        """Return the machine of an ARN, which may name a version or an alias; raise StateMachineDoesNotExist."""
        machine = self.registry.find(arn)
        if machine is None:
            parse_state_machine_arn(arn)
            raise service_error("StateMachineDoesNotExist", arn=arn)
        return machine

    def qualified(self, arn: str) -> tuple[RegisteredMachine | None, str | None]:
        """Return the machine of the ARN of a version or an alias, and its number or name.

        The version or the alias need not exist, and the machine is None if there is none. Raise InvalidArn.
        """
        qualifier = parse_state_machine_arn(arn).qualifier
        return self.registry.find(arn if qualifier is None else arn.removesuffix(f":{qualifier}")), qualifier

    def has(self, machine: RegisteredMachine) -> bool:
        """Report whether the machine of a revision exists and is not being deleted."""
        found = self.registry.find(machine.arn)
        return found is not None and found.revisions is machine.revisions and machine.status == "ACTIVE"

    def execution(self, arn: str) -> StartedExecution:
        """Return the Standard execution, or the child of a Map Run, of an ARN.

        Raise InvalidArn or ExecutionDoesNotExist. Measured: Express children are found too.
        """
        if "/" in arn:
            parse_arn(arn, "execution", "express")
            return self._map_child(arn)
        parse_arn(arn, "execution")
        for account in self.all_around():
            if arn in account.executions:
                return account.executions[arn]
        raise service_error("ExecutionDoesNotExist", arn=arn)

    def map_runs(self) -> Iterator[MapRun]:
        """Yield all Map Runs of this account and of those around it."""
        for map_run, _ in self._map_runs():
            yield map_run

    def _map_runs(self) -> Iterator[tuple[MapRun, StartedExecution]]:
        for account in self.all_around():
            for started in account.executions.values():
                for map_run in map_runs_within(started.prepared.run):
                    yield map_run, started

    def children_of(self, map_run: MapRun) -> list[StartedExecution]:
        """Return the children of a Map Run that have started (measured), in the order of their items."""
        parent = next(parent for one, parent in self._map_runs() if one is map_run)
        machine = _child_machine(parent.machine, map_run)
        children = [child for child in map_run.children if child.run is not None]
        return [_started_child(parent, map_run, child, machine) for child in children]

    def _map_child(self, arn: str) -> StartedExecution:
        """Return the child of a Map Run by its ARN; raise ExecutionDoesNotExist."""
        name = arn.split(":")[7:8]
        for map_run, parent in self._map_runs():
            child = map_run.child_named(*name) if name else None
            if child is not None and child.run is not None and child.arn == arn:
                return _started_child(parent, map_run, child, _child_machine(parent.machine, map_run))
        raise service_error("ExecutionDoesNotExist", arn=arn)

    def stop_child(self, child: MapChild, error: str | None, cause: str | None) -> None:
        """End a child of a Map Run as ABORTED, and let its Map Run go on."""
        with self.timeline:
            assert child.running is not None, "a child that runs may go on"
            _stop(child.running, error, cause)
            self.timeline.go_on()

    def wake_map_run(self, map_run: MapRun) -> None:
        """Let a Map Run look at its limits again, and start what they allow."""
        with self.timeline:
            for child in map_run.children:
                if child.running is not None:
                    _touch(child.running.pause)
            self.timeline.go_on()

    def all_activities(self) -> dict[str, Activity]:
        """Return the activities by ARN, with those of the fakes around this one; the outermost come first."""
        outermost_first = [account.activities for account in self.all_around()][::-1]
        return {arn: activity for activities in outermost_first for arn, activity in activities.items()}

    def all_around(self) -> Iterator[Account]:
        """Yield this account, and those of the fakes around this one."""
        account: Account | None = self
        while account is not None:
            yield account
            account = account.outer

    def run(self, started: StartedExecution) -> None:
        """Let an execution begin or go on, as far as it can without the outside.

        Raise an exception that is not an ASL error, such as a usage error.
        """
        self.open[started.running] = started
        self.timeline.start(started.running)

    def stop(self, started: StartedExecution, error: str | None, cause: str | None) -> None:
        """End an execution as ABORTED, and let those go on that waited for it."""
        running, timeline = started.running, self.timeline
        with timeline:
            if running not in timeline.running:  # It takes its steps with the task that waits for it.
                running.stop(error, cause)
                self.record_end(running, None)
            timeline.stop(running, error, cause)

    def delete(self, machine: RegisteredMachine) -> None:
        """Delete a machine with its versions and aliases.

        Documented: as long as executions run, its status is ``DELETING``. Measured: they fail at their next transition.
        """
        running = [started for started in self.open.values() if started.machine.revisions is machine.revisions]
        if not running:
            self.registry.delete(machine.arn)
            return
        machine.mark_deleting()
        self._deleting[machine.arn] = machine
        for started in running:
            started.running.runtime.end_at_next_transition()

    def record_end(self, running: Running, error: BaseException | None) -> None:
        """Record that an execution has ended; ``error`` is the exception that passed through it, if any."""
        started = self.open.pop(running)
        if started.awaited_by is not None:
            started.awaited_by.is_touched = True
        machine = self._deleting.get(started.machine.arn)
        if machine is not None and all(other.machine.arn != machine.arn for other in self.open.values()):
            del self._deleting[machine.arn]
            self.registry.delete(machine.arn)
        if error is not None:
            started.prepared.run.status = "ABORTED"
        if isinstance(error, UnsupportedMapError):
            raise SfnSyncUsageError(f"Machine {started.machine.name!r}: {error}") from None


def _started_child(
    parent: StartedExecution, map_run: MapRun, child: MapChild, machine: RegisteredMachine
) -> StartedExecution:
    """Return a child of a Map Run as an execution; its ``machine`` is the processor of the Map."""
    around, run = parent.prepared, child.run
    assert run is not None
    arn = child.arn
    # Measured: an Express child has its second id in its name.
    name = ":".join(arn.split(":")[7:])
    run.input_text = compact(run.input) if run.input_text is None else run.input_text
    prepared = PreparedExecution({}, machine, None, run, arn, name, None, around.ancestors, {})
    started = StartedExecution(prepared, parent.running)
    started.redrives = [Redrive(None, at) for at in child.redrives]
    started.map_run, started.map_child = map_run, child
    return started


def _child_machine(machine: RegisteredMachine, map_run: MapRun) -> RegisteredMachine:
    """Return the machine of the children of a Map Run. Measured: its definition is the ItemProcessor's."""
    written = outermost(machine.definition)
    assert written is not None
    states = next(states for states in written.with_inner() if states.location.parent == map_run.location)
    definition = {name: value for name, value in states.fields.items() if name != "ProcessorConfig"}
    kind = "EXPRESS" if map_run.is_express else "STANDARD"
    return replace(machine, arn=map_run.child_machine_arn, type=kind, definition=definition, given_text=None)


def _stop(running: RunningChild, error: str | None, cause: str | None) -> None:
    pause = running.pause
    running.stop(error, cause)
    _touch(pause)


def _touch(pause: Pause | None) -> None:
    """Let whatever waits in a pause look again whether it can go on."""
    for awaited in () if pause is None else pause.outside:
        awaited.is_touched = True


def epoch_seconds(moment: datetime) -> float:
    """Return a date as it is sent on the wire: seconds since the epoch, with milliseconds."""
    return (moment - EPOCH) // timedelta(milliseconds=1) / 1000
