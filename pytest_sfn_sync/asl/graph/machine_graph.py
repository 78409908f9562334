"""The graph of a machine: its states, nested as they are in the definition, and the arrows between them.

Every node and every arrow has the location of what it stands for in the definition, in AWS's syntax
(``/States/Charge/Catch[0]``), by which what ran is matched to it. How a graph looks is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.rule_text import rule_text

_ERRORS_NAMED: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A way from one state to another at ``location``: a ``StartAt``, ``Next``, ``End``, rule, catcher or retrier.

    ``kind`` is ``start``, ``next``, ``end``, ``choice``, ``default``, ``catch`` or ``retry``. ``source`` and ``target``
    are locations of states; None is where the machine starts, or where it ends. ``target_name`` is the target's name.
    An arrow of a retrier leads back to its own state. A Succeed state ends by an arrow at ``<state>/End``, though it
    has no such field.
    """

    location: str
    kind: str
    source: str | None
    target: str | None
    target_name: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A state at ``location``; ``fields`` are as written, ``levels`` are a Parallel's branches or a Map's processor."""

    location: str
    name: str
    type: str
    fields: dict[str, JSON]
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A closed set of states at ``location``: the machine's own (``""``), a branch's, an item processor's.

    ``title`` tells branches of one Parallel apart.
    """

    location: str
    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]

    def all_nodes(self) -> Iterator[Node]:
        """Walk the nodes of this level and of all within it, in the order of the definition."""
        for node in self.nodes:
            yield node
            for level in node.levels:
                yield from level.all_nodes()

    def all_arrows(self) -> Iterator[Arrow]:
        """Walk the arrows of this level and of all within it."""
        yield from self.arrows
        for node in self.nodes:
            for level in node.levels:
                yield from level.all_arrows()


def machine_graph(definition: JSON) -> Level:
    """Make the graph of a machine from its definition, which is known to be a valid one."""
    return _level(definition, "", "")


def _level(definition: JSON, location: str, title: str) -> Level:
    prefix = f"{location}/States/"
    nodes, arrows = [], [_arrow(f"{location}/StartAt", "start", None, prefix, definition["StartAt"])]
    for name, fields in definition["States"].items():
        here = prefix + name
        levels = tuple(_nested_levels(fields, here))
        nodes.append(Node(location=here, name=name, type=fields["Type"], fields=fields, levels=levels))
        arrows += _arrows_from(name, fields, prefix)
    return Level(location=location, title=title, nodes=tuple(nodes), arrows=tuple(arrows))


def _nested_levels(fields: JSON, here: str) -> Iterator[Level]:
    if fields["Type"] == "Parallel":
        for index, branch in enumerate(fields["Branches"]):
            yield _level(branch, f"{here}/Branches[{index}]", f"branch {index}")
    elif fields["Type"] == "Map":
        field = "ItemProcessor" if "ItemProcessor" in fields else "Iterator"
        yield _level(fields[field], f"{here}/{field}", "each item")


def _arrows_from(name: str, fields: JSON, prefix: str) -> Iterator[Arrow]:
    """Give the arrows that leave a state, those of its choices or its success first."""
    here = prefix + name
    for index, rule in enumerate(fields.get("Choices", ())):
        yield _arrow(f"{here}/Choices[{index}]", "choice", here, prefix, rule["Next"], rule_text(rule))
    if "Default" in fields:
        yield _arrow(f"{here}/Default", "default", here, prefix, fields["Default"], "default")
    if "Next" in fields:
        yield _arrow(f"{here}/Next", "next", here, prefix, fields["Next"])
    elif fields["Type"] not in ("Choice", "Fail"):
        yield _arrow(f"{here}/End", "end", here, prefix, None)
    for index, retrier in enumerate(fields.get("Retry", ())):
        label = f"retry {_errors_named(retrier['ErrorEquals'])}"
        yield _arrow(f"{here}/Retry[{index}]", "retry", here, prefix, name, label)
    for index, catcher in enumerate(fields.get("Catch", ())):
        label = f"catch {_errors_named(catcher['ErrorEquals'])}"
        yield _arrow(f"{here}/Catch[{index}]", "catch", here, prefix, catcher["Next"], label)


def _arrow(location: str, kind: str, source: str | None, prefix: str, target: str | None, label: str = "") -> Arrow:
    return Arrow(
        location=location,
        kind=kind,
        source=source,
        target=None if target is None else prefix + target,
        target_name=target or "",
        label=label,
    )


def _errors_named(names: list[str]) -> str:
    if len(names) <= _ERRORS_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_ERRORS_NAMED])} and {len(names) - _ERRORS_NAMED} more"
