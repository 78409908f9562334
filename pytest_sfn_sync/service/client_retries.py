"""Retries of a client: botocore's own rules decide them, but the time between attempts is left out.

After each answer, botocore's endpoint asks the handlers of the event ``needs-retry`` for the seconds to sleep before
the next attempt. These handlers know the client's retry mode (legacy, standard, adaptive) and its number of attempts.
They write ``MaxAttemptsReached``, and users may add handlers of their own. Here the same handlers are asked, on the
client's own emitter; only the sleep is left out. An emitter of aiobotocore must be awaited, and one of botocore must
not. The loop over the attempts is a generator, so it works with both.

The handlers are first asked after the first refusal, so a call that succeeds at once costs nothing more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from inspect import isawaitable
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from uuid import uuid4

Answer = tuple[Any, dict[str, Any]]
"""The answer to a call in botocore's form: the HTTP response and the parsed response."""

_HandlerResponses = list[tuple[Any, Any]]
_Attempts = Generator[Any, _HandlerResponses, Answer]

# Assumption: no test relies on a quota that an earlier test has used up.
_taken_from_quotas: list[tuple[Any, int]] = []


class Call(NamedTuple):
    """A call that was refused: its operation's model, its request, and its client's emitter."""

    model: Any
    request: dict[str, Any]
    emitter: Any


def retry_as_botocore(refusal: Answer, call: Call, attempt_again: Callable[[], Answer]) -> Answer | Awaitable[Answer]:
    """Return the answer to the first attempt that botocore does not retry."""
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
        _record_quota_use(responses, context)
        number += 1
        answer = attempt_again()
    answer[1]["ResponseMetadata"]["RetryAttempts"] = number - 1
    return answer


_SUCCESS: Final = SimpleNamespace(status_code=200)


def _record_quota_use(responses: _HandlerResponses, context: dict[str, Any]) -> None:
    """Record what a retry took from a quota; in standard or adaptive mode, a client has one for all its calls."""
    for handler, _ in responses:
        quota = getattr(getattr(handler, "__self__", None), "_retry_quota", None)
        if quota is not None and "retry_quota_capacity" in context:
            _taken_from_quotas.append((quota, context["retry_quota_capacity"]))


def refill_quotas() -> None:
    """Return what retries took to the quotas, so that a client used in several tests starts each with a full quota."""
    while _taken_from_quotas:
        quota, taken = _taken_from_quotas.pop()
        quota.release_retry_quota(context={"retry_quota_capacity": taken}, http_response=_SUCCESS)
