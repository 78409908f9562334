"""Runs that pause: what is due, what waits for the outside, and time that passes for both."""

from __future__ import annotations

from random import Random
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest

from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.limits import MICROSECONDS
from pytest_sfn_sync.asl.parsing.definition_parser import parse_definition
from pytest_sfn_sync.asl.run import Run
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import Submitted, TaskAnswer, TaskCall
from pytest_sfn_sync.asl.timeline import Timeline
from tests.asl.machines import IDENTITY, START

ASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q"}, "End": True}
APPROVALS = {
    "StartAt": "All",
    "States": {
        "All": {
            "Type": "Parallel",
            "End": True,
            "Branches": [
                {"StartAt": "Ask", "States": {"Ask": ASK}},
                {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 60, "End": True}}},
                {
                    "StartAt": "AskEach",
                    "States": {
                        "AskEach": {
                            "Type": "Map",
                            "ItemsPath": "$.people",
                            "ItemProcessor": {"StartAt": "AskOne", "States": {"AskOne": ASK}},
                            "End": True,
                        }
                    },
                },
            ],
        }
    },
}
PEOPLE = {"people": ["Aino", "Eero", "Kaisa"]}


def submit(call: TaskCall) -> Submitted:
    """Hand each task over; its token is the state's name and the index of the iteration."""
    return Submitted("".join([call.state_name, *map(str, call.iteration)]), {"MessageId": "m"})


class Started:
    """One execution on a timeline of its own."""

    def __init__(self, definition: Any, document: Any, invoke_task: Any = submit) -> None:
        self.timeline = Timeline(START)
        self.run = new_run(document)
        self.running = start_on(self.timeline, definition, self.run, invoke_task)

    @property
    def seconds(self) -> float:
        return (self.timeline.clock.now - START) / MICROSECONDS

    @property
    def tokens(self) -> list[str]:
        return [awaited.token for awaited in self.running.awaited]

    @property
    def events(self) -> list[str]:
        return [event[0] for event in self.run.history.events]

    def answer(self, token: str, answer: TaskAnswer) -> None:
        self.running.answer(token, answer)
        self.timeline.go_on()


def new_run(document: Any) -> Run:
    return Run(status="RUNNING", input=document, started_at=START, stopped_at=START, history=History())


def start_on(timeline: Timeline, definition: Any, run: Run, invoke_task: Any) -> Running:
    running = Running(
        parse_definition(definition),
        run,
        identity=IDENTITY,
        invoke_task=invoke_task,
        random=Random(0),
        clock=timeline.clock,
    )
    timeline.start(running)
    return running


def one_task(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "Ask", "States": {"Ask": {**ASK, **fields}}}


def test_a_run_goes_on_over_what_is_due_and_waits_for_the_outside() -> None:
    started = Started(APPROVALS, PEOPLE)
    assert (started.run.status, started.seconds) == ("RUNNING", 60)
    assert started.tokens == ["Ask", "AskOne0", "AskOne1", "AskOne2"]
    assert started.events.count("TaskSubmitted") == 4
    assert "WaitStateExited" in started.events


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(["Ask", "AskOne0", "AskOne1", "AskOne2"], id="in the order of the questions"),
        pytest.param(["AskOne2", "AskOne0", "Ask", "AskOne1"], id="in any other"),
    ],
)
def test_answers_are_taken_in_any_order(order: list[str]) -> None:
    started = Started(APPROVALS, PEOPLE)
    for token in order:
        assert started.run.status == "RUNNING"
        started.answer(token, TaskAnswer(f"{token} answers"))
    assert started.run.status == "SUCCEEDED"
    assert started.run.output == [
        "Ask answers",
        PEOPLE,
        ["AskOne0 answers", "AskOne1 answers", "AskOne2 answers"],
    ]
    assert (started.tokens, started.timeline.running) == ([], [])


def test_a_failure_aborts_the_siblings_that_wait() -> None:
    started = Started(APPROVALS, PEOPLE)
    started.answer("AskOne1", TaskAnswer(None, "Refused", "no"))
    assert (started.run.status, started.run.error, started.run.cause) == ("FAILED", "Refused", "no")
    assert started.tokens == []
    assert started.events[-12:] == [
        "TaskFailed",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapIterationFailed",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapStateFailed",
        "TaskStateAborted",
        "MapStateAborted",
        "ParallelStateFailed",
        "ExecutionFailed",
    ]


def test_an_answer_to_an_unknown_token_is_refused() -> None:
    started = Started(one_task(), {})
    with pytest.raises(KeyError, match="other"):
        started.running.answer("other", TaskAnswer(1))


def test_time_does_not_jump_over_a_time_out_of_the_outside() -> None:
    definition = {
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "End": True,
                "Branches": [
                    one_task(TimeoutSeconds=30),
                    {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 60, "End": True}}},
                ],
            }
        },
    }
    started = Started(definition, {})
    assert (started.seconds, started.tokens) == (0, ["Ask"])
    started.answer("Ask", TaskAnswer("yes"))
    assert (started.run.status, started.seconds) == ("SUCCEEDED", 60)


@pytest.mark.parametrize(
    ("fields", "seconds", "beats", "outcome"),
    [
        pytest.param({"TimeoutSeconds": 30}, 29, [], "RUNNING", id="before the time-out"),
        pytest.param({"TimeoutSeconds": 30}, 30, [], "FAILED", id="at the time-out"),
        pytest.param({"TimeoutSeconds": 90, "HeartbeatSeconds": 20}, 20, [], "FAILED", id="a missed heartbeat"),
        pytest.param({"TimeoutSeconds": 90, "HeartbeatSeconds": 20}, 15, [15], "RUNNING", id="a heartbeat in time"),
        pytest.param({"TimeoutSeconds": 40, "HeartbeatSeconds": 20}, 15, [15, 15], "FAILED", id="then the time-out"),
    ],
)
def test_only_time_that_is_let_pass_times_out(
    fields: dict[str, Any], seconds: int, beats: list[int], outcome: str
) -> None:
    started = Started(one_task(**fields), {})
    started.timeline.advance(seconds * MICROSECONDS)
    for beat in beats:
        started.running.heartbeat("Ask")
        started.timeline.go_on()
        started.timeline.advance(beat * MICROSECONDS)
    assert (started.run.status, started.run.error) == (outcome, "States.Timeout" if outcome == "FAILED" else None)


def test_a_time_out_can_be_retried_and_is_asked_again() -> None:
    retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 5, "MaxAttempts": 1}]
    started = Started(one_task(TimeoutSeconds=10, Retry=retry), {})
    started.timeline.advance(10 * MICROSECONDS)
    assert (started.tokens, started.seconds) == ([], 10)
    started.timeline.go_on()
    assert (started.tokens, started.seconds) == (["Ask"], 15)
    started.answer("Ask", TaskAnswer("late"))
    assert started.run.output == "late"


def test_a_run_that_is_stopped_is_aborted_and_says_nothing_else() -> None:
    started = Started(APPROVALS, PEOPLE)
    before = len(started.events)
    started.running.stop("Cancelled", "by hand")
    started.timeline.go_on()
    assert (started.run.status, started.run.error, started.run.cause) == ("ABORTED", "Cancelled", "by hand")
    assert started.events[before:] == ["ExecutionAborted"]
    assert (started.tokens, started.timeline.running) == ([], [])


def test_executions_on_one_timeline_interleave_by_what_is_due_first() -> None:
    log: list[tuple[str, int]] = []

    def work(call: TaskCall) -> TaskAnswer:
        log.append((call.payload["of"], (call.at_microseconds - START) // MICROSECONDS))
        return TaskAnswer(None, takes=call.payload["takes"] * MICROSECONDS)

    timeline = Timeline(START)
    step = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}
    runs = []
    for name, takes in (("slow", 5), ("quick", 2)):
        parameters = {"of": name, "takes": takes}
        states = {
            "Ask": {"Type": "Task", "Resource": ASK["Resource"], "Parameters": ASK["Parameters"], "Next": "One"},
            "One": {**step, "Parameters": parameters, "Next": "Two"},
            "Two": {**step, "Parameters": parameters, "Next": "Three"},
            "Three": {**step, "Parameters": parameters, "End": True},
        }
        definition = {"StartAt": "Ask", "States": states}

        def invoke(call: TaskCall) -> Any:
            return submit(call) if call.state_name == "Ask" else work(call)

        run = new_run({})
        runs.append((run, start_on(timeline, definition, run, invoke)))
    for _, running in runs:
        running.answer("Ask", TaskAnswer({}))
    timeline.go_on()
    assert log == [("slow", 0), ("quick", 0), ("quick", 2), ("quick", 4), ("slow", 5), ("slow", 10)]
    assert [run.status for run, _ in runs] == ["SUCCEEDED", "SUCCEEDED"]


def test_what_a_handler_answers_is_taken_up_when_it_has_returned() -> None:
    send = {**ASK, "Resource": "arn:aws:states:::sns:publish"}
    branches = [one_task(), {"StartAt": "Send", "States": {"Send": send}}]
    definition = {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}}
    timeline, run, seen = Timeline(START), new_run({}), list[str]()

    def invoke(call: TaskCall) -> Any:
        if call.state_name == "Ask":
            return submit(call)
        (running,) = timeline.running
        running.answer("Ask", TaskAnswer("approved"))
        timeline.go_on()
        seen.append(run.status)
        return TaskAnswer("sent")

    start_on(timeline, definition, run, invoke)
    assert seen == ["RUNNING"]
    assert (run.status, run.output) == ("SUCCEEDED", ["approved", "sent"])


def test_a_run_that_has_ended_may_be_stopped_again() -> None:
    timeline, run = Timeline(START), new_run({})
    running = start_on(timeline, one_task(), run, submit)
    timeline.stop(running, "First", None)
    timeline.stop(running, "Second", None)
    assert (run.status, run.error) == ("ABORTED", "First")


def test_a_stop_waits_for_a_thread_that_is_about_to_take_steps() -> None:
    timeline, run = Timeline(START), new_run({})
    running = start_on(timeline, one_task(), run, submit)
    is_held = Event()

    def hold() -> None:
        with timeline.held():
            is_held.set()
            sleep(0.05)

    other = Thread(target=hold)
    other.start()
    assert is_held.wait(60)
    timeline.stop(running, "Enough", None)
    other.join(60)
    assert (run.status, run.error) == ("ABORTED", "Enough")


def test_a_failure_beside_a_map_aborts_its_iterations_in_order() -> None:
    started = Started(APPROVALS, PEOPLE)
    started.answer("Ask", TaskAnswer(None, "Refused", "no"))
    assert (started.run.status, started.tokens) == ("FAILED", [])
    assert started.events[-11:] == [
        "TaskFailed",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapStateAborted",
        "ParallelStateFailed",
        "ExecutionFailed",
    ]


def alone(definition: Any) -> Running:
    """Return an execution on no timeline, which has taken no step yet."""
    run = new_run({})
    return Running(parse_definition(definition), run, identity=IDENTITY, invoke_task=submit, random=Random(0))


def test_a_run_without_a_timeline_stops_where_only_the_outside_can_help() -> None:
    running = alone(one_task(TimeoutSeconds=30))
    running.run_on()
    assert (running.run.status, running.clock.now) == ("RUNNING", START)
    running.answer("Ask", TaskAnswer("yes"))
    running.run_on()
    assert (running.run.status, running.run.output, running.pause) == ("SUCCEEDED", "yes", None)


@pytest.mark.parametrize(
    ("seconds", "passed"),
    [pytest.param(10, 10, id="before the time-out"), pytest.param(40, 0, id="not over the time-out")],
)
def test_a_run_without_a_timeline_jumps_to_what_is_due_before_the_outside_times_out(seconds: int, passed: int) -> None:
    wait = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": seconds, "End": True}}}
    both = {"Type": "Parallel", "Branches": [one_task(TimeoutSeconds=30), wait], "End": True}
    running = alone({"StartAt": "Both", "States": {"Both": both}})
    running.run_on()
    assert (running.run.status, running.clock.now) == ("RUNNING", START + passed * MICROSECONDS)


def test_a_run_that_has_ended_goes_on_no_more_and_can_not_be_stopped() -> None:
    running = alone({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    running.run_on()
    events = len(running.run.history.events)
    running.stop("Cancelled")
    assert running.go_on() is None
    assert (running.run.status, running.run.error, len(running.run.history.events)) == ("SUCCEEDED", None, events)
