"""The scope in which a state runs: that of the machine, of a Parallel branch or of a Map iteration.

It is the `Scope` that expressions see (variables, context object, randomness). It also keeps the place in the history:
the last event of this branch, and the event with which the current state was entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import DocumentSizes
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.asl.pauses import Clock, Steps
from pytest_sfn_sync.asl.records import OUTERMOST, BranchRecord
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.task_call import EPOCH
from pytest_sfn_sync.asl.variables import Variables, VariableSizes
from pytest_sfn_sync.asl.work_budget import WorkBudget
from pytest_sfn_sync.defaults import DEFAULT_WORK_BUDGET


class Lane:
    """One Parallel branch or Map iteration in flight."""

    __slots__ = ("index", "scope", "steps")

    def __init__(self, index: int, scope: BranchScope, steps: Steps) -> None:
        self.index = index
        self.scope = scope
        self.steps = steps


class ExecutionContext:
    """The parts of a scope that all branches of an execution share, such as its source of randomness."""

    __slots__ = (
        "_identity",
        "_same_for_all_states",
        "clock",
        "document_sizes",
        "random",
        "root",
        "run",
        "variable_sizes",
        "work",
    )

    def __init__(
        self, run: Run, identity: Identity, random: Random, clock: Clock, work_budget: int = DEFAULT_WORK_BUDGET
    ) -> None:
        self.run = run
        self._identity = identity
        self._same_for_all_states: dict[str, JSON] | None = None
        self.random = random
        self.clock = clock
        self.root: BranchScope | None = None
        """The scope of the machine itself."""
        self.document_sizes = DocumentSizes(PAYLOAD_BYTES)
        self.variable_sizes = VariableSizes(self.document_sizes)
        self.work = WorkBudget(work_budget)

    def same_for_all_states(self) -> dict[str, JSON]:
        """Return ``Execution`` and ``StateMachine`` of the context object.

        They are made at the first call, because most runs never need them.
        """
        if self._same_for_all_states is None:
            identity = self._identity
            self._same_for_all_states = {
                "Execution": self._execution(),
                "StateMachine": {"Id": identity.state_machine_arn, "Name": identity.state_machine_name},
            }
        return self._same_for_all_states

    def _execution(self) -> dict[str, JSON]:
        """Return ``Execution`` of the context object. Recorded: the order of its members in both types of machines."""
        identity, started_at = self._identity, iso_time(self.run.started_at)
        first: dict[str, JSON] = {"Id": identity.execution_arn, "Input": self.run.input}
        if identity.redrive_count is None:
            return {
                **first,
                "Name": identity.execution_name,
                "RoleArn": identity.role_arn,
                "StartTime": started_at,
            }
        execution = {
            **first,
            "StartTime": started_at,
            "Name": identity.execution_name,
            "RoleArn": identity.role_arn,
            "RedriveCount": identity.redrive_count,
        }
        if identity.redriven_at is not None:
            execution["RedriveTime"] = iso_time(identity.redriven_at)  # Measured.
        return execution


class BranchScope:
    """The scope of one branch; ``last_event`` and ``entered_event`` are event ids, 0 before the first."""

    __slots__ = (
        "_has_own_variables",
        "arguments_bytes",
        "branch",
        "concurrent",
        "context",
        "entered_at",
        "entered_event",
        "item",
        "iteration",
        "lanes",
        "lanes_started",
        "last_event",
        "open_type",
        "payload_bytes",
        "retry_count",
        "state_name",
        "task_token",
        "variables",
    )

    def __init__(
        self,
        context: ExecutionContext,
        variables: Variables,
        last_event: int = 0,
        branch: BranchRecord = OUTERMOST,
        iteration: tuple[int, ...] = (),
    ) -> None:
        self.context = context
        self.variables = variables
        """The variables of the branch itself, or those around it as long as the branch has assigned none."""
        self.last_event = last_event
        self.branch = branch
        self.iteration = iteration
        self.concurrent = False
        """True if siblings run at the same time, so that steps of equal time must alternate."""
        self._has_own_variables = False
        self.open_type: str | None = None
        """The type of the state entered and not yet exited."""
        self.lanes: Sequence[Lane] = ()
        """The branches or iterations in flight inside the open state."""
        self.lanes_started = False
        """True if the open Map or Parallel state has recorded its start and neither success nor failure."""
        self.payload_bytes: int | None = None
        """An upper bound of the size of the branch's current document; None if it was not measured."""
        self.arguments_bytes: int | None = None
        """An upper bound of the size of the open state's Parameters or Arguments."""
        self.state_name = ""
        self.entered_event = 0
        self.entered_at = 0
        self.retry_count: int | None = None
        self.item: dict[str, JSON] | None = None
        """``Map.Item`` while a Map's ItemSelector is evaluated. Measured: readable nowhere else."""
        self.task_token: tuple[int, str] | None = None
        """The visit of the last state that had a task token, and the token of its last attempt."""

    @property
    def random(self) -> Random:
        """The execution's source of randomness."""
        return self.context.random

    @property
    def work(self) -> WorkBudget:
        """The work that the execution may still do."""
        return self.context.work

    @property
    def now(self) -> int:
        """The virtual time, in microseconds since the epoch."""
        return self.context.clock.now

    def variable(self, name: str) -> JSON:
        """Return a variable's value, or raise KeyError."""
        return self.variables[name]

    def exceeds_variables(self, assigned: dict[str, JSON], size: int) -> bool:
        """Report whether the execution's variables, together with the new ones, have more than 10 MiB."""
        sizes = self.context.variable_sizes
        if sizes.may_add(size):
            return False
        root = self.context.root
        living = [] if root is None else list(root.living_variables())
        return not sizes.count_anew(living, self.variables.own if self._has_own_variables else {}, assigned)

    def living_variables(self) -> Iterator[dict[str, JSON]]:
        """Yield the variables of this scope, and of all running scopes inside it."""
        if self._has_own_variables:
            yield self.variables.own
        for lane in self.lanes:
            yield from lane.scope.living_variables()

    def as_written(self, document: JSON) -> str:
        """Return the text of a document for a message."""
        return self.context.run.as_written(document)

    def assign(self, values: dict[str, JSON]) -> None:
        """Set variables of this scope."""
        if not self._has_own_variables:
            self.variables = Variables(self.variables)
            self._has_own_variables = True
        self.variables.own.update(values)

    def context_object(self) -> JSON:
        """Build the context object.

        Recorded on Express: there is no RedriveCount, and RetryCount only in states that can have Retry.
        """
        state: dict[str, JSON] = {"Name": self.state_name, "EnteredTime": iso_time(self.entered_at)}
        if self.retry_count is not None:
            state["RetryCount"] = self.retry_count
        context_object: dict[str, JSON] = {**self.context.same_for_all_states(), "State": state}
        if self.item is not None:
            context_object["Map"] = {"Item": self.item}
        if self.task_token is not None and self.task_token[0] == self.entered_event:
            context_object["Task"] = {"Token": self.task_token[1]}
        return context_object


def iso_time(microseconds: int) -> str:
    """Return a virtual time as the context object shows it: ISO 8601 in UTC with milliseconds."""
    moment = EPOCH + timedelta(milliseconds=microseconds // 1000)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
