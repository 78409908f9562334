"""The answers of a mock: ``returns=``, ``raises=``, ``calls=`` and ``responses=`` become one kind of function.

The basic form is ``calls=``; the other three become functions of the same signature. A responder raises an exception
for a failure, and the mock table turns it into the error that the workflow gets.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, Protocol

from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.error_names import STATES_DATA_LIMIT_EXCEEDED, result_too_large
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.pauses import gate_of_this_thread
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError
from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources.document_size import MOST_NODES
from pytest_sfn_sync.tasks.coroutines import run_to_end
from pytest_sfn_sync.tasks.exception_texts import text_of_exception
from pytest_sfn_sync.tasks.integrations.service_errors import response_of
from pytest_sfn_sync.tasks.json_values import (
    NotPlainError,
    TooLargeResultError,
    document_of,
    document_of_handler_result,
    is_too_large_for_a_result,
    plain_copy,
)
from pytest_sfn_sync.tasks.lambda_exits import mark_claim, means_the_test
from pytest_sfn_sync.tasks.lambda_functions import LambdaContext
from pytest_sfn_sync.tasks.lambda_marshalling import marshalled
from pytest_sfn_sync.tasks.resources import resource_of
from pytest_sfn_sync.tasks.task_error import NamedError, TaskError

ANSWERS: Final = ("returns", "raises", "calls", "responses", "submits")
_PLAIN: Final = frozenset({type(None), bool, int, float, str, list, dict})
_CONTEXT_NAMES: Final = ("context", "_context", "ctx", "lambda_context")

call_being_handled: ContextVar[TaskCall | None] = ContextVar("call_being_handled", default=None)
"""The call whose handler runs now; an execution that starts during it is a child of that call's execution."""

ContextOf = Callable[[], LambdaContext | None]

Render = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


class Responder(Protocol):
    """A function that returns a task's result, or raises the exception by which the task fails."""

    def __call__(self, payload: JSON, call: TaskCall, context_of: ContextOf) -> JSON:
        """Return the answer to one call; ``context_of`` returns the Lambda context, None if no function is called."""


def responder_of(
    described: str,
    *,
    returns: Any,
    raises: Any,
    calls: Any,
    responses: Any,
    submits: Any = MISSING,
    render: Render = _as_it_is,
    is_of_the_test: bool = True,
) -> Responder:
    """Return the responder of a mock for the argument that was given; the others are MISSING.

    ``render`` turns values of Python's own types in a result, such as a datetime, into JSON. ``is_of_the_test`` is
    False for the real handler of a function: a failed ``assert`` in it is the function's error.
    """
    values = (returns, raises, calls, responses, submits)
    given = [name for name, value in zip(ANSWERS, values, strict=True) if value is not MISSING]
    if len(given) != 1:
        raise MockError(
            f"{described} takes exactly one of returns=, raises=, calls=, responses=; "
            + (f"it was given {', '.join(f'{name}=' for name in given)}." if given else "it was given none of them.")
        )
    match given[0]:
        case "returns":
            _refuse_function(returns, described)
            return Returning(document_of(_rendered(returns, render), f"{described}: returns="))
        case "raises":
            return _raising(exception_of(raises, f"{described}: raises="))
        case "calls":
            return _calling(calls, described, render, is_of_the_test=is_of_the_test)
        case "submits" if callable(submits):
            return _calling(submits, described, render, is_of_the_test=is_of_the_test)
        case "submits":
            return Returning(document_of(_rendered(submits, render), f"{described}: submits="))
        case _:
            return _in_turn(responses, described, render)


def _refuse_function(returns: Any, described: str) -> None:
    """Raise MockError for an exception, or for a function that was probably meant to be called."""
    if isinstance(returns, BaseException) or (isinstance(returns, type) and issubclass(returns, BaseException)):
        raise MockError(
            f"{described}: returns={shown_value(returns)} is an exception. For a failure write "
            f"raises={shown_value(returns)}."
        )
    if inspect.isroutine(returns) or isinstance(returns, partial):
        name = "lambda" if name_of(returns).endswith("<lambda>") else name_of(returns)
        raise MockError(
            f"{described}: returns={name} is a function, not a result. To have it called, write calls={name}."
        )


def exception_of(value: Any, what: str) -> BaseException:
    """Return the exception for ``raises=``, which is a TaskError, an exception or its class, or an error name."""
    if isinstance(value, BaseException):
        return value
    if isinstance(value, str) and value:
        return NamedError(value)
    if isinstance(value, type) and issubclass(value, BaseException):
        try:
            return value()
        except TypeError as error:
            raise MockError(
                f"{what}{value.__name__} can't be made without arguments ({error}). Give an instance: "
                f"raises={value.__name__}(...)."
            ) from None
    raise MockError(
        f"{what}{shown_value(value)} is not an error. Give TaskError('Some.Error', 'its cause'), an exception, its "
        "class, "
        "or an error name such as 'Some.Error'."
    )


class Returning:
    """A responder that returns the same document for every call; the document was copied once and is shared."""

    __slots__ = ("document",)

    def __init__(self, document: JSON) -> None:
        self.document = document

    def __call__(self, payload: JSON, call: TaskCall, context_of: ContextOf) -> JSON:
        """Return the answer to one call."""
        return self.document


def _raising(exception: BaseException) -> Responder:
    def respond(payload: JSON, call: TaskCall, context_of: ContextOf) -> JSON:
        # Raised without the traceback of earlier calls, as it would grow with each call.
        raise exception.with_traceback(None)

    return respond


def _calling(handler: Any, described: str, render: Render, *, is_of_the_test: bool) -> Responder:
    takes_context = _takes_context(handler, described)
    what = f"{described}: the result of calls={name_of(handler)}"

    def respond(payload: JSON, call: TaskCall, context_of: ContextOf) -> JSON:
        arguments: tuple[Any, ...] = (copied(payload),)
        if takes_context:
            context = context_of()
            if context is None:
                raise _no_context(call, f"{described}: {name_of(handler)}")
            arguments = (*arguments, context)
        token, gate = call_being_handled.set(call), gate_of_this_thread()
        if gate is not None:  # Other threads may end executions meanwhile.
            gate.handled = call
            gate.open()
        try:
            result = handler(*arguments)
            if type(result) not in _PLAIN and inspect.isawaitable(result):
                result = run_to_end(result)
        except BaseException as exception:
            if is_of_the_test and isinstance(exception, AssertionError) and resource_of(call.resource).is_lambda:
                mark_claim(exception)
            if _may_end_a_task(exception, call):
                raise
            raise no_error_of_an_integration(exception, call, f"{described}: {name_of(handler)}") from exception
        finally:
            call_being_handled.reset(token)
            if gate is not None:
                gate.close()
                gate.handled = None
        try:
            return plain_copy(result)
        except NotPlainError:
            return _converted(result, call, render, what)
        except TooLargeResultError:
            raise _too_large(call) from None

    return respond


def _no_context(call: TaskCall, who: str) -> MockError:
    return MockError(
        f"{who} takes (event, context), but the state {call.state_name!r} calls no Lambda function: its resource is "
        f"{call.resource}. Write a function that takes the payload alone."
    )


def _may_end_a_task(exception: BaseException, call: TaskCall) -> bool:
    """Return whether an exception of a handler fails the task: any does for a function, few do for an integration."""
    return (
        resource_of(call.resource).is_lambda
        or isinstance(exception, TaskError | SfnSyncUsageError)
        or response_of(exception) is not None
        or means_the_test(exception)
    )


def no_error_of_an_integration(exception: BaseException, call: TaskCall, who: str) -> MockError:
    """Return the usage error for a Python exception that was raised where only a service's error can be."""
    written = text_of_exception(exception)
    text = f": {shown_text(written)}" if written else ""
    return MockError(
        f"{who} raised {type(exception).__name__}{text}\n"
        f"  from     state {call.state_name!r}, resource {call.resource}\n"
        "No integration ends with an exception of Python's. For an error of the service raise TaskError('its name', "
        "'its cause') or a botocore ClientError."
    )


def _converted(value: Any, call: TaskCall, render: Render, what: str) -> JSON:
    """Return a handler's result that is not plain as a document.

    Lambda's runtime converts a function's result; any other must be JSON. Raise the task's error for a result that is
    far too large, before it is copied or written as a whole.
    """
    if is_too_large_for_a_result(value):
        raise _too_large(call)
    try:
        if resource_of(call.resource).is_lambda:
            return marshalled(value)
        return document_of_handler_result(_rendered(value, render), what)
    except TooLargeResultError:  # Perhaps only what was rendered is too large, such as bytes that became text.
        raise _too_large(call) from None


def _rendered(value: Any, render: Render) -> Any:
    """Return a value as ``render`` turns it into JSON, or as it is if it is too large or contains itself."""
    if is_too_large_for_a_result(value):
        return value
    try:
        return render(value)
    except RecursionError:
        return value


def _too_large(call: TaskCall) -> TaskError:
    """Return the error of a task whose result is too large."""
    failure = result_too_large(resource_of(call.resource).subject)
    return TaskError(STATES_DATA_LIMIT_EXCEEDED, failure.cause)


def _in_turn(responses: Any, described: str, render: Render) -> Responder:
    if isinstance(responses, str | bytes) or not isinstance(responses, Sequence):
        raise MockError(
            f"{described}: responses= takes a list of results, TaskErrors and exceptions, "
            f"not a value of type {type(responses).__name__}."
        )
    if not responses:
        raise MockError(f"{described}: responses= is empty. Give at least one result, TaskError or exception.")
    if len(responses) > MOST_NODES:
        raise MockError(
            f"{described}: responses= has {len(responses):,} items, and at most {MOST_NODES:,} are read. Give calls= a "
            "function that returns the results one by one."
        )
    responders = [_response(item, f"{described}: responses[{index}]", render) for index, item in enumerate(responses)]
    upcoming = iter(responders)

    def respond(payload: JSON, call: TaskCall, context_of: ContextOf) -> JSON:
        responder = next(upcoming, None)
        if responder is None:
            raise ResponsesRunOutError(len(responders))
        return responder(payload, call, context_of)

    return respond


class ResponsesRunOutError(Exception):
    """A call came after the last of ``responses=``; the mock table raises a MockError that names the call."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def _response(item: Any, what: str, render: Render) -> Responder:
    is_error = isinstance(item, BaseException) or (isinstance(item, type) and issubclass(item, BaseException))
    return (
        _raising(exception_of(item, f"{what} ")) if is_error else Returning(document_of(_rendered(item, render), what))
    )


def _takes_context(handler: Any, described: str) -> bool:
    if not callable(handler):
        raise MockError(
            f"{described}: calls= takes a function, not {shown_value(handler)}. For a fixed result write "
            f"returns={shown_value(handler)}."
        )
    try:
        parameters = list(inspect.signature(handler).parameters.values())
    except (TypeError, ValueError):
        return False  # A function written in C has no signature; it gets the payload alone.
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in positional if p.default is p.empty]
    needs_keyword = any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters)
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(required) > 2 or needs_keyword or not (positional or takes_any):
        raise MockError(
            f"{described}: calls={name_of(handler)} must take the payload, or (event, context); "
            f"its signature is {inspect.signature(handler)}."
        )
    return len(required) == 2 or (len(positional) > 1 and positional[1].name in _CONTEXT_NAMES)


def name_of(handler: Any) -> str:
    """Return the name of a handler for a message."""
    return str(getattr(handler, "__qualname__", None) or repr(handler)).replace("<locals>.", "")
