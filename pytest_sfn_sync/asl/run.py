"""What one run of a machine comes to: plain values, read by the service and by the public `Execution`."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.records import ChosenRule, FailedState, HandledError
from pytest_sfn_sync.asl.task_call import TaskCall


@dataclass(slots=True, kw_only=True)
class Identity:
    """Who runs: what the context object and the history say of the execution and its machine."""

    execution_arn: str
    execution_name: str
    role_arn: str
    state_machine_arn: str
    state_machine_name: str
    region: str
    ancestors: tuple[str, ...] = ()
    """The ARNs of the machines whose tasks the execution was started by, outermost first."""


@dataclass(slots=True, kw_only=True)
class Run:
    """The outcome of one run; times are microseconds since the epoch on the virtual clock.

    ``output`` is meaningful only where ``status`` is ``SUCCEEDED``; ``error`` and ``cause`` are None where AWS's
    response has no such member. ``note`` says in words why the run was cut off, where the states alone don't show it
    (the five-minute limit, the limit of transitions). ``input_text`` is the text that ``input`` was read from.
    ``parts`` counts the branches and iterations that were started.
    ``chosen``, ``handled`` and ``failed`` have what the history does not tell, in the order in which it happened.
    ``joined`` has the results of Parallel states that hold the input as it was.
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
    joined: list[list[JSON]] = field(default_factory=list)

    def as_written(self, document: JSON) -> str:
        """Return the text of a document: its own where nothing made it anew, else without blanks.

        Measured: the untouched input of the execution keeps its text, also where a state hands it on whole. Recorded:
        it does so within the result of a Parallel too, whose branches' texts are put side by side. Assumption: a part
        of the input that a path selects is written anew.
        """
        if document is self.input and self.input_text is not None and isinstance(document, dict | list):
            return self.input_text
        if any(document is joined for joined in self.joined):
            return f"[{','.join(map(self.as_written, document))}]"
        return compact(document)

    def note_joined(self, results: list[JSON]) -> None:
        """Keep in mind the result of a Parallel, where a branch handed on the execution's input as it was."""
        if any(result is self.input or any(result is known for known in self.joined) for result in results):
            self.joined.append(results)
