"""The result of a Map that is tested with a mock: it has to fit the iterations, and replaces their results.

Measured: a mock has as many items as there are iterations, after batching, and the text of the refusal. Assumption: the
refusal is a ValidationException. Recorded: a Map with a ResultWriter has an object as its mock, which is its result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pytest_sfn_sync.asl.data_flow import Departure, Flow
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.inspection import Inspection
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.service.state_mocks import refused

_BATCH_SIZE: Final = "MaxItemsPerBatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class MockedResultFlow:
    """The flow of a Map whose result is replaced when the iterations have ended; ``result`` returns it."""

    flow: Flow
    result: Callable[[], JSON]

    def effective_input(self, raw_input: JSON, scope: BranchScope) -> JSON:
        """Return the effective input of the Map."""
        return self.flow.effective_input(raw_input, scope)

    def arguments(self, effective_input: JSON, scope: BranchScope) -> JSON:
        """Return the arguments of the Map."""
        return self.flow.arguments(effective_input, scope)

    def leave(
        self,
        raw_input: JSON,
        result: JSON,
        scope: BranchScope,
        *,
        measured: JSON = MISSING,
        measured_bytes: int | None = None,
    ) -> Departure:
        """Leave the Map with the mocked result."""
        return self.flow.leave(raw_input, self.result(), scope, measured=measured, measured_bytes=measured_bytes)


def result_of_map(mocked: JSON, fields: Mapping[str, JSON], history: History, inspection: Inspection) -> JSON:
    """Return the mocked result of a Map whose iterations have ended; raise ValidationException if it doesn't fit."""
    iterations: list[JSON] = _items_of_iterations(history)
    batcher = fields.get("ItemBatcher")
    if isinstance(batcher, dict):
        iterations = _batches(iterations, batcher)
        inspection.record_as_java("afterItemBatcher", iterations)
    if "ResultWriter" not in fields and len(mocked) != len(iterations):
        raise refused("Input array does not equal the mocked result array's size")
    return mocked


def value_at(document: JSON, pointer: str) -> JSON:
    """Return the value that a JSON Pointer (RFC 6901) names; None if there is none."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def _items_of_iterations(history: History) -> list[JSON]:
    """Return the inputs of the iterations in the order of the items."""
    all_records: list[Any] = list(history.records)
    records = [record for record in all_records if record[0] == "PassStateEntered" and record[6][0]]
    return [record[5] for record in sorted(records, key=lambda record: record[6][2])]


def _batches(items: list[JSON], batcher: Mapping[str, JSON]) -> list[JSON]:
    size = batcher.get(_BATCH_SIZE)
    if set(batcher) != {_BATCH_SIZE} or not isinstance(size, int):
        raise SfnSyncUsageError(
            f"TestState: an ItemBatcher with {', '.join(batcher) or 'no field'} can't be evaluated here. Test the "
            f"state with {_BATCH_SIZE} only, or without the ItemBatcher."
        )
    # Measured: items are texts in this list.
    return [{"Items": [compact(item) for item in items[at : at + size]]} for at in range(0, len(items), size)]
