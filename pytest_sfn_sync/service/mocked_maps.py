"""The result of a Map that is tested with a mock: it has to fit the iterations, and replaces their results.

Measured: a mock has as many items as there are iterations, after batching, and the text of the refusal. Assumption: the
refusal is a ValidationException. Recorded: a Map with a ResultWriter has an object as its mock, which is its result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_sfn_sync.asl.data_flow import Departure, Flow
from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.history import History
from pytest_sfn_sync.asl.inspection import Inspection
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.service.state_mocks import refused


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


def check_failure_count(failures: int, iterations: int) -> None:
    """Raise ValidationException for more failures than iterations; recorded."""
    if failures > iterations:
        raise refused("Map iteration failure count must be less than or equal to the number of Map iterations")


def check_result_of_map(mocked: JSON, iterations: int, fields: Mapping[str, JSON]) -> None:
    """Raise ValidationException for a mocked result that does not fit the iterations of its Map."""
    if "ResultWriter" not in fields and len(mocked) != iterations:
        raise refused("Input array does not equal the mocked result array's size")


def inputs_of_iterations(history: History) -> list[JSON]:
    """Return the inputs of the iterations in the order of the items."""
    all_records: list[Any] = list(history.records)
    records = [record for record in all_records if record[0] == "PassStateEntered" and record[6][0]]
    return [record[5] for record in sorted(records, key=lambda record: record[6][2])]


def record_batches(inputs: list[JSON], inspection: Inspection) -> None:
    """Record the inputs of batches. Measured: items are texts in the record."""
    as_texts = [{**one, "Items": [compact(item) for item in one["Items"]]} for one in inputs]
    inspection.record_as_java("afterItemBatcher", as_texts)
