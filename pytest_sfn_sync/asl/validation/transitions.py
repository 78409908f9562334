"""Checks of the transitions of a machine: missing targets, states that nothing leads to, a machine without an end.

Order and texts as measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from pytest_sfn_sync.asl.diagnostics import MISSING_END_STATE, MISSING_TRANSITION_TARGET, Diagnostics
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.walk import StateSet, WrittenState
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.nearest_names import did_you_mean

_TERMINAL_TYPES: Final = ("Succeed", "Fail")
_MOST_HINTS: Final = 20
"""Near names are searched for so many missing targets: many missing targets are no misspellings, and the search costs.
"""


class Transition(NamedTuple):
    """A way from a state to another: the name of the state that it leaves, and its target as written.

    ``field`` of the object at ``holder`` names the target. ``assign`` is the Assign that goes with the transition.
    ``source`` is None for StartAt.
    """

    source: str | None
    target: JSON
    holder: Location
    field: str
    assign: JSON = None


def transitions_of(states: StateSet) -> Iterator[Transition]:
    """Yield StartAt, then the transitions of each state: Next and Default, choice rules, catchers."""
    yield Transition(None, states.fields.get("StartAt"), states.location, "StartAt")
    for state in states.states:
        yield from _transitions_from(state)


def check_transitions(machine: StateSet, diagnostics: Diagnostics) -> None:
    """Record missing targets, then a missing end, or else unreachable states, over the whole machine."""
    sets = list(machine.with_inner())
    transitions = [list(transitions_of(one)) for one in sets]
    home_of = {name: one.location for one in sets for name in one.names}
    for one, ways in zip(sets, transitions, strict=True):
        _record_missing_targets(one, ways, home_of, diagnostics)
    if not any(_ends_its_set(state.fields) for one in sets for state in one.states):
        diagnostics.add("Workflow has no terminal state", None, code=MISSING_END_STATE)
        return
    for one, ways in zip(sets, transitions, strict=True):
        _record_unreachable(one, ways, diagnostics)


def _ends_its_set(state: dict[str, JSON]) -> bool:
    return state.get("Type") in _TERMINAL_TYPES or ("Type" in state and state.get("End") is True)


def _record_missing_targets(
    states: StateSet, transitions: list[Transition], home_of: dict[str, Location], diagnostics: Diagnostics
) -> None:
    hints: dict[str, str | None] = {}
    for transition in transitions:
        target = transition.target
        if isinstance(target, str) and target not in states.names:
            hint: str | None
            if target in home_of:
                home = home_of[target] or "the machine itself"
                hint = f"{target!r} is a state of {home}; a transition leads to states of its own States only."
            else:
                if target not in hints and len(hints) < _MOST_HINTS:
                    hints[target] = did_you_mean(target, states.names)
                hint = hints.get(target)
            # Measured: always "Next", for StartAt and Default too.
            message = f"Missing 'Next' target: {target}"
            location = transition.holder / transition.field
            diagnostics.add(message, location, code=MISSING_TRANSITION_TARGET, hint=hint)


def _record_unreachable(states: StateSet, transitions: list[Transition], diagnostics: Diagnostics) -> None:
    # Recorded: nothing is reported if there is no StartAt. Measured: a state is unreachable if no other state leads to
    # it. The states that follow such a state are not reported.
    if not isinstance(states.fields.get("StartAt"), str):
        return
    named = {transition.target for transition in transitions if isinstance(transition.target, str)}
    for name in states.names:
        if name not in named:
            location = states.location.state(name)
            diagnostics.add(f'State "{name}" is not reachable.', location, code=MISSING_TRANSITION_TARGET)


def _transitions_from(state: WrittenState) -> Iterator[Transition]:
    fields = state.fields
    for field in ("Next", "Default"):
        if field in fields:
            yield Transition(state.name, fields[field], state.location, field, fields.get("Assign"))
    for array in ("Choices", "Catch"):
        for entry in state.entries(array):
            if "Next" in entry.fields:
                next_state, assign = entry.fields["Next"], entry.fields.get("Assign")
                yield Transition(state.name, next_state, entry.location, "Next", assign)
