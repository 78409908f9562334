"""Definition files in reports of coverage.py, by pytest-cov and by ``coverage run``, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugin.conftest import LOADING

pytest.importorskip("pytest_cov", reason="coverage of workflows is tested with pytest-cov, which is not installed")

Run = Callable[..., str]

CHOOSE = """\
{
  "StartAt": "IsLarge",
  "States": {
    "IsLarge": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.amount",
          "NumericGreaterThan": 100,
          "Next": "Refuse"
        }
      ],
      "Default": "Accept"
    },
    "Accept": {"Type": "Succeed"},
    "Refuse": {"Type": "Fail"}
  }
}
"""
TESTS = """\
import json

import pytest


@pytest.mark.sfn_machine("choose", "choose.asl.json")
@pytest.mark.parametrize("amount", [5, 500])
def test_choose(sfn_sync, amount):
    client = sfn_sync.client()
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:choose"
    client.start_sync_execution(stateMachineArn=arn, input=json.dumps({"amount": amount}))


@pytest.mark.sfn_machine("never", "never.asl.json")
def test_nothing(sfn_sync):
    pass
"""
NEVER = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}\n'
_OTHERS = ("cacheprovider", "randomly", "asyncio", "hypothesispytest", "benchmark")
QUIET = [argument for plugin in _OTHERS for argument in ("-p", f"no:{plugin}")]
PYTEST = ["-m", "pytest", *LOADING, *QUIET, "-q"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run Python in a project whose coverage.py has the plugin; gives what it printed."""
    (tmp_path / ".coveragerc").write_text("[run]\nplugins = pytest_sfn_sync.coverage\nomit = */pytest_sfn_sync/*\n")
    (tmp_path / "choose.asl.json").write_text(CHOOSE)
    (tmp_path / "never.asl.json").write_text(NEVER)
    (tmp_path / "test_choose.py").write_text(TESTS)

    def run(*arguments: str) -> str:
        ran = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    return run


def of_definitions(report: str) -> list[str]:
    return [" ".join(line.split()) for line in report.splitlines() if ".asl." in line]


SMALL_ALONE = ["choose.asl.json 5 1 2 1 71% 16", "never.asl.json 1 1 0 0 0% 1"]
ALL = ["choose.asl.json 5 0 2 0 100%", "never.asl.json 1 1 0 0 0% 1"]


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["one process", "two processes"])
def test_pytest_cov_reports_definition_files(run: Run, processes: list[str]) -> None:
    if processes:
        pytest.importorskip("xdist")
    covering = ["--cov=.", "--cov-branch", "--cov-report=term-missing", "-W", "error"]

    assert of_definitions(run(*PYTEST, *processes, *covering)) == ALL


def test_pytest_cov_reports_lines_and_contexts(run: Run, tmp_path: Path) -> None:
    options = ["--cov=.", "--cov-context=test", "--cov-report=term-missing", "--cov-report=html:pages"]
    (tmp_path / ".coveragerc").write_text("[run]\nplugins = pytest_sfn_sync.coverage\n[html]\nshow_contexts = true\n")

    assert of_definitions(run(*PYTEST, *options, "-k", "not 500")) == [
        "choose.asl.json 5 1 80% 16",
        "never.asl.json 1 1 0% 1",
    ]
    assert "test_choose.py::test_choose[5]|run" in (tmp_path / "pages" / "choose_asl_json.html").read_text("utf-8")


def test_files_that_are_not_measured_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()

    told = run(*PYTEST, "--cov=app", "--cov-report=").splitlines()

    assert (
        "coverage.py measures no definition file (by its options source, include and omit): "
        "choose.asl.json, never.asl.json" in told
    )


def test_coverage_run_and_combine(run: Run) -> None:
    for tests in ("not 500", "500"):
        run("-m", "coverage", "run", "--branch", "--parallel-mode", *PYTEST, "-W", "error", "-k", tests)
    run("-m", "coverage", "combine")

    assert of_definitions(run("-m", "coverage", "report", "-m")) == ALL


def test_coverage_run_with_several_processes_has_what_they_ran(run: Run) -> None:
    pytest.importorskip("xdist")
    run("-m", "coverage", "run", "--branch", *PYTEST, "-n", "2", "-k", "not 500")

    assert of_definitions(run("-m", "coverage", "report", "-m")) == SMALL_ALONE
