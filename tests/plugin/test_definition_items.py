"""Definitions as items: the ini option ``sfn_sync_definitions``; ``--sfn-validate`` on files, templates, folders."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import PLAIN

GOOD: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
BAD = '{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "Nap": 1, "End": true}}}'
WARNED = '{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "Result": "$.x", "End": true}}}'
TOKEN: dict[str, Any] = {
    "StartAt": "T",
    "States": {
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "${Queue}", "MessageBody.$": "$$.Task.Token"},
            "End": True,
        }
    },
}
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: STANDARD
      DefinitionUri: defs/token.asl.json
      DefinitionSubstitutions: {Queue: q}
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Nap: 1, End: true}
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """A project with a test, definitions and a template."""
    files: dict[str, Any] = {
        "tests/test_it.py": "def test_it(): pass\n",
        "defs/good.asl.json": GOOD,
        "defs/bad.asl.json": BAD,
        "defs/warned.asl.json": WARNED,
        "defs/token.asl.json": TOKEN,
        "defs/deep/filled.asl.yaml": "StartAt: A\nStates:\n  A: {Type: Wait, Seconds: 1, Comment: '${X}', End: true}\n",
        "template.yaml": TEMPLATE,
    }
    for name, content in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return pytester.path


def run(pytester: pytest.Pytester, *arguments: str, ini: str = "", apart: bool = False) -> pytest.RunResult:
    pytester.makeini(f"[pytest]\n{ini}")
    run_pytest = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
    return run_pytest(*PLAIN, *arguments)


def collected(result: pytest.RunResult) -> list[str]:
    """Return the ids of a run that was only collected, quietly."""
    assert result.ret == pytest.ExitCode.OK
    return [line for line in result.outlines if "::" in line]


# The ini option


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        pytest.param("defs/good.asl.json", ["defs/good.asl.json::good"], id="a file"),
        pytest.param(
            "defs/*.asl.json",
            [
                "defs/bad.asl.json::bad",
                "defs/good.asl.json::good",
                "defs/token.asl.json::token",
                "defs/warned.asl.json::warned",
            ],
            id="a pattern",
        ),
        pytest.param("defs/**/*.yaml", ["defs/deep/filled.asl.yaml::filled"], id="a pattern for any depth"),
        pytest.param("defs/good.asl.json defs/g*.json", ["defs/good.asl.json::good"], id="two patterns for one file"),
        pytest.param("template.yaml", ["template.yaml::Orders", "template.yaml::Inline"], id="a template"),
        pytest.param(
            "defs/[gt]*.json template.yaml",
            ["defs/good.asl.json::good", "template.yaml::Orders", "template.yaml::Inline"],
            id="a definition that a template has is its machine alone",
        ),
    ],
)
def test_files_are_collected_besides_tests(
    pytester: pytest.Pytester, folder: Path, patterns: str, expected: list[str]
) -> None:
    result = run(pytester, "--collect-only", "-q", ini=f"sfn_sync_definitions = {patterns}\ntestpaths = tests\n")
    assert collected(result) == ["tests/test_it.py::test_it", *expected]


def test_without_testpaths_too(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, "--collect-only", "-q", ini="sfn_sync_definitions = defs/good.asl.json\n")
    assert sorted(collected(result)) == ["defs/good.asl.json::good", "tests/test_it.py::test_it"]


def test_in_the_folder_of_the_tests_they_are_collected_once(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "tests" / "good.asl.json").write_text(json.dumps(GOOD))
    result = run(pytester, "--collect-only", "-q", ini="sfn_sync_definitions = tests/*.json\ntestpaths = tests\n")
    assert sorted(collected(result)) == ["tests/good.asl.json::good", "tests/test_it.py::test_it"]


def test_a_file_in_a_folder_that_pytest_does_not_enter_is_told(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "build").mkdir()
    (folder / "build" / "good.asl.json").write_text(json.dumps(GOOD))
    result = run(pytester, "--collect-only", "-q", ini="sfn_sync_definitions = build/*.json\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = f"pytest does not enter the folder 'build' of build{os.sep}good.asl.json; take it out of norecursedirs, or "
    result.stderr.fnmatch_lines(f"*sfn_sync_definitions in *: {told}keep the file elsewhere")


def test_files_that_nobody_names_are_not_collected(pytester: pytest.Pytester, folder: Path) -> None:
    assert collected(run(pytester, "--collect-only", "-q")) == ["tests/test_it.py::test_it"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["tests/test_it.py"], ["tests/test_it.py::test_it"], id="a test"),
        pytest.param(["tests"], ["tests/test_it.py::test_it"], id="the folder of the tests"),
        pytest.param(["defs/good.asl.json"], ["defs/good.asl.json::good"], id="a definition"),
        pytest.param(["defs"], ["defs/bad.asl.json::bad", "defs/good.asl.json::good"], id="the folder of definitions"),
        pytest.param(["template.yaml::Inline"], ["template.yaml::Inline"], id="a machine"),
        pytest.param(
            ["."],
            [
                "defs/bad.asl.json::bad",
                "defs/good.asl.json::good",
                "template.yaml::Inline",
                "template.yaml::Orders",
                "tests/test_it.py::test_it",
            ],
            id="everything",
        ),
        pytest.param(["-k", "good"], ["defs/good.asl.json::good"], id="a word"),
        pytest.param(
            ["-m", "sfn_definition"],
            ["defs/bad.asl.json::bad", "defs/good.asl.json::good", "template.yaml::Inline", "template.yaml::Orders"],
            id="the marker",
        ),
        pytest.param(["-m", "not sfn_definition"], ["tests/test_it.py::test_it"], id="not the marker"),
        pytest.param(
            ["--deselect", "defs/bad.asl.json", "--deselect", "template.yaml::Orders"],
            ["defs/good.asl.json::good", "template.yaml::Inline", "tests/test_it.py::test_it"],
            id="what is left out",
        ),
    ],
)
def test_what_the_command_line_names(
    pytester: pytest.Pytester, folder: Path, arguments: list[str], expected: list[str]
) -> None:
    ini = "sfn_sync_definitions = defs/bad.asl.json defs/good.asl.json template.yaml\ntestpaths = tests\n"
    result = run(pytester, *arguments, "--collect-only", "-q", "--strict-markers", ini=ini)
    assert sorted(collected(result)) == expected


def test_what_passes_and_what_fails(pytester: pytest.Pytester, folder: Path) -> None:
    ini = "sfn_sync_definitions = defs/good.asl.json defs/bad.asl.json template.yaml\ntestpaths = tests\n"
    result = run(pytester, ini=ini)
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*_ bad.asl.json: bad _*",
            "Machine 'bad' (defs/bad.asl.json) is not valid: its definition has 1 fault:",
            "  SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A",
            "      defs/bad.asl.json:2:35",
            '      2 |  "States": {"A": {"Type": "Pass", "Nap": 1, "End": true}}}',
            "        |                                   ^^^^^",
            "*_ template.yaml: Inline _*",
            "Machine 'Inline' (template.yaml) is not valid: its definition has 1 fault:",
            "  SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A",
            "      template.yaml:15:27",
            "      15 |           A: {Type: Pass, Nap: 1, End: true}",
            "         |                           ^^^",
            "*short test summary*",
            "FAILED defs/bad.asl.json::bad*",  # pytest 9 tells the first line of the refusal besides
        ],
        consecutive=False,
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*definition_items.py*")


@pytest.mark.parametrize("patterns", ["nowhere/*.json", "defs/*.nothing"])
def test_a_pattern_that_fits_no_file_is_a_mistake(pytester: pytest.Pytester, folder: Path, patterns: str) -> None:
    result = run(pytester, ini=f"sfn_sync_definitions = defs/good.asl.json {patterns}\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: sfn_sync_definitions in {folder}/tox.ini: no file fits '{patterns}' *{folder})"]
    )


def test_a_pattern_may_be_absolute_or_lead_out_of_the_folder(pytester: pytest.Pytester, folder: Path) -> None:
    for pattern in (f"{folder}/defs/g*.json", f"../{folder.name}/defs/good.asl.json"):
        result = run(pytester, "--collect-only", "-q", ini=f"sfn_sync_definitions = {pattern}\ntestpaths = tests\n")
        assert collected(result) == ["tests/test_it.py::test_it", "defs/good.asl.json::good"]


@pytest.mark.parametrize(("type_", "outcome"), [("EXPRESS", "failed"), ("STANDARD", "passed")])
def test_the_type_of_machines_in_definition_files(
    pytester: pytest.Pytester, folder: Path, type_: str, outcome: str
) -> None:
    ini = f"sfn_sync_definitions = defs/token.asl.json\nsfn_definitions_type = {type_}\ntestpaths = tests\n"
    result = run(pytester, "-m", "sfn_definition", ini=ini)
    result.assert_outcomes(**{outcome: 1}, deselected=1)
    if outcome == "failed":
        result.stdout.fnmatch_lines(["  Is it a Standard machine? Then write sfn_sync_definitions_type = STANDARD *"])


def test_a_type_that_is_none_is_told_once(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, ini="sfn_sync_definitions = defs/*.json\nsfn_definitions_type = express\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == "ERROR: sfn_sync_definitions_type is 'EXPRESS' or 'STANDARD', not 'express'"


# Warnings


def test_what_aws_warns_of_is_a_warning(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, ini="sfn_sync_definitions = defs/warned.asl.json\ntestpaths = tests\n", apart=True)
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "defs/warned.asl.json::warned",
            "  *defs/warned.asl.json:2: DefinitionWarning: PASS_RESULT_IS_STATIC: Attempt to use a path *",
            "      defs/warned.asl.json:2:45",
            "      Write it in Parameters, which are evaluated.",
        ]
    )


@pytest.mark.parametrize("by", ["-W", "ini"])
def test_a_warning_may_be_an_error(pytester: pytest.Pytester, folder: Path, by: str) -> None:
    name = "error::pytest_sfn_sync.DefinitionWarning"
    ini = "sfn_sync_definitions = defs/warned.asl.json\ntestpaths = tests\n"
    arguments = ["-W", name] if by == "-W" else []
    result = run(pytester, *arguments, ini=ini if by == "-W" else f"{ini}filterwarnings = {name}\n")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["PASS_RESULT_IS_STATIC: *", "    defs/warned.asl.json:2:45", '    2 |  "States": *"$.x"*', "      | *^^^^^"]
    )
    result.stdout.no_fnmatch_line("*definition_items.py*")


def test_or_be_left_out(pytester: pytest.Pytester, folder: Path) -> None:
    ini = "sfn_sync_definitions = defs/warned.asl.json\ntestpaths = tests\n"
    run(pytester, "-W", "ignore::pytest_sfn_sync.DefinitionWarning", ini=ini).assert_outcomes(passed=2)


# The option of the command line


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["defs/good.asl.json"], ["defs/good.asl.json::good"], id="a file"),
        pytest.param(
            ["defs/good.asl.json", "defs/bad.asl.json", "defs/good.asl.json"],
            ["defs/bad.asl.json::bad", "defs/good.asl.json::good"],
            id="files",
        ),
        pytest.param(["template.yaml"], ["template.yaml::Inline", "template.yaml::Orders"], id="a template"),
        pytest.param(
            ["defs"],
            [
                "defs/bad.asl.json::bad",
                "defs/deep/filled.asl.yaml::filled",
                "defs/good.asl.json::good",
                "defs/token.asl.json::token",
                "defs/warned.asl.json::warned",
            ],
            id="a folder",
        ),
        pytest.param(
            ["."],
            [
                "defs/bad.asl.json::bad",
                "defs/deep/filled.asl.yaml::filled",
                "defs/good.asl.json::good",
                "defs/warned.asl.json::warned",
                "template.yaml::Inline",
                "template.yaml::Orders",
            ],
            id="everything, and what a template has with it",
        ),
        pytest.param(
            ["defs/../template.yaml"], ["template.yaml::Inline", "template.yaml::Orders"], id="in a roundabout way"
        ),
    ],
)
def test_nothing_else_is_run(
    pytester: pytest.Pytester, folder: Path, arguments: list[str], expected: list[str]
) -> None:
    ini = "sfn_sync_definitions = defs/warned.asl.json\ntestpaths = tests\n"
    result = run(pytester, "--sfn-validate", *arguments, "--collect-only", "-q", ini=ini)
    assert sorted(collected(result)) == expected


def test_paths_count_from_the_working_directory(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\n")
    monkeypatch.chdir(folder / "tests")
    for path in ("../defs/good.asl.json", str(folder / "defs" / "good.asl.json")):
        pytester.runpytest_inprocess(*PLAIN, "--sfn-validate", path).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nowhere", "--sfn-validate: there is no nowhere"),
        ("defs/nothing.asl.json", "--sfn-validate: there is no defs/nothing.asl.json"),
        ("tests", "--sfn-validate: in the folder tests there is no state machine. Files of JSON and YAML, "),
    ],
)
def test_paths_that_are_none(pytester: pytest.Pytester, folder: Path, path: str, why: str) -> None:
    result = run(pytester, "--sfn-validate", "defs/good.asl.json", path)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0].startswith(f"ERROR: {why}")


def test_a_template_without_machines_is_no_fault_of_its_folder(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "template.yaml").write_text("Resources:\n  B:\n    Type: AWS::S3::Bucket\n")
    (folder / "other" / "good.asl.json").write_text(json.dumps(GOOD))
    run(pytester, "--sfn-validate", "other").assert_outcomes(passed=1)
    result = run(pytester, "--sfn-validate", "other/template.yaml")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines("SKIPPED*: The template other/template.yaml has no state machines. It has: *")


def test_a_folder_of_the_ini_file_is_searched(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "defs" / "more.json").write_text(json.dumps(GOOD))
    result = run(pytester, "--collect-only", "-q", ini="sfn_sync_definitions = defs\ntestpaths = tests\n")
    assert "defs/more.json::more" in collected(result)
    result = run(pytester, ini="sfn_sync_definitions = tests\ntestpaths = tests\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "tox.ini: in the folder tests there is no state machine. " in result.errlines[0]


ABOUT_CONFTEST = "--sfn-validate needs no conftest of the project: add --noconftest to leave them out."


def test_a_conftest_that_can_not_be_imported(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "conftest.py").write_text("import nothing_there\n")
    result = run(pytester, "--sfn-validate", "defs/good.asl.json", apart=True)
    assert ABOUT_CONFTEST in result.errlines
    run(pytester, "--sfn-validate", "defs/good.asl.json", "--noconftest", apart=True).assert_outcomes(passed=1)
    (folder / "conftest.py").rename(folder / "defs" / "deep" / "conftest.py")
    result = run(pytester, "--sfn-validate", "defs", apart=True)
    assert ABOUT_CONFTEST in result.outlines
    (folder / "defs" / "deep" / "conftest.py").rename(folder / "conftest.py")
    result = run(pytester, "tests", apart=True)
    assert ABOUT_CONFTEST not in result.errlines


def test_a_machine_that_can_not_be_read_fails_beside_the_others(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "defs" / "token.asl.json").unlink()
    (folder / "template.yaml").write_text(TEMPLATE.replace("Nap: 1, ", ""))
    result = run(pytester, "--sfn-validate", "template.yaml")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines("*DefinitionUri: there is no 'defs/token.asl.json'*")


def test_the_exit_code_says_whether_all_are_valid(pytester: pytest.Pytester, folder: Path) -> None:
    assert run(pytester, "--sfn-validate", "defs/good.asl.json").ret == pytest.ExitCode.OK
    assert run(pytester, "--sfn-validate", "defs").ret == pytest.ExitCode.TESTS_FAILED


def test_a_file_of_any_name_is_checked_where_it_is_named(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "workflow").write_text(json.dumps(GOOD))
    run(pytester, "--sfn-validate", "workflow").assert_outcomes(passed=1)
    (folder / "notes.txt").write_text("notes")
    result = run(pytester, "--sfn-validate", "notes.txt")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["Machine 'notes' (notes.txt) is not valid: it is not JSON *", "  notes"])


@pytest.mark.parametrize("arguments", [["--sfn-validate", "defs", "template.yaml"], []])
def test_in_several_processes(pytester: pytest.Pytester, folder: Path, arguments: list[str]) -> None:
    pytest.importorskip("xdist")
    ini = "sfn_sync_definitions = defs/*.asl.json defs/deep/*.yaml template.yaml\ntestpaths = tests\n"
    result = run(pytester, "-n", "2", *arguments, ini=ini, apart=True)
    result.assert_outcomes(passed=4 if arguments else 5, failed=2, warnings=1)
    result.stdout.fnmatch_lines(["  SCHEMA_VALIDATION_FAILED: Field 'Nap' is not supported at /States/A"])


def test_without_definitions_nothing_is_loaded_for_them(pytester: pytest.Pytester, folder: Path) -> None:
    check = "import sys\ndef test_it(): assert 'pytest_sfn_sync.plugin.definition_items' not in sys.modules\n"
    (folder / "tests" / "test_it.py").write_text(check)
    run(pytester, "tests", apart=True).assert_outcomes(passed=1)


def test_options_of_the_ini_file_count(pytester: pytest.Pytester, folder: Path) -> None:
    definition = {"StartAt": "us-gov-west-1", "States": {"${AWS::Region}": {"Type": "Succeed"}}}
    (folder / "defs" / "region.asl.json").write_text(json.dumps(definition))
    for region, outcome in (("us-gov-west-1", "passed"), ("eu-west-1", "failed")):
        result = run(pytester, "--sfn-validate", "defs/region.asl.json", ini=f"sfn_sync_region = {region}\n")
        result.assert_outcomes(**{outcome: 1})


def test_an_option_that_is_not_understood_is_a_mistake(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, "--sfn-validate", "defs", ini="sfn_sync_account_id = mine\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0].startswith(f"ERROR: the ini file {folder}/tox.ini: account_id='mine': ")


def test_the_help_names_them(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--help")
    result.stdout.fnmatch_lines(
        ["*--sfn-validate*", "*sfn_sync_definitions (args):*", "*sfn_sync_definitions_type (string):*"]
    )


@pytest.mark.parametrize("target", ["loop.asl.json", "gone.asl.json"])
def test_a_link_that_leads_to_no_file_is_told(pytester: pytest.Pytester, target: str) -> None:
    (pytester.path / "defs").mkdir()
    (pytester.path / "defs" / "good.asl.json").write_text(json.dumps(GOOD))
    (pytester.path / "defs" / "loop.asl.json").symlink_to(target)
    result = pytester.runpytest_subprocess("--sfn-validate", "defs")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*in the folder defs */loop.asl.json is a link that leads to no file.*"])


def test_a_link_to_a_folder_around_it_is_not_followed(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfn_sync_definitions = defs/**/*.asl.json")
    (pytester.path / "defs").mkdir()
    (pytester.path / "defs" / "good.asl.json").write_text(json.dumps(GOOD))
    (pytester.path / "defs" / "up").symlink_to("..")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
