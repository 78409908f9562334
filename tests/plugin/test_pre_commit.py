"""The hook of pre-commit: its command checks a list of files, whatever the project has for its own tests."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_sfn_sync.fake.definition_search import search
from tests.plugin.conftest import LOADING

HOOKS = Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml"
GOOD = '{"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}'


def hook() -> dict[str, str]:
    yaml = pytest.importorskip("yaml")
    (only,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert (only["id"], only["language"]) == ("sfn-validate", "python")
    assert only["additional_dependencies"] == [".[jsonata,yaml]"]
    return dict(only)


@pytest.mark.parametrize(
    ("files", "code", "shown"),
    [
        pytest.param(["sm/good.asl.json"], 0, "1 passed", id="a good definition"),
        pytest.param(["sm/good.asl.json", "sm/bad.asl.json"], 1, "Missing 'Next' target: X", id="a bad one as well"),
        pytest.param(["sm/a name.asl.json"], 0, "1 passed", id="a name with a space"),
    ],
)
def test_the_command_checks_a_list_of_files(tmp_path: Path, files: list[str], code: int, shown: str) -> None:
    (tmp_path / "sm").mkdir()
    for name in ("good.asl.json", "a name.asl.json"):
        (tmp_path / "sm" / name).write_text(GOOD)
    (tmp_path / "sm" / "bad.asl.json").write_text(GOOD.replace('"StartAt": "P"', '"StartAt": "X"'))
    (tmp_path / "conftest.py").write_text("import a_package_of_the_project\n")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = --cov-of-a-plugin\nrequired_plugins = pytest-absent\nfilterwarnings = error\n"
        "an_option_of_a_plugin = 1\n"
    )
    program, *arguments = shlex.split(hook()["entry"])
    assert program == "pytest"
    command = [sys.executable, "-m", "pytest", *LOADING, *arguments, *files]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert shown in ran.stdout


@pytest.mark.parametrize(
    ("file", "is_checked"),
    [
        ("orders.asl.json", True),
        ("sm/orders.asl.yaml", True),
        ("sm/orders.asl.yml", True),
        ("sm/orders.asl", True),
        ("template.yaml", True),
        ("infra/template.yml", True),
        ("stack.template.yaml", True),
        ("cdk.out/App.template.json", True),
        ("serverless.yml", True),
        ("api/serverless.yaml", True),
        ("package.json", False),
        ("my-template.yaml", False),
        ("orders.asl.txt", False),
    ],
)
def test_the_files_of_the_hook_are_those_of_the_usual_names(file: str, is_checked: bool, tmp_path: Path) -> None:
    path = tmp_path / Path(file).name
    path.write_text('{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine"}}}')
    assert (re.search(hook()["files"], file) is not None) is is_checked
    assert not is_checked or search(tmp_path).files == [path]
