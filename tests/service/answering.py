"""A service with a registry of its own, for tests that speak to it over its wire, without any client."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.registry import Registry
from pytest_sfn_sync.service.step_functions import StepFunctions

NOON: Final = 1_700_000_000_123_456
"""The start of the virtual clock: 2023-11-14T22:13:20.123456Z."""

PASS: Final = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
WAIT: Final = {"StartAt": "Only", "States": {"Only": {"Type": "Wait", "Seconds": 5, "End": True}}}
FAIL: Final = {"StartAt": "Only", "States": {"Only": {"Type": "Fail", "Error": "Broken", "Cause": "It broke."}}}
ENDLESS: Final = {
    "StartAt": "Sleep",
    "States": {
        "Sleep": {"Type": "Wait", "Seconds": 200, "Next": "Again"},
        "Again": {"Type": "Choice", "Choices": [{"Variable": "$.never", "IsPresent": True, "Next": "Done"}],
                  "Default": "Sleep"},
        "Done": {"Type": "Succeed"},
    },
}  # fmt: skip
TASK: Final = {
    "StartAt": "Only",
    "States": {
        "Only": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": True}
    },
}


class Answer(NamedTuple):
    """The response of the service on the wire, with its body read as JSON."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


class Answering:
    """A service on a clock that stands still, the executions that it ran, and a way to call it."""

    def __init__(self, invoke: Callable[[TaskCall], TaskAnswer] | None = None, **options: Any) -> None:
        self.registry = Registry(now=lambda: NOON)
        self.executions: list[Execution] = []
        self.service = StepFunctions(
            registry=self.registry,
            invoke_task=lambda machine, test_case: invoke if invoke is not None else _echo,
            now=lambda: NOON,
            random=Random(0),
            on_execution=lambda execution, _: self.executions.append(execution),
            **options,
        )

    def arn(self, name: str = "orders", definition: JSON = PASS, **register: Any) -> str:
        """Register a machine and give its ARN."""
        return self.registry.register(name, definition, **register).arn

    def call(self, headers: Mapping[str, str] | None = None, **members: Any) -> Answer:
        """Call StartSyncExecution with the members of a request."""
        return self.send(json.dumps(members), headers)

    def send(self, body: bytes | str, headers: Mapping[str, str] | None = None) -> Answer:
        """Call StartSyncExecution with a body as it stands."""
        response = self.service.answer("StartSyncExecution", body, {} if headers is None else headers)
        assert response is not None
        return Answer(response.status, response.headers, json.loads(response.body))


def _echo(call: TaskCall) -> TaskAnswer:
    return TaskAnswer(result=call.payload)
