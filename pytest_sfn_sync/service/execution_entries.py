"""The executions that an account has: what is known of each besides its run.

The child of a Map Run has no entry of its own in the account; `child_entry` makes one when it is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.graph.walk import outermost
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.pauses import Awaited
from pytest_sfn_sync.asl.run import MapChild, MapRun, awaited_within
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.pending_tasks import waits_text
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.service.looks_in_vain import LooksInVain
from pytest_sfn_sync.service.start_sync_execution import PreparedExecution
from pytest_sfn_sync.tasks.responders import call_being_handled

RUNNING: Final = "RUNNING"
"""The status of an execution that has not ended."""


class Redrive(NamedTuple):
    """One redrive of an execution: the client token of the call, and its virtual time."""

    token: str | None
    at: int


class StartedExecution:
    """A Standard execution of an account; ``redrives`` are in the order of time.

    ``awaited_by`` is the task that waits for its end, if there is one. For the child of a Map Run, ``map_run`` and
    ``map_child`` are set, and ``running`` is that of its parent.
    """

    __slots__ = ("_looks", "awaited_by", "map_child", "map_run", "prepared", "redrives", "running")

    def __init__(self, prepared: PreparedExecution, running: Running) -> None:
        self.prepared = prepared
        self.running = running
        self.redrives: list[Redrive] = []
        self._looks = LooksInVain()
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

    def look(self) -> None:
        """Count a look at an execution that runs; raise SfnSyncUsageError for looks without end.

        The execution goes on only when a handler has returned, or something outside has answered. A handler that waits
        for its end waits for ever, and so does a test that answers nothing.
        """
        if self.status != RUNNING:
            return
        if not self._looks.are_too_many(len(self.prepared.run.history)):
            return
        call, looks = call_being_handled.get(), self._looks.times
        if call is None:
            self._looks.forget()
            raise SfnSyncUsageError(self._waits_for_ever(looks))
        raise SfnSyncUsageError(
            f"The handler of the state {call.state_name!r} has looked {looks:,} times at the execution "
            f"{self.prepared.name!r} of {self.machine.name!r}, which is RUNNING and stays so: an execution goes on "
            "only after the handler has returned.\n"
            "Return from the handler, and wait for the execution in the test, or in a state of the workflow."
        )

    def _waits_for_ever(self, looks: int) -> str:
        waiting = [
            waits_text(awaited, self.prepared.run.started_at) for awaited in awaited_within(self.prepared.run).values()
        ]
        lines = "".join(f"\n  {text}" for text in waiting)
        return (
            f"The execution {self.prepared.name!r} of {self.machine.name!r} was looked at {looks:,} times, while it is "
            f"RUNNING and waits for an answer that nothing gives:{lines}\n"
            "Answer it before or while the code polls, or let its timeout strike: sfn_sync.advance(seconds=...)."
        )

    @property
    def began_at(self) -> int:
        """The virtual time of its start, or of its last redrive."""
        return self.redrives[-1].at if self.redrives else self.prepared.run.started_at


def child_entry(
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


def child_machine(machine: RegisteredMachine, map_run: MapRun) -> RegisteredMachine:
    """Return the machine of the children of a Map Run. Measured: its definition is the ItemProcessor's."""
    written = outermost(machine.document)
    assert written is not None
    states = next(states for states in written.with_inner() if states.location.parent == map_run.location)
    definition = {name: value for name, value in states.fields.items() if name != "ProcessorConfig"}
    kind = "EXPRESS" if map_run.is_express else "STANDARD"
    return replace(machine, arn=map_run.child_machine_arn, type=kind, document=definition, given_text=None)
