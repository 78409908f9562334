"""Coroutine functions as handlers: they run to their end, also within a loop that runs already."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from unittest.mock import AsyncMock

import pytest

from pytest_sfn_sync import MockError, SfnSync
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.tasks.coroutines import run_to_end

CHARGE = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge", "End": True}
ORDERS = {"StartAt": "Charge", "States": {"Charge": CHARGE}}


@pytest.fixture
def sfn() -> Iterator[SfnSync]:
    with SfnSync(seed=7) as sfn:
        sfn.register("orders", ORDERS)
        yield sfn


def run(sfn: SfnSync) -> Execution:
    sfn.client().start_sync_execution(stateMachineArn=sfn.machines[0].arn, input='{"amount": 5}')
    return sfn.last_execution


async def charge(event: Any) -> Any:
    await asyncio.sleep(0)
    return {"receipt": event["amount"]}


async def charge_with_context(event: Any, context: Any) -> Any:
    return {"receipt": event["amount"], "by": context.function_name}


class Charger:
    async def __call__(self, event: Any) -> Any:
        return await charge(event)


def plainly_wrapped(event: Any, context: Any) -> Any:
    return charge(event)


@pytest.mark.parametrize(
    ("handler", "output"),
    [
        pytest.param(charge, {"receipt": 5}, id="of the event"),
        pytest.param(charge_with_context, {"receipt": 5, "by": "charge"}, id="of event and context"),
        pytest.param(Charger(), {"receipt": 5}, id="an object"),
        pytest.param(lambda event: charge(event), {"receipt": 5}, id="a function that returns a coroutine"),
        pytest.param(AsyncMock(return_value=7), 7, id="an AsyncMock"),
    ],
)
@pytest.mark.parametrize("in_loop", [False, True], ids=["no loop runs", "a loop runs"])
def test_a_coroutine_function_runs_to_its_end(sfn: SfnSync, handler: Any, output: Any, in_loop: bool) -> None:
    sfn.mock_lambda("charge", calls=handler)

    async def test() -> Execution:
        before = asyncio.current_task()
        execution = run(sfn)
        await asyncio.sleep(0)
        assert asyncio.current_task() is before
        return execution

    (asyncio.run(test()) if in_loop else run(sfn)).assert_succeeded(output=output)


@pytest.mark.parametrize("in_loop", [False, True], ids=["no loop runs", "a loop runs"])
def test_an_exception_is_that_of_the_function_without_frames_of_asyncio(sfn: SfnSync, in_loop: bool) -> None:
    async def refuse(event: Any) -> Any:
        await asyncio.sleep(0)
        raise ValueError("too little")

    sfn.mock_lambda("charge", calls=refuse)

    async def test() -> Execution:
        return run(sfn)

    execution = asyncio.run(test()) if in_loop else run(sfn)

    report = json.loads(execution.cause or "")
    assert (execution.error, report["errorMessage"]) == ("ValueError", "too little")
    assert ["refuse" in frame for frame in report["stackTrace"]] == [True]


def test_what_means_the_test_passes_through(sfn: SfnSync) -> None:
    async def skip(event: Any) -> Any:
        pytest.skip("not today")

    sfn.mock_lambda("charge", calls=skip)

    with pytest.raises(pytest.skip.Exception, match="not today"):
        run(sfn)


def test_a_result_of_an_integration_is_awaited_too() -> None:
    with SfnSync() as sfn:
        send = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
        parameters = {"QueueUrl": "https://example.com/q", "MessageBody": "m"}
        sfn.register("send", {"StartAt": "Send", "States": {"Send": {**send, "Parameters": parameters}}})
        sfn.mock_task("Send", calls=AsyncMock(return_value={"MessageId": "m-1"}))

        run(sfn).assert_succeeded(output={"MessageId": "m-1"})


def test_tasks_and_generators_that_are_left_behind_are_ended() -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append("task")

    async def count() -> AsyncIterator[int]:
        try:
            for number in range(9):
                yield number
        finally:
            ended.append("generator")

    async def work() -> int:
        kept.append(asyncio.ensure_future(wait()))
        numbers = count()
        kept.append(numbers)
        await asyncio.sleep(0)
        return await numbers.__anext__()

    kept: list[Any] = []
    assert run_to_end(work()) == 0
    assert ended == ["task", "generator"]


def test_no_loop_is_left_behind() -> None:
    async def loop() -> Any:
        return asyncio.get_running_loop()

    first, second = run_to_end(loop()), run_to_end(loop())

    assert first is not second
    assert first.is_closed()
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


@pytest.mark.parametrize(
    "handler",
    [charge_with_context, Charger(), plainly_wrapped, f"{__name__}:charge"],
    ids=["a function", "an object", "a function around one", "a name"],
)
def test_lambda_does_not_await_a_real_handler(sfn: SfnSync, handler: Any) -> None:
    def use_and_run() -> None:
        sfn.use_lambda_handlers({"charge": handler})
        run(sfn)

    with pytest.raises(MockError) as refused:
        use_and_run()
    name = f"{__name__}:charge"
    told = repr(name) if isinstance(handler, str) else getattr(handler, "__qualname__", repr(handler))
    assert str(refused.value) == (
        f"use_lambda_handlers: 'charge': {told} returns a coroutine. Lambda's Python runtime does not await it: on AWS "
        "each call fails with Runtime.MarshalError. Write a plain handler that calls asyncio.run(...). A mock may be a "
        "coroutine function: mock_lambda('charge', calls=...)."
    )
    sfn.usage_errors.clear()
