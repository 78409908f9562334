"""Exceptions of handlers whose text would be gigabytes: told at once, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pytest_sfn_sync import MockError, SfnSync
from pytest_sfn_sync.tasks.exception_texts import text_of_exception
from tests.hostile_documents import doubled, nested_lists

ECHO = "arn:aws:lambda:us-east-1:123456789012:function:echo"
SEND = {"Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "jobs", "MessageBody": "b"}}
TOLD = (
    "The exception ValueError was raised with arguments that are too large, or nested too deep, to be written as text. "
    "Raise it with a short text: raise ValueError('what is wrong')."
)


class RecursiveError(ValueError):
    def __str__(self) -> str:
        return str(self)


def fails(payload: Any) -> Any:
    raise ValueError(doubled(40))


@pytest.mark.parametrize(
    ("task", "mock"),
    [
        pytest.param({"Resource": ECHO}, lambda sfn: sfn.mock_lambda("echo", calls=fails), id="a function"),
        pytest.param(
            {"Resource": ECHO}, lambda sfn: sfn.mock_lambda("echo", raises=ValueError(doubled(40))), id="raises="
        ),
        pytest.param({"Resource": ECHO}, lambda sfn: sfn.mock_task("Pay", calls=fails), id="a state"),
        pytest.param(SEND, lambda sfn: sfn.mock_resource("sqs:sendMessage", calls=fails), id="an integration"),
    ],
)
def test_exception_that_prints_too_much(
    sfn_sync: SfnSync, task: dict[str, Any], mock: Callable[[SfnSync], object]
) -> None:
    mock(sfn_sync)
    machine = sfn_sync.register("pay", {"StartAt": "Pay", "States": {"Pay": {"Type": "Task", **task, "End": True}}})
    with pytest.raises(MockError, match=re.escape(TOLD)):
        machine.run({})
    sfn_sync.usage_errors.clear()


@pytest.mark.parametrize(
    "exception",
    [
        pytest.param(ValueError(nested_lists(100_000)), id="an argument that is nested too deep"),
        pytest.param(RecursiveError(), id="a text that never ends"),
    ],
)
def test_exception_that_has_no_text(exception: Exception) -> None:
    with pytest.raises(MockError, match="was raised with arguments that are too large, or nested too deep"):
        text_of_exception(exception)
