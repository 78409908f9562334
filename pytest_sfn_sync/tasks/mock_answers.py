"""The answer of one mock to one call, in the shape that the task's resource gives it.

A mock of a function that is called by ``lambda:invoke`` gets the event, and its result gets the envelope. Results and
error names of integrations are checked against botocore's service models.
"""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError
from pytest_sfn_sync.tasks.candidates import Candidates, MockUse, function_named, run_out_error
from pytest_sfn_sync.tasks.handed_tokens import HOW_TO_HAND_OUT, is_handed_out
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.mock_checks import (
    check_function_error,
    check_mock_error,
    check_mock_result,
    no_result_of,
    refused_nulls,
)
from pytest_sfn_sync.tasks.integrations.service_errors import (
    cause_of_lambda_service,
    cause_of_name,
    cause_of_role,
    client_error,
    response_of,
)
from pytest_sfn_sync.tasks.integrations.shapes import NONE
from pytest_sfn_sync.tasks.integrations.submissions import submission_output
from pytest_sfn_sync.tasks.lambda_exits import means_the_test
from pytest_sfn_sync.tasks.lambda_functions import (
    LambdaContext,
    answers_before_the_end,
    cause_of_lambda_name,
    envelope,
    event_of,
    failure_of,
    is_of_lambda,
)
from pytest_sfn_sync.tasks.lambda_response_checks import check_function_result, check_response
from pytest_sfn_sync.tasks.mock_targets import StateTarget
from pytest_sfn_sync.tasks.mocks import TaskMock, place_of
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE, FunctionName, Resource
from pytest_sfn_sync.tasks.responders import ResponsesRunOutError, no_error_of_an_integration
from pytest_sfn_sync.tasks.task_error import NamedError, TaskError

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine


class MockAnswers:
    """The answers of a fake's mocks; ``validate_mocks`` is the mode of checks for mocks without ``validate=``."""

    def __init__(self, *, random: Random, validate_mocks: str) -> None:
        self.random = random
        self.validate_mocks = validate_mocks

    def mode_of(self, mock: TaskMock) -> str:
        """Return how a mock is checked against the service's model: its own ``validate=``, or that of all mocks."""
        return self.validate_mocks if mock.validate is None else mock.validate

    def check_result(self, mock: TaskMock, result: JSON, integration: Integration, call: TaskCall | None) -> None:
        """Raise MockError if a mock's result is not one that the integration could return."""
        if result is None and mock.takes:
            return  # The mock is for its time: a task that times out has no result.
        mode = self.mode_of(mock)
        place = None if call is None else place_of(call)
        check_mock_result(result, integration, mode, mock=repr(mock), place=place)
        if mode != NONE and integration.key == LAMBDA_INVOKE:
            named = None if call is None else function_named(call.effective_input)
            check_response(result, mock=repr(mock), function=None if named is None else named[0], place=place)

    def answer(
        self, mock: TaskMock, call: TaskCall, candidates: Candidates, machine: RegisteredMachine
    ) -> TaskAnswer | Submitted:
        """Return the answer of the mock that was chosen for a call, and that has recorded it.

        A mock of a state that waits for a token answers the task as a whole, unless it is one with ``submits=``.
        """
        use = candidates.uses.get(mock)
        if use is None:
            use = candidates.uses[mock] = self._use_of(mock, call, candidates)
        answer = self._answer(mock, call, candidates, machine, use)
        if use.requests_of is not None and answer.error is None:
            _check_request(mock, call, use.requests_of)
        if not use.for_outside:
            return answer
        if candidates.resource.waits_for_callback and answer.error is None and not answer.takes:
            _check_token_is_handed_out(mock, call)
        return self.whole(answer, call, candidates)

    def _use_of(self, mock: TaskMock, call: TaskCall, candidates: Candidates) -> MockUse:
        resource, integration = candidates.resource, candidates.integration
        if mock.submits and not resource.waits_for_token:
            raise MockError(
                f"{mock!r}: submits= is for a Task that waits for a task token, and the state {call.state_name!r} has "
                f"the Resource {call.resource}. Give its result with returns=."
            )
        is_function = mock.target.stands_for_a_function
        in_envelope = is_function and resource.is_lambda_invoke
        for_outside = resource.waits_for_token and not mock.submits and isinstance(mock.target, StateTarget)
        return MockUse(
            in_envelope=in_envelope,
            integration=None if is_function or for_outside else integration,
            # The one parameter that lambda:invoke requires is the name by which the function was found.
            requests_of=None if in_envelope or self.mode_of(mock) == NONE else integration,
            for_outside=for_outside,
        )

    def whole(self, answer: TaskAnswer, call: TaskCall, candidates: Candidates) -> TaskAnswer | Submitted:
        """Return the answer for a Task whose work and result a test has written down."""
        if not candidates.resource.waits_for_token:
            return answer
        return Submitted(submission_output(candidates.integration, self.random), answer=answer)

    def _answer(
        self, mock: TaskMock, call: TaskCall, candidates: Candidates, machine: RegisteredMachine, use: MockUse
    ) -> TaskAnswer:
        call.answered_by = mock.described
        in_envelope, integration = use.in_envelope, use.integration
        if mock.constant is not None and not in_envelope:
            if integration is not None and integration.key not in mock.checked:
                self.check_result(mock, mock.constant.result, integration, call)
                mock.checked.add(integration.key)
            return mock.constant
        given = call.document
        if in_envelope:
            given = event_of(given)
            call.receive_event(given)
        try:
            result = mock.respond(given, call, partial(self._context, call, candidates.function, machine))
        except TaskError as error:
            # The error of raises= would keep the frames, and the fake with them, in memory.
            task_error = error.with_traceback(None)
        except SfnSyncUsageError:
            raise
        except ResponsesRunOutError as run_out:
            raise run_out_error(mock, run_out.count, call, given) from None
        except BaseException as exception:
            if means_the_test(exception):
                raise
            if in_envelope and answers_before_the_end(call.invocation):
                return self._enveloped(None, call, mock, candidates)
            failure = self._failure(exception, call, mock, candidates.resource, integration)
            exception.__traceback__ = None
            return TaskAnswer(None, *failure, mock.takes)
        else:
            if in_envelope:
                return self._enveloped(result, call, mock, candidates)
            if integration is not None:
                self.check_result(mock, result, integration, call)
            return TaskAnswer(result, None, None, mock.takes)
        if in_envelope and answers_before_the_end(call.invocation) and not is_of_lambda(task_error.error):
            return self._enveloped(None, call, mock, candidates)
        # Outside of the except clause, so that the error for a refused name is not shown as raised during another one.
        return self._failed(task_error, call, mock, candidates.resource, use)

    def _enveloped(self, result: JSON, call: TaskCall, mock: TaskMock, candidates: Candidates) -> TaskAnswer:
        """Return the answer for the result of a function that is called by ``lambda:invoke``."""
        if mock.has_literal_results:
            check_function_result(result, mock=repr(mock), place=place_of(call))
        wrapped, most_bytes = envelope(
            result,
            payload=call.invocation,
            called=candidates.function,
            random=self.random,
            at_microseconds=call.at_microseconds,
        )
        return TaskAnswer(wrapped, None, None, mock.takes, most_bytes)

    def _failed(self, error: TaskError, call: TaskCall, mock: TaskMock, resource: Resource, use: MockUse) -> TaskAnswer:
        """Return the answer for a TaskError; raise MockError if the integration has no error of that name."""
        cause = error.cause
        if error.error not in use.checked_errors:
            self._check_error(error.error, call, mock, resource, use)
            use.checked_errors.add(error.error)
        if use.integration is not None and isinstance(error, NamedError):
            cause = cause_of_name(error.error, use.integration, self.random)
        if cause is None and isinstance(error, NamedError):
            cause = cause_of_role(error.error, call.role_arn)
            if cause is None and resource.is_lambda:
                cause = self._cause_of_lambda_name(error.error, mock.takes, call)
        return TaskAnswer(None, error.error, cause, mock.takes)

    def _check_error(self, name: str, call: TaskCall, mock: TaskMock, resource: Resource, use: MockUse) -> None:
        """Raise MockError if the mock's integration, or the Lambda service, has no error of that name."""
        mode = self.mode_of(mock)
        if use.integration is not None:
            check_mock_error(name, use.integration, mode, mock=repr(mock), place=place_of(call))
        if resource.is_lambda and not use.for_outside:
            check_function_error(name, mode, mock=repr(mock), place=place_of(call))

    def _cause_of_lambda_name(self, name: str, takes: int, call: TaskCall) -> str | None:
        cause = cause_of_lambda_name(name, takes=takes, at_microseconds=call.at_microseconds, random=self.random)
        return cause or cause_of_lambda_service(name, self.random)

    def _failure(
        self,
        exception: BaseException,
        call: TaskCall,
        mock: TaskMock,
        resource: Resource,
        integration: Integration | None,
    ) -> tuple[str, str]:
        response = response_of(exception)
        if integration is not None and response is not None:
            return client_error(integration, response, self.random)
        if resource.is_lambda:
            return failure_of(exception, compact=resource.is_lambda_invoke, random=self.random)
        raise no_error_of_an_integration(exception, call, f"{mock!r}: it")

    def _context(
        self, call: TaskCall, function: FunctionName | None, machine: RegisteredMachine
    ) -> LambdaContext | None:
        if function is None:
            return None
        _, partition, _, region, account_id, *_ = machine.arn.split(":")
        return LambdaContext(
            function=function,
            arn=function.arn(partition=partition, region=region, account_id=account_id),
            request_id=random_uuid(self.random),
            at_microseconds=call.at_microseconds,
        )


def _check_request(mock: TaskMock, call: TaskCall, integration: Integration) -> None:
    nulls = refused_nulls(call.effective_input, integration)
    if nulls:
        raise no_result_of(call.effective_input, nulls, integration, mock=repr(mock), place=place_of(call))


def _check_token_is_handed_out(mock: TaskMock, call: TaskCall) -> None:
    """Raise MockError for the result of a Task that on AWS nobody could end: its token is in no parameter.

    Recorded: such a Task is legal, and waits until it times out.
    """
    if call.token is not None and not is_handed_out(call.token, call.effective_input):
        raise MockError(
            f"{mock!r} gives the result of a Task that waits for a task token, and hands it to nobody: the token is "
            "not in its Parameters or Arguments. On AWS nobody could answer, and the Task would wait until it times "
            "out.\n"
            f"  from     {place_of(call)}\n"
            f"{HOW_TO_HAND_OUT} "
            "To test the timeout, mock it with submits={} and advance the time."
        )
