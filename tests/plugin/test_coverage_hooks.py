"""What the hooks hand to a coverage.py that measures and has the plugin.

That coverage.py itself reports the right lines is tested in `tests/coverage`, in processes of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pytest_sfn_sync.coverage.measurement import Measurement
from pytest_sfn_sync.workflow_coverage.recording import RecordedMachine
from tests.plugin.conftest import RunProject

TESTS = """
MACHINE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}

@pytest.fixture
def prepared(sfn_sync):
    def run():
        sfn_sync.client().start_sync_execution(stateMachineArn=machine.arn)
    machine = sfn_sync.register("ran", MACHINE)
    run()
    yield run
    run()

def test_one(sfn_sync, prepared):
    sfn_sync.register("never", {**MACHINE, "Comment": "no other"})
    prepared()
"""
# The option of pytest-cov, which these runs don't load.
CONTEXT_OPTION = """
def pytest_addoption(parser):
    parser.addoption("--cov-context")
"""


class Measured(Measurement):
    """A measurement that keeps what it is to write."""

    def __init__(self, note: str | None) -> None:
        self.note = note
        self.contexts: dict[str, list[str]] = {}

    def write(self, machines: Iterable[RecordedMachine]) -> str | None:
        for machine in machines:
            for name in machine.names:
                self.contexts[name] = sorted(context for context, ran in machine.ran.items() if ran.entered)
        return self.note


def measuring(monkeypatch: pytest.MonkeyPatch, note: str | None = None) -> Measured:
    measured = Measured(note)
    monkeypatch.setattr(Measurement, "current", lambda: measured)
    return measured


def test_what_ran_is_written_without_an_option(run_project: RunProject, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = measuring(monkeypatch)

    result = run_project(TESTS)

    result.assert_outcomes(passed=1)
    assert measured.contexts == {"ran": [""], "never": []}
    result.stdout.no_fnmatch_line("*workflow coverage*")


def test_what_ran_is_written_by_the_contexts_of_pytest_cov(
    run_project: RunProject, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = measuring(monkeypatch)
    pytester.makeconftest(CONTEXT_OPTION)

    run_project(TESTS, "--cov-context=test").assert_outcomes(passed=1)

    test = "test_project.py::test_one"
    assert measured.contexts == {"ran": [f"{test}|run", f"{test}|setup", f"{test}|teardown"], "never": []}


def test_what_the_measurement_says_is_shown(run_project: RunProject, monkeypatch: pytest.MonkeyPatch) -> None:
    measuring(monkeypatch, "no file is measured")

    run_project(TESTS).stdout.fnmatch_lines(["*= workflow coverage =*", "no file is measured"], consecutive=True)


def test_what_ran_is_written_where_the_run_is_stopped(run_project: RunProject, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = measuring(monkeypatch)

    result = run_project(f"{TESTS}\ndef test_stop():\n    pytest.exit('enough')\n")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert measured.contexts == {"ran": [""], "never": []}


def test_where_tests_are_collected_only_nothing_is_written(
    run_project: RunProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = measuring(monkeypatch)

    run_project(TESTS, "--collect-only")

    assert measured.contexts == {}
