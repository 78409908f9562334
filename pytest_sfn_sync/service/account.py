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
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.states.map_state import UnsupportedMapError
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.timeline import BusyError, Timeline
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.registry import RegisteredMachine, Registry
from pytest_sfn_sync.service.arns import parse_arn, parse_state_machine_arn, region_of
from pytest_sfn_sync.service.errors import ServiceError, service_error
from pytest_sfn_sync.service.start_sync_execution import PreparedExecution, StartSyncExecution
from pytest_sfn_sync.service.unknown_machines import about_express_execution, about_other_region
from pytest_sfn_sync.tasks.responders import call_being_handled

RUNNING: Final = "RUNNING"
"""The status of an execution that has not ended."""

MOST_LOOKS: Final = 1_000
"""The number of looks at an execution that does not go on, from within a task handler, after which one is refused."""


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

    __slots__ = ("_looks", "prepared", "redrives", "running")

    def __init__(self, prepared: PreparedExecution, running: Running) -> None:
        self.prepared = prepared
        self.running = running
        self.redrives: list[Redrive] = []
        self._looks = (0, 0)

    @property
    def machine(self) -> RegisteredMachine:
        """The revision of the machine that runs."""
        return self.prepared.machine

    @property
    def status(self) -> str:
        """``RUNNING``, or the status with which the execution ended."""
        return self.prepared.run.status

    def look(self) -> None:
        """Count a look of a task handler at an execution that runs; raise SfnSyncUsageError if it looks without end.

        The execution goes on only when the handler has returned, so a handler that waits for its end waits for ever.
        """
        call = call_being_handled.get()
        if call is None or self.status != RUNNING:
            return
        events, looks = self._looks
        looks = looks + 1 if events == len(self.prepared.run.history) else 1
        self._looks = (len(self.prepared.run.history), looks)
        if looks >= MOST_LOOKS:
            raise SfnSyncUsageError(
                f"The handler of the state {call.state_name!r} has looked {looks:,} times at the execution "
                f"{self.prepared.name!r} of {self.machine.name!r}, which is RUNNING and stays so: an execution goes on "
                "only after the handler has returned.\n"
                "Return from the handler, and wait for the execution in the test, or in a state of the workflow."
            )

    @property
    def began_at(self) -> int:
        """The virtual time of its start, or of its last redrive."""
        return self.redrives[-1].at if self.redrives else self.prepared.run.started_at


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
        self.timeline = Timeline(now(), on_end=self._ended)
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
        """Return the Standard execution of an ARN; raise InvalidArn or ExecutionDoesNotExist."""
        try:
            parse_arn(arn, "execution")
        except ServiceError:
            if arn.split(":")[5:6] == ["express"]:
                self.start.note(about_express_execution(arn))
            raise
        started = self.execution_of(arn) if self._sees(arn) else None
        if started is not None:
            return started
        raise service_error("ExecutionDoesNotExist", arn=arn)

    def execution_of(self, arn: str) -> StartedExecution | None:
        """Return the execution of an ARN, of this fake or of one around it; None if there is none."""
        return next((one.executions[arn] for one in self.all_around() if arn in one.executions), None)

    def owner_of(self, started: StartedExecution) -> Account:
        """Return the account in which an execution was started; it goes on there."""
        return next(one for one in self.all_around() if started.prepared.arn in one.executions)

    def activity(self, arn: str) -> Activity | None:
        """Return the activity of an ARN; None if there is none in the region."""
        if not self._sees(arn):
            return None
        return next((one.activities[arn] for one in self.all_around() if arn in one.activities), None)

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
        self.timeline.start(started.running)

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

    def _ended(self, running: Running, error: BaseException | None) -> None:
        """Record that an execution has ended; ``error`` is the exception that passed through it, if any."""
        started = self.open.pop(running)
        machine = self._deleting.get(started.machine.arn)
        if machine is not None and all(other.machine.arn != machine.arn for other in self.open.values()):
            del self._deleting[machine.arn]
            self.registry.delete(machine)
        if error is not None:
            started.prepared.run.status = "ABORTED"
        if isinstance(error, UnsupportedMapError):
            raise SfnSyncUsageError(f"Machine {started.machine.name!r}: {error}") from None


def epoch_seconds(moment: datetime) -> float:
    """Return a date as it is sent on the wire: seconds since the epoch, with milliseconds."""
    return (moment - EPOCH) // timedelta(milliseconds=1) / 1000
