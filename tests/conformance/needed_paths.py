"""Reads from a definition which paths it uses and as what.

What a machine reads may come from its input, from a task's result or from an item of a Map; which one is not followed.
A need is noted at the path as it stands and at each of its ends: of ``$.order.items[0].id`` a document has ``order``,
``items`` and ``id`` at its root. So one document serves as input, as a function's result and as an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pytest_sfn_sync.tasks.integrations.integration import Integration, integration_of
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.resources import resource_of
from tests.conformance.paths_in_expressions import (
    ITEM,
    TIMESTAMP,
    FoundPath,
    Steps,
    in_intrinsic,
    in_json_path,
    in_jsonata,
    steps_of,
)

GOOD: Final = re.compile(r"succ|complet|ready|ok\b|active|available|true|approv|done|pass|valid|exist|finish", re.I)
"""What sounds like success, so that it is tried first."""

TELLS_OF_MORE: Final = re.compile(r"^(?:Next|Last).*(?:Token|Marker|Key)$")
"""Members that tell that there are more results; with them a workflow would ask again for ever."""

_KINDS_OF_FIELDS: Final = {
    "ItemsPath": "array",
    "Items": "array",
    "SecondsPath": "number",
    "Seconds": "number",
    "TimestampPath": "timestamp",
    "Timestamp": "timestamp",
    "Condition": "boolean",
}
_LITERALS_OF_FIELDS: Final[dict[str, list[Any]]] = {
    "TimeoutSecondsPath": [60],
    "TimeoutSeconds": [60],
    "HeartbeatSecondsPath": [30],
    "HeartbeatSeconds": [30],
    "MaxConcurrencyPath": [2],
    "MaxConcurrency": [2],
    "ToleratedFailureCountPath": [1],
    "ToleratedFailurePercentagePath": [1],
}
_KINDS_OF_SHAPES: Final = {
    "boolean": "boolean",
    "list": "array",
    "structure": "object",
    "map": "object",
} | dict.fromkeys(("integer", "long", "short", "byte", "float", "double", "bigdecimal", "biginteger"), "number")
_KINDS_OF_OPERATORS: Final = (
    ("Numeric", "number"),
    ("Boolean", "boolean"),
    ("Timestamp", "timestamp"),
    ("String", "string"),
    ("IsNumeric", "number"),
    ("IsBoolean", "boolean"),
    ("IsTimestamp", "timestamp"),
    ("IsString", "string"),
    ("IsNull", "string"),
)


class Need:
    """What is asked of one place in a document: members, items, a kind, literals that it is compared with.

    ``is_whole`` tells that what is read from there on is read from this place: all that is asked of any document.
    ``parsed`` is what is asked of the document whose JSON text stands there. ``is_seldom`` tells that the workflow goes
    on where the place is absent, ``may_be_absent`` that it asks whether it is.
    """

    __slots__ = (
        "is_seldom",
        "is_whole",
        "items",
        "kinds",
        "least_items",
        "literals",
        "may_be_absent",
        "members",
        "parsed",
    )

    def __init__(self) -> None:
        self.members: dict[str, Need] = {}
        self.items: Need | None = None
        self.least_items = 1
        self.kinds: list[str] = []
        self.literals: list[Any] = []
        self.parsed: Need | None = None
        self.is_whole = False
        self.is_seldom = False
        self.may_be_absent = False

    def step(self, step: str | None) -> Need:
        """Give the need one step further, made where there is none."""
        if step is not ITEM:
            return self.members.setdefault(step, Need())
        if self.items is None:
            self.items = Need()
        return self.items

    def at(self, steps: Steps) -> Need | None:
        """Give the need at some steps; None where nothing is asked there."""
        need: Need | None = self
        for step in steps:
            if need is not None:
                need = need.items if step is ITEM else need.members.get(step)
        return need

    def note(self, kind: str | None, literals: Iterable[Any], *, last: bool = False) -> None:
        """Note a kind and literals: those that sound like success first, those that lead to a Fail state last."""
        if kind is not None and kind not in self.kinds:
            self.kinds.append(kind)
        new = [value for value in literals if not any(value is known or value == known for known in self.literals)]
        known = self.literals
        self.literals = (
            [*known, *new] if last else sorted([*new, *known], key=lambda value: not GOOD.search(str(value)))
        )

    def merge(self, other: Need, depth: int = 8) -> None:
        """Take over what is asked of another place."""
        if depth == 0 or other is self:
            return
        for name, member in list(other.members.items()):
            self.step(name).merge(member, depth - 1)
        if other.items is not None:
            self.step(ITEM).merge(other.items, depth - 1)
        self.least_items = max(self.least_items, other.least_items)
        self.is_whole |= other.is_whole
        self.is_seldom |= other.is_seldom
        self.may_be_absent |= other.may_be_absent
        for kind in other.kinds:
            self.note(kind, ())
        self.note(None, other.literals)

    @property
    def is_bare(self) -> bool:
        """Whether nothing is known but that the place is read."""
        return not (self.members or self.items or self.kinds or self.literals or self.is_whole)


def states_of(scope: Any) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Give every state at every depth: its name, itself, and the machine, branch or processor that it is in."""
    states = scope.get("States") if isinstance(scope, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        yield name, state, scope
        for nested in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
            yield from states_of(nested)


def integration_of_task(resource: str) -> Integration | None:
    """Give a Task's integration, also where its ARN has a region and an account, as published ones do."""
    key = resource_of(resource).key
    parts = key.split(":")
    return integration_of(":".join(parts[5:]) if parts[2:3] == ["states"] else key)


class Needs:
    """The needs of a machine: ``root`` is what is asked of any document.

    ``states_before_maps`` names the states whose output is the array that a Map without ItemsPath goes through;
    ``input_is_array`` tells that the machine's input is one.
    """

    def __init__(self, definition: dict[str, Any]) -> None:
        self.root = Need()
        self.states_before_maps: set[str] = set()
        self.input_is_array = False
        self._handed_on: list[tuple[Need, str]] = []
        for name, state, scope in states_of(definition):
            self._read_state(name, state, scope)
        for _ in range(2):  # twice, as what is handed on under a name may be handed on again under another
            for source, name in self._handed_on:
                if name in self.root.members:
                    (source.parsed or source).merge(self.root.members[name])

    def _read_state(self, name: str, state: dict[str, Any], scope: dict[str, Any]) -> None:
        integration = integration_of_task(state["Resource"]) if state["Type"] == "Task" else None
        shape = None if integration is None else integration.shape("input")
        result_path = state.get("ResultPath")
        if isinstance(result_path, str):
            self._add(FoundPath(steps=steps_of(result_path.removeprefix("$"))[0][:-1], kind="object"))
        for key, value in state.items():
            if key == "Choices":
                for choice in value:
                    target = scope["States"].get(choice.get("Next"), {})
                    self._read_rule(choice, leads_to_fail=target.get("Type") == "Fail")
            elif key not in ("Branches", "ItemProcessor", "Iterator"):
                self._read(key, value, shape if key in ("Parameters", "Arguments") else None)
        if state["Type"] == "Map" and state.get("ItemsPath", "$") == "$" and "Items" not in state:
            if state.get("InputPath", "$") != "$":
                self._read("ItemsPath", state["InputPath"], None)
            else:
                self._read_items_of_input(name, scope, set())

    def _read_items_of_input(self, name: str, scope: dict[str, Any], seen: set[str]) -> None:
        """Note which states give a state its input, through those that hand on theirs."""
        seen.add(name)
        self.input_is_array |= scope["StartAt"] == name
        for before, state in scope["States"].items():
            targets = [state, *state.get("Choices", ()), {"Next": state.get("Default")}]
            if before not in seen and any(target.get("Next") == name for target in targets):
                self.states_before_maps.add(before)
                if state["Type"] in ("Choice", "Wait"):
                    self._read_items_of_input(before, scope, seen)

    def _read(self, key: str, value: Any, shape: Shape | None) -> None:
        """Read a field, or a member of a template; ``shape`` is what the Task's integration asks for there."""
        if isinstance(value, dict):
            for name, member in value.items():
                self._read(name, member, None if shape is None else _member(shape, name.removesuffix(".$")))
        elif isinstance(value, list):
            for item in value:
                self._read("", item, shape.item if shape is not None and shape.type == "list" else None)
        elif isinstance(value, str):
            kind = _KINDS_OF_FIELDS.get(key) or (None if shape is None else _KINDS_OF_SHAPES.get(shape.type))
            literals = _LITERALS_OF_FIELDS.get(key) or (shape.enum if shape is not None else None) or []
            for found in _paths(key, value):
                need = self._add(found)
                if found.is_all:
                    need.note(kind, literals)
                    need.is_whole |= key in ("InputPath", "OutputPath") and bool(found.steps)
                    if key in ("ItemsPath", "Items"):
                        need.step(ITEM).is_whole = True
                if found.kind == "json":
                    need.parsed = need.parsed or Need()
                if found.is_all or found.is_argument_of in ("StringToJson", "parse", "JsonMerge"):
                    self._handed_on.append((need, key.removesuffix(".$")))

    def _read_rule(self, rule: dict[str, Any], *, leads_to_fail: bool) -> None:
        for inner in (*rule.get("And", ()), *rule.get("Or", ()), rule.get("Not")):
            if inner is not None:
                self._read_rule(inner, leads_to_fail=leads_to_fail)
        for key in ("Condition", "Assign", "Output"):
            self._read(key, rule.get(key), None)
        variable = in_json_path(rule.get("Variable", ""))
        for operator, operand in rule.items():
            kind = next((kind for begins, kind in _KINDS_OF_OPERATORS if operator.startswith(begins)), None)
            if variable is not None and operator == "IsPresent":
                self._read_presence(variable, operand)
            if kind is None or variable is None:
                continue
            self._add(variable, kind, _operands(operator, operand), last=leads_to_fail)
            compared = in_json_path(operand) if operator.endswith("Path") else None
            if compared is not None:
                self._add(compared, kind)

    def _read_presence(self, variable: FoundPath, operand: bool) -> None:
        need = self._add(variable)
        last = str(variable.steps[-1]) if variable.steps else ""
        for place in (need, self.root.members.get(last, need)):
            place.may_be_absent |= operand
            place.is_seldom |= not operand or TELLS_OF_MORE.search(last) is not None

    def _add(
        self, found: FoundPath, kind: str | None = None, literals: Iterable[Any] = (), *, last: bool = False
    ) -> Need:
        """Note a need at the path and at each of its ends; give the one at the path."""
        literals = [*found.literals, *literals]
        noted = self.root
        for start in reversed(range(len(found.steps))):
            if found.steps[start] is ITEM and start:
                continue
            noted = self.root
            for step in found.steps[start:]:
                if step is ITEM:
                    noted.least_items = max(noted.least_items, found.least_items)
                noted = noted.step(step)
            noted.note(kind or found.kind, literals, last=last)
            for name, value in found.compared_members:
                noted.step(name).note(None, [value])
        for name, value in found.compared_members:
            self.root.step(name).note(None, [value])
        return noted


def _paths(key: str, text: str) -> Iterable[FoundPath]:
    if text.lstrip().startswith("{%"):
        return in_jsonata(text)
    if not key.endswith((".$", "Path")) or key == "ResultPath":
        return ()
    if text.lstrip().startswith("States."):
        return in_intrinsic(text)
    found = in_json_path(text)
    return () if found is None else (found,)


def _operands(operator: str, operand: Any) -> list[Any]:
    """Give operands for which an operator of a Choice rule holds, and then one for which it does not."""
    if operator.endswith("Path"):
        return []
    if operator == "IsNull":
        return [None, "1"] if operand else ["1", None]
    if operator.startswith("Is"):
        return []
    if operator == "BooleanEquals":
        return [operand, not operand]
    if operator.startswith("Numeric"):
        apart = -1 if "Less" in operator else 1
        return [operand if operator.endswith("Equals") else operand + apart, operand - apart]
    if operator.startswith("Timestamp"):
        return [operand, TIMESTAMP]
    return [operand.replace("*", "x") if operator == "StringMatches" else operand, "other"]


def _member(shape: Shape, name: str) -> Shape | None:
    if shape.type == "structure":
        return shape.members.get(name)
    return shape.item if shape.type == "map" else None
