"""The reporter of a definition file: its statements, branches and regions, as coverage.py asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from html import escape
from pathlib import Path

from coverage.exceptions import CoverageException, NoSource
from coverage.plugin import CodeRegion, FileReporter
from coverage.types import TArc, TLineNo, TSourceTokenLines

from pytest_sfn_sync.asl.graph.elements import STATE
from pytest_sfn_sync.coverage.line_graph import OTHERS, OUTSIDE, LineGraph
from pytest_sfn_sync.coverage.source_tokens import source_tokens
from pytest_sfn_sync.errors import TemplateError
from pytest_sfn_sync.sources import UnreadableSourceError
from pytest_sfn_sync.workflow_coverage.files import MachineInFile, machines_in_file


class DefinitionReporter(FileReporter):
    """The reporter of one file: a definition, or a template with several."""

    def source(self) -> str:
        """Return the text of the file."""
        try:
            return Path(self.filename).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise NoSource(f"No source for code: '{self.filename}'.") from None

    def lines(self) -> set[TLineNo]:
        """Return the lines of the states, choice rules, Defaults, retriers and catchers."""
        return self._graph.statements

    def arcs(self) -> set[TArc]:
        """Return the arcs between those lines."""
        return self._graph.arcs

    def translate_arcs(self, arcs: Iterable[TArc]) -> set[TArc]:
        """Return the arcs of the report for arcs in the data."""
        return self._graph.translated(arcs)

    def exit_counts(self) -> dict[TLineNo, int]:
        """Return the number of arcs that leave each line."""
        return Counter(source for source, _ in self._graph.arcs)

    def missing_arc_description(self, start: TLineNo, end: TLineNo, executed_arcs: Iterable[TArc] | None = None) -> str:
        """Describe an arc that no test took, as HTML: coverage.py inserts the text unescaped."""
        never = self._graph.never_gone((start, end), executed_arcs or ())
        return escape("; ".join(never)) or super().missing_arc_description(start, end, executed_arcs)

    def arc_description(self, start: TLineNo, end: TLineNo) -> str:
        """Describe where an arc leads."""
        return {OUTSIDE: "end its branch", OTHERS: "go all other ways"}.get(end, f"jump to line {end}")

    def source_token_lines(self) -> TSourceTokenLines:
        """Return the tokens of the file."""
        return source_tokens(self.source())

    def multiline_map(self) -> dict[TLineNo, TLineNo]:
        """Return, for each line of an element, the line of its statement; HTML pages colour these lines lightly."""
        found = {}
        for machine in self._machines:
            # Elements within others come later and replace the entries of their own lines.
            for element in machine.elements:
                place = machine.places.get(element.location)
                if place is not None:
                    found.update(dict.fromkeys(range(place.first, place.last + 1), place.line))
        return found

    def code_regions(self) -> Iterable[CodeRegion]:
        """Return the states, each with its own lines, for the page of HTML that lists them."""
        return [region for machine in self._machines for region in _regions(machine)]

    def code_region_kinds(self) -> Iterable[tuple[str, str]]:
        """Return the name of the kind of region, in the singular and the plural."""
        return [("state", "states")]

    @cached_property
    def _machines(self) -> list[MachineInFile]:
        try:
            return machines_in_file(Path(self.filename))
        except FileNotFoundError:
            raise NoSource(f"No source for code: '{self.filename}'.") from None
        except (UnreadableSourceError, TemplateError) as error:
            why = error.why if isinstance(error, UnreadableSourceError) else str(error)
            raise CoverageException(f"Couldn't read the workflows of '{self.filename}': {why}") from None

    @cached_property
    def _graph(self) -> LineGraph:
        return LineGraph((machine.elements, machine.places) for machine in self._machines)


def _regions(machine: MachineInFile) -> Iterator[CodeRegion]:
    lines: dict[str, set[int]] = {}
    owner: dict[int, str] = {}
    states = [element for element in machine.elements if element.kind == STATE and element.location in machine.places]
    for state in states:
        place = machine.places[state.location]
        lines[state.state] = set()
        owner.update(dict.fromkeys(range(place.first, place.last + 1), state.state))
    for line, name in owner.items():
        lines[name].add(line)
    for state in states:
        if lines[state.state]:
            name = f"{machine.name}.{state.state}" if machine.name else state.state
            yield CodeRegion("state", name, machine.places[state.location].line, lines[state.state])
