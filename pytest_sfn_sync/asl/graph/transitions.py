"""The graph that transitions make: targets that are missing, states that nothing leads to, a machine without an end.

It is read from the raw fields, so that faults elsewhere don't hide those here. Order and texts as measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_sfn_sync.asl.diagnostics import MISSING_END_STATE, MISSING_TRANSITION_TARGET, Diagnostics
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.limits import MAX_NESTING
from pytest_sfn_sync.asl.nearest_names import did_you_mean

_TERMINAL_TYPES = ("Succeed", "Fail")
_MOST_HINTS = 20
"""Near names are searched for so many missing targets; with more of them it is no misspelling, and the search costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A way from a state to another: its target as written, the target's location, and the state that it leaves.

    ``assign`` is the Assign that goes with it. ``source`` is None for StartAt.
    """

    source: str | None
    target: JSON
    location: str
    assign: JSON = None


class StateSet:
    """One ``States`` object with its ``StartAt``: the machine's, a branch's, or a processor's."""

    def __init__(self, fields: dict[str, JSON], location: str) -> None:
        self.states: dict[str, JSON] = fields["States"]
        self.location = location
        self.has_start = isinstance(fields.get("StartAt"), str)
        start = Transition(source=None, target=fields.get("StartAt"), location=f"{location}/StartAt")
        self.transitions = [start, *self._transitions()]

    @property
    def has_end(self) -> bool:
        """Whether any state ends the branch."""
        return any(
            state.get("Type") in _TERMINAL_TYPES or ("Type" in state and state.get("End") is True)
            for state in self.states.values()
            if isinstance(state, dict)
        )

    def _transitions(self) -> Iterator[Transition]:
        for name, state in self.states.items():
            if isinstance(state, dict):
                yield from _transitions(name, state, f"{self.location}/States/{name}")

    def nested(self) -> Iterator[tuple[str, StateSet]]:
        """Give the branches and processors inside, each with the name of its Parallel or Map."""
        for name, state in self.states.items():
            if isinstance(state, dict):
                for fields, location in _nested_in(state, f"{self.location}/States/{name}"):
                    yield name, StateSet(fields, location)


def state_set(machine: dict[str, JSON]) -> StateSet | None:
    """Give the outermost set of states; None where there is none to speak of."""
    return StateSet(machine, "") if isinstance(machine.get("States"), dict) else None


def check_transitions(machine: StateSet, diagnostics: Diagnostics) -> None:
    """Note missing targets, then a missing end, or else what is not reachable, over the whole machine."""
    sets = list(_all_sets(machine))
    home_of = {name: one.location for one in sets for name in one.states}
    for one in sets:
        _note_missing_targets(one, home_of, diagnostics)
    if not any(one.has_end for one in sets):
        diagnostics.add("Workflow has no terminal state", None, code=MISSING_END_STATE)
        return
    for one in sets:
        _note_unreachable(one, diagnostics)


def _all_sets(states: StateSet, depth: int = 0) -> Iterator[StateSet]:
    yield states
    if depth < MAX_NESTING:
        for _, inner in states.nested():
            yield from _all_sets(inner, depth + 1)


def _note_missing_targets(states: StateSet, home_of: dict[str, str], diagnostics: Diagnostics) -> None:
    hints: dict[str, str | None] = {}
    for transition in states.transitions:
        target = transition.target
        if isinstance(target, str) and target not in states.states:
            hint: str | None
            if target in home_of:
                home = home_of[target] or "the machine itself"
                hint = f"{target!r} is a state of {home}; a transition leads to states of its own States only."
            else:
                if target not in hints and len(hints) < _MOST_HINTS:
                    hints[target] = did_you_mean(target, states.states)
                hint = hints.get(target)
            # Measured: always "Next", for StartAt and Default too.
            message = f"Missing 'Next' target: {target}"
            diagnostics.add(message, transition.location, code=MISSING_TRANSITION_TARGET, hint=hint)


def _note_unreachable(states: StateSet, diagnostics: Diagnostics) -> None:
    # Recorded: nothing is told where there is no StartAt. Measured: unreachable is a state that no other names; a chain
    # that hangs off such a state is not reported.
    if not states.has_start:
        return
    named = {transition.target for transition in states.transitions if isinstance(transition.target, str)}
    for name in states.states:
        if name not in named:
            location = f"{states.location}/States/{name}"
            diagnostics.add(f'State "{name}" is not reachable.', location, code=MISSING_TRANSITION_TARGET)


def _transitions(name: str, state: dict[str, JSON], place: str) -> Iterator[Transition]:
    for field in ("Next", "Default"):
        if field in state:
            location = f"{place}/{field}"
            yield Transition(source=name, target=state[field], location=location, assign=state.get("Assign"))
    for entry, location in rules_and_catchers(state, place):
        if "Next" in entry:
            assign = entry.get("Assign")
            yield Transition(source=name, target=entry["Next"], location=f"{location}/Next", assign=assign)


def rules_and_catchers(state: dict[str, JSON], place: str) -> Iterator[tuple[dict[str, JSON], str]]:
    """Give the choice rules and the catchers of a state at a place, each with its location."""
    for field in ("Choices", "Catch"):
        yield from entries_in(state, field, place)


def entries_in(fields: dict[str, JSON], field: str, place: str) -> Iterator[tuple[dict[str, JSON], str]]:
    """Give the objects in an array, each with its location; what is no array has none."""
    value = fields.get(field)
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield entry, f"{place}/{field}[{index}]"


def _nested_in(state: dict[str, JSON], place: str) -> Iterator[tuple[dict[str, JSON], str]]:
    processors = [(state.get(field), f"{place}/{field}") for field in ("ItemProcessor", "Iterator")]
    for fields, location in (*entries_in(state, "Branches", place), *processors):
        if isinstance(fields, dict) and isinstance(fields.get("States"), dict):
            yield fields, location
