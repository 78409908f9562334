"""Mermaid text of a machine, a ``flowchart``, with what ran marked; GitHub, GitLab and many editors draw it.

A flowchart and not a ``stateDiagram-v2``: only there can single arrows be marked. Names of states may hold any
character, and every one that means something to Mermaid or to Markdown is written as an entity.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.graph.machine_graph import Arrow, Level, Node, machine_graph
from pytest_sfn_sync.diagrams.counts import counts_of

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues

RAN: Final = "ran"
NOT_REACHED: Final = "not reached"
_FRAME: Final = "frame"
"""What neither runs nor does not: the start, the end, and the boxes of branches."""

_LABEL_LENGTH: Final = 40
# Colours are given in full, text too, so that they can be read on a light and on a dark page.
_STYLES: Final = {
    RAN: "fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c,stroke-width:2px",
    "succeeded": "fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c,stroke-width:2px",
    "caught": "fill:#fff1c2,stroke:#9a6700,color:#4a3200,stroke-width:2px",
    "failed": "fill:#ffdedb,stroke:#cf222e,color:#5c0d14,stroke-width:2px",
    "cut off": "fill:#e6e1fb,stroke:#6e40c9,color:#2f1c5e,stroke-width:2px",
    NOT_REACHED: "fill:#f3f4f6,stroke:#8c959f,color:#59636e,stroke-dasharray:5 4",
    _FRAME: "fill:#ffffff,stroke:#8c959f,color:#24292f",
}
_ARROW_STYLES: Final = {"catch": "stroke:#9a6700", "retry": "stroke:#9a6700"}
_TAKEN: Final = "stroke:#1a7f37"
_NOT_TAKEN: Final = "stroke:#8c959f"

_SHAPES: Final = {
    "Choice": ("{{", "}}"),
    "Wait": ("([", "])"),
    "Succeed": ("(", ")"),
    "Fail": ("(", ")"),
    "Pass": ("(", ")"),
}
# What is left alone: letters and digits of any script, spaces, and marks within a word. The rest may mean something:
# to Mermaid's grammar, to the Markdown that labels are read as (a list, emphasis, an icon), to HTML or to KaTeX.
_PLAIN: Final = re.compile(r"(?:[^\W_]|(?<=[^\W_])[-._/](?=[^\W_])|(?<=\S) (?=\S)|,)+")
# These mean something even as references; an invisible character keeps them from it.
_FORMULA_OR_ICON: Final = re.compile(r"\$(?=\$)|\bfa\w?(?=:fa-)")


class HasDefinition(Protocol):
    """Anything that has a definition, such as a `StateMachine`; the definition is known to be valid."""

    @property
    def definition(self) -> JSON:
        """The whole definition as a document."""


def machine_mermaid(
    machine: HasDefinition, ran: Mapping[str, int], *, outcomes: Mapping[str, str] | None = None
) -> str:
    """Give the flowchart of a machine with what ran marked, as Mermaid text without a code fence.

    ``ran`` says how often each part of the definition ran, by its location in AWS's syntax; what is absent did not.
    Locations of states (``/States/Charge``, ``/States/Both/Branches[0]/States/Left``) count entries; those of arrows
    count how often they were taken: ``/StartAt``, ``<state>/Next``, ``<state>/End`` (of a Succeed state too),
    ``<state>/Choices[0]``, ``<state>/Default``, ``<state>/Catch[0]``, ``<state>/Retry[0]``; a nested set of states has
    a ``StartAt`` too (``/States/Both/Branches[0]/StartAt``). `counts_of` counts them for one execution; counts of
    several add up.

    ``outcomes`` gives a state's outcome by its location: ``succeeded``, ``caught``, ``failed`` or ``cut off``. Without
    it, states are either ``ran`` or ``not reached``. Text is the same for the same arguments.
    """
    return _Writer(machine_graph(machine.definition), ran, outcomes or {}).text()


def execution_mermaid(execution: ExecutionValues) -> str:
    """Give the flowchart of an execution's machine, each state with the outcome that it came to."""
    ran = counts_of(execution.run, machine_graph(execution.machine.definition))
    return machine_mermaid(execution.machine, ran.counts, outcomes=ran.outcome_by_state)


class _Writer:
    def __init__(self, graph: Level, ran: Mapping[str, int], outcomes: Mapping[str, str]) -> None:
        self.graph = graph
        self.ran = ran
        self.outcomes = outcomes
        self.frames = ["start"]
        self.ids = {node.location: f"s{number}" for number, node in enumerate(graph.all_nodes(), 1)}

    def text(self) -> str:
        lines = ["flowchart TD", '    start(("start"))', *self._level(self.graph, 1)]
        # Within a branch nothing marks where it starts and ends, as in AWS's own graphs.
        within = [arrow for node in self.graph.nodes for level in node.levels for arrow in level.all_arrows()]
        drawn = [*self.graph.arrows, *(arrow for arrow in within if arrow.source and arrow.target)]
        if any(arrow.target is None for arrow in drawn):
            lines.append('    finish(("end"))')
            self.frames.append("finish")
        lines += [f"    {self._arrow(arrow)}" for arrow in drawn]
        return "\n".join([*lines, *self._arrow_styles(drawn), *self._classes()]) + "\n"

    def _level(self, level: Level, depth: int) -> Iterator[str]:
        indent = "    " * depth
        for node in level.nodes:
            if not node.levels:
                opening, closing = _SHAPES.get(node.type, ("[", "]"))
                yield f"{indent}{self.ids[node.location]}{opening}{self._label(node)}{closing}"
                continue
            yield f"{indent}subgraph {self.ids[node.location]}[{self._label(node)}]"
            yield f"{indent}    direction TB"
            for number, inner in enumerate(node.levels):
                if node.type == "Map":
                    yield from self._level(inner, depth + 1)
                    continue
                branch_id = f"{self.ids[node.location]}b{number}"
                self.frames.append(branch_id)
                yield f'{indent}    subgraph {branch_id}["{_escaped(inner.title)}"]'
                yield f"{indent}        direction TB"
                yield from self._level(inner, depth + 2)
                yield f"{indent}    end"
            yield f"{indent}end"

    def _label(self, node: Node) -> str:
        times = self.ran.get(node.location, 0)
        what = f"{node.type}{f', {times} times' if times > 1 else ''}"
        # A box has room for one line above what it holds.
        return f'"{_escaped(node.name)}{f" ({what})" if node.levels else f"<br>{what}"}"'

    def _arrow(self, arrow: Arrow) -> str:
        source = "start" if arrow.source is None else self.ids[arrow.source]
        target = "finish" if arrow.target is None else self.ids[arrow.target]
        times = self.ran.get(arrow.location, 0)
        label = _shortened(arrow.label) + (f" {times} times" if times > 1 else "")
        return f"{source} {'==>' if times else '-.->'}{_arrow_label(label.strip())} {target}"

    def _arrow_styles(self, arrows: list[Arrow]) -> Iterator[str]:
        styled: dict[str, list[int]] = {}
        for number, arrow in enumerate(arrows):
            style = _ARROW_STYLES.get(arrow.kind, _TAKEN) if self.ran.get(arrow.location) else _NOT_TAKEN
            styled.setdefault(style, []).append(number)
        for style, numbers in styled.items():
            yield f"    linkStyle {','.join(map(str, numbers))} {style}"

    def _classes(self) -> Iterator[str]:
        ids_by_class = {_FRAME: self.frames}
        for node in self.graph.all_nodes():
            outcome = self.outcomes.get(node.location) or (RAN if self.ran.get(node.location) else NOT_REACHED)
            ids_by_class.setdefault(outcome, []).append(self.ids[node.location])
        for outcome, ids in ids_by_class.items():
            yield f"    classDef {outcome.replace(' ', '_')} {_STYLES[outcome]}"
            yield f"    class {','.join(ids)} {outcome.replace(' ', '_')}"


def _arrow_label(label: str) -> str:
    return f'|"{_escaped(label)}"|' if label else ""


def _shortened(label: str) -> str:
    return label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 1].rstrip()}…"


def _escaped(text: str) -> str:
    """Write a text so that Mermaid shows it as it is, whatever it holds."""
    text = _FORMULA_OR_ICON.sub("\\g<0>\u200b", text)
    escaped, position = [], 0
    for plain in _PLAIN.finditer(text):
        escaped += [*map(_entity, text[position : plain.start()]), plain.group()]
        position = plain.end()
    return "".join([*escaped, *map(_entity, text[position:])])


def _entity(character: str) -> str:
    # Mermaid's own form of a character reference. HTML has none for a control character.
    return " " if unicodedata.category(character) == "Cc" else f"#{ord(character)};"
