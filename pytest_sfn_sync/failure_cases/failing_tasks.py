"""The failure cases of a definition: each task, with each error that its retriers and catchers name, and more.

The retriers and catchers of the states around a task count too. A task has these cases: each named error, an error that
nobody names, a timeout, and one failure for each of its retriers that then succeeds.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.asl.error_names import STATES_ALL, STATES_HEARTBEAT_TIMEOUT, STATES_TASK_FAILED, STATES_TIMEOUT
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import nearest
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.failure_cases.failure_case import (
    HEARTBEAT,
    TIMEOUT,
    UNNAMED,
    FailureCase,
    TaskFailure,
    parts_of,
)
from pytest_sfn_sync.shown_text import shown_names, shown_text, shown_value
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.text_files import about_missing_file
from pytest_sfn_sync.tasks.json_values import document_of

_FAILING_WITH: Final = {
    STATES_ALL: UNNAMED,
    STATES_TASK_FAILED: UNNAMED,
    STATES_TIMEOUT: TIMEOUT,
    STATES_HEARTBEAT_TIMEOUT: HEARTBEAT,
}
"""By the names that match many errors: the failure that stands for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A Task state with the handlers around it, its own first, and the failures that lead to it."""

    name: str
    fields: Mapping[str, Any]
    around: tuple[Mapping[str, Any], ...]
    after: tuple[TaskFailure, ...]

    def failure(self, error: str) -> TaskFailure:
        return TaskFailure(
            task=self.name,
            error=error,
            is_function=":lambda:" in str(self.fields.get("Resource")),
            has_heartbeat=self.has_heartbeat,
        )

    @property
    def has_heartbeat(self) -> bool:
        return "HeartbeatSeconds" in self.fields or "HeartbeatSecondsPath" in self.fields

    def cases(self) -> Iterator[tuple[TaskFailure, int | None]]:
        """Yield each failure of the task, with the number of failures before it succeeds, None for none."""
        handlers = [handler for state in self.around for kind in ("Retry", "Catch") for handler in state.get(kind, ())]
        named = [name for handler in handlers for name in handler["ErrorEquals"]]
        failures = {_FAILING_WITH.get(name, name): None for name in named}
        unnamed = (UNNAMED, TIMEOUT, HEARTBEAT) if self.has_heartbeat else (UNNAMED, TIMEOUT)
        for error in {**failures, **dict.fromkeys(unnamed)}:
            yield self.failure(error), None
        for error in dict.fromkeys(
            _first_of(retrier) for retrier in self.fields.get("Retry", ()) if retrier.get("MaxAttempts", 3)
        ):
            yield self.failure(error), 1


def cases_of(
    machine: str,
    definition: JSON,
    *,
    input: JSON = None,
    tasks: Collection[str] | None = None,
    type: str = "EXPRESS",
) -> list[FailureCase]:
    """Return the failure cases of a definition; ``tasks`` chooses some of its tasks.

    Raise MockError for a task that the machine does not have, and for a machine without tasks.
    """
    try:
        found = list(_tasks_of(definition, (), ()))
        cases = [(task, list(task.cases())) for task in found]
    except (AttributeError, KeyError, TypeError, RecursionError):
        raise MockError(
            f"failures: the definition of the machine {shown_value(machine)} has faults, so its tasks can't be listed. "
            "Register it, or run pytest --sfn-validate, to see them."
        ) from None
    names = [task.name for task in found]
    if not names:
        raise MockError(
            f"failures: the machine {shown_value(machine)} has no Task, so nothing in it can be made to fail."
        )
    chosen = names if tasks is None else list(tasks)
    for name in chosen:
        if name not in names:
            raise MockError(
                f"failures: the machine {shown_value(machine)} has no Task {shown_value(name)}. Nearest: "
                f"{nearest(name, names)}."
            )
    given = document_of({} if input is None else input, "the input of failures()")
    return [
        FailureCase(
            failure=failure,
            machine=machine,
            definition=definition,
            type=type,
            succeeds_after=times,
            after=task.after,
            input=given,
        )
        for task, failures in cases
        if task.name in chosen
        for failure, times in failures
    ]


def cases_of_file(
    definition: str | os.PathLike[str] | Mapping[str, Any],
    folder: Path,
    *,
    input: JSON = None,
    tasks: Collection[str] | None = None,
    name: str | None = None,
    type: str = "EXPRESS",
) -> list[FailureCase]:
    """Return the failure cases of a definition file, which is looked for in a folder first, or of a dict."""
    if isinstance(definition, Mapping):
        return cases_of(name or "machine", dict(definition), input=input, tasks=tasks, type=type)
    path = folder / definition
    if not path.exists():
        path = Path(definition)
    named = name or path.name.partition(".")[0]
    return cases_of(named, read_definition(path), input=input, tasks=tasks, type=type)


def read_definition(path: Path) -> JSON:
    """Return the document of a definition file; raise MockError if it is none."""
    try:
        document = read(SourceText.of_file(path), tags=lambda tag, value: value).document
    except FileNotFoundError:
        raise MockError(f"failures: {about_missing_file(path)}.") from None
    except (OSError, UnreadableSourceError, RecursionError) as error:
        raise MockError(f"failures: {shown_text(str(path))} can't be read: {shown_text(str(error))}.") from None
    if not isinstance(document, dict) or not isinstance(document.get("States"), dict):
        members = shown_names(document) if isinstance(document, dict) else "none"
        raise MockError(
            f"failures: {shown_text(str(path))} is no definition: it has no States, but these members: {members}. For "
            "a machine of a template, call sfn_sync.failures(machine) in the test."
        )
    return document


def _tasks_of(states: JSON, around: tuple[Mapping[str, Any], ...], after: tuple[TaskFailure, ...]) -> Iterator[_Task]:
    """Yield the tasks of a machine or of an inner one, in the order of the definition."""
    leads = _leads(states)
    for name, fields in states["States"].items():
        before = (*after, *leads.get(name, ()))
        handlers = (fields, *around)
        if fields.get("Type") == "Task":
            yield _Task(name=name, fields=fields, around=handlers, after=before)
        for part in parts_of(fields):
            yield from _tasks_of(part, handlers, before)


def _leads(states: JSON) -> dict[str, tuple[TaskFailure, ...]]:
    """Return, for each state that only a Catch leads to, the failures that lead to it."""
    by_name = states["States"]
    reached: dict[str, tuple[TaskFailure, ...]] = {}
    waiting: list[tuple[str, tuple[TaskFailure, ...]]] = [(states["StartAt"], ())]
    caught: list[tuple[str, tuple[TaskFailure, ...]]] = []
    while waiting or caught:
        # States that are reached without a further failure come first.
        name, lead = waiting.pop() if waiting else caught.pop(0)
        fields = by_name.get(name)
        if fields is None or name in reached:
            continue
        reached[name] = lead
        rules = [rule.get("Next") for rule in fields.get("Choices", ())]
        waiting += [(following, lead) for following in (fields.get("Next"), fields.get("Default"), *rules) if following]
        failing = _first_task(name, fields)
        if failing is not None:
            for catcher in fields.get("Catch", ()):
                caught.append((catcher["Next"], (*lead, failing.failure(_first_of(catcher)))))
    return reached


def _first_task(name: str, fields: Mapping[str, Any]) -> _Task | None:
    """Return a state that is a Task, or the first Task within it; None if there is none."""
    if fields.get("Type") == "Task":
        return _Task(name=name, fields=fields, around=(), after=())
    inner = (_first_task(*state) for part in parts_of(fields) for state in part["States"].items())
    return next((task for task in inner if task is not None), None)


def _first_of(handler: Mapping[str, Any]) -> str:
    """Return the failure that stands for a retrier or a catcher."""
    name: str = handler["ErrorEquals"][0]
    return _FAILING_WITH.get(name, name)
