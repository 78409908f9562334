"""The origins of values in an execution's output: the state, the mock or the input that gave them, for assertions.

The states are searched backwards, from the last one. Only what the definition and the documents of the run show is
reported. A value that a path passed on is followed further. For a value that an expression computed, the places that
the expression read are reported too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.fields.query_languages import JSON_PATH
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.executions.state_visits import Branch, Visit, state_visits
from pytest_sfn_sync.executions.trace import seconds
from pytest_sfn_sync.executions.value_flow import (
    FromExecution,
    FromInput,
    FromItem,
    FromVariable,
    FromWithin,
    Source,
    Written,
    catcher_of,
    source_of,
    source_of_item,
    source_of_variable,
    value_at,
)
from pytest_sfn_sync.shown_text import most
from pytest_sfn_sync.tasks.differences import Difference, Keys, differences, path_of, shown

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues

_ORIGINS_SHOWN: Final = 8
_MOST_ORIGINS: Final = 100
_WAYS_SHOWN: Final = 5
_READ_SHOWN: Final = 5


def origins_of_differences(execution: ExecutionValues, expected: Any) -> list[str]:
    """Return for each value of an output that differs from the expected one which state wrote or dropped it."""
    found = list(islice(differences(expected, execution.run.output), most(_ORIGINS_SHOWN, _MOST_ORIGINS)))
    if not found:
        return []
    walk = ValueOrigins(execution)
    return [origin for difference in found if (origin := walk.explained(difference)) is not None]


class End(NamedTuple):
    """The end of a way back: the ``source`` of a value in a state; ``at`` is its path there, or the variable.

    ``ways`` are the templates and expressions that passed the value on, with their states, last first. ``source`` is
    None if the definition does not show where the state has the value from.
    """

    visit: Visit | None
    source: FromExecution | Written | None
    at: str
    ways: list[tuple[Visit, str]]


class ValueOrigins:
    """Follows values backwards through the visits of one execution."""

    def __init__(self, execution: ExecutionValues) -> None:
        definition = execution.machine.document
        self.start = execution.run.started_at
        self.outermost = state_visits(execution.run)
        self.nodes = {node.name: node for node in machine_graph(definition).all_nodes()}
        self.language = definition.get("QueryLanguage", JSON_PATH)
        # Found once, as a value may pass through thousands of states.
        self.numbers = _numbers(self.outermost)

    def explained(self, difference: Difference) -> str | None:
        """Return in words where a value that differs comes from, or which state dropped it."""
        keys = difference.keys
        if not difference.is_absent:
            return self.written(keys)
        dropped = self.dropped(keys)
        if dropped is not None:
            return dropped
        around = self.written(keys[:-1])
        return None if around is None else f"{path_of(keys)} was never there: {around}"

    def written(self, keys: Keys) -> str | None:
        """Return in words which state wrote a value of the output last, and what it was made of."""
        if not self.outermost.visits:
            return None
        last = self.outermost.visits[-1]
        end = self.end_of(self.source(last, keys), last, keys)
        lines = [f"{path_of(keys)} {self.predicate(end, path_of(keys))}"]
        lines += self.ways(end)
        if isinstance(end.source, Written) and end.visit is not None:
            read = end.source.read[:_READ_SHOWN]
            lines += [f"  from {self.read(text, source, end.visit)}" for text, source in read]
        return "\n".join(lines)

    def ways(self, end: End) -> Iterator[str]:
        """Yield a line for each template or expression that passed a value on; a loop passes it on many times."""
        times = Counter((visit.name, way) for visit, way in end.ways)
        last = {(visit.name, way): visit for visit, way in reversed(end.ways)}
        for name, way in islice(times, _WAYS_SHOWN):
            count = times[name, way]
            repeated = f" ({count:,} times)" if count > 1 else ""
            yield f"  by way of {self.state(last[name, way])}: {way}{repeated}"
        if len(times) > _WAYS_SHOWN:
            yield f"  ... and {len(times) - _WAYS_SHOWN} more"

    def predicate(self, end: End, start: str) -> str:
        """Return what is said of a value at the end of its way; ``start`` is the place where the way began."""
        if isinstance(end.source, FromExecution):
            there = path_of(end.source.keys)
            return f"is as it came in the input of the execution{'' if there == start else f', where it is {there}'}"
        assert end.visit is not None
        moved = "" if end.at == start else f", where it was {end.at}"
        if end.source is None:
            return f"came out of {self.state(end.visit)}{moved}; its definition does not show from where"
        made = end.source
        place = "" if made.place is None or not end.ways else path_of(made.place)
        there = "" if place in ("", "$", start) else f"where it is {place}"
        by = ", ".join(filter(None, (made.by, there, made.written)))
        verb = "computed" if made.read else "last written"
        return f"was {verb} by {self.state(end.visit)}{moved}{f': {by}' if by else ''}"

    def read(self, text: str, source: Source, visit: Visit) -> str:
        """Return in words where a place that an expression of a state read has its value from."""
        value = self.value(source, visit)
        subject = text if value is MISSING else f"{text} ({shown(value, 60)})"
        keys = getattr(source, "keys", ())
        path = path_of(keys)
        start = path if text.endswith(path[1:]) and not isinstance(source, FromVariable) else text
        return f"{subject}, which {self.predicate(self.end_of(source, visit, keys), start)}"

    def value(self, source: Source, visit: Visit) -> JSON:
        """Return the value of a source in a state; MISSING if it is not known here."""
        match source:
            case FromInput():
                return value_at(visit.input, source.keys)
            case FromWithin():
                return value_at(source.branch.visits[-1].output, source.keys)
            case FromVariable():
                assigned = self.assigned(source, visit)
                return MISSING if assigned is None else value_at(assigned.assigned, (source.name, *source.keys))
            case FromExecution():
                return value_at(self.input_of_the_execution(), source.keys)
            case Written() if source.place is not None and visit.attempts:
                return value_at(visit.attempts[-1].result, source.place)
        return MISSING

    def end_of(self, source: Source | None, visit: Visit, at: Keys) -> End:
        """Follow a source in a state back to its end."""
        ways: list[tuple[Visit, str]] = []
        place = path_of(at)
        while source is not None:
            ways += [(visit, way) for way in source.ways]
            match source:
                case FromExecution() | Written():
                    return End(visit, source, place, ways)
                case FromInput():
                    at, place = source.keys, path_of(source.keys)
                    source, visit = self.before(visit, at)
                case FromWithin():
                    at, place = source.keys, path_of(source.keys)
                    visit = source.branch.visits[-1]
                    source = self.source(visit, at)
                case FromVariable():
                    assigned = self.assigned(source, visit)
                    if assigned is None:
                        break
                    at, visit = source.keys, assigned
                    place = f"${source.name}{path_of(at)[1:]}"
                    fields, is_jsonata = self.fields(visit)
                    source = source_of_variable(visit, source.name, at, fields, is_jsonata=is_jsonata)
                case FromItem():
                    break  # Only an ItemSelector can read the item, and its sources are those of the item itself.
        return End(visit, None, place, ways)

    def before(self, visit: Visit, at: Keys) -> tuple[Source | None, Visit]:
        """Return the source of a value in a state's input, and the state that has the source."""
        branch = visit.branch
        number = self.numbers[visit.event]
        if number:
            previous = branch.visits[number - 1]
            return self.source(previous, at), previous
        if branch.container is None:
            return FromExecution(at), visit
        fields, is_jsonata = self.fields(branch.container)
        return source_of_item(branch.container, branch.index, at, fields, is_jsonata=is_jsonata), branch.container

    def assigned(self, source: FromVariable, visit: Visit) -> Visit | None:
        """Return the visit that had assigned a variable last when a state was entered."""
        branch, number = visit.branch, self.numbers[visit.event]
        while True:
            for earlier in reversed(branch.visits[:number]):
                if earlier.assigned is not None and source.name in earlier.assigned:
                    return earlier
            container = branch.container
            if container is None:
                return None
            branch, number = container.branch, self.numbers[container.event]

    def input_of_the_execution(self) -> JSON:
        """Return the input of the execution."""
        return self.outermost.visits[0].input

    def dropped(self, keys: Keys) -> str | None:
        """Return in words which state dropped a value: it is in the state's input, and in no output from there on."""
        at, visits = keys, list(self.outermost.visits)
        while visits:
            visit = visits.pop()
            if value_at(visit.input, at) is not MISSING:
                reason = self.why_dropped(visit)
                return (
                    f"{path_of(keys)} was present in the input of {self.state(visit)}"
                    f"{'' if at == keys else f', where it was {path_of(at)}'}, and is absent from its output"
                    f"{f': {reason}' if reason else ''}"
                )
            if visit.rounds and value_at(visit.output, at[:-1]) is not MISSING:
                source = self.source(visit, at[:-1])
                if isinstance(source, FromWithin):
                    at, visits = (*source.keys, at[-1]), list(source.branch.visits)
        return None

    def why_dropped(self, visit: Visit) -> str:
        """Return which field replaced a state's input, or selected a part of its output; "" if that is not certain."""
        fields = self.nodes[visit.name].fields
        if self.is_jsonata(fields):
            return ""
        if visit.caught is not None:
            place, fields, what = visit.caught.location.last, catcher_of(visit, fields), "the error"
            has = f"{place} has"
        else:
            what, has = "its result", "it has"
            if fields.get("OutputPath", "$") != "$":
                return f"its OutputPath is {fields['OutputPath'] or 'null'}"
            if visit.type == "Pass" and "Result" not in fields and "Parameters" not in fields:
                return ""
        if visit.type not in ("Pass", "Task", "Parallel", "Map") or fields.get("ResultPath", "$") != "$":
            return ""
        path = "ResultPath $" if "ResultPath" in fields else "no ResultPath"
        return f"{what} took the place of its input, as {has} {path}"

    def source(self, visit: Visit, keys: Keys) -> Source | None:
        """Return the source of a value in a state's output."""
        fields, is_jsonata = self.fields(visit)
        return source_of(visit, keys, fields, is_jsonata=is_jsonata)

    def fields(self, visit: Visit) -> tuple[dict[str, JSON], bool]:
        """Return the fields of a state as written, and whether its query language is JSONata."""
        fields = self.nodes[visit.name].fields
        return fields, self.is_jsonata(fields)

    def is_jsonata(self, fields: dict[str, JSON]) -> bool:
        """Return whether a state with these fields uses JSONata."""
        return bool(fields.get("QueryLanguage", self.language) != JSON_PATH)

    def state(self, visit: Visit) -> str:
        """Return in words the state of a visit, its iterations and branches, and its time."""
        within, branch = "", visit.branch
        while branch.container is not None:
            kind = "iteration" if branch.container.type == "Map" else "branch"
            within += f" in {kind} {branch.index} of {branch.container.name!r}"
            branch = branch.container.branch
        return f"state {visit.name!r}{within} ({visit.type}, +{seconds(visit.at - self.start)})"


def _numbers(outermost: Branch) -> dict[int, int]:
    """Return the position of each visit in its branch, by the id of the event with which its state was entered."""
    counts: Counter[int] = Counter()
    numbers: dict[int, int] = {}
    for visit in outermost.all_visits():
        numbers[visit.event] = counts[id(visit.branch)]
        counts[id(visit.branch)] += 1
    return numbers
