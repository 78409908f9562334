"""The handle of a machine that a test holds: it runs the machine, a part of it, or one of its states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from weakref import ref

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.registry import RegisteredMachine

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution import Execution
    from pytest_sfn_sync.options import Options
    from pytest_sfn_sync.service.account import Account
    from pytest_sfn_sync.service.author_runs import StateResult
    from pytest_sfn_sync.tasks.task_error import TaskError


class MachineRunner(Protocol):
    """What is used of a fake here."""

    options: Options

    def _account_for(self, method: str) -> Account:
        """Return the account in which a machine is run; raise SfnSyncUsageError after the end of the fake."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class StateMachine(RegisteredMachine):
    """A registered state machine, which can be run without a client.

    ``runner`` is the fake; the machine does not keep it in memory.
    """

    runner: ref[MachineRunner]

    @public_door
    def run(
        self,
        input: Any = None,
        *,
        name: str | None = None,
        start_at: str | None = None,
        stop_after: str | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Execution:
        """Run the machine and return the execution.

        ``input`` is a document (default: ``{}``). ``start_at`` is the name of the first state, and
        ``stop_after`` that of the last one; a state of a branch or an iteration runs with the states around it only.
        ``variables`` are set before the first state. The execution has ended, or it waits for the outside.

        Raise SfnSyncUsageError for a state that the machine does not have, or whose end was not reached, for a name or
        an input that AWS refuses, and for a machine that was deleted. Raise the usage errors of mocks as a call of a
        client does.
        """
        from pytest_sfn_sync.service.author_runs import run_machine

        check_arguments("run", name=name, start_at=start_at, stop_after=stop_after, variables=variables)
        return run_machine(
            self._runner("run")._account_for("run"),
            self,
            {} if input is None else input,
            name=name,
            start_at=start_at,
            stop_after=stop_after,
            variables=variables,
        )

    @public_door
    def test_state(
        self,
        state: str,
        input: Any = None,
        *,
        returns: Any = MISSING,
        raises: TaskError | str | None = None,
        variables: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        retries: int = 0,
        validate: str | None = None,
    ) -> StateResult:
        """Run one state of the machine, as TestState does, and return what it did.

        ``returns`` is the result of its work, and ``raises`` the error, as a `TaskError` or its name. Without them, a
        Task is done by the mocks of the test; a Map and a Parallel need one of them. ``context`` replaces the context
        object. ``retries`` is the number of retries that were made before. The result and the name of the error are
        checked as those of a mock are; ``validate`` is that of `mock_task`.

        Raise SfnSyncUsageError for what TestState refuses, and MockError for what a mock refuses.
        """
        from pytest_sfn_sync.service.author_runs import try_state_of

        check_arguments(
            "test_state",
            state=state,
            raises=raises,
            variables=variables,
            context=context,
            retries=retries,
            validate=validate,
        )
        runner = self._runner("test_state")
        return try_state_of(
            runner._account_for("test_state"),
            self,
            state,
            {} if input is None else input,
            returns=returns,
            raises=raises,
            variables=variables,
            context=context,
            retries=retries,
            mode=runner.options.validate_mocks if validate is None else validate,
        )

    def _runner(self, method: str) -> MachineRunner:
        runner = self.runner()
        if runner is None:
            raise SfnSyncUsageError(
                f"{method} was called on the machine {self.name!r} of an SfnSync that is gone. Call it within its "
                "block."
            )
        return runner


def runnable(machine: RegisteredMachine) -> StateMachine:
    """Return a machine of a fake's registry, which makes machines of this class only."""
    assert isinstance(machine, StateMachine), "the registry of a fake makes machines of this class"
    return machine
