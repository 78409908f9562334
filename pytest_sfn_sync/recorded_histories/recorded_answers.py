"""The answers that the tasks of a recorded execution got, given again to the tasks of a test.

An answer is found by the state, by the iterations around it, and by the number of the attempt in that iteration, which
counts retries and loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_sfn_sync.asl.limits import MAX_SECONDS, MICROSECONDS
from pytest_sfn_sync.asl.task_call import TaskAnswer, TaskCall
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.recorded_histories.recorded_visits import (
    IterationPath,
    RecordedAttempt,
    RecordedBranch,
    all_visits,
)
from pytest_sfn_sync.shown_text import shown_names, shown_text
from pytest_sfn_sync.tasks.mocks import place_of

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine

_NEVER: Final = (MAX_SECONDS + 1) * MICROSECONDS
"""The time of a task that timed out: longer than any timeout, so that the one of the definition ends it."""

_Place: TypeAlias = "tuple[str, IterationPath]"


class NoRecordedAnswerError(MockError):
    """A task asked for more than the recorded execution has."""

    __module__ = "pytest_sfn_sync"


class RecordedAnswers:
    """The answers of one recording; ``machine`` is the name of the machine that they are for, None for any machine."""

    def __init__(self, outermost: RecordedBranch, *, source: str, machine: str | None) -> None:
        self.source = source
        self.machine = machine
        self.attempts: dict[_Place, list[RecordedAttempt]] = {}
        for visit in all_visits(outermost):
            if visit.attempts:
                self.attempts.setdefault((visit.name, visit.branch.iteration), []).extend(visit.attempts)

    def begin(self, machine: RegisteredMachine) -> RunningAnswers | None:
        """Return the answers for one execution of a machine; None if they are for another machine."""
        return RunningAnswers(self) if self.machine in (None, machine.name) else None


class RunningAnswers:
    """The answers for one execution; it counts the attempts of each state in each iteration."""

    __slots__ = ("_answers", "_given")

    def __init__(self, answers: RecordedAnswers) -> None:
        self._answers = answers
        self._given: dict[_Place, int] = {}

    def __call__(self, call: TaskCall, key: str) -> TaskAnswer | None:
        """Return the recorded answer to an attempt; None for a state of which the recording has no attempt.

        Raise NoRecordedAnswerError if the recording has fewer attempts of the state, or none in this iteration.
        """
        place = (call.state_name, call.iteration)
        attempts = self._answers.attempts.get(place, [])
        number = self._given.get(place, 0)
        if number >= len(attempts):
            others = [iteration for state, iteration in self._answers.attempts if state == call.state_name]
            if not others:
                return None
            raise NoRecordedAnswerError(self._about_missing(call, number, others))
        self._given[place] = number + 1
        call.answered_by = f"history {shown_text(self._answers.source)}"
        return _answer(attempts[number])

    def _about_missing(self, call: TaskCall, number: int, others: list[IterationPath]) -> str:
        source = shown_text(self._answers.source)
        if call.iteration in others:
            what = f"{number} attempt{'s' if number > 1 else ''} of this state"
        else:
            iterations = shown_names(".".join(map(str, iteration)) or "none" for iteration in others)
            what = f"no attempt of this state in this iteration, but in: {iterations}"
        return (
            f"The recorded execution of {source} has no answer for {place_of(call)}: it has {what}. To answer it, "
            f"write sfn_sync.mock_task({call.state_name!r}, returns=...)."
        )


def _answer(attempt: RecordedAttempt) -> TaskAnswer:
    if attempt.timed_out or not attempt.has_ended:
        return TaskAnswer(None, takes=_NEVER)
    if attempt.error is not None:
        return TaskAnswer(None, attempt.error, attempt.cause, attempt.takes)
    return TaskAnswer(attempt.result, takes=attempt.takes)
