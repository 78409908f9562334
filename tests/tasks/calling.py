"""Calls of Task states without an interpreter: what the mock table is asked in these tests."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.tasks.mock_table import MockTable

MACHINE: Any = SimpleNamespace(name="orders", arn="arn:aws:states:us-east-1:123456789012:stateMachine:orders")
CHARGE_ARN = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke"
GET_ITEM = "arn:aws:states:::dynamodb:getItem"


def new_table() -> MockTable:
    return MockTable(random=Random(7))


def answer(table: MockTable, resource: str = CHARGE_ARN, payload: Any = None, **call: Any) -> TaskAnswer:
    """Have one call answered; the state is called Charge where nothing else is said."""
    given = {"state_name": "Charge", "resource": resource, "payload": {"amount": 5} if payload is None else payload}
    answered = table.invoker(MACHINE)(TaskCall(**{**given, **call}))
    assert isinstance(answered, TaskAnswer)
    return answered


def invoke(table: MockTable, function: str = "charge-card", **parameters: Any) -> TaskAnswer:
    """Have one call of ``lambda:invoke`` answered."""
    return answer(table, LAMBDA_INVOKE, {"FunctionName": function, **parameters})
