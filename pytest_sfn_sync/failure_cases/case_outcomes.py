"""The outcome of a failure case in words: who handled the errors, the path, and the end."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_sfn_sync.executions.state_visits import state_visits
from pytest_sfn_sync.failure_cases.failure_case import CaseRun, FailureCase

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution import Execution

_NOBODY: Final = "nothing"
NEVER_CALLED: Final = "; the task is never called"


class CaseOutcome(NamedTuple):
    """One row of a table: the case, what handled its errors, the path, and the end of the execution."""

    case: str
    handled: str
    path: str
    end: str


def outcome_of(case: FailureCase, run: CaseRun) -> CaseOutcome:
    """Return the outcome of a case that was run."""
    execution = run.execution
    end = _end(execution) + ("" if run.reached_the_task else NEVER_CALLED)
    return CaseOutcome(case.name, _handled(case, execution), " > ".join(execution.path), end)


def _handled(case: FailureCase, execution: Execution) -> str:
    """Return the retriers and catchers that took an error, in order; those of the task without its name."""
    taken = [
        ("" if visit.name == case.task else f"{visit.name} ") + handled.location.last
        for visit in state_visits(execution.run).all_visits()
        for handled in visit.handled
    ]
    counted = [(name, len(list(same))) for name, same in groupby(taken)]
    texts = [name + (f" {count} times" if count > 1 else "") for name, count in counted]
    return ", ".join(texts) or _NOBODY


def _end(execution: Execution) -> str:
    return f"{execution.status}: {execution.error}" if execution.error else execution.status
