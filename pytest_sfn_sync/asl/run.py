"""The outcome of one run of a machine: plain values, read by the service and by the public `Execution`.

A run of a distributed Map has child executions, in the order of the items, or of the batches. A child is kept as its
run, without an `Execution`, because a Map may have ten thousand of them, and few are looked at.

Measured: the forms of the names of children. Assumption: the label of a Map that has no ``Label`` is made of the
machine's ARN and the state's name, so that it is the same in every run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from typing import Final, Protocol

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.pauses import Awaited, Pause
from pytest_sfn_sync.asl.records import ChosenRule, FailedState, HandledError, Redriven
from pytest_sfn_sync.asl.task_call import TaskCall


@dataclass(slots=True, kw_only=True)
class Identity:
    """The names and ARNs of an execution and its machine, as the context object and the history show them."""

    execution_arn: str
    execution_name: str
    role_arn: str
    state_machine_arn: str
    state_machine_name: str
    region: str
    ancestors: tuple[str, ...] = ()
    """The ARNs of the machines around the execution, outermost first: a task of each started the next one."""
    redrive_count: int | None = None
    """The number of redrives of a Standard execution; None for an Express execution."""
    redriven_at: int | None = None
    """The virtual time of the last redrive; None if there was none."""
    started_through: dict[str, str] = field(default_factory=dict)
    """The ARNs of the version and the alias by which it was started, under their names in ExecutionStarted."""


@dataclass(slots=True, kw_only=True)
class Run:
    """The outcome of one run; times are microseconds since the epoch on the virtual clock.

    ``output`` is meaningful only if ``status`` is ``SUCCEEDED``. ``error`` and ``cause`` are None if AWS's response has
    no such member. ``note`` is the reason why the run was ended by a limit, of time or of transitions.
    ``input_text`` is the text that ``input`` was read from. ``parts`` is the number of branches and iterations that
    were started. ``chosen``, ``handled``, ``failed`` and ``redriven`` are records that the history does not contain, in
    order of time. ``joined`` are the results of Parallel states that hold the unchanged input. ``map_runs`` are the
    runs of distributed Maps. ``awaited`` is the work that waits for the outside, by token, in the order in which it was
    submitted.
    """

    status: str
    input: JSON
    input_text: str | None = None
    started_at: int
    stopped_at: int
    output: JSON = None
    error: str | None = None
    cause: str | None = None
    history: History
    calls: list[TaskCall] = field(default_factory=list)
    variables: dict[str, JSON] = field(default_factory=dict)
    note: str | None = None
    parts: int = 0
    chosen: list[ChosenRule] = field(default_factory=list)
    handled: list[HandledError] = field(default_factory=list)
    failed: list[FailedState] = field(default_factory=list)
    redriven: list[Redriven] = field(default_factory=list)
    joined: list[list[JSON]] = field(default_factory=list)
    map_runs: list[MapRun] = field(default_factory=list)
    awaited: dict[str, Awaited] = field(default_factory=dict)

    def elapsed(self, at: int) -> int:
        """Return the time from the start to a virtual time, without the times between an end and a redrive."""
        return at - self.started_at - sum(redrive.idle for redrive in self.redriven if redrive.at <= at)

    @property
    def latest_at(self) -> int:
        """The virtual time until which the run is known: its end, or now for one that waits for the outside."""
        return max((awaited.clock.now for awaited in awaited_within(self).values()), default=self.stopped_at)

    def as_written(self, document: JSON) -> str:
        """Return the text of a document: the original text of an unchanged input, else compact JSON.

        Measured: the input of the execution keeps its text while states pass it on unchanged. Recorded: it keeps its
        text within the result of a Parallel too, which joins the texts of its branches. Assumption: a part of the
        input that a path selects is written as compact JSON.
        """
        if document is self.input and self.input_text is not None and isinstance(document, dict | list):
            return self.input_text
        if self.joined and any(document is joined for joined in self.joined):
            return f"[{','.join(map(self.as_written, document))}]"
        return compact(document)

    def record_joined(self, results: list[JSON]) -> None:
        """Record the result of a Parallel if one of its branches returned the execution's input unchanged."""
        if any(result is self.input or any(result is known for known in self.joined) for result in results):
            self.joined.append(results)


PENDING: Final = "PENDING"
"""The status of a child that has not started."""


class RunningChild(Protocol):
    """A child execution that may go on; ``pause`` is what it waits for."""

    run: Run
    pause: Pause | None

    def go_on(self) -> Pause | None:
        """Take the next steps; return the pause in which the run waits, or None if it has ended."""

    def stop(self, error: str | None = None, cause: str | None = None) -> None:
        """End the run as ABORTED."""

    def redrive(self, redrive_count: int) -> None:
        """Let a run that has ended without success go on where it failed."""


class MapChild:
    """One child execution; ``items`` is the number of its items, which is more than one with an ItemBatcher.

    ``run`` is None until it starts, and ``arn`` is empty. ``running`` is kept as long as the child may go on.
    """

    __slots__ = ("arn", "index", "input", "items", "redrives", "run", "running")

    def __init__(self, index: int, input: JSON, items: int) -> None:
        self.index = index
        self.input = input
        self.items = items
        self.arn = ""
        self.run: Run | None = None
        self.running: RunningChild | None = None
        self.redrives: list[int] = []

    @property
    def status(self) -> str:
        """``PENDING``, ``RUNNING``, or the status with which the child ended."""
        return PENDING if self.run is None else self.run.status


class MapRun:
    """One run of a distributed Map.

    ``state_name`` and ``location`` are those of the Map. ``event`` is the id of its ``MapRunStarted``, ``visit`` that
    of its visit. ``redrives`` are the times of its redrives. ``total_items`` is the number of items, once it is known.
    ``result_files`` are the files of its ResultWriter by kind.
    """

    __slots__ = (
        "_by_name",
        "arn",
        "child_machine_arn",
        "children",
        "event",
        "execution_arn",
        "is_express",
        "location",
        "max_concurrency",
        "redrives",
        "result_files",
        "started_at",
        "state_name",
        "status",
        "stopped_at",
        "tolerated_failure_count",
        "tolerated_failure_percentage",
        "total_items",
        "visit",
    )

    def __init__(
        self,
        *,
        id: str,
        state_name: str,
        location: Location,
        label: str | None,
        is_express: bool,
        machine_arn: str,
        execution_arn: str,
        visit: int,
        started_at: int,
        max_concurrency: int,
        tolerated_failure_count: int,
        tolerated_failure_percentage: float,
    ) -> None:
        # Assumption: the label of a Map within a child takes the place of the outer Map's.
        machine_arn = machine_arn.partition("/")[0]
        self.state_name = state_name
        self.location = location
        self.is_express = is_express
        self.child_machine_arn = f"{machine_arn}/{label or _name_uuid(f'{machine_arn}/{state_name}')}"
        self.arn = f"{self.child_machine_arn.replace(':stateMachine:', ':mapRun:', 1)}:{id}"
        self.execution_arn = execution_arn
        self.visit = visit
        self.event = 0
        self.status = "RUNNING"
        self.started_at = self.stopped_at = started_at
        self.max_concurrency = max_concurrency
        self.tolerated_failure_count = tolerated_failure_count
        self.tolerated_failure_percentage = tolerated_failure_percentage
        self.children: list[MapChild] = []
        self.total_items = 0
        self.redrives: list[int] = []
        self.result_files: dict[str, list[JSON]] = {}
        self._by_name: dict[str, MapChild] = {}

    @property
    def label(self) -> str:
        """The Label of the Map, or the one that was made for it."""
        return self.child_machine_arn.rpartition("/")[2]

    @property
    def id(self) -> str:
        """The id with which the ARN ends."""
        return self.arn.rpartition(":")[2]

    def name_child(self, child: MapChild) -> str:
        """Set the ARN of a child that starts, and return its name, a UUID of version 3.

        An Express child that starts again after a redrive has the same name, and another second id.
        """
        name = _name_uuid(f"{self.arn}/{child.index}")
        if self.is_express:
            again = _name_uuid(f"{name}/{len(child.redrives)}")
            child.arn = f"{self.child_machine_arn.replace(':stateMachine:', ':express:', 1)}:{name}:{again}"
        else:
            child.arn = f"{self.child_machine_arn.replace(':stateMachine:', ':execution:', 1)}:{name}"
        return name

    @staticmethod
    def name_of(child: MapChild) -> str:
        """Return the name of a child that has started."""
        return child.arn.split(":")[7]

    def child_named(self, name: str) -> MapChild | None:
        """Return the child of a name that has started; None if there is none."""
        if name not in self._by_name:
            self._by_name = {self.name_of(child): child for child in self.children if child.run is not None}
        return self._by_name.get(name)

    def item_counts(self) -> dict[str, int]:
        """Return the numbers of items by the status of their child, in lower case."""
        return self._counts(of_items=True)

    def execution_counts(self) -> dict[str, int]:
        """Return the numbers of children by status, in lower case."""
        return self._counts(of_items=False)

    def _counts(self, *, of_items: bool) -> dict[str, int]:
        counts = dict.fromkeys(("PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"), 0)
        for child in self.children:
            counts[child.status] += child.items if of_items else 1
        return counts

    def is_too_much(self, failed_items: int) -> bool:
        """Return whether so many failed items, in children that failed or timed out, exceed a threshold.

        Measured: a threshold of 0 is not set, and without any threshold the first failure is too much. A batch counts
        with all its items.
        """
        count, percentage = self.tolerated_failure_count, self.tolerated_failure_percentage
        if not count and not percentage:
            return failed_items > 0
        if count and failed_items > count:
            return True
        return bool(percentage) and failed_items * 100 > percentage * self.total_items


def runs_within(run: Run) -> Iterator[Run]:
    """Yield a run, and those of all its children that have started."""
    yield run
    for map_run in run.map_runs:
        for child in map_run.children:
            if child.run is not None:
                yield from runs_within(child.run)


def awaited_within(run: Run) -> dict[str, Awaited]:
    """Return the work of a run and of its children that waits for the outside, by token."""
    if not run.map_runs:
        return run.awaited
    return {token: awaited for one in runs_within(run) for token, awaited in one.awaited.items()}


def map_runs_within(run: Run) -> Iterator[MapRun]:
    """Yield the Map Runs of a run, each followed by those of its children."""
    for map_run in run.map_runs:
        yield map_run
        for child in map_run.children:
            if child.run is not None and child.run.map_runs:
                yield from map_runs_within(child.run)


def _name_uuid(name: str) -> str:
    """Return the UUID of version 3 of a name, as Java's UUID.nameUUIDFromBytes does."""
    digits = md5(name.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-3{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
