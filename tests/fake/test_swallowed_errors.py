"""A usage error is raised again at the end only if the test has not failed with it, whatever runs the test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

TESTS = """
import unittest
from contextlib import ExitStack

import pytest
from pytest_sfn_sync import SfnSync, UnmockedTaskError

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
TASK = {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": FUNCTION, "End": True}}}


def place(sfn):
    arn = sfn.register("orders", TASK).arn
    return sfn.client().start_sync_execution(stateMachineArn=arn)


def swallow(sfn):
    try:
        place(sfn)
    except Exception:
        pass


"""

SETUPS = {
    "enterContext": "self.sfn = self.enterContext(SfnSync())",  # new in Python 3.11
    "ExitStack": "stack = ExitStack(); self.sfn = stack.enter_context(SfnSync()); self.addCleanup(stack.close)",
    "tearDown": "self.sfn = SfnSync().__enter__(); self.tearDown = lambda: self.sfn.__exit__(None, None, None)",
}
BODIES = {
    "fails": ("place(self.sfn)", 1),
    "fails_in_a_subtest": ("with self.subTest('a'): place(self.sfn)", 1),
    "swallows": ("swallow(self.sfn)", 1),
    "swallows_and_fails": ("swallow(self.sfn); place(self.sfn)", 1),
    "expects": ("with self.assertRaises(UnmockedTaskError): place(self.sfn)", 1),
    "expects_by_a_call": ("self.assertRaises(UnmockedTaskError, place, self.sfn)", 1),
    "expects_as_pytest_does": ("pytest.raises(UnmockedTaskError, place, self.sfn)", 1),
    "expects_and_clears": ("self.assertRaises(UnmockedTaskError, place, self.sfn); self.sfn.usage_errors.clear()", 0),
}
"""The bodies of tests by name, and how often the usage error is told."""

HEADINGS = {
    "unittest": r"^ERROR: test_{name} \(test_orders\.Orders{case}\b",
    "pytest": r"^_+ (?:SUBFAIL )?Orders{case}\.test_{name}\b.* _+$",
}


def case_of(setup: str) -> str:
    """Return a class of tests whose fake starts and ends in one of the ways."""
    methods = "".join(f"    def test_{name}(self):\n        {body}\n\n" for name, (body, _) in BODIES.items())
    return f"class Orders{setup}(unittest.TestCase):\n    def setUp(self):\n        {SETUPS[setup]}\n\n{methods}\n"


@pytest.mark.parametrize("runner", ["unittest", "pytest", "pytest without the plugin"])
def test_a_usage_error_is_told_once(runner: str, tmp_path: Path) -> None:
    setups = [setup for setup in SETUPS if setup != "enterContext" or sys.version_info >= (3, 11)]

    printed = run(tmp_path, TESTS + "\n".join(map(case_of, setups)), runner)

    heading = HEADINGS[runner.partition(" ")[0]]
    told = {
        (setup, name): len(re.findall(heading.format(case=setup, name=name), printed, re.MULTILINE))
        for setup in setups
        for name in BODIES
    }
    assert told == {(setup, name): times for setup in setups for name, (_, times) in BODIES.items()}, printed
    assert len(re.findall("(?m)^(?:E   )?pytest_sfn_sync.UnmockedTaskError: ", printed)) == sum(told.values())


def run(folder: Path, tests: str, runner: str) -> str:
    """Run a file of tests in a process of its own, and return what it prints."""
    (folder / "test_orders.py").write_text(dedent(tests), encoding="utf-8")
    arguments = {
        "unittest": ["-m", "unittest", "test_orders"],
        "pytest": ["-m", "pytest", "-p", "pytest_sfn_sync.plugin", "--tb=short", "-rN", "test_orders.py"],
        "pytest without the plugin": ["-m", "pytest", "--tb=short", "-rN", "test_orders.py"],
    }[runner]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COVERAGE_", "PYTEST"))}
    clean |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1"}
    clean["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    ran = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, env=clean)
    return ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("body", "times"), [pytest.param("place(sfn)", 1, id="told"), pytest.param("swallow(sfn)", 1, id="swallowed")]
)
def test_a_fixture_of_the_users_tells_once(body: str, times: int, tmp_path: Path) -> None:
    fixture = """
@pytest.fixture
def sfn():
    with SfnSync() as sfn:
        yield sfn

def test_function(sfn):
    BODY
"""
    printed = run(tmp_path, TESTS + fixture.replace("BODY", body), "pytest")

    assert printed.count("E   pytest_sfn_sync.UnmockedTaskError: The Task of state 'Charge'") == times, printed
