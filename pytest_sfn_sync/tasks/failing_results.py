"""Results by which a task fails: the service answered, and Step Functions turns its answer into an error.

The rule is the same for a mock's result and for a live client's: on AWS no state gets such a result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.task_call import TaskAnswer
from pytest_sfn_sync.tasks.integrations.job_table import job_of
from pytest_sfn_sync.tasks.integrations.jobs import ecs_refusal
from pytest_sfn_sync.tasks.integrations.service_errors import HTTP_STATUS, STATUS_TEXTS
from pytest_sfn_sync.tasks.lambda_functions import error_of_payload
from pytest_sfn_sync.tasks.resources import API_GATEWAY_INVOKE, HTTP_INVOKE, LAMBDA_INVOKE, Resource

ErrorOfResult: TypeAlias = Callable[[dict[str, JSON]], "tuple[str, str | None] | None"]
"""Returns the error and the cause of a task with this result; None if the task succeeds."""


def settled(answer: TaskAnswer, error_of_result: ErrorOfResult) -> TaskAnswer:
    """Return the answer that the state gets: an error, if the result says that the call failed."""
    result = answer.result
    if answer.error is not None or not isinstance(result, dict):
        return answer
    failure = error_of_result(result)
    return answer if failure is None else TaskAnswer(None, *failure, answer.takes)


def function_error(result: dict[str, JSON]) -> tuple[str, str | None] | None:
    """Return the error in a response of Lambda's Invoke; None if the function did not fail."""
    if not result.get("FunctionError"):
        return None
    return error_of_payload(_text_of(result.get("Payload")) or "")


def _failed_entries(result: dict[str, JSON]) -> tuple[str, str] | None:
    """Return the error of a call that did not accept all of its events; None if it did.

    Recorded: the error and the cause.
    """
    return ("EventBridge.FailedEntry", compact(result)) if result.get("FailedEntryCount") else None


def _api_status(result: dict[str, JSON]) -> tuple[str, str | None] | None:
    """Return the error of an API's status; None for a status that is not an error.

    Recorded: the cause is the body, for 403. Assumption: every status from 400 on is an error, and a body that is not
    JSON is the cause without changes.
    """
    status = _status_of(result)
    return None if status is None or status < 400 else (f"ApiGateway.{status}", _text_of(result.get("ResponseBody")))


def _http_status(result: dict[str, JSON]) -> tuple[str, str | None] | None:
    """Return the error of an HTTP task's status; the cause is only the status text, as users report from AWS."""
    status = _status_of(result)
    if status is None or 200 <= status < 300:
        return None
    text = result.get("StatusText")
    return f"{HTTP_STATUS}{status}", text if isinstance(text, str) else STATUS_TEXTS.get(status)


def _status_of(result: dict[str, JSON]) -> int | None:
    status = result.get("StatusCode")
    return int(status) if isinstance(status, int | float) and not isinstance(status, bool) else None


def _text_of(value: JSON) -> str | None:
    return value if value is None or isinstance(value, str) else compact(value)


def error_of_result(resource: Resource) -> ErrorOfResult | None:
    """Return the function for the results of a resource; None if none of them fails the task."""
    if resource.function is not None:
        return None
    job = job_of(resource.request)
    if job is not None:
        return job.failure
    return _ERRORS_OF_RESULTS.get(resource.key) or _ERRORS_OF_RESULTS.get(resource.request)


_ERRORS_OF_RESULTS: Final[dict[str, ErrorOfResult]] = {
    API_GATEWAY_INVOKE: _api_status,
    # Assumption: a callback of ECS fails as a job of ECS does, for which it is documented. Nothing was started that
    # could answer it. Without a pattern, the answer is the result.
    "ecs:runTask.waitForTaskToken": ecs_refusal,
    "events:putEvents": _failed_entries,
    HTTP_INVOKE: _http_status,
    LAMBDA_INVOKE: function_error,
}
"""The function for each integration, with or without its pattern."""
