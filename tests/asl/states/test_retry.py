"""Retry and Catch: what matches, and how long a retry waits."""

from __future__ import annotations

from random import Random

import pytest

from pytest_sfn_sync.asl.data_flow import JsonPathFlow
from pytest_sfn_sync.asl.definition import Catcher, Retrier
from pytest_sfn_sync.asl.error_names import AslError
from pytest_sfn_sync.asl.location import ROOT
from pytest_sfn_sync.asl.states.error_handling import Retries, backoff, first_catcher, matches

HEARTBEAT = AslError("States.Timeout", None, is_heartbeat=True)


@pytest.mark.parametrize(
    ("error_equals", "failure", "expected"),
    [
        pytest.param(("Boom",), AslError("Boom", None), True, id="a name matches itself"),
        pytest.param(("Boom",), AslError("Bang", None), False, id="and no other"),
        pytest.param(("A", "B"), AslError("B", None), True, id="any name of the list is enough"),
        pytest.param(("States.ALL",), AslError("Boom", None), True, id="States.ALL matches any error"),
        pytest.param(("States.ALL",), AslError(None, None), True, id="States.ALL matches a Fail without a name"),
        pytest.param(("States.ALL",), AslError("States.Timeout", None), True, id="States.ALL matches a timeout"),
        pytest.param(("States.ALL",), AslError("States.Runtime", "x"), False, id="States.ALL leaves States.Runtime"),
        pytest.param(
            ("States.Runtime",),
            AslError("States.Runtime", "x"),
            False,
            id="States.Runtime is not caught by name either",
        ),
        pytest.param(
            ("States.ALL",),
            AslError("States.DataLimitExceeded", "x", terminal=True),
            False,
            id="a state's output that is too large ends the execution",
        ),
        pytest.param(
            ("States.ALL",),
            AslError("States.DataLimitExceeded", "x"),
            True,
            id="a task's result that is too large does not",
        ),
        pytest.param(
            ("States.TaskFailed",), AslError("Boom", None), True, id="States.TaskFailed matches a task's error"
        ),
        pytest.param(
            ("States.TaskFailed",),
            AslError("States.DataLimitExceeded", "x"),
            True,
            id="States.TaskFailed matches a result that is too large",
        ),
        pytest.param(("States.TaskFailed",), AslError("States.Timeout", None), False, id="but no timeout"),
        pytest.param(
            ("States.TaskFailed",), AslError("States.QueryEvaluationError", "x"), False, id="and no failed evaluation"
        ),
        pytest.param(("States.Timeout",), HEARTBEAT, True, id="a missed heartbeat is a timeout"),
        pytest.param(("States.HeartbeatTimeout",), HEARTBEAT, True, id="and answers to its own name"),
        pytest.param(
            ("States.HeartbeatTimeout",), AslError("States.Timeout", None), False, id="which a plain timeout does not"
        ),
        pytest.param(("State.ALL",), AslError("Boom", None), False, id="a misspelt wildcard is a name like any other"),
    ],
)
def test_error_equals(error_equals: tuple[str, ...], failure: AslError, expected: bool) -> None:
    assert matches(error_equals, failure) is expected


@pytest.mark.parametrize(
    ("retrier", "delays"),
    [
        pytest.param({}, [1, 2, 4], id="defaults: one second, doubled each time"),
        pytest.param({"interval_seconds": 3, "backoff_rate": 1.0}, [3, 3, 3], id="a rate of 1 keeps the interval"),
        pytest.param({"backoff_rate": 1.5}, [1, 1.5, 2.25], id="fractions are kept"),
        pytest.param({"max_delay_seconds": 3}, [1, 2, 3, 3], id="MaxDelaySeconds caps each delay"),
        pytest.param({"backoff_rate": 1e300}, [1, 99_999_999, 99_999_999], id="no rate overflows"),
    ],
)
def test_delays(retrier: dict[str, float], delays: list[float]) -> None:
    made = Retrier(location=ROOT, error_equals=("States.ALL",), **retrier)  # type: ignore[arg-type]
    assert [backoff(made, attempt, Random(0)) / 1e6 for attempt in range(1, len(delays) + 1)] == delays


def test_full_jitter_draws_below_the_capped_delay_and_repeats_with_its_seed() -> None:
    retrier = Retrier(
        location=ROOT, error_equals=("States.ALL",), interval_seconds=10, max_delay_seconds=20, jitter_strategy="FULL"
    )
    drawn = [backoff(retrier, attempt, Random(7)) for attempt in range(1, 50)]
    assert drawn == [backoff(retrier, attempt, Random(7)) for attempt in range(1, 50)]
    assert all(0 <= delay <= 20_000_000 for delay in drawn)
    assert len(set(drawn)) > 1


def test_only_the_first_retrier_that_matches_is_consulted() -> None:
    retries = Retries(
        (
            Retrier(location=ROOT, error_equals=("Boom",), max_attempts=1),
            Retrier(location=ROOT, error_equals=("States.ALL",), max_attempts=5),
        ),
        Random(0),
    )
    boom, bang = AslError("Boom", None), AslError("Bang", None)
    assert retries.delay_before_next(boom) == 1_000_000
    assert retries.delay_before_next(boom) is None
    assert retries.delay_before_next(bang) == 1_000_000


def test_no_attempts_means_no_retry() -> None:
    retries = Retries((Retrier(location=ROOT, error_equals=("States.ALL",), max_attempts=0),), Random(0))
    assert retries.delay_before_next(AslError("Boom", None)) is None


def test_the_first_catcher_that_matches_takes_the_error() -> None:
    unknown, task_failed, everything = (
        Catcher(location=ROOT, error_equals=(name,), next=name, flow=JsonPathFlow())
        for name in ("Lambda.Unknown", "States.TaskFailed", "States.ALL")
    )
    catchers = (unknown, task_failed, everything)
    assert first_catcher(catchers, AslError("Exception", None)) is task_failed
    assert first_catcher(catchers, AslError("States.Timeout", None)) is everything
    assert first_catcher(catchers, AslError("States.Runtime", None)) is None
