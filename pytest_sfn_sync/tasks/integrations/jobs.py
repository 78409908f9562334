"""The jobs that tasks wait for with ``.sync``: the result of each, and how it shows that the job failed.

Documented: Step Functions starts the job and polls it until it has ended. The job as it is then is the result of the
task. A job that ended without success fails the task with ``States.TaskFailed``, and the job is the cause, as compact
JSON. Assumption: the results of services that are not recorded or documented are the answers of the calls that describe
their jobs, and so are the words for the end of a job, which are those of the service's own documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.tasks.integrations.java_names import lower_camel, optimized_member
from pytest_sfn_sync.tasks.integrations.service_models import Shape, service_model
from pytest_sfn_sync.tasks.json_values import member_path

TASK_FAILED: Final = "States.TaskFailed"
"""The error of a task whose job ended without success."""

Path: TypeAlias = tuple[str, ...]
"""Names of members; ``0`` is the first item of a list."""

_FIRST: Final = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A kind of job.

    ``service`` is botocore's name, and ``operation`` describes a job; ``stop`` stops one, if that is known. ``given``
    and ``stop_given`` have their parameters (`parameters`). ``found`` is the path from the operation's answer to the
    job. The result is the job, as the member ``member`` of an object if that is given.
    ``status`` is the path in the result to the word for the state of the job. ``names`` has the members of the answer
    to the start that have another name in the result.
    """

    service: str
    operation: str | None
    given: tuple[tuple[str, str], ...]
    stop: str | None
    stop_given: tuple[tuple[str, str], ...]
    found: Path
    member: str | None
    status: Path
    succeeded: frozenset[str]
    failed: frozenset[str]
    names: dict[str, Path]

    def shape(self) -> Shape | None:
        """Return the shape of the job itself; None if it is not known."""
        if self.operation is None:
            return None
        shape = service_model(self.service).shape(lower_camel(self.operation), "output", optimized_member)
        assert shape is not None, "an operation that describes a job has an answer"
        for name in self.found:
            shape = shape.item if name == _FIRST else shape.members[name]
        return shape

    def result_of(self, answer: JSON) -> JSON:
        """Return the result for an answer of the operation; MISSING if there is no job in it."""
        found = value_at(answer, self.found)
        return found if self.member is None or found is MISSING else {self.member: found}

    def job_in(self, result: JSON) -> JSON:
        """Return the job in a result, which is checked against `shape`; MISSING if it is not there."""
        return value_at(result, () if self.member is None else (self.member,))

    def fault_of_envelope(self, result: JSON) -> str | None:
        """Return what is wrong with a result that has the job at another place than AWS; None if it has it there."""
        shape = self.shape()
        if shape is None or not isinstance(result, dict):
            return None
        known = shape.members if self.member is None else (self.member,)
        if self.found and self.found[0] in result and self.found[0] not in known:
            place = "".join("[0]" if name == _FIRST else f"[{name!r}]" for name in self.found)
            envelope = "" if self.member is None else f", as the member {self.member!r}"
            return f"It is the answer of {self.operation}. The result of the task is the job in it, {place}{envelope}."
        if len(self.status) > 1 and self.status[0] not in result and self.status[1] in result:
            return f"The job is the member {self.status[0]!r} of the result: {{{self.status[0]!r}: {{...}}}}."
        return None

    def status_of(self, result: JSON) -> str | None:
        """Return the word for the state of the job; None if the result has none."""
        # A job whose result is not known may be at another place.
        for path in (self.status,) if self.operation else (self.status, self.status[1:]):
            status = value_at(result, path) if path else MISSING
            if isinstance(status, str):
                return status
        return None

    def has_ended(self, result: JSON) -> bool:
        """Return whether a job has ended; one without a word for its state has."""
        status = self.status_of(result)
        return status is None or status in self.succeeded or status in self.failed

    def failure(self, result: JSON) -> tuple[str, str] | None:
        """Return the error and the cause of the task for a job that ended without success; None if it succeeded."""
        return (TASK_FAILED, compact(result)) if self.status_of(result) in self.failed else None

    def is_gone(self, response: Mapping[str, Any]) -> bool:
        """Return whether an error of the operation means that the deletion of the resource has ended."""
        return _GONE in self.succeeded and response.get("Error", {}).get("Code") == "ResourceNotFoundException"

    def refusal(self, answer: JSON) -> tuple[str, str] | None:
        """Return the error and the cause of the task for an answer that started no job; None if it started one."""
        return None

    def submitted(self, result: JSON, start: Shape | None) -> dict[str, JSON]:
        """Return the answer to the call that started a job, as far as the job itself shows it.

        ``start`` is the shape of that answer. Assumption: what the job does not show is left out; no state sees it.
        """
        if not isinstance(result, dict) or start is None:
            return {}
        found = {name: value_at(result, self.names.get(name, (name,))) for name in sorted(start.members)}
        return {name: value for name, value in found.items() if isinstance(value, str | int | float)}

    @property
    def status_path(self) -> str:
        """The path of the word for the state of the job, for messages."""
        path = "$"
        for name in self.status:
            path = member_path(path, name)
        return path


def parameters(given: Iterable[tuple[str, str]], request: JSON, start: JSON) -> dict[str, JSON]:
    """Return the parameters of a call about a job.

    Each has a path in the answer to the call that started the job or, after ``request``, in the request. Brackets make
    it a list of one item, and quotes a text. A parameter that is at neither place is left out.
    """
    found: dict[str, JSON] = {}
    for name, source in given:
        first, *rest = source.strip("[]").split(".")
        if source.startswith("'"):
            value: JSON = source.strip("'")
        else:
            value = value_at(request, tuple(rest)) if first == "request" else value_at(start, (first, *rest))
        if value is not MISSING:
            found[name] = [value] if source.startswith("[") else value
    return found


class ParsedExecution(Job):
    """An execution of ``.sync:2``: its input and its output are documents (recorded)."""

    def job_in(self, result: JSON) -> JSON:
        """Return the execution without its documents, which may be anything."""
        if not isinstance(result, dict):
            return result
        return {name: value for name, value in result.items() if name not in ("Input", "Output")}


class EcsTask(Job):
    """A task of ECS: its containers show whether it failed."""

    def failure(self, result: JSON) -> tuple[str, str] | None:
        """Return the error and the cause.

        Measured: the cause is the task, for a container that exited with another code than 0. Documented: a task that
        could not start fails too, and failures in the answer to the start are ``AmazonECS.Unknown``.
        """
        refusal = self.refusal(result)
        if refusal is not None or not isinstance(result, dict):
            return refusal
        containers = result.get("Containers")
        codes = [value_at(one, ("ExitCode",)) for one in containers] if isinstance(containers, list) else []
        if any(code not in (MISSING, None, 0) for code in codes) or result.get("StopCode") == _NOT_STARTED:
            return TASK_FAILED, compact(result)
        return None

    def refusal(self, answer: JSON) -> tuple[str, str] | None:
        """Return the error and the cause of an answer with failures. Assumption: the cause is the answer."""
        return ecs_refusal(answer) if isinstance(answer, dict) else None


def ecs_refusal(answer: dict[str, JSON]) -> tuple[str, str] | None:
    """Return the error and the cause for an answer of RunTask with failures: no task of ECS was started."""
    return (_ECS_UNKNOWN, compact(answer)) if answer.get("Failures") else None


class KubernetesJob(Job):
    """A job of Kubernetes: its conditions show whether it failed."""

    def failure(self, result: JSON) -> tuple[str, str] | None:
        """Return the error and the cause. Assumption: a job with the condition ``Failed`` fails the task."""
        conditions = value_at(result, ("Status", "Conditions"))
        if conditions is MISSING:
            conditions = value_at(result, ("status", "conditions"))
        for condition in conditions if isinstance(conditions, list) else []:
            members = {name.lower(): value for name, value in condition.items()} if isinstance(condition, dict) else {}
            if members.get("type") == "Failed" and members.get("status") in ("True", True):
                return TASK_FAILED, compact(result)
        return None


def value_at(document: Any, path: Path) -> Any:
    """Return the value at a path of members and first items; MISSING if there is none."""
    for name in path:
        if name == _FIRST:
            document = document[0] if isinstance(document, list) and document else MISSING
        else:
            document = document.get(name, MISSING) if isinstance(document, Mapping) else MISSING
    return document


_GONE: Final = "DELETED"
_ECS_UNKNOWN: Final = "AmazonECS.Unknown"
_NOT_STARTED: Final = "TaskFailedToStart"
