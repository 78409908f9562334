"""README.md is run: its files are one project, and its test files have the outcome and the output that it shows.

A comment above a block of README has the name of its file: ``<!-- orders.py -->``. For a test file, the comment also
has the outcome: ``<!-- test_orders.py: 2 passed -->``. A file with ``, needs jlens`` is skipped if that module, an
extra, is not installed. A ``text`` block after a test file is output of its run. In it, ``...`` on a line of its own
matches any lines, and within a line any text.
"""

from __future__ import annotations

import fnmatch
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from pytest_sfn_sync import DefinitionError, SfnSync
from pytest_sfn_sync.asl import jsonata
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MAX_TRANSITIONS

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(
    r"^(?:<!-- (?P<name>\S+?)(?:: (?P<outcome>.+?)(?:, needs (?P<needs>\w+))?)? -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    language: str
    name: str | None
    outcome: str | None
    needs: str | None
    text: str
    line: int


def blocks() -> Iterator[Block]:
    readme = README.read_text(encoding="utf-8")
    for match in BLOCK.finditer(readme):
        line = readme.count("\n", 0, match.start("text")) + 1
        yield Block(match["language"], match["name"], match["outcome"], match["needs"], match["text"], line)


BLOCKS = list(blocks())
FILES = [block for block in BLOCKS if block.name is not None]
TEST_FILES = [block for block in FILES if block.outcome is not None]
PROSE = " ".join(README.read_text(encoding="utf-8").split())
PYTHON = [block for block in BLOCKS if block.language == "python"]


def outputs_after(test_file: Block) -> list[str]:
    """Return the ``text`` blocks between a test file and the next block that is a file."""
    following = BLOCKS[BLOCKS.index(test_file) + 1 :]
    shown = []
    for block in following:
        if block.name is not None:
            break
        if block.language == "text":
            shown.append(block.text)
    return shown


def holds(output: str, shown: str) -> bool:
    """Return whether a run's output has the lines that README shows, one after another except at ``...``."""
    lines = iter(enumerate(output.splitlines()))
    last = None
    consecutive = False
    for wanted in shown.splitlines():
        if wanted.strip() == "...":
            consecutive = False
            continue
        pattern = wanted.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]").replace("...", "*")
        found = next((number for number, line in lines if fnmatch.fnmatchcase(line.rstrip(), pattern)), None)
        if found is None or (consecutive and last is not None and found != last + 1):
            return False
        last, consecutive = found, True
    return True


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The output of pytest for all of README's test files, on a machine without AWS configuration."""
    project = tmp_path_factory.mktemp("readme")
    for block in FILES:
        project.joinpath(str(block.name)).write_text(block.text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))}
    runnable = [str(block.name) for block in TEST_FILES if block.needs is None or find_spec(block.needs) is not None]
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:randomly", *runnable]
    ran = subprocess.run(
        command,
        cwd=project,
        env={**environment, "HOME": str(project), "USERPROFILE": str(project)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran.stdout


@pytest.mark.parametrize("block", TEST_FILES, ids=lambda block: block.name)
def test_a_test_file_has_the_outcome_and_the_output_that_readme_shows(block: Block, output: str) -> None:
    if block.needs is not None:
        pytest.importorskip(block.needs, reason=f"{block.name} needs the extra: {block.needs} is not installed")
    outcomes = re.findall(rf"^{re.escape(str(block.name))}::\S+ ([A-Z]+)", output, re.MULTILINE)

    number, outcome = str(block.outcome).split()
    assert outcomes == [outcome.upper()] * int(number), output
    for shown in outputs_after(block):
        assert holds(output, shown), f"{shown}\n\nis not in\n\n{output}"


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: f"line {block.line}")
def test_every_python_block_is_a_file_of_the_project(block: Block) -> None:
    assert block.name is not None


def test_the_commands_at_the_top_come_first() -> None:
    assert [block.language for block in BLOCKS[:2]] == ["sh", "sh"]
    assert "conftest_examples" in BLOCKS[0].text
    assert "-m pytest" in BLOCKS[1].text


@pytest.mark.parametrize(
    "quoted", [f"after {MAX_TRANSITIONS:,} transitions", {300: "the five minutes"}[EXPRESS_TIMEOUT_SECONDS]]
)
def test_readme_states_the_limits(quoted: str) -> None:
    assert quoted in PROSE


def test_readme_quotes_the_error_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jlens", None)
    monkeypatch.delitem(sys.modules, "pytest_sfn_sync.asl.jsonata.engine", raising=False)
    monkeypatch.delattr(jsonata, "engine", raising=False)
    state = {"Type": "Pass", "Output": "{% $states.input %}", "End": True}

    with SfnSync() as sfn, pytest.raises(DefinitionError) as quoted:
        sfn.register("sums", {"QueryLanguage": "JSONata", "StartAt": "Sum", "States": {"Sum": state}})

    assert f"`{quoted.value}`" in PROSE
