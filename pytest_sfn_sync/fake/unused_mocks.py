"""Mocks that were never called and injected errors that were never answered, as ``assert_all_mocks_used`` reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pytest_sfn_sync.errors import UnusedMockError
from pytest_sfn_sync.executions.execution import Execution
from pytest_sfn_sync.service.injected_errors import InjectedErrors


def error_of_unused(
    mocks: Collection[object], unused: Collection[object], errors: InjectedErrors, executions: Iterable[Execution]
) -> UnusedMockError | None:
    """Return the error that lists the unused ones of all mocks and injected errors; None if all were used."""
    unanswered = errors.unused()
    if not unused and not unanswered:
        return None
    lines: list[str] = []
    if unused:
        lines.append(f"{len(unused)} of {len(mocks)} mocks {'was' if len(unused) == 1 else 'were'} never called:")
        lines += [f"  {mock!r}" for mock in unused]
    if unanswered:
        were = "was" if len(unanswered) == 1 else "were"
        lines.append(f"{len(unanswered)} of {len(errors.added)} injected errors {were} never answered:")
        lines += [f"  {error!r}" for error in unanswered]
    called = ", ".join(f"{execution.machine.name} ({execution.status})" for execution in executions)
    lines.append(f"Executions that ran: {called or 'none'}.")
    lines.append(
        "Take them out, write optional=True for those that not every test needs, or leave assert_all_mocks_used out."
    )
    return UnusedMockError("\n".join(lines))
