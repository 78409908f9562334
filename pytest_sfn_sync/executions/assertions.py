"""Assertions on executions and on responses; the failure of an assertion on an execution shows its trace.

Values are compared by ``==``, so that matchers work anywhere in the expected value. A response is the dict that
``start_sync_execution`` returned; its output is read as JSON before it is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, TypeAlias

from pytest_sfn_sync.argument_checks import WrongArgumentError
from pytest_sfn_sync.asl.document_copies import copied
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import JSONTextError, parse_json
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.executions.execution_values import ExecutionValues
from pytest_sfn_sync.executions.origins import origins_of_differences
from pytest_sfn_sync.executions.trace import trace_of
from pytest_sfn_sync.shown_text import MOST_OF_A_VALUE, fit_to_be_shown, most, shown_text, shown_value
from pytest_sfn_sync.tasks.differences import difference_lines, equal, shown
from pytest_sfn_sync.tasks.json_values import is_plain

_MOST_STATES: Final = 100

Outcome: TypeAlias = "ExecutionValues | Mapping[str, Any]"
"""What the assertions take: an `Execution`, or the dict that ``start_sync_execution`` returned."""


class _Outcome(NamedTuple):
    """The values of an execution or a response, in one form."""

    name: str
    status: str
    output: JSON
    error: str | None
    cause: str | None
    trace: str | None
    execution: ExecutionValues | None = None


def assert_succeeded(execution_or_response: Outcome, *, output: Any = MISSING) -> None:
    """Fail unless an execution succeeded and its output, as a document, equals ``output``, if that is given."""
    __tracebackhide__ = True
    outcome = _read(execution_or_response)
    if outcome.status != "SUCCEEDED":
        raise AssertionError(_message(outcome, "was expected to succeed"))
    if output is not MISSING:
        _assert_equal(outcome, "output", output, outcome.output)


def assert_failed(execution_or_response: Outcome, *, error: Any = MISSING, cause: Any = MISSING) -> None:
    """Fail unless an execution failed with this error and this cause, if they are given.

    None means that the response has no error or no cause.
    """
    __tracebackhide__ = True
    outcome = _read(execution_or_response)
    if outcome.status != "FAILED":
        with_error = f" with {shown(error)}" if error is not MISSING else ""
        raise AssertionError(_message(outcome, f"was expected to fail{with_error}"))
    if error is not MISSING:
        _assert_equal(outcome, "error", error, outcome.error)
    if cause is not MISSING:
        _assert_equal(outcome, "cause", cause, outcome.cause)


def assert_timed_out(execution_or_response: Outcome) -> None:
    """Fail unless an execution ended as ``TIMED_OUT``."""
    __tracebackhide__ = True
    outcome = _read(execution_or_response)
    if outcome.status != "TIMED_OUT":
        raise AssertionError(_message(outcome, "was expected to time out"))


def assert_path(execution: ExecutionValues, names: Sequence[str]) -> None:
    """Fail unless an execution entered these states in this order."""
    __tracebackhide__ = True
    path = execution.path
    if path == list(names):
        return
    at = next((index for index, pair in enumerate(zip(path, names, strict=False)) if pair[0] != pair[1]), None)
    if at is None:
        at = min(len(path), len(names))
    wanted = shown_text(str(names[at])) if at < len(names) else "the end"
    entered = shown_text(path[at]) if at < len(path) else "the end"
    raise AssertionError(
        f"The path of {execution.machine.name!r} differs at step {at + 1}: expected {wanted}, came to {entered}.\n"
        f"  expected  {_way(names)}\n"
        f"  entered   {_way(path)}\n\n{trace_of(execution)}"
    )


def _way(names: Sequence[str]) -> str:
    """Return states in order for a message; a long way is cut."""
    first = [shown_text(str(name), MOST_OF_A_VALUE) for name in names[: most(_MOST_STATES, len(names))]]
    rest = len(names) - len(first)
    return " -> ".join(first) + (f" -> ... and {rest:,} more" if rest else "") or "no state"


class ExpectedError:
    """The exception that ended a block under ``sfn.raises``, as ``value``; None while the block runs."""

    def __init__(self) -> None:
        self.value: Exception | None = None

    def __repr__(self) -> str:
        return f"<ExpectedError {self.value!r}>"


@contextmanager
def expect_service_error(code: str, *, match: str | None, notes: Sequence[str]) -> Iterator[ExpectedError]:
    """Fail unless the block raises botocore's exception for a service error.

    ``match`` is a regular expression to be found in the message. If nothing is raised, the failure shows the ``notes``
    in which the code occurs.
    """
    __tracebackhide__ = True
    expected = ExpectedError()
    try:
        yield expected
    except SfnSyncUsageError:
        raise
    except Exception as error:
        response = getattr(error, "response", None)
        if not isinstance(response, dict) or "Error" not in response:
            raise
        found, message = response["Error"].get("Code"), response["Error"].get("Message", "")
        if found != code:
            raise AssertionError(
                f"{code} was expected, but the call ended with {found}: {shown_text(message)}"
            ) from error
        if match is not None and re.search(match, message) is None:
            raise AssertionError(
                f"{code} was raised as expected, but its message does not match.\n"
                f"  match    {match}\n"
                f"  message  {shown_text(message)}"
            ) from error
        expected.value = error
    else:
        hints = "".join(f"\n{note}" for note in notes if code in note)
        raise AssertionError(f"{code} was expected, but no call raised it.{hints}")


def _read(value: Outcome) -> _Outcome:
    if isinstance(value, ExecutionValues):
        return _Outcome(
            name=f"execution of {value.machine.name!r}",
            status=value.status,
            output=value.run.output if value.status == "SUCCEEDED" else None,
            error=value.error,
            cause=value.cause,
            trace=trace_of(value),
            execution=value,
        )
    response: object = value
    if not isinstance(response, Mapping) or "status" not in response:
        raise WrongArgumentError(
            "this takes an Execution, or the dict that start_sync_execution returned, "
            f"not {type(value).__name__}: {shown(value)}"
        )
    output = value.get("output")
    return _Outcome(
        name=f"execution {value.get('executionArn', '')}".rstrip(),
        status=value["status"],
        output=None if output is None else _output_of(output),
        error=value.get("error"),
        cause=value.get("cause"),
        trace=None,
    )


def _output_of(text: object) -> JSON:
    try:
        if isinstance(text, str):
            return parse_json(text)
    except JSONTextError:
        pass
    raise WrongArgumentError(
        f"the output of a response is JSON text, as start_sync_execution returned it, not {shown_value(text)}"
    )


def _message(outcome: _Outcome, expectation: str) -> str:
    what = "is RUNNING: it waits" if outcome.status == "RUNNING" else f"ended as {outcome.status}"
    lines = [f"The {outcome.name} {expectation}, but it {what}."]
    if outcome.trace is not None:
        return fit_to_be_shown("\n".join([*lines, "", outcome.trace]))
    if outcome.status == "SUCCEEDED":
        lines.append(f"  output  {shown(outcome.output)}")
    if outcome.error is not None:
        lines.append(f"  error   {outcome.error}")
    if outcome.cause is not None:
        lines.append(f"  cause   {shown_text(outcome.cause, 600)}")
    return fit_to_be_shown("\n".join(lines))


def _assert_equal(outcome: _Outcome, what: str, expected: Any, actual: Any) -> None:
    __tracebackhide__ = True
    # Matchers are the user's code, so they get a copy.
    if equal(expected, actual if is_plain(expected) else copied(actual)):
        return
    lines = [
        f"The {outcome.name} ended as {outcome.status}, but its {what} is not the expected one.",
        f"  expected  {shown(expected, 600)}",
        f"  actual    {shown(actual, 600)}",
    ]
    if isinstance(expected, dict | list) and isinstance(actual, dict | list):
        lines += ["Differences:", *(f"  {line}" for line in difference_lines(expected, actual))]
    if what == "output" and outcome.execution is not None:
        origins = origins_of_differences(outcome.execution, expected)
        lines += ["Where it comes from:", *(f"  {line}" for origin in origins for line in origin.splitlines())]
    raise AssertionError(fit_to_be_shown("\n".join(lines if outcome.trace is None else [*lines, "", outcome.trace])))
