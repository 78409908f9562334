"""Definitions diagnosed: what AWS would say of them, as texts or as `Diagnostic`; small definitions to begin with."""

from __future__ import annotations

from pytest_sfn_sync.asl.diagnostics import Diagnostic
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.parsing.definition_parser import EXPRESS, InvalidDefinitionError, parse_definition
from pytest_sfn_sync.asl.validation.integrations import Integrations

_SCHEMA = "SCHEMA_VALIDATION_FAILED: "

PASS: JSON = {"Type": "Pass", "End": True}
SUCCEED: JSON = {"Type": "Succeed"}


def diagnose(
    definition: JSON, *, machine_type: str = EXPRESS, integrations: Integrations | None = None
) -> list[Diagnostic]:
    """Give the errors of a definition, then its warnings."""
    try:
        parsed = parse_definition(definition, machine_type=machine_type, integrations=integrations)
    except InvalidDefinitionError as refused:
        return [*refused.diagnostics, *refused.warnings]
    return list(parsed.warnings)


def faults(definition: JSON, *, machine_type: str = EXPRESS, integrations: Integrations | None = None) -> list[str]:
    """Tell the errors of a definition as CreateStateMachine does; those of its schema without their code."""
    found = diagnose(definition, machine_type=machine_type, integrations=integrations)
    return [str(diagnostic).removeprefix(_SCHEMA) for diagnostic in found if diagnostic.is_error]


def machine(states: JSON, *, start_at: JSON = None, **fields: JSON) -> JSON:
    """Make a machine, or a branch; it starts at its first state where nothing else is said."""
    return {"StartAt": next(iter(states)) if start_at is None else start_at, "States": states, **fields}


def only(type_: str, **fields: JSON) -> JSON:
    """Make a machine of one state, ``S``, which is its end where its type has to say so."""
    ends: JSON = {} if type_ in ("Choice", "Succeed", "Fail") or "Next" in fields else {"End": True}
    return machine({"S": {"Type": type_, **ends, **fields}})


def mapping(states: JSON, **fields: JSON) -> JSON:
    """Make a Map over states."""
    return {"Type": "Map", "ItemProcessor": machine(states), **fields}


def parallel(*branches: JSON, **fields: JSON) -> JSON:
    """Make a Parallel of branches, each given as its states."""
    return {"Type": "Parallel", "Branches": [machine(states) for states in branches], **fields}


def choice(*targets: str, default: str | None = None, **fields: JSON) -> JSON:
    """Make a Choice with a rule for each target."""
    rules = [{"Variable": "$.x", "IsPresent": True, "Next": target} for target in targets]
    return {"Type": "Choice", "Choices": rules, **({} if default is None else {"Default": default}), **fields}
