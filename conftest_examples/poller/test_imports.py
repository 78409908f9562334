"""A poller sees the end of an execution at its first look. A redrive goes on with the rows that were not read."""

import json
from pathlib import Path

import pytest
from imports import failed_imports, run_import

from pytest_sfn_sync import TaskError


@pytest.fixture
def machine(sfn_sync):
    return sfn_sync.register("imports", Path(__file__).parent / "imports.asl.json", type="STANDARD")


def test_all_rows_are_read(sfn_sync, machine):
    sfn_sync.mock_lambda("read-row", calls=lambda row: row * 2)

    execution = run_import(machine.arn, [1, 2, 3])

    assert json.loads(execution["output"]) == [2, 4, 6]
    assert execution["redriveCount"] == 0


def test_a_row_that_failed_is_read_again(sfn_sync, machine):
    read = sfn_sync.mock_lambda("read-row", calls=lambda row: row * 2)
    sfn_sync.mock_lambda("read-row", raises=TaskError("Busy"), when=2, times=1)

    execution = run_import(machine.arn, [1, 2, 3])

    assert json.loads(execution["output"]) == [2, 4, 6]
    assert execution["redriveCount"] == 1
    assert read.payloads.count(1) == 1


def test_an_import_that_fails_for_good_is_listed(sfn_sync, machine):
    sfn_sync.mock_lambda("read-row", raises=TaskError("Broken"))

    execution = run_import(machine.arn, [1])

    assert (execution["status"], execution["error"]) == ("FAILED", "Broken")
    assert failed_imports(machine.arn) == [execution["name"]]
