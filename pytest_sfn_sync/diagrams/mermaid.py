"""Mermaid text of a machine, with the parts that ran marked; GitHub, GitLab and many editors draw it.

The text is a ``flowchart`` and not a ``stateDiagram-v2``, because only a flowchart can mark single arrows. Names of
states may contain any character. Characters with a meaning in Mermaid or Markdown are written as entities.
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
"""The class of parts that are never marked as run or not: the start, the end, and the boxes of branches."""

_LABEL_LENGTH: Final = 40
# Fill, line and text all have a colour, so that the text can be read on a light and on a dark page.
_STYLES: Final = {
    RAN: "fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c,stroke-width:2px",
    "succeeded": "fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c,stroke-width:2px",
    "caught": "fill:#fff1c2,stroke:#9a6700,color:#4a3200,stroke-width:2px",
    "failed": "fill:#ffdedb,stroke:#cf222e,color:#5c0d14,stroke-width:2px",
    "cut off": "fill:#e6e1fb,stroke:#6e40c9,color:#2f1c5e,stroke-width:2px",
    "waits": "fill:#ddf4ff,stroke:#0969da,color:#0a3069,stroke-width:2px",
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
# Written as they are: letters and digits of any script, spaces, and marks within a word. Other characters may have a
# meaning in Mermaid's grammar, in the Markdown of labels (a list, emphasis, an icon), in HTML or in KaTeX.
_PLAIN: Final = re.compile(r"(?:[^\W_]|(?<=[^\W_])[-._/](?=[^\W_])|(?<=\S) (?=\S)|,)+")
# These have a meaning even as entities. An invisible character after them takes it away.
_FORMULA_OR_ICON: Final = re.compile(r"\$(?=\$)|\bfa\w?(?=:fa-)")


class HasDefinition(Protocol):
    """An object with a valid definition, such as a `RegisteredMachine`."""

    @property
    def definition(self) -> JSON:
        """The whole definition as a document."""


def machine_mermaid(
    machine: HasDefinition, ran: Mapping[str, int], *, outcomes: Mapping[str, str] | None = None
) -> str:
    """Return the flowchart of a machine as Mermaid text without a code fence, with the parts that ran marked.

    ``ran`` has the count of each part of the definition that ran, by its location in AWS's syntax. The count of a state
    (``/States/Charge``, ``/States/Both/Branches[0]/States/Left``) is the number of its entries. The count of an arrow
    is the number of times that it was taken. Arrows are ``/StartAt``, ``<state>/Next``, ``<state>/End`` (of a Succeed
    state too), ``<state>/Choices[0]``, ``<state>/Default``, ``<state>/Catch[0]`` and ``<state>/Retry[0]``. Nested
    states have a ``StartAt`` of their own (``/States/Both/Branches[0]/StartAt``). `counts_of` returns the counts of one
    execution; those of several executions can be added.

    ``outcomes`` has the outcome of each state by its location: ``succeeded``, ``caught``, ``failed``, ``cut off`` or
    ``waits``. Without it, a state is ``ran`` or ``not reached``. The same arguments always return the same text.
    """
    return _Writer(machine_graph(machine.definition), ran, outcomes or {}).text()


def execution_mermaid(execution: ExecutionValues) -> str:
    """Return the flowchart of an execution's machine, with the outcome of each state."""
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
        # Starts and ends within branches have no mark, as in AWS's own graphs.
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
        # A box has room for only one line above its states.
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
    """Return a text with entities, so that Mermaid shows every character as it is."""
    text = _FORMULA_OR_ICON.sub("\\g<0>\u200b", text)
    escaped, position = [], 0
    for plain in _PLAIN.finditer(text):
        escaped += [*map(_entity, text[position : plain.start()]), plain.group()]
        position = plain.end()
    return "".join([*escaped, *map(_entity, text[position:])])


def _entity(character: str) -> str:
    # Mermaid has its own form of character references. HTML has none for control characters.
    return " " if unicodedata.category(character) == "Cc" else f"#{ord(character)};"
