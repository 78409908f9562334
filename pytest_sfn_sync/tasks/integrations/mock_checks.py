"""What a mock gives for an integration, checked: its result against the output's shape, its error by name.

Faults are usage errors: they name the mock, the state, the member, what was expected, and what to write instead.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import shown
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.service_errors import name_fault
from pytest_sfn_sync.tasks.integrations.shapes import (
    NONE,
    MisspeltMember,
    ShapeFault,
    check_result,
    misspelt_member,
)

_SWITCH_OFF = "To leave the check out, write validate='none' at the mock, or validate_mocks='none' for all of them."


def check_mock_result(result: JSON, integration: Integration, mode: str, *, mock: str, place: str | None) -> None:
    """Raise MockError where a result is not one that the integration could give.

    The check is TestState's, and one more, where ``mode`` is not ``none``: a member that the shape lacks, but that is
    very near to one that it has, is refused; TestState lets it pass.
    """
    if mode == NONE or result is None:
        return  # a mock without a result has its time to tell, or nothing: a task that times out gets none
    shape = integration.shape("output")
    if shape is None:
        return
    fault = check_result(result, shape, mode)
    if fault is not None:
        raise MockError(_told(mock, integration, place, _fault_lines(fault)))
    misspelt = misspelt_member(result, shape)
    if misspelt is not None:
        raise MockError(_told(mock, integration, place, _misspelt_lines(misspelt)))


def check_mock_error(name: str, integration: Integration, mode: str, *, mock: str, place: str | None) -> None:
    """Raise MockError for an error name that begins like the integration's own, but that its service never gives."""
    fault = None if mode == NONE else name_fault(name, integration)
    if fault is not None:
        at = "" if place is None else f" in {place}"
        raise MockError(f"{mock}{at}: {fault} Names that begin otherwise are free. {_SWITCH_OFF}")


def _told(mock: str, integration: Integration, place: str | None, lines: list[str]) -> str:
    told = [f"{mock}: its result is not one that {integration.key} gives."]
    if place is not None:
        told.append(f"  from      {place}")
    return "\n".join([*told, *lines, _SWITCH_OFF])


def _fault_lines(fault: ShapeFault) -> list[str]:
    given = "nothing" if fault.is_absent else shown(fault.given)
    return [
        f"  member    {fault.path}",
        f"  expected  {fault.expected}",
        f"  given     {given}",
        f"  AWS says  {fault.test_state_message}",
    ]


def _misspelt_lines(misspelt: MisspeltMember) -> list[str]:
    return [
        f"  member    {misspelt.path}",
        f"  expected  {misspelt.meant!r} in place of {misspelt.name!r}: there is no such member",
        f"  members   {', '.join(misspelt.known)}",
        "AWS's TestState lets members pass that it does not know; this one is too near to another to be meant.",
    ]
