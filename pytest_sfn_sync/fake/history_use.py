"""The part of the fake that answers tasks from recorded executions, and replays these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.errors import MockError, SfnSyncUsageError
from pytest_sfn_sync.shown_text import shown_names, shown_value
from pytest_sfn_sync.tasks.mock_table import MockTable

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.machines import StateMachine
    from pytest_sfn_sync.recorded_histories.history_files import HistorySource
    from pytest_sfn_sync.recorded_histories.recorded_history import RecordedHistory
    from pytest_sfn_sync.registry import RegisteredMachine, Registry
    from pytest_sfn_sync.service.account import Account


class HistoryUse:
    """The method of `SfnSync` for recorded executions."""

    _mock_table: MockTable
    _registry: Registry
    histories: list[RecordedHistory]

    if TYPE_CHECKING:

        def _refuse_after_the_end(self, method: str) -> None: ...

        def _account_for(self, method: str) -> Account: ...

    def use_history(
        self, history: HistorySource, described: HistorySource | None = None, *, machine: str | None = None
    ) -> RecordedHistory:
        """Answer tasks as they were answered in an execution on AWS, and return that `RecordedHistory`.

        ``history`` is the output of ``aws stepfunctions get-execution-history``, or the log events of an Express
        machine: its path, a folder with its pages, or its content. ``described`` is the output of
        ``describe-execution``; in a folder it is found by itself. ``machine`` is the name of the machine that the
        answers are for. Without it, they are for the machine that the recording names, or else for any machine.

        An answer is found by state, iteration and attempt. It has the result, or the error and its cause, and takes as
        long as on AWS; a task that timed out does so again. Mocks are used before the recorded answers.

        Raise MockError for what the recording can't say, such as truncated data.
        """
        from pytest_sfn_sync.recorded_histories.history_files import read_history
        from pytest_sfn_sync.recorded_histories.recorded_history import RecordedHistory

        self._refuse_after_the_end("use_history")
        check_arguments("use_history", machine=machine)
        fake = ref(self)

        def find(machine: Any) -> tuple[Account, RegisteredMachine]:
            found = fake()
            if found is None:
                raise SfnSyncUsageError("replay was called for an SfnSync that is gone. Call it within its block.")
            return found._account_for("replay"), found._machine_named(machine, "replay")

        recorded = RecordedHistory(read_history(history, described), machine=machine, find=find)
        self._mock_table.recordings.append(recorded._answers)
        self.histories.append(recorded)
        return recorded

    def _machine_named(self, machine: str | StateMachine | None, method: str) -> RegisteredMachine:
        """Return a registered machine, or the one of a name; None stands for the only machine that there is."""
        known = list(self._registry)
        if machine is None and len(known) == 1:
            return known[0]
        for one in known:
            if machine is one or machine in (one.name, one.arn):
                return one
        names = shown_names((one.name for one in known), quoted=True) or "none; register it first"
        if machine is None:
            raise MockError(f"{method} needs a machine, as the recording names none. Registered: {names}.")
        named = shown_value(machine)
        raise MockError(f"{method}: there is no registered machine {named}. Registered: {names}.")
