"""The table of machines and the verdict, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.workflow_coverage.recording import Recorder
from pytest_sfn_sync.workflow_coverage.table import Count, Table, verdict
from tests.machines import CHARGE, PASS
from tests.workflow_coverage import orders


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(recorder: Recorder) -> str:
    return "\n".join(Table.of(recorder.machines).lines())


def test_machines_with_what_never_ran(tmp_path: Path) -> None:
    file = tmp_path / "orders.asl.json"
    file.write_text(orders.TEXT, encoding="utf-8")
    with orders.recording() as recorder:
        orders.run_orders(recorder, file, orders.SMALL_AND_DECLINED)
        with SfnSync() as sfn:
            sfn.register("charge", CHARGE)
            greet = sfn.register("greet", PASS)
            sfn.client().start_sync_execution(stateMachineArn=greet.arn)

    assert (
        told(recorder)
        == """\
State machine             States  Choice rules  Retriers  Catchers  Executions   Run
------------------------------------------------------------------------------------
charge                       0/1             -         -         -           0    0%
greet                        1/1             -         -         -           1  100%
orders (orders.asl.json)     3/6           1/3       0/1       1/2           1   42%
------------------------------------------------------------------------------------
Total                        4/8           1/3       0/1       1/2           2   43%

Never executed: charge

Never run of orders (orders.asl.json):
  orders.asl.json:8: IsLarge: rule 1 (-> Refuse)
  orders.asl.json:12: IsLarge: rule 2 (-> Review)
  orders.asl.json:16: Review
  orders.asl.json:20: Notify
  orders.asl.json:28: Charge: retrier 1 (Busy)
  orders.asl.json:31: Charge: catcher 2 (States.ALL -> Done)
  orders.asl.json:36: Done"""
    )


def test_of_a_state_that_was_never_entered_the_rest_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "orders.asl.json"
    file.write_text(orders.TEXT, encoding="utf-8")
    with orders.recording() as recorder:
        orders.run_orders(recorder, file, orders.TOO_LARGE)

    assert "\n  orders.asl.json:25: Charge (with 1 retrier and 2 catchers)\n" in told(recorder)


def test_one_machine_has_no_total() -> None:
    assert (
        told(orders.recorded(lambda sfn: sfn.register("greet", PASS)))
        == """\
State machine  States  Choice rules  Retriers  Catchers  Executions  Run
------------------------------------------------------------------------
greet             0/1             -         -         -           0   0%

Never executed: greet"""
    )


def test_of_many_names_the_first_are_told(tmp_path: Path) -> None:
    file = tmp_path / "orders.asl.json"
    file.write_text(orders.TEXT, encoding="utf-8")
    with orders.recording() as recorder:
        for name in "dbeac":
            orders.run_orders(recorder, file, orders.SMALL, name=name)

    assert "\na, b, c and 2 more (orders.asl.json)  " in told(recorder)


def test_where_no_machine_was_registered_that_is_said() -> None:
    assert told(Recorder()) == "No state machine was registered."


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (Count(0, 0), "100%"),
        (Count(0, 7), "0%"),
        (Count(1, 1000), "1%"),
        (Count(2, 3), "67%"),
        (Count(999, 1000), "99%"),
        (Count(3, 3), "100%"),
    ],
)
def test_percents_are_round_but_0_and_100_are_exact(count: Count, shown: str) -> None:
    assert count.percent_shown == shown


@pytest.mark.parametrize(
    ("count", "fails_under", "is_passed", "line"),
    [
        (Count(2, 3), 66, True, "Required workflow coverage of 66% reached. Total workflow coverage: 66.67%"),
        (
            Count(2, 3),
            66.7,
            False,
            "FAIL Required workflow coverage of 66.7% not reached. Total workflow coverage: 66.67%",
        ),
        (Count(3, 3), 100, True, "Required workflow coverage of 100% reached. Total workflow coverage: 100.00%"),
        (Count(0, 0), 0, False, "FAIL Required workflow coverage of 0% not reached. No state machine was registered."),
    ],
)
def test_the_verdict(count: Count, fails_under: float, is_passed: bool, line: str) -> None:
    assert verdict(count, fails_under) == (is_passed, line)
