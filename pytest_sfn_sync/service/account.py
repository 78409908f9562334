"""The account of a fake: everything that the operations of the API create, find and change.

It holds the machines, the executions and the activities, and one virtual clock for all executions that outlive the call
that started them. The operations are functions of an account and a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple
from weakref import WeakMethod

from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.states.map_state import UnsupportedMapError
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
    """A Standard execution of an account; ``redrives`` are in the order of time."""

    __slots__ = ("prepared", "redrives", "running")

    def __init__(self, prepared: PreparedExecution, running: Running) -> None:
        self.prepared = prepared
        self.running = running
        self.redrives: list[Redrive] = []

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
            # Weak, as a circle would keep the account, with all its executions, until the garbage collector finds it.
            reference = WeakMethod(self._ended)

            def on_end(running: Running, error: BaseException | None) -> None:
                ended = reference()
                assert ended is not None, "the account is there while its executions take steps"
                ended(running, error)

            self._timeline = Timeline(self._now(), on_end=on_end)
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

    def start_time(self) -> int:
        """Return the time on the clock of all executions at which the next one starts."""
        return self.now() if self._timeline is not None else self.timeline.clock.now

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
        """Return the Standard execution of an ARN; raise InvalidArn or ExecutionDoesNotExist."""
        parse_arn(arn, "execution")
        for account in self.all_around():
            if arn in account.executions:
                return account.executions[arn]
        raise service_error("ExecutionDoesNotExist", arn=arn)

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

    def _ended(self, running: Running, error: BaseException | None) -> None:
        """Record that an execution has ended; ``error`` is the exception that passed through it, if any."""
        started = self.open.pop(running)
        machine = self._deleting.get(started.machine.arn)
        if machine is not None and all(other.machine.arn != machine.arn for other in self.open.values()):
            del self._deleting[machine.arn]
            self.registry.delete(machine.arn)
        if error is not None:
            started.prepared.run.status = "ABORTED"
        if isinstance(error, UnsupportedMapError):
            raise SfnSyncUsageError(f"Machine {started.machine.name!r}: {error}") from None


def epoch_seconds(moment: datetime) -> float:
    """Return a date as it is sent on the wire: seconds since the epoch, with milliseconds."""
    return (moment - EPOCH) // timedelta(milliseconds=1) / 1000
