"""The account of a fake: everything that the operations of the API create, find and change.

It holds the machines, the executions and the activities, and one virtual clock for all executions that outlive the call
that started them. The operations are functions of an account and a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from weakref import WeakMethod

from pytest_sfn_sync.asl.map_objects import UnsupportedMapError
from pytest_sfn_sync.asl.pauses import Pause
from pytest_sfn_sync.asl.run import MapChild, MapRun, RunningChild
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.timeline import MOST_GENERATIONS, BusyError, EndlessStartsError, Timeline
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.asl.work_budget import WorkLimitError
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.service.arns import parse_arn, parse_state_machine_arn, region_of
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.execution_entries import StartedExecution
from pytest_sfn_sync.service.looks_in_vain import LooksInVain
from pytest_sfn_sync.service.map_run_children import map_child
from pytest_sfn_sync.service.start_sync_execution import StartSyncExecution
from pytest_sfn_sync.service.unknown_machines import about_express_execution, about_other_region
from pytest_sfn_sync.shown_text import shown_value


@dataclass(slots=True, kw_only=True, eq=False)
class Activity:
    """An activity; ``tags`` has the values by key, ``polls`` the calls of GetActivityTask that found no task."""

    arn: str
    name: str
    creation_date: datetime
    encryption: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    polls: LooksInVain = field(default_factory=LooksInVain)


class Account:
    """The machines, executions and activities of one fake.

    ``executions`` has the Standard executions by ARN, in the order of their start; those that have not ended are in
    ``open`` as well. ``now`` returns the virtual time in microseconds since the epoch. ``start`` checks and runs
    executions. ``outer`` is the account of the fake around this one: what is not here is looked for there. An operation
    on a machine or an activity changes it there, in the account that has it.

    ``region`` is that of the client. Assumption: a client finds what is in its own region only. The ARN of another
    region is answered like one that does not exist, as users report.
    """

    def __init__(
        self, *, registry: Registry, start: StartSyncExecution, now: Callable[[], int], random: Random
    ) -> None:
        self.registry = registry
        self.start = start
        self.random = random
        self.region = registry.region
        self.outer: Account | None = None
        self.executions: dict[str, StartedExecution] = {}
        self.open: dict[Running, StartedExecution] = {}
        self.activities: dict[str, Activity] = {}
        self._now = now
        # Weak, as a circle would keep the account, with all its executions, until the garbage collector finds it.
        reference = WeakMethod(self.record_end)

        def on_end(running: Running, error: BaseException | None) -> None:
            record_end = reference()
            assert record_end is not None, "the account is there while its executions take steps"
            record_end(running, error)

        self.timeline = Timeline(now(), on_end=on_end)
        self._deleting: dict[str, RegisteredMachine] = {}

    def in_region(self, region: str) -> Account:
        """Return this account as a client of a region sees it."""
        if region == self.region:
            return self
        seen = copy(self)
        seen.region = region
        return seen

    def now(self) -> int:
        """Return the virtual time in microseconds since the epoch.

        The clock never stands before the time outside, unless an execution runs.
        """
        timeline = self.timeline
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

    def find(self, arn: str) -> RegisteredMachine | None:
        """Return the machine of an ARN, which may name a version or an alias, in the region; None if there is none."""
        return self.registry.find(arn) if self._sees(arn) else None

    def _sees(self, arn: str) -> bool:
        """Report whether an ARN is of the region; leave a note if it is not."""
        region = region_of(arn)
        if region in (self.region, ""):
            return True
        self.start.note(about_other_region(arn, region, self.region))
        return False

    def machine(self, arn: str) -> RegisteredMachine:
        """Return the machine of an ARN, which may name a version or an alias; raise StateMachineDoesNotExist."""
        machine = self.find(arn)
        if machine is None:
            parse_state_machine_arn(arn)
            raise service_error("StateMachineDoesNotExist", arn=arn)
        return machine

    def unqualified_machine(self, arn: str) -> RegisteredMachine:
        """Return the newest revision of the machine of an ARN; raise StateMachineDoesNotExist.

        Assumption: for an operation that changes machines, none has the ARN of a version or an alias.
        """
        if parse_state_machine_arn(arn).qualifier is not None:
            raise service_error("StateMachineDoesNotExist", arn=arn)
        return self.machine(arn)

    def qualified(self, arn: str) -> tuple[RegisteredMachine | None, str | None]:
        """Return the machine of the ARN of a version or an alias, and its number or name.

        The version or the alias need not exist, and the machine is None if there is none. Raise InvalidArn.
        """
        qualifier = parse_state_machine_arn(arn).qualifier
        return self.find(arn if qualifier is None else arn.removesuffix(f":{qualifier}")), qualifier

    def has(self, machine: RegisteredMachine) -> bool:
        """Report whether the machine of a revision exists and is not being deleted."""
        found = self.registry.find(machine.arn)
        return found is not None and found.revisions is machine.revisions and machine.status == "ACTIVE"

    def execution(self, arn: str) -> StartedExecution:
        """Return the Standard execution, or the child of a Map Run, of an ARN.

        Raise InvalidArn or ExecutionDoesNotExist. Measured: Express children are found too.
        """
        is_child = "/" in arn
        try:
            parse_arn(arn, "execution", *(("express",) if is_child else ()))
        except ServiceError:
            if arn.split(":")[5:6] == ["express"]:
                self.start.note(about_express_execution(arn))
            raise
        started = None
        if self._sees(arn):
            started = map_child(self.all_executions(), arn) if is_child else self.execution_of(arn)
        if started is None:
            raise service_error("ExecutionDoesNotExist", arn=arn)
        return started

    def execution_of(self, arn: str) -> StartedExecution | None:
        """Return the execution of an ARN, of this fake or of one around it; None if there is none."""
        return next((one.executions[arn] for one in self.all_around() if arn in one.executions), None)

    def owner_of(self, started: StartedExecution) -> Account:
        """Return the account in which an execution was started; a child that runs is where its parent is."""
        arn, running = started.prepared.arn, started.running
        return next(one for one in self.all_around() if arn in one.executions or running in one.open)

    def activity(self, arn: str) -> Activity | None:
        """Return the activity of an ARN; None if there is none in the region."""
        return self.all_activities().get(arn) if self._sees(arn) else None

    def all_executions(self) -> Iterator[StartedExecution]:
        """Yield the Standard executions of this account and of those around it; no children of Map Runs."""
        for account in self.all_around():
            yield from account.executions.values()

    def stop_child(self, child: MapChild, error: str | None, cause: str | None) -> None:
        """End a child of a Map Run as ABORTED, and let its Map Run go on."""
        with self.held():
            assert child.running is not None, "a child that runs may go on"
            _stop(child.running, error, cause)
            self.timeline.go_on()

    def wake_map_run(self, map_run: MapRun) -> None:
        """Let a Map Run look at its limits again, and start what they allow."""
        with self.held():
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

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the clock of all executions, so that no other thread lets time pass.

        Raise SfnSyncUsageError if executions go on in another thread, and do not come to an end there.
        """
        try:
            with self.timeline.held():
                yield
        except BusyError as busy:
            where = "" if busy.call is None else f", where the handler of the state {busy.call.state_name!r} runs"
            raise SfnSyncUsageError(
                f"An execution can't start or go on: for {self.timeline.patience:g} seconds, executions have gone on "
                f"in another thread{where}.\n"
                "Executions run one at a time. Does the handler wait for this thread? Let it return first."
            ) from None

    def run(self, started: StartedExecution) -> None:
        """Let an execution begin or go on, as far as it can without the outside.

        Raise an exception that is not an ASL error, such as a usage error.
        """
        self.open[started.running] = started
        try:
            self.timeline.start(started.running)
        except EndlessStartsError:
            self.open.pop(started.running, None)
            name = shown_value(started.machine.name)
            raise SfnSyncUsageError(
                f"Executions have started each other {MOST_GENERATIONS:,} times, the most that this fake allows: a "
                f"task of the last one would start {name} once more.\n"
                "Does a handler start the machine whose task it does, without end? Let it stop after a few rounds, or "
                "mock the task."
            ) from None

    def stop(self, started: StartedExecution, error: str | None, cause: str | None) -> None:
        """End an execution of this account as ABORTED, and let those go on that waited for it."""
        self.timeline.stop(started.running, error, cause)

    def delete(self, machine: RegisteredMachine) -> None:
        """Delete a machine with its versions and aliases.

        Documented: as long as executions run, its status is ``DELETING``. Measured: they fail at their next transition.
        """
        is_running = False
        for account in self.all_around():
            for started in account.open.values():
                if started.machine.revisions is machine.revisions:
                    is_running = True
                    account._deleting[machine.arn] = machine
                    started.running.runtime.end_at_next_transition()
        machine.mark_deleting()
        if not is_running:
            self.registry.delete(machine)

    def record_end(self, running: Running, error: BaseException | None) -> None:
        """Record that an execution has ended; ``error`` is the exception that passed through it, if any."""
        started = self.open.pop(running)
        if started.awaited_by is not None:
            started.awaited_by.is_touched = True
        machine = self._deleting.get(started.machine.arn)
        if machine is not None and all(other.machine.arn != machine.arn for other in self.open.values()):
            del self._deleting[machine.arn]
            self.registry.delete(machine)
        if error is not None:
            started.prepared.run.status = "ABORTED"
        if isinstance(error, (UnsupportedMapError, WorkLimitError)):
            raise SfnSyncUsageError(f"Machine {started.machine.name!r}: {error}") from None


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
