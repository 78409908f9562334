"""Recorded executions are read in each form, and what they can't say is a usage error."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import MockError, RecordedHistory, SfnSync
from tests.recorded_histories.histories import (
    ARN,
    BUSY_ONCE,
    DESCRIBED,
    EXPRESS_ARN,
    event,
    log_event,
    with_details,
)

LOGGED = [log_event(recorded) for recorded in BUSY_ONCE]


def lines_of_logs() -> str:
    return "\n".join(json.dumps(one) for one in LOGGED) + "\n"


def use(history: Any, *arguments: Any) -> RecordedHistory:
    with SfnSync() as sfn:
        return sfn.use_history(history, *arguments)


@pytest.mark.parametrize(
    ("history", "arguments"),
    [
        pytest.param({"events": BUSY_ONCE}, (), id="a page"),
        pytest.param({"events": BUSY_ONCE[::-1]}, (), id="a page in reverse order"),
        pytest.param([{"events": BUSY_ONCE[7:]}, {"events": BUSY_ONCE[:7]}], (), id="two pages"),
        pytest.param(BUSY_ONCE, (), id="the events alone"),
        pytest.param({"events": BUSY_ONCE}, (DESCRIBED,), id="a page and its description"),
        pytest.param(LOGGED, (), id="the events of the logs"),
        pytest.param(
            {"events": [{"timestamp": 1, "message": json.dumps(one)} for one in LOGGED]}, (), id="get-log-events"
        ),
    ],
)
def test_each_form_is_read(history: Any, arguments: tuple[Any, ...]) -> None:
    recorded = use(history, *arguments)

    assert recorded.input == {"amount": 5}
    assert recorded.status == "SUCCEEDED"
    assert recorded.output == {"amount": 5, "payment": {"receipt": "R-7"}}
    assert (recorded.error, recorded.cause) == (None, None)
    assert recorded.path == ["Charge", "Save"]
    assert recorded.started_at == datetime(2026, 3, 2, 8, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("timestamp", "started_at"),
    [
        pytest.param("2026-03-02T09:00:00+01:00", datetime(2026, 3, 2, 8, tzinfo=timezone.utc), id="an offset"),
        pytest.param("2026-03-02T08:00:00Z", datetime(2026, 3, 2, 8, tzinfo=timezone.utc), id="Z"),
        pytest.param(1772438400.5, datetime(2026, 3, 2, 8, 0, 0, 500_000, tzinfo=timezone.utc), id="seconds"),
        pytest.param(datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 8, tzinfo=timezone.utc), id="a datetime"),
        pytest.param(None, None, id="no time"),
    ],
)
def test_each_form_of_a_time_is_read(timestamp: Any, started_at: datetime | None) -> None:
    assert use([{**BUSY_ONCE[0], "timestamp": timestamp}, *BUSY_ONCE[1:]]).started_at == started_at


@pytest.mark.parametrize(
    ("history", "arguments", "expected"),
    [
        pytest.param(BUSY_ONCE, (), (None, None, "STANDARD"), id="a history alone"),
        pytest.param(BUSY_ONCE, (DESCRIBED,), ("order-1", "orders", "STANDARD"), id="with its description"),
        pytest.param(LOGGED, (), ("order-1", "orders", "EXPRESS"), id="logs"),
    ],
)
def test_the_names_of_the_execution_are_read(history: Any, arguments: tuple[Any, ...], expected: Any) -> None:
    recorded = use(history, *arguments)

    assert (recorded.name, recorded.machine_name, recorded.type) == expected
    assert repr(recorded).startswith("<RecordedHistory 'order-1'" if recorded.name else "<RecordedHistory 'without a")


def test_a_folder_has_all_files_of_a_recording(tmp_path: Path) -> None:
    state_machine = {"stateMachineArn": "arn", "name": "orders", "definition": "{}"}
    contents = [{"events": BUSY_ONCE[:7]}, {"events": BUSY_ONCE[7:]}, DESCRIBED, state_machine]
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.json").write_text(json.dumps(content), encoding="utf-8")

    assert use(tmp_path).machine_name == "orders"


def test_a_file_has_the_log_events_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "logs.jsonl"
    path.write_text(lines_of_logs(), encoding="utf-8")

    assert use(str(path)).source == str(path)


MAP_RUN = event(3, "MapRunStarted", {"mapRunArn": "arn"})
NO_INPUT = with_details(BUSY_ONCE, 1, input=None)
TRUNCATED = with_details(BUSY_ONCE, 8, output="{", outputDetails={"truncated": True})
LOST_VARIABLES = with_details(BUSY_ONCE, 9, assignedVariablesDetails={"truncated": True})


@pytest.mark.parametrize(
    ("history", "message"),
    [
        pytest.param(
            TRUNCATED,
            "the history: event 8 (LambdaFunctionSucceeded): its output is truncated, so the recording can't say what "
            "it was. AWS cuts long data in histories and logs: replay an execution with smaller data, or mock the "
            "tasks by hand.",
            id="truncated data",
        ),
        pytest.param(
            LOST_VARIABLES,
            "the history: event 9 (TaskStateExited of state 'Charge'): its assignedVariables is truncated, so the "
            "recording can't say what it was. AWS cuts long data in histories and logs: replay an execution with "
            "smaller data, or mock the tasks by hand.",
            id="truncated variables",
        ),
        pytest.param(
            NO_INPUT,
            "the history: event 1 (ExecutionStarted): it has no input. Was the execution recorded without its data? "
            "Read it with aws stepfunctions get-execution-history --include-execution-data; the logs of an Express "
            "machine need the level ALL and includeExecutionData.",
            id="no execution data",
        ),
        pytest.param(
            with_details(BUSY_ONCE, 1, input="{"),
            "the history: event 1 (ExecutionStarted): its input is no JSON: '{'.",
            id="data that is no JSON",
        ),
        pytest.param(
            [*BUSY_ONCE[:2], MAP_RUN],
            "the history: event 3 (MapRunStarted): it ran a distributed Map, whose children are executions of their "
            "own: this history has none of their tasks. Record the children instead, or mock the tasks by hand.",
            id="a distributed Map",
        ),
        pytest.param(
            [*BUSY_ONCE[:2], event(3, "ExecutionAborted", {})],
            "the history: event 3 (ExecutionAborted): the execution was stopped from outside, so it has no end that a "
            "replay could repeat.",
            id="an execution that was stopped",
        ),
        pytest.param(
            [*BUSY_ONCE[:3], *BUSY_ONCE[4:]],
            "the history: of the events 1 to 15, these are missing: 4. A history comes in pages: give all of them, or "
            "read it again with aws stepfunctions get-execution-history --include-execution-data --execution-arn ... "
            "The logs of an Express machine need the level ALL.",
            id="a missing event",
        ),
        pytest.param(
            BUSY_ONCE[:9],
            "the history: the last event is 9 (TaskStateExited), not the end of the execution. Was it still running, "
            "or is a page missing?",
            id="no end",
        ),
        pytest.param(
            {"events": []},
            "the history has no events of an execution. Read them with aws stepfunctions get-execution-history "
            "--include-execution-data --execution-arn ...",
            id="no events",
        ),
        pytest.param(
            [LOGGED[0], {**LOGGED[1], "execution_arn": "arn:other"}],
            f"the history has the log events of 2 executions: {EXPRESS_ARN}, arn:other. Give those of one of them, "
            "filtered by execution_arn.",
            id="logs of two executions",
        ),
        pytest.param(
            [{"id": "one", "type": "ExecutionStarted", "previousEventId": 0}],
            "the history: this is no event of a history: {'id': 'one', 'type': 'ExecutionStarted', 'previousEventId': "
            "0}.",
            id="an id that is no number",
        ),
        pytest.param(
            {"States": {}},
            "the history: this is neither a history nor a description of an execution: {'States': {}}. A recording is "
            "what aws stepfunctions get-execution-history --include-execution-data --execution-arn ... and aws "
            "stepfunctions describe-execution write, or the log events of an Express machine.",
            id="a definition",
        ),
        pytest.param(
            [5],
            "the history: this is neither a history nor a description of an execution: 5. A recording is what aws "
            "stepfunctions get-execution-history --include-execution-data --execution-arn ... and aws stepfunctions "
            "describe-execution write, or the log events of an Express machine.",
            id="a number",
        ),
        pytest.param(
            {"events": [{"message": "START RequestId"}]},
            "The history the history can't be read as JSON: it has 'START RequestId'.",
            id="a log line that is no JSON",
        ),
        pytest.param(
            "s3://bucket/history.json",
            "The history s3://bucket/history.json can't be read: it is a URL, not a path; an object of S3 is not "
            "fetched: copy it to a file beside the test (aws s3 cp), and write the file's path.",
            id="a URL",
        ),
        pytest.param(
            [{"id": 10**9, "type": "ExecutionStarted", "previousEventId": 0}],
            "the history: this is no event of a history: {'id': 1000000000, 'type': 'ExecutionStarted', "
            "'previousEventId': 0}.",
            id="an id that no history has",
        ),
        pytest.param(
            [{"id": 1, "type": "ExecutionStarted", "previousEventId": 0, "timestamp": []}],
            "the history: this is no event of a history: {'id': 1, 'type': 'ExecutionStarted', 'previousEventId': 0, "
            "'timestamp': []}.",
            id="a time that is a list",
        ),
        pytest.param(
            with_details(BUSY_ONCE, 2, name=["Charge"]),
            "the history: event 2 (TaskStateEntered of state ['Charge']): its name is no text: ['Charge'].",
            id="a name that is a list",
        ),
        pytest.param(
            with_details(BUSY_ONCE, 3, resource=None),
            "the history: event 3 (LambdaFunctionScheduled): its resource is no text: None.",
            id="a resource that is null",
        ),
        pytest.param(
            [
                event(1, "ExecutionStarted", {"input": "{}"}),
                event(2, "MapStateEntered", {"name": "M", "input": "[1]"}),
                event(3, "MapStateStarted", {"length": 1}),
                event(4, "MapIterationStarted", {"name": "M", "index": "0"}),
                event(5, "ExecutionSucceeded", {"output": "[1]"}),
            ],
            "the history: event 4 (MapIterationStarted of state 'M'): its index is no number: '0'.",
            id="an index that is a text",
        ),
    ],
)
def test_what_a_recording_can_not_say_is_a_usage_error(history: Any, message: str) -> None:
    with SfnSync() as sfn, pytest.raises(MockError) as refused:
        sfn.use_history(history)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda path: None,
            "The history can't be read: there is no file 'h.json' in {folder}, which has no files.",
            id="no file",
        ),
        pytest.param(
            lambda path: path.mkdir(),
            "The folder {path} has no recorded execution: there is no *.json file in it.",
            id="an empty folder",
        ),
        pytest.param(
            lambda path: path.write_bytes(b"\xff"),
            "The history {path} can't be read: its file can't be read: ",
            id="not UTF-8",
        ),
    ],
)
def test_a_file_that_can_not_be_read_is_a_usage_error(
    make: Callable[[Path], Any], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "h.json"
    make(path)

    with SfnSync() as sfn, pytest.raises(MockError) as refused:
        sfn.use_history(path)

    assert str(refused.value).startswith(message.format(path=path, folder=tmp_path))


def test_the_arn_of_the_execution_is_that_of_its_description() -> None:
    from pytest_sfn_sync.recorded_histories.history_files import read_history

    assert read_history(BUSY_ONCE, DESCRIBED).execution_arn == ARN
