"""The checks of a mock for an integration: of its result against the output's shape, and of its error's name.

A fault is a usage error. Its message names the mock, the state, the member, the expected value and a correction.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import shown
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.service_errors import function_name_fault, name_fault
from pytest_sfn_sync.tasks.integrations.shapes import (
    NONE,
    MisspeltMember,
    ShapeFault,
    check_result,
    misspelt_member,
)

_SWITCH_OFF = "To leave the check out, write validate='none' at the mock, or validate_mocks='none' for all of them."


def check_mock_result(result: JSON, integration: Integration, mode: str, *, mock: str, place: str | None) -> None:
    """Raise MockError if a result is not one that the integration could return.

    The check is TestState's, with one addition if ``mode`` is not ``none``: a member that the shape lacks, and whose
    name is very near to that of one that it has, is refused. TestState accepts it.
    """
    if mode == NONE:
        return
    shape = integration.shape("output")
    if shape is None:
        return
    fault = check_result(result, shape, mode)
    if fault is not None:
        raise MockError(_message(mock, integration, place, _fault_lines(fault)))
    misspelt = misspelt_member(result, shape)
    if misspelt is not None:
        raise MockError(_message(mock, integration, place, _misspelt_lines(misspelt)))


def check_mock_error(name: str, integration: Integration, mode: str, *, mock: str, place: str) -> None:
    """Raise MockError for an error name that looks like the integration's own but is not one of them."""
    fault = None if mode == NONE else name_fault(name, integration)
    if fault is not None:
        raise MockError(f"{mock} in {place}: {fault} Names that begin differently are not checked. {_SWITCH_OFF}")


def check_function_error(name: str, mode: str, *, mock: str, place: str) -> None:
    """Raise MockError for a misspelt name of an error of the Lambda service."""
    fault = None if mode == NONE else function_name_fault(name)
    if fault is not None:
        raise MockError(f"{mock} in {place}: {fault} {_SWITCH_OFF}")


def _message(mock: str, integration: Integration, place: str | None, lines: list[str]) -> str:
    first_lines = [f"{mock}: its result is not one that {integration.key} gives."]
    if place is not None:
        first_lines.append(f"  from      {place}")
    return "\n".join([*first_lines, *lines, _SWITCH_OFF])


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
