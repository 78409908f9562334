"""Reads the recorded cases from the sibling folder `shared/conformance` and gives them names and types.

Nothing is judged here: what a recorded value may stand for is the business of `wildcards`, which cases can be replayed
at all that of `rules`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.wildcards import Wildcards

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance"
ABSENT = f"the recorded cases are not here: looked for {FOLDER}"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One recorded attempt of a Task state: what it was given and what came of it."""

    kind: str
    input: Any
    iteration: tuple[int, ...]
    returned: Any
    error: str
    cause: Any
    cause_text: str | None
    submitted: Any = None
    """What the service answered when the work was submitted; None if the task does not wait for a token."""

    @property
    def never_answered(self) -> bool:
        """Whether the task took longer than it was allowed, or was cut off while it ran."""
        return self.kind.endswith("TimedOut") or self.kind == "TaskStateAborted"

    @property
    def is_of_an_activity(self) -> bool:
        """Whether a worker of an activity did the task."""
        return self.kind.startswith("Activity")

    @property
    def succeeded(self) -> bool:
        """Whether the task answered with a result."""
        return self.kind.endswith("Succeeded")


@dataclass(frozen=True, kw_only=True)
class OtherMachine:
    """A machine beside that of a case, which its execution starts."""

    arn: str
    type: str
    definition: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One recorded execution: a machine, its input, what its tasks answered, and what AWS made of it."""

    id: str
    definition: dict[str, Any]
    input: Any
    attempts: dict[str, list[Attempt]] | None
    handlers: dict[str, str]
    expected: dict[str, Any]
    events: list[dict[str, Any]] | None
    wildcards: Wildcards
    tags: frozenset[str]
    recorded: str
    other_machines: tuple[OtherMachine, ...] = ()

    @property
    def waits_for_executions(self) -> bool:
        """Whether a task waits for the end of an execution of another machine."""
        return {"nested-sfn", "sync"} <= self.tags

    @property
    def waits_for_token(self) -> bool:
        """Whether tasks of the machine wait for the answer to a task token."""
        return "wait-for-task-token" in self.tags

    @property
    def activities(self) -> list[str]:
        """The names of the activities of the machine."""
        texts = (value for value in self.wildcards.fillings.values() if ":activity:" in value)
        return [text.rpartition(":")[2] for text in texts]

    @property
    def worker(self) -> str | None:
        """The name of the worker that did the tasks of activities; None if it gave none."""
        begun = [event for event in self.events or [] if event["type"] == "ActivityStarted"]
        return begun[0]["details"].get("workerName") if begun else None

    @property
    def uses_jsonata(self) -> bool:
        """Whether any state of the machine, or the machine itself, speaks JSONata."""
        return "uses-jsonata" in self.tags or speaks_jsonata(self.definition)


@dataclass(frozen=True, kw_only=True)
class MeasuredCase:
    """One execution that somebody measured on AWS and published; only what was stated of it is expected."""

    id: str
    source: str
    definition: dict[str, Any] | None
    input: Any
    state_machine_arn: str | None
    expected: dict[str, Any]

    @property
    def uses_jsonata(self) -> bool:
        """Whether any state of the machine, or the machine itself, speaks JSONata."""
        return self.definition is not None and speaks_jsonata(self.definition)


@dataclass(frozen=True, kw_only=True)
class ValidationCase:
    """One definition and the verdict on it; of each diagnostic only what was stated is expected."""

    id: str
    definition: Any
    accepted: bool
    machine_type: str
    diagnostics: list[dict[str, Any]] | None
    message: str | None = None
    wildcards: Wildcards = field(default_factory=Wildcards)

    @property
    def uses_jsonata(self) -> bool:
        """Whether any state of the machine, or the machine itself, speaks JSONata."""
        return speaks_jsonata(self.definition)


@dataclass(frozen=True, kw_only=True)
class TrialAnswer:
    """What a task answers to one attempt of a trial: a result or an error, and the seconds that it takes."""

    returned: Any
    error: str | None
    cause: str | None
    takes: float


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A small machine for one row of the facts; only what is sure of AWS's answer is expected."""

    id: str
    fact: str
    definition: dict[str, Any]
    machine_type: str
    input: str
    answers: dict[str, list[TrialAnswer]]
    expected: dict[str, Any]

    @property
    def uses_jsonata(self) -> bool:
        """Whether any state of the machine, or the machine itself, speaks JSONata."""
        return speaks_jsonata(self.definition)


def speaks_jsonata(definition: Any) -> bool:
    """Whether ``QueryLanguage`` is set anywhere in a definition to what behaves as JSONata: all but ``JSONPath``."""
    if isinstance(definition, dict):
        if definition.get("QueryLanguage", "JSONPath") != "JSONPath":
            return True
        return any(speaks_jsonata(value) for value in definition.values())
    return isinstance(definition, list) and any(speaks_jsonata(item) for item in definition)


def executions() -> list[Case]:
    """Read executions.json."""
    return [_case(record) for record in records("executions.json")]


def measured_executions() -> list[MeasuredCase]:
    """Read the cases of kind ``execution`` from measured.json."""
    return [
        MeasuredCase(
            id=record["id"],
            source=record["source"],
            definition=record.get("definition"),
            input=record.get("input", {}),
            state_machine_arn=record.get("stateMachineArn"),
            expected=record["expected"],
        )
        for record in records("measured.json")
        if record["kind"] == "execution"
    ]


def measured_expressions() -> list[MeasuredCase]:
    """Read the cases of kind ``jsonata`` from measured.json, each as an execution of one state with the expression."""
    return [
        MeasuredCase(
            id=record["id"],
            source=record["source"],
            definition=_machine_of_one_field(record["state"], record["field"], f"{{% {record['expression']} %}}"),
            input=record["input"],
            state_machine_arn=None,
            expected=_expected_of_expression(record["expected"]),
        )
        for record in records("measured.json")
        if record["kind"] == "jsonata"
    ]


def measured_validations() -> list[ValidationCase]:
    """Read the cases of kind ``validation`` from measured.json."""
    return [
        ValidationCase(
            id=record["id"],
            definition=record["definition"],
            accepted=record["expected"]["result"] == "OK",
            machine_type=record.get("type", "STANDARD"),
            diagnostics=record["expected"].get("diagnostics"),
        )
        for record in records("measured.json")
        if record["kind"] == "validation"
    ]


def recorded_validations() -> list[ValidationCase]:
    """Read the verdicts on definitions from validation.json."""
    return [
        ValidationCase(
            id=record["id"],
            definition=record["definition"],
            accepted=record["accepted"],
            machine_type=record["type"],
            diagnostics=record.get("diagnostics"),
            message=record.get("error", {}).get("message"),
            wildcards=Wildcards.of({"placeholders": {}, **record}),
        )
        for record in records("validation.json")
        if _is_about_the_definition(record)
    ]


def trials(kind: str) -> list[Trial]:
    """Read the trials of one kind, ``execution`` or ``validation``, from trials.json."""
    return [
        Trial(
            id=record["id"],
            fact=str(record["fact"]),
            definition=record["definition"],
            machine_type=record["type"],
            input=record.get("input", "{}"),
            answers={state: _trial_answers(given) for state, given in record.get("tasks", {}).items()},
            expected=record["expected"],
        )
        for record in records("trials.json")
        if record["kind"] == kind
    ]


def parameters(
    cases: Sequence[Case] | Sequence[MeasuredCase] | Sequence[ValidationCase] | Sequence[Trial],
) -> list[Any]:
    """Make the parameters of a test out of cases; a single skipped one where the folder is absent."""
    if not FOLDER.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="no data")]
    return [pytest.param(case, id=case.id.replace("::", ".")) for case in cases]


_STATES: dict[str, dict[str, Any]] = {
    "Output": {"Type": "Pass", "End": True},
    "Seconds": {"Type": "Wait", "End": True},
    "Timestamp": {"Type": "Wait", "End": True},
    "Error": {"Type": "Fail"},
    "Cause": {"Type": "Fail"},
    "Items": {
        "Type": "Map",
        "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}},
        "End": True,
    },
}
"""By the field that an expression was measured in: a state that has it, and needs nothing else."""


def _machine_of_one_field(state: str, name: str, value: str) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": state, "States": {state: {**_STATES[name], name: value}}}


def _expected_of_expression(expected: dict[str, Any]) -> dict[str, Any]:
    if "value" in expected:
        return {"status": "SUCCEEDED", "output": expected["value"]}
    return {"status": "FAILED", **expected}


def _is_about_the_definition(record: dict[str, Any]) -> bool:
    """Whether a verdict is on the definition; a name that is taken or a missing log group are of no interest here."""
    return bool(record["accepted"] or record.get("diagnostics") or record["error"]["code"] == "InvalidDefinition")


def records(file: str) -> list[dict[str, Any]]:
    """Read a file of recorded cases as it stands; none where it is absent."""
    path = FOLDER / file
    if not path.is_file():
        return []
    read: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _case(record: dict[str, Any]) -> Case:
    mocks = record["mocks"]
    return Case(
        id=record["id"],
        definition=record["definition"],
        input=record["input"],
        attempts=None if mocks is None else {name: [_attempt(a) for a in mocked] for name, mocked in mocks.items()},
        handlers=record.get("handlers", {}),
        expected=record["expected"],
        events=record["events"],
        wildcards=Wildcards.of(record),
        tags=frozenset(record["tags"]),
        recorded=record["recorded"],
        other_machines=tuple(
            OtherMachine(arn=other["arn"], type=other["type"], definition=other["definition"])
            for other in record.get("other_machines", ())
        ),
    )


def _attempt(record: dict[str, Any]) -> Attempt:
    thrown = record.get("throw", {})
    return Attempt(
        kind=record["kind"],
        input=record["input"],
        iteration=tuple(level["index"] for level in record.get("iteration", ())),
        returned=record.get("return"),
        error=thrown.get("error", ""),
        cause=thrown.get("cause"),
        cause_text=thrown.get("cause_text"),
        submitted=record.get("submitted"),
    )


def _trial_answers(given: Any) -> list[TrialAnswer]:
    return [_trial_answer(answer) for answer in (given if isinstance(given, list) else [given])]


def _trial_answer(record: dict[str, Any]) -> TrialAnswer:
    thrown = record.get("throw", {})
    return TrialAnswer(
        returned=record.get("return"),
        error=thrown.get("error"),
        cause=thrown.get("cause"),
        takes=record.get("takes", 0),
    )
