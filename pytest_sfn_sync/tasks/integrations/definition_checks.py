"""The checks that AWS makes of an integration when a definition is created: its name and its arguments' names.

Measured: members that the request does not have are refused, and so is a missing idempotency token. Some unknown
members of nested structures are refused and others pass; each of them fails the task when it runs. Unknown members of
lambda:invoke pass, and fail the task too. Assumption: optimized integrations are checked against their requests in the
same way, and the call of a Lambda function against the parameters in the developer guide. Assumption: a literal Payload
that is a number or a boolean, which is not allowed, is refused with the text for a wrong type.

There is one rule for members that a request does not have, at any depth:

- A member whose name is a misspelt name of an existing member is refused.
- A member that may be new (`unknown_members`) is a warning that names botocore's version. A run does not check it.
- Another member of the request itself is refused.
- Another member of a nested structure, or of lambda:invoke, is a warning, as AWS creates the machine and then fails the
  task.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.nearest_names import did_you_mean
from pytest_sfn_sync.asl.validation.integrations import (
    FIELD_NOT_SUPPORTED,
    UNKNOWN_MEMBER,
    VALUE_NOT_SUPPORTED,
    ArgumentFinding,
)
from pytest_sfn_sync.tasks.integrations.integration import SDK, doubt_about, integration_of, unrecognised_hint
from pytest_sfn_sync.tasks.integrations.patterns import pattern_fault
from pytest_sfn_sync.tasks.integrations.request_walk import UNKNOWN, Misfit, misfits
from pytest_sfn_sync.tasks.integrations.service_models import Shape, botocore_version
from pytest_sfn_sync.tasks.integrations.unknown_members import may_be_new, slip_of
from pytest_sfn_sync.tasks.integrations.value_checks import CHECKED, literal_values, value_faults
from pytest_sfn_sync.tasks.resources import LAMBDA_INVOKE

_FAILS_THE_TASK: Final = "AWS creates the machine, and the task fails when it runs."
_MAY_FAIL_THE_TASK: Final = "Whether AWS creates the machine is not known; the task fails when it runs."
_UNCHECKED: Final = "AWS refuses it if it does not know it either. It is not checked."


class KnownIntegrations:
    """The integrations that this package knows, in the form that the language's parser needs."""

    def unrecognised_hint(self, key: str, pattern: str) -> str | None:
        """Report the fault of an integration, or of its pattern, that AWS does not know; None if AWS knows it."""
        return unrecognised_hint(key) or pattern_fault(key, pattern, is_sdk=key.startswith(SDK))

    def doubt_about(self, key: str) -> tuple[str, str] | None:
        """Report why it is not known whether AWS has an integration, with a hint; None if it is known."""
        return doubt_about(key)

    def required_arguments(self, key: str) -> tuple[str, ...]:
        """Return the names of the required members; none if ``{}`` is enough."""
        return _required(key)

    def argument_findings(self, key: str, arguments: dict[str, JSON], *, suffix: str) -> list[ArgumentFinding]:
        """Return the faults of arguments."""
        return [
            *_findings_of_payload(key, arguments),
            *_findings_of_members(key, arguments, suffix),
            *_findings_of_values(key, arguments, suffix),
            *_findings_of_missing(key, {name.removesuffix(suffix) for name in arguments}),
        ]


KNOWN_INTEGRATIONS: Final = KnownIntegrations()
"""The one that all fakes share, so that they share compiled definitions."""


def _findings_of_payload(key: str, arguments: dict[str, JSON]) -> Iterator[ArgumentFinding]:
    if key == LAMBDA_INVOKE and isinstance(arguments.get("Payload"), (bool, int, float)):
        yield ArgumentFinding(message="The value of the field 'Payload' has an invalid format", member="Payload")


def _findings_of_members(key: str, arguments: dict[str, JSON], suffix: str) -> Iterator[ArgumentFinding]:
    """Yield the literal members that the request or its nested structures don't have; the request's own come first."""
    shape = _request(key)
    if shape is None:
        return
    found = [misfit for misfit in misfits(arguments, shape, suffix=suffix) if misfit.kind == UNKNOWN]
    given = {name.removesuffix(suffix) for name in arguments}
    for misfit in sorted(found, key=lambda misfit: not misfit.is_of_the_request):
        yield _finding_of_member(key, misfit, given)


def _finding_of_member(key: str, misfit: Misfit, given: set[str]) -> ArgumentFinding:
    name, structure, member = misfit.name, misfit.shape, misfit.place
    message = f'The field "{name}" is not supported by Step Functions'
    if may_be_new(name, structure):
        near = did_you_mean(name, structure.members)
        return ArgumentFinding(
            message=f"botocore {botocore_version()} does not know the member '{name}' of {_structure(key, misfit)}.",
            member=member,
            hint=_UNCHECKED if near is None else f"{_UNCHECKED} {near}",
            warning=UNKNOWN_MEMBER,
        )
    meant = slip_of(name, structure)
    if misfit.is_of_the_request and (meant is not None or key != LAMBDA_INVOKE):
        hint = did_you_mean(name, [other for other in structure.members if other not in given])
        return ArgumentFinding(message=message, member=member, hint=hint)
    if meant is not None:
        return ArgumentFinding(message=message, member=member, hint=f"Did you mean {meant!r}?")
    return ArgumentFinding(message=message, member=member, hint=_FAILS_THE_TASK, warning=FIELD_NOT_SUPPORTED)


def _structure(key: str, misfit: Misfit) -> str:
    return key if misfit.is_of_the_request else f"{misfit.place.rpartition('/')[0]} in {key}"


def _findings_of_values(key: str, arguments: dict[str, JSON], suffix: str) -> Iterator[ArgumentFinding]:
    if key not in CHECKED:
        return
    for fault in value_faults(key, literal_values(arguments, suffix=suffix)):
        if fault.is_certain:
            yield ArgumentFinding(message=fault.message, member=fault.member, hint=fault.hint)
        else:
            hint = f"{fault.hint} {_MAY_FAIL_THE_TASK}"
            yield ArgumentFinding(message=fault.message, member=fault.member, hint=hint, warning=VALUE_NOT_SUPPORTED)


def _findings_of_missing(key: str, given: set[str]) -> Iterator[ArgumentFinding]:
    for name in _required(key):
        if name not in given:
            yield ArgumentFinding(message=f"The field '{name}' is required but was missing")


def _request(key: str) -> Shape | None:
    integration = integration_of(key)
    return None if integration is None else integration.shape("input")


def _required(key: str) -> tuple[str, ...]:
    integration = integration_of(key)
    return () if integration is None else integration.required_arguments
