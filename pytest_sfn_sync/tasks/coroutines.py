"""Coroutines of handlers, run to their end on an event loop of their own in the thread of the execution.

An execution may itself run within a coroutine, for example if an async test uses a client. Asyncio refuses to run a
second loop in such a thread, so the loop and the task that run there are set aside until the coroutine has ended. They
would not go on in the meantime anyway: the call of the client has not returned yet.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


def is_async(handler: Callable[..., Any]) -> bool:
    """Return whether a function, or an object that can be called, returns a coroutine."""
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)


def run_to_end(work: Awaitable[Any]) -> Any:
    """Return the result of a coroutine, or raise its exception."""
    import asyncio  # only async handlers need it

    with _no_other_loop():
        loop = asyncio.new_event_loop()
        try:
            result, exception = loop.run_until_complete(_outcome(work))
        finally:
            try:
                _cancel_tasks(loop)
                loop.run_until_complete(loop.shutdown_asyncgens())
            finally:
                loop.close()
    if exception is not None:
        raise exception  # It has no frames of asyncio in its traceback.
    return result


async def _outcome(work: Awaitable[Any]) -> tuple[Any, BaseException | None]:
    try:
        return await work, None
    except BaseException as exception:
        return None, exception


def _cancel_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel the tasks that the coroutine has started and not awaited, as ``asyncio.run`` does."""
    import asyncio

    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


@contextmanager
def _no_other_loop() -> Iterator[None]:
    """Set the loop and the task of this thread aside; the functions are those that asyncio has for other loops."""
    import asyncio

    running = asyncio._get_running_loop()
    if running is None:
        yield
        return
    task = asyncio.current_task(running)
    if task is not None:
        asyncio.tasks._leave_task(running, task)
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
        if task is not None:
            asyncio.tasks._enter_task(running, task)
