"""The boundary between a Task state and the code that does its work: the call and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.timestamps import instant_text

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class TaskCall:
    """One attempt of a Task state at its work, as recorded in ``execution.calls`` and in a mock's ``calls``.

    ``payload`` is what the mock that answered has received. It is the function's event for ``mock_lambda``, and else
    the effective input (the evaluated ``Parameters``), which is also `arguments`. ``attempt`` counts from 0 over
    retries.
    ``iteration`` holds the indices of the Map iterations around the call, outermost first. ``result``, or ``error`` and
    ``cause``, are filled in when the answer is known; ``result`` is `MISSING` if there is none. ``unchecked_members``
    are the places of parameters that could not be checked: AWS may or may not have them. ``role_arn`` is the role of
    the state's ``Credentials``, if it has any. ``answered_by`` names the mock, the client, the mock file or the machine
    that answered. ``event`` is the id of the event in the history with which the attempt was scheduled.
    ``invocation`` has the parameters of ``lambda:invoke``, if ``payload`` is the event in them. ``token`` is the task
    token of the attempt, if it has one.
    """

    state_name: str
    resource: str
    payload: JSON
    attempt: int = 0
    iteration: tuple[int, ...] = ()
    at_microseconds: int = 0
    result: JSON = MISSING
    error: str | None = None
    cause: str | None = None
    execution_reference: Callable[[], Any] | None = None
    ancestors: tuple[str, ...] = ()
    unchecked_members: frozenset[str] = frozenset()
    role_arn: str | None = None
    answered_by: str | None = None
    event: int = 0
    invocation: JSON = MISSING
    token: str | None = None

    @property
    def arguments(self) -> JSON:
        """The effective input of the task: its evaluated ``Parameters`` or ``Arguments``."""
        return self.payload if self.invocation is MISSING else self.invocation

    @property
    def execution(self) -> Any:
        """The execution that made the call; None as long as it runs.

        A call does not keep its execution in memory. Raise ReferenceError if nothing else keeps it any more.
        """
        if self.execution_reference is None:
            return None
        execution = self.execution_reference()
        if execution is None:
            raise ReferenceError(
                f"The execution of this call of state {self.state_name!r} is not kept any more, as its fake is gone. "
                "Keep the SfnSync or the Execution beside the call."
            )
        return execution

    @property
    def at(self) -> datetime:
        """The virtual time at which the attempt was scheduled (timezone-aware, UTC)."""
        return EPOCH + timedelta(microseconds=self.at_microseconds)

    def __repr__(self) -> str:
        shown: dict[str, Any] = {"state_name": self.state_name, "resource": self.resource, "payload": self.payload}
        shown["attempt"] = self.attempt
        if self.iteration:
            shown["iteration"] = self.iteration
        shown["at"] = instant_text(self.at)
        if self.result is not MISSING:
            shown["result"] = self.result
        if self.error is not None:
            shown |= {"error": self.error, "cause": self.cause}
        return f"TaskCall({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


class TaskAnswer(NamedTuple):
    """The answer to a call: a result, or an error with its cause, after ``takes`` microseconds of virtual time.

    ``error`` is None if the task succeeded. ``cause`` may be None; AWS then reports none. ``most_bytes`` is an upper
    bound of the size of the result's text, where one is known; the text need not be written to measure it.
    """

    result: JSON = None
    error: str | None = None
    cause: str | None = None
    takes: int = 0
    most_bytes: int | None = None


class Submitted(NamedTuple):
    """The work was submitted, with an immediate ``output``, after ``takes`` microseconds of virtual time.

    ``answer`` is the answer of the work itself, or the execution or the job that does it. It is None if the outside
    answers, by the token of the call.
    """

    output: JSON = None
    takes: int = 0
    answer: Any = None
