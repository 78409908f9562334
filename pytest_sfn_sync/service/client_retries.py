"""Retries of a client: botocore's own rules decide them, without the time that passes in between.

After each answer, botocore's endpoint asks the handlers of the event ``needs-retry`` for how long to sleep before the
next attempt. Those handlers know the client's retry mode (legacy, standard, adaptive) and its number of attempts, they
write ``MaxAttemptsReached``, and users may add their own. They are asked here as there, on the client's own emitter.
Only the sleep is left out. An emitter of aiobotocore has to be awaited, one of botocore has not: the loop over the
attempts is a generator that serves both.

They are asked from the first refusal on. A call that succeeds at once costs nothing more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from inspect import isawaitable
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from uuid import uuid4

Answer = tuple[Any, dict[str, Any]]
"""What botocore takes as the answer to a call: the HTTP response, and what is read from it."""

_HandlerResponses = list[tuple[Any, Any]]
_Attempts = Generator[Any, _HandlerResponses, Answer]

# Assumption: nobody counts on a quota that is used up in one test to be used up in the next.
_taken_from_quotas: list[tuple[Any, int]] = []


class Call(NamedTuple):
    """A call that was refused: its operation's model, its request, and the emitter of the client that made it."""

    model: Any
    request: dict[str, Any]
    emitter: Any


def retry_as_botocore(refusal: Answer, call: Call, attempt_again: Callable[[], Answer]) -> Answer | Awaitable[Answer]:
    """Return the answer that ends a call: to the first attempt that botocore has no reason, or no right, to retry."""
    attempts = _attempts(refusal, call, attempt_again)
    emitted = next(attempts)
    if isawaitable(emitted):
        return _finish_awaiting(attempts, emitted)
    try:
        while True:
            emitted = attempts.send(emitted)
    except StopIteration as end:
        answer: Answer = end.value
        return answer


async def _finish_awaiting(attempts: _Attempts, emitted: Awaitable[_HandlerResponses]) -> Answer:
    try:
        while True:
            emitted = attempts.send(await emitted)
    except StopIteration as end:
        answer: Answer = end.value
        return answer


def _attempts(answer: Answer, call: Call, attempt_again: Callable[[], Answer]) -> _Attempts:
    event = f"needs-retry.{call.model.service_model.service_id.hyphenize()}.{call.model.name}"
    context = call.request["context"]
    retries = context.setdefault("retries", {"invocation-id": str(uuid4())})
    number = 1
    while True:
        retries["attempt"] = number
        responses = yield call.emitter.emit(
            event,
            response=answer,
            endpoint=None,
            operation=call.model,
            attempts=number,
            caught_exception=None,
            request_dict=call.request,
        )
        delay = next((response for _, response in responses if response is not None), None)
        if delay is None or delay is False:
            break
        _remember_quota(responses, context)
        number += 1
        answer = attempt_again()
    answer[1]["ResponseMetadata"]["RetryAttempts"] = number - 1
    return answer


_GIVES_BACK: Final = SimpleNamespace(status_code=200)


def _remember_quota(responses: _HandlerResponses, context: dict[str, Any]) -> None:
    """Remember what a retry took from the quota that a client in standard or adaptive mode has for all its calls."""
    for handler, _ in responses:
        quota = getattr(getattr(handler, "__self__", None), "_retry_quota", None)
        if quota is not None and "retry_quota_capacity" in context:
            _taken_from_quotas.append((quota, context["retry_quota_capacity"]))


def refill_quotas() -> None:
    """Give back what retries took from quotas, so that a client of one test serves the next as if it were new."""
    while _taken_from_quotas:
        quota, taken = _taken_from_quotas.pop()
        quota.release_retry_quota(context={"retry_quota_capacity": taken}, http_response=_GIVES_BACK)
