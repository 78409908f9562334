"""Runs one recorded case through a boto3 client: its machine, and its recorded task results as mocks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pytest_sfn_sync import Execution, SfnSync, TaskError
from tests.conformance.cases import Attempt, Case
from tests.conformance.handlers import HANDLERS
from tests.conformance.nested_machines import register_machines, waiting_states
from tests.conformance.wildcards import Wildcards, parsed

ACCOUNT = "111111111111"
LONGER_THAN_ANY_TIMEOUT = 100_000.0


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What the client got, and the execution as the fake recorded it."""

    response: dict[str, Any]
    execution: Execution

    @property
    def result(self) -> dict[str, Any]:
        """Status, output, error and cause in the shape of a case's ``expected``: output parsed, null where absent."""
        output = self.response.get("output")
        return {
            "status": self.response["status"],
            "output": None if output is None else parsed(output),
            "error": self.response.get("error"),
            "cause": self.response.get("cause"),
        }


def replay(case: Case, client: Any) -> Replayed:
    """Register, mock and run one case."""
    with SfnSync(account_id=ACCOUNT) as sfn:
        machine = sfn.register("replayed", case.wildcards.fill(case.definition), type="EXPRESS")
        _mock(sfn, case)
        response = client.start_sync_execution(
            stateMachineArn=machine.arn, input=json.dumps(case.wildcards.fill(case.input))
        )
        return Replayed(response=response, execution=sfn.executions[-1])


def replay_through_api(case: Case, client: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Create, mock, start and describe one case as STANDARD; return its result and its events, in pages of 20."""
    with SfnSync(account_id=ACCOUNT) as sfn:
        machine = client.create_state_machine(
            name="replayed",
            definition=json.dumps(case.wildcards.fill(case.definition)),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/replayed",
        )
        if case.waits_for_executions:
            register_machines(sfn, case, client)
        _mock(sfn, case)
        for name in case.activities:
            client.create_activity(name=name)
        started = client.start_execution(
            stateMachineArn=machine["stateMachineArn"], input=json.dumps(case.wildcards.fill(case.input))
        )
        arn = started["executionArn"]
        answer_from_outside(sfn, case, client)
        described = client.describe_execution(executionArn=arn)
        pages = client.get_paginator("get_execution_history").paginate(
            executionArn=arn, PaginationConfig={"PageSize": 20}
        )
        events = [event for page in pages for event in page["events"]]
    output = described.get("output")
    result = {
        "status": described["status"],
        "output": None if output is None else parsed(output),
        "error": described.get("error"),
        "cause": described.get("cause"),
    }
    return result, events


def _mock(sfn: SfnSync, case: Case) -> None:
    if case.attempts is None:
        _mock_functions(sfn, case)
        return
    real = waiting_states(case.definition) if case.waits_for_executions else ()
    for state, attempts in case.attempts.items():
        if state in real:
            continue
        for attempt in reversed(attempts):  # The newest mock answers first.
            if case.waits_for_token:
                sfn.mock_task(state, submits=case.wildcards.fill(attempt.submitted), times=1)
            elif not attempt.is_of_an_activity:
                _mock_attempt(sfn, state, attempt, case.wildcards)


def answer_from_outside(sfn: SfnSync, case: Case, client: Any) -> None:
    """Give the recorded answers to the tasks that wait for them, as a client or a worker does."""
    attempts = {state: iter(attempts) for state, attempts in (case.attempts or {}).items()}
    while sfn.pending:
        (task,) = sfn.pending
        attempt, token = next(attempts[task.state]), task.token
        if task.activity_arn is not None:
            worker = {} if case.worker is None else {"workerName": case.worker}
            assert client.get_activity_task(activityArn=task.activity_arn, **worker)["taskToken"] == token
        if attempt.never_answered:
            assert task.deadline is not None
            sfn.advance((task.deadline - task.since).total_seconds())
        elif attempt.succeeded:
            client.send_task_success(taskToken=token, output=json.dumps(case.wildcards.fill(attempt.returned)))
        else:
            failure = {"error": attempt.error, "cause": _cause_text(attempt)}
            client.send_task_failure(taskToken=token, **{name: text for name, text in failure.items() if text})


def _mock_attempt(sfn: SfnSync, state: str, attempt: Attempt, wildcards: Wildcards) -> None:
    """Mock one attempt; those of concurrent iterations are told apart by what they were given, the others by order."""
    conditions: dict[str, Any] = {"times": 1}
    if attempt.iteration:
        conditions["when"] = lambda payload: wildcards.difference(attempt.input, payload) is None
    if attempt.never_answered:
        sfn.mock_task(state, returns=None, takes=LONGER_THAN_ANY_TIMEOUT, **conditions)
    elif attempt.succeeded:
        sfn.mock_task(state, returns=wildcards.fill(attempt.returned), **conditions)
    else:
        sfn.mock_task(state, raises=TaskError(attempt.error, wildcards.fill(_cause_text(attempt))), **conditions)


def _cause_text(attempt: Attempt) -> str | None:
    """The cause as text; where only the parsed one was kept, as this kind of task writes it (recorded both ways)."""
    if attempt.cause_text is not None or attempt.cause is None:
        return attempt.cause_text
    if isinstance(attempt.cause, str):
        return attempt.cause
    direct = attempt.kind.startswith("LambdaFunction")
    return json.dumps(attempt.cause, separators=None if direct else (",", ":"))


def _mock_functions(sfn: SfnSync, case: Case) -> None:
    through_invoke = "optimized:lambda:invoke" in case.tags
    for function, source in case.handlers.items():
        HANDLERS[source](sfn, case.wildcards.fill(function), through_invoke)
