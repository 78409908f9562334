"""Variables of nested scopes: a branch or an iteration may not assign a name that is assigned on the way into it.

Measured: "on the way" is the Assign of any transition that can lead to the Parallel or Map, be it the state's own, a
choice rule's or a catcher's, through loops too; a name that the outer scope assigns only afterwards is free inside.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_sfn_sync.asl.diagnostics import DUPLICATE_VARIABLE_NAME, Diagnostics
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.transitions import StateSet, rules_and_catchers
from pytest_sfn_sync.asl.limits import MAX_NESTING
from pytest_sfn_sync.asl.payload_templates import EVALUATED_SUFFIX


def check_variables(machine: StateSet, diagnostics: Diagnostics) -> None:
    """Note every Assign of a name that was already defined in a parent scope."""
    _VariableCheck(diagnostics).nested(machine, 0, 0)


class _VariableCheck:
    """The check of one machine; sets of names are kept as bits, since long machines hand on many names."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self._bits: dict[str, int] = {}

    def nested(self, states: StateSet, inherited: int, depth: int) -> None:
        """Check what stands inside a set of states, which has ``inherited`` names from outside."""
        containers = list(states.nested())
        if not containers or depth >= MAX_NESTING:
            return
        assigned_before = self._assigned_before(states)
        for container, inner in containers:
            outer = inherited | assigned_before.get(container, 0)
            if outer:
                self._note_shadowed(inner, outer)
            self.nested(inner, outer, depth + 1)

    def _assigned_before(self, states: StateSet) -> dict[str, int]:
        """Give, for each state, the names that may have been assigned when it is entered."""
        leaving: dict[str | None, list[tuple[str, int]]] = {}
        for transition in states.transitions:
            if isinstance(transition.target, str) and transition.target in states.states:
                way = (transition.target, self._names(transition.assign))
                leaving.setdefault(transition.source, []).append(way)
        before = dict.fromkeys(states.states, 0)
        if any(names for ways in leaving.values() for _, names in ways):
            order = _in_order_of_entry(leaving, states)
            while _hand_on(order, leaving, before):
                pass
        return before

    def _names(self, assign: JSON) -> int:
        names = 0
        for name in assigned_names(assign):
            names |= self._bits.setdefault(name, 1 << len(self._bits))
        return names

    def _note_shadowed(self, states: StateSet, outer: int) -> None:
        for assign, location in _assigns(states):
            for key in assign:
                name = key.removesuffix(EVALUATED_SUFFIX)
                if self._bits.get(name, 0) & outer:
                    # assumption: the location; only the message was recorded.
                    self.diagnostics.add(
                        f"The variable name '{name}' was already defined in a parent scope.",
                        location,
                        code=DUPLICATE_VARIABLE_NAME,
                        place=f"{location}/{key}",
                    )


def _in_order_of_entry(leaving: dict[str | None, list[tuple[str, int]]], states: StateSet) -> list[str]:
    """Give the states so that, but for loops, each comes after those that lead to it (reverse postorder)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in [target for target, _ in leaving.get(None, ())] + list(states.states):
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


def _hand_on(order: list[str], leaving: dict[str | None, list[tuple[str, int]]], before: dict[str, int]) -> bool:
    """Hand names on along every transition; tell whether any state got more."""
    changed = False
    for name in order:
        for target, names in leaving.get(name, ()):
            more = before[target] | before[name] | names
            if more != before[target]:
                before[target], changed = more, True
    return changed


def _assigns(states: StateSet) -> Iterator[tuple[dict[str, JSON], str]]:
    for name, state in states.states.items():
        if not isinstance(state, dict):
            continue
        place = f"{states.location}/States/{name}"
        for fields, location in ((state, place), *rules_and_catchers(state, place)):
            if isinstance(fields.get("Assign"), dict):
                yield fields["Assign"], f"{location}/Assign"


def assigned_names(assign: JSON) -> frozenset[str]:
    """Give the names that an Assign gives values to."""
    return frozenset(key.removesuffix(EVALUATED_SUFFIX) for key in assign) if isinstance(assign, dict) else frozenset()
