"""Nothing of a fake outlives its test: objects are counted after a thousand tests, with the garbage collector off.

A thousand tests have markers of functions, as most have. Of the other styles, 300 show the same growth for each test.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.plugin.conftest import PLAIN

pytestmark = pytest.mark.skipif(sys.implementation.name != "cpython", reason="objects live longer elsewhere")

TESTS = 300
MOST_MEGABYTES = 0.02
"""The growth of memory for each test."""

# Objects of the last test may live until the session's fixtures are gone.
MOST_ALIVE = 2

CONFTEST = """
import gc, json, os, sys

def alive():
    from pytest_sfn_sync import Execution, SfnSync, StateMachine, TaskCall, TaskMock
    kinds = (Execution, SfnSync, StateMachine, TaskCall, TaskMock)
    return {kind.__name__: sum(type(found) is kind for found in gc.get_objects()) for kind in kinds}

def megabytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

def pytest_collection_finish():
    gc.disable()

def pytest_runtest_logfinish(nodeid):
    global before
    if before is None and sys.platform == "linux":
        before = megabytes()

def pytest_sessionfinish(session):
    if hasattr(session.config, "workerinput") or not session.config.getoption("numprocesses", None):
        if COLLECT:
            gc.collect()
        grown = 0 if before is None else megabytes() - before
        with open(f"measured-{os.getpid()}.json", "w") as file:
            json.dump({"alive": alive(), "grown": grown}, file)
    gc.enable()

before = None
"""

MODULE = """
import boto3, json, pytest, unittest

client = boto3.client("stepfunctions", region_name="us-east-1")
CHARGE = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge", "End": True}
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
MACHINE = pytest.mark.sfn_machine("orders", {"StartAt": "Charge", "States": {"Charge": CHARGE}})
MOCK = pytest.mark.sfn_lambda("charge", calls=lambda order: order)

def place(order=1):
    response = client.start_sync_execution(stateMachineArn=ARN, input=json.dumps({"order": order}))
    assert response["status"] == "SUCCEEDED"
"""

FUNCTIONS = "".join(f"@MACHINE\n@MOCK\ndef test_{n}():\n    place()\n" for n in range(1000))
STYLES = {
    "markers of a class": "@MACHINE\n@MOCK\nclass TestOrders:\n"
    + "".join(f"    def test_{n}(self, sfn_sync):\n        place()\n" for n in range(TESTS)),
    "markers of a module": "pytestmark = [MACHINE, MOCK]\n"
    + "".join(f"def test_{n}():\n    place()\n" for n in range(TESTS)),
    "parameters with markers": f"@MACHINE\n@pytest.mark.parametrize('order', [pytest.param(n, marks=MOCK) "
    f"for n in range({TESTS})])\ndef test_order(order):\n    place(order)\n",
    "a TestCase": "@MACHINE\n@MOCK\nclass TestOrders(unittest.TestCase):\n"
    + "".join(f"    def test_{n}(self):\n        place()\n" for n in range(TESTS)),
    "nested executions": f"TESTS = {TESTS}\n"
    """
PARENT = {"StartAt": "Start", "States": {"Start": {
    "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
    "Parameters": {"StateMachineArn": ARN, "Input": "{}"}, "End": True}}}

@MACHINE
@MOCK
@pytest.mark.parametrize("number", range(TESTS))
def test_nested(number, sfn_sync):
    parent = sfn_sync.register("parent", PARENT)
    assert client.start_sync_execution(stateMachineArn=parent.arn)["status"] == "SUCCEEDED"
    assert len(sfn_sync.executions) == 2
""",
}


class Measured(NamedTuple):
    alive: dict[str, int]
    grown: float

    @property
    def left(self) -> dict[str, int]:
        return {name: count for name, count in self.alive.items() if count > MOST_ALIVE}


def measured(pytester: pytest.Pytester, tests: str, *arguments: str, collect: bool = False) -> list[Measured]:
    """Run tests, and return what each process that ran some of them measured."""
    pytester.makeconftest(f"COLLECT = {collect}\n{CONFTEST}")
    pytester.makepyfile(MODULE + tests)
    result = pytester.runpytest_subprocess(*PLAIN, "-q", "--tb=no", *arguments)
    outcomes = result.parseoutcomes()
    assert outcomes.get("passed", 0) + outcomes.get("failed", 0) == number_in(tests)
    return [Measured(**json.loads(path.read_text())) for path in Path(pytester.path).glob("measured-*.json")]


def number_in(tests: str) -> int:
    return 1000 if tests is FUNCTIONS else TESTS


def test_after_a_thousand_tests_nothing_is_left(pytester: pytest.Pytester) -> None:
    (found,) = measured(pytester, FUNCTIONS)

    assert found.left == {}
    assert found.grown < 1000 * MOST_MEGABYTES


@pytest.mark.parametrize("style", STYLES)
def test_after_hundreds_of_tests_nothing_is_left(pytester: pytest.Pytester, style: str) -> None:
    (found,) = measured(pytester, STYLES[style])

    assert found.left == {}
    assert found.grown < TESTS * MOST_MEGABYTES


def test_nothing_is_left_in_the_workers_of_xdist(pytester: pytest.Pytester) -> None:
    found = measured(pytester, STYLES["markers of a module"], "-n", "2")

    assert len(found) == 2
    for worker in found:
        assert worker.left == {}
        assert worker.grown < TESTS * MOST_MEGABYTES


def test_of_tests_that_fail_the_last_one_alone_is_left(pytester: pytest.Pytester) -> None:
    failing = "".join(f"@MACHINE\ndef test_{n}(sfn_sync):\n    place()\n" for n in range(TESTS))
    (found,) = measured(pytester, failing, collect=True)

    assert found.left == {}


def test_what_a_wider_fixture_holds_can_be_read_after_the_end(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        MODULE
        + """
@pytest.fixture(scope="module")
def kept():
    kept = []
    yield kept
    execution, fake = kept
    assert execution.calls[0].execution is execution
    assert fake.last_execution is execution
    assert execution.machine.name == "orders"
    assert "Charge" in execution.trace()

@MACHINE
@MOCK
def test_order(sfn_sync, kept):
    place()
    kept += [sfn_sync.last_execution, sfn_sync]

def test_other():
    pass
"""
    )
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=2)


def test_a_call_whose_execution_is_gone_says_what_to_keep(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        MODULE
        + """
calls = []

@MACHINE
@MOCK
def test_order(sfn_sync):
    place()
    calls.append(sfn_sync.mocks[0].calls[0])
    assert calls[0].execution is sfn_sync.last_execution

def test_other():
    with pytest.raises(ReferenceError) as raised:
        calls[0].execution
    assert str(raised.value) == (
        "The execution of this call of state 'Charge' is not kept any more, as its fake is gone. "
        "Keep the SfnSync or the Execution beside the call."
    )
"""
    )
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=2)
