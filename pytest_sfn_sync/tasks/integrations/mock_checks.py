"""The checks of a mock for an integration: of its result against the output's shape, of its error's name, and whether
the request can have a result at all.

A fault is a usage error. Its message names the mock, the state, the member, the expected value and a correction.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.differences import shown
from pytest_sfn_sync.tasks.integrations.integration import Integration
from pytest_sfn_sync.tasks.integrations.jobs import Job
from pytest_sfn_sync.tasks.integrations.service_errors import function_name_fault, name_fault
from pytest_sfn_sync.tasks.integrations.service_models import Shape
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
    job = integration.job
    if job is not None:
        fault = job.fault_of_envelope(result) or _fault_of_status(job, result)
        if fault is not None:
            raise MockError(_message(mock, integration, place, [f"  given     {shown(result)}", fault]))
    shape, checked = checked_result(result, integration)
    within = "$" if job is None or job.member is None else f"$.{job.member}"
    if shape is None:
        return
    misfit = check_result(checked, shape, mode, dates_may_be_numbers=job is not None)
    if misfit is not None:
        raise MockError(_message(mock, integration, place, _fault_lines(misfit, within)))
    misspelt = misspelt_member(checked, shape)
    if misspelt is not None:
        raise MockError(_message(mock, integration, place, _misspelt_lines(misspelt, within)))


def checked_result(result: JSON, integration: Integration) -> tuple[Shape | None, JSON]:
    """Return the shape of an integration's result, if it is known, and the part of the result that it describes.

    Documented: the result of a job is described by the call that polls the job.
    """
    job = integration.job
    if job is None:
        return integration.shape("output"), result
    checked = job.job_in(result)
    return (None, None) if checked is MISSING else (job.shape(), checked)


def _fault_of_status(job: Job, result: JSON) -> str | None:
    if job.has_ended(result):
        return None
    ends = ", ".join(sorted(job.succeeded | job.failed))
    return (
        f"A job in the state {job.status_of(result)!r} ({job.status_path}) has not ended, and the task would wait for "
        f"it. Jobs end as {ends}. Leave the member out for a job that succeeded."
    )


def refused_nulls(payload: JSON, integration: Integration) -> list[str]:
    """Return the required members of a request that are null, for which the service refuses it.

    Recorded, for both kinds of integration: AWS sends the null, and the service answers ``1 validation error detected:
    Value null at 'item' failed to satisfy constraint: Member must not be null``. Assumption: so do all services, each
    with an error and a text of its own, which are not known here.
    """
    if not isinstance(payload, dict) or None not in payload.values():
        return []
    return [name for name in integration.required_arguments if payload.get(name, MISSING) is None]


def no_result_of(payload: JSON, nulls: list[str], integration: Integration, *, mock: str, place: str) -> MockError:
    """Return the error for a mock that gives a result for a request that the service refuses."""
    return MockError(
        f"{mock} gives a result, but {integration.key} refuses this request: {' and '.join(map(repr, nulls))} must not "
        "be null.\n"
        f"  from      {place}\n"
        f"  payload   {shown(payload)}\n"
        "On AWS the task fails with an error of the service. If that is what the test is about, write raises= in place "
        f"of the result. {_SWITCH_OFF}"
    )


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
    key = integration.key if integration.job is None else f"{integration.key}.sync"
    first_lines = [f"{mock}: its result is not one that {key} gives."]
    if place is not None:
        first_lines.append(f"  from      {place}")
    return "\n".join([*first_lines, *lines, _SWITCH_OFF])


def _fault_lines(fault: ShapeFault, within: str) -> list[str]:
    given = "nothing" if fault.is_absent else shown(fault.given)
    return [
        f"  member    {within}{fault.path[1:]}",
        f"  expected  {fault.expected}",
        f"  given     {given}",
        f"  AWS says  {fault.test_state_message}",
    ]


def _misspelt_lines(misspelt: MisspeltMember, within: str) -> list[str]:
    return [
        f"  member    {within}{misspelt.path[1:]}",
        f"  expected  {misspelt.meant!r} in place of {misspelt.name!r}: there is no such member",
        f"  members   {', '.join(misspelt.known)}",
        "AWS's TestState lets members pass that it does not know; this one is too near to another to be meant.",
    ]
