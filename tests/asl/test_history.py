"""Events as GetExecutionHistory gives them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from pytest_sfn_sync.asl import history as history_module
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History, details_member
from pytest_sfn_sync.asl.records import OUTERMOST


@pytest.mark.parametrize(
    ("type_", "member"),
    [
        ("ExecutionStarted", "executionStartedEventDetails"),
        ("PassStateEntered", "stateEnteredEventDetails"),
        ("MapStateExited", "stateExitedEventDetails"),
        ("LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails"),
        ("MapIterationSucceeded", "mapIterationSucceededEventDetails"),
    ],
)
def test_the_member_that_holds_the_details(type_: str, member: str) -> None:
    assert details_member(type_) == member


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            ("PassStateEntered", 0, 1_500_000, 1, "A", {"a": [1]}, OUTERMOST),
            {
                "timestamp": datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=timezone.utc),
                "type": "PassStateEntered",
                "id": 1,
                "previousEventId": 0,
                "stateEnteredEventDetails": {"name": "A", "input": '{"a":[1]}', "inputDetails": {"truncated": False}},
            },
            id="documents are JSON texts",
        ),
        pytest.param(
            ("PassStateExited", 2, 0, 2, "A", None, {"b": 1, "a": "x"}),
            {
                "timestamp": datetime(1970, 1, 1, tzinfo=timezone.utc),
                "type": "PassStateExited",
                "id": 1,
                "previousEventId": 2,
                "stateExitedEventDetails": {
                    "name": "A",
                    "output": "null",
                    "outputDetails": {"truncated": False},
                    "assignedVariables": {"a": '"x"', "b": "1"},
                    "assignedVariablesDetails": {"truncated": False},
                },
            },
            id="assigned variables each as JSON text, by name",
        ),
        pytest.param(
            ("LambdaFunctionStarted", 3, 0, 2, None),
            {
                "timestamp": datetime(1970, 1, 1, tzinfo=timezone.utc),
                "type": "LambdaFunctionStarted",
                "id": 1,
                "previousEventId": 3,
            },
            id="no details, no member",
        ),
    ],
)
def test_rendered(record: tuple[JSON, ...], expected: JSON) -> None:
    history = History()
    history.records.append(record)
    assert history.render() == [expected]


def test_events_have_their_details_by_name() -> None:
    history = History()
    history.records += [("MapIterationStarted", 3, 7, 2, "M", 0), ("PassStateExited", 4, 7, 3, "A", 1, None)]
    assert history.events == [
        ("MapIterationStarted", 3, 7, {"name": "M", "index": 0}),
        ("PassStateExited", 4, 7, {"name": "A", "output": 1}),
    ]
    assert len(history) == 2


def test_entered_states_are_named_in_order_of_entry() -> None:
    history = History()
    history.records.extend(
        [
            ("ExecutionStarted", 0, 0, 0, {"input": {}}),
            ("MapStateEntered", 0, 0, 2, "M", [], OUTERMOST),
            ("MapStateExited", 2, 0, 2, "M", [], None),
            ("FailStateEntered", 3, 0, 4, "F", [], OUTERMOST),
        ]
    )
    assert history.entered_states() == ["M", "F"]


def history_of(*inputs: JSON) -> History:
    history = History()
    for number, document in enumerate(inputs):
        history.records.append(("PassStateEntered", number, 0, number + 1, "A", document, OUTERMOST))
    return history


def test_events_with_the_same_document_share_its_text() -> None:
    document = {"a": ["x" * 100_000]}

    events = history_of(*[document] * 10_000).render()

    assert isinstance(events, list)
    assert len({id(event["stateEnteredEventDetails"]["input"]) for event in events}) == 1


def test_the_events_of_a_large_history_are_written_when_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    small = history_of([1, 2], "text", [4])
    as_list = small.render()
    assert isinstance(as_list, list)
    monkeypatch.setattr(history_module, "MOST_TEXT", 10)

    events = small.render()

    assert not isinstance(events, list)
    assert (len(events), list(events), events == as_list, as_list == events) == (3, as_list, True, True)
    assert (events[-1], events[1:], events[5:]) == (as_list[-1], as_list[1:], [])
    assert events != as_list[:-1]
    assert events != [*as_list[:-1], {}]
    assert events != object()
    assert repr(events) == "<3 events, each written when it is read>"
    with pytest.raises(IndexError):
        _ = events[3]


def test_a_history_keeps_the_events_that_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MOST_TEXT", 0)
    history = history_of([1])
    events = history.render()

    history.records.append(history.records[0])

    assert len(events) == 1
