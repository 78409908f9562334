"""``pytest --sfn-from-history`` writes a test file for a recorded execution, and runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_sfn_sync.recorded_histories.written_tests import _from
from tests.plugin.conftest import PLAIN
from tests.recorded_histories.histories import BUSY_ONCE, DECLINED, DESCRIBED, ORDERS

WRITTEN = '''"""What an execution of the state machine orders did on AWS, replayed on its definition.

Recorded: SUCCEEDED on 2026-03-02, Charge -> Save
Written by pytest --sfn-from-history. The file is yours to change.
"""

import pytest


@pytest.mark.sfn_machine("orders", "statemachines/orders.asl.json", type="STANDARD")
@pytest.mark.sfn_history("history.json", machine="orders")
def test_orders_as_recorded(sfn_sync):
    # The first step that differs from the recording fails the test. ignoring=["$.TableName"] leaves out a place.
    sfn_sync.histories[0].replay("orders")
'''


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    (pytester.path / "statemachines").mkdir()
    (pytester.path / "statemachines" / "orders.asl.json").write_text(json.dumps(ORDERS), encoding="utf-8")
    (pytester.path / "statemachines" / "broken.asl.json").write_text("{", encoding="utf-8")
    (pytester.path / "history.json").write_text(json.dumps({"events": BUSY_ONCE}), encoding="utf-8")
    return pytester


def test_a_test_file_is_written_and_run(project: pytest.Pytester) -> None:
    result = project.runpytest(*PLAIN, "--sfn-from-history", "history.json")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*- wrote test_orders_history.py; run it with: pytest test_orders_history.py -*"])
    assert (project.path / "test_orders_history.py").read_text(encoding="utf-8") == WRITTEN


def test_a_changed_state_is_named(project: pytest.Pytester) -> None:
    project.runpytest(*PLAIN, "--sfn-from-history", "history.json").assert_outcomes(passed=1)
    path = project.path / "statemachines" / "orders.asl.json"
    path.write_text(json.dumps(ORDERS).replace("$.payment", "$.charge"), encoding="utf-8")

    result = project.runpytest(*PLAIN, "test_orders_history.py")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * differs from the recorded execution first at state 'Charge': output."])


def test_nothing_is_overwritten(project: pytest.Pytester) -> None:
    (project.path / "test_orders_history.py").write_text("mine = True\n", encoding="utf-8")

    result = project.runpytest(*PLAIN, "--sfn-from-history", "history.json")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --sfn-from-history: *test_orders_history.py exists already, and nothing is*"])
    assert (project.path / "test_orders_history.py").read_text(encoding="utf-8") == "mine = True\n"


def test_a_folder_with_a_description_names_the_execution(project: pytest.Pytester) -> None:
    folder = project.path / "recorded"
    folder.mkdir()
    (folder / "h.json").write_text(json.dumps({"events": DECLINED}), encoding="utf-8")
    (folder / "d.json").write_text(json.dumps(DESCRIBED), encoding="utf-8")
    (project.path / "other").mkdir()
    (project.path / "other" / "more.asl.json").write_text(json.dumps(ORDERS), encoding="utf-8")

    result = project.runpytest(*PLAIN, "--sfn-from-history", "recorded")

    result.assert_outcomes(passed=1)
    assert "FAILED with OrderDeclined on 2026" in (project.path / "test_orders_order_1.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("other", "option", "message"),
    [
        pytest.param(
            json.dumps(ORDERS),
            (),
            "*several definition files have the states of *history.json: *other.asl.json, *orders.asl.json. *",
            id="two definitions fit",
        ),
        pytest.param(
            None,
            (),
            "*no definition file has all states of *history.json, which are 'Charge', 'Save'. Nearest: "
            "*orders.asl.json has no 'Save'. Name the file by --sfn-definition PATH. For a machine of a template, *",
            id="no definition fits",
        ),
    ],
)
def test_the_definition_must_be_known(
    project: pytest.Pytester, other: str | None, option: tuple[str, ...], message: str
) -> None:
    if other is None:
        path = project.path / "statemachines" / "orders.asl.json"
        path.write_text(path.read_text(encoding="utf-8").replace("Save", "Store"), encoding="utf-8")
    else:
        (project.path / "other.asl.json").write_text(other, encoding="utf-8")

    result = project.runpytest(*PLAIN, "--sfn-from-history", "history.json", *option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"])


def test_the_definition_may_be_named(project: pytest.Pytester) -> None:
    (project.path / "other.asl.json").write_text(json.dumps(ORDERS), encoding="utf-8")

    result = project.runpytest(*PLAIN, "--sfn-from-history", "history.json", "--sfn-definition", "other.asl.json")

    result.assert_outcomes(passed=1)
    assert (project.path / "test_other_history.py").exists()


def test_a_path_on_another_drive_is_written_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def relpath(path: object, start: object) -> str:
        raise ValueError

    monkeypatch.setattr("os.path.relpath", relpath)

    assert _from(Path("/tests"), Path("/data/history.json")) == "/data/history.json"
