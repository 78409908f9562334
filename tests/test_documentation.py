"""README.md and docs/ say what is true: their blocks are run, their links lead somewhere, their lists are complete.

The blocks of a page are one project, and one process runs the projects of all pages. See `documentation` for the
comments that name them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

import pytest_sfn_sync
from pytest_sfn_sync import DefinitionError, SfnSync
from pytest_sfn_sync.asl import jsonata
from pytest_sfn_sync.asl.limits import EXPRESS_TIMEOUT_SECONDS, MAX_TRANSITIONS
from pytest_sfn_sync.options import Options
from tests.documentation import (
    BLOCKS,
    COMMON_FILES,
    FILES,
    PAGES,
    README,
    ROOT,
    TEST_FILES,
    Block,
    Link,
    anchors_of,
    holds,
    links_of,
    outputs_after,
    prose_of,
    text_of,
    words_of,
)

DOCS = ROOT / "docs"
ALL_WORDS = words_of(*PAGES)
CONFTEST = '''\
"""Each page is a project of its own: its tests run in its folder."""
import os
import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    os.chdir(item.path.parent)
    return (yield)
'''


OF_THE_EXTRA_TEST = ("aiobotocore", "graphlay", "hcl2", "jlens", "moto", "yaml")
"""The modules that pages need and that the extra ``test`` of this package has; CI runs what needs one of them."""
RUNNABLE = [block for block in TEST_FILES if block.needs is None or find_spec(block.needs) is not None]


class Ran(NamedTuple):
    """What the run of all pages printed, the outcomes by file, and the failures by file."""

    output: str
    outcomes: dict[str, list[str]]
    failures: dict[str, str]


def ran_with(output: str) -> Ran:
    outcomes: dict[str, list[str]] = {}
    failed = []
    for file, name, outcome in re.findall(r"^(\S+\.py)::(.+?) (PASSED|FAILED|SKIPPED|ERROR)\b", output, re.MULTILINE):
        outcomes.setdefault(file, []).append(outcome)
        if outcome in ("FAILED", "ERROR"):
            failed.append((file, name))
    # Failures are printed in the order of the tests, each below a line with its name.
    _, *sections = re.split(r"^_{3,} .+ _{3,}$", output, flags=re.MULTILINE)
    assert len(sections) == len(failed), output
    failures: dict[str, str] = {}
    for (file, _), section in zip(failed, sections, strict=True):
        failures[file] = failures.get(file, "") + section
    return Ran(output, outcomes, failures)


def run_all(project: Path) -> Ran:
    """Run the test files of all pages, on a machine without AWS configuration."""
    project.joinpath("conftest.py").write_text(CONFTEST, encoding="utf-8")
    project.joinpath("pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    for page in {block.page for block in TEST_FILES}:
        of_page = [block for block in FILES if block.page == page]
        for block in (*COMMON_FILES, *of_page):
            path = project / page.stem.lower() / str(block.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:randomly", *map(_path, RUNNABLE)],
        cwd=project,
        env={**environment, "HOME": str(project), "USERPROFILE": str(project)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran_with(done.stdout)


def _path(block: Block) -> str:
    return f"{block.folder}/{block.name}"


def test_each_test_file_has_the_outcome_and_the_output_that_its_page_shows(tmp_path: Path) -> None:
    """One test for all files: pytest-xdist would start their run again in each of its workers."""
    ran = run_all(tmp_path)
    wrong = []
    for block in RUNNABLE:
        number, outcome = str(block.outcome).split()
        outcomes = ran.outcomes.get(_path(block), [])
        if outcomes != [outcome.upper()] * int(number):
            wrong.append(f"{block}: {_path(block)} has the outcomes {outcomes}, not {block.outcome}")
        failures = ran.failures.get(_path(block), "")
        wrong += [
            f"{block}: {_path(block)} does not print:\n{shown}\nbut:\n{failures}"
            for shown in outputs_after(block)
            if not holds(failures, shown)
        ]
    assert wrong == [], "\n\n".join([*wrong, ran.output])


@pytest.mark.parametrize("block", [block for block in TEST_FILES if block.needs is not None], ids=_path)
def test_a_file_that_needs_an_extra_is_run_where_the_tests_have_it(block: Block) -> None:
    if block not in RUNNABLE:
        pytest.skip(f"{block.name} needs an extra: {block.needs} is not installed")
    assert block.needs in {*OF_THE_EXTRA_TEST, "fastapi"}


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language == "python"], ids=str)
def test_every_python_block_is_a_file_or_code_from_before(block: Block) -> None:
    assert block.name is not None
    compile(block.text, str(block), "exec")


def test_a_file_name_stands_for_one_text() -> None:
    """All pages run in one process, where a module has one name; and readers take a name for one file."""
    texts: dict[str, str] = {}
    for block in FILES:
        if block.name != "conftest.py":
            assert texts.setdefault(str(block.name), block.text) == block.text, str(block)
    tests = [block.name for block in TEST_FILES]
    assert len(tests) == len(set(tests))


def test_the_commands_at_the_top_come_first() -> None:
    first, second = [block for block in BLOCKS if block.page == README][:2]
    assert (first.language, second.language) == ("sh", "sh")
    assert "conftest_examples" in first.text
    assert "-m pytest" in second.text
    assert second.line <= 10


def test_readme_is_a_first_page() -> None:
    assert len(text_of(README).splitlines()) <= 550


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_lines_of_prose_fit(page: Path) -> None:
    too_long = [line for line in prose_of(page).splitlines() if len(line) > 120 and not line.startswith("|")]
    assert too_long == []


LINKS = [
    link
    for page in (*PAGES, ROOT / "CHANGELOG.md", ROOT / "conftest_examples" / "README.md")
    for link in links_of(page)
]


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_a_link_leads_somewhere(link: Link) -> None:
    parts = urlsplit(link.target)
    if parts.scheme:
        assert parts.scheme == "https"
        assert "." in parts.netloc
        return
    path = (link.page.parent / parts.path).resolve() if parts.path else link.page
    assert path.exists()
    assert ROOT in path.parents
    if link.is_picture:
        assert path.suffix in (".png", ".svg")
    if parts.fragment:
        assert parts.fragment in anchors_of(path)


def test_links_and_anchors_are_those_of_github(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `Task`, a [Map](m.md)!\n## Same\n## Same\n[![picture](a.png)](b.md) `[code](c.md)` [`d[0]`](d.md#e)\n"
        "```text\n# no heading [no link](no.md)\n```\n[wrapped\nlink](f.md)\n",
        encoding="utf-8",
    )
    assert anchors_of(page) == {"a-task-a-map", "same", "same-1"}
    assert sorted((link.target, link.is_picture) for link in links_of(page)) == [
        ("a.png", True),
        ("b.md", False),
        ("d.md#e", False),
        ("f.md", False),
        ("m.md", False),
    ]


@pytest.mark.parametrize(
    ("shown", "is_held"),
    [
        pytest.param("one\ntwo", True, id="lines that follow each other"),
        pytest.param("one\nthree", False, id="lines with another between them"),
        pytest.param("one\n...\nthree", True, id="lines with others left out"),
        pytest.param("three\n...\none", False, id="lines in another order"),
        pytest.param("t...o [1]", False, id="brackets that are not there"),
        pytest.param("t...o", True, id="a line with text left out"),
    ],
)
def test_shown_output_is_searched_line_by_line(shown: str, is_held: bool) -> None:
    assert holds("zero\none\ntwo\nthree\n", shown) is is_held


def test_the_index_of_docs_names_every_page() -> None:
    listed = {link.target.partition("#")[0] for link in links_of(DOCS / "README.md")}
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} <= listed


def _options_of_pytest(pytestconfig: pytest.Config) -> tuple[set[str], set[str]]:
    """Return the options of the command line and of the ini file that pytest's help has of this plugin."""
    from pytest_sfn_sync.plugin import ini_options

    group = pytestconfig._parser.getgroup("sfn-sync")
    return {name for option in group.options for name in option.names()}, set(ini_options._INI_OPTIONS)


def test_every_option_stands_in_the_tables(pytestconfig: pytest.Config) -> None:
    command_line, ini = _options_of_pytest(pytestconfig)
    rows = [line for line in text_of(DOCS / "options.md").splitlines() if line.startswith("|")]
    named = {name for row in rows for name in re.findall(r"`((?:--sfn|sfn_sync)[\w-]*)", row)}
    assert named == command_line | ini
    assert {row.split("`")[1] for row in rows if row.startswith("| `")} >= set(Options.__dataclass_fields__)


def test_pages_name_options_that_exist(pytestconfig: pytest.Config) -> None:
    command_line, ini = _options_of_pytest(pytestconfig)
    assert set(re.findall(r"--sfn-[a-z-]*[a-z]", ALL_WORDS)) == command_line
    of_ini_blocks = {
        line.partition("=")[0].strip()
        for block in BLOCKS
        if block.language in ("ini", "toml") and block.name is None
        for line in block.text.splitlines()
        if line.startswith("sfn_")
    }
    assert of_ini_blocks <= ini


def test_every_marker_stands_in_the_pages(pytestconfig: pytest.Config) -> None:
    markers = {line.split("(")[0] for line in pytestconfig.getini("markers") if line.startswith("sfn_")}
    assert len(markers) > 10
    assert {name for name in markers if f"`{name}(" not in words_of(DOCS / "fixtures.md")} == set()


def test_every_public_name_stands_in_the_pages() -> None:
    assert [name for name in pytest_sfn_sync.__all__ if not re.search(rf"\b{name}\b", ALL_WORDS)] == []


def test_everything_that_a_fake_has_stands_in_the_pages() -> None:
    public = [name for name in dir(SfnSync()) if not name.startswith("_")]
    assert len(public) > 30
    assert [name for name in public if not re.search(rf"[`.]{name}\b", ALL_WORDS)] == []


@pytest.mark.parametrize(
    "quoted", [f"after {MAX_TRANSITIONS:,} transitions", {300: "the five minutes"}[EXPRESS_TIMEOUT_SECONDS]]
)
def test_the_api_page_states_the_limits(quoted: str) -> None:
    assert quoted in words_of(DOCS / "api.md")


def test_a_page_quotes_the_error_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jlens", None)
    monkeypatch.delitem(sys.modules, "pytest_sfn_sync.asl.jsonata.engine", raising=False)
    monkeypatch.delattr(jsonata, "engine", raising=False)
    state = {"Type": "Pass", "Output": "{% $states.input %}", "End": True}

    with SfnSync() as sfn, pytest.raises(DefinitionError) as quoted:
        sfn.register("sums", {"QueryLanguage": "JSONata", "StartAt": "Sum", "States": {"Sum": state}})

    assert f"`{quoted.value}`" in words_of(DOCS / "definitions.md")
