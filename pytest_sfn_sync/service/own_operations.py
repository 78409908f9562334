"""Tasks whose work this fake does itself: calls of Step Functions by its SDK integration, and tasks of activities."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final
from weakref import ref

from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.tasks.live_clients import LiveClients

if TYPE_CHECKING:
    from pytest_sfn_sync.service.step_functions import StepFunctions

_SDK: Final = "aws-sdk:sfn:"
_STARTS: Final = frozenset({f"{_SDK}startExecution", f"{_SDK}startSyncExecution"})
"""The actions that start an execution; `NestedExecutions` answers them."""


class OwnOperations:
    """Answers tasks such as ``aws-sdk:sfn:sendTaskSuccess`` by a client, which calls the fake like any other."""

    def __init__(self, *, region: str, random: Random) -> None:
        self._region = region
        self._random = random
        self._clients: LiveClients | None = None

    def __call__(self, call: TaskCall, integration: str) -> TaskAnswer | None:
        """Answer a call of an SDK integration with Step Functions; return None for any other."""
        if not integration.startswith(_SDK) or integration in _STARTS:
            return None
        if self._clients is None:  # Few tests need it.
            self._clients = LiveClients(region=self._region, random=self._random)
            self._clients.add_all(["stepfunctions"])
        answer = self._clients(call, integration)
        call.answered_by = "this fake"
        return answer


class KnownActivities:
    """Checks that the activity of a Task exists; it does not keep the service in memory, which has the mocks."""

    def __init__(self, service: StepFunctions) -> None:
        self._service = ref(service)

    def __call__(self, call: TaskCall) -> None:
        """Raise the error of a Task whose activity does not exist.

        Measured: it is States.Runtime, and nothing is scheduled. Assumption: the text.
        """
        service = self._service()
        assert service is not None, "the service that makes the call keeps itself"
        known = list(service.account.all_activities())
        if call.resource in known:
            return
        name = call.resource.rpartition(":")[2]
        there = f" The activities there are: {', '.join(known)}." if known else ""
        service.note(
            f"The state {call.state_name!r} failed with States.Runtime, as on AWS: there is no activity "
            f"{call.resource}.{there} Create it with client.create_activity(name={name!r}), or mock it with "
            f"sfn_sync.mock_activity({name!r}, returns=...)."
        )
        raise runtime_error(service_error("ActivityDoesNotExist", arn=call.resource).message)
