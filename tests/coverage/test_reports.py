"""Reports of coverage.py on definition files, made of what was recorded, within this process."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from coverage import Coverage
from coverage.exceptions import CoverageException, NoSource

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.coverage import WorkflowPlugin
from pytest_sfn_sync.coverage.file_reporter import DefinitionReporter
from pytest_sfn_sync.coverage.measurement import Measurement
from tests.workflow_coverage import orders

ORDERS = (orders.SMALL_AND_BUSY, orders.LARGE, orders.SMALL_AND_DECLINED)


_made: list[Coverage] = []


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    while _made:
        data = _made.pop().get_data()
        if hasattr(data, "close"):  # older versions close it by themselves
            data.close(force=True)


def new_coverage(folder: Path, *options: str) -> Coverage:
    """Make a coverage.py that has the plugin; it measures nothing itself."""
    lines = ["[run]", "plugins = pytest_sfn_sync.coverage", *options]
    (folder / ".coveragerc").write_text("\n".join(lines), encoding="utf-8")
    coverage = Coverage(data_file=None)
    _made.append(coverage)
    return coverage


def measured(folder: Path, *options: str) -> Coverage:
    """Return a coverage.py with the data of some orders."""
    coverage = new_coverage(folder, *options)
    assert Measurement(coverage).write([orders.recorded_orders(folder, *ORDERS)]) is None
    return coverage


def report(coverage: Coverage) -> list[str]:
    text = io.StringIO()
    coverage.report(file=text, show_missing=True)
    return [line for line in text.getvalue().splitlines() if line.startswith("orders")]


def test_lines_and_branches(folder: Path) -> None:
    assert report(measured(folder, "branch = true")) == [
        "orders.asl.json      12      1      6      1    89%   8->37, 31"
    ]


def test_lines_alone(folder: Path) -> None:
    assert report(measured(folder)) == ["orders.asl.json      12      1    92%   31"]


def test_a_machine_that_never_ran(folder: Path) -> None:
    coverage = new_coverage(folder, "branch = true")
    Measurement(coverage).write([orders.recorded_orders(folder)])

    assert report(coverage) == ["orders.asl.json      12     12      6      0     0%   4-37"]


def test_the_page_of_a_file(folder: Path) -> None:
    measured(folder, "branch = true").html_report(directory=str(folder / "pages"))
    page = (folder / "pages" / "orders_asl_json.html").read_text(encoding="utf-8")

    lines = re.findall(r'<p class="([^"]*)"><span class="n"><a id="t(\d+)"', page)

    def marked(css_class: str) -> list[int]:
        return [int(line) for classes, line in lines if classes.split()[0] == css_class and "2" not in classes]

    assert marked("run") == [4, 12, 14, 16, 20, 25, 28, 30, 36, 37]
    assert marked("mis") == [31]
    assert marked("par") == [8]
    assert "IsLarge: rule 1 (-&gt; Refuse) never matched" in page
    assert '<span class="nam">&quot;Default&quot;</span><span class="op">:</span>' in page


def test_the_page_of_all_states(folder: Path) -> None:
    measured(folder, "branch = true").html_report(directory=str(folder / "pages"))
    page = (folder / "pages" / "state_index.html").read_text(encoding="utf-8")

    rows = re.findall(r"<data value='(\w+)'>\1</data>.*?data-ratio=\"(\d+ \d+)\"", page, re.DOTALL)
    assert rows == [
        ("IsLarge", "4 4"),
        ("Review", "1 1"),
        ("Notify", "1 1"),
        ("Charge", "3 4"),
        ("Done", "1 1"),
        ("Refuse", "1 1"),
    ]


def test_further_lines_belong_to_the_innermost_element(folder: Path) -> None:
    measured(folder)
    first_lines = DefinitionReporter("orders.asl.json").multiline_map()

    assert {line: first_lines.get(line) for line in (3, 5, 7, 8, 10, 13, 15, 18, 19, 21, 24, 29, 32, 38)} == {
        **{3: None, 5: 4, 7: 8, 8: 8, 10: 8, 13: 4, 15: 4, 18: 16, 19: 16, 21: 16, 24: 16, 29: 25, 32: 25},
        38: None,
    }


def test_lcov(folder: Path) -> None:
    measured(folder, "branch = true").lcov_report(outfile=str(folder / "lcov.info"))
    lines = (folder / "lcov.info").read_text(encoding="utf-8").splitlines()

    assert lines[0] == "SF:orders.asl.json"
    assert [line for line in lines if line.startswith("DA:") and line.endswith(",0")] == ["DA:31,0"]
    assert [line for line in lines if line.startswith("BRDA:")] == [
        "BRDA:8,0,jump to line 12,1",
        "BRDA:8,0,jump to line 37,0",
        "BRDA:12,0,jump to line 14,1",
        "BRDA:12,0,jump to line 16,1",
        "BRDA:25,0,jump to line 28,1",
        "BRDA:25,0,jump to line 36,1",
    ]


def test_xml(folder: Path) -> None:
    measured(folder, "branch = true").xml_report(outfile=str(folder / "coverage.xml"))
    text = (folder / "coverage.xml").read_text(encoding="utf-8")

    assert 'filename="orders.asl.json"' in text
    assert '<line number="8" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="37"/>' in text


def test_json(folder: Path) -> None:
    measured(folder, "branch = true").json_report(outfile=str(folder / "coverage.json"))
    (file,) = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))["files"].values()

    assert file["missing_lines"] == [31]
    assert file["missing_branches"] == [[8, 37]]
    assert file["states"]["Charge"]["missing_lines"] == [31]


def test_contexts_say_which_test_ran_a_state(folder: Path) -> None:
    file = folder / "orders.asl.json"
    file.write_text(orders.TEXT, encoding="utf-8")
    with orders.recording() as recorder:
        for context, order in (("small|run", orders.SMALL), ("large|run", orders.LARGE)):
            recorder.context = context
            orders.run_orders(recorder, file, order)
    coverage = new_coverage(folder, "context = nightly")
    Measurement(coverage).write(recorder.machines)

    contexts = coverage.get_data().contexts_by_lineno(str(file))

    assert contexts[14] == ["nightly|small|run"]
    assert contexts[16] == ["nightly|large|run"]
    assert sorted(contexts[25]) == ["nightly|large|run", "nightly|small|run"]


@pytest.mark.parametrize(
    ("option", "is_measured"),
    [
        ("source = .", True),
        ("source = elsewhere", False),
        ("source = no_such_package", False),
        ("source = ..", True),
        ("include = *.json", True),
        ("include = other/*", False),
        ("omit = *.asl.json", False),
        ("omit = other/*", True),
    ],
)
def test_the_bounds_of_what_is_measured_hold(folder: Path, option: str, is_measured: bool) -> None:
    (folder / "elsewhere").mkdir()
    coverage = new_coverage(folder, option)

    note = Measurement(coverage).write([orders.recorded_orders(folder, *ORDERS)])

    assert coverage.get_data().measured_files() == ({str(folder / "orders.asl.json")} if is_measured else set())
    assert note == (
        None
        if is_measured
        else "coverage.py measures no definition file (by its options source, include and omit): orders.asl.json"
    )


@pytest.mark.parametrize(
    ("option", "is_imported"),
    [
        ("source = shop_of_tests", False),
        ("source = shop_of_tests", True),
        ("source = shop_of_tests.orders", True),
        ("source_pkgs = shop_of_tests", True),
    ],
)
def test_a_package_as_source_has_the_files_in_its_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, option: str, is_imported: bool
) -> None:
    packages = folder / "src"
    inner = packages / "shop_of_tests" / "orders"
    inner.mkdir(parents=True)
    (inner.parent / "__init__.py").touch()
    (inner / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(packages))
    if is_imported:
        for name in ("shop_of_tests", "shop_of_tests.orders"):
            monkeypatch.setitem(sys.modules, name, ModuleType(name))
            sys.modules[name].__path__ = [str(packages.joinpath(*name.split(".")))]
    coverage = new_coverage(folder, option)

    Measurement(coverage).write([orders.recorded_orders(inner, *ORDERS)])

    assert coverage.get_data().measured_files() == {str(inner / "orders.asl.json")}
    assert ("shop_of_tests" in sys.modules) is is_imported


def test_names_of_files_may_be_relative(folder: Path) -> None:
    coverage = measured(folder, "relative_files = true")

    assert coverage.get_data().measured_files() == {"orders.asl.json"}
    assert report(coverage) == ["orders.asl.json      12      1    92%   31"]


def test_a_machine_that_came_from_no_file_is_left_out(folder: Path) -> None:
    def run(sfn: SfnSync) -> None:
        machine = sfn.register("orders", json.loads(orders.TEXT))
        sfn.client().start_sync_execution(stateMachineArn=machine.arn, input='{"amount": 5000}')

    coverage = new_coverage(folder)

    assert Measurement(coverage).write(orders.recorded(run).machines) is None
    assert coverage.get_data().measured_files() == set()


def test_a_coverage_py_without_the_plugin_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_plugin, without = new_coverage(folder), Coverage(data_file=None, config_file=False)
    for coverage, is_wanted in ((None, False), (without, False), (with_plugin, True)):
        monkeypatch.setattr(Coverage, "current", lambda current=coverage: current)
        assert (Measurement.current() is not None) is is_wanted


def test_the_name_of_the_plugin_is_the_one_in_the_data(folder: Path) -> None:
    coverage = measured(folder)

    assert coverage.get_data().file_tracer(str(folder / "orders.asl.json")) == "pytest_sfn_sync.coverage.WorkflowPlugin"
    assert isinstance(WorkflowPlugin().file_reporter("orders.asl.json"), DefinitionReporter)


def test_a_file_that_is_gone_is_reported_like_that_of_a_module(folder: Path) -> None:
    reporter = DefinitionReporter(str(folder / "gone.asl.json"))

    for read in (reporter.source, reporter.lines):
        with pytest.raises(NoSource) as raised:
            read()
        assert str(raised.value) == f"No source for code: '{folder / 'gone.asl.json'}'."


def test_a_file_that_cannot_be_read_says_why(folder: Path) -> None:
    (folder / "broken.asl.json").write_text('{"StartAt": }')
    reporter: Any = DefinitionReporter("broken.asl.json")

    with pytest.raises(CoverageException) as raised:
        reporter.lines()
    assert str(raised.value) == (
        "Couldn't read the workflows of 'broken.asl.json': it is not JSON (Expecting value at line 1, column 13)"
    )
