"""What tests ran of the same machine comes together, from several tests and from several processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.executions import recorders
from pytest_sfn_sync.workflow_coverage.recording import Recorder
from tests.machines import CHARGE, PASS
from tests.workflow_coverage import orders


def names_and_runs(recorder: Recorder) -> list[tuple[list[str], int]]:
    return [(machine.names, machine.all_that_ran().runs) for machine in recorder.machines]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "orders.asl.json"
    file.write_text(orders.TEXT, encoding="utf-8")
    return file


def test_tests_that_register_the_same_file_run_one_machine(file: Path) -> None:
    with orders.recording() as recorder:
        orders.run_orders(recorder, file, orders.SMALL)
        orders.run_orders(recorder, file, orders.LARGE, orders.TOO_LARGE)

    (machine,) = recorder.machines
    assert machine.names == ["orders"]
    assert machine.source == machine.file == str(file)
    assert machine.all_that_ran().runs == 3
    assert machine.places["/States/IsLarge"].line == 4


def test_the_names_of_a_file_are_put_together(file: Path) -> None:
    with orders.recording() as recorder:
        orders.run_orders(recorder, file, orders.SMALL)
        orders.run_orders(recorder, file, orders.SMALL, name="orders-eu")

    assert names_and_runs(recorder) == [(["orders", "orders-eu"], 2)]


def test_files_that_tests_write_to_temporary_folders_are_known_by_the_name_of_the_machine(tmp_path: Path) -> None:
    with orders.recording() as recorder:
        for folder in (tmp_path / "one", tmp_path / "two"):
            folder.mkdir()
            (folder / "orders.asl.json").write_text(orders.TEXT, encoding="utf-8")
            orders.run_orders(recorder, folder / "orders.asl.json", orders.SMALL)

    assert names_and_runs(recorder) == [(["orders"], 2)]
    assert recorder.machines[0].source is None


@pytest.mark.parametrize(
    ("temporary", "started_in", "is_temporary"),
    [
        pytest.param("tmp", "tmp/project/tests", False, id="a project among temporary files"),
        pytest.param("project/tmp", "project/tests", False, id="a project with a folder for temporary files"),
        pytest.param("project/definitions", "project/tests", True, id="temporary files in a project"),
    ],
)
def test_a_file_of_a_project_is_not_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, temporary: str, started_in: str, is_temporary: bool
) -> None:
    project = (tmp_path / started_in).parent
    file = project / "definitions" / "orders.asl.json"
    for folder in (project / "tests", file.parent):
        folder.mkdir(parents=True)
    file.write_text(orders.TEXT, encoding="utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / temporary))
    monkeypatch.chdir(project / "tests")

    with orders.recording(project) as recorder:
        orders.run_orders(recorder, file, orders.SMALL)

    assert recorder.machines[0].source == (None if is_temporary else str(file))


def test_values_of_placeholders_make_no_other_machine(file: Path) -> None:
    file.write_text('{"StartAt": "P", "States": {"P": {"Type": "Wait", "Seconds": ${Pause}, "End": true}}}')

    def pause(sfn: SfnSync, seconds: int) -> None:
        machine = sfn.register("pause", file, substitutions={"Pause": seconds})
        sfn.client().start_sync_execution(stateMachineArn=machine.arn)

    with orders.recording() as recorder:
        for seconds in (1, 2, 1):
            with SfnSync() as sfn:
                pause(sfn, seconds)

    assert names_and_runs(recorder) == [(["pause"], 3)]


def test_machines_that_come_from_no_file_are_told_apart_by_name_and_elements() -> None:
    def register(sfn: SfnSync) -> None:
        sfn.register("charge", CHARGE)
        sfn.register("greet", PASS)
        sfn.register("greet", CHARGE, replace=True)

    with orders.recording() as recorder:
        for _ in range(2):
            with SfnSync() as sfn:
                register(sfn)

    assert names_and_runs(recorder) == [(["charge"], 0), (["greet"], 0)]


def test_machines_that_never_ran_are_recorded_when_their_fake_forgets_them() -> None:
    def register_and_reset(sfn: SfnSync) -> None:
        sfn.register("charge", CHARGE)
        sfn.reset()
        sfn.register("greet", PASS)

    assert names_and_runs(orders.recorded(register_and_reset)) == [(["charge"], 0), (["greet"], 0)]


def test_an_execution_that_a_usage_error_ended_is_recorded_as_far_as_it_came() -> None:
    def run(sfn: SfnSync) -> None:
        machine = sfn.register("charge", CHARGE)
        with pytest.raises(Exception, match="has no mock"):
            sfn.client().start_sync_execution(stateMachineArn=machine.arn)
        sfn.usage_errors.clear()

    (machine,) = orders.recorded(run).machines

    assert machine.all_that_ran().entered == {"Charge": 1}
    assert machine.all_that_ran().left == {}


def test_counts_are_kept_by_context(file: Path) -> None:
    with orders.recording() as recorder:
        for context, order in (("one|run", orders.SMALL), ("two|run", orders.LARGE)):
            recorder.context = context
            orders.run_orders(recorder, file, order)

    (machine,) = recorder.machines
    assert {context: ran.entered["Review"] for context, ran in machine.ran.items()} == {"one|run": 0, "two|run": 1}


def test_what_another_process_recorded_is_added(file: Path) -> None:
    recorders = []
    for order in (orders.SMALL, orders.SMALL_AND_DECLINED):
        with orders.recording() as recorder:
            orders.run_orders(recorder, file, order)
        recorders.append(recorder)

    controller = Recorder()
    for recorder in recorders:
        controller.add_packed(recorder.packed())

    (machine,) = controller.machines
    (of_worker,) = recorders[0].machines
    ran = machine.all_that_ran()
    assert (machine.identity, machine.type, machine.definition) == (
        of_worker.identity,
        "EXPRESS",
        of_worker.definition,
    )
    assert (ran.runs, ran.entered["Charge"], ran.taken["/States/Charge/Catch[0]"]) == (2, 2, 1)


def test_nothing_is_recorded_where_nobody_wants_it() -> None:
    assert recorders.active == []

    with SfnSync() as sfn:
        machine: Any = sfn.register("greet", PASS)
        sfn.client().start_sync_execution(stateMachineArn=machine.arn)
