"""A part of a machine: it starts at another state, or ends after one.

A part is a definition of its own, made of the same compiled states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pytest_sfn_sync.asl.definition import (
    ChoiceState,
    MapState,
    ParallelState,
    State,
    StateMachineDefinition,
    States,
    WithErrorHandling,
    WithNext,
)
from pytest_sfn_sync.asl.interpreter import END


class UnknownStateError(Exception):
    """A state of a part is not there; ``known`` are the names that could be meant, and ``beside`` the other state."""

    def __init__(self, name: str, known: list[str], beside: str | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.known = known
        self.beside = beside


def part_of(
    definition: StateMachineDefinition, *, start_at: str | None = None, stop_after: str | None = None
) -> StateMachineDefinition:
    """Return the part of a machine from one state on, or up to one state; both are in one set of states.

    A state of a branch or of an item processor runs with the states of that branch only. Raise `UnknownStateError`
    for a state that is not there.
    """
    states = definition.states
    named = start_at if start_at is not None else stop_after
    if named is not None:
        states = _states_with(states, named)
    if start_at is not None:
        states = replace(states, start_at=start_at)
    if stop_after is not None:
        if stop_after not in states.by_name:
            raise UnknownStateError(stop_after, list(states.by_name), start_at)
        last = states.by_name[stop_after]
        states = replace(states, by_name={**states.by_name, stop_after: _ending(last)})
    return replace(definition, states=states)


def _states_with(states: States, name: str) -> States:
    for one in _sets(states):
        if name in one.by_name:
            return one
    raise UnknownStateError(name, [state.name for state in states.with_inner()])


def _sets(states: States) -> Iterator[States]:
    yield states
    for state in states.by_name.values():
        if isinstance(state, MapState):
            yield from _sets(state.item_processor)
        elif isinstance(state, ParallelState):
            for branch in state.branches:
                yield from _sets(branch)


def _ending(state: State) -> State:
    """Return a state after which the run ends, whichever way the state is left."""
    if isinstance(state, ChoiceState):
        rules = tuple(replace(rule, next=END) for rule in state.choices)
        return replace(state, choices=rules, next=None if state.next is None else END)
    if isinstance(state, WithErrorHandling):
        state = replace(state, catch=tuple(replace(catcher, next=END) for catcher in state.catch))
    return replace(state, next=None) if isinstance(state, WithNext) else state
