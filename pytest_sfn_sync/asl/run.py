"""The outcome of one run of a machine: plain values, read by the service and by the public `Execution`."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.json_text import compact
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
    order of time. ``joined`` are the results of Parallel states that hold the unchanged input.
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

    def elapsed(self, at: int) -> int:
        """Return the time from the start to a virtual time, without the times between an end and a redrive."""
        return at - self.started_at - sum(redrive.idle for redrive in self.redriven if redrive.at <= at)

    def as_written(self, document: JSON) -> str:
        """Return the text of a document: the original text of an unchanged input, else compact JSON.

        Measured: the input of the execution keeps its text while states pass it on unchanged. Recorded: it keeps its
        text within the result of a Parallel too, which joins the texts of its branches. Assumption: a part of the
        input that a path selects is written as compact JSON.
        """
        if document is self.input and self.input_text is not None and isinstance(document, dict | list):
            return self.input_text
        if any(document is joined for joined in self.joined):
            return f"[{','.join(map(self.as_written, document))}]"
        return compact(document)

    def record_joined(self, results: list[JSON]) -> None:
        """Record the result of a Parallel if one of its branches returned the execution's input unchanged."""
        if any(result is self.input or any(result is known for known in self.joined) for result in results):
            self.joined.append(results)
