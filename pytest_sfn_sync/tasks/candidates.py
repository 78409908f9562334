"""The possible answers to one kind of call, and the choice of the mock that answers a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import TaskCall
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import shown
from pytest_sfn_sync.tasks.failing_results import ErrorOfResult
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.mocks import TaskMock, place_of
from pytest_sfn_sync.tasks.resources import FunctionName, Resource, function_name_of


@dataclass(slots=True, kw_only=True)
class MockUse:
    """What a mock does for one kind of call; it is found once, as a Map may make thousands of such calls.

    ``in_envelope`` is true for a function that is called by ``lambda:invoke``: it gets the event, and its result gets
    the envelope. ``integration`` is the one whose results and error names the mock must keep to; it is None if the mock
    may give any. ``requests_of`` is the one that could refuse the request. ``for_outside`` is true for a mock that
    answers in the place of the outside: its answer is that of the whole Task, which waits for a token.
    ``checked_errors`` are the names of its errors that were found to be possible.
    """

    in_envelope: bool
    integration: Integration | None
    requests_of: Integration | None
    for_outside: bool
    checked_errors: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Candidates:
    """The possible answers to one kind of call: to the calls of a state with its resource and its function.

    ``tiers`` has the mocks whose target covers the call, the most specific first.
    ``first`` is the mock that answers such a call, whatever its payload, unless it is used up; it is None if that
    depends on the payload. ``first_is_final`` is true if its answer is always that of the task. ``error_of_result``
    returns the error for results by which the task fails; it is None if no result does. ``waits_for_job`` is true for
    ``.sync``. ``uses`` has what the mocks do that have answered such a call.
    """

    resource: Resource
    function: FunctionName | None
    integration: Integration | None
    tiers: list[list[TaskMock]]
    first: TaskMock | None
    first_is_final: bool
    error_of_result: ErrorOfResult | None
    waits_for_job: bool
    uses: dict[TaskMock, MockUse] = field(default_factory=dict)


def function_named(payload: JSON) -> tuple[str, str | None] | None:
    """Return the name and the qualifier of the function in the parameters of ``lambda:invoke``; None without a name."""
    if not isinstance(payload, dict):
        return None
    name, qualifier = payload.get("FunctionName"), payload.get("Qualifier")
    if not isinstance(name, str):
        return None
    return name, qualifier if isinstance(qualifier, str) else None


def function_called(named: tuple[str, str | None]) -> FunctionName | None:
    """Return the function of such a name and qualifier; None if the name is not one of Lambda."""
    function = function_name_of(named[0])
    return function if function is None or named[1] is None else replace(function, qualifier=named[1])


def chosen_mock(tiers: Sequence[Sequence[TaskMock]], payload: JSON, resource: Resource) -> TaskMock | None:
    """Return the mock that answers a payload: in the first tier that has one, the newest that accepts the payload.

    Mocks that are used up let older ones of their tier answer. If there is none, the newest mock that has run out of
    ``responses=`` is returned. A tier in which all ``times=`` are used up lets the next tier answer.
    """
    for tier in tiers:
        run_out: TaskMock | None = None
        for mock in reversed(tier):
            if mock.is_used_up and (run_out is not None or not mock.has_responses):
                continue
            if not mock.matches(mock.target.given(payload, resource)):
                continue
            if not mock.is_used_up:
                return mock
            run_out = mock
        if run_out is not None:
            return run_out
    return None


def taken_mock(tiers: Sequence[Sequence[TaskMock]], call: TaskCall, resource: Resource) -> tuple[TaskMock | None, bool]:
    """Return the mock that answers a call, as `chosen_mock` does, and whether it has recorded the call.

    A mock that has run out of ``responses=`` has not. Of several threads, each takes a call of its own of ``times=``.
    """
    used_up: TaskMock | None = None
    while True:
        mock = chosen_mock(tiers, call.document, resource)
        if mock is None or mock is used_up:
            return mock, False
        if mock.take(call):
            return mock, True
        used_up = mock


def run_out_error(mock: TaskMock, count: int, call: TaskCall, payload: JSON) -> MockError:
    """Return the error for a call after the last of a mock's ``responses=``."""
    return MockError(
        f"{mock!r} has run out of responses: it was given {count}, and call {mock.answered_calls} came.\n"
        f"  from     {place_of(call)}\n"
        f"  payload  {shown(payload)}\n"
        "Give it one more in responses=, or let returns= or calls= answer every call."
    )
