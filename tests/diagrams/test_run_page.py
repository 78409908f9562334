"""The page of a test run, put together from what several processes recorded."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import pytest

from pytest_sfn_sync import SfnSync, TaskError
from tests.diagrams.orders import START, execute
from tests.diagrams.pages import ReadPage
from tests.machines import CHARGE, PASS

pytest.importorskip("graphlay")

from pytest_sfn_sync.diagrams import run_page as run_page_module
from pytest_sfn_sync.diagrams.run_page import RunRecorder, run_page


def recorded(*tests: tuple[str, str, Iterable[str]]) -> RunRecorder:
    """Record tests: a name, an outcome, and how executions end (``ok``, ``error``)."""
    recorder = RunRecorder()
    with SfnSync(start_time=START, seed=1) as sfn:
        sfn.mock_lambda("charge-card", raises=TaskError("Card.Declined"))
        for test, outcome, ends in tests:
            for end in ends:
                definition = copy.deepcopy(PASS if end == "ok" else CHARGE)
                recorder.execution(execute(sfn, definition, name=f"machine-{end}"))
            recorder.test_is_over(test, outcome)
    return recorder


def test_the_index_lists_tests_in_order_with_their_executions() -> None:
    recorder = recorded(("test_b", "failed", ["error", "ok"]), ("test_c", "passed", []), ("test_a", "passed", ["ok"]))

    page = ReadPage(run_page(recorder.recorded))

    index = page.text.partition("machine-ok SUCCEEDED took")[0]
    assert index == (
        "Step Functions executions Step Functions executions 3 executions in 2 tests: 1 FAILED, 2 SUCCEEDED "
        "test outcome machine execution error took "
        "test_a passed machine-ok #1 SUCCEEDED 0 s "
        "test_b failed machine-error #1 FAILED Card.Declined 0 s "
        "test_b failed machine-ok #2 SUCCEEDED 0 s "
    )
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "in the test test_b" in page.text


def test_processes_put_together_make_the_same_page_as_one() -> None:
    tests = [("test_a", "passed", ["ok", "ok"]), ("test_b", "failed", ["error"]), ("test_c", "passed", ["ok"])]
    together = RunRecorder()
    for part in (tests[1:], tests[:1]):
        together.add_packed(recorded(*part).packed())

    assert len(together.recorded) == 4
    one = [execution.section for execution in sorted(recorded(*tests).recorded, key=lambda it: (it.test, it.number))]
    other = [execution.section for execution in sorted(together.recorded, key=lambda it: (it.test, it.number))]
    assert [len(section or "") for section in one] == [len(section or "") for section in other]
    assert (
        ReadPage(run_page(together.recorded)).text.partition(" took 0 s of")[0]
        == (ReadPage(run_page(recorded(*tests).recorded)).text.partition(" took 0 s of")[0])
    )


def test_of_many_executions_those_that_matter_are_shown_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_page_module, "SECTIONS", 2)
    recorder = recorded(("test_a", "passed", ["ok", "ok", "ok"]), ("test_b", "passed", ["error"]))

    page = ReadPage(run_page(recorder.recorded))

    assert "Only 2 of them are shown in full" in page.text
    assert [execution.section is not None for execution in recorder.recorded] == [True, True, False, True]
    assert page.elements.count("section") == 2
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_a_long_index_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_page_module, "ROWS", 2)

    assert "1 more execution, left out" in run_page(recorded(("test_a", "passed", ["ok"] * 3)).recorded)


def test_a_run_without_executions_has_a_page_that_says_so() -> None:
    assert "0 executions in 0 tests: none ran" in ReadPage(run_page([])).text
