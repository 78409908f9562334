"""Runs a definition outside of any service, for tests of the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.limits import MICROSECONDS
from pytest_sfn_sync.asl.parsing.definition_parser import parse_definition
from pytest_sfn_sync.asl.run import Identity, Run
from pytest_sfn_sync.asl.running import Running
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall

START = 1_700_000_000 * MICROSECONDS
ECHO = "arn:aws:lambda:us-east-1:123456789012:function:echo"
IDENTITY = Identity(
    execution_arn="arn:aws:states:us-east-1:123456789012:express:machine:run:0",
    execution_name="run",
    role_arn="arn:aws:iam::123456789012:role/machine",
    state_machine_arn="arn:aws:states:us-east-1:123456789012:stateMachine:machine",
    state_machine_name="machine",
    region="us-east-1",
)


def echo(call: TaskCall) -> TaskAnswer:
    """Answer every task with its payload."""
    return TaskAnswer(call.payload)


def fails(error: str, cause: str | None = None, *, takes: float = 0) -> TaskAnswer:
    """Answer a task with an error."""
    return TaskAnswer(error=error, cause=cause, takes=round(takes * MICROSECONDS))


def answers(*given: TaskAnswer | JSON) -> Callable[[TaskCall], TaskAnswer]:
    """Answer the tasks in order with the given answers (or results); the last one goes on for ever."""
    left = list(given)

    def invoke_task(call: TaskCall) -> TaskAnswer:
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, TaskAnswer) else TaskAnswer(answer)

    return invoke_task


def start_at(*states: tuple[str, JSON]) -> JSON:
    """Make a definition whose states follow one another; the last one ends it, where it has to."""
    definition: JSON = {"StartAt": states[0][0], "States": {}}
    for (name, state), following in zip(states, [*states[1:], None], strict=True):
        state = dict(state)
        if state["Type"] not in {"Choice", "Succeed", "Fail"} and "Next" not in state:
            state.update({"End": True} if following is None else {"Next": following[0]})
        definition["States"][name] = state
    return definition


def run(
    definition: JSON,
    document: JSON = None,
    invoke_task: Callable[[TaskCall], TaskAnswer] = echo,
    *,
    input_text: str | None = None,
    seed: int = 0,
) -> Run:
    """Run a definition to its end and give the run."""
    started: Run = Run(
        status="RUNNING",
        input={} if document is None else document,
        input_text=input_text,
        started_at=START,
        stopped_at=START,
        history=History(),
    )
    Running(
        parse_definition(definition), started, identity=IDENTITY, invoke_task=invoke_task, random=Random(seed)
    ).run_on()
    return started


def seconds(run_: Run) -> float:
    """Give the virtual seconds that a run took."""
    return (run_.stopped_at - run_.started_at) / MICROSECONDS


def event_types(run_: Run) -> list[str]:
    """Give the types of a run's events, in order."""
    return [type_ for type_, _, _, _ in run_.history.events]
