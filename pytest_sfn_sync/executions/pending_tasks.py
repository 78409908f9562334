"""Tasks that wait for the outside, as a test sees them: what they wait for, and the answers that a test may give."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.error_names import MAX_CAUSE_LENGTH, MAX_ERROR_LENGTH
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.pauses import NEVER, Awaited
from pytest_sfn_sync.asl.task_call import EPOCH, TaskAnswer
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.handed_tokens import HOW_TO_HAND_OUT, is_handed_out
from pytest_sfn_sync.tasks.json_values import document_of

CALLBACK: Final = "callback"
ACTIVITY: Final = "activity"


class PendingTask:
    """A task that waits for an answer: to its task token, or by a worker of its activity.

    A test may answer it here, without a client. The executions then go on before the method returns.
    """

    __slots__ = ("_awaited",)

    def __init__(self, awaited: Awaited) -> None:
        self._awaited = awaited

    @property
    def kind(self) -> str:
        """``"callback"`` for a task token, ``"activity"`` for a task of an activity."""
        return CALLBACK if self._awaited.activity is None else ACTIVITY

    @property
    def token(self) -> str:
        """The task token."""
        return self._awaited.token

    @property
    def state(self) -> str:
        """The name of the state."""
        return self._awaited.state_name

    @property
    def payload(self) -> JSON:
        """The effective input of the task: its evaluated ``Parameters`` or ``Arguments``."""
        return copied(self._awaited.payload)

    @property
    def execution_arn(self) -> str:
        """The ARN of the execution."""
        return self._awaited.execution

    @property
    def activity_arn(self) -> str | None:
        """The ARN of the activity; None for a callback."""
        return self._awaited.activity

    @property
    def is_claimed(self) -> bool:
        """Whether a worker has the task; always False for a callback."""
        return self._awaited.is_claimed

    @property
    def since(self) -> datetime:
        """The virtual time since which it waits (timezone-aware, UTC)."""
        return _moment(self._awaited.since)

    @property
    def deadline(self) -> datetime | None:
        """The virtual time at which it times out or has missed a heartbeat; None if it has no limit of its own.

        The clocks of an activity start when a worker claims the task.
        """
        deadline = self._awaited.deadline
        return None if deadline >= NEVER else _moment(deadline)

    @public_door
    def succeed(self, output: Any) -> None:
        """End the task with this result, as SendTaskSuccess does; ``output`` is a document, not its text."""
        self._answer("succeed", TaskAnswer(document_of(output, "pending.succeed")))

    @public_door
    def fail(self, error: str | None = None, cause: str | None = None) -> None:
        """End the task with this error, as SendTaskFailure does.

        Raise SfnSyncUsageError for a name of over 256 or a cause of over 32,768 characters, which the service refuses.
        """
        for name, text, most in (("error", error, MAX_ERROR_LENGTH), ("cause", cause, MAX_CAUSE_LENGTH)):
            if text is not None and not isinstance(text, str):
                raise SfnSyncUsageError(f"pending.fail takes {name} as a str, not {shown_value(text)}.")
            if text is not None and len(text) > most:
                raise SfnSyncUsageError(
                    f"pending.fail takes {name} with {most:,} characters at most, as SendTaskFailure does: this one "
                    f"has {len(text):,}."
                )
        self._answer("fail", TaskAnswer(None, error or "", cause))

    @public_door
    def heartbeat(self) -> None:
        """Restart the clock of the task's heartbeat, as SendTaskHeartbeat does."""
        self._check("heartbeat")
        self._awaited.beat()

    def _answer(self, method: str, answer: TaskAnswer) -> None:
        self._check(method)
        self._awaited.give(answer, by=f"pending.{method}")
        self._awaited.clock.go_on()

    def _check(self, method: str) -> None:
        """Raise SfnSyncUsageError if the task does not wait any more; claim a task that no worker has yet."""
        awaited = self._awaited
        if awaited.clock.has_stopped:
            raise SfnSyncUsageError(
                f"pending.{method} was called after the fake of the task of the state {self.state!r} has ended: its "
                "execution can't go on any more. Call it within the test, or within the with block."
            )
        if not awaited.is_open:
            end = "was answered" if awaited.answer is not None else "timed out, was retried, or its execution ended"
            raise SfnSyncUsageError(
                f"pending.{method}: the task of the state {self.state!r} does not wait any more: it {end}."
            )
        if awaited.activity is None and not is_handed_out(awaited.token, awaited.payload):
            raise SfnSyncUsageError(f"pending.{method}: {token_is_not_handed_out(self.state)}")
        if awaited.activity is not None and not awaited.is_claimed:
            awaited.claim(None)
            awaited.clock.go_on()

    def __repr__(self) -> str:
        return f"<PendingTask {self.state!r}: {self.kind} {shown_value(self.payload)}>"


def token_is_not_handed_out(state: str) -> str:
    """Return the part of a message about an answer that nobody could give on AWS."""
    return (
        f"the Task of state {state!r} hands its task token to nobody: the token is not in its Parameters or "
        "Arguments. On AWS nobody could answer, and the task would wait until it times out.\n"
        f"{HOW_TO_HAND_OUT} If the token is there in another form, answer by a client: "
        "client.send_task_success(taskToken=pending.token)."
    )


def pending_tasks(waiting: dict[str, Awaited]) -> list[PendingTask]:
    """Return the tasks that wait, in the order in which they began to."""
    return [PendingTask(awaited) for awaited in waiting.values() if awaited.is_open]


def waits_text(awaited: Awaited, start: int) -> str:
    """Return in words what a task waits for, since when, until when, and the line that answers it."""
    if awaited.activity is None:
        what = "an answer to its task token"
    elif awaited.is_claimed:
        what = "the answer of its worker"
    else:
        what = f"a worker of {awaited.activity.rpartition(':')[2]}"
    deadline = awaited.deadline
    until = "" if deadline >= NEVER else f", times out at {_since(deadline, start)}"
    index = list(awaited.clock.waiting).index(awaited.token)
    return (
        f"{awaited.state_name} waits for {what} since {_since(awaited.since, start)}{until}; "
        f"sfn_sync.pending[{index}].succeed(...) answers it"
    )


def _since(at: int, start: int) -> str:
    return f"+{(at - start) / 1_000_000:.6f}".rstrip("0").rstrip(".") + " s"


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
