"""The failure cases of a machine: the method of `SfnSync`, and the function for parameters of a test."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.failure_cases.failing_tasks import cases_of, cases_of_file
from pytest_sfn_sync.failure_cases.failure_case import FailureCase
from pytest_sfn_sync.internal_errors import public_door
from pytest_sfn_sync.shown_text import shown_value

if TYPE_CHECKING:
    from pytest_sfn_sync.fake.machines import StateMachine
    from pytest_sfn_sync.registry import RegisteredMachine


@public_door
def failures(
    definition: str | PathLike[str] | Mapping[str, Any],
    input: JSON = None,
    *,
    tasks: Collection[str] | None = None,
    name: str | None = None,
    type: str = "EXPRESS",
) -> list[FailureCase]:
    """Return the ways in which the tasks of a machine can fail, as values for ``pytest.mark.parametrize``.

    ``definition`` is the path of a definition file, which counts from the folder of the caller's file and then from the
    working directory, or a dict. ``input`` is the input of each execution (default: ``{}``). ``tasks`` chooses some
    tasks by name. ``name`` is the name of the machine (default: that of the file up to its first dot), and ``type`` is
    its type, if a test has not registered it.

    For each task there is a case for each error that its retriers and catchers name, for an error that none of them
    names, and for a timeout; and, for each retrier, a case in which the task fails once and then succeeds.

    Raise MockError for a file that is no definition, and for a machine or a name without a task.
    """
    _check(tasks)
    if not isinstance(definition, str | PathLike | Mapping):
        raise MockError(
            f"failures takes the path of a definition file or a dict, not {shown_value(definition)}. For a registered "
            "machine, call sfn_sync.failures(machine)."
        )
    # The frame between is that of the public door.
    caller = sys._getframe(2).f_globals.get("__file__")
    folder = Path() if caller is None else Path(caller).parent
    return cases_of_file(definition, folder, input=input, tasks=tasks, name=name, type=type)


def _check(tasks: object) -> None:
    if isinstance(tasks, str) or not isinstance(tasks, Collection | None):
        raise MockError(f"failures: tasks= takes a list of names of tasks, not {shown_value(tasks)}.")


class FailureListing:
    """The method of `SfnSync` for failure cases."""

    if TYPE_CHECKING:

        def _machine_named(self, machine: str | StateMachine | None, method: str) -> RegisteredMachine: ...

    def failures(
        self, machine: str | StateMachine, input: JSON = None, *, tasks: Collection[str] | None = None
    ) -> list[FailureCase]:
        """Return the ways in which the tasks of a registered machine can fail; ``case.run(sfn_sync)`` runs one.

        ``machine`` is a machine or its name. The other arguments are those of `pytest_sfn_sync.failures`, which returns
        the same cases before a fixture exists, as ``pytest.mark.parametrize`` needs them.
        """
        _check(tasks)
        found = self._machine_named(machine, "failures")
        return cases_of(found.name, found.definition, input=input, tasks=tasks, type=found.type)
