"""Mock config files of Step Functions Local beside what AWS answered, run by ``stateMachineArn#Case``.

What is legal as EXPRESS runs through StartSyncExecution, the rest as STANDARD through StartExecution.

Each recording has two halves: a run on AWS with real services, and the mock config file that stands in for them. What
the file can't know, such as the metadata of a response, is named by the recording's ``skip_paths`` and not compared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import pytest

from pytest_sfn_sync import Execution, SfnSync
from tests.conformance.cases import ABSENT, FOLDER, records
from tests.conformance.gaps import LOCAL_MOCKING_GAPS
from tests.conformance.histories import as_express, details_difference, history_difference
from tests.conformance.judging import Note, judge, note
from tests.conformance.replay import ACCOUNT
from tests.conformance.wildcards import Wildcards, parsed

EXPRESS: Final = "express-applicable"
NOT_YET: Final = "distributed-map"
"""The tag of what is not replayed yet."""

ANYWHERE: Final = "$.."
IN_EVENTS: Final = "$..events.."
MACHINE: Final = "replayed"


@dataclass(frozen=True, kw_only=True)
class MockedRun:
    """One recording with its mock config file; keys in ``skipped`` are not compared, wherever they stand."""

    id: str
    mock_config: dict[str, Any]
    test_case: str
    definition: dict[str, Any]
    input: Any
    expected: dict[str, Any]
    events: list[dict[str, Any]] | None
    skipped: frozenset[str]
    skipped_in_events: frozenset[str]
    wildcards: Wildcards
    tags: frozenset[str]

    @property
    def is_express(self) -> bool:
        """Whether the run is legal as EXPRESS."""
        return EXPRESS in self.tags

    def without_skipped(self, document: Any, *, in_events: bool = False) -> Any:
        """Leave out of a recorded or an actual value what is not compared."""
        skipped = self.skipped | self.skipped_in_events if in_events else self.skipped
        return _without(document, skipped)


def _without(document: Any, skipped: frozenset[str]) -> Any:
    if isinstance(document, dict):
        return {key: _without(value, skipped) for key, value in document.items() if key not in skipped}
    if isinstance(document, list):
        return [_without(item, skipped) for item in document]
    if isinstance(document, str) and document.startswith("{") and not isinstance(parsed(document), str):
        return json.dumps(_without(parsed(document), skipped))  # events hold documents as texts
    return document


def _run(record: dict[str, Any]) -> MockedRun:
    paths = record["skip_paths"]
    in_events = {path.removeprefix(IN_EVENTS) for path in paths if path.startswith(IN_EVENTS)}
    anywhere = {path.removeprefix(ANYWHERE) for path in paths if not path.startswith(IN_EVENTS)}
    config = dict(record["mock_config"])
    # The recorded name holds a placeholder, which is no name for a machine.
    config["StateMachines"] = {MACHINE: config["StateMachines"][record["state_machine_name"]]}
    wildcards = Wildcards.of(record)
    return MockedRun(
        id=record["id"],
        mock_config=wildcards.fill(config),
        test_case=record["test_case"],
        definition=wildcards.fill(record["definition"]),
        input=wildcards.fill(record["input"]),
        expected=record["expected"],
        events=None if "events" in anywhere else record["events"],
        skipped=frozenset(anywhere),
        skipped_in_events=frozenset(in_events),
        wildcards=wildcards,
        tags=frozenset(record["tags"]),
    )


RUNS = [_run(record) for record in records("local_mocking.json")]


def parameters(runs: list[MockedRun]) -> list[Any]:
    if not FOLDER.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="no data")]
    return [pytest.param(run, id=run.id.replace("::", ".")) for run in runs]


@pytest.mark.parametrize("run", parameters(RUNS))
def test_ends_as_on_aws(run: MockedRun, client: Any, record_property: Note) -> None:
    note(record_property, "local_mocking.json: results", run.tags)
    _skip_what_is_not_replayed(run)
    response = _replayed(run, client)[0]
    output = response.get("output")
    result = {
        "status": response["status"],
        "output": None if output is None else parsed(output),
        "error": response.get("error"),
        "cause": response.get("cause"),
    }
    expected = run.without_skipped(as_express(run.expected) if run.is_express else run.expected)
    judge(case_id=run.id, difference=details_difference(expected, run.without_skipped(result), run.wildcards), gaps={})


@pytest.mark.parametrize("run", parameters([run for run in RUNS if run.events is not None]))
def test_has_the_history_of_aws(run: MockedRun, client: Any, record_property: Note) -> None:
    note(record_property, "local_mocking.json: events", run.tags)
    _skip_what_is_not_replayed(run)
    history = run.without_skipped(_replayed(run, client)[1].history, in_events=True)
    recorded = run.without_skipped(run.events, in_events=True)
    machine_type = "EXPRESS" if run.is_express else "STANDARD"
    difference = history_difference(recorded, history, run.wildcards, machine_type=machine_type)
    judge(case_id=run.id, difference=difference, gaps=LOCAL_MOCKING_GAPS)


def _skip_what_is_not_replayed(run: MockedRun) -> None:
    if NOT_YET in run.tags:
        pytest.skip("a distributed Map is not replayed here")


def _replayed(run: MockedRun, client: Any) -> tuple[dict[str, Any], Execution]:
    """Return the description of the execution, and the execution."""
    with SfnSync(account_id=ACCOUNT) as sfn:
        machine = sfn.register(MACHINE, run.definition, type="EXPRESS" if run.is_express else "STANDARD")
        sfn.use_mock_config(run.mock_config)
        arguments = {"stateMachineArn": f"{machine.arn}#{run.test_case}", "input": json.dumps(run.input)}
        if run.is_express:
            client.start_sync_execution(**arguments)
            return sfn.last_execution.response or {}, sfn.last_execution
        started = client.start_execution(**arguments)
        return client.describe_execution(executionArn=started["executionArn"]), sfn.last_execution
