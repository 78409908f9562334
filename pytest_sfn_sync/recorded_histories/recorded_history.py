"""`RecordedHistory`: one execution that ran on AWS, with its values and its replay on the current definition."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.task_call import EPOCH, TaskCall
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError, UnmockedTaskError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.executions.trace import trace_of
from pytest_sfn_sync.recorded_histories.generated_values import GeneratedValues
from pytest_sfn_sync.recorded_histories.history_files import HistoryContent
from pytest_sfn_sync.recorded_histories.recorded_answers import NoRecordedAnswerError, RecordedAnswers, RunningAnswers
from pytest_sfn_sync.recorded_histories.recorded_events import document_or_missing, read_event
from pytest_sfn_sync.recorded_histories.recorded_visits import (
    RecordedVisit,
    all_visits,
    place_of_visit,
    read_visits,
)
from pytest_sfn_sync.recorded_histories.replay_differences import ReplayComparison, StepDifference
from pytest_sfn_sync.registry.names import is_valid_name
from pytest_sfn_sync.service.started_executions import prepare
from pytest_sfn_sync.shown_text import shown_names, shown_text, shown_value

if TYPE_CHECKING:
    from pytest_sfn_sync.registry import RegisteredMachine
    from pytest_sfn_sync.service.account import Account

_STATUS: Final = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
}
_ANSWERED_FROM_OUTSIDE: Final = (".waitForTaskToken", ":activity:")
_MOST_STEPS_SHOWN: Final = 12


class RecordedHistory:
    """One execution that ran on AWS.

    ``source`` names its file. ``name`` and ``machine_name`` are None if the recording does not have them. ``type`` is
    the type of the machine. ``input``, ``output``, ``error`` and ``cause`` are those of the execution, ``path`` has
    the states in the order in which they were entered.
    """

    __module__ = "pytest_sfn_sync"

    def __init__(
        self,
        content: HistoryContent,
        *,
        machine: str | None = None,
        find: Callable[[Any], tuple[Account, RegisteredMachine]],
    ) -> None:
        first, last = content.events[0], content.events[-1]
        arn = (content.execution_arn or "").split(":")
        self.source = content.source
        self.type = "EXPRESS" if arn[5:6] == ["express"] else "STANDARD"
        self.machine_name = machine or (arn[6] if len(arn) > 6 else None)
        self.name: str | None = content.described.get("name") or (arn[7] if len(arn) > 7 else None)
        self.started_at: datetime | None = None if first.at is None else EPOCH + timedelta(microseconds=first.at)
        self.input: JSON = first.document("input")
        self.status = _STATUS[last.type]
        self.output: JSON = last.document("output") if self.status == "SUCCEEDED" else None
        self.error: str | None = last.details.get("error")
        self.cause: str | None = last.details.get("cause")
        self._started_at = first.at
        self._end = last
        self._visits = read_visits(content.events)
        self._find = find
        # The answers are for one machine only if the test or the recording names it.
        self._answers = RecordedAnswers(self._visits, source=self.source, machine=self.machine_name)

    @property
    def path(self) -> list[str]:
        """The names of the states in the order in which they were entered."""
        return [visit.name for visit in self._in_order()]

    def replay(self, machine: Any = None, *, ignoring: Collection[str] = ()) -> Execution:
        """Run a machine on the recorded input and the recorded answers, and return the execution.

        ``machine`` is a registered machine or its name; without it, the machine of the recording's name is run. The
        mocks of the test come before the recorded answers. ``ignoring`` has paths such as ``$.TableName``: what differs
        there, or beneath, does not count.

        Raise AssertionError with the first step that differs from the recorded execution.
        """
        __tracebackhide__ = True
        account, found = self._find(self.machine_name if machine is None else machine)
        paths: object = ignoring
        is_list = isinstance(paths, Collection) and not isinstance(paths, str)
        if not is_list or not all(str(path).startswith("$") for path in ignoring):
            raise MockError(
                f"replay: ignoring= takes a list of paths such as ['$.TableName'], not {shown_value(ignoring)}."
            )
        execution, end = self._run(account, found)
        difference = self._difference(execution, found, ignoring)
        if difference is not None:
            raise AssertionError(self._message(execution, difference, end))
        return execution

    def _in_order(self) -> list[RecordedVisit]:
        """Return all visits in the order of entry. AWS ends no execution before its first state."""
        return sorted(all_visits(self._visits), key=lambda visit: visit.event)

    def _run(self, account: Account, machine: RegisteredMachine) -> tuple[Execution, SfnSyncUsageError | None]:
        """Run the machine at the recorded time, and return the execution, and the error that ended it too early."""
        name = self.name if self.name is not None and is_valid_name(self.name) else account.start.name_of(None)
        prepared = prepare(account, machine, name, compact(self.input))
        if self._started_at is not None:
            prepared.run.started_at = prepared.run.stopped_at = self._started_at
        running = account.start.running(prepared)
        recorded = RunningAnswers(self._answers)
        invoke_task = running.runtime.invoke_task

        def answer(call: TaskCall) -> Any:
            from_outside = any(part in call.resource for part in _ANSWERED_FROM_OUTSIDE)
            found = recorded(call, call.resource) if from_outside else None
            return invoke_task(call) if found is None else found

        running.runtime.invoke_task = answer
        try:
            running.run_on()
        except (NoRecordedAnswerError, UnmockedTaskError) as end:
            prepared.run.status = "ABORTED"
            return account.start.keep(prepared), end
        except BaseException as end:
            account.start.abort(prepared, end)
            raise
        return account.start.keep(prepared), None

    def _difference(
        self, execution: Execution, machine: RegisteredMachine, ignoring: Collection[str]
    ) -> StepDifference | None:
        events = [read_event(event, "the replay") for event in execution.history]
        names = (execution.name, execution.arn, machine.name, machine.arn, machine.role_arn)
        comparison = ReplayComparison(GeneratedValues(machine.definition, names), ignoring)
        found = comparison.first(self._visits, read_visits(events))
        if found is not None:
            return found
        end = self._end
        ends = (
            ("status", self.status, execution.status),
            ("error", self.error or MISSING, execution.error or MISSING),
            ("cause", self.cause or MISSING, execution.cause or MISSING),
            ("output", document_or_missing(end, "output"), document_or_missing(events[-1], "output")),
        )
        *_, last = self._in_order()
        for what, recorded, replayed in ends:
            where = f"the end, which came in {place_of_visit(last)}"
            found = comparison.value(end.id, where, what, recorded, replayed)
            if found is not None:
                return found
        return None

    def _message(self, execution: Execution, difference: StepDifference, end: SfnSyncUsageError | None) -> str:
        before = [place_of_visit(visit) for visit in self._in_order() if visit.event < difference.event]
        lines = [
            f"The replay of {shown_text(self.source)} on the machine {execution.machine.name!r} differs from the "
            f"recorded execution first at {difference.where}: {difference.what}.",
            f"  recorded  {difference.recorded}",
            f"  replayed  {difference.replayed}",
        ]
        if difference.details:
            lines += ["Differences:", *(f"  {line}" for line in difference.details)]
        if end is not None:
            lines.append(f"The replay ended there: {str(end).splitlines()[0]}")
        lines.append(f"Recorded before it: {shown_names(before, _MOST_STEPS_SHOWN) or 'nothing'}.")
        return "\n".join([*lines, "", trace_of(execution)])

    def __repr__(self) -> str:
        return f"<RecordedHistory {self.name or 'without a name'!r} of {self.source}: {self.status}, {self.path!r}>"
