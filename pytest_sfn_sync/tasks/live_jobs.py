"""Jobs that a live client has started: they are polled in virtual time until they end.

Step Functions polls the jobs of most services too. Nothing sleeps: a poll is a second of virtual time after the one
before it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.limits import MICROSECONDS
from pytest_sfn_sync.asl.pauses import Awaited, Clock, Pause
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.jobs import Job, parameters
from pytest_sfn_sync.tasks.integrations.service_errors import client_error
from pytest_sfn_sync.tasks.mocks import place_of

MOST_POLLS: Final = 100
"""The most polls of a job; one that has not ended then will not end."""

Ask = Callable[[str, JSON], dict[str, JSON]]
"""Sends an operation with its parameters to the client, and returns the answer."""


class LiveJob:
    """A job that a live client has started; ``start`` is the answer of the call that started it."""

    def __init__(
        self, job: Job, integration: Integration, call: TaskCall, start: JSON, *, ask: Ask, random: Random
    ) -> None:
        self._job = job
        self._integration = integration
        self._call = call
        self._start = start
        self._ask = ask
        self._random = random
        self._polls = 0
        self._due = 0
        self._result: JSON = {}
        self._failure: tuple[str, str] | None = None

    def wake_by(self, awaited: Awaited) -> None:
        """Do nothing: the job is polled."""

    def go_on(self, clock: Clock) -> Pause | None:
        """Poll the job if it is time to; return the pause until the next poll, or None if the job has ended."""
        if clock.now >= self._due:
            if self._has_ended():
                return None
            self._due = clock.now + MICROSECONDS
        return Pause(self._due)

    def _has_ended(self) -> bool:
        from botocore.exceptions import ClientError

        if self._polls == MOST_POLLS:
            raise self._endless()
        self._polls += 1
        try:
            answer = self._ask(self._job.operation or "", parameters(self._job.given, self._call.document, self._start))
        except ClientError as error:
            if not self._job.is_gone(error.response):
                self._failure = client_error(self._integration, error.response, self._random)
            return True
        result = self._job.result_of(answer)
        if result is not MISSING:
            self._result = result
        return self._job.status_of(self._result) in self._job.succeeded | self._job.failed

    def _endless(self) -> MockError:
        job = self._job
        return MockError(
            f"{self._call.answered_by}: the job has not ended after {MOST_POLLS} polls by {job.operation}, one each "
            "second of virtual time.\n"
            f"  from   {place_of(self._call)}\n"
            f"  state  {job.status_of(self._result)!r} ({job.status_path})\n"
            "The service behind the client does not let it end. Let it end there, or mock the task with the job as it "
            f"ends: sfn_sync.mock_task({self._call.state_name!r}, returns=...)."
        )

    def answer(self) -> TaskAnswer:
        """Return the job as the result of the task, or the failure of the job or of a poll."""
        failure = self._failure or self._job.failure(self._result)
        return TaskAnswer(self._result) if failure is None else TaskAnswer(None, *failure)

    def leave(self) -> None:
        """Leave the job to itself."""

    def stop(self) -> None:
        """Stop the job. Documented: AWS tries to, and a failure to do it has no effect."""
        from botocore.exceptions import ClientError

        if self._job.stop is None:
            return
        given: dict[str, Any] = parameters(self._job.stop_given, self._call.document, self._start)
        try:
            self._ask(self._job.stop, given)
        except ClientError:
            return
