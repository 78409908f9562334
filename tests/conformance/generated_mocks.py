"""Documents and mocks made from a definition: an input in which its paths exist, and a result for every Task state.

Results of integrations follow the output's shape in botocore's service model; those of functions, of which nothing is
known, follow what the workflow reads. Neither is random: the same definition and variant give the same.
"""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any, Final

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.resources import resource_of
from tests.conformance.needed_paths import (
    GOOD,
    TELLS_OF_MORE,
    Need,
    Needs,
    integration_of_task,
    states_of,
)
from tests.conformance.paths_in_expressions import TIMESTAMP, steps_of

TEXT: Final = "1"
"""A text that is also read as a number and as JSON."""

DEFAULTS: Final[dict[str, Any]] = {
    "number": 1,
    "boolean": True,
    "timestamp": TIMESTAMP,
    "base64": "MQ==",
    "json": '{"value":1}',
    "object": {},
    "array": [TEXT],
    "numbers": [1, 2],
}
"""By kind: a value, where nothing else is known of a place."""

DEEPEST: Final = 6
"""Levels of a result of which the workflow reads nothing; shapes may contain themselves, as AttributeValue does."""

SECONDS_OF_A_TASK: Final = 0.5
"""What every task takes, so that a workflow that asks for ever runs into the limit of five minutes."""

RESULTS_OF_A_TASK: Final = 4
"""A task that is called again gives the next variant's result, so that loops that wait for one come to an end."""

ATTRIBUTE: Final = "AttributeValue"
"""The shape of DynamoDB of which a value has one member only: what the workflow asks for, else the text."""

SDK_METADATA: Final[dict[str, Any]] = {
    "SdkHttpMetadata": {"AllHttpHeaders": {}, "HttpHeaders": {}, "HttpStatusCode": 200},
    "SdkResponseMetadata": {"RequestId": "c0ffee00-0000-4000-8000-000000000000"},
}
"""What the results of optimized integrations have besides the members of the shape."""


class Generator:
    """Builds what one machine is given; ``variant`` chooses among the values that each place is compared with.

    Where the workflow reads items from the document itself (``$[0]``), the variant also says whether the input and
    whether results are arrays.
    """

    def __init__(self, needs: Needs, variant: int) -> None:
        self.needs = needs
        self.variant = variant
        reads_items = needs.root.items is not None
        self.input_is_array = needs.input_is_array or (reads_items and variant % 2 == 1)
        self.results_are_arrays = reads_items and variant % 4 >= 2

    def input(self) -> Any:
        """Build an input in which the paths of the machine exist."""
        return self._array() if self.input_is_array else self.whole()

    def result(self, name: str, state: dict[str, Any]) -> Any:
        """Build the result of a Task state."""
        root = self.needs.root
        resource = resource_of(state["Resource"])
        place = _place_of_result(state, root)
        if resource.function is not None:
            return self._free(name, place)
        if resource.is_lambda_invoke:
            payload = place.members.get("Payload") or root.members.get("Payload") or place
            return {"ExecutedVersion": "$LATEST", "Payload": self._free(name, payload), "StatusCode": 200}
        integration = integration_of_task(state["Resource"])
        shape = None if integration is None else integration.shape("output")
        if shape is not None:
            is_optimized = integration is not None and integration.optimized is not None
            metadata = SDK_METADATA if is_optimized and shape.type == "structure" else {}
            return {**metadata, **self._of_shape(shape, place, "", 0)}
        if integration is not None and integration.operation is None:  # as bedrock:invokeModel, which no model has
            return {"Body": self._free(name, place), "ContentType": "application/json"}
        return {}

    def document(self, need: Need, depth: int = 2) -> Any:
        """Build a document that has what is asked for; ``depth`` is how often the whole may be within itself."""
        if need.literals and not need.members:
            return self._choice(need.literals)
        if need.items is not None and (not need.members or "array" in need.kinds):
            return [self.document(need.items, depth)] * need.least_items
        if need.parsed is not None:
            return json.dumps(self.document(need.parsed, depth))
        if need.is_whole and depth:
            return merged(self.whole(depth - 1), self._members(need, depth))
        if need.members or need.is_whole:
            return self._members(need, depth)
        return DEFAULTS.get(need.kinds[0], TEXT) if need.kinds else TEXT

    def whole(self, depth: int = 2) -> dict[str, Any]:
        """Build a document that has all that is asked of any."""
        return self._members(self.needs.root, depth)

    def _members(self, need: Need, depth: int) -> dict[str, Any]:
        return {
            name: self.document(member, depth) for name, member in need.members.items() if not self._is_absent(member)
        }

    def _is_absent(self, need: Need) -> bool:
        return self.variant % 3 < 2 if need.is_seldom else need.may_be_absent and self.variant % 3 == 2

    def _array(self) -> list[Any]:
        root = self.needs.root
        item = self.whole() if root.items is None else self.document(root.items)
        return [merged(self.whole(), item)] * root.least_items

    def _free(self, name: str, need: Need) -> Any:
        """Build what a function gives: what is asked of its place and, as an object, what is asked of any document."""
        if self.results_are_arrays and need is self.needs.root:
            return self._array()
        built = self.whole() if need is self.needs.root or need.is_bare else self.document(need)
        built = merged(self.whole(), built) if isinstance(built, dict) else built
        return [built] if name in self.needs.states_before_maps and not isinstance(built, list) else built

    def _of_shape(self, shape: Shape, need: Need, name: str, depth: int) -> Any:
        """Build a value of a shape, with what the workflow reads of it."""
        if shape.type == "any":
            return self.whole() if need.is_bare else self.document(need)
        if shape.type not in ("structure", "list", "map"):
            return self._scalar(shape, need, name)
        root, inner = self.needs.root, depth + 1
        if need.is_bare and depth >= DEEPEST:
            return [] if shape.type == "list" else {}
        if shape.type == "list":
            item = self._of_shape(shape.item, need.items or Need(), name, inner)
            return [item] * max(need.least_items, int(shape.least or 1))
        if shape.type == "map":
            read = [key for key, asked in root.members.items() if asked.members.keys() & shape.item.members.keys()]
            names = [*need.members] or read or ["key"]
            places = {key: need.members.get(key) or root.members.get(key) or Need() for key in names}
            return {key: self._of_shape(shape.item, place, key, inner) for key, place in places.items()}
        members = [*shape.members.items()]
        if shape.name == ATTRIBUTE:
            members = [(key, member) for key, member in members if key in need.members] or members[:1]
        return {
            key: self._of_shape(member, need.members.get(key) or root.members.get(key) or Need(), key, inner)
            for key, member in members
            if (depth < DEEPEST - 2 or key in need.members) and key != "FunctionError" and not TELLS_OF_MORE.search(key)
        }

    def _scalar(self, shape: Shape, need: Need, name: str) -> Any:
        if shape.type == "boolean":
            booleans = [value for value in need.literals if isinstance(value, bool)]
            return self._choice(booleans) if booleans else True
        if shape.type in ("string", "character", "blob", "timestamp"):
            texts = [value for value in need.literals if isinstance(value, str) and value in (shape.enum or [value])]
            if texts:
                return self._choice(texts)
            if shape.enum:
                return next((value for value in shape.enum if GOOD.search(value)), shape.enum[0])
            if need.parsed is not None:
                return self.document(need)
            return TIMESTAMP if shape.type == "timestamp" else TEXT * int(shape.least or 1)
        numbers = [value for value in need.literals if isinstance(value, int | float) and not isinstance(value, bool)]
        if numbers:
            return self._choice(numbers)
        if name == "FailedEntryCount":
            return 0  # any other is a failure of the task
        return 200 if name == "StatusCode" else max(1, shape.least or 0)

    def _choice(self, values: list[Any]) -> Any:
        return values[self.variant % len(values)]


def mock_tasks(sfn: SfnSync, definition: dict[str, Any], needs: Needs, variant: int) -> None:
    """Mock every Task state of a machine with generated results."""
    generators = [Generator(needs, number) for number in range(variant, variant + RESULTS_OF_A_TASK)]
    for name, state, _ in states_of(definition):
        if state["Type"] == "Task":
            results = cycle([generator.result(name, state) for generator in generators])
            sfn.mock_task(name, calls=lambda _, results=results: next(results), takes=SECONDS_OF_A_TASK)


def _place_of_result(state: dict[str, Any], root: Need) -> Need:
    """Give what is asked of the place that a result is written to; of the whole document where that is not known."""
    path = state.get("ResultPath")
    place = root.at(steps_of(path.removeprefix("$"))[0]) if isinstance(path, str) else None
    return root if place is None or place.is_bare else place


def merged(first: Any, second: Any) -> Any:
    """Put two documents together, the second one's values where both have one."""
    if isinstance(first, dict) and isinstance(second, dict):
        common = {name: merged(first[name], second[name]) for name in first.keys() & second.keys()}
        return {**first, **second, **common}
    return second
