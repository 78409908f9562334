"""`FailureCase`: one task of a machine fails in one way, and the run shows what the machine does about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_sfn_sync.asl.error_names import STATES_TIMEOUT
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_SECONDS
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.task_error import TaskError

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution import Execution
    from pytest_sfn_sync.tasks.mocks import TaskMock

TIMEOUT: Final = "timeout"
HEARTBEAT: Final = "heartbeat timeout"
UNNAMED: Final = "UnnamedError"
"""An error that no retrier and no catcher names; only States.ALL and States.TaskFailed match it."""


class MachineOfCase(Protocol):
    """What is used of a registered machine here."""

    name: str

    def run(self, input: Any = None) -> Execution:
        """Run the machine and return the execution."""


class FakeOfCase(Protocol):
    """What is used of an `SfnSync` here."""

    @property
    def machines(self) -> list[Any]:
        """The registered machines."""

    def register(self, name: str, definition: Any, *, type: str = ...) -> Any:
        """Register a machine and return it."""

    def mock_task(
        self,
        state: str,
        *,
        returns: Any = ...,
        raises: Any = ...,
        takes: float = ...,
        times: int | None = ...,
        validate: str | None = ...,
        optional: bool = ...,
    ) -> TaskMock:
        """Mock a Task state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailure:
    """One task and how it fails: by an error of this name, or by a timeout.

    A task with a heartbeat that is silent misses the heartbeat first. So its timeout is that of one with heartbeats.
    """

    task: str
    error: str
    is_function: bool = False
    has_heartbeat: bool = False

    def __str__(self) -> str:
        return f"{self.task}-{self.error.replace(' ', '-')}"

    def mock(self, fake: FakeOfCase, times: int | None) -> TaskMock:
        """Let the task fail, always or a number of times, and return the mock."""
        if self.error == TIMEOUT and self.has_heartbeat:
            answer: dict[str, Any] = {"raises": TaskError(STATES_TIMEOUT)}
        elif self.error in (TIMEOUT, HEARTBEAT):
            answer = {"returns": None, "takes": MAX_SECONDS}
        else:
            answer = {"raises": TaskError(self.error, self._cause)}
        return fake.mock_task(self.task, **answer, times=times, validate="none", optional=True)

    @property
    def _cause(self) -> str:
        text = "raised by a failure case"
        return json.dumps({"errorMessage": text, "errorType": self.error}) if self.is_function else text


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCase:
    """One task of a machine fails in one way.

    ``task`` is the name of the Task state. ``error`` is the error's name, ``timeout`` or ``heartbeat timeout``. With
    ``succeeds_after`` the task fails that many times and then succeeds; without it, it fails always. ``after`` are the
    failures of other tasks that lead to the task, if it is reached only through a Catch. ``input`` is the input of the
    execution.

    As a parameter of a test, a case has its name as its id.
    """

    __module__ = "pytest_sfn_sync"

    failure: TaskFailure
    machine: str
    definition: JSON = field(repr=False)
    type: str = "EXPRESS"
    succeeds_after: int | None = None
    after: tuple[TaskFailure, ...] = ()
    input: JSON = field(default_factory=dict)

    @property
    def task(self) -> str:
        """The name of the Task state that fails."""
        return self.failure.task

    @property
    def error(self) -> str:
        """The name of the error, ``timeout`` or ``heartbeat timeout``."""
        return self.failure.error

    @property
    def name(self) -> str:
        """The name of the case, such as ``Charge-Card.Declined``."""
        parts = [str(self.failure), *(["once"] if self.succeeds_after else [])]
        return "-after-".join(["-".join(parts), *map(str, reversed(self.after))])

    @property
    def __name__(self) -> str:
        """The id that pytest gives to the case as a parameter."""
        return self.name

    def run(self, sfn_sync: FakeOfCase, machine: Any = None) -> Execution:
        """Run the machine so that the task fails, and return the execution.

        ``machine`` is a registered machine. Without it, the machine of the case's name is run; it is registered if the
        test has not done so. All other tasks are answered by the mocks of the test.

        Raise AssertionError if the execution does not come to the task, as then nothing has failed, or if it does not
        end, as a task of it waits for an answer.
        """
        __tracebackhide__ = True
        execution = self.try_run(sfn_sync, machine)
        if execution.execution.status == "RUNNING":
            raise AssertionError(self._has_not_ended(execution.execution))
        if execution.reached_the_task:
            return execution.execution
        path = " -> ".join(execution.execution.path)
        raise AssertionError(
            f"The failure case {self.name} did not take place: with the input {shown_value(self.input)} the machine "
            f"{self.machine!r} never calls the task {self.task!r}. It went {path}. Give failures() an input that leads "
            "to the task, or choose others with tasks=[...]."
        )

    def try_run(self, sfn_sync: FakeOfCase, machine: Any = None) -> CaseRun:
        """Run the machine as `run` does; return the execution, and whether it came to the task."""
        found = machine or self._machine_of(sfn_sync)
        mocks = [failure.mock(sfn_sync, None) for failure in self.after]
        mocks.append(self.failure.mock(sfn_sync, self.succeeds_after))
        try:
            execution = found.run(self.input)
        finally:
            for mock in mocks:
                mock.remove()
        return CaseRun(execution=execution, reached_the_task=mocks[-1].called)

    def _has_not_ended(self, execution: Execution) -> str:
        waiting = list(dict.fromkeys(task.state for task in execution.pending))
        mocks = "".join(f"\n    sfn_sync.mock_task({shown_value(state)}, returns=...)" for state in waiting)
        return (
            f"The failure case {self.name} has not ended: the execution of {self.machine!r} waits for the answer to "
            f"{' and to '.join(map(repr, waiting))}. A mock of the resource answers the call alone. Give the result "
            f"of the whole task before the case is run:{mocks}"
        )

    def _machine_of(self, sfn_sync: FakeOfCase) -> MachineOfCase:
        if not hasattr(sfn_sync, "mock_task"):
            raise MockError(f"FailureCase.run takes the fixture sfn_sync or an SfnSync, not {shown_value(sfn_sync)}.")
        found: MachineOfCase | None = next((one for one in sfn_sync.machines if one.name == self.machine), None)
        return found or sfn_sync.register(self.machine, self.definition, type=self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRun:
    """The execution of a case, and whether it came to the task that fails."""

    execution: Execution
    reached_the_task: bool


def parts_of(states: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the inner machines of a state: the processor of a Map, the branches of a Parallel."""
    inner = [states.get("ItemProcessor"), states.get("Iterator"), *states.get("Branches", ())]
    return [part for part in inner if part is not None]
