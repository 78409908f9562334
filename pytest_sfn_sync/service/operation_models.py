"""What botocore's model says about the operations of Step Functions: their names, and the errors that they declare.

The model is read only if a test injects an error into an operation by its name.
"""

from __future__ import annotations

from functools import lru_cache

from pytest_sfn_sync.tasks.integrations.service_models import service_model


@lru_cache(maxsize=1)
def _codes() -> dict[str, frozenset[str]]:
    model = service_model("stepfunctions")
    return {operation: model.codes_of(operation) for operation in model.actions.values()}


def operation_names() -> list[str]:
    """Return the names of all operations that the installed botocore knows."""
    return list(_codes())


def codes_of(operation: str) -> frozenset[str] | None:
    """Return the codes of the errors that an operation declares; None for an unknown operation."""
    return _codes().get(operation)
