"""The details of one state, shown when it is clicked: each visit with its documents, attempts and events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.asl.graph.machine_graph import Node
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.json_text import parse_json
from pytest_sfn_sync.asl.location import Location
from pytest_sfn_sync.asl.records import HandledError
from pytest_sfn_sync.diagrams.drawing import css_class
from pytest_sfn_sync.diagrams.failure_reasons import failure_reasons
from pytest_sfn_sync.diagrams.html_text import counted, document, escaped, labelled, left_out
from pytest_sfn_sync.executions.state_visits import FAILED, Attempt, Branch, Visit
from pytest_sfn_sync.executions.trace import seconds, work_of

_VISITS_SHOWN: Final = 10
_ATTEMPTS_SHOWN: Final = 10
_EVENTS_SHOWN: Final = 40


class StateDetails:
    """Writes the details of the states of one run, which started at ``start``.

    ``visits`` has the visits of each state by its name. ``event_ids`` has the ids of a visit's events by the id of its
    first event. ``targets`` has the name of the state that a retrier, catcher or rule leads to, by its location.
    ``conditions`` has the conditions of rules in words, by location.
    """

    def __init__(
        self,
        *,
        history: History,
        start: int,
        visits: dict[str, list[Visit]],
        event_ids: dict[int, list[int]],
        targets: dict[str, str],
        conditions: dict[str, str],
    ) -> None:
        self.history = history
        self.start = start
        self.visits = visits
        self.event_ids = event_ids
        self.targets = targets
        self.conditions = conditions

    def article(self, node: Node, anchor: str, outcome: str, back: str) -> Iterator[str]:
        """Yield the details of one state; ``back`` is the anchor of what is shown if no state is selected."""
        visits = self.visits.get(node.name, [])
        yield f'<article id="{anchor}" class="details"><header><h4>{escaped(node.name)}</h4>'
        yield f'<span class="badge {css_class(outcome)}">{outcome}</span>'
        yield f'<a class="close" href="#{back}" title="back to the execution">close</a></header>'
        times = f", entered {len(visits)} times" if len(visits) > 1 else ""
        yield f'<p class="where">{node.type}{times} · <code>{escaped(node.location)}</code></p>'
        if not visits:
            yield "<p>This state was not reached.</p>"
        shown = _chosen(visits)
        for visit in shown:
            yield from self._visit(visit, node, is_open=visit is shown[0])
        yield left_out(len(visits) - len(shown), "visit")
        if visits:
            yield f'<details class="definition"{" open" if outcome == FAILED else ""}><summary>Definition</summary>'
            yield f"{document(node.fields)}</details>"
        yield "</article>"

    def _visit(self, visit: Visit, node: Node, *, is_open: bool) -> Iterator[str]:
        left = "" if visit.left_at is None else f" to +{seconds(visit.left_at - self.start)}"
        place = " · ".join(places(visit.branch))
        yield f'<details class="visit"{" open" if is_open else ""}><summary>'
        yield f'<span class="badge {css_class(visit.outcome)}">{visit.outcome}</span> '
        yield f"+{seconds(visit.at - self.start)}{left}"
        yield f' <span class="place">{escaped(place)}</span></summary>' if place else "</summary>"
        if visit.failure is not None:
            yield _failure(*visit.failure)
        reasons = failure_reasons(visit, node.fields)
        if reasons:
            yield f'<p class="step why">{escaped(" ".join(reasons))}</p>'
        yield labelled("Input", visit.input)
        yield from self._work(visit)
        if visit.rule is not None:
            yield f'<p class="step">{self._rule(visit.rule, visit)}</p>'
        if visit.assigned:
            yield labelled("Assigned variables", visit.assigned)
        if visit.output is not MISSING:
            yield labelled("Output", visit.output)
        yield from self._event_list(visit)
        yield "</details>"

    def _work(self, visit: Visit) -> Iterator[str]:
        """Yield the attempts of a Task and the handled errors, in the order in which they happened."""
        steps: list[tuple[int, int, Attempt | HandledError]] = [
            *((attempt.event, 1, attempt) for attempt in visit.attempts),
            *((handled.last_event, 2, handled) for handled in visit.handled),
        ]
        steps.sort(key=lambda step: step[:2])
        shown = steps[: 2 * _ATTEMPTS_SHOWN]
        for _, _, step in shown:
            yield from self._attempt(step, visit) if isinstance(step, Attempt) else self._handled(step, visit)
        yield left_out(len(steps) - len(shown), "step")

    def _attempt(self, attempt: Attempt, visit: Visit) -> Iterator[str]:
        what, payload = work_of(attempt.resource, attempt.payload)
        yield f'<div class="attempt"><p class="step">+{seconds(attempt.at - self.start)} '
        yield f"<strong>{escaped(what)}</strong>"
        yield " is given the input</p>" if payload == visit.input else f"</p>{labelled('is given', payload)}"
        if attempt.error is not None:
            yield _failure(attempt.error, attempt.cause)
        elif attempt.result is not MISSING:
            yield labelled("answers", attempt.result)
        yield "</div>"

    def _handled(self, handled: HandledError, visit: Visit) -> Iterator[str]:
        place = escaped(handled.location.last)
        error = escaped(handled.error or "an error without a name")
        then = ""
        if handled.delay is not None:
            then = f", waits {seconds(handled.delay)}"
        elif visit.output is not MISSING:
            then = f", goes on to <strong>{escaped(self.targets[handled.location])}</strong>"
        yield f'<p class="step handled">+{seconds(handled.at - self.start)} {place} takes {error}{then}</p>'

    def _rule(self, location: Location, visit: Visit) -> str:
        """Return in words which rule a Choice chose."""
        if location not in self.targets:
            return "no rule matches, and there is no Default"
        condition = "" if location.last == "Default" else f" (<code>{escaped(self.conditions[location])}</code>)"
        target = escaped(self.targets[location])
        then = "is chosen" if visit.output is MISSING else f"goes on to <strong>{target}</strong>"
        return f"{escaped(location.last)}{condition} {then}"

    def _event_list(self, visit: Visit) -> Iterator[str]:
        event_ids = self.event_ids.get(visit.event, [])
        yield f'<details class="events"><summary>{counted(len(event_ids), "history event")}</summary><table>'
        yield "<thead><tr><th>id</th><th>type</th><th>details</th></tr></thead><tbody>"
        for event in map(self.history.render_event, event_ids[:_EVENTS_SHOWN]):
            details = next((value for key, value in event.items() if key.endswith("EventDetails")), None)
            shown = "" if details is None else document(_readable(details))
            yield f"<tr><td>{event['id']}</td><td>{escaped(event['type'])}</td><td>{shown}</td></tr>"
        yield "</tbody></table>"
        yield left_out(max(len(event_ids) - _EVENTS_SHOWN, 0), "event")
        yield "</details>"


def places(branch: Branch) -> list[str]:
    """Return the iterations and branches around a visit in words, outermost first."""
    found: list[str] = []
    while branch.container is not None:
        container = branch.container
        kind = "iteration" if container.type == "Map" else "branch"
        found.insert(0, f"{kind} {branch.index} of {container.name}")
        branch = container.branch
    return found


def _chosen(visits: list[Visit]) -> list[Visit]:
    """Return the visits to show: all if they are few, else the first ones and some that did not succeed."""
    if len(visits) <= _VISITS_SHOWN:
        return visits
    first, others = visits[: _VISITS_SHOWN // 2], visits[_VISITS_SHOWN // 2 :]
    others = sorted(others, key=lambda visit: visit.outcome == "succeeded")[: _VISITS_SHOWN - len(first)]
    return [*first, *sorted(others, key=lambda visit: visit.event)]


def _failure(error: str | None, cause: str | None) -> str:
    failure = f'<p class="failure"><strong>{escaped(error or "an error without a name")}</strong>'
    return f"{failure}{'' if cause is None else f' <span>{escaped(cause[:1000])}</span>'}</p>"


def _readable(details: dict[str, Any]) -> dict[str, Any]:
    """Return the details of an event with its JSON texts read, as documents are easier to read than texts."""
    readable = {}
    for member, value in details.items():
        if member.endswith("Details"):
            continue
        if member in ("input", "output", "parameters"):
            value = parse_json(value)
        readable[member] = value
    return readable
