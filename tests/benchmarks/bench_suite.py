"""A suite of 1,000 tests over one machine of 50 states: its time and memory beside those of botocore's constant answer.

Each suite is a run of pytest in a process of its own. Time is that from the first test to the last; memory is what the
process has at the last test beyond what it had at the first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import pytest

from tests.benchmarks.tables import Tables

TESTS: Final = 1000
RUNS: Final = 3
HEADING: Final = f"A suite of {TESTS:,} tests"
ALLOWED_MILLISECONDS: Final = 1.5
ALLOWED_MEGABYTES: Final = 20

_CONFTEST: Final = """
import json, time

def megabytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6

def pytest_runtest_logfinish(nodeid):
    global begun
    if begun is None:
        begun = time.perf_counter(), megabytes()

def pytest_sessionfinish():
    seconds, before = begun
    print("MEASURED", json.dumps([time.perf_counter() - seconds, megabytes() - before]))

begun = None
"""

_WITH_THE_FAKE: Final = """
import boto3, json, pytest

client = boto3.client("stepfunctions", region_name="us-east-1")
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
pytestmark = {marks}

def place(order):
    response = client.start_sync_execution(stateMachineArn=ARN, input=json.dumps({{"order": order}}))
    assert response["status"] == "SUCCEEDED"
"""

_CONSTANT: Final = """
import json, pytest
from tests.benchmarks.measuring import ARN, constant_client

client = constant_client()

def place(order):
    response = client.start_sync_execution(stateMachineArn=ARN, input=json.dumps({"order": order}))
    assert response["status"] == "SUCCEEDED"
"""

_EACH_A_FUNCTION: Final = "".join(f"def test_{number}():\n    place({number})\n" for number in range(TESTS))
_PARAMETRIZED: Final = f"@pytest.mark.parametrize('order', range({TESTS}))\ndef test_order(order):\n    place(order)\n"

SUITES: Final = {
    "functions": _EACH_A_FUNCTION,
    "parametrized": _PARAMETRIZED,
}
_MARKS: Final = (
    "[pytest.mark.sfn_machine('orders', 'orders.asl.json'), pytest.mark.sfn_lambda('charge', returns={'receipt': 7})]"
)


class Measured(NamedTuple):
    seconds: float
    megabytes: float


def fifty_states() -> dict[str, Any]:
    """Return a machine with a Lambda function, a Choice state, and 48 Pass states that write beside their input."""
    states: dict[str, Any] = {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
            "ResultPath": "$.charge",
            "Next": "IsPaid",
        },
        "IsPaid": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.charge.receipt", "NumericGreaterThan": 0, "Next": "Step0"}],
            "Default": "Step0",
        },
    }
    for number in range(48):
        after: dict[str, Any] = {"End": True} if number == 47 else {"Next": f"Step{number + 1}"}
        fields = {"Parameters": {"order.$": "$.order"}, "ResultPath": f"$.step{number % 5}"}
        states[f"Step{number}"] = {"Type": "Pass", **fields, **after}
    return {"StartAt": "Charge", "States": states}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("suite", SUITES)
def test_suite(suite: str, tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "orders.asl.json").write_text(json.dumps(fifty_states(), indent=2))
    (tmp_path / "test_fake.py").write_text(_WITH_THE_FAKE.format(marks=_MARKS) + SUITES[suite])
    (tmp_path / "test_constant.py").write_text(_CONSTANT + SUITES[suite])
    pairs = [(run("test_fake.py", tmp_path), run("test_constant.py", tmp_path)) for _ in range(RUNS)]
    beyond = median(fake.seconds - constant.seconds for fake, constant in pairs) / TESTS * 1e3
    grown = median(fake.megabytes for fake, _ in pairs)
    if HEADING not in tables.rows:
        columns = ("ms a test", "constant answer", "beyond it", "allowed", "MB grown", "constant answer", "allowed", "")
        tables.add(HEADING, "suite", *columns)
    tables.add(
        HEADING,
        suite,
        f"{median(fake.seconds for fake, _ in pairs) / TESTS * 1e3:.2f}",
        f"{median(constant.seconds for _, constant in pairs) / TESTS * 1e3:.2f}",
        f"{beyond:.2f}",
        f"{ALLOWED_MILLISECONDS}",
        f"{grown:.1f}",
        f"{median(constant.megabytes for _, constant in pairs):.1f}",
        f"{ALLOWED_MEGABYTES}",
        "OVER" if beyond > ALLOWED_MILLISECONDS or grown > ALLOWED_MEGABYTES else "",
    )


def run(module: str, folder: Path) -> Measured:
    """Run a suite, and return what its conftest measured."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    arguments = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:cov", "-p", "no:xdist", module]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert f"{TESTS} passed" in ran.stdout, ran.stdout[-2000:]
    measured = next(line for line in ran.stdout.splitlines() if "MEASURED" in line)
    return Measured(*json.loads(measured.partition("MEASURED")[2]))
