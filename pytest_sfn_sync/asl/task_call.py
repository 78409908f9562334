"""The boundary between a Task state and the code that does its work: the call and the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.timestamps import instant_text
from pytest_sfn_sync.shown_text import shown_value

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


_NONE_UNCHECKED: Final[frozenset[str]] = frozenset()


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

    ``payload``, ``arguments`` and ``result`` are copies for the test, which are made when they are first read. The
    documents of the run itself are ``document``, ``effective_input`` and ``result_document``; nothing changes them.
    ``invocation`` has the parameters of ``lambda:invoke``, if ``document`` is the event in them. ``token`` is the task
    token of the attempt, if it has one.
    """

    __slots__ = (
        "_arguments",
        "_payload",
        "_result",
        "ancestors",
        "answered_by",
        "at_microseconds",
        "attempt",
        "cause",
        "document",
        "error",
        "event",
        "execution_reference",
        "invocation",
        "iteration",
        "resource",
        "result_document",
        "role_arn",
        "state_name",
        "token",
        "unchecked_members",
    )

    def __init__(
        self,
        state_name: str,
        resource: str,
        payload: JSON,
        attempt: int = 0,
        iteration: tuple[int, ...] = (),
        at_microseconds: int = 0,
    ) -> None:
        self.state_name = state_name
        self.resource = resource
        self.document = payload
        self.attempt = attempt
        self.iteration = iteration
        self.at_microseconds = at_microseconds
        self.unchecked_members = _NONE_UNCHECKED
        self.result_document: JSON = MISSING
        self.error: str | None = None
        self.cause: str | None = None
        self.execution_reference: Callable[[], Any] | None = None
        self.ancestors: tuple[str, ...] = ()
        self.role_arn: str | None = None
        self.answered_by: str | None = None
        self.event = 0
        self.invocation: JSON = MISSING
        self.token: str | None = None
        self._payload: JSON = MISSING
        self._arguments: JSON = MISSING
        self._result: JSON = MISSING

    @property
    def payload(self) -> JSON:
        """A copy of what the mock that answered has received."""
        if self._payload is MISSING:
            self._payload = self._copy(self.document)
        return self._payload

    @property
    def arguments(self) -> JSON:
        """A copy of the effective input of the task: its evaluated ``Parameters`` or ``Arguments``."""
        if self.invocation is MISSING:
            return self.payload
        if self._arguments is MISSING:
            self._arguments = self._copy(self.invocation)
        return self._arguments

    @property
    def effective_input(self) -> JSON:
        """The evaluated ``Parameters`` or ``Arguments``, as the run has them."""
        return self.document if self.invocation is MISSING else self.invocation

    @property
    def result(self) -> JSON:
        """A copy of the task's result; `MISSING` if there is none."""
        if self._result is MISSING and self.result_document is not MISSING:
            self._result = self._copy(self.result_document)
        return self._result

    def receive_event(self, event: JSON) -> None:
        """Make an event the payload; the parameters of ``lambda:invoke``, of which it is a part, are the invocation."""
        self.invocation, self.document, self._payload = self.document, event, MISSING

    def _copy(self, document: JSON) -> JSON:
        execution = None if self.execution_reference is None else self.execution_reference()
        return copied(document) if execution is None else execution.copies.of(document)

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
        shown: dict[str, Any] = {"state_name": self.state_name, "resource": self.resource, "payload": self.document}
        shown["attempt"] = self.attempt
        if self.iteration:
            shown["iteration"] = self.iteration
        shown["at"] = instant_text(self.at)
        if self.result_document is not MISSING:
            shown["result"] = self.result_document
        if self.error is not None:
            shown |= {"error": self.error, "cause": self.cause}
        return f"TaskCall({', '.join(f'{name}={shown_value(value)}' for name, value in shown.items())})"


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
