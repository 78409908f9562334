"""Events as GetExecutionHistory gives them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import Event, History, details_member


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
    ("event", "expected"),
    [
        pytest.param(
            ("PassStateEntered", 0, 1_500_000, {"name": "A", "input": {"a": [1]}}),
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
            ("PassStateExited", 2, 0, {"name": "A", "output": None, "assignedVariables": {"b": 1, "a": "x"}}),
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
            ("LambdaFunctionStarted", 3, 0, None),
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
def test_rendered(event: Event, expected: JSON) -> None:
    history = History()
    history.events.append(event)
    assert history.render() == [expected]


def test_entered_states_are_named_in_order_of_entry() -> None:
    history = History()
    history.events.extend(
        [
            ("ExecutionStarted", 0, 0, {"input": {}}),
            ("MapStateEntered", 0, 0, {"name": "M", "input": []}),
            ("MapStateExited", 2, 0, {"name": "M", "output": []}),
            ("FailStateEntered", 3, 0, {"name": "F", "input": []}),
        ]
    )
    assert history.entered_states() == ["M", "F"]
