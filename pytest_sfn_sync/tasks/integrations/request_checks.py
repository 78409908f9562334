"""The errors of Tasks that can't start because the integration refuses the evaluated parameters, in AWS's words.

Recorded: ``The value of the field 'Headers' has an invalid format``. Measured: a member that its structure lacks fails
the task at any depth. Assumption: a missing field has the text with which a definition is refused for it, and members
of nested structures may be missing.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.error_names import AslError, runtime_error
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import compact
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.request_walk import NOT_A_STRING, UNKNOWN, Misfit, misfits
from pytest_sfn_sync.tasks.integrations.service_models import Shape
from pytest_sfn_sync.tasks.integrations.unknown_members import may_be_new
from pytest_sfn_sync.tasks.integrations.value_checks import CHECKED, value_faults
from pytest_sfn_sync.tasks.integrations.written_shapes import INVOKE_MEMBERS


def request_refusal(
    payload: JSON,
    integration: Integration,
    *,
    unchecked: frozenset[str] = frozenset(),
    lets_new_members_pass: bool = False,
) -> AslError | None:
    """Return the error of a Task whose parameters can't be sent; None if they can be sent.

    ``unchecked`` are the places of members for which the definition's check could not find out whether AWS has them.
    If ``lets_new_members_pass`` is True, members that AWS may have added since the installed botocore are not checked.
    """
    shape = integration.shape("input")
    if shape is None:
        return None
    faults = _faults(payload, shape, integration, unchecked, lets_new_members_pass)
    return _not_started(payload, faults) if faults else None


def _faults(
    payload: JSON, shape: Shape, integration: Integration, unchecked: frozenset[str], lets_new_members_pass: bool
) -> list[str]:
    if not isinstance(payload, dict):
        return ["The parameters must be a JSON object"]
    found = misfits(
        payload, shape, of_text=integration.structures_of_text, of_strings=integration.structures_of_strings
    )
    unknown, others = _parted(found) if found else (found, found)
    if unchecked:
        unknown = [misfit for misfit in unknown if misfit.place not in unchecked]
    if lets_new_members_pass:
        unknown = [misfit for misfit in unknown if not may_be_new(misfit.name, misfit.shape)]
    missing = [name for name in integration.required_arguments if name not in payload]
    faults = [
        *(unknown_member(misfit.name) for misfit in unknown),
        *(f"The field '{name}' is required but was missing" for name in missing),
        *(_fault_of_value(misfit) for misfit in others),
    ]
    if integration.key in CHECKED:
        # Documented: refused headers are States.Runtime. Assumption: so are the others; the texts are a definition's.
        faults += [fault.message for fault in value_faults(integration.key, payload)]
    return faults


def _fault_of_value(misfit: Misfit) -> str:
    if misfit.kind == NOT_A_STRING:
        return f"The value for the field '{misfit.name}' must be a STRING"
    return f"The value of the field '{misfit.name}' has an invalid format"


def _parted(found: list[Misfit]) -> tuple[list[Misfit], list[Misfit]]:
    unknown = [misfit for misfit in found if misfit.kind == UNKNOWN]
    return unknown, [misfit for misfit in found if misfit.kind != UNKNOWN]


def invocation_refusal(payload: JSON) -> AslError | None:
    """Return the error of a ``lambda:invoke`` with a parameter that does not exist; None if all of them exist.

    Measured: ``TaskToken`` beside the Payload is accepted at creation and fails the run.
    """
    if not isinstance(payload, dict) or INVOKE_MEMBERS.issuperset(payload):
        return None
    return _not_started(payload, [unknown_member(name) for name in payload if name not in INVOKE_MEMBERS])


def unknown_member(name: str) -> str:
    """Return AWS's sentence about a member that a request does not have. Measured: its words."""
    return f'The field "{name}" is not supported by Step Functions.'


def _not_started(payload: JSON, faults: list[str]) -> AslError:
    return runtime_error(
        f"The Parameters '{compact(payload)}' could not be used to start the Task: [{', '.join(faults)}]"
    )
