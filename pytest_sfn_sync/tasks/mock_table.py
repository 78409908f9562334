"""The mocks of one fake. The table chooses the mock that answers a call, and gives the answer the resource's shape.

The more specific mock answers: the mock of a state, then of a function, then of a resource. Among equally specific
ones, the newest that accepts the payload answers. A mock whose ``times=`` or ``responses=`` are used up lets older ones
answer.

A mock by ``mock_lambda`` replaces the function in all tasks that call it: it gets the event and returns the function's
own result. Mocks by ``mock_task`` and ``mock_resource`` replace the task: they get its effective input and return its
raw result.

A test case of a mock config (`mock_config`) comes after the mocks of a state and before all other mocks. It answers the
states that it names, unless a mock of the state itself answers.

Calls that no mock answers are answered from the recorded histories in use, then by the fake's live clients. If these
have no answer, the fake around this one is asked in the same order: the mocks of a fake, at any specificity, come
before those of the fakes around it. Calls that nobody answers go to ``unmocked``, the machines of the fakes. If that
has no answer either, the call is a usage error.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from weakref import WeakMethod

from pytest_sfn_sync.asl.runtime import NestedRun
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.tasks.candidates import Candidates, chosen_mock, function_called, function_named, taken_mock
from pytest_sfn_sync.tasks.failing_results import error_of_result, settled
from pytest_sfn_sync.tasks.integrations.integration import integration_of
from pytest_sfn_sync.tasks.integrations.request_checks import invocation_refusal, request_refusal
from pytest_sfn_sync.tasks.integrations.service_errors import HTTP_SOCKET, HTTP_SOCKET_CAUSE
from pytest_sfn_sync.tasks.integrations.shapes import NONE, PRESENT
from pytest_sfn_sync.tasks.integrations.submissions import submitted_job
from pytest_sfn_sync.tasks.logical_ids import LogicalIds
from pytest_sfn_sync.tasks.mock_answers import MockAnswers
from pytest_sfn_sync.tasks.mock_config.use import MockConfigs, RunningCase
from pytest_sfn_sync.tasks.mock_targets import TARGETS, Called, MockTarget, StateTarget, target_of
from pytest_sfn_sync.tasks.mocks import TaskMock
from pytest_sfn_sync.tasks.resources import HTTP_INVOKE, FunctionName, Resource, resource_of
from pytest_sfn_sync.tasks.responders import call_being_handled
from pytest_sfn_sync.tasks.unmocked import unmocked_task_error

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine

_HTTP_MICROSECONDS: Final = 60_000_000

AnswerUnmocked: TypeAlias = Callable[[TaskCall, str], "TaskAnswer | Submitted | NestedRun | None"]
"""Answers a call of a resource, which has its name in ``mock_resource``; returns None for a call of another one."""


class Recording(Protocol):
    """Recorded answers to tasks, which come after the mocks of a fake and before its live clients."""

    def begin(self, machine: RegisteredMachine) -> AnswerUnmocked | None:
        """Return the answers for one execution of a machine; None if they are for another machine."""


class MockTable:
    """All mocks of one fake in the order in which they were added, and the answers for tasks without a mock."""

    def __init__(self, *, random: Random, validate_mocks: str = PRESENT) -> None:
        self.mocks: list[TaskMock] = []
        self.mock_configs = MockConfigs()
        self.logical_ids = LogicalIds()
        self.clients: list[AnswerUnmocked] = []
        self.unmocked: list[AnswerUnmocked] = []
        self.check_activity: Callable[[TaskCall], None] | None = None
        self.recordings: list[Recording] = []
        self._outer: MockTable | None = None
        self._inner: MockTable | None = None
        self.answers = MockAnswers(random=random, validate_mocks=validate_mocks)
        self._candidates: dict[Hashable, Candidates] = {}

    def add(self, method: str, target: str, **arguments: Any) -> TaskMock:
        """Add the mock for a call of one of the fake's methods, and return it; it answers from now on."""
        mock = TaskMock(target_of(method, target), remove=WeakMethod(self.remove), **arguments)
        integration = mock.target.integration
        if integration is not None and mock.constant is not None:
            self.answers.check_result(mock, mock.constant.result, integration, None)
        self.mocks.append(mock)
        self._candidates.clear()
        return mock

    def remove(self, mock: TaskMock) -> None:
        """Remove a mock, so that it answers no further call; do nothing if it was removed before."""
        if mock in self.mocks:
            self.mocks.remove(mock)
            self._candidates.clear()

    def add_logical_ids(self, logical_ids: list[str], function: FunctionName) -> None:
        """Register the logical ids that a template has for a function, so that mocks may use them."""
        self.logical_ids.add(logical_ids, function)
        self._forget_candidates()

    def add_activities(self, arns: Mapping[str, str]) -> None:
        """Register the ARNs of activities by address, so that mocks may use the addresses."""
        self.logical_ids.add_activities(arns)
        self._forget_candidates()

    def nest(self, outer: MockTable | None) -> None:
        """Ask the mocks of another fake for calls that none of this fake answers; None ends it."""
        if self._outer is not None and self._outer._inner is self:
            self._outer._inner = None
        self._outer = outer
        self.logical_ids.outer = None if outer is None else outer.logical_ids
        self.mock_configs.outer = None if outer is None else outer.mock_configs
        if outer is not None:
            outer._inner = self
        self._forget_candidates()

    def _forget_candidates(self) -> None:
        self._candidates.clear()
        if self._inner is not None:  # Its mocks may name functions by the logical ids of this table.
            self._inner._forget_candidates()

    def visible(self) -> list[TaskMock]:
        """Return the mocks of this table, then those of the fakes around it."""
        return self.mocks if self._outer is None else [*self.mocks, *self._outer.visible()]

    def clear(self) -> None:
        """Remove all mocks, mock config files and logical ids of functions."""
        self.mocks.clear()
        self.logical_ids.clear()
        self.mock_configs.clear()
        self.recordings.clear()
        self._candidates.clear()

    def candidates_of(self, call: TaskCall) -> Candidates:
        """Return the possible answers to a call; they are found once for its state, its resource and its function."""
        resource = resource_of(call.resource)
        named = function_named(call.document) if resource.is_lambda_invoke else None
        key = (call.state_name, call.resource, named)
        candidates = self._candidates.get(key)
        if candidates is None:
            function = function_called(named) if named is not None else resource.function
            tiers = self._tiers(self.called(call, resource, function))
            first = tiers[0][-1] if tiers and tiers[0][-1].accepts_every_payload else None
            integration = integration_of(resource.key) if resource.function is None else None
            failure_of = error_of_result(resource)
            waits_for_job = integration is not None and integration.job is not None
            candidates = self._candidates[key] = Candidates(
                resource=resource,
                function=function,
                integration=integration,
                tiers=tiers,
                first=first,
                error_of_result=failure_of,
                waits_for_job=waits_for_job,
                first_is_final=(
                    first is not None
                    and not (waits_for_job or resource.waits_for_token)
                    # The response that is made around a function's result has no error.
                    and (failure_of is None or (first.target.stands_for_a_function and resource.is_lambda_invoke))
                ),
            )
        return candidates

    def unused(self) -> list[TaskMock]:
        """Return the mocks that never answered a call, except for those that are optional."""
        return [mock for mock in self.mocks if not mock.answered_calls and not mock.optional]

    def called(self, call: TaskCall, resource: Resource, function: FunctionName | None) -> Called:
        """Return the parts of a call that targets use."""
        return Called(state_name=call.state_name, resource=resource, function=function, logical_ids=self.logical_ids)

    def _tiers(self, called: Called) -> list[list[TaskMock]]:
        """Return the mocks whose target covers a call, the most specific first."""
        covering = [mock for mock in self.mocks if mock.target.covers(called)]
        if len(covering) < 2:
            return [covering] if covering else []
        by_kind: dict[type[MockTarget], list[TaskMock]] = {kind: [] for kind in TARGETS.values()}
        for mock in covering:
            by_kind[type(mock.target)].append(mock)
        return [tier for tier in by_kind.values() if tier]

    def invoker(self, machine: RegisteredMachine, test_case: str | None = None) -> Invoker:
        """Return the invoker of one execution's tasks; ``test_case`` is the case of a mock config that the call named.

        Raise MockError if the test case that is in use does not fit the machine.
        """
        outer = None if self._outer is None else self._outer.invoker(machine, test_case)
        clients = self.clients
        if self.recordings:
            recorded = (recording.begin(machine) for recording in reversed(self.recordings))
            clients = [*(answers for answers in recorded if answers is not None), *clients]
        return Invoker(self, machine, self.mock_configs.begin(machine, test_case), outer, clients)


class Invoker:
    """The answers to the Task states of one execution; the interpreter calls it as its ``invoke_task``.

    ``outer`` has the answers of the fake around the one of ``table``. ``clients`` answer the calls that no mock of the
    table answers.
    """

    __slots__ = ("_clients", "_outer", "_test_case", "machine", "table")

    def __init__(
        self,
        table: MockTable,
        machine: RegisteredMachine,
        test_case: RunningCase | None = None,
        outer: Invoker | None = None,
        clients: Sequence[AnswerUnmocked] = (),
    ) -> None:
        self.table = table
        self.machine = machine
        self._test_case = test_case
        self._outer = outer
        self._clients = clients

    def check_task(self, call: TaskCall) -> None:
        """Raise the error of a Task that can't start because its integration does not accept its parameters."""
        resource = resource_of(call.resource)
        if resource.activity is not None:
            self._check_activity(call)
            return
        if resource.is_lambda_invoke:
            refusal = invocation_refusal(call.document)
        else:
            integration = None if resource.is_lambda else integration_of(resource.key)
            if integration is None:
                return
            unchecked = call.unchecked_members
            refusal = request_refusal(call.document, integration, unchecked=unchecked)
            if refusal is not None and self._is_unchecked(call):
                refusal = request_refusal(call.document, integration, unchecked=unchecked, lets_new_members_pass=True)
        if refusal is not None:
            raise refusal

    def _check_activity(self, call: TaskCall) -> None:
        """Raise the error of a Task whose activity does not exist, unless a mock or a recorded execution answers it."""
        if not self._is_mocked(call) and self.table.check_activity is not None:
            self.table.check_activity(call)

    def _is_mocked(self, call: TaskCall) -> bool:
        test_case = self._test_case
        if test_case is not None and test_case.mocks(call.state_name):
            return True
        if len(self._clients) > len(self.table.clients):  # Those before them are recorded executions.
            return True
        if self._chosen(call, self.table.candidates_of(call)) is not None:
            return True
        return self._outer is not None and self._outer._is_mocked(call)

    def _is_unchecked(self, call: TaskCall) -> bool:
        """Return whether the mock that will answer a call switches off the checks against botocore's models."""
        mock = self._chosen(call, self.table.candidates_of(call))
        if mock is None:
            return self._outer is not None and self._outer._is_unchecked(call)
        return self.table.answers.mode_of(mock) == NONE

    def __call__(self, call: TaskCall) -> TaskAnswer | Submitted | NestedRun:
        """Return the answer to one attempt of a Task; raise a usage error if no mock answers.

        The answer of a function or a service to a Task that waits for a token is only the submission of its work.
        """
        table = self.table
        candidates = table.candidates_of(call)
        first = candidates.first
        if first is not None and candidates.first_is_final and self._test_case is None and first.take(call):
            return table.answers.answer(first, call, candidates, self.machine)
        answer = self._answer(call, candidates)
        if answer is None:
            answer = self._answer_unmocked(call, candidates)
        given = answer
        if candidates.error_of_result is not None and isinstance(answer, TaskAnswer):
            answer = settled(answer, candidates.error_of_result)
            if candidates.resource.key == HTTP_INVOKE:
                answer = _within_a_minute(answer)
        if candidates.waits_for_job and isinstance(answer, TaskAnswer) and isinstance(given, TaskAnswer):
            assert candidates.integration is not None
            return submitted_job(answer, given.result, candidates.integration, self.table.answers.random)
        if candidates.resource.waits_for_token and isinstance(answer, TaskAnswer) and answer.error is None:
            return Submitted(answer.result, answer.takes)
        return answer

    def _answer(self, call: TaskCall, candidates: Candidates) -> TaskAnswer | Submitted | NestedRun | None:
        """Return the answer of this fake's mocks and clients, or else of those of the fakes around it."""
        test_case = self._test_case
        if test_case is None or not test_case.mocks(call.state_name):
            mock, is_taken = taken_mock(candidates.tiers, call, candidates.resource)
        else:
            of_state = [tier for tier in candidates.tiers if isinstance(tier[0].target, StateTarget)]
            mock, is_taken = taken_mock(of_state, call, candidates.resource)
            if mock is None:
                return self.table.answers.whole(test_case.answer(call, candidates.resource), call, candidates)
        if mock is None or (not is_taken and self._outer is not None):
            answer = self._answer_farther(call, candidates)
            if mock is None or answer is not None:
                return answer
        if not is_taken:
            mock.record(call)
        return self.table.answers.answer(mock, call, candidates, self.machine)

    def _chosen(self, call: TaskCall, candidates: Candidates) -> TaskMock | None:
        return chosen_mock(candidates.tiers, call.document, candidates.resource)

    def _answer_farther(self, call: TaskCall, candidates: Candidates) -> TaskAnswer | Submitted | NestedRun | None:
        """Return the answer of this fake's clients, or else of the fakes around it; None if there is none."""
        answer = _first_answer(self._clients, call, candidates.resource.request)
        if answer is None and self._outer is not None:
            return self._outer._answer(call, self._outer.table.candidates_of(call))
        return answer

    def _answer_unmocked(self, call: TaskCall, candidates: Candidates) -> TaskAnswer | Submitted | NestedRun:
        if candidates.resource.activity is not None:
            return Submitted()
        answer = _first_answer(self.table.unmocked, call, candidates.resource.request)
        if answer is not None:
            return answer
        raise unmocked_task_error(
            call,
            machine=self.machine,
            called=self.table.called(call, candidates.resource, candidates.function),
            mocks=self.table.visible(),
            hint=self._hint(),
        )

    def _hint(self) -> str | None:
        hint = self.table.mock_configs.hint(self.machine, self._test_case)
        return self._outer._hint() if hint is None and self._outer is not None else hint


def _first_answer(
    answerers: Sequence[AnswerUnmocked], call: TaskCall, key: str
) -> TaskAnswer | Submitted | NestedRun | None:
    token = call_being_handled.set(call)  # An execution that starts now is a child of this call's execution.
    try:
        for answer_call in answerers:
            answer = answer_call(call, key)
            if answer is not None:
                return answer
    finally:
        call_being_handled.reset(token)
    return None


def _within_a_minute(answer: TaskAnswer) -> TaskAnswer:
    """Return the answer of an HTTP task. Documented: a call that takes longer than 60 seconds fails."""
    if answer.takes <= _HTTP_MICROSECONDS:
        return answer
    return TaskAnswer(None, HTTP_SOCKET, HTTP_SOCKET_CAUSE, _HTTP_MICROSECONDS)
