"""Small machines for the rows of the facts found by trial: executions through a boto3 client, and judged definitions.

Only what is sure of AWS's answer is stated; what isn't named may be anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any, Final

import pytest

from pytest_sfn_sync import SfnSync, SfnSyncUsageError, TaskError
from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.parsing.definition_parser import InvalidDefinitionError, parse_definition
from pytest_sfn_sync.tasks.integrations.definition_checks import KnownIntegrations
from tests.conformance.cases import ABSENT, FOLDER, Trial, TrialAnswer, parameters, trials
from tests.conformance.gaps import TRIAL_GAPS
from tests.conformance.judging import Note, judge, note
from tests.conformance.rules import hinders_measured

# Some trials are about paths that are warned of.
pytestmark = pytest.mark.filterwarnings("ignore::pytest_sfn_sync.DefinitionWarning")

EXECUTIONS = trials("execution")
VALIDATIONS = trials("validation")
INTEGRATIONS = KnownIntegrations()
START: Final = datetime(2026, 1, 5, 8, tzinfo=timezone.utc)

Statement = Callable[[Any, Any], "str | None"]
"""Tells what was stated and does not hold, or None: of what AWS answers, and of what came instead."""


@pytest.mark.parametrize("trial", parameters(EXECUTIONS))
def test_ends_as_on_aws(trial: Trial, client: Any, record_property: Note) -> None:
    note(record_property, "trials.json: executions", [f"row {trial.fact}"])
    _skip_what_is_hindered(trial)
    judge(case_id=trial.id, difference=execution_difference(trial, client), gaps=TRIAL_GAPS)


@pytest.mark.parametrize("trial", parameters(VALIDATIONS))
def test_is_judged_as_on_aws(trial: Trial, record_property: Note) -> None:
    note(record_property, "trials.json: definitions", [f"row {trial.fact}"])
    _skip_what_is_hindered(trial)
    judge(case_id=trial.id, difference=definition_difference(trial), gaps=TRIAL_GAPS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_every_gap_names_a_trial() -> None:
    assert TRIAL_GAPS.keys() <= {trial.id for trial in (*EXECUTIONS, *VALIDATIONS)}


def execution_difference(trial: Trial, client: Any) -> str | None:
    """Run a trial and tell the first thing stated of it that does not hold."""
    try:
        answer = _run(trial, client)
    except SfnSyncUsageError as refusal:
        return f"refused with {type(refusal).__name__}: {refusal}"
    return first_difference(trial.expected, answer, OF_EXECUTIONS)


def definition_difference(trial: Trial) -> str | None:
    """Judge the definition of a trial and tell the first thing stated of the verdict that does not hold."""
    found = _errors(trial)
    told = first_difference(trial.expected, found, OF_DEFINITIONS)
    return told and f"{told}; found: {', '.join(map(str, found)) or 'nothing'}"


def first_difference(expected: Mapping[str, Any], actual: Any, statements: Mapping[str, Statement]) -> str | None:
    """Tell the first of the things stated that does not hold, or None."""
    told = (statements[name](stated, actual) for name, stated in expected.items())
    return next((difference for difference in told if difference is not None), None)


def _skip_what_is_hindered(trial: Trial) -> None:
    hindrance = hinders_measured(trial)
    if hindrance is not None:
        pytest.skip(hindrance)


def _run(trial: Trial, client: Any) -> dict[str, Any]:
    with SfnSync(start_time=START) as sfn:
        machine = sfn.register("trial", trial.definition, type=trial.machine_type)
        for state, answers in trial.answers.items():
            *once, last = answers
            sfn.mock_task(state, **_mocked(last))
            for answer in reversed(once):  # The newest mock answers first.
                sfn.mock_task(state, **_mocked(answer), times=1)
        response: dict[str, Any] = client.start_sync_execution(stateMachineArn=machine.arn, input=trial.input)
    return response


def _mocked(answer: TrialAnswer) -> dict[str, Any]:
    """The arguments of a mock; an error given by its name alone gets the cause that the service gives it."""
    if answer.error is None:
        return {"returns": answer.returned, "takes": answer.takes}
    error = answer.error if answer.cause is None else TaskError(answer.error, answer.cause)
    return {"raises": error, "takes": answer.takes}


def _errors(trial: Trial) -> list[Diagnostic]:
    try:
        parse_definition(trial.definition, machine_type=trial.machine_type, integrations=INTEGRATIONS)
    except InvalidDefinitionError as refused:
        return refused.diagnostics
    return []


def _member(name: str) -> Statement:
    def compare(stated: Any, answer: dict[str, Any]) -> str | None:
        got = answer.get(name)
        return None if got == stated else f"{name}: stated {stated!r}, got {got!r} in {_told(answer)}"

    return compare


def _output(stated: Any, answer: dict[str, Any]) -> str | None:
    if "output" not in answer:
        return f"no output in {_told(answer)}"
    equal = _canonical(stated) == _canonical(json.loads(answer["output"]))
    return None if equal else f"output: stated {_canonical(stated)}, got {answer['output']}"


def _canonical(document: Any) -> str:
    """Write a document so that the order of keys does not matter, but 1 and 1.0 differ."""
    return json.dumps(document, sort_keys=True)


def _cause_contains(parts: list[str], answer: dict[str, Any]) -> str | None:
    missing = [part for part in parts if part not in answer.get("cause", "")]
    return f"the cause lacks {missing!r}: {_told(answer)}" if missing else None


def _seconds(stated: float, answer: dict[str, Any]) -> str | None:
    seconds = (answer["stopDate"] - answer["startDate"]).total_seconds()
    return None if seconds == stated else f"stated {stated} seconds, took {seconds}"


def _told(answer: dict[str, Any]) -> str:
    return repr({name: answer[name] for name in ("status", "output", "error", "cause") if name in answer})


def _accepted(stated: bool, found: list[Diagnostic]) -> str | None:
    return None if stated is not bool(found) else f"accepted: stated {stated}"


def _each(stated: list[str], found: list[Diagnostic], told: Callable[[Diagnostic], str | None]) -> str | None:
    missing = [one for one in stated if one not in map(told, found)]
    return f"not found: {missing!r}" if missing else None


def _all(stated: Iterable[str], found: list[Diagnostic]) -> str | None:
    equal = sorted(stated) == sorted(one.message for one in found)
    return None if equal else f"the messages are not {list(stated)!r}"


def _some_contain(parts: list[str], found: list[Diagnostic]) -> str | None:
    missing = [part for part in parts if not any(part in one.message for one in found)]
    return f"no message contains {missing!r}" if missing else None


def _codes(stated: Iterable[str], found: list[Diagnostic]) -> str | None:
    return None if set(stated) == {one.code for one in found} else f"the codes are not {sorted(stated)!r}"


OF_EXECUTIONS: Final[dict[str, Statement]] = {
    "status": _member("status"),
    "output": _output,
    "error": _member("error"),
    "cause": _member("cause"),
    "causeContains": _cause_contains,
    "seconds": _seconds,
}

OF_DEFINITIONS: Final[dict[str, Statement]] = {
    "accepted": _accepted,
    "codes": _codes,
    "messages": _all,
    "messageContains": _some_contain,
    "locations": lambda stated, found: _each(stated, found, lambda one: one.location),
}
