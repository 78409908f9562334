"""The fields that inline and distributed Maps share: items, ItemSelector, concurrency and tolerated failures."""

from __future__ import annotations

from pytest_sfn_sync.asl.data_flow import check_arguments
from pytest_sfn_sync.asl.definition import MapState
from pytest_sfn_sync.asl.error_names import (
    STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD,
    AslError,
    runtime_error,
)
from pytest_sfn_sync.asl.expressions import JSON, Expression
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.states.number_fields import float_field, integer_field


def items_of(state: MapState, effective_input: JSON, scope: BranchScope) -> JSON:
    """Return the items of a Map: an array. Those of a distributed Map may be an object (documented)."""
    items = effective_input if state.items_path is None else state.items_path.evaluate(effective_input, scope)
    if isinstance(items, list) or (isinstance(items, dict) and state.distributed is not None):
        return items
    source = "$" if state.items_path is None else state.items_path.source
    if source.startswith("$$"):  # Recorded: the path in the context object, which is a document of its own.
        source = source[1:]
    raise runtime_error(f'Reference path "{source}" must point to array.')


def selected_item(state: MapState, item: dict[str, JSON], effective_input: JSON, scope: BranchScope) -> JSON:
    """Return the value of ItemSelector for an item; ``item`` is ``Map.Item`` of the context object."""
    assert state.item_selector is not None
    scope.item = item
    try:
        selected = state.item_selector.evaluate(effective_input, scope)
    finally:
        scope.item = None
    check_arguments(selected, scope, state.selector_bound)
    return selected


def whole_number_of(value: int | Expression, path_field: str, effective_input: JSON, scope: BranchScope) -> int:
    """Return a whole number: the literal, or the value of its expression; ``path_field`` is its name as a path."""
    if not isinstance(value, Expression):
        return value
    return integer_field(value.evaluate(effective_input, scope), value, path_field)


def percentage_of(state: MapState, effective_input: JSON, scope: BranchScope) -> float:
    """Return ``ToleratedFailurePercentage``."""
    value = state.tolerated_failure_percentage
    if not isinstance(value, Expression):
        return value
    return float_field(value.evaluate(effective_input, scope), value, "ToleratedFailurePercentagePath")


def check_thresholds(count: int, percentage: float) -> None:
    """Raise the error for a threshold that is out of its range."""
    if count < 0:
        raise runtime_error("ToleratedFailureCount cannot be negative.")
    if not 0 <= percentage <= 100:
        raise runtime_error("ToleratedFailurePercentage must be between 0 and 100.")


def threshold_exceeded() -> AslError:
    """Return the error of a Map in which more failed than is tolerated. Measured: it is never that of an iteration."""
    return AslError(STATES_EXCEED_TOLERATED_FAILURE_THRESHOLD, "The specified tolerated failure threshold was exceeded")
