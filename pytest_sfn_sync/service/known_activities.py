"""The check that the activity of a Task exists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from pytest_sfn_sync.asl.error_names import runtime_error
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.service.errors import service_error

if TYPE_CHECKING:
    from pytest_sfn_sync.service.step_functions import StepFunctions


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
