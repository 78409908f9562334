"""Reports of tests with hostile documents and texts: deep, with halves of surrogate pairs, with control characters.

Each output is looked at: the terminal's, JUnit's, the page, and coverage in Markdown.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.plugin.conftest import PLAIN

RAW = re.compile("[\x1b\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
HOSTILE = "\\ud800\\x1b[31mred\\x9b31m\\u202e<script>alert(1)</script>|`%%"

PROJECT = f'''
import json
import pytest
from pytest_sfn_sync import SfnSyncUsageError, TaskError, assert_succeeded

HOSTILE = "{HOSTILE}"
DEEP = "[" * 990 + "]" * 990
STATES = {{
    "A": {{"Type": "Pass", "Comment": HOSTILE, "Next": "B"}},
    "B": {{
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry": [{{"ErrorEquals": ["Again"], "MaxAttempts": 1}}],
        "Catch": [{{"ErrorEquals": [HOSTILE], "Next": "C"}}],
        "Next": "C",
    }},
    "C": {{"Type": "Pass", "End": True}},
}}

def nested(document):
    for _ in range(989):
        document = [document]
    return document

@pytest.fixture
def start(sfn_sync):
    def start(text="{{}}"):
        arn = sfn_sync.register("orders", {{"StartAt": "A", "States": STATES}}).arn
        return sfn_sync.client().start_sync_execution(stateMachineArn=arn, input=text)
    return start

ANSWERS = [{{"returns": 1}}, {{"calls": lambda p: [p]}}, {{"returns": 1, "when": lambda p: True}}]

@pytest.mark.parametrize("answer", ANSWERS)
def test_deep(sfn_sync, start, answer):
    sfn_sync.mock_task("B", **answer)
    start(DEEP)
    execution = sfn_sync.last_execution
    assert execution.status == "SUCCEEDED"
    repr(execution.calls[0]), repr(execution.states), execution.history, execution.input, execution.calls[0].result
    assert_succeeded(start(DEEP))
    execution.assert_succeeded(output="another")

def test_deep_differences(sfn_sync, start):
    sfn_sync.mock_task("B", calls=lambda p: p)
    start(DEEP)
    execution = sfn_sync.last_execution
    execution.assert_succeeded(output=nested([]))
    execution.assert_succeeded(output=nested([1]))

def test_deep_call(sfn_sync, start):
    mock = sfn_sync.mock_task("B", returns=1)
    start(DEEP)
    mock.assert_called_once_with([1])

def test_deep_without_a_mock(start):
    start(DEEP)

def test_error_and_cause(sfn_sync, start):
    sfn_sync.mock_task("B", raises=TaskError("E" + HOSTILE, HOSTILE))
    start()
    sfn_sync.last_execution.assert_succeeded()

def test_retried_and_caught(sfn_sync, start):
    sfn_sync.mock_task("B", responses=[TaskError("Again", HOSTILE), TaskError(HOSTILE, HOSTILE)])
    start()
    sfn_sync.last_execution.assert_failed()

def test_documents(sfn_sync, start):
    sfn_sync.mock_task("B", returns={{"x": HOSTILE}})
    start(json.dumps({{"a": HOSTILE}}))
    sfn_sync.last_execution.assert_succeeded(output=HOSTILE)

def test_path(sfn_sync, start):
    sfn_sync.mock_task("B", returns=1)
    start()
    sfn_sync.last_execution.assert_path("A", HOSTILE)

def test_another_mock(sfn_sync, start):
    sfn_sync.mock_task("B" + HOSTILE, returns=1)
    start()

def test_definition(sfn_sync):
    sfn_sync.register("orders", {{"StartAt": HOSTILE, "States": {{"A" + HOSTILE: {{"Type": HOSTILE}}}}}})

def test_service_message(sfn_sync):
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:" + HOSTILE[0]
    sfn_sync.client().start_sync_execution(stateMachineArn=arn)

def test_expected_error(sfn_sync):
    with sfn_sync.raises("StateMachineDoesNotExist", match="another text"):
        sfn_sync.client().start_sync_execution(
            stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:absent\\ud800"
        )
'''


@pytest.mark.parametrize("processes", [0, 2])
def test_no_output_has_a_raw_character_and_no_report_ends_the_run(pytester: pytest.Pytester, processes: int) -> None:
    pytester.makepyfile(test_hostile=PROJECT)
    page = ["--sfn-html=run.html"] if find_spec("graphlay") is not None else []
    result = pytester.runpytest_subprocess(
        *PLAIN, "-n", str(processes), "--junitxml=junit.xml", "--sfn-report", *page, "-rA", "--tb=short"
    )

    result.assert_outcomes(failed=14)
    output = result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in output
    junit = Path("junit.xml").read_text(encoding="utf-8")
    assert "<script>alert" not in junit
    for text in (output, junit, Path("run.html").read_text(encoding="utf-8") if page else ""):
        assert RAW.findall(text) == []
