"""The account of a fake: everything that the operations of the API create, find and change.

It holds the machines, the executions and the activities, and one virtual clock for all executions that outlive the call
that started them. The operations are functions of an account and a request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.timeline import Timeline
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.registry import Registry, StateMachine
from pytest_sfn_sync.service.arns import parse_state_machine_arn
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


class StartedExecution:
    """A Standard execution of an account."""

    __slots__ = ("prepared", "redrive_count", "running")

    def __init__(self, prepared: PreparedExecution, running: Running) -> None:
        self.prepared = prepared
        self.running = running
        self.redrive_count = 0

    @property
    def machine(self) -> StateMachine:
        """The revision of the machine that runs."""
        return self.prepared.machine

    @property
    def status(self) -> str:
        """``RUNNING``, or the status with which the execution ended."""
        return self.prepared.run.status


class Account:
    """The machines, executions and activities of one fake.

    ``executions`` has the Standard executions by ARN, in the order of their start. ``now`` returns the virtual time in
    microseconds since the epoch. ``start`` checks and runs executions.
    """

    def __init__(
        self, *, registry: Registry, start: StartSyncExecution, now: Callable[[], int], random: Random
    ) -> None:
        self.registry = registry
        self.start = start
        self.random = random
        self.executions: dict[str, StartedExecution] = {}
        self.activities: dict[str, Activity] = {}
        self._now = now
        self._timeline: Timeline | None = None

    @property
    def timeline(self) -> Timeline:
        """The virtual clock of all executions that outlive their call; it never stands before ``now``."""
        if self._timeline is None:
            self._timeline = Timeline(self._now())
        elif not self._timeline.running:
            self._timeline.clock.now = max(self._timeline.clock.now, self._now())
        return self._timeline

    def now(self) -> int:
        """Return the virtual time in microseconds since the epoch."""
        return self._now() if self._timeline is None else self.timeline.clock.now

    def date(self) -> datetime:
        """Return the virtual time as a datetime in UTC."""
        return EPOCH + timedelta(microseconds=self.now())

    def uuid(self) -> str:
        """Return a new id."""
        return random_uuid(self.random)

    def machine(self, arn: str) -> StateMachine:
        """Return the machine of an ARN, which may name a version or an alias; raise StateMachineDoesNotExist."""
        machine = self.registry.find(arn)
        if machine is None:
            parse_state_machine_arn(arn)
            raise service_error("StateMachineDoesNotExist", arn=arn)
        return machine

    def running(self) -> list[StartedExecution]:
        """Return the Standard executions that have not ended."""
        return [started for started in self.executions.values() if not started.running.has_ended]

    def clear(self) -> None:
        """Remove all executions and activities."""
        self.executions.clear()
        self.activities.clear()
        self._timeline = None


def epoch_seconds(moment: datetime) -> float:
    """Return a date as it is sent on the wire: seconds since the epoch, with milliseconds."""
    return (moment - EPOCH) // timedelta(milliseconds=1) / 1000


def seconds_of(microseconds: int) -> float:
    """Return a virtual time as it is sent on the wire: seconds since the epoch, with milliseconds."""
    return microseconds // 1000 / 1000
