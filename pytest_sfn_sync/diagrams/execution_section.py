"""The section of a page for one execution: its status, graph, states, time line and trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.graph.machine_graph import Level, machine_graph
from pytest_sfn_sync.diagrams.counts import Counts, counts_of
from pytest_sfn_sync.diagrams.drawing import css_class, draw
from pytest_sfn_sync.diagrams.html_text import escaped, labelled, left_out
from pytest_sfn_sync.diagrams.layout import PlacedLevel, lay_out
from pytest_sfn_sync.diagrams.state_details import StateDetails, places
from pytest_sfn_sync.executions.state_visits import Branch, Visit, visits_by_event
from pytest_sfn_sync.executions.trace import seconds, trace_of
from pytest_sfn_sync.tasks.differences import cut_in_the_middle, one_line

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues

_ROWS_SHOWN: Final = 200
_ROW_DOCUMENT: Final = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A machine's graph and its layout; all executions of the machine share one."""

    graph: Level
    placed: PlacedLevel


def picture_of(execution: ExecutionValues) -> Picture:
    """Return the graph of an execution's machine with its layout."""
    graph = machine_graph(execution.machine.definition)
    return Picture(graph=graph, placed=lay_out(graph))


def status_class(status: str) -> str:
    """Return the class that ``page.css`` has for the status of an execution."""
    return {"SUCCEEDED": "succeeded", "FAILED": "failed", "RUNNING": "waits"}.get(status, "cut-off")


def execution_section(execution: ExecutionValues, picture: Picture, *, key: str, test: str | None = None) -> str:
    """Return the section of an execution; all ids in it begin with ``key``, and ``test`` is the test that ran it."""
    return "".join(_Section(execution, picture, key, test).write())


class _Section:
    def __init__(self, execution: ExecutionValues, picture: Picture, key: str, test: str | None) -> None:
        self.execution = execution
        self.picture = picture
        self.key = key
        self.test = test
        self.start = execution.run.started_at
        self.nodes = list(picture.graph.all_nodes())
        self.anchors: dict[str, str] = {node.location: f"{key}-s{number}" for number, node in enumerate(self.nodes, 1)}
        self.anchor_by_name = {node.name: self.anchors[node.location] for node in self.nodes}
        self.outermost, self.owners = visits_by_event(execution.run)
        self.ran: Counts = counts_of(execution.run, picture.graph, self.outermost)

    def write(self) -> Iterator[str]:
        execution = self.execution
        name = escaped(execution.machine.name)
        yield f'<section class="execution" id="{self.key}"><header class="head"><div>'
        yield f'<h2>{name} <span class="badge {status_class(execution.status)}">{execution.status}</span></h2>'
        yield f"<p>took {seconds(execution.run.stopped_at - self.start)} of virtual time from "
        yield f"{execution.started_at:%Y-%m-%d %H:%M:%S} UTC"
        yield f" · in the test <code>{escaped(self.test)}</code>" if self.test is not None else ""
        yield f'</p><p class="where"><code>{escaped(execution.arn)}</code></p></div>'
        yield '<a class="to-index" href="#index">all executions</a></header>'
        yield from self.failure()
        yield '<div class="columns"><div class="picture">'
        yield _LEGEND
        yield '<div class="scrolls">'
        title = f"Graph of the machine {execution.machine.name} with what ran"
        yield draw(self.picture.placed, self.ran, title=title, anchor=self.anchors.__getitem__)
        yield '</div></div><div class="panel">'
        yield from self.overview()
        yield from self.articles()
        yield "</div></div>"
        yield from self.time_line()
        yield f'<details class="trace"><summary>Trace as text</summary><pre>{escaped(trace_of(execution))}</pre>'
        yield "</details></section>"

    def failure(self) -> Iterator[str]:
        execution = self.execution
        if execution.error is not None or execution.cause is not None:
            cause = "" if execution.cause is None else f" <span>{escaped(execution.cause[:2000])}</span>"
            yield f'<p class="failure"><strong>{escaped(execution.error or "no error name")}</strong>{cause}</p>'
        if execution.note is not None:
            yield f'<p class="failure"><span>{escaped(execution.note)}</span></p>'

    def overview(self) -> Iterator[str]:
        execution = self.execution
        yield '<div class="overview"><h4>The execution</h4><p class="where">Click a state in the graph for its input, '
        yield "its output, its attempts and its events.</p>"
        yield labelled("Input", execution.input)
        if execution.status == "SUCCEEDED":
            yield labelled("Output", execution.output)
        if execution.variables:
            yield labelled("Variables at the end", execution.variables)
        yield "</div>"

    def articles(self) -> Iterator[str]:
        visits: dict[str, list[Visit]] = {}
        for visit in self.outermost.all_visits():
            visits.setdefault(visit.name, []).append(visit)
        event_ids: dict[int, list[int]] = {}
        for event_id, owner in enumerate(self.owners):
            if owner is not None:
                event_ids.setdefault(owner.event, []).append(event_id)
        arrows = list(self.picture.graph.all_arrows())
        details = StateDetails(
            history=self.execution.run.history,
            start=self.start,
            visits=visits,
            event_ids=event_ids,
            targets={arrow.location: arrow.target_name for arrow in arrows},
            conditions={arrow.location: arrow.label for arrow in arrows},
        )
        outcomes = self.ran.outcome_by_state
        for node in self.nodes:
            outcome = outcomes.get(node.location, "not reached")
            yield from details.article(node, self.anchors[node.location], outcome, self.key)

    def time_line(self) -> Iterator[str]:
        rows = list(self.outermost.all_visits())
        yield '<h3>Time line</h3><div class="scrolls"><table class="time-line"><thead><tr><th>entered</th>'
        yield "<th>state</th><th>outcome</th><th>input</th><th>output</th></tr></thead><tbody>"
        for visit in rows[:_ROWS_SHOWN]:
            yield from self.row(visit)
        yield "</tbody></table></div>"
        yield left_out(max(len(rows) - _ROWS_SHOWN, 0), "state")

    def row(self, visit: Visit) -> Iterator[str]:
        depth = len(places(visit.branch))
        yield f'<tr><td class="time">+{seconds(visit.at - self.start)}</td>'
        yield f'<td style="padding-left:{0.6 + 1.4 * depth:.1f}em"><a href="#{self.anchor_by_name[visit.name]}">'
        yield f'{escaped(visit.name)}</a> <span class="place">{visit.type}{_place(visit.branch)}</span></td>'
        yield f'<td><span class="badge {css_class(visit.outcome)}">{visit.outcome}</span>{_retried(visit)}</td>'
        output = "" if visit.output is MISSING else _cell(visit.output)
        yield f'<td class="json">{_cell(visit.input)}</td><td class="json">{output}</td></tr>'


def _cell(value: JSON) -> str:
    return escaped(cut_in_the_middle(one_line(value), _ROW_DOCUMENT))


def _place(branch: Branch) -> str:
    return "" if branch.container is None else f", {escaped(places(branch)[-1])}"


def _retried(visit: Visit) -> str:
    note = ""
    if visit.retries:
        note += f" after {visit.retries} {'retry' if visit.retries == 1 else 'retries'}"
    if visit.failure is not None and visit.failure[0] is not None:
        note += f" {visit.failure[0]}"
    return f'<span class="place">{escaped(note)}</span>' if note else ""


_LEGEND: Final = (
    '<p class="legend">'
    + "".join(
        f'<span class="badge {css_class(outcome)}">{outcome}</span>'
        for outcome in ("succeeded", "caught", "failed", "cut off", "waits", "not reached")
    )
    + "</p>"
)
