"""The origin of a value in an execution's output: the state that wrote or dropped it, for messages of assertions.

The states are searched backwards, from the last one. Only what the definition and the documents of the run show is
reported; otherwise there is no origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.fields.query_languages import JSON_PATH
from pytest_sfn_sync.asl.graph.machine_graph import machine_graph
from pytest_sfn_sync.executions.state_visits import Visit, state_visits
from pytest_sfn_sync.executions.trace import seconds
from pytest_sfn_sync.executions.value_flow import (
    FromInput,
    FromWithin,
    Source,
    Written,
    catcher_of,
    source_of,
    source_of_item,
    value_at,
)
from pytest_sfn_sync.tasks.differences import Keys, differences, path_of

if TYPE_CHECKING:
    from pytest_sfn_sync.executions.execution_values import ExecutionValues


def origin_of_difference(execution: ExecutionValues, expected: Any) -> str | None:
    """Return which state wrote or dropped the first value of an output that differs from the expected one."""
    difference = next(differences(expected, execution.output), None)
    if difference is None:
        return None
    walk = _Walk(execution)
    return walk.dropped(difference.keys) if difference.is_absent else walk.written(difference.keys)


class _Walk:
    """Follows values backwards through the visits of one execution."""

    def __init__(self, execution: ExecutionValues) -> None:
        definition = execution.machine.definition
        self.start = execution.run.started_at
        self.outermost = state_visits(execution.run)
        self.nodes = {node.name: node for node in machine_graph(definition).all_nodes()}
        self.language = definition.get("QueryLanguage", JSON_PATH)

    def written(self, keys: Keys) -> str | None:
        """Return in words which state wrote a value of the output last."""
        value = path_of(keys)
        at, branch, place = keys, self.outermost, len(self.outermost.visits) - 1
        while True:
            if place >= 0:
                visit = branch.visits[place]
                source = self.source(visit, at)
            elif branch.container is not None:
                visit, index, branch = branch.container, branch.index, branch.container.branch
                place = next(number for number, other in enumerate(branch.visits) if other is visit)
                fields = self.nodes[visit.name].fields
                source = source_of_item(visit, index, at, fields, is_jsonata=self.is_jsonata(fields))
            else:
                moved = "" if at == keys else f", where it is {path_of(at)}"
                return f"{value} is as it came in the input of the execution{moved}"
            match source:
                case FromInput():
                    at, place = source.keys, place - 1
                case FromWithin():
                    at, branch = source.keys, source.branch
                    place = len(branch.visits) - 1
                case Written():
                    moved = "" if at == keys else f", where it was {path_of(at)}"
                    return (
                        f"{value} was last written by {self.state(visit)}{moved}{f': {source.by}' if source.by else ''}"
                    )
                case None:
                    return None

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
        fields = self.nodes[visit.name].fields
        return source_of(visit, keys, fields, is_jsonata=self.is_jsonata(fields))

    def is_jsonata(self, fields: dict[str, JSON]) -> bool:
        return bool(fields.get("QueryLanguage", self.language) != JSON_PATH)

    def state(self, visit: Visit) -> str:
        """Return in words the state of a visit, its iterations and branches, and its time."""
        within, branch = "", visit.branch
        while branch.container is not None:
            kind = "iteration" if branch.container.type == "Map" else "branch"
            within += f" in {kind} {branch.index} of {branch.container.name!r}"
            branch = branch.container.branch
        return f"state {visit.name!r}{within} ({visit.type}, +{seconds(visit.at - self.start)})"
