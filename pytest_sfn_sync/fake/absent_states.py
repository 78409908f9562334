"""Mocks of states that no machine has: such a mock answers nothing, and is most likely misspelt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pytest_sfn_sync.asl.definition import MapState
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.registry import RegisteredMachine
from pytest_sfn_sync.tasks.map_mocks import ItemReaderMock, ResultWriterMock
from pytest_sfn_sync.tasks.mock_targets import StateTarget
from pytest_sfn_sync.tasks.mocks import TaskMock

_NEAREST: Final = 3
_REMEDY: Final = "Correct the name, or write optional=True at a mock that not every test needs."


def error_of_absent_states(
    mocks: Iterable[TaskMock], machines: Callable[[], Iterable[RegisteredMachine]]
) -> MockError | None:
    """Return the error for mocks that were never called, and whose state is not a Task state of one of the machines.

    Mocks that are optional are not checked. ``machines`` is called only if a mock has to be checked.
    """
    idle = [mock for mock in mocks if isinstance(mock.target, StateTarget) and not mock.answered_calls]
    idle = [mock for mock in idle if not mock.optional]
    if not idle:
        return None
    types: dict[str, list[tuple[str, str]]] = {}
    for machine in dict.fromkeys(machines()):
        for state in machine.compiled.states.with_inner():
            types.setdefault(state.name, []).append((state.type, machine.name))
    faults = [f"{mock!r} was never called: {fault}" for mock in idle if (fault := _fault(mock.target.text, types))]
    if not faults:
        return None
    return MockError("\n".join([*faults, _REMEDY]))


def error_of_absent_maps(
    mocks: Sequence[ItemReaderMock | ResultWriterMock], machines: Callable[[], Iterable[RegisteredMachine]]
) -> MockError | None:
    """Return the error for unused mocks of what a Map reads or writes, if no Map of their names does so."""
    if not mocks:
        return None
    maps = [
        state
        for machine in dict.fromkeys(machines())
        for state in machine.compiled.states.with_inner()
        if isinstance(state, MapState)
    ]
    faults = [f"{mock!r} was never called: {fault}" for mock in mocks if (fault := _fault_of_map(mock, maps))]
    if not faults:
        return None
    return MockError("\n".join([*faults, _REMEDY]))


def _fault_of_map(mock: ItemReaderMock | ResultWriterMock, maps: Sequence[MapState]) -> str | None:
    """Return why no Map calls a mock; None if a Map of its name does."""
    names = [state.name for state in maps]
    if mock.state not in names:
        near = ", ".join(map(repr, nearest_first(mock.state, names)[:_NEAREST]))
        where = f"Nearest: {near}." if near else "None has a Map."
        return f"no registered machine has a Map state of this name. {where}"
    calling = [state.name for state in maps if _calls(state, mock)]
    if mock.state in calling:
        return None
    near = ", ".join(map(repr, nearest_first(mock.state, dict.fromkeys(calling))[:_NEAREST]))
    where = f"Maps that have one, nearest first: {near}." if near else "No Map has one."
    return f"the Map state {mock.state!r} has no {mock.field}. {where}"


def _calls(state: MapState, mock: ItemReaderMock | ResultWriterMock) -> bool:
    fields = state.distributed
    if fields is None:
        return False
    if isinstance(mock, ItemReaderMock):
        return fields.reader is not None
    return fields.writer is not None and fields.writer.has_resource


def _fault(name: str, types: dict[str, list[tuple[str, str]]]) -> str | None:
    """Return why no task can be of a state; None if a machine has such a Task state."""
    of_name = types.get(name)
    if of_name is not None:
        if any(type_ == "Task" for type_, _ in of_name):
            return None
        type_, machine = of_name[0]
        return f"the state {name!r} of {machine!r} is of type {type_}, and only Task states are mocked."
    tasks = {state: machine for state, found in types.items() for type_, machine in found if type_ == "Task"}
    near = ", ".join(f"{state!r} of {tasks[state]!r}" for state in nearest_first(name, tasks)[:_NEAREST])
    return f"no registered machine has a state of this name. {f'Nearest: {near}.' if near else 'None has a Task.'}"
