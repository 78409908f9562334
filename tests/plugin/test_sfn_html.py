"""--sfn-html writes one page about all executions of a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.diagrams.pages import ReadPage
from tests.plugin.conftest import RunProject

TESTS = """
@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": 7})
def test_a():
    place_order()

@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", raises="Card.Declined")
def test_b():
    place_order()
    assert False

def test_c():
    from pytest_sfn_sync import SfnSync

    with SfnSync() as sfn:
        sfn.register("orders", CHARGE)
        sfn.mock_lambda("charge-card", returns={"receipt": 8})
        place_order()

@pytest.mark.skip
def test_d():
    pass
"""

INDEX = (
    "3 executions in 3 tests: 1 FAILED, 2 SUCCEEDED test outcome machine execution error took "
    "test_project.py::test_a passed orders #1 SUCCEEDED 0 s "
    "test_project.py::test_b failed orders #1 FAILED Card.Declined 0 s "
    "test_project.py::test_c passed orders #1 SUCCEEDED 0 s "
)


@pytest.fixture
def with_graphlay() -> None:
    pytest.importorskip("graphlay")


@pytest.mark.usefixtures("with_graphlay")
def test_a_page_about_all_executions(run_project: RunProject, pytester: pytest.Pytester) -> None:
    result = run_project(TESTS, "--sfn-html=reports/page.html")

    result.assert_outcomes(passed=2, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*- wrote 3 Step Functions executions to reports/page.html -*"])
    text = ReadPage((pytester.path / "reports/page.html").read_text(encoding="utf-8")).text
    assert INDEX in text
    assert text.count("Trace as text") == 3


@pytest.mark.usefixtures("with_graphlay")
def test_processes_of_xdist_write_one_page(run_project_apart: RunProject, pytester: pytest.Pytester) -> None:
    result = run_project_apart(TESTS, "--sfn-html=page.html", "-n", "2")

    result.assert_outcomes(passed=2, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*- wrote 3 Step Functions executions to page.html -*"])
    text = ReadPage((pytester.path / "page.html").read_text(encoding="utf-8")).text
    assert INDEX in text
    assert text.count("Trace as text") == 3


@pytest.mark.usefixtures("with_graphlay")
def test_a_page_that_cannot_be_written_is_told(run_project: RunProject, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = run_project("def test_a():\n    pass\n", f"--sfn-html={tmp_path / 'file' / 'page.html'}")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*--sfn-html: can't write */file/page.html: *"])


def test_without_the_extra_the_run_does_not_start(run_project: RunProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)

    result = run_project(TESTS, "--sfn-html=page.html")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ['ERROR: --sfn-html: The graph * install it with: pip install "pytest-sfn-sync?html?".']
    )


def test_nobody_records_where_no_page_is_wanted(run_project: RunProject) -> None:
    result = run_project(
        """
def test_nothing_records():
    from pytest_sfn_sync.executions import recorders
    assert not recorders.active
"""
    )

    result.assert_outcomes(passed=1)
