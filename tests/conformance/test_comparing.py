"""The comparison itself, on examples of our own: what a placeholder stands for, and how histories are matched."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conformance.histories import as_express, as_recorded, history_difference
from tests.conformance.judging import PROPERTY
from tests.conformance.report import count, lines
from tests.conformance.wildcards import Wildcards

WILDCARDS = Wildcards.of(
    {
        "placeholders": {"substring": ["<name>", "role_arn"], "exact": ["RequestId"], "date": True},
        "placeholder_values": {"<queue>": "https://queue.<region>.example"},
    }
)


@pytest.mark.parametrize(
    ("recorded", "actual"),
    [
        pytest.param("role_arn", "arn:aws:iam::1:role/r", id="a placeholder that is the whole text"),
        pytest.param("arn:<name>:end", "arn:a:b:end", id="a placeholder within a text"),
        pytest.param("a+b <name>", "a+b x\ny", id="the rest is no pattern, and values may have several lines"),
        pytest.param("RequestId", ["anything"], id="an exact placeholder stands for any value"),
        pytest.param("from date on", "from 2024-02-29T10:00:00.123Z on", id="a date within a text"),
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, id="members in another order"),
        pytest.param([1], [1.0], id="the same number written otherwise"),
        pytest.param({"ResumeTimestamp": "timestamp"}, {"ResumeTimestamp": 7}, id="the value of a timestamp's member"),
        pytest.param({"timestamps": ["date"]}, {"timestamps": [None]}, id="an item below a timestamp's member"),
        pytest.param("<queue>/1", "https://queue.us-east-1.example/1", id="a placeholder that is filled in before"),
    ],
)
def test_no_difference(recorded: Any, actual: Any) -> None:
    assert WILDCARDS.difference(recorded, actual) is None


@pytest.mark.parametrize(
    ("recorded", "actual", "told"),
    [
        pytest.param("<name>", "", "$: recorded '<name>', got ''", id="a placeholder stands for something"),
        pytest.param("updated", "up2024-01-01T00:00:00Zd", None, id="date within a word is no date"),
        pytest.param("date", "yesterday", "$: recorded 'date', got 'yesterday'", id="a date has a form"),
        pytest.param({"a": 1}, {}, "$: 'a' is missing; there are []", id="a missing member"),
        pytest.param({}, {"a": 1}, "$: 'a' was not recorded, it is 1", id="a member too many"),
        pytest.param({"a": [1, 2]}, {"a": [1, 3]}, "$.a[1]: recorded 2, got 3", id="an item, with its place"),
        pytest.param([1], [1, 2], "$: recorded 1 items [1], got 2: [1, 2]", id="an item too many"),
        pytest.param(True, 1, "$: recorded True, got 1", id="true is not 1"),
        pytest.param(0, None, "$: recorded 0, got None", id="null is not 0"),
        pytest.param("1", 1, "$: recorded '1', got 1", id="a text is not its number"),
        pytest.param({}, [], "$: recorded {}, got []", id="an object is not an array"),
    ],
)
def test_difference(recorded: Any, actual: Any, told: str | None) -> None:
    difference = WILDCARDS.difference(recorded, actual)
    assert difference is not None
    assert told is None or difference == told


def test_filling_leaves_keys_alone_and_fills_fillings() -> None:
    assert WILDCARDS.fill({"<queue>": ["<queue>", "<partition>", 1]}) == {
        "<queue>": ["https://queue.us-east-1.example", "aws", 1]
    }


def test_a_recording_of_a_standard_execution_is_put_right() -> None:
    recorded = {"Id": "arn:x:execution:<ArnPart_0idx>:<ExecArnPart_0idx>", "RedriveCount": 0, "of": ["x:execution:y"]}
    assert as_express(recorded) == {"Id": "arn:x:express:<ArnPart_0idx>:<ExecArnPart_0idx>", "of": ["x:execution:y"]}


def event(number: int, kind: str, **details: Any) -> dict[str, Any]:
    shown = {"passStateEnteredEventDetails": details} if details else {}
    return {"id": number, "previousEventId": number - 1, "type": kind, "timestamp": "now", **shown}


def test_an_event_is_brought_into_the_form_of_the_recordings() -> None:
    made = event(2, "PassStateEntered", name="P", input='{"a":1}', inputDetails={"truncated": False})
    assert as_recorded(made) == {
        "id": 2,
        "previousEventId": 1,
        "type": "PassStateEntered",
        "details": {"name": "P", "input": {"a": 1}},
    }


def recorded(number: Any, kind: str, previous: int = 0, **details: Any) -> dict[str, Any]:
    return {"type": kind, "id": number, "previousEventId": previous, "details": details}


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        pytest.param([recorded(1, "A"), recorded(2, "B", 1)], None, id="alike"),
        pytest.param(
            [recorded(1, "A"), recorded(2, "C", 1)],
            "event #2 (C): type recorded 'C', got 'B': "
            "{'type': 'B', 'id': 2, 'previousEventId': 1, 'details': {}}",
            id="another type",
        ),
        pytest.param([recorded(1, "A")], "recorded #1 A, got #1 A, #2 B", id="an event too many"),
        pytest.param([recorded([0], "B"), recorded([0], "A")], None, id="unordered, alike"),
        pytest.param([recorded(1, "A"), recorded([0], "B")], None, id="partly unordered, alike"),
        pytest.param(
            [recorded([0], "A")], "not recorded inside the Parallel: #2 B", id="unordered, an event too many"
        ),
        pytest.param(
            [recorded([0], "B"), recorded([0], "B"), recorded([0], "A")],
            "no B with {} inside the Parallel; left: #1 A",
            id="unordered, an event too few",
        ),
    ],
)  # fmt: skip
def test_history_difference(theirs: list[dict[str, Any]], told: str | None) -> None:
    assert history_difference(theirs, [event(1, "A"), event(2, "B")], WILDCARDS) == told


def test_the_table_counts_by_table_and_tag() -> None:
    def report(*tags: str) -> Any:
        return SimpleNamespace(user_properties=[(PROPERTY, ["file.json", *tags])])

    reports = [("passed", report("map")), ("passed", report()), ("xfailed", report("map")), ("skipped", report())]
    tables = count(reports)
    assert tables["file.json"][""] == Counter({"equal": 2, "gaps": 1, "left out": 1})
    assert [" ".join(line.split()) for line in lines(tables)] == [
        "",
        "equal gaps differ left out rate",
        "file.json 2 1 0 1 66.7 %",
        "file.json, by tag",
        "map 1 1 0 0 50.0 %",
    ]
