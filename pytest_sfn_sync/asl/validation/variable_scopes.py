"""Variables of nested scopes: a branch or an iteration may not assign a name that is assigned on the way into it.

Measured: "on the way" is the Assign of any transition that can lead to the Parallel or Map: a state's own, a choice
rule's or a catcher's, through loops too. A name that the outer scope assigns only afterwards may be assigned inside.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_sfn_sync.asl.diagnostics import DUPLICATE_VARIABLE_NAME, Diagnostics
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.walk import StateSet
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX
from pytest_sfn_sync.asl.validation.transitions import transitions_of


def check_variables(machine: StateSet, diagnostics: Diagnostics) -> None:
    """Record every Assign of a name that was already defined in a parent scope."""
    _VariableCheck(diagnostics).inside(machine, 0)


class _VariableCheck:
    """The check of one machine; sets of names are kept as bits, because in long machines the sets are large."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self._bits: dict[str, int] = {}

    def inside(self, states: StateSet, inherited: int) -> None:
        """Check the branches and processors inside a set of states, which has ``inherited`` names from outside."""
        containers = [state for state in states.states if state.sets]
        if not containers:
            return
        assigned_before = self._assigned_before(states)
        for container in containers:
            outer = inherited | assigned_before[container.name]
            for inner in container.sets:
                if outer:
                    self._record_shadowed(inner, outer)
                self.inside(inner, outer)

    def _assigned_before(self, states: StateSet) -> dict[str, int]:
        """Return by state the names that may have been assigned when it is entered."""
        leaving: dict[str | None, list[tuple[str, int]]] = {}
        for transition in transitions_of(states):
            if isinstance(transition.target, str) and transition.target in states.names:
                way = (transition.target, self._names(transition.assign))
                leaving.setdefault(transition.source, []).append(way)
        before = dict.fromkeys(states.names, 0)
        if any(names for ways in leaving.values() for _, names in ways):
            order = _in_order_of_entry(leaving, states)
            while _pass_on(order, leaving, before):
                pass
        return before

    def _names(self, assign: JSON) -> int:
        names = 0
        for name in assigned_names(assign):
            names |= self._bits.setdefault(name, 1 << len(self._bits))
        return names

    def _record_shadowed(self, states: StateSet, outer: int) -> None:
        for assign, location in _assigns(states):
            for key in assign:
                name = key.removesuffix(EVALUATED_SUFFIX)
                if self._bits.get(name, 0) & outer:
                    # Assumption: the location; only the message was recorded.
                    self.diagnostics.add(
                        f"The variable name '{name}' was already defined in a parent scope.",
                        location,
                        code=DUPLICATE_VARIABLE_NAME,
                        place=location / key,
                    )


def _in_order_of_entry(leaving: dict[str | None, list[tuple[str, int]]], states: StateSet) -> list[str]:
    """Return the states so that, except in loops, each comes after those that lead to it (reverse postorder)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in [target for target, _ in leaving.get(None, ())] + list(states.names):
        pending = [(start, False)]
        while pending:
            name, is_done = pending.pop()
            if is_done:
                order.append(name)
            elif name not in seen:
                seen.add(name)
                pending.append((name, True))
                pending += [(target, False) for target, _ in leaving.get(name, ())]
    return order[::-1]


def _pass_on(order: list[str], leaving: dict[str | None, list[tuple[str, int]]], before: dict[str, int]) -> bool:
    """Pass names on along every transition; report whether any state got more."""
    changed = False
    for name in order:
        for target, names in leaving.get(name, ()):
            more = before[target] | before[name] | names
            if more != before[target]:
                before[target], changed = more, True
    return changed


def _assigns(states: StateSet) -> Iterator[tuple[dict[str, JSON], Location]]:
    for state in states.states:
        holders = [(state.fields, state.location)]
        for field in ("Choices", "Catch"):
            holders += [(entry.fields, entry.location) for entry in state.entries(field)]
        for fields, location in holders:
            if isinstance(fields.get("Assign"), dict):
                yield fields["Assign"], location / "Assign"


def assigned_names(assign: JSON) -> frozenset[str]:
    """Return the names that an Assign gives values to."""
    return frozenset(key.removesuffix(EVALUATED_SUFFIX) for key in assign) if isinstance(assign, dict) else frozenset()
