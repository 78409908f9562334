"""The part of the fake that says what tasks come to: mocks of states, of Lambda functions and of other integrations."""

from __future__ import annotations

from typing import Any

from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.mocks import MOCK_LAMBDA, MOCK_RESOURCE, MOCK_TASK, TaskMock


class TaskMocking:
    """What `SfnSync` offers for mocking tasks."""

    _mock_table: MockTable

    def _refuse_after_the_end(self, method: str) -> None:
        raise NotImplementedError

    def mock_task(
        self,
        state: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
    ) -> TaskMock:
        """Let a mock answer the Task state of this name, in place of whatever its resource is.

        Exactly one of: ``returns``, the task's result exactly as given (for ``lambda:invoke``, the whole result with
        its ``Payload``); ``raises``, a `TaskError`, an exception or its class, or an error name; ``calls``, a function
        of the task's effective input, or of ``(event, context)`` where the resource is a Lambda function;
        ``responses``, a list of results and errors, one for each call.

        ``takes`` is the virtual time in seconds. ``when`` limits the mock to payloads that equal it, or for which it, a
        function, returns True. ``times`` limits how many calls it answers. Raises MockError for arguments that make no
        sense.
        """
        return self._mock(
            MOCK_TASK,
            state,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
        )

    def mock_lambda(
        self,
        function: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
    ) -> TaskMock:
        """Let a mock stand for a Lambda function, given by name, partial ARN or ARN, wherever a Task calls it.

        The arguments are those of `mock_task`, seen from the function: ``returns`` is what the function returns (for
        ``lambda:invoke`` it becomes the ``Payload`` of the result), ``calls`` and ``when`` get its event, and an
        exception becomes the error and the cause that Lambda's Python runtime reports. A name without a version or an
        alias stands for all of them.
        """
        return self._mock(
            MOCK_LAMBDA,
            function,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
        )

    def mock_resource(
        self,
        resource: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
    ) -> TaskMock:
        """Let a mock answer every Task with a resource: ``dynamodb:getItem``, ``aws-sdk:s3:getObject``, or an ARN.

        The arguments are those of `mock_task`: payload and result are the task's own.
        """
        return self._mock(
            MOCK_RESOURCE,
            resource,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
        )

    def _mock(self, kind: str, target: str, **arguments: Any) -> TaskMock:
        self._refuse_after_the_end(kind)
        return self._mock_table.add(kind, target, **arguments)
