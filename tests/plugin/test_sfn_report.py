"""``--sfn-report``, ``--sfn-report-md`` and ``--sfn-fail-under``: what is told, written, and how the run ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync.executions import recorders
from tests.plugin.conftest import PLAIN, RunProject

TESTS = """
CHOOSE = {
    "StartAt": "IsLarge",
    "States": {
        "IsLarge": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.amount", "NumericGreaterThan": 100, "Next": "Refuse"}],
            "Default": "Accept",
        },
        "Accept": {"Type": "Succeed"},
        "Refuse": {"Type": "Fail"},
    },
}

def choose(sfn, amount):
    machine = sfn.register("choose", CHOOSE)
    sfn.client().start_sync_execution(stateMachineArn=machine.arn, input=json.dumps({"amount": amount}))

def test_small(sfn_sync):
    choose(sfn_sync, 5)

def test_small_again(sfn_sync):
    choose(sfn_sync, 6)
"""
LARGE = """
def test_large(sfn_sync):
    choose(sfn_sync, 500)
"""
TABLE = [
    "*= workflow coverage =*",
    "State machine  States  Choice rules  Retriers  Catchers  Executions  Run",
    "-" * 72,
    "choose            2/3           1/2         -         -           2  60%",
    "",
    "Never run of choose:",
    "  IsLarge: rule 1 (-> Refuse)",
    "  Refuse",
]
NOT_REACHED = "FAIL Required workflow coverage of 80% not reached. Total workflow coverage: 60.00%"


def test_the_report_tells_what_never_ran(run_project: RunProject) -> None:
    result = run_project(TESTS, "--sfn-report")

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(TABLE, consecutive=True)
    assert recorders.active == []


def test_without_an_option_nothing_is_told_or_recorded(run_project: RunProject) -> None:
    result = run_project(
        f"""{TESTS}
def test_recorders():
    from pytest_sfn_sync.executions import recorders
    assert recorders.active == []
"""
    )

    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("*workflow coverage*")


def test_a_file_is_told_with_its_lines(run_project: RunProject, pytester: pytest.Pytester) -> None:
    pytester.makefile(".asl.json", rest='{"StartAt": "Rest",\n"States": {\n"Rest": {"Type": "Wait", "Seconds": 1,\n'
                      '"Next": "Done"},\n"Done": {"Type": "Succeed"}}}')  # fmt: skip
    result = run_project(
        """
@pytest.mark.sfn_machine("rest", "rest.asl.json")
@pytest.mark.sfn_machine("rest-eu", "rest.asl.json")
def test_rest(sfn_sync):
    pass
""",
        "--sfn-report",
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["rest, rest-eu (rest.asl.json)     0/2 *  0%", "", "Never executed: rest, rest-eu (rest.asl.json)"]
    )


def test_too_little_fails_the_run_and_shows_what_is_missing(run_project: RunProject) -> None:
    result = run_project(TESTS, "--sfn-fail-under=80")

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([*TABLE, NOT_REACHED], consecutive=True)


def test_enough_is_told_in_one_line(run_project: RunProject) -> None:
    result = run_project(TESTS + LARGE, "--sfn-fail-under=100")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "*= workflow coverage =*",
            "Required workflow coverage of 100% reached. Total workflow coverage: 100.00%",
        ],
        consecutive=True,
    )


def test_where_nothing_could_run_the_run_fails(run_project: RunProject) -> None:
    result = run_project("def test_nothing():\n    pass\n", "--sfn-fail-under=1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAIL Required workflow coverage of 1% not reached. No state machine was registered."])


def test_collecting_alone_proves_nothing_and_fails_nothing(run_project: RunProject) -> None:
    result = run_project(TESTS, "--sfn-fail-under=80", "--collect-only")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*workflow coverage*")


@pytest.mark.parametrize("given", ["most", "101", "-1"])
def test_what_is_no_percentage_is_refused(run_project: RunProject, given: str) -> None:
    result = run_project(TESTS, f"--sfn-fail-under={given}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*argument --sfn-fail-under: '{given}' is not a percentage from 0 to 100"])


def test_markdown_replaces_what_a_file_had(run_project: RunProject, pytester: pytest.Pytester) -> None:
    for _ in range(2):
        run_project(TESTS, "--sfn-report-md=out/workflows.md").assert_outcomes(passed=2)

    text = (pytester.path / "out" / "workflows.md").read_text(encoding="utf-8")
    assert text.startswith("## Workflow coverage: 60%\n")
    assert text.count("| choose | 2/3 | 1/2 | - | - | 2 | 60% |") == 1
    assert text.count("```mermaid\n") == 1


def test_markdown_is_added_to_the_summary_of_a_job(
    run_project: RunProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# From before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    run_project(TESTS, f"--sfn-report-md={summary}").assert_outcomes(passed=2)

    assert summary.read_text(encoding="utf-8").startswith("# From before\n## Workflow coverage: 60%\n")


def test_markdown_that_cannot_be_written_is_told(run_project: RunProject, pytester: pytest.Pytester) -> None:
    (pytester.path / "folder").mkdir()

    result = run_project(TESTS, "--sfn-report-md=folder")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["--sfn-report-md: can't write folder: Is a directory"])


def test_half_a_surrogate_pair_stops_no_report(run_project_apart: RunProject, pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = run_project_apart(
        """
        def test_smile(sfn_sync):
            states = {"Smile\\ud83d": {"Type": "Pass", "End": True}}
            machine = sfn_sync.register("smile", {"StartAt": "Smile\\ud83d", "States": states})
            sfn_sync.client().start_sync_execution(stateMachineArn=machine.arn, input='"\\ud83d"')
            sfn_sync.last_execution.assert_succeeded(output="smile")
        """.replace("\n        ", "\n"),
        "-n",
        "1",
        "--sfn-report-md=workflows.md",
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([r'E * actual    "\ud83d"'])
    assert "| smile | 1/1 |" in (pytester.path / "workflows.md").read_text(encoding="utf-8")


def test_several_processes_tell_together(run_project_apart: RunProject, pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = run_project_apart(TESTS, "-n", "2", "--sfn-report", "--sfn-fail-under=80", "--sfn-report-md=workflows.md")

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([*TABLE, NOT_REACHED], consecutive=True)
    assert "| choose | 2/3 |" in (pytester.path / "workflows.md").read_text(encoding="utf-8")


def test_what_ran_is_told_where_a_test_stops_the_run(run_project: RunProject) -> None:
    result = run_project(f"{TESTS}\ndef test_stop():\n    pytest.exit('enough')\n", "--sfn-report")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(TABLE, consecutive=True)


def test_runs_within_runs_keep_apart(pytester: pytest.Pytester, run_project: RunProject) -> None:
    with_report = recorders.active.copy()

    run_project(TESTS, "--sfn-report")
    pytester.runpytest_inprocess(*PLAIN, "--sfn-report").stdout.fnmatch_lines(["choose *  2  60%"])

    assert recorders.active == with_report
