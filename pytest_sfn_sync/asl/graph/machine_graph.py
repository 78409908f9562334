"""The graph of a machine: its states, nested as they are in the definition, and the arrows between them.

Every node and every arrow has the location of its part of the definition, in AWS's syntax
(``/States/Charge/Catch[0]``). Locations connect the graph with the records of a run. How a graph is drawn is decided
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.rule_text import rule_text
from pytest_sfn_sync.asl.graph.walk import StateSet, WrittenState, outermost
from pytest_sfn_sync.asl.location import Location

_ERRORS_NAMED: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A way from one state to another at ``location``: a ``StartAt``, ``Next``, ``End``, rule, catcher or retrier.

    ``kind`` is ``start``, ``next``, ``end``, ``choice``, ``default``, ``catch`` or ``retry``. ``source`` and ``target``
    are locations of states; None is the start of a machine, or its end. ``target_name`` is the name of the
    target. An arrow of a retrier leads back to its own state. A Succeed state ends by an arrow at ``<state>/End``,
    though it has no such field.
    """

    location: Location
    kind: str
    source: Location | None
    target: Location | None
    target_name: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A state at ``location``; ``fields`` are as written, ``levels`` are a Parallel's branches or a Map's processor."""

    location: Location
    name: str
    type: str
    fields: dict[str, JSON]
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A closed set of states at ``location``: the machine's own (``""``), a branch's, an item processor's.

    ``title`` distinguishes the branches of one Parallel.
    """

    location: Location
    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]

    def all_nodes(self) -> Iterator[Node]:
        """Yield the nodes of this level and of all levels inside it, in the order of the definition."""
        for node in self.nodes:
            yield node
            for level in node.levels:
                yield from level.all_nodes()

    def all_arrows(self) -> Iterator[Arrow]:
        """Yield the arrows of this level and of all levels inside it."""
        yield from self.arrows
        for node in self.nodes:
            for level in node.levels:
                yield from level.all_arrows()


def machine_graph(definition: JSON) -> Level:
    """Return the graph of a machine, from a definition that is known to be valid."""
    states = outermost(definition)
    assert states is not None, "a definition without States was not registered"
    return _level(states, "")


def _level(states: StateSet, title: str) -> Level:
    start = Arrow(
        location=states.location / "StartAt",
        kind="start",
        source=None,
        target=states.location.state(states.fields["StartAt"]),
        target_name=states.fields["StartAt"],
    )
    return Level(
        location=states.location,
        title=title,
        nodes=tuple(map(_node, states.states)),
        arrows=(start, *(arrow for state in states.states for arrow in _arrows_from(state, states.location))),
    )


def _node(state: WrittenState) -> Node:
    return Node(
        location=state.location,
        name=state.name,
        type=state.fields["Type"],
        fields=state.fields,
        levels=tuple(_level(inner, _title(inner.location)) for inner in state.sets),
    )


def _title(location: Location) -> str:
    return f"branch {location.entry[1]}" if location.endswith("]") else "each item"


def _arrows_from(state: WrittenState, home: Location) -> Iterator[Arrow]:
    """Yield the arrows that leave a state; those of its choices, or of its success, come first."""
    fields = state.fields

    def arrow(location: Location, kind: str, target: str | None, label: str = "") -> Arrow:
        to = None if target is None else home.state(target)
        return Arrow(
            location=location, kind=kind, source=state.location, target=to, target_name=target or "", label=label
        )

    for rule in state.entries("Choices"):
        yield arrow(rule.location, "choice", rule.fields["Next"], rule_text(rule.fields))
    if "Default" in fields:
        yield arrow(state.location / "Default", "default", fields["Default"], "default")
    if "Next" in fields:
        yield arrow(state.location / "Next", "next", fields["Next"])
    elif fields["Type"] not in ("Choice", "Fail"):
        yield arrow(state.location / "End", "end", None)
    for retrier in state.entries("Retry"):
        label = f"retry {_errors_named(retrier.fields['ErrorEquals'])}"
        yield arrow(retrier.location, "retry", state.name, label)
    for catcher in state.entries("Catch"):
        label = f"catch {_errors_named(catcher.fields['ErrorEquals'])}"
        yield arrow(catcher.location, "catch", catcher.fields["Next"], label)


def _errors_named(names: list[str]) -> str:
    if len(names) <= _ERRORS_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_ERRORS_NAMED])} and {len(names) - _ERRORS_NAMED} more"
